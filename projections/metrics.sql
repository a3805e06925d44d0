-- How often did connections and jobs run, how did it go, and how long did it take?
-- A row of `metric` is a connection (from its readings) or a job of an owner. A run that was skipped or put off counts
-- as that and as nothing else. An average is a sum divided by a count: `success_milliseconds` by `successes`.

-- schema
CREATE TABLE metric (
    owner TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    runs INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    successes INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    rescheduled INTEGER NOT NULL,
    consecutive_failures INTEGER NOT NULL,
    failures_before INTEGER NOT NULL,
    success_before INTEGER,
    duration_milliseconds INTEGER NOT NULL,
    success_milliseconds INTEGER NOT NULL,
    last_run TEXT,
    last_started INTEGER,
    last_success INTEGER,
    last_outcome TEXT,
    last_processed INTEGER NOT NULL,
    last_created INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    last_deleted INTEGER NOT NULL,
    last_milliseconds INTEGER NOT NULL,
    last_error_class TEXT,
    last_error_code TEXT,
    PRIMARY KEY (owner, subject, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    owner TEXT NOT NULL,
    run TEXT NOT NULL,
    calendar TEXT,
    trigger TEXT NOT NULL,
    outcome TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    started INTEGER NOT NULL,
    duration_milliseconds INTEGER NOT NULL,
    processed INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    reason TEXT,
    error_class TEXT,
    error_code TEXT,
    message TEXT,
    PRIMARY KEY (subject, name, position)
) STRICT, WITHOUT ROWID;

-- on fetch.finished
INSERT INTO metric (
    owner,
    subject,
    name,
    runs,
    attempts,
    successes,
    failures,
    skipped,
    rescheduled,
    consecutive_failures,
    failures_before,
    success_before,
    duration_milliseconds,
    success_milliseconds,
    last_run,
    last_started,
    last_success,
    last_outcome,
    last_processed,
    last_created,
    last_updated,
    last_deleted,
    last_milliseconds
) VALUES (
    :owner,
    'connection',
    :connection,
    1,
    :attempts,
    1,
    0,
    0,
    0,
    0,
    0,
    NULL,
    :duration_milliseconds,
    :duration_milliseconds,
    :run,
    :started,
    :at,
    'success',
    :created + :updated + :deleted + :unchanged + :quarantined,
    :created,
    :updated,
    :deleted,
    :duration_milliseconds
) ON CONFLICT (owner, subject, name) DO UPDATE SET
    runs = metric.runs + CASE WHEN metric.last_run = :run THEN 0 ELSE 1 END,
    attempts = metric.attempts + :attempts,
    successes = metric.successes + CASE WHEN metric.last_run = :run THEN 0 ELSE 1 END,
    consecutive_failures = CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN metric.consecutive_failures
        ELSE 0
    END,
    failures_before = CASE
        WHEN metric.last_run = :run THEN metric.failures_before
        ELSE metric.consecutive_failures
    END,
    success_before = CASE WHEN metric.last_run = :run THEN metric.success_before ELSE metric.last_success END,
    duration_milliseconds = metric.duration_milliseconds + :duration_milliseconds,
    success_milliseconds = metric.success_milliseconds + CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN 0
        ELSE :duration_milliseconds
    END,
    last_run = :run,
    last_started = :started,
    last_success = CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN metric.last_success
        ELSE :at
    END,
    last_outcome = CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN 'failure'
        ELSE 'success'
    END,
    last_processed = CASE WHEN metric.last_run = :run THEN metric.last_processed ELSE 0 END + excluded.last_processed,
    last_created = CASE WHEN metric.last_run = :run THEN metric.last_created ELSE 0 END + :created,
    last_updated = CASE WHEN metric.last_run = :run THEN metric.last_updated ELSE 0 END + :updated,
    last_deleted = CASE WHEN metric.last_run = :run THEN metric.last_deleted ELSE 0 END + :deleted,
    last_milliseconds = CASE WHEN metric.last_run = :run THEN metric.last_milliseconds ELSE 0 END
        + :duration_milliseconds,
    last_error_class = CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN metric.last_error_class
    END,
    last_error_code = CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN metric.last_error_code
    END;

INSERT INTO run (
    subject,
    name,
    position,
    owner,
    run,
    calendar,
    trigger,
    outcome,
    attempts,
    started,
    duration_milliseconds,
    processed,
    created,
    updated,
    deleted
) VALUES (
    'connection',
    :connection,
    :position,
    :owner,
    :run,
    :calendar,
    :trigger,
    'success',
    :attempts,
    :started,
    :duration_milliseconds,
    :created + :updated + :deleted + :unchanged + :quarantined,
    :created,
    :updated,
    :deleted
);

-- on fetch.failed
INSERT INTO metric (
    owner,
    subject,
    name,
    runs,
    attempts,
    successes,
    failures,
    skipped,
    rescheduled,
    consecutive_failures,
    failures_before,
    success_before,
    duration_milliseconds,
    success_milliseconds,
    last_run,
    last_started,
    last_success,
    last_outcome,
    last_processed,
    last_created,
    last_updated,
    last_deleted,
    last_milliseconds,
    last_error_class,
    last_error_code
) VALUES (
    :owner,
    'connection',
    :connection,
    1,
    :attempts,
    0,
    1,
    0,
    0,
    1,
    0,
    NULL,
    :duration_milliseconds,
    0,
    :run,
    :started,
    NULL,
    'failure',
    0,
    0,
    0,
    0,
    :duration_milliseconds,
    :error_class,
    :error_code
) ON CONFLICT (owner, subject, name) DO UPDATE SET
    runs = metric.runs + CASE WHEN metric.last_run = :run THEN 0 ELSE 1 END,
    attempts = metric.attempts + :attempts,
    successes = metric.successes - CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'success' THEN 1
        ELSE 0
    END,
    failures = metric.failures + CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'failure' THEN 0
        ELSE 1
    END,
    consecutive_failures = CASE
        WHEN metric.last_run = :run THEN metric.failures_before
        ELSE metric.consecutive_failures
    END + 1,
    failures_before = CASE
        WHEN metric.last_run = :run THEN metric.failures_before
        ELSE metric.consecutive_failures
    END,
    success_before = CASE WHEN metric.last_run = :run THEN metric.success_before ELSE metric.last_success END,
    duration_milliseconds = metric.duration_milliseconds + :duration_milliseconds,
    success_milliseconds = metric.success_milliseconds - CASE
        WHEN metric.last_run = :run AND metric.last_outcome = 'success' THEN metric.last_milliseconds
        ELSE 0
    END,
    last_run = :run,
    last_started = :started,
    last_success = CASE WHEN metric.last_run = :run THEN metric.success_before ELSE metric.last_success END,
    last_outcome = 'failure',
    last_processed = CASE WHEN metric.last_run = :run THEN metric.last_processed ELSE 0 END,
    last_created = CASE WHEN metric.last_run = :run THEN metric.last_created ELSE 0 END,
    last_updated = CASE WHEN metric.last_run = :run THEN metric.last_updated ELSE 0 END,
    last_deleted = CASE WHEN metric.last_run = :run THEN metric.last_deleted ELSE 0 END,
    last_milliseconds = CASE WHEN metric.last_run = :run THEN metric.last_milliseconds ELSE 0 END
        + :duration_milliseconds,
    last_error_class = :error_class,
    last_error_code = :error_code;

INSERT INTO run (
    subject,
    name,
    position,
    owner,
    run,
    calendar,
    trigger,
    outcome,
    attempts,
    started,
    duration_milliseconds,
    processed,
    created,
    updated,
    deleted,
    error_class,
    error_code,
    message
) VALUES (
    'connection',
    :connection,
    :position,
    :owner,
    :run,
    :calendar,
    :trigger,
    'failure',
    :attempts,
    :started,
    :duration_milliseconds,
    0,
    0,
    0,
    0,
    :error_class,
    :error_code,
    :message
);

-- on job.finished
INSERT INTO metric (
    owner,
    subject,
    name,
    runs,
    attempts,
    successes,
    failures,
    skipped,
    rescheduled,
    consecutive_failures,
    failures_before,
    duration_milliseconds,
    success_milliseconds,
    last_run,
    last_started,
    last_success,
    last_outcome,
    last_processed,
    last_created,
    last_updated,
    last_deleted,
    last_milliseconds,
    last_error_class,
    last_error_code
) VALUES (
    :owner,
    'job',
    :job,
    CASE WHEN :outcome IN ('success', 'failure') THEN 1 ELSE 0 END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :attempts ELSE 0 END,
    CASE WHEN :outcome = 'success' THEN 1 ELSE 0 END,
    CASE WHEN :outcome = 'failure' THEN 1 ELSE 0 END,
    CASE WHEN :outcome = 'skipped' THEN 1 ELSE 0 END,
    CASE WHEN :outcome = 'rescheduled' THEN 1 ELSE 0 END,
    CASE WHEN :outcome = 'failure' THEN 1 ELSE 0 END,
    0,
    CASE WHEN :outcome IN ('success', 'failure') THEN :duration_milliseconds ELSE 0 END,
    CASE WHEN :outcome = 'success' THEN :duration_milliseconds ELSE 0 END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :run END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :started END,
    CASE WHEN :outcome = 'success' THEN :at END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :outcome END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :processed ELSE 0 END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :created ELSE 0 END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :updated ELSE 0 END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :deleted ELSE 0 END,
    CASE WHEN :outcome IN ('success', 'failure') THEN :duration_milliseconds ELSE 0 END,
    CASE WHEN :outcome = 'failure' THEN :error_class END,
    CASE WHEN :outcome = 'failure' THEN :error_code END
) ON CONFLICT (owner, subject, name) DO UPDATE SET
    runs = metric.runs + excluded.runs,
    attempts = metric.attempts + excluded.attempts,
    successes = metric.successes + excluded.successes,
    failures = metric.failures + excluded.failures,
    skipped = metric.skipped + excluded.skipped,
    rescheduled = metric.rescheduled + excluded.rescheduled,
    consecutive_failures = CASE
        WHEN :outcome = 'failure' THEN metric.consecutive_failures + 1
        WHEN :outcome = 'success' THEN 0
        ELSE metric.consecutive_failures
    END,
    duration_milliseconds = metric.duration_milliseconds + excluded.duration_milliseconds,
    success_milliseconds = metric.success_milliseconds + excluded.success_milliseconds,
    last_run = COALESCE(excluded.last_run, metric.last_run),
    last_started = COALESCE(excluded.last_started, metric.last_started),
    last_success = COALESCE(excluded.last_success, metric.last_success),
    last_outcome = COALESCE(excluded.last_outcome, metric.last_outcome),
    last_processed = CASE WHEN excluded.runs = 1 THEN excluded.last_processed ELSE metric.last_processed END,
    last_created = CASE WHEN excluded.runs = 1 THEN excluded.last_created ELSE metric.last_created END,
    last_updated = CASE WHEN excluded.runs = 1 THEN excluded.last_updated ELSE metric.last_updated END,
    last_deleted = CASE WHEN excluded.runs = 1 THEN excluded.last_deleted ELSE metric.last_deleted END,
    last_milliseconds = CASE WHEN excluded.runs = 1 THEN excluded.last_milliseconds ELSE metric.last_milliseconds END,
    last_error_class = CASE WHEN excluded.runs = 1 THEN excluded.last_error_class ELSE metric.last_error_class END,
    last_error_code = CASE WHEN excluded.runs = 1 THEN excluded.last_error_code ELSE metric.last_error_code END;

INSERT INTO metric (
    owner,
    subject,
    name,
    runs,
    attempts,
    successes,
    failures,
    skipped,
    rescheduled,
    consecutive_failures,
    failures_before,
    duration_milliseconds,
    success_milliseconds,
    last_processed,
    last_created,
    last_updated,
    last_deleted,
    last_milliseconds
)
SELECT
    :owner,
    'connection',
    :connection,
    0,
    0,
    0,
    0,
    CASE WHEN :outcome = 'skipped' THEN 1 ELSE 0 END,
    CASE WHEN :outcome = 'rescheduled' THEN 1 ELSE 0 END,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0
WHERE :job = 'fetch' AND :connection IS NOT NULL AND :outcome IN ('skipped', 'rescheduled')
ON CONFLICT (owner, subject, name) DO UPDATE SET
    skipped = metric.skipped + excluded.skipped,
    rescheduled = metric.rescheduled + excluded.rescheduled;

INSERT INTO run (
    subject,
    name,
    position,
    owner,
    run,
    calendar,
    trigger,
    outcome,
    attempts,
    started,
    duration_milliseconds,
    processed,
    created,
    updated,
    deleted,
    reason,
    error_class,
    error_code,
    message
) VALUES (
    'job',
    :job,
    :position,
    :owner,
    :run,
    :calendar,
    :trigger,
    :outcome,
    :attempts,
    :started,
    :duration_milliseconds,
    :processed,
    :created,
    :updated,
    :deleted,
    :reason,
    :error_class,
    :error_code,
    :message
);

-- on connection.removed
DELETE FROM metric WHERE owner = :owner AND subject = 'connection' AND name = :connection;
DELETE FROM run WHERE subject = 'connection' AND name = :connection;

-- on retention.applied
DELETE FROM run WHERE :subject = 'jobs' AND owner = :owner AND started < :before;

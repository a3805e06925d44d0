-- Which sources are connected, how are they read, and how did the last readings go?
-- A run is one reading of a connection: it failed if the reading of one of its calendars failed. A run that was
-- skipped moves nothing here. New credentials were tried before they were granted, so that what was said of the old ones
-- does not stand any more. `failures_before` and `success_before` are what held before the newest run, and `items` is how
-- many things the last reading left known. A reading that is suspected is an answer: what went wrong before it is told no more.

-- schema
CREATE TABLE connection (
    connection TEXT NOT NULL,
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT,
    name TEXT,
    link TEXT,
    path TEXT,
    email TEXT,
    login TEXT,
    authorities TEXT,
    is_sync_enabled INTEGER NOT NULL,
    is_auto_log_enabled INTEGER NOT NULL,
    auto_log_from INTEGER,
    sync_from_days INTEGER NOT NULL,
    sync_to_days INTEGER NOT NULL,
    sync_frequency_minutes INTEGER NOT NULL,
    is_frequency_chosen INTEGER NOT NULL,
    private_policy TEXT NOT NULL,
    is_known_people_only INTEGER NOT NULL,
    added INTEGER NOT NULL,
    is_paused INTEGER NOT NULL DEFAULT 0,
    credential TEXT,
    credential_expires INTEGER,
    grant_expires INTEGER,
    breaker_until INTEGER,
    breaker_failures INTEGER,
    discovered INTEGER,
    memory TEXT,
    cursor TEXT,
    items INTEGER NOT NULL DEFAULT 0,
    suspected_run TEXT,
    suspected_known INTEGER,
    suspected_found INTEGER,
    is_suspicion_confirmed INTEGER NOT NULL DEFAULT 0,
    run TEXT,
    is_run_failed INTEGER NOT NULL DEFAULT 0,
    failures_before INTEGER NOT NULL DEFAULT 0,
    success_before INTEGER,
    last_attempt INTEGER,
    last_success INTEGER,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    last_error_class TEXT,
    last_error_code TEXT,
    last_error_message TEXT,
    retry INTEGER,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (connection)
) STRICT, WITHOUT ROWID;

CREATE INDEX connection_owner ON connection (owner, connection);

CREATE TABLE calendar (
    calendar TEXT NOT NULL,
    connection TEXT NOT NULL,
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    provider_path TEXT,
    name TEXT,
    description TEXT,
    colour TEXT,
    zone TEXT,
    access TEXT,
    is_primary INTEGER NOT NULL,
    is_subscribed INTEGER NOT NULL,
    is_chosen INTEGER NOT NULL DEFAULT 0,
    is_writing_allowed INTEGER NOT NULL DEFAULT 0,
    cursor TEXT,
    items INTEGER NOT NULL DEFAULT 0,
    covered_from INTEGER,
    covered_to INTEGER,
    last_attempt INTEGER,
    last_success INTEGER,
    last_full INTEGER,
    consecutive_failures INTEGER NOT NULL DEFAULT 0,
    last_error_class TEXT,
    last_error_code TEXT,
    last_error_message TEXT,
    retry INTEGER,
    suspected_run TEXT,
    suspected_known INTEGER,
    suspected_found INTEGER,
    is_suspicion_confirmed INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (calendar)
) STRICT, WITHOUT ROWID;

CREATE INDEX calendar_connection ON calendar (connection, calendar);

CREATE TABLE alert (
    owner TEXT NOT NULL,
    alert TEXT NOT NULL,
    subject TEXT NOT NULL,
    raised INTEGER NOT NULL,
    failures INTEGER,
    error_class TEXT,
    message TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (owner, alert, subject)
) STRICT, WITHOUT ROWID;

-- on connection.added
INSERT INTO connection (
    connection,
    owner,
    version,
    provider,
    subject,
    account,
    name,
    link,
    path,
    email,
    login,
    authorities,
    is_sync_enabled,
    is_auto_log_enabled,
    auto_log_from,
    sync_from_days,
    sync_to_days,
    sync_frequency_minutes,
    is_frequency_chosen,
    private_policy,
    is_known_people_only,
    added
) VALUES (
    :connection,
    :owner,
    :version,
    :provider,
    COALESCE(:subject, 'meetings'),
    :account,
    :name,
    :link,
    :path,
    :email,
    :login,
    :authorities,
    :is_sync_enabled,
    :is_auto_log_enabled,
    :auto_log_from,
    :sync_from_days,
    :sync_to_days,
    :sync_frequency_minutes,
    COALESCE(:is_frequency_chosen, :sync_frequency_minutes <> 15),
    :private_policy,
    COALESCE(:is_known_people_only, 0),
    :at
)
ON CONFLICT (connection) DO NOTHING;

-- on connection.changed
UPDATE connection SET
    version = :version,
    account = COALESCE(:account, account),
    name = COALESCE(:name, name),
    link = COALESCE(:link, link),
    path = COALESCE(:path, path),
    email = COALESCE(:email, email),
    login = COALESCE(:login, login),
    is_sync_enabled = COALESCE(:is_sync_enabled, is_sync_enabled),
    is_auto_log_enabled = COALESCE(:is_auto_log_enabled, is_auto_log_enabled),
    auto_log_from = COALESCE(:auto_log_from, auto_log_from),
    sync_from_days = COALESCE(:sync_from_days, sync_from_days),
    sync_to_days = COALESCE(:sync_to_days, sync_to_days),
    sync_frequency_minutes = COALESCE(:sync_frequency_minutes, sync_frequency_minutes),
    is_frequency_chosen = CASE
        WHEN :sync_frequency_minutes IS NULL THEN is_frequency_chosen
        ELSE COALESCE(:is_frequency_chosen, 1)
    END,
    private_policy = COALESCE(:private_policy, private_policy),
    is_known_people_only = COALESCE(:is_known_people_only, is_known_people_only)
WHERE connection = :connection;

-- on connection.changed for each cleared
UPDATE connection SET
    account = CASE WHEN :cleared = 'account' THEN NULL ELSE account END,
    link = CASE WHEN :cleared = 'link' THEN NULL ELSE link END,
    path = CASE WHEN :cleared = 'path' THEN NULL ELSE path END,
    email = CASE WHEN :cleared = 'email' THEN NULL ELSE email END,
    login = CASE WHEN :cleared = 'login' THEN NULL ELSE login END,
    auto_log_from = CASE WHEN :cleared = 'auto_log_from' THEN NULL ELSE auto_log_from END
WHERE connection = :connection;

-- on connection.paused
UPDATE connection SET version = :version, is_paused = 1 WHERE connection = :connection;

-- on connection.resumed
UPDATE connection SET version = :version, is_paused = 0 WHERE connection = :connection;

-- on connection.removed
DELETE FROM calendar WHERE connection = :connection;
DELETE FROM alert WHERE owner = :owner AND subject = :connection;
DELETE FROM connection WHERE connection = :connection;

-- on credential.granted
UPDATE connection SET
    credential = 'granted',
    credential_expires = :expires,
    grant_expires = :grant_expires
WHERE connection = :connection;

UPDATE connection SET
    is_run_failed = 0,
    failures_before = 0,
    consecutive_failures = 0,
    last_error_class = NULL,
    last_error_code = NULL,
    last_error_message = NULL,
    retry = NULL
WHERE connection = :connection AND (last_error_class = 'auth' OR last_error_code IN ('no_secret', 'no_vault'));

UPDATE calendar SET
    consecutive_failures = 0,
    last_error_class = NULL,
    last_error_code = NULL,
    last_error_message = NULL,
    retry = NULL
WHERE connection = :connection AND (last_error_class = 'auth' OR last_error_code IN ('no_secret', 'no_vault'));

-- on credential.renewed
UPDATE connection SET
    credential = 'granted',
    credential_expires = :expires,
    grant_expires = COALESCE(:grant_expires, grant_expires)
WHERE connection = :connection;

-- on credential.refused
UPDATE connection SET
    credential = 'refused',
    last_error_class = 'auth',
    last_error_code = :error_code,
    last_error_message = :message
WHERE connection = :connection;

-- on credential.destroyed
UPDATE connection SET
    credential = 'destroyed',
    credential_expires = NULL,
    grant_expires = NULL
WHERE connection = :connection;

-- on server.learned
UPDATE connection SET memory = :facts WHERE connection = :connection;

-- on breaker.opened
UPDATE connection SET
    breaker_until = :until,
    breaker_failures = :failures
WHERE connection = :connection;

-- on breaker.closed
UPDATE connection SET
    breaker_until = NULL,
    breaker_failures = NULL
WHERE connection = :connection;

-- on calendar.found
INSERT INTO calendar (
    calendar,
    connection,
    owner,
    version,
    provider_id,
    provider_path,
    name,
    description,
    colour,
    zone,
    access,
    is_primary,
    is_subscribed
) VALUES (
    :calendar,
    :connection,
    :owner,
    :version,
    :provider_id,
    :provider_path,
    :name,
    :description,
    :colour,
    :zone,
    :access,
    COALESCE(:is_primary, 0),
    COALESCE(:is_subscribed, 0)
) ON CONFLICT (calendar) DO UPDATE SET
    connection = excluded.connection,
    version = excluded.version,
    provider_id = excluded.provider_id,
    provider_path = excluded.provider_path,
    name = excluded.name,
    description = excluded.description,
    colour = excluded.colour,
    zone = excluded.zone,
    access = excluded.access,
    is_primary = excluded.is_primary,
    is_subscribed = excluded.is_subscribed;

-- on calendar.renamed
UPDATE calendar SET
    version = :version,
    name = :name
WHERE calendar = :calendar;

-- on calendar.changed
UPDATE calendar SET
    version = :version,
    provider_path = COALESCE(:provider_path, provider_path),
    description = COALESCE(:description, description),
    colour = COALESCE(:colour, colour),
    zone = COALESCE(:zone, zone),
    access = COALESCE(:access, access),
    is_primary = COALESCE(:is_primary, is_primary),
    is_subscribed = COALESCE(:is_subscribed, is_subscribed)
WHERE calendar = :calendar;

-- on calendar.changed for each cleared
UPDATE calendar SET
    description = CASE WHEN :cleared = 'description' THEN NULL ELSE description END,
    colour = CASE WHEN :cleared = 'colour' THEN NULL ELSE colour END,
    zone = CASE WHEN :cleared = 'zone' THEN NULL ELSE zone END,
    access = CASE WHEN :cleared = 'access' THEN NULL ELSE access END
WHERE calendar = :calendar;

-- on calendar.chosen
UPDATE calendar SET version = :version, is_chosen = 1 WHERE calendar = :calendar;

-- on calendar.dropped
UPDATE calendar SET
    version = :version,
    is_chosen = 0,
    cursor = NULL,
    covered_from = NULL,
    covered_to = NULL,
    suspected_run = NULL,
    suspected_known = NULL,
    suspected_found = NULL,
    is_suspicion_confirmed = 0
WHERE calendar = :calendar;

-- on writing.allowed
UPDATE calendar SET is_writing_allowed = 0 WHERE owner = :owner AND is_writing_allowed = 1;
UPDATE calendar SET is_writing_allowed = 1 WHERE calendar = :calendar;

-- on writing.forbidden
UPDATE calendar SET is_writing_allowed = 0 WHERE calendar = :calendar;

-- on fetch.finished
UPDATE connection SET
    run = :run,
    is_run_failed = CASE WHEN run = :run THEN is_run_failed ELSE 0 END,
    failures_before = CASE WHEN run = :run THEN failures_before ELSE consecutive_failures END,
    success_before = CASE WHEN run = :run THEN success_before ELSE last_success END,
    last_attempt = :started,
    last_success = CASE WHEN run = :run AND is_run_failed = 1 THEN last_success ELSE :at END,
    consecutive_failures = CASE WHEN run = :run AND is_run_failed = 1 THEN consecutive_failures ELSE 0 END,
    last_error_class = CASE WHEN run = :run AND is_run_failed = 1 THEN last_error_class END,
    last_error_code = CASE WHEN run = :run AND is_run_failed = 1 THEN last_error_code END,
    last_error_message = CASE WHEN run = :run AND is_run_failed = 1 THEN last_error_message END,
    retry = CASE WHEN run = :run AND is_run_failed = 1 THEN retry END,
    created = CASE WHEN run = :run THEN created ELSE 0 END + :created,
    updated = CASE WHEN run = :run THEN updated ELSE 0 END + :updated,
    deleted = CASE WHEN run = :run THEN deleted ELSE 0 END + :deleted,
    unchanged = CASE WHEN run = :run THEN unchanged ELSE 0 END + :unchanged,
    quarantined = CASE WHEN run = :run THEN quarantined ELSE 0 END + :quarantined
WHERE connection = :connection;

UPDATE connection SET
    cursor = COALESCE(:cursor, cursor),
    items = :created + :updated + :unchanged,
    suspected_run = CASE WHEN :mode = 'delta' THEN suspected_run END,
    suspected_known = CASE WHEN :mode = 'delta' THEN suspected_known END,
    suspected_found = CASE WHEN :mode = 'delta' THEN suspected_found END,
    is_suspicion_confirmed = CASE WHEN :mode = 'delta' THEN is_suspicion_confirmed ELSE 0 END
WHERE connection = :connection AND :calendar IS NULL AND :subject = 'people';

UPDATE connection SET discovered = :at WHERE connection = :connection AND :subject = 'calendars';

UPDATE calendar SET
    cursor = CASE WHEN :mode = 'full' THEN :cursor WHEN :mode = 'delta' THEN COALESCE(:cursor, cursor) ELSE cursor END,
    items = :created + :updated + :unchanged,
    covered_from = CASE WHEN :mode = 'full' THEN :covered_from ELSE covered_from END,
    covered_to = CASE WHEN :mode = 'full' THEN :covered_to ELSE covered_to END,
    last_attempt = :started,
    last_success = :at,
    last_full = CASE WHEN :mode = 'full' AND :is_complete = 1 THEN :at ELSE last_full END,
    consecutive_failures = 0,
    last_error_class = NULL,
    last_error_code = NULL,
    last_error_message = NULL,
    retry = NULL,
    suspected_run = CASE WHEN :mode = 'delta' THEN suspected_run END,
    suspected_known = CASE WHEN :mode = 'delta' THEN suspected_known END,
    suspected_found = CASE WHEN :mode = 'delta' THEN suspected_found END,
    is_suspicion_confirmed = CASE WHEN :mode = 'delta' THEN is_suspicion_confirmed ELSE 0 END,
    created = :created,
    updated = :updated,
    deleted = :deleted,
    unchanged = :unchanged,
    quarantined = :quarantined
WHERE calendar = :calendar AND :subject = 'meetings';

-- on fetch.failed
UPDATE connection SET
    run = :run,
    is_run_failed = 1,
    failures_before = CASE WHEN run = :run THEN failures_before ELSE consecutive_failures END,
    success_before = CASE WHEN run = :run THEN success_before ELSE last_success END,
    last_attempt = :started,
    last_success = CASE WHEN run = :run THEN success_before ELSE last_success END,
    consecutive_failures = CASE WHEN run = :run THEN failures_before ELSE consecutive_failures END + 1,
    last_error_class = :error_class,
    last_error_code = :error_code,
    last_error_message = :message,
    retry = :retry,
    created = CASE WHEN run = :run THEN created ELSE 0 END,
    updated = CASE WHEN run = :run THEN updated ELSE 0 END,
    deleted = CASE WHEN run = :run THEN deleted ELSE 0 END,
    unchanged = CASE WHEN run = :run THEN unchanged ELSE 0 END,
    quarantined = CASE WHEN run = :run THEN quarantined ELSE 0 END
WHERE connection = :connection;

UPDATE calendar SET
    last_attempt = :started,
    consecutive_failures = consecutive_failures + 1,
    last_error_class = :error_class,
    last_error_code = :error_code,
    last_error_message = :message,
    retry = :retry
WHERE calendar = :calendar AND :subject = 'meetings';

-- on fetch.suspected
UPDATE connection SET
    last_attempt = :at,
    last_error_class = CASE WHEN run = :run THEN last_error_class END,
    last_error_code = CASE WHEN run = :run THEN last_error_code END,
    last_error_message = CASE WHEN run = :run THEN last_error_message END
WHERE connection = :connection;

UPDATE connection SET
    suspected_run = :run,
    suspected_known = :known,
    suspected_found = :found,
    is_suspicion_confirmed = 0
WHERE connection = :connection AND :calendar IS NULL;

UPDATE calendar SET
    last_attempt = :at,
    last_error_class = NULL,
    last_error_code = NULL,
    last_error_message = NULL,
    suspected_run = :run,
    suspected_known = :known,
    suspected_found = :found,
    is_suspicion_confirmed = 0
WHERE calendar = :calendar;

-- on fetch.confirmed
UPDATE connection SET is_suspicion_confirmed = 1
WHERE connection = :connection AND :calendar IS NULL AND suspected_run = :run;

UPDATE calendar SET is_suspicion_confirmed = 1 WHERE calendar = :calendar AND suspected_run = :run;

-- on alert.raised
INSERT INTO alert (owner, alert, subject, raised, failures, error_class, message, position)
VALUES (:owner, :alert, COALESCE(:connection, :job, ''), :at, :failures, :error_class, :message, :position)
ON CONFLICT (owner, alert, subject) DO UPDATE SET
    failures = excluded.failures,
    error_class = excluded.error_class,
    message = excluded.message,
    position = excluded.position;

-- on alert.cleared
DELETE FROM alert WHERE owner = :owner AND alert = :alert AND subject = COALESCE(:connection, :job, '');

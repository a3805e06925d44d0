-- What was asked for and has not ended?
-- The same thing waits once: while a reading of a connection is in the queue, no second one of it comes in.

-- schema
CREATE TABLE job_queue (
    run TEXT NOT NULL,
    job TEXT NOT NULL,
    subject TEXT NOT NULL,
    owner TEXT NOT NULL,
    user TEXT,
    connection TEXT,
    mode TEXT,
    trigger TEXT NOT NULL,
    priority TEXT NOT NULL,
    requested INTEGER NOT NULL,
    started INTEGER,
    PRIMARY KEY (run)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX job_queue_subject ON job_queue (job, subject);

-- on job.requested
INSERT INTO job_queue (run, job, subject, owner, user, connection, mode, trigger, priority, requested)
VALUES (
    :run,
    :job,
    COALESCE(:calendar, :connection, :user, ''),
    :owner,
    :user,
    :connection,
    :mode,
    :trigger,
    :priority,
    :at
)
ON CONFLICT DO NOTHING;

-- on job.started
UPDATE job_queue SET
    started = :at
WHERE run = :run;

-- on job.finished
DELETE FROM job_queue WHERE run = :run;

-- on connection.removed
DELETE FROM job_queue WHERE connection = :connection;

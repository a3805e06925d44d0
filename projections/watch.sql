-- Which calendars do their providers tell of when they change, until when, and what did they tell that was not followed up?
-- A watch that was asked for and of which nothing more is known may be there all the same; one that ended may tell still
-- until its provider confirms that it stopped. Both are kept until then, or until a later watch opens after their time.

-- schema
CREATE TABLE watch (
    watch TEXT NOT NULL,
    owner TEXT NOT NULL,
    connection TEXT NOT NULL,
    calendar TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL,
    requested INTEGER NOT NULL,
    opened INTEGER,
    position INTEGER NOT NULL,
    expires INTEGER,
    provider_id TEXT,
    resource_id TEXT,
    predecessor TEXT,
    ended TEXT,
    told TEXT,
    notifications INTEGER NOT NULL DEFAULT 0,
    last_notification INTEGER,
    PRIMARY KEY (watch)
) STRICT, WITHOUT ROWID;

CREATE INDEX watch_calendar ON watch (calendar, watch);

CREATE TABLE watch_failure (
    calendar TEXT NOT NULL,
    connection TEXT NOT NULL,
    owner TEXT NOT NULL,
    error_class TEXT NOT NULL,
    error_code TEXT,
    message TEXT,
    retry INTEGER,
    failures INTEGER NOT NULL,
    at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (calendar)
) STRICT, WITHOUT ROWID;

CREATE TABLE notification_waiting (
    calendar TEXT NOT NULL,
    owner TEXT NOT NULL,
    connection TEXT NOT NULL,
    watch TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    notifications INTEGER NOT NULL,
    missed_position INTEGER,
    PRIMARY KEY (calendar)
) STRICT, WITHOUT ROWID;

-- on watch.requested
INSERT INTO watch (watch, owner, connection, calendar, provider, state, requested, position, predecessor)
VALUES (:watch, :owner, :connection, COALESCE(:calendar, ''), :provider, 'requested', :at, :position, :predecessor)
ON CONFLICT (watch) DO NOTHING;

-- on watch.opened
DELETE FROM watch
WHERE calendar = COALESCE(:calendar, '') AND state = 'ended' AND COALESCE(expires, requested + 604800000) <= :at;

INSERT INTO watch (watch, owner, connection, calendar, provider, state, requested, position)
VALUES (:watch, :owner, :connection, COALESCE(:calendar, ''), :provider, 'open', :at, :position)
ON CONFLICT (watch) DO NOTHING;

UPDATE watch SET
    state = 'open',
    opened = :at,
    position = :position,
    expires = :expires,
    provider_id = :provider_id,
    resource_id = :resource_id,
    predecessor = :predecessor
WHERE watch = :watch;

UPDATE watch SET state = 'ended', ended = 'replaced' WHERE watch = :predecessor;

DELETE FROM watch_failure WHERE calendar = :calendar;

-- on watch.renewed
UPDATE watch SET expires = :expires, told = NULL WHERE watch = :watch;

DELETE FROM watch_failure WHERE calendar = :calendar;

-- on watch.closed
UPDATE watch SET state = 'ended', ended = :reason, told = NULL WHERE watch = :watch;

DELETE FROM watch WHERE watch = :watch AND :is_stopped = 1;

-- on watch.failed
INSERT INTO watch_failure (
    calendar,
    connection,
    owner,
    error_class,
    error_code,
    message,
    retry,
    failures,
    at,
    position
) VALUES (
    COALESCE(:calendar, ''),
    :connection,
    :owner,
    :error_class,
    :error_code,
    :message,
    :retry,
    1,
    :at,
    :position
)
ON CONFLICT (calendar) DO UPDATE SET
    connection = excluded.connection,
    error_class = excluded.error_class,
    error_code = excluded.error_code,
    message = excluded.message,
    retry = excluded.retry,
    failures = watch_failure.failures + 1,
    at = excluded.at,
    position = excluded.position;

-- on credential.granted
DELETE FROM watch_failure WHERE connection = :connection AND error_class = 'auth';

-- on notification.received
UPDATE watch SET
    notifications = notifications + 1,
    last_notification = :at,
    resource_id = COALESCE(resource_id, :resource_id),
    told = CASE WHEN :signal IN ('subscription_removed', 'authorization_needed') THEN :signal ELSE told END
WHERE watch = :watch;

INSERT INTO notification_waiting (
    calendar,
    owner,
    connection,
    watch,
    first_at,
    last_at,
    last_position,
    notifications,
    missed_position
)
SELECT
    COALESCE(:calendar, ''),
    :owner,
    :connection,
    :watch,
    :at,
    :at,
    :position,
    1,
    CASE WHEN :signal IN ('missed_changes', 'subscription_removed') THEN :position END
WHERE :signal IN ('changed', 'missing', 'missed_changes', 'subscription_removed')
ON CONFLICT (calendar) DO UPDATE SET
    watch = excluded.watch,
    last_at = excluded.last_at,
    last_position = excluded.last_position,
    notifications = notification_waiting.notifications + 1,
    missed_position = COALESCE(excluded.missed_position, notification_waiting.missed_position);

-- on notification.handled
DELETE FROM notification_waiting WHERE calendar = COALESCE(:calendar, '') AND last_position <= :through;

UPDATE notification_waiting SET
    first_at = last_at,
    missed_position = CASE WHEN missed_position > :through THEN missed_position END
WHERE calendar = COALESCE(:calendar, '');

-- on calendar.dropped
DELETE FROM notification_waiting WHERE calendar = :calendar;
DELETE FROM watch_failure WHERE calendar = :calendar;

-- on connection.removed
DELETE FROM notification_waiting WHERE connection = :connection;
DELETE FROM watch_failure WHERE connection = :connection;

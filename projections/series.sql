-- Which meetings repeat, by which rule, and how far are their occurrences written down?
-- `changed` is the position that changed a series last; one is due to be unfolded when `unfolded` lies before it, and
-- again when the window reaches `covered_to`, which is where its next occurrence starts. What is not NULL in
-- `withdrawn` no calendar shows any more. `rules`, `exceptions` and `attendees` are JSON lists.

-- schema
CREATE TABLE series (
    series TEXT NOT NULL,
    owner TEXT NOT NULL,
    connection TEXT NOT NULL,
    calendar TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    provider_path TEXT,
    ical_uid TEXT,
    predecessor TEXT,
    rules TEXT,
    exceptions TEXT,
    zone_definition TEXT,
    status TEXT,
    response TEXT,
    transparency TEXT,
    privacy TEXT,
    kind TEXT,
    starts INTEGER,
    ends INTEGER,
    first_day TEXT,
    last_day TEXT,
    zone TEXT,
    is_floating INTEGER,
    is_partial INTEGER,
    sequence INTEGER,
    modified INTEGER,
    revision TEXT,
    content_hash TEXT,
    attendees TEXT,
    title TEXT,
    description TEXT,
    location TEXT,
    meeting_url TEXT,
    provider_link TEXT,
    withdrawn TEXT,
    covered_from INTEGER,
    covered_to INTEGER NOT NULL DEFAULT 0,
    is_limited INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL,
    unfolded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (series)
) STRICT;

CREATE INDEX series_calendar ON series (calendar, provider_id);
CREATE INDEX series_due ON series (owner, changed) WHERE unfolded < changed;
CREATE INDEX series_next ON series (owner, covered_to) WHERE withdrawn IS NULL;

CREATE TABLE series_absence (
    calendar TEXT NOT NULL,
    series TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (calendar, series)
) STRICT, WITHOUT ROWID;

-- on series.seen
INSERT INTO series (
    series, owner, connection, calendar, provider_id, provider_path, ical_uid, predecessor, rules, exceptions,
    zone_definition, status, response, transparency, privacy, kind, starts, ends, first_day, last_day, zone,
    is_floating, is_partial, sequence, modified, revision, content_hash, attendees, title, description, location,
    meeting_url, provider_link, changed
) VALUES (
    :series, :owner, :connection, :calendar, :provider_id, :provider_path, :ical_uid, :predecessor, :rules,
    :exceptions, :zone_definition, :status, :response, :transparency, :privacy, :kind, :starts, :ends, :first_day,
    :last_day, :zone, :is_floating, :is_partial, :sequence, :modified, :revision, :content_hash, :attendees, :title,
    :description, :location, :meeting_url, :provider_link, :position
) ON CONFLICT (series) DO UPDATE SET
    connection = excluded.connection,
    calendar = excluded.calendar,
    provider_id = excluded.provider_id,
    provider_path = excluded.provider_path,
    ical_uid = excluded.ical_uid,
    predecessor = excluded.predecessor,
    rules = excluded.rules,
    exceptions = excluded.exceptions,
    zone_definition = excluded.zone_definition,
    status = excluded.status,
    response = excluded.response,
    transparency = excluded.transparency,
    privacy = excluded.privacy,
    kind = excluded.kind,
    starts = excluded.starts,
    ends = excluded.ends,
    first_day = excluded.first_day,
    last_day = excluded.last_day,
    zone = excluded.zone,
    is_floating = excluded.is_floating,
    is_partial = excluded.is_partial,
    sequence = excluded.sequence,
    modified = excluded.modified,
    revision = excluded.revision,
    content_hash = excluded.content_hash,
    attendees = excluded.attendees,
    title = excluded.title,
    description = excluded.description,
    location = excluded.location,
    meeting_url = excluded.meeting_url,
    provider_link = excluded.provider_link,
    withdrawn = NULL,
    changed = excluded.changed;

DELETE FROM series_absence WHERE calendar = :calendar AND series = :series;

-- on series.changed
UPDATE series SET
    rules = COALESCE(:rules, rules),
    exceptions = COALESCE(:exceptions, exceptions),
    zone_definition = COALESCE(:zone_definition, zone_definition),
    provider_path = COALESCE(:provider_path, provider_path),
    status = COALESCE(:status, status),
    response = COALESCE(:response, response),
    transparency = COALESCE(:transparency, transparency),
    privacy = COALESCE(:privacy, privacy),
    kind = COALESCE(:kind, kind),
    starts = COALESCE(:starts, starts),
    ends = COALESCE(:ends, ends),
    first_day = COALESCE(:first_day, first_day),
    last_day = COALESCE(:last_day, last_day),
    zone = COALESCE(:zone, zone),
    is_floating = COALESCE(:is_floating, is_floating),
    is_partial = COALESCE(:is_partial, is_partial),
    sequence = COALESCE(:sequence, sequence),
    modified = COALESCE(:modified, modified),
    revision = COALESCE(:revision, revision),
    content_hash = COALESCE(:content_hash, content_hash),
    attendees = COALESCE(:attendees, attendees),
    title = COALESCE(:title, title),
    description = COALESCE(:description, description),
    location = COALESCE(:location, location),
    meeting_url = COALESCE(:meeting_url, meeting_url),
    provider_link = COALESCE(:provider_link, provider_link),
    withdrawn = NULL,
    changed = :position
WHERE series = :series;

DELETE FROM series_absence WHERE calendar = :calendar AND series = :series;

-- on series.changed for each cleared
UPDATE series SET
    exceptions = CASE WHEN :cleared = 'exceptions' THEN NULL ELSE exceptions END,
    zone_definition = CASE WHEN :cleared = 'zone_definition' THEN NULL ELSE zone_definition END,
    provider_path = CASE WHEN :cleared = 'provider_path' THEN NULL ELSE provider_path END,
    response = CASE WHEN :cleared = 'response' THEN NULL ELSE response END,
    starts = CASE WHEN :cleared = 'starts' THEN NULL ELSE starts END,
    ends = CASE WHEN :cleared = 'ends' THEN NULL ELSE ends END,
    first_day = CASE WHEN :cleared = 'first_day' THEN NULL ELSE first_day END,
    last_day = CASE WHEN :cleared = 'last_day' THEN NULL ELSE last_day END,
    zone = CASE WHEN :cleared = 'zone' THEN NULL ELSE zone END,
    sequence = CASE WHEN :cleared = 'sequence' THEN NULL ELSE sequence END,
    modified = CASE WHEN :cleared = 'modified' THEN NULL ELSE modified END,
    attendees = CASE WHEN :cleared = 'attendees' THEN NULL ELSE attendees END,
    title = CASE WHEN :cleared = 'title' THEN NULL ELSE title END,
    description = CASE WHEN :cleared = 'description' THEN NULL ELSE description END,
    location = CASE WHEN :cleared = 'location' THEN NULL ELSE location END,
    meeting_url = CASE WHEN :cleared = 'meeting_url' THEN NULL ELSE meeting_url END,
    provider_link = CASE WHEN :cleared = 'provider_link' THEN NULL ELSE provider_link END
WHERE series = :series;

-- on series.unfolded
UPDATE series SET
    covered_from = :covered_from,
    covered_to = :covered_to,
    is_limited = COALESCE(:is_limited, 0),
    unfolded = :position
WHERE series = :series;

-- on series.withdrawn
UPDATE series SET
    withdrawn = :reason,
    changed = :position
WHERE series = :series;

DELETE FROM series_absence WHERE calendar = :calendar AND series = :series;

-- on fetch.finished
DELETE FROM series_absence
WHERE calendar = :calendar AND :subject = 'meetings' AND :mode <> 'delta' AND :is_complete = 1;

-- on fetch.finished for each absence
INSERT INTO series_absence (calendar, series, position)
SELECT :calendar, :absence_series, :position
WHERE :calendar IS NOT NULL AND :absence_series IS NOT NULL
ON CONFLICT (calendar, series) DO NOTHING;

-- on connection.changed
UPDATE series SET changed = :position
WHERE connection = :connection AND withdrawn IS NULL
    AND (:sync_from_days IS NOT NULL OR :sync_to_days IS NOT NULL);

-- on calendar.dropped
DELETE FROM series WHERE calendar = :calendar;
DELETE FROM series_absence WHERE calendar = :calendar;

-- on connection.removed
DELETE FROM series_absence
WHERE calendar IN (
    SELECT series.calendar
    FROM series
    WHERE series.connection = :connection
);

DELETE FROM series WHERE connection = :connection;

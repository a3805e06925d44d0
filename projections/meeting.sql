-- What is in the calendars, when, and who is to come?
-- One meeting in three calendars is one row of `meeting` and three of `meeting_sighting`. What any calendar said last
-- about the meeting itself stands in `meeting`; what differs from calendar to calendar stands in the sighting. With
-- `sightings` = 0 a meeting is gone. Overlap with a range is asked by owner: `starts` before its end and `ends` after
-- its start, and for whole days `first_day` and `last_day`, both of which belong to the meeting; those that last longer
-- than a day have an index of their own, so that only a day before the range is looked at for all others. The two tables with
-- wide rows keep their rowid: a B-tree of such rows by long keys is slower to write. `undecided` is the position that
-- made it uncertain who is logged for a meeting; it is NULL once that was decided. What is due are the undecided ones
-- that have ended, and those that have activities.

-- schema
CREATE TABLE meeting (
    meeting TEXT NOT NULL,
    owner TEXT NOT NULL,
    ical_uid TEXT,
    series TEXT,
    original_start INTEGER,
    original_day TEXT,
    status TEXT,
    transparency TEXT,
    privacy TEXT,
    kind TEXT,
    starts INTEGER,
    ends INTEGER,
    first_day TEXT,
    last_day TEXT,
    zone TEXT,
    is_floating INTEGER NOT NULL DEFAULT 0,
    is_partial INTEGER NOT NULL DEFAULT 0,
    sequence INTEGER,
    modified INTEGER,
    title TEXT,
    description TEXT,
    location TEXT,
    meeting_url TEXT,
    provider_link TEXT,
    note TEXT,
    sightings INTEGER NOT NULL,
    hidden_behind TEXT,
    conflict TEXT,
    skip_rule TEXT,
    activities INTEGER NOT NULL DEFAULT 0,
    undecided INTEGER,
    decided INTEGER,
    first_position INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (meeting)
) STRICT;

CREATE INDEX meeting_start ON meeting (owner, starts, ends) WHERE starts IS NOT NULL;
CREATE INDEX meeting_long ON meeting (owner, starts, ends) WHERE ends - starts > 86400000;
CREATE INDEX meeting_day ON meeting (owner, first_day, last_day) WHERE first_day IS NOT NULL;
CREATE INDEX meeting_series ON meeting (series, original_start) WHERE series IS NOT NULL;
CREATE INDEX meeting_due ON meeting (owner, ends) WHERE undecided IS NOT NULL;
CREATE INDEX meeting_review ON meeting (owner, undecided) WHERE undecided IS NOT NULL AND activities > 0;
CREATE INDEX meeting_conflict ON meeting (conflict) WHERE conflict IS NOT NULL;

CREATE TABLE meeting_sighting (
    meeting TEXT NOT NULL,
    calendar TEXT NOT NULL,
    connection TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    provider_path TEXT,
    original_start INTEGER,
    original_day TEXT,
    status TEXT,
    response TEXT,
    privacy TEXT,
    revision TEXT,
    content_hash TEXT,
    withdrawn TEXT,
    first_position INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (meeting, calendar)
) STRICT;

CREATE INDEX meeting_sighting_identity ON meeting_sighting (connection, calendar, provider_id, original_start);

CREATE TABLE meeting_attendee (
    meeting TEXT NOT NULL,
    address TEXT NOT NULL,
    number INTEGER NOT NULL,
    response TEXT,
    is_organizer INTEGER NOT NULL,
    is_optional INTEGER NOT NULL,
    is_resource INTEGER NOT NULL,
    is_self INTEGER NOT NULL,
    is_group INTEGER NOT NULL,
    PRIMARY KEY (meeting, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX meeting_attendee_address ON meeting_attendee (address, meeting);

CREATE TABLE meeting_absence (
    calendar TEXT NOT NULL,
    meeting TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (calendar, meeting)
) STRICT, WITHOUT ROWID;

CREATE TABLE meeting_quarantine (
    calendar TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    connection TEXT NOT NULL,
    owner TEXT NOT NULL,
    meeting TEXT,
    series TEXT,
    problem TEXT NOT NULL,
    message TEXT,
    content_hash TEXT,
    provider_path TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (calendar, provider_id)
) STRICT, WITHOUT ROWID;

-- on meeting.seen
INSERT INTO meeting_sighting (
    meeting,
    calendar,
    connection,
    provider_id,
    provider_path,
    original_start,
    original_day,
    status,
    response,
    privacy,
    revision,
    content_hash,
    first_position,
    position
) VALUES (
    :meeting,
    :calendar,
    :connection,
    :provider_id,
    :provider_path,
    :original_start,
    :original_day,
    COALESCE(:status, 'confirmed'),
    :response,
    COALESCE(:privacy, 'normal'),
    :revision,
    :content_hash,
    :position,
    :position
) ON CONFLICT (meeting, calendar) DO UPDATE SET
    connection = excluded.connection,
    provider_id = excluded.provider_id,
    provider_path = excluded.provider_path,
    original_start = excluded.original_start,
    original_day = excluded.original_day,
    status = excluded.status,
    response = excluded.response,
    privacy = excluded.privacy,
    revision = excluded.revision,
    content_hash = excluded.content_hash,
    withdrawn = NULL,
    position = excluded.position;

INSERT INTO meeting (
    meeting,
    owner,
    ical_uid,
    series,
    original_start,
    original_day,
    status,
    transparency,
    privacy,
    kind,
    starts,
    ends,
    first_day,
    last_day,
    zone,
    is_floating,
    is_partial,
    sequence,
    modified,
    title,
    description,
    location,
    meeting_url,
    provider_link,
    sightings,
    undecided,
    first_position,
    position
) VALUES (
    :meeting,
    :owner,
    :ical_uid,
    :series,
    :original_start,
    :original_day,
    COALESCE(:status, 'confirmed'),
    COALESCE(:transparency, 'opaque'),
    COALESCE(:privacy, 'normal'),
    COALESCE(:kind, 'meeting'),
    :starts,
    :ends,
    :first_day,
    :last_day,
    :zone,
    COALESCE(:is_floating, 0),
    COALESCE(:is_partial, 0),
    :sequence,
    :modified,
    :title,
    :description,
    :location,
    :meeting_url,
    :provider_link,
    1,
    :position,
    :position,
    :position
) ON CONFLICT (meeting) DO UPDATE SET
    ical_uid = COALESCE(excluded.ical_uid, meeting.ical_uid),
    series = COALESCE(excluded.series, meeting.series),
    original_start = COALESCE(excluded.original_start, meeting.original_start),
    original_day = COALESCE(excluded.original_day, meeting.original_day),
    status = excluded.status,
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
    sequence = COALESCE(excluded.sequence, meeting.sequence),
    modified = COALESCE(excluded.modified, meeting.modified),
    title = COALESCE(excluded.title, meeting.title),
    description = COALESCE(excluded.description, meeting.description),
    location = COALESCE(excluded.location, meeting.location),
    meeting_url = COALESCE(excluded.meeting_url, meeting.meeting_url),
    provider_link = COALESCE(excluded.provider_link, meeting.provider_link),
    sightings = (
        SELECT COUNT(*)
        FROM meeting_sighting
        WHERE meeting_sighting.meeting = :meeting AND meeting_sighting.withdrawn IS NULL
    ),
    skip_rule = NULL,
    undecided = :position,
    position = excluded.position;

-- on meeting.seen for each attendee
INSERT INTO meeting_attendee (
    meeting,
    address,
    number,
    response,
    is_organizer,
    is_optional,
    is_resource,
    is_self,
    is_group
) VALUES (
    :meeting,
    :attendee_address,
    :attendee_number,
    :attendee_response,
    COALESCE(:attendee_is_organizer, 0),
    COALESCE(:attendee_is_optional, 0),
    COALESCE(:attendee_is_resource, 0),
    COALESCE(:attendee_is_self, 0),
    COALESCE(:attendee_is_group, 0)
) ON CONFLICT (meeting, address) DO UPDATE SET
    response = COALESCE(excluded.response, meeting_attendee.response),
    is_organizer = CASE WHEN excluded.is_organizer = 1 THEN 1 ELSE meeting_attendee.is_organizer END,
    is_optional = excluded.is_optional,
    is_resource = excluded.is_resource,
    is_self = CASE WHEN excluded.is_self = 1 THEN 1 ELSE meeting_attendee.is_self END,
    is_group = excluded.is_group;

-- on meeting.changed
UPDATE meeting_sighting SET
    provider_path = COALESCE(:provider_path, provider_path),
    status = COALESCE(:status, status),
    response = COALESCE(:response, response),
    privacy = COALESCE(:privacy, privacy),
    revision = COALESCE(:revision, revision),
    content_hash = COALESCE(:content_hash, content_hash),
    position = :position
WHERE meeting = :meeting AND calendar = :calendar;

UPDATE meeting SET
    status = COALESCE(:status, status),
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
    title = COALESCE(:title, title),
    description = COALESCE(:description, description),
    location = COALESCE(:location, location),
    meeting_url = COALESCE(:meeting_url, meeting_url),
    provider_link = COALESCE(:provider_link, provider_link),
    skip_rule = NULL,
    undecided = :position,
    position = :position
WHERE meeting = :meeting;

DELETE FROM meeting_attendee WHERE meeting = :meeting AND :attendees IS NOT NULL;
DELETE FROM meeting_absence WHERE calendar = :calendar AND meeting = :meeting;

-- on meeting.changed for each attendee
INSERT INTO meeting_attendee (
    meeting,
    address,
    number,
    response,
    is_organizer,
    is_optional,
    is_resource,
    is_self,
    is_group
) VALUES (
    :meeting,
    :attendee_address,
    :attendee_number,
    :attendee_response,
    COALESCE(:attendee_is_organizer, 0),
    COALESCE(:attendee_is_optional, 0),
    COALESCE(:attendee_is_resource, 0),
    COALESCE(:attendee_is_self, 0),
    COALESCE(:attendee_is_group, 0)
) ON CONFLICT (meeting, address) DO UPDATE SET
    response = COALESCE(excluded.response, meeting_attendee.response),
    is_organizer = CASE WHEN excluded.is_organizer = 1 THEN 1 ELSE meeting_attendee.is_organizer END,
    is_optional = excluded.is_optional,
    is_resource = excluded.is_resource,
    is_self = CASE WHEN excluded.is_self = 1 THEN 1 ELSE meeting_attendee.is_self END,
    is_group = excluded.is_group;

-- on meeting.changed for each cleared
UPDATE meeting SET
    starts = CASE WHEN :cleared = 'starts' THEN NULL ELSE starts END,
    ends = CASE WHEN :cleared = 'ends' THEN NULL ELSE ends END,
    first_day = CASE WHEN :cleared = 'first_day' THEN NULL ELSE first_day END,
    last_day = CASE WHEN :cleared = 'last_day' THEN NULL ELSE last_day END,
    zone = CASE WHEN :cleared = 'zone' THEN NULL ELSE zone END,
    sequence = CASE WHEN :cleared = 'sequence' THEN NULL ELSE sequence END,
    modified = CASE WHEN :cleared = 'modified' THEN NULL ELSE modified END,
    title = CASE WHEN :cleared = 'title' THEN NULL ELSE title END,
    description = CASE WHEN :cleared = 'description' THEN NULL ELSE description END,
    location = CASE WHEN :cleared = 'location' THEN NULL ELSE location END,
    meeting_url = CASE WHEN :cleared = 'meeting_url' THEN NULL ELSE meeting_url END,
    provider_link = CASE WHEN :cleared = 'provider_link' THEN NULL ELSE provider_link END
WHERE meeting = :meeting;

UPDATE meeting_sighting SET
    provider_path = CASE WHEN :cleared = 'provider_path' THEN NULL ELSE provider_path END,
    response = CASE WHEN :cleared = 'response' THEN NULL ELSE response END,
    revision = CASE WHEN :cleared = 'revision' THEN NULL ELSE revision END
WHERE meeting = :meeting AND calendar = :calendar;

DELETE FROM meeting_attendee WHERE meeting = :meeting AND :cleared = 'attendees';

-- on meeting.withdrawn
UPDATE meeting_sighting SET
    withdrawn = :reason,
    position = :position
WHERE meeting = :meeting AND calendar = :calendar;

UPDATE meeting SET
    sightings = (
        SELECT COUNT(*)
        FROM meeting_sighting
        WHERE meeting_sighting.meeting = :meeting AND meeting_sighting.withdrawn IS NULL
    ),
    undecided = :position,
    position = :position
WHERE meeting = :meeting;

DELETE FROM meeting_absence WHERE calendar = :calendar AND meeting = :meeting;

-- on meeting.restored
UPDATE meeting_sighting SET
    withdrawn = NULL,
    position = :position
WHERE meeting = :meeting AND calendar = :calendar;

UPDATE meeting SET
    sightings = (
        SELECT COUNT(*)
        FROM meeting_sighting
        WHERE meeting_sighting.meeting = :meeting AND meeting_sighting.withdrawn IS NULL
    ),
    skip_rule = NULL,
    undecided = :position,
    position = :position
WHERE meeting = :meeting;

DELETE FROM meeting_absence WHERE calendar = :calendar AND meeting = :meeting;

-- on meeting.skipped
UPDATE meeting SET
    skip_rule = :rule,
    undecided = NULL,
    decided = :position
WHERE meeting = :meeting;

-- on meeting.reviewed
UPDATE meeting SET
    skip_rule = NULL,
    undecided = NULL,
    decided = :position
WHERE meeting = :meeting;

-- on activity.logged
UPDATE meeting SET
    activities = activities + 1,
    skip_rule = NULL,
    undecided = NULL,
    decided = :position
WHERE meeting = :meeting;

-- on meeting.quarantined
INSERT INTO meeting_quarantine (
    calendar,
    provider_id,
    connection,
    owner,
    meeting,
    series,
    problem,
    message,
    content_hash,
    provider_path,
    position
) VALUES (
    :calendar,
    :provider_id,
    :connection,
    :owner,
    :meeting,
    :series,
    :problem,
    :message,
    :content_hash,
    :provider_path,
    :position
) ON CONFLICT (calendar, provider_id) DO UPDATE SET
    meeting = excluded.meeting,
    series = excluded.series,
    problem = excluded.problem,
    message = excluded.message,
    content_hash = excluded.content_hash,
    provider_path = excluded.provider_path,
    position = excluded.position;

-- on meeting.released
DELETE FROM meeting_quarantine WHERE calendar = :calendar AND provider_id = :provider_id;

-- on fetch.finished
DELETE FROM meeting_absence
WHERE calendar = :calendar AND :subject = 'meetings' AND :mode <> 'delta' AND :is_complete = 1;

-- on fetch.finished for each absence
INSERT INTO meeting_absence (calendar, meeting, position)
SELECT :calendar, :absence_meeting, :position
WHERE :calendar IS NOT NULL AND :absence_meeting IS NOT NULL
ON CONFLICT (calendar, meeting) DO NOTHING;

-- on calendar.dropped
UPDATE meeting_sighting SET withdrawn = 'calendar_dropped'
WHERE connection = :connection AND calendar = :calendar AND withdrawn IS NULL;

UPDATE meeting SET
    sightings = (
        SELECT COUNT(*)
        FROM meeting_sighting
        WHERE meeting_sighting.meeting = meeting.meeting AND meeting_sighting.withdrawn IS NULL
    )
WHERE meeting IN (
    SELECT meeting_sighting.meeting
    FROM meeting_sighting
    WHERE meeting_sighting.connection = :connection AND meeting_sighting.calendar = :calendar
);

DELETE FROM meeting_absence WHERE calendar = :calendar;
DELETE FROM meeting_quarantine WHERE calendar = :calendar;

-- on connection.removed
UPDATE meeting_sighting SET withdrawn = 'connection_removed'
WHERE connection = :connection AND withdrawn IS NULL;

UPDATE meeting SET
    sightings = (
        SELECT COUNT(*)
        FROM meeting_sighting
        WHERE meeting_sighting.meeting = meeting.meeting AND meeting_sighting.withdrawn IS NULL
    )
WHERE meeting IN (
    SELECT meeting_sighting.meeting
    FROM meeting_sighting
    WHERE meeting_sighting.connection = :connection
);

DELETE FROM meeting_absence
WHERE calendar IN (
    SELECT meeting_sighting.calendar
    FROM meeting_sighting
    WHERE meeting_sighting.connection = :connection
);

DELETE FROM meeting_quarantine WHERE connection = :connection;
DELETE FROM meeting_sighting WHERE connection = :connection;

-- on address.matched
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.confirmed
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.claimed
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.disclaimed
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.included
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.unmatched
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND activities > 0 AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.suggested
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND activities > 0 AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.rejected
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND activities > 0 AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on address.excluded
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND activities > 0 AND meeting IN (
    SELECT meeting_attendee.meeting
    FROM meeting_attendee
    WHERE meeting_attendee.address = :address
);

-- on connection.changed
UPDATE meeting SET undecided = :position
WHERE undecided IS NULL AND skip_rule IN ('auto_log_off', 'before_auto_log') AND meeting IN (
    SELECT meeting_sighting.meeting
    FROM meeting_sighting
    WHERE meeting_sighting.connection = :connection
);

-- on setting.changed
UPDATE meeting SET undecided = :position
WHERE (owner = :owner OR :owner = 'home') AND undecided IS NULL AND :setting = 'log.declined_attendees'
    AND (skip_rule IS NOT NULL OR activities > 0);

-- on conflict.resolved
UPDATE meeting SET
    hidden_behind = NULL,
    conflict = NULL,
    undecided = :position
WHERE conflict = :conflict;

UPDATE meeting SET
    hidden_behind = :kept_meeting,
    conflict = :conflict,
    undecided = :position
WHERE meeting = :hidden_meeting;

-- on conflict.undone
UPDATE meeting SET
    hidden_behind = NULL,
    conflict = NULL,
    undecided = :position
WHERE conflict = :conflict;

-- on note.written
UPDATE meeting SET note = :note WHERE meeting = :meeting;

-- on note.removed
UPDATE meeting SET note = NULL WHERE meeting = :meeting;

-- on retention.applied
DELETE FROM meeting_sighting
WHERE :subject = 'meetings' AND meeting IN (
    SELECT meeting.meeting
    FROM meeting
    WHERE meeting.owner = :owner AND (meeting.ends < :before OR meeting.last_day < :before_day)
);

DELETE FROM meeting_attendee
WHERE :subject = 'meetings' AND meeting IN (
    SELECT meeting.meeting
    FROM meeting
    WHERE meeting.owner = :owner AND (meeting.ends < :before OR meeting.last_day < :before_day)
);

DELETE FROM meeting
WHERE :subject = 'meetings' AND owner = :owner AND (ends < :before OR last_day < :before_day);

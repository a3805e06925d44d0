-- With whom was a user in contact, when, and what became of each activity since it was logged?
-- A timeline is asked by person and `occurred`. An activity that was retracted keeps its row, with the reason. Every
-- entry about an activity is a row of `activity_history`; what a user edited by hand is a row of `activity_edit`.

-- schema
CREATE TABLE activity (
    activity TEXT NOT NULL,
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    meeting TEXT,
    person TEXT NOT NULL,
    trigger TEXT NOT NULL,
    rule TEXT,
    confidence INTEGER,
    kind TEXT NOT NULL,
    occurred INTEGER,
    duration_minutes INTEGER,
    zone TEXT,
    title TEXT,
    description TEXT,
    location TEXT,
    meeting_url TEXT,
    note TEXT,
    logged INTEGER NOT NULL,
    retracted INTEGER,
    retraction_reason TEXT,
    first_position INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (activity)
) STRICT;

CREATE INDEX activity_owner ON activity (owner, occurred, first_position, retracted);
CREATE INDEX activity_person ON activity (person, occurred, first_position);
CREATE INDEX activity_meeting ON activity (meeting, person) WHERE meeting IS NOT NULL;

CREATE TABLE activity_participant (
    activity TEXT NOT NULL,
    person TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (activity, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX activity_participant_person ON activity_participant (person, activity);

CREATE TABLE activity_history (
    position INTEGER PRIMARY KEY,
    activity TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    cause INTEGER,
    reason TEXT
) STRICT;

CREATE INDEX activity_history_activity ON activity_history (activity, position);

CREATE TABLE activity_edit (
    activity TEXT NOT NULL,
    field TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (activity, field)
) STRICT, WITHOUT ROWID;

-- on activity.logged
INSERT INTO activity (
    activity,
    owner,
    version,
    meeting,
    person,
    trigger,
    rule,
    confidence,
    kind,
    occurred,
    duration_minutes,
    zone,
    title,
    description,
    location,
    meeting_url,
    note,
    logged,
    first_position,
    position
) VALUES (
    :activity,
    :owner,
    :version,
    :meeting,
    :person,
    :trigger,
    :rule,
    :confidence,
    COALESCE(:kind, 'meeting'),
    :occurred,
    :duration_minutes,
    :zone,
    :title,
    :description,
    :location,
    :meeting_url,
    :note,
    :at,
    :position,
    :position
)
ON CONFLICT (activity) DO NOTHING;

INSERT INTO activity_history (activity, position, type, at, actor, cause)
VALUES (:activity, :position, :type, :at, :actor, :cause);

-- on activity.logged for each participant
INSERT INTO activity_participant (activity, person, number)
VALUES (:activity, :participant, :participant_number)
ON CONFLICT (activity, person) DO NOTHING;

-- on activity.amended
UPDATE activity SET
    version = :version,
    person = COALESCE(:person, person),
    rule = COALESCE(:rule, rule),
    confidence = COALESCE(:confidence, confidence),
    kind = COALESCE(:kind, kind),
    occurred = COALESCE(:occurred, occurred),
    duration_minutes = COALESCE(:duration_minutes, duration_minutes),
    zone = COALESCE(:zone, zone),
    title = COALESCE(:title, title),
    description = COALESCE(:description, description),
    location = COALESCE(:location, location),
    meeting_url = COALESCE(:meeting_url, meeting_url),
    note = COALESCE(:note, note),
    position = :position
WHERE activity = :activity;

DELETE FROM activity_participant WHERE activity = :activity AND :participants IS NOT NULL;

INSERT INTO activity_history (activity, position, type, at, actor, cause)
VALUES (:activity, :position, :type, :at, :actor, :cause);

-- on activity.amended for each participant
INSERT INTO activity_participant (activity, person, number)
VALUES (:activity, :participant, :participant_number)
ON CONFLICT (activity, person) DO NOTHING;

-- on activity.amended for each cleared
UPDATE activity SET
    duration_minutes = CASE WHEN :cleared = 'duration_minutes' THEN NULL ELSE duration_minutes END,
    zone = CASE WHEN :cleared = 'zone' THEN NULL ELSE zone END,
    title = CASE WHEN :cleared = 'title' THEN NULL ELSE title END,
    description = CASE WHEN :cleared = 'description' THEN NULL ELSE description END,
    location = CASE WHEN :cleared = 'location' THEN NULL ELSE location END,
    meeting_url = CASE WHEN :cleared = 'meeting_url' THEN NULL ELSE meeting_url END,
    note = CASE WHEN :cleared = 'note' THEN NULL ELSE note END
WHERE activity = :activity;

DELETE FROM activity_participant WHERE activity = :activity AND :cleared = 'participants';

-- on activity.edited
UPDATE activity SET
    version = :version,
    kind = COALESCE(:kind, kind),
    occurred = COALESCE(:occurred, occurred),
    duration_minutes = COALESCE(:duration_minutes, duration_minutes),
    zone = COALESCE(:zone, zone),
    title = COALESCE(:title, title),
    description = COALESCE(:description, description),
    location = COALESCE(:location, location),
    meeting_url = COALESCE(:meeting_url, meeting_url),
    note = COALESCE(:note, note),
    position = :position
WHERE activity = :activity;

DELETE FROM activity_participant WHERE activity = :activity AND :participants IS NOT NULL;

INSERT INTO activity_history (activity, position, type, at, actor, cause)
VALUES (:activity, :position, :type, :at, :actor, :cause);

-- on activity.edited for each participant
INSERT INTO activity_participant (activity, person, number)
VALUES (:activity, :participant, :participant_number)
ON CONFLICT (activity, person) DO NOTHING;

-- on activity.edited for each cleared
UPDATE activity SET
    duration_minutes = CASE WHEN :cleared = 'duration_minutes' THEN NULL ELSE duration_minutes END,
    zone = CASE WHEN :cleared = 'zone' THEN NULL ELSE zone END,
    title = CASE WHEN :cleared = 'title' THEN NULL ELSE title END,
    description = CASE WHEN :cleared = 'description' THEN NULL ELSE description END,
    location = CASE WHEN :cleared = 'location' THEN NULL ELSE location END,
    meeting_url = CASE WHEN :cleared = 'meeting_url' THEN NULL ELSE meeting_url END,
    note = CASE WHEN :cleared = 'note' THEN NULL ELSE note END
WHERE activity = :activity;

DELETE FROM activity_participant WHERE activity = :activity AND :cleared = 'participants';

-- on activity.edited for each edited_field
INSERT INTO activity_edit (activity, field, position)
VALUES (:activity, :edited_field, :position)
ON CONFLICT (activity, field) DO UPDATE SET
    position = excluded.position;

-- on activity.retracted
UPDATE activity SET
    version = :version,
    retracted = :at,
    retraction_reason = :reason,
    position = :position
WHERE activity = :activity;

INSERT INTO activity_history (activity, position, type, at, actor, cause, reason)
VALUES (:activity, :position, :type, :at, :actor, :cause, :reason);

-- on activity.restored
UPDATE activity SET
    version = :version,
    retracted = NULL,
    retraction_reason = NULL,
    position = :position
WHERE activity = :activity;

INSERT INTO activity_history (activity, position, type, at, actor, cause)
VALUES (:activity, :position, :type, :at, :actor, :cause);

-- on person.merged
UPDATE activity SET person = :survivor WHERE person = :person;

INSERT INTO activity_participant (activity, person, number)
SELECT moved.activity, :survivor, moved.number
FROM activity_participant AS moved
WHERE moved.person = :person
ON CONFLICT (activity, person) DO NOTHING;

DELETE FROM activity_participant WHERE person = :person;

-- on note.written
UPDATE activity SET note = :note WHERE activity = :activity;

-- on note.removed
UPDATE activity SET note = NULL WHERE activity = :activity;

-- Which meetings may be copies of each other, and what was decided about them?

-- schema
CREATE TABLE conflict (
    conflict TEXT NOT NULL,
    owner TEXT NOT NULL,
    meeting TEXT NOT NULL,
    other_meeting TEXT NOT NULL,
    kind TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    found INTEGER NOT NULL,
    resolution TEXT,
    strategy TEXT,
    kept_meeting TEXT,
    hidden_meeting TEXT,
    resolved INTEGER,
    resolved_by TEXT,
    undone INTEGER,
    note TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (conflict)
) STRICT, WITHOUT ROWID;

CREATE INDEX conflict_owner ON conflict (owner, found);
CREATE INDEX conflict_meeting ON conflict (meeting);
CREATE INDEX conflict_other ON conflict (other_meeting);

-- on conflict.found
INSERT INTO conflict (conflict, owner, meeting, other_meeting, kind, confidence, found, position)
VALUES (:conflict, :owner, :meeting, :other_meeting, :kind, :confidence, :at, :position)
ON CONFLICT (conflict) DO NOTHING;

-- on conflict.resolved
UPDATE conflict SET
    resolution = :resolution,
    strategy = :strategy,
    kept_meeting = :kept_meeting,
    hidden_meeting = :hidden_meeting,
    resolved = :at,
    resolved_by = :actor,
    undone = NULL,
    note = :note,
    position = :position
WHERE conflict = :conflict;

-- on conflict.undone
UPDATE conflict SET
    undone = :at,
    kept_meeting = NULL,
    hidden_meeting = NULL,
    position = :position
WHERE conflict = :conflict;

-- Which entries are there of a type, or of an owner, and how many were written on a day?
-- Behind every other question: it points into the ledger and repeats nothing of it.

-- schema
CREATE TABLE entry_index (
    type TEXT NOT NULL,
    position INTEGER NOT NULL,
    owner TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (type, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_index_owner ON entry_index (owner, position);

CREATE TABLE entry_effect (
    cause INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (cause, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_day (
    day TEXT NOT NULL,
    entries INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    PRIMARY KEY (day)
) STRICT, WITHOUT ROWID;

-- on every entry
INSERT INTO entry_index (type, position, owner, at)
VALUES (:type, :position, :owner, :at);

INSERT INTO entry_effect (cause, position)
SELECT :cause, :position
WHERE :cause IS NOT NULL;

INSERT INTO entry_day (day, entries, first_position, last_position)
VALUES (:day, 1, :position, :position)
ON CONFLICT (day) DO UPDATE SET
    entries = entry_day.entries + 1,
    last_position = excluded.last_position;

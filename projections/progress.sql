-- Up to which entry has each stage taken into account what it reads?

-- schema
CREATE TABLE progress (
    owner TEXT NOT NULL,
    job TEXT NOT NULL,
    through INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (owner, job)
) STRICT, WITHOUT ROWID;

-- on job.finished
INSERT INTO progress (owner, job, through, position)
SELECT :owner, :job, :through, :position
WHERE :through IS NOT NULL AND :outcome = 'success'
ON CONFLICT (owner, job) DO UPDATE SET
    through = excluded.through,
    position = excluded.position;

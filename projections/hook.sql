-- Who else is told of what happens, up to where, and what was not taken?

-- schema
CREATE TABLE hook (
    hook TEXT NOT NULL,
    owner TEXT NOT NULL,
    way TEXT NOT NULL,
    types TEXT NOT NULL,
    is_of_all INTEGER NOT NULL,
    with_personal INTEGER NOT NULL,
    name TEXT,
    place TEXT,
    added INTEGER NOT NULL,
    through INTEGER NOT NULL,
    messages INTEGER NOT NULL DEFAULT 0,
    last_success INTEGER,
    failing_entry INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    retry INTEGER,
    error_code TEXT,
    dead INTEGER NOT NULL DEFAULT 0,
    ended TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (hook)
) STRICT, WITHOUT ROWID;

CREATE TABLE hook_dead (
    hook TEXT NOT NULL,
    entry INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    PRIMARY KEY (hook, entry)
) STRICT, WITHOUT ROWID;

-- on hook.added
INSERT INTO hook (hook, owner, way, types, is_of_all, with_personal, name, place, added, through, version)
VALUES (:hook, :owner, :way, COALESCE(:types, '[]'), :is_of_all, :with_personal, :name, :place, :at, :after, :version)
ON CONFLICT (hook) DO NOTHING;

-- on hook.delivered
UPDATE hook SET
    through = CASE WHEN through > :through THEN through ELSE :through END,
    messages = messages + :messages,
    last_success = :at,
    failing_entry = NULL,
    attempts = 0,
    failing_since = NULL,
    retry = NULL,
    error_code = NULL,
    version = :version
WHERE hook = :hook;

-- on hook.failed
UPDATE hook SET
    failing_entry = CASE WHEN :retry IS NULL THEN NULL ELSE :entry END,
    attempts = CASE WHEN :retry IS NULL THEN 0 ELSE :attempt END,
    failing_since = COALESCE(failing_since, :at),
    retry = :retry,
    error_code = :error_code,
    through = CASE WHEN :retry IS NULL AND through < :entry THEN :entry ELSE through END,
    dead = dead + CASE WHEN :retry IS NULL THEN 1 ELSE 0 END,
    version = :version
WHERE hook = :hook;

INSERT INTO hook_dead (hook, entry, at, attempts, error_code)
SELECT :hook, :entry, :at, :attempt, :error_code
WHERE :retry IS NULL
ON CONFLICT (hook, entry) DO UPDATE SET
    at = excluded.at,
    attempts = excluded.attempts,
    error_code = excluded.error_code;

-- on hook.replayed
UPDATE hook SET
    through = :after,
    failing_entry = NULL,
    attempts = 0,
    retry = NULL,
    version = :version
WHERE hook = :hook;

DELETE FROM hook_dead WHERE hook = :hook AND entry > :after;

-- on hook.removed
UPDATE hook SET
    ended = :reason,
    retry = NULL,
    version = :version
WHERE hook = :hook;

DELETE FROM hook_dead WHERE hook = :hook;

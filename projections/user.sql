-- Who uses this home, and what are they called?
-- A user is an `account` here, because `user` is a word of SQL itself.

-- schema
CREATE TABLE account (
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    person TEXT,
    zone TEXT,
    language TEXT,
    name TEXT,
    email TEXT,
    added INTEGER NOT NULL,
    is_removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account)
) STRICT, WITHOUT ROWID;

-- on user.added
INSERT INTO account (account, role, zone, language, name, email, added)
VALUES (:user, :role, :zone, :language, :name, :email, :at)
ON CONFLICT (account) DO NOTHING;

-- on user.changed
UPDATE account SET
    role = coalesce(:role, role),
    person = coalesce(:person, person),
    zone = coalesce(:zone, zone),
    language = coalesce(:language, language),
    name = coalesce(:name, name),
    email = coalesce(:email, email)
WHERE account = :user;

-- on user.changed for each cleared
UPDATE account SET
    person = CASE WHEN :cleared = 'person' THEN NULL ELSE person END,
    zone = CASE WHEN :cleared = 'zone' THEN NULL ELSE zone END,
    language = CASE WHEN :cleared = 'language' THEN NULL ELSE language END,
    name = CASE WHEN :cleared = 'name' THEN NULL ELSE name END,
    email = CASE WHEN :cleared = 'email' THEN NULL ELSE email END
WHERE account = :user;

-- on user.removed
UPDATE account SET
    is_removed = 1
WHERE account = :user;

-- on user.erased
UPDATE account SET
    is_removed = 1,
    name = NULL,
    email = NULL
WHERE account = :user;

-- Which tokens are there, and who has a password?
-- Whether a token opens anything is asked here; what it is compared with stands in the vault.

-- schema
CREATE TABLE access_token (
    token TEXT NOT NULL,
    account TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires INTEGER,
    issued INTEGER NOT NULL,
    revoked INTEGER,
    reason TEXT,
    name TEXT,
    PRIMARY KEY (token)
) STRICT, WITHOUT ROWID;

CREATE INDEX access_token_of ON access_token (account, issued);

CREATE TABLE access_password (
    account TEXT NOT NULL,
    changed INTEGER NOT NULL,
    is_reset INTEGER NOT NULL,
    PRIMARY KEY (account)
) STRICT, WITHOUT ROWID;

-- on token.issued
INSERT INTO access_token (token, account, scopes, expires, issued, name)
VALUES (:token, :user, coalesce(:scopes, '[]'), :expires, :at, :name)
ON CONFLICT (token) DO NOTHING;

-- on token.revoked
UPDATE access_token SET
    revoked = :at,
    reason = :reason
WHERE token = :token AND revoked IS NULL;

-- on password.changed
INSERT INTO access_password (account, changed, is_reset)
VALUES (:user, :at, coalesce(:is_reset, 0))
ON CONFLICT (account) DO UPDATE SET
    changed = excluded.changed,
    is_reset = excluded.is_reset;

-- on user.removed
DELETE FROM access_password WHERE account = :user;

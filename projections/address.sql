-- Which addresses came up, whose are they, and by which rule do we think so?
-- `answer` is what was decided last: matched, unmatched or suggested. What was seen after it was answered is due again:
-- `answered IS NULL OR answered < seen`. An address that is claimed is a user's own.

-- schema
CREATE TABLE address (
    address TEXT NOT NULL,
    owner TEXT NOT NULL,
    mailbox TEXT,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    email TEXT,
    name TEXT,
    folded_name TEXT,
    folded_given_name TEXT,
    claimed_by TEXT,
    exclusion TEXT,
    answer TEXT,
    person TEXT,
    rule TEXT,
    confidence INTEGER,
    reason TEXT,
    candidates TEXT,
    is_by_hand INTEGER NOT NULL DEFAULT 0,
    answered INTEGER,
    seen INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    PRIMARY KEY (address)
) STRICT;

CREATE INDEX address_due ON address (owner, seen) WHERE answered IS NULL OR answered < seen;
CREATE INDEX address_person ON address (person) WHERE person IS NOT NULL;
CREATE INDEX address_mailbox ON address (mailbox) WHERE mailbox IS NOT NULL;
CREATE INDEX address_name ON address (owner, folded_name) WHERE folded_name IS NOT NULL;

CREATE INDEX address_given_name ON address (owner, folded_given_name) WHERE folded_given_name IS NOT NULL;
CREATE INDEX address_answered_own ON address (owner, address) WHERE reason = 'own_address';
CREATE INDEX address_own ON address (owner, address) WHERE claimed_by IS NOT NULL;

CREATE TABLE address_candidate (
    address TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (address, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX address_candidate_person ON address_candidate (person, address);

CREATE TABLE address_suggestion (
    address TEXT NOT NULL,
    person TEXT NOT NULL,
    owner TEXT NOT NULL,
    rule TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (address, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX address_suggestion_owner ON address_suggestion (owner, position);
CREATE INDEX address_suggestion_person ON address_suggestion (person);

CREATE TABLE address_rejection (
    address TEXT NOT NULL,
    person TEXT NOT NULL,
    rule TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (address, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX address_rejection_person ON address_rejection (person);

-- on address.seen
INSERT INTO address (
    address,
    owner,
    mailbox,
    kind,
    source,
    email,
    name,
    folded_name,
    folded_given_name,
    seen,
    first_position
) VALUES (
    :address,
    :owner,
    :mailbox,
    :kind,
    :source,
    :email,
    :name,
    :folded_name,
    :folded_given_name,
    :position,
    :position
) ON CONFLICT (address) DO UPDATE SET
    mailbox = COALESCE(excluded.mailbox, address.mailbox),
    kind = excluded.kind,
    email = COALESCE(excluded.email, address.email),
    name = COALESCE(excluded.name, address.name),
    folded_name = COALESCE(excluded.folded_name, address.folded_name),
    folded_given_name = COALESCE(excluded.folded_given_name, address.folded_given_name),
    seen = excluded.seen;

-- on address.claimed
UPDATE address SET
    claimed_by = :user,
    seen = :position
WHERE address = :address;

-- on address.disclaimed
UPDATE address SET
    claimed_by = NULL,
    seen = :position
WHERE address = :address;

-- on address.excluded
UPDATE address SET
    exclusion = :reason,
    seen = :position
WHERE address = :address;

-- on address.included
UPDATE address SET
    exclusion = NULL,
    seen = :position
WHERE address = :address;

-- on address.matched
UPDATE address SET
    answer = 'matched',
    person = :person,
    rule = :rule,
    confidence = :confidence,
    reason = NULL,
    candidates = :candidates,
    is_by_hand = CASE WHEN :rule = 'manual' THEN 1 ELSE 0 END,
    answered = :position
WHERE address = :address;

DELETE FROM address_suggestion WHERE address = :address;
DELETE FROM address_rejection WHERE address = :address AND person = :person;
DELETE FROM address_candidate WHERE address = :address;

-- on address.matched for each candidate
INSERT INTO address_candidate (address, person)
VALUES (:address, :candidate)
ON CONFLICT (address, person) DO NOTHING;

-- on address.unmatched
UPDATE address SET
    answer = 'unmatched',
    person = NULL,
    rule = NULL,
    confidence = NULL,
    reason = :reason,
    candidates = :candidates,
    is_by_hand = CASE WHEN :reason = 'by_hand' THEN 1 ELSE 0 END,
    answered = :position
WHERE address = :address;

DELETE FROM address_suggestion WHERE address = :address;
DELETE FROM address_candidate WHERE address = :address;

-- on address.unmatched for each candidate
INSERT INTO address_candidate (address, person)
VALUES (:address, :candidate)
ON CONFLICT (address, person) DO NOTHING;

-- on address.suggested
UPDATE address SET
    answer = 'suggested',
    person = NULL,
    rule = NULL,
    confidence = NULL,
    reason = NULL,
    candidates = NULL,
    is_by_hand = 0,
    answered = :position
WHERE address = :address;

DELETE FROM address_suggestion WHERE address = :address AND person <> :person;

INSERT INTO address_suggestion (address, person, owner, rule, confidence, position)
VALUES (:address, :person, :owner, :rule, :confidence, :position)
ON CONFLICT (address, person) DO UPDATE SET
    rule = excluded.rule,
    confidence = excluded.confidence,
    position = excluded.position;

-- on address.confirmed
UPDATE address SET
    answer = 'matched',
    person = :person,
    rule = :rule,
    confidence = :confidence,
    reason = NULL,
    candidates = NULL,
    is_by_hand = 1,
    answered = :position
WHERE address = :address;

DELETE FROM address_suggestion WHERE address = :address;
DELETE FROM address_rejection WHERE address = :address AND person = :person;

-- on address.rejected
INSERT INTO address_rejection (address, person, rule, position)
VALUES (:address, :person, :rule, :position)
ON CONFLICT (address, person) DO UPDATE SET
    rule = excluded.rule,
    position = excluded.position;

DELETE FROM address_suggestion WHERE address = :address AND person = :person;

UPDATE address SET
    answer = 'unmatched',
    person = NULL,
    rule = NULL,
    confidence = NULL,
    reason = 'by_hand',
    candidates = NULL,
    is_by_hand = 0,
    answered = :position
WHERE address = :address AND (person = :person OR (
    answer = 'suggested' AND NOT EXISTS (
        SELECT 1
        FROM address_suggestion
        WHERE address_suggestion.address = :address
    )
));

-- on person.merged
UPDATE address SET person = :survivor WHERE person = :person;

INSERT INTO address_suggestion (address, person, owner, rule, confidence, position)
SELECT moved.address, :survivor, moved.owner, moved.rule, moved.confidence, moved.position
FROM address_suggestion AS moved
WHERE moved.person = :person
ON CONFLICT (address, person) DO NOTHING;

DELETE FROM address_suggestion WHERE person = :person;

INSERT INTO address_rejection (address, person, rule, position)
SELECT moved.address, :survivor, moved.rule, moved.position
FROM address_rejection AS moved
WHERE moved.person = :person
ON CONFLICT (address, person) DO NOTHING;

DELETE FROM address_rejection WHERE person = :person;

-- on person.removed
DELETE FROM address_suggestion WHERE person = :person;
DELETE FROM address_rejection WHERE person = :person;

-- on person.erased
DELETE FROM address_suggestion WHERE person = :person;
DELETE FROM address_rejection WHERE person = :person;

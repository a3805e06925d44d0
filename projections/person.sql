-- Whom do the users know, and by which addresses?
-- `other_names` and `phones` are JSON lists. A person who was merged into another keeps a row that says so, so that an
-- old id still leads somewhere.

-- schema
CREATE TABLE person (
    person TEXT NOT NULL,
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    connection TEXT,
    provider_id TEXT,
    name TEXT,
    given_name TEXT,
    family_name TEXT,
    folded_name TEXT,
    folded_given_name TEXT,
    other_names TEXT,
    organization TEXT,
    phones TEXT,
    link TEXT,
    provider_path TEXT,
    revision TEXT,
    content_hash TEXT,
    note TEXT,
    merged_into TEXT,
    first_position INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (person)
) STRICT;

CREATE INDEX person_name ON person (owner, folded_name) WHERE folded_name IS NOT NULL;
CREATE INDEX person_given_name ON person (owner, folded_given_name) WHERE folded_given_name IS NOT NULL;
CREATE INDEX person_merged ON person (owner, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX person_source ON person (connection, provider_id) WHERE connection IS NOT NULL;

CREATE TABLE person_address (
    person TEXT NOT NULL,
    address TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (person, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_address_address ON person_address (address, person);

CREATE TABLE person_absence (
    connection TEXT NOT NULL,
    person TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (connection, person)
) STRICT, WITHOUT ROWID;

-- on person.added
INSERT INTO person (
    person,
    owner,
    version,
    source,
    connection,
    provider_id,
    name,
    given_name,
    family_name,
    folded_name,
    folded_given_name,
    other_names,
    organization,
    phones,
    link,
    provider_path,
    revision,
    content_hash,
    note,
    first_position,
    position
) VALUES (
    :person,
    :owner,
    :version,
    :source,
    :connection,
    :provider_id,
    :name,
    :given_name,
    :family_name,
    :folded_name,
    :folded_given_name,
    :other_names,
    :organization,
    :phones,
    :link,
    :provider_path,
    :revision,
    :content_hash,
    :note,
    :position,
    :position
) ON CONFLICT (person) DO UPDATE SET
    version = excluded.version,
    source = excluded.source,
    connection = excluded.connection,
    provider_id = excluded.provider_id,
    name = excluded.name,
    given_name = excluded.given_name,
    family_name = excluded.family_name,
    folded_name = excluded.folded_name,
    folded_given_name = excluded.folded_given_name,
    other_names = excluded.other_names,
    organization = excluded.organization,
    phones = excluded.phones,
    link = excluded.link,
    provider_path = excluded.provider_path,
    revision = excluded.revision,
    content_hash = excluded.content_hash,
    note = excluded.note,
    merged_into = NULL,
    position = excluded.position;

DELETE FROM person_address WHERE person = :person;

-- on person.added for each address
INSERT INTO person_address (person, address, number)
VALUES (:person, :address, :address_number)
ON CONFLICT (person, address) DO NOTHING;

-- on person.changed
UPDATE person SET
    version = :version,
    name = COALESCE(:name, name),
    given_name = COALESCE(:given_name, given_name),
    family_name = COALESCE(:family_name, family_name),
    folded_name = COALESCE(:folded_name, folded_name),
    folded_given_name = COALESCE(:folded_given_name, folded_given_name),
    other_names = COALESCE(:other_names, other_names),
    organization = COALESCE(:organization, organization),
    phones = COALESCE(:phones, phones),
    link = COALESCE(:link, link),
    provider_path = COALESCE(:provider_path, provider_path),
    revision = COALESCE(:revision, revision),
    content_hash = COALESCE(:content_hash, content_hash),
    note = COALESCE(:note, note),
    position = :position
WHERE person = :person;

DELETE FROM person_address WHERE person = :person AND :addresses IS NOT NULL;

-- on person.changed for each address
INSERT INTO person_address (person, address, number)
VALUES (:person, :address, :address_number)
ON CONFLICT (person, address) DO NOTHING;

-- on person.changed for each cleared
UPDATE person SET
    name = CASE WHEN :cleared = 'name' THEN NULL ELSE name END,
    given_name = CASE WHEN :cleared = 'given_name' THEN NULL ELSE given_name END,
    family_name = CASE WHEN :cleared = 'family_name' THEN NULL ELSE family_name END,
    folded_name = CASE WHEN :cleared = 'folded_name' THEN NULL ELSE folded_name END,
    folded_given_name = CASE WHEN :cleared = 'folded_given_name' THEN NULL ELSE folded_given_name END,
    other_names = CASE WHEN :cleared = 'other_names' THEN NULL ELSE other_names END,
    organization = CASE WHEN :cleared = 'organization' THEN NULL ELSE organization END,
    phones = CASE WHEN :cleared = 'phones' THEN NULL ELSE phones END,
    link = CASE WHEN :cleared = 'link' THEN NULL ELSE link END,
    provider_path = CASE WHEN :cleared = 'provider_path' THEN NULL ELSE provider_path END,
    revision = CASE WHEN :cleared = 'revision' THEN NULL ELSE revision END,
    note = CASE WHEN :cleared = 'note' THEN NULL ELSE note END
WHERE person = :person;

DELETE FROM person_address WHERE person = :person AND :cleared = 'addresses';

-- on person.merged
INSERT INTO person_address (person, address, number)
SELECT
    :survivor,
    moved.address,
    moved.number + (
        SELECT COALESCE(MAX(kept.number) + 1, 0)
        FROM person_address AS kept
        WHERE kept.person = :survivor
    )
FROM person_address AS moved
WHERE moved.person = :person
ON CONFLICT (person, address) DO NOTHING;

DELETE FROM person_address WHERE person = :person;

UPDATE person SET
    version = :version,
    merged_into = :survivor,
    position = :position
WHERE person = :person;

-- on person.removed
DELETE FROM person_address WHERE person = :person;
DELETE FROM person WHERE person = :person;

-- on person.erased
DELETE FROM person_address WHERE person = :person;
DELETE FROM person WHERE person = :person;

-- on note.written
UPDATE person SET note = :note WHERE person = :person;

-- on note.removed
UPDATE person SET note = NULL WHERE person = :person;

-- on fetch.finished
DELETE FROM person_absence
WHERE connection = :connection AND :subject = 'people' AND :mode <> 'delta' AND :is_complete = 1;

-- on fetch.finished for each absence
INSERT INTO person_absence (connection, person, position)
SELECT :connection, :absence_person, :position
WHERE :absence_person IS NOT NULL
ON CONFLICT (connection, person) DO NOTHING;

-- on connection.removed
DELETE FROM person_absence WHERE connection = :connection;

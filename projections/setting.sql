-- Which settings hold, for the home and for each user?
-- A value is JSON. What has no row has its default.

-- schema
CREATE TABLE setting (
    owner TEXT NOT NULL,
    setting TEXT NOT NULL,
    value TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (owner, setting)
) STRICT, WITHOUT ROWID;

-- on setting.changed
DELETE FROM setting WHERE owner = :owner AND setting = :setting;

INSERT INTO setting (owner, setting, value, position)
SELECT :owner, :setting, COALESCE(:value, :personal_value), :position
WHERE :value IS NOT NULL OR :personal_value IS NOT NULL;

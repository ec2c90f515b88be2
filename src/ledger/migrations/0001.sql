-- The journal is the truth; the tables below are made from it, line by line, in the same transaction.
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    -- Where it was written, and by whom; empty when nobody had logged in.
    station TEXT NOT NULL,
    who     TEXT NOT NULL,
    fact    TEXT NOT NULL,
    hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE sitting (
    id     INTEGER PRIMARY KEY,
    code   TEXT NOT NULL,
    since  INTEGER NOT NULL,
    retake INTEGER NOT NULL,
    -- 'kept', 'dismissed', 'interrupted'; 'withdrawn' when its portrait was not his; NULL while somebody sits.
    ending TEXT
) STRICT;
CREATE INDEX sitting_of_code ON sitting (code);

CREATE TABLE shot (
    id      INTEGER PRIMARY KEY,
    -- NULL: a stray.
    sitting INTEGER REFERENCES sitting (id),
    object  TEXT NOT NULL UNIQUE,
    -- A camera's file that comes twice is one shot.
    jpeg    TEXT NOT NULL UNIQUE,
    UNIQUE (sitting, id)
) STRICT;

-- Every portrait that was ever kept; none is changed or removed. Of those that were not withdrawn: at most one a sitting,
-- one a shot, and only of a shot of that very sitting.
CREATE TABLE kept (
    sitting   INTEGER NOT NULL REFERENCES sitting (id),
    shot      INTEGER NOT NULL REFERENCES shot (id),
    object    TEXT NOT NULL UNIQUE,
    jpeg      TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    quality   INTEGER NOT NULL,
    seq       INTEGER PRIMARY KEY REFERENCES journal (seq),
    -- The line that says it was not his; NULL while it counts.
    withdrawn INTEGER REFERENCES journal (seq),
    -- The sitting and the shot it counts for; NULL, which takes nobody's place, once it was withdrawn.
    holds     INTEGER GENERATED ALWAYS AS (CASE WHEN withdrawn IS NULL THEN sitting END) STORED UNIQUE,
    shows     INTEGER GENERATED ALWAYS AS (CASE WHEN withdrawn IS NULL THEN shot END) STORED UNIQUE,
    FOREIGN KEY (holds, shows) REFERENCES shot (sitting, id)
) STRICT;
CREATE INDEX kept_of_sitting ON kept (sitting);

-- Which portrait took the place of which.
CREATE TABLE superseding (
    earlier TEXT NOT NULL REFERENCES kept (object),
    later   INTEGER NOT NULL REFERENCES kept (seq),
    PRIMARY KEY (earlier, later)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
    target TEXT NOT NULL,
    object TEXT NOT NULL REFERENCES kept (object),
    seq    INTEGER NOT NULL REFERENCES journal (seq),
    PRIMARY KEY (target, object)
) STRICT;

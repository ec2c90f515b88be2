-- The journal is the truth; the tables below are made from it, line by line, in the same transaction.
CREATE TABLE journal (
    seq  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    fact TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE sitting (
    id     INTEGER PRIMARY KEY,
    code   TEXT NOT NULL,
    since  INTEGER NOT NULL,
    retake INTEGER NOT NULL,
    -- 'kept', 'dismissed', 'interrupted'; NULL while somebody sits.
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

-- At most one portrait a sitting, one portrait a shot, and only of a shot of that very sitting.
CREATE TABLE kept (
    sitting INTEGER PRIMARY KEY REFERENCES sitting (id),
    shot    INTEGER NOT NULL UNIQUE,
    object  TEXT NOT NULL UNIQUE,
    jpeg    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    quality INTEGER NOT NULL,
    seq     INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
    FOREIGN KEY (sitting, shot) REFERENCES shot (sitting, id)
) STRICT;

CREATE TABLE delivery (
    target TEXT NOT NULL,
    object TEXT NOT NULL REFERENCES kept (object),
    seq    INTEGER NOT NULL REFERENCES journal (seq),
    PRIMARY KEY (target, object)
) STRICT;

-- A student's current portrait: the one kept last. Earlier ones stay, superseded by a retake.
CREATE VIEW current_portrait AS
SELECT sitting.code, kept.*
FROM kept JOIN sitting ON sitting.id = kept.sitting
WHERE kept.seq = (
    SELECT max(other.seq)
    FROM kept AS other JOIN sitting AS same ON same.id = other.sitting
    WHERE same.code = sitting.code
);

-- 待上传队列: current portraits that were delivered nowhere.
CREATE VIEW queue AS
SELECT * FROM current_portrait
WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.object = current_portrait.object);

-- What is asked at every act and at every start is found, not searched for: after a season the journal has 130,000
-- lines, and reading all of them takes longer than a student takes to sit down.

-- What a line is about, read out of it: nothing is stored twice. A line that is no JSON is about nothing.
ALTER TABLE journal ADD COLUMN kind TEXT AS (
    CASE WHEN json_valid(fact) AND json_type(fact, '$.fact') = 'text' THEN json_extract(fact, '$.fact') END
) VIRTUAL;
ALTER TABLE journal ADD COLUMN sitting INTEGER AS (
    CASE WHEN json_valid(fact) AND json_type(fact, '$.sitting') = 'integer' THEN json_extract(fact, '$.sitting') END
) VIRTUAL;
ALTER TABLE journal ADD COLUMN shot INTEGER AS (
    CASE WHEN json_valid(fact) AND json_type(fact, '$.shot') = 'integer' THEN json_extract(fact, '$.shot') END
) VIRTUAL;
CREATE INDEX journal_by_time ON journal (at);
CREATE INDEX journal_by_kind ON journal (kind);
CREATE INDEX journal_by_sitting ON journal (sitting) WHERE sitting IS NOT NULL;
CREATE INDEX journal_by_shot ON journal (shot) WHERE shot IS NOT NULL;
CREATE INDEX sitting_by_time ON sitting (since);
CREATE INDEX delivery_of_object ON delivery (object);

-- When whoever sat left. A stray may be given to a sitting long after: what counts is its first end.
ALTER TABLE sitting ADD COLUMN ended INTEGER;
CREATE INDEX sitting_by_end ON sitting (ended);
UPDATE sitting SET ended = (
    SELECT journal.at FROM journal
    WHERE journal.sitting = sitting.id AND +journal.kind IN ('kept', 'dismissed', 'interrupted')
    ORDER BY journal.seq LIMIT 1
);
CREATE TRIGGER sitting_ends AFTER INSERT ON journal WHEN new.kind IN ('kept', 'dismissed', 'interrupted') BEGIN
    UPDATE sitting SET ended = coalesce(ended, new.at) WHERE id = new.sitting;
END;
CREATE TRIGGER sitting_goes_on AFTER UPDATE OF ending ON sitting WHEN new.ending IS NULL BEGIN
    UPDATE sitting SET ended = NULL WHERE id = new.id;
END;

-- Each student's current portrait, the one kept last, and when; and of these, which were delivered nowhere. Both
-- follow from the tables, by the triggers below; `verify` asks whether they say what the two views say.
CREATE TABLE newest (
    sitting INTEGER PRIMARY KEY,
    student TEXT NOT NULL UNIQUE,
    at      INTEGER
) STRICT;
CREATE INDEX newest_by_time ON newest (at);
CREATE TABLE waiting (sitting INTEGER PRIMARY KEY) STRICT;

CREATE VIEW newest_should_be AS
SELECT kept.sitting, sitting.student, journal.at
FROM kept JOIN sitting ON sitting.id = kept.sitting LEFT JOIN journal ON journal.seq = kept.seq
WHERE kept.seq = (
    SELECT max(other.seq)
    FROM kept AS other JOIN sitting AS same ON same.id = other.sitting
    WHERE same.student = sitting.student
);
CREATE VIEW waiting_should_be AS
SELECT newest_should_be.sitting, newest_should_be.student
FROM newest_should_be JOIN kept ON kept.sitting = newest_should_be.sitting
WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.object = kept.object);
INSERT INTO newest SELECT * FROM newest_should_be;
INSERT INTO waiting SELECT sitting FROM waiting_should_be;

-- Whoever is put in here has his newest portrait looked for again.
CREATE VIEW restated AS SELECT student FROM sitting;
CREATE TRIGGER restate INSTEAD OF INSERT ON restated BEGIN
    DELETE FROM waiting WHERE sitting IN (SELECT id FROM sitting WHERE student = new.student);
    DELETE FROM newest WHERE student = new.student;
    INSERT OR REPLACE INTO newest SELECT * FROM newest_should_be WHERE student = new.student;
    INSERT OR REPLACE INTO waiting SELECT sitting FROM waiting_should_be WHERE student = new.student;
END;
CREATE TRIGGER kept_comes AFTER INSERT ON kept BEGIN
    INSERT INTO restated SELECT student FROM sitting WHERE id = new.sitting;
END;
CREATE TRIGGER kept_goes AFTER DELETE ON kept BEGIN
    DELETE FROM newest WHERE sitting = old.sitting;
    DELETE FROM waiting WHERE sitting = old.sitting;
    INSERT INTO restated SELECT student FROM sitting WHERE id = old.sitting;
END;
CREATE TRIGGER student_is_named AFTER UPDATE OF student ON sitting BEGIN
    INSERT INTO restated VALUES (old.student), (new.student);
END;
CREATE TRIGGER delivered AFTER INSERT ON delivery BEGIN
    DELETE FROM waiting WHERE sitting = (SELECT sitting FROM kept WHERE object = new.object);
END;

DROP VIEW queue;
DROP VIEW current_portrait;
CREATE VIEW current_portrait AS
SELECT sitting.code, kept.*
FROM newest JOIN kept ON kept.sitting = newest.sitting JOIN sitting ON sitting.id = kept.sitting;
-- 待上传队列: current portraits that were delivered nowhere.
CREATE VIEW queue AS
SELECT sitting.code, kept.*
FROM waiting JOIN kept ON kept.sitting = waiting.sitting JOIN sitting ON sitting.id = kept.sitting;

-- What is asked at every act and at every start is found, not searched for: after a season the journal has 130,000
-- lines, and reading all of them takes longer than a student takes to sit down.

-- What a line is about, read out of it: nothing is stored twice. A line that is no JSON is about nothing.
ALTER TABLE journal ADD COLUMN kind TEXT AS (
    CASE WHEN json_valid(fact) AND json_type(fact, '$.fact') = 'text' THEN json_extract(fact, '$.fact') END
) VIRTUAL;
-- A correction is about the sitting it takes a portrait from.
ALTER TABLE journal ADD COLUMN sitting INTEGER AS (
    CASE
        WHEN NOT json_valid(fact) THEN NULL
        WHEN json_type(fact, '$.sitting') = 'integer' THEN json_extract(fact, '$.sitting')
        WHEN json_type(fact, '$.from') = 'integer' THEN json_extract(fact, '$.from')
    END
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

-- Each student's current portrait by the line that kept it, and when; and of these, which were delivered nowhere. Both
-- follow from the tables, by the triggers below; `verify` asks whether they say what the two views say.
CREATE TABLE newest (
    seq     INTEGER PRIMARY KEY,
    student TEXT NOT NULL UNIQUE,
    at      INTEGER
) STRICT;
CREATE INDEX newest_by_time ON newest (at);
CREATE TABLE waiting (seq INTEGER PRIMARY KEY) STRICT;

CREATE VIEW newest_should_be AS
SELECT standing.seq, standing.student, journal.at
FROM standing LEFT JOIN journal ON journal.seq = standing.seq
WHERE standing.seq = (SELECT max(other.seq) FROM standing AS other WHERE other.student = standing.student);
CREATE VIEW waiting_should_be AS
SELECT newest_should_be.seq, newest_should_be.student
FROM newest_should_be JOIN kept ON kept.seq = newest_should_be.seq
WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.object = kept.object);
INSERT INTO newest SELECT seq, student, at FROM newest_should_be;
INSERT INTO waiting SELECT seq FROM waiting_should_be;

-- Whoever is put in here has his newest portrait looked for again.
CREATE VIEW restated AS SELECT student FROM sitting;
CREATE TRIGGER restate INSTEAD OF INSERT ON restated BEGIN
    DELETE FROM waiting WHERE seq IN (
        SELECT kept.seq FROM sitting JOIN kept ON kept.sitting = sitting.id WHERE sitting.student = new.student
    );
    DELETE FROM newest WHERE student = new.student;
    INSERT OR REPLACE INTO newest SELECT seq, student, at FROM newest_should_be WHERE student = new.student;
    INSERT OR REPLACE INTO waiting SELECT seq FROM waiting_should_be WHERE student = new.student;
END;
CREATE TRIGGER kept_comes AFTER INSERT ON kept BEGIN
    INSERT INTO restated SELECT student FROM sitting WHERE id = new.sitting;
END;
CREATE TRIGGER kept_is_withdrawn AFTER UPDATE OF withdrawn ON kept BEGIN
    INSERT INTO restated SELECT student FROM sitting WHERE id = new.sitting;
END;
CREATE TRIGGER kept_goes AFTER DELETE ON kept BEGIN
    DELETE FROM newest WHERE seq = old.seq;
    DELETE FROM waiting WHERE seq = old.seq;
    INSERT INTO restated SELECT student FROM sitting WHERE id = old.sitting;
END;
CREATE TRIGGER kept_is_superseded AFTER INSERT ON superseding BEGIN
    INSERT INTO restated
    SELECT student FROM kept JOIN sitting ON sitting.id = kept.sitting WHERE kept.object = new.earlier;
END;
CREATE TRIGGER student_is_named AFTER UPDATE OF student ON sitting BEGIN
    INSERT INTO restated VALUES (old.student), (new.student);
END;
CREATE TRIGGER delivered AFTER INSERT ON delivery BEGIN
    DELETE FROM waiting WHERE seq = (SELECT seq FROM kept WHERE object = new.object);
END;

DROP VIEW queue;
DROP VIEW current_portrait;
CREATE VIEW current_portrait AS
SELECT sitting.code, sitting.student, kept.*
FROM newest JOIN kept ON kept.seq = newest.seq JOIN sitting ON sitting.id = kept.sitting;
-- 待上传队列: current portraits that were delivered nowhere.
CREATE VIEW queue AS
SELECT sitting.code, sitting.student, kept.*
FROM waiting JOIN kept ON kept.seq = waiting.seq JOIN sitting ON sitting.id = kept.sitting;

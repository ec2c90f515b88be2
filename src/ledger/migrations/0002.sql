-- By what a student is known again. A code that was downloaded again has other bytes and the same student: without
-- this, a retake with it would be a second current portrait of one person.
-- The key of a code nobody looked into is 'code', U+001F and the code.
ALTER TABLE sitting ADD COLUMN student TEXT;
UPDATE sitting SET student = 'code' || char(31) || code;
CREATE INDEX sitting_of_student ON sitting (student);

DROP VIEW queue;
DROP VIEW current_portrait;

-- A student's current portrait: the one kept last, with the code it was kept under. Earlier ones stay, superseded.
CREATE VIEW current_portrait AS
SELECT sitting.code, kept.*
FROM kept JOIN sitting ON sitting.id = kept.sitting
WHERE kept.seq = (
    SELECT max(other.seq)
    FROM kept AS other JOIN sitting AS same ON same.id = other.sitting
    WHERE same.student = sitting.student
);

-- 待上传队列: current portraits that were delivered nowhere.
CREATE VIEW queue AS
SELECT * FROM current_portrait
WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.object = current_portrait.object);

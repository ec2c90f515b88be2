-- By what a student is known again. A code that was downloaded again has other bytes and the same student: without
-- this, a retake with it would be a second current portrait of one person.
-- The key of a code nobody looked into is 'code', U+001F and the code.
ALTER TABLE sitting ADD COLUMN student TEXT;
UPDATE sitting SET student = 'code' || char(31) || code;
CREATE INDEX sitting_of_student ON sitting (student);

-- Portraits that stand: not withdrawn, and none of the same student took their place that counts itself. By what students
-- are known again may change: what turns out to be two persons' has two portraits again.
CREATE VIEW standing AS
SELECT sitting.code, sitting.student, kept.*
FROM kept JOIN sitting ON sitting.id = kept.sitting
WHERE kept.withdrawn IS NULL AND NOT EXISTS (
    SELECT 1
    FROM superseding
        JOIN kept AS later ON later.seq = superseding.later
        JOIN sitting AS same ON same.id = later.sitting
    WHERE superseding.earlier = kept.object AND later.withdrawn IS NULL AND same.student = sitting.student
);

-- A student's current portrait. Where two stand, a person decides; until then the one kept last is delivered.
CREATE VIEW current_portrait AS
SELECT * FROM standing
WHERE seq = (SELECT max(other.seq) FROM standing AS other WHERE other.student = standing.student);

-- 待上传队列: current portraits that were delivered nowhere.
CREATE VIEW queue AS
SELECT * FROM current_portrait
WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.object = current_portrait.object);

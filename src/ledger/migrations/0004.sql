-- A portrait is delivered when it is what was handed over last of its student. One that was delivered, gave way to a
-- retake that was delivered over it, and counts again because the retake was another's, has to be delivered again.
DROP VIEW waiting_should_be;
CREATE VIEW waiting_should_be AS
SELECT newest_should_be.seq, newest_should_be.student
FROM newest_should_be JOIN kept ON kept.seq = newest_should_be.seq
WHERE NOT EXISTS (
    SELECT 1 FROM delivery
    WHERE delivery.object = kept.object AND NOT EXISTS (
        SELECT 1
        FROM sitting JOIN kept AS other ON other.sitting = sitting.id JOIN delivery AS later ON later.object = other.object
        WHERE sitting.student = newest_should_be.student AND other.seq <> kept.seq AND later.seq > delivery.seq
    )
);
DELETE FROM waiting;
INSERT INTO waiting SELECT seq FROM waiting_should_be;

DROP TRIGGER delivered;
-- The current one waits no longer; one that is not makes the current one wait again.
CREATE TRIGGER delivered AFTER INSERT ON delivery BEGIN
    DELETE FROM waiting WHERE seq = (SELECT seq FROM kept WHERE object = new.object);
    INSERT INTO restated
    SELECT sitting.student FROM kept JOIN sitting ON sitting.id = kept.sitting
    WHERE kept.object = new.object AND NOT EXISTS (SELECT 1 FROM newest WHERE newest.seq = kept.seq);
END;

-- Who follows a case is among what it is found by, also of cases that were filed before that was so: the last one that was
-- filed again (`refiled`; NULL: all were). The desk does so beside everything else.
ALTER TABLE desks ADD COLUMN refiled BIGINT;
UPDATE desks SET refiled = 0;

-- Who follows a case is among what it is found by, also of cases that were filed before that was so: the last one that was
-- filed again (`refiled`; NULL: all were). The desk does so beside everything else.
ALTER TABLE desks ADD COLUMN refiled BIGINT;
UPDATE desks SET refiled = 0;

-- Whether words were read as a complaint (likelier than not), whatever else is likelier of them: `intent` is but the likeliest.
ALTER TABLE readings ADD COLUMN complains SMALLINT NOT NULL DEFAULT 0;
UPDATE readings SET complains = 1 WHERE content LIKE '%"intent":"complaint","probability":0.5%'
  OR content LIKE '%"intent":"complaint","probability":0.6%' OR content LIKE '%"intent":"complaint","probability":0.7%'
  OR content LIKE '%"intent":"complaint","probability":0.8%' OR content LIKE '%"intent":"complaint","probability":0.9%'
  OR content LIKE '%"intent":"complaint","probability":1.%';

-- Words that are others by now are read again.

-- `words` is a mark of the words that a reading was made of: where they are others by now, they are read again. NULL: it
-- was made before there were marks. `begins`: nothing that was read before belongs to the same question. `praised`: that
-- somebody praised was told.
ALTER TABLE readings ADD COLUMN words TEXT;
ALTER TABLE readings ADD COLUMN begins SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE readings ADD COLUMN praised SMALLINT NOT NULL DEFAULT 0;
UPDATE readings SET praised = 1 WHERE intent = 'compliment';

-- Whether something that was read before is to be read again.
ALTER TABLE unread ADD COLUMN again SMALLINT NOT NULL DEFAULT 0;

-- What a case asks of whoever takes it, so that whoever looks for somebody passes over all that asks the same at once. Empty:
-- not known, as of cases from before: each of these is looked at.
ALTER TABLE cases ADD COLUMN asks TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_asks ON cases (workspace, team, asks, queue_at, conversation) WHERE queue_at IS NOT NULL;

-- Calls in doubt: their platform is asked when they are due. `resent`: 0 sent once, 1 sent once more by itself, so that
-- it may be there twice, 2 the same, but the platform refused it the second time.
ALTER TABLE calls ADD COLUMN resent SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX calls_doubt ON calls (workspace, due_at) WHERE state = 4;

-- What our callers asked for under a key of theirs: keyed marks of the key and of what was asked, and the message.
CREATE TABLE orders (
  workspace BIGINT NOT NULL, mark TEXT NOT NULL, asked TEXT NOT NULL, message BIGINT NOT NULL,
  PRIMARY KEY (workspace, mark)
){clustered};
CREATE INDEX orders_message ON orders (workspace, message);

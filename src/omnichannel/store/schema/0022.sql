-- Nobody waits for ever: what waits is taken in the order in which it came.

CREATE INDEX todo_turn ON todo (workspace, message) WHERE state = 0;
CREATE INDEX unread_since ON unread (workspace, since);

-- Until when an account's platform asked us to send nothing, in microseconds since 1970.
ALTER TABLE pulses ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
-- Calls of accounts that are left out are passed over without being read.
DROP INDEX calls_due;
CREATE INDEX calls_due ON calls (workspace, due_at, id, account) WHERE state IN (0, 1);

-- What arrived under no id: its echo is known by its words alone.
CREATE INDEX calls_nameless ON calls (workspace, conversation, id) WHERE state = 2 AND external_id = '';

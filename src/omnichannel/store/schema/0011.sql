-- What customers' words are about, and what the desk proposes to say.

-- Conversations with words that no classifier has read: since when, and when somebody may take them up (again).
CREATE TABLE unread (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, since BIGINT NOT NULL, due_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, conversation)
){clustered};
CREATE INDEX unread_due ON unread (workspace, due_at);

-- What was made of the words up to a message (`seq`). `intent` is empty where none is likelier than not; `content` is
-- the reading as JSON.
CREATE TABLE readings (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
  intent TEXT NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation, seq)
){clustered};
CREATE INDEX readings_at ON readings (workspace, at, intent);

-- What could be said, once for each occasion. state: 0 waits for a person, 1 goes out by itself, 2 sent, 3 dropped.
CREATE TABLE proposals (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, occasion TEXT NOT NULL, at BIGINT NOT NULL,
  state SMALLINT NOT NULL, message BIGINT, content TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation, occasion)
){clustered};
CREATE INDEX proposals_waiting ON proposals (workspace, at) WHERE state = 1;

-- Bots: whose turn it is to speak, and what became of it; and whose words may be used for training.

-- One turn of a bot in a conversation; of each conversation one at a time waits. state: 0 waits until `due_at` (while a
-- worker has it: its lease), 1 answered (as `message`), 2 handed over, 3 unsure, 4 failed, 5 limited, 6 lost. `attempts`
-- counts how often it was begun. `content` is JSON: why, the bot's summary, and what it would have said.
CREATE TABLE turns (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, conversation BIGINT NOT NULL, bot TEXT NOT NULL,
  state SMALLINT NOT NULL, due_at BIGINT NOT NULL, attempts BIGINT NOT NULL, at BIGINT NOT NULL, message BIGINT,
  confidence DOUBLE PRECISION, cost DOUBLE PRECISION NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX turns_open ON turns (workspace, conversation) WHERE state = 0;
CREATE INDEX turns_due ON turns (workspace, due_at) WHERE state = 0;
CREATE INDEX turns_conversation ON turns (workspace, conversation, id);
CREATE UNIQUE INDEX turns_message ON turns (workspace, message) WHERE message IS NOT NULL;
CREATE INDEX turns_cost ON turns (workspace, bot, at);

-- Append-only: that whoever has an address lets what they say be used for training, or does not any more.
CREATE TABLE consents (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, address BIGINT NOT NULL, given SMALLINT NOT NULL, proof TEXT NOT NULL,
  actor TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX consents_address ON consents (workspace, address, id);

-- What whoever hands a conversation over says of it.
ALTER TABLE decisions ADD COLUMN summary TEXT NOT NULL DEFAULT '';

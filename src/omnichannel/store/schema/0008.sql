-- Following what happens: from inside the process, and by webhooks to other systems.

-- Who follows, under which name, and how far. `reached` is the position of the last happening that was acknowledged. Whoever works on it
-- has it until `lease_until`, under the number `holder`; nobody does where that is past. `at`: when it last went on.
CREATE TABLE followers (
  workspace BIGINT NOT NULL, name TEXT NOT NULL, reached BIGINT NOT NULL,
  holder BIGINT NOT NULL, lease_until BIGINT NOT NULL, made_at BIGINT NOT NULL, at BIGINT,
  PRIMARY KEY (workspace, name)
);

-- The followers that are other systems: where they are told. state: 0 active, 1 paused, 2 given up after the last
-- attempt, 3 gone (it said so itself). `salts` is what the secrets are derived with, newest first, each with the moment
-- when it stops counting; empty where a configuration has the secrets. `attempts`, `due_at` and `answer` are of what is
-- tried now.
CREATE TABLE webhooks (
  workspace BIGINT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, wants TEXT NOT NULL, includes TEXT NOT NULL,
  private SMALLINT NOT NULL, salts TEXT NOT NULL, state SMALLINT NOT NULL, attempts INTEGER NOT NULL,
  due_at BIGINT NOT NULL, answer TEXT NOT NULL, failing_since BIGINT,
  PRIMARY KEY (workspace, name)
);
CREATE INDEX webhooks_active ON webhooks (workspace, due_at) WHERE state = 0;

-- Up to which position there are no happenings any more, because they were let go (Rules.keep_events); `happening` was
-- the last of them.
CREATE TABLE let_go (
  workspace BIGINT NOT NULL PRIMARY KEY, position BIGINT NOT NULL, happening BIGINT NOT NULL, at BIGINT NOT NULL
);

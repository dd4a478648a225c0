-- Forward only: a released file is never changed, the next one is added.
-- {bytes} and {clustered} are the two words in which the engines differ. `workspace` stands first in every
-- key, so that a workspace can be a shard. Times are microseconds since 1970 (UTC), ids 63-bit numbers.

CREATE TABLE workspaces (
  workspace BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  secret {bytes} NOT NULL,               -- keys of ids and of the marks in mail
  opened BIGINT NOT NULL                 -- counts openings: tells workers apart
);

-- What arrived, exactly as it arrived. state: 0 waiting to be read, 1 read, 2 parked.
CREATE TABLE deliveries (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL,
  account TEXT NOT NULL, source TEXT NOT NULL, key TEXT,
  head TEXT NOT NULL, body {bytes} NOT NULL, received_at BIGINT NOT NULL,
  state SMALLINT NOT NULL, attempts INTEGER NOT NULL, due_at BIGINT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX deliveries_waiting ON deliveries (workspace, id) WHERE state = 0;
CREATE INDEX deliveries_parked ON deliveries (workspace, id) WHERE state = 2;
CREATE UNIQUE INDEX deliveries_key ON deliveries (workspace, account, key) WHERE key IS NOT NULL;

-- How far each source was read; written together with its deliveries.
CREATE TABLE cursors (
  workspace BIGINT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (workspace, account, name)
);

-- Everybody who ever wrote. `customer` is derived from the journal: the smallest address id of the group.
CREATE TABLE addresses (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL,
  kind TEXT NOT NULL, scope TEXT NOT NULL, value TEXT NOT NULL,
  name TEXT NOT NULL, written TEXT NOT NULL, strength TEXT NOT NULL, method TEXT NOT NULL,
  customer BIGINT NOT NULL, first_seen BIGINT NOT NULL,
  look_up_at BIGINT NOT NULL DEFAULT 0,  -- when the platform may be asked who that is
  PRIMARY KEY (workspace, id)
);
CREATE INDEX addresses_nameless ON addresses (workspace, look_up_at) WHERE name = '';
CREATE UNIQUE INDEX addresses_value ON addresses (workspace, kind, scope, value);
CREATE INDEX addresses_customer ON addresses (workspace, customer);

-- Append-only: claims, decisions, refusals, revocations. Customers are a function of this table alone.
CREATE TABLE journal (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, kind TEXT NOT NULL,
  one BIGINT NOT NULL, other BIGINT, strength TEXT NOT NULL, method TEXT NOT NULL,
  target BIGINT, because TEXT NOT NULL, actor TEXT NOT NULL, source TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX journal_one ON journal (workspace, one);
CREATE INDEX journal_other ON journal (workspace, other) WHERE other IS NOT NULL;
CREATE INDEX journal_target ON journal (workspace, target) WHERE target IS NOT NULL;

-- status: 0 open, 1 closed. `asker` is the address that opened it, `seq` counts what was ever placed in it.
-- `joined` is the conversation that it became one with.
CREATE TABLE conversations (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL,
  subject TEXT NOT NULL, status SMALLINT NOT NULL, assignee TEXT NOT NULL, asker BIGINT NOT NULL,
  opened_at BIGINT NOT NULL, last_at BIGINT NOT NULL, seq BIGINT NOT NULL, joined BIGINT,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX conversations_open ON conversations (workspace, last_at) WHERE status = 0;

CREATE TABLE participants (
  workspace BIGINT NOT NULL, address BIGINT NOT NULL, conversation BIGINT NOT NULL,
  PRIMARY KEY (workspace, address, conversation)
){clustered};

-- Which conversation a platform's thread belongs to now.
CREATE TABLE threads (
  workspace BIGINT NOT NULL, account TEXT NOT NULL, thread TEXT NOT NULL, conversation BIGINT NOT NULL,
  PRIMARY KEY (workspace, account, thread)
){clustered};
CREATE INDEX threads_conversation ON threads (workspace, conversation);

-- direction: 0 inbound, 1 outbound, 2 internal. `peer` is the customer's address, `content` the message's JSON.
CREATE TABLE messages (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, seq BIGINT NOT NULL, id BIGINT NOT NULL,
  account TEXT NOT NULL, kind TEXT NOT NULL, direction SMALLINT NOT NULL, public SMALLINT NOT NULL,
  peer BIGINT, agent TEXT NOT NULL, strength TEXT NOT NULL, sent_at BIGINT NOT NULL, received_at BIGINT NOT NULL,
  external_id TEXT NOT NULL, delivery BIGINT, because TEXT NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation, seq)
){clustered};
CREATE UNIQUE INDEX messages_id ON messages (workspace, id);

-- The one place where duplicates end, for ever. `what` is 'message' or the kind of update.
CREATE TABLE externals (
  workspace BIGINT NOT NULL, account TEXT NOT NULL, what TEXT NOT NULL, external_id TEXT NOT NULL,
  message BIGINT NOT NULL, fingerprint TEXT NOT NULL,
  PRIMARY KEY (workspace, account, what, external_id)
){clustered};

-- Updates that came before what they are about.
CREATE TABLE early (
  workspace BIGINT NOT NULL, account TEXT NOT NULL, target TEXT NOT NULL, id BIGINT NOT NULL,
  event TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, account, target, id)
){clustered};

-- Messages for the handlers, in order per conversation. state: 0 waiting, 2 parked.
CREATE TABLE todo (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, seq BIGINT NOT NULL, message BIGINT NOT NULL,
  state SMALLINT NOT NULL, attempts INTEGER NOT NULL, due_at BIGINT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation, seq)
){clustered};
CREATE INDEX todo_due ON todo (workspace, due_at) WHERE state = 0;
CREATE INDEX todo_message ON todo (workspace, message);

-- One row per wire request. state: 0 queued, 1 sending, 2 sent, 3 failed, 4 unknown, 5 cancelled. `begun_at`
-- is when it was last taken up: no later than the platform's own time for it, which read watermarks speak of.
CREATE TABLE calls (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL,
  conversation BIGINT NOT NULL, message BIGINT NOT NULL, account TEXT NOT NULL, position INTEGER NOT NULL,
  state SMALLINT NOT NULL, attempts INTEGER NOT NULL, due_at BIGINT NOT NULL, begun_at BIGINT NOT NULL,
  call TEXT NOT NULL, external_id TEXT NOT NULL, correlator TEXT NOT NULL,
  status TEXT NOT NULL, detail TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX calls_open ON calls (workspace, conversation, id) WHERE state IN (0, 1, 4);
CREATE INDEX calls_due ON calls (workspace, due_at) WHERE state IN (0, 1);
CREATE INDEX calls_message ON calls (workspace, message);
CREATE INDEX calls_external ON calls (workspace, account, external_id) WHERE external_id <> '';
CREATE INDEX calls_correlator ON calls (workspace, account, correlator) WHERE correlator <> '';

-- One-time tokens that carry a conversation to another channel; only a digest is kept.
CREATE TABLE tokens (
  workspace BIGINT NOT NULL, digest TEXT NOT NULL, conversation BIGINT NOT NULL, address BIGINT NOT NULL,
  account TEXT NOT NULL, issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT,
  PRIMARY KEY (workspace, digest)
);

CREATE TABLE agents (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX agents_name ON agents (workspace, name);

-- Everything that happened, for those who follow it.
CREATE TABLE happenings (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, what TEXT NOT NULL, at BIGINT NOT NULL,
  conversation BIGINT, customer BIGINT, message BIGINT, actor TEXT NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);

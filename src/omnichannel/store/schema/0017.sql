-- Housekeeping: fields of one's own, views, bulk actions, and whom nobody wants to hear.

-- What views look for in cases, beside what had a column before. `asked_at` and `due_by` are 1 << 62 where nothing waits
-- or is due, so that it comes last; `snoozed_until` is 0 for never.
ALTER TABLE cases ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE cases ADD COLUMN control TEXT NOT NULL DEFAULT 'queue';
ALTER TABLE cases ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN public SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN tier TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN spam SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN snoozed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 4611686018427387904;
ALTER TABLE cases ADD COLUMN due_by BIGINT NOT NULL DEFAULT 4611686018427387904;
CREATE INDEX cases_open ON cases (workspace, team, asked_at, conversation) WHERE closed = 0;
CREATE INDEX cases_closed ON cases (workspace, asked_at, conversation) WHERE closed = 1;
CREATE INDEX cases_whose ON cases (workspace, assignee, conversation);
CREATE INDEX conversations_asker ON conversations (workspace, asker);
-- The cases that there are get theirs when the desk looks through all conversations once more.
UPDATE desks SET walked = 0;

-- What a case or an address is found by: its tags, intents and fields, a row for each value. `number` is the conversation's
-- or the address's, `name` is `tag`, `intent`, `field.` or `customer.` with the field's name, `value` as it is compared;
-- `amount` where it is a number, `day` (days since the year 1) where it is a date.
CREATE TABLE filed (
  workspace BIGINT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  amount DOUBLE PRECISION, day BIGINT,
  PRIMARY KEY (workspace, number, name, value)
){clustered};
CREATE INDEX filed_value ON filed (workspace, name, value, number);
CREATE INDEX filed_amount ON filed (workspace, name, amount, number) WHERE amount IS NOT NULL;
CREATE INDEX filed_day ON filed (workspace, name, day, number) WHERE day IS NOT NULL;

-- What was said of a customer in fields of one's own, with the address that it was said of, as JSON.
CREATE TABLE customer_fields (
  workspace BIGINT NOT NULL, address BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (workspace, address, name)
){clustered};

-- Views that were saved, by an agent for themselves or (`agent` empty) for everybody; `content` is JSON.
CREATE TABLE views (
  workspace BIGINT NOT NULL, agent TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, agent, name)
);

-- What is done with many cases. state: 0 gathers its cases, 1 works, 2 done, 3 takes back, 4 taken back. `content` is what
-- is done with which, as JSON; `reached` the last conversation that was gathered.
CREATE TABLE batches (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, state SMALLINT NOT NULL, actor TEXT NOT NULL, undone_by TEXT NOT NULL,
  because TEXT NOT NULL, content TEXT NOT NULL, reached BIGINT NOT NULL, at BIGINT NOT NULL, ended_at BIGINT,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX batches_under_way ON batches (workspace, id) WHERE state IN (0, 1, 3);

-- The cases of each. state: 0 waits, 1 changed by `decision`, 2 was so already, 3 left as it was (`because`), 4 taken back,
-- 5 changed, and left so since it was changed again (`because`).
CREATE TABLE batch_cases (
  workspace BIGINT NOT NULL, batch BIGINT NOT NULL, conversation BIGINT NOT NULL, state SMALLINT NOT NULL,
  decision BIGINT, because TEXT NOT NULL,
  PRIMARY KEY (workspace, batch, conversation)
){clustered};
CREATE INDEX batch_cases_state ON batch_cases (workspace, batch, state, conversation);
CREATE INDEX batch_cases_conversation ON batch_cases (workspace, conversation);

-- Who is not listened to, by the keyed mark of an address, or of a domain of mail (`kind` is `domain`). `kind`, `scope` and
-- `value` tell people which; they are empty when whoever had it was erased. state: 0 blocked, 1 what was held back is being
-- brought in, 2 it was, 3 lifted, and it stays aside. `unproven`: only who is not proven to be there. `until` NULL: for ever.
CREATE TABLE blocks (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, state SMALLINT NOT NULL, mark TEXT NOT NULL, kind TEXT NOT NULL,
  scope TEXT NOT NULL, value TEXT NOT NULL, unproven SMALLINT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL,
  at BIGINT NOT NULL, until BIGINT, lifted_at BIGINT, lifted_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX blocks_mark ON blocks (workspace, mark) WHERE state IN (0, 1);
CREATE INDEX blocks_lifted ON blocks (workspace, lifted_at) WHERE state IN (1, 2);

-- What they wrote meanwhile: where it stands. The words are in the raw delivery alone; `item` is the keyed mark of its id.
CREATE TABLE held_back (
  workspace BIGINT NOT NULL, block BIGINT NOT NULL, at BIGINT NOT NULL, item TEXT NOT NULL, delivery BIGINT NOT NULL,
  PRIMARY KEY (workspace, block, at, item)
){clustered};
CREATE UNIQUE INDEX held_back_item ON held_back (workspace, item);
CREATE INDEX held_back_delivery ON held_back (workspace, delivery);

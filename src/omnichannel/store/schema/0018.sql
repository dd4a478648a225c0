-- Who of ours saw and did what; and what went by its age.

-- Append-only: what was called through somebody's hands. `chain` is the worker that wrote it, `number` counts in its chain,
-- and `mark` is keyed over the act and the mark before it: that of `number` - 1, or, of a chain's first act, of the act
-- (`link_chain`, `link_number`, with its `link_mark`) that was the newest one then (NULL: there was none). `reason` is the keyed mark of
-- `because`, which an erasure empties.
CREATE TABLE acts (
  workspace BIGINT NOT NULL, chain BIGINT NOT NULL, number BIGINT NOT NULL, id BIGINT NOT NULL, at BIGINT NOT NULL,
  actor TEXT NOT NULL, method TEXT NOT NULL, permission TEXT NOT NULL, allowed SMALLINT NOT NULL,
  because TEXT NOT NULL, reason TEXT NOT NULL, mark TEXT NOT NULL,
  link_chain BIGINT, link_number BIGINT, link_mark TEXT NOT NULL,
  PRIMARY KEY (workspace, chain, number)
);
CREATE UNIQUE INDEX acts_id ON acts (workspace, id);
CREATE INDEX acts_actor ON acts (workspace, actor, id);

-- What an act was about. what: 0 a conversation, 1 a customer (the smallest number of their addresses then), 2 a message.
CREATE TABLE concerned (
  workspace BIGINT NOT NULL, what SMALLINT NOT NULL, number BIGINT NOT NULL, act BIGINT NOT NULL,
  PRIMARY KEY (workspace, what, number, act)
){clustered};
CREATE INDEX concerned_act ON concerned (workspace, act);

-- The last act of each chain that was let go by its age: where what is left of the chain begins. `proof` is keyed.
CREATE TABLE trail_ends (
  workspace BIGINT NOT NULL, chain BIGINT NOT NULL, number BIGINT NOT NULL, mark TEXT NOT NULL, proof TEXT NOT NULL,
  PRIMARY KEY (workspace, chain)
);

-- What went by its age: how much of what (`what`), of which kind of channel or account, that was of which day.
CREATE TABLE aged (
  workspace BIGINT NOT NULL, went_on BIGINT NOT NULL, what TEXT NOT NULL, of TEXT NOT NULL, day BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (workspace, went_on, what, of, day)
){clustered};

-- Which messages were read from a delivery: it goes only if all of them may.
CREATE INDEX messages_delivery ON messages (workspace, delivery) WHERE delivery IS NOT NULL;

-- How far the walk has come that lets things go by their age: as of `began`, at `stage`, behind `after`, with so
-- many things that `went`; `ended`: when the last one was through (0: none was). Whoever walks holds this row.
CREATE TABLE ageing (
  workspace BIGINT NOT NULL PRIMARY KEY, began BIGINT NOT NULL, stage SMALLINT NOT NULL, after BIGINT NOT NULL,
  went BIGINT NOT NULL, ended BIGINT NOT NULL
);

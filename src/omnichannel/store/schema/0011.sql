-- The desk: who answers, what is to be done with each conversation, and everything that was decided about it.

-- What an agent can do, and whether they are there. `profile` is JSON; `present_until` NULL: until they say otherwise;
-- `given_at` is when they were last given a case.
ALTER TABLE agents ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';
ALTER TABLE agents ADD COLUMN presence TEXT NOT NULL DEFAULT 'offline';
ALTER TABLE agents ADD COLUMN present_until BIGINT;
ALTER TABLE agents ADD COLUMN given_at BIGINT NOT NULL DEFAULT 0;

-- How far the desk has come: the position of the last happening that it looked at, and, while it looks through what
-- was there before it, the last conversation (NULL: it has seen all). Whoever works on the desk holds this row.
CREATE TABLE desks (
  workspace BIGINT NOT NULL PRIMARY KEY, position BIGINT NOT NULL, walked BIGINT, plan TEXT NOT NULL, at BIGINT NOT NULL
);

-- A conversation as the desk works on it. `seq` is the last message that was folded in; `content` the case as JSON.
-- What has a column is looked for: `closed` and `assignee` as the conversation has them, `queue_at` the place in the queue
-- (NULL: not in it), `weight` how much of an agent it takes, `due_at` when it is to be answered or closed, `next_at` when
-- something is to be done about it by itself (0: never). `course` is what its clocks know, as JSON.
CREATE TABLE cases (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, seq BIGINT NOT NULL, closed SMALLINT NOT NULL,
  assignee TEXT NOT NULL, team TEXT NOT NULL, queue_at BIGINT, weight DOUBLE PRECISION NOT NULL,
  due_at BIGINT NOT NULL, next_at BIGINT NOT NULL, content TEXT NOT NULL, course TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation)
);
CREATE INDEX cases_due ON cases (workspace, due_at) WHERE due_at > 0;
CREATE INDEX cases_mine ON cases (workspace, assignee, due_at) WHERE due_at > 0;
CREATE INDEX cases_queue ON cases (workspace, team, queue_at, conversation) WHERE queue_at IS NOT NULL;
CREATE INDEX cases_load ON cases (workspace, assignee) WHERE closed = 0;
CREATE INDEX cases_next ON cases (workspace, next_at) WHERE next_at > 0;

-- Append-only: what was decided, by whom, why, and what it changed (JSON, with each value before and after).
CREATE TABLE decisions (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, conversation BIGINT NOT NULL, at BIGINT NOT NULL,
  what TEXT NOT NULL, actor TEXT NOT NULL, because TEXT NOT NULL, changes TEXT NOT NULL,
  plan TEXT NOT NULL, batch BIGINT, undoes BIGINT, undone_by BIGINT,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX decisions_conversation ON decisions (workspace, conversation, id);
CREATE INDEX decisions_batch ON decisions (workspace, batch) WHERE batch IS NOT NULL;

-- Questions that were answered: what reports count.
CREATE TABLE spells (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, asked_at BIGINT NOT NULL, answered_at BIGINT NOT NULL,
  agent TEXT NOT NULL, team TEXT NOT NULL, kind TEXT NOT NULL, first SMALLINT NOT NULL,
  PRIMARY KEY (workspace, conversation, asked_at)
){clustered};
CREATE INDEX spells_answered ON spells (workspace, answered_at);

-- What was said of each clock: that it was nearly over, missed, and how it ended (`what`). `clock` is its JSON.
CREATE TABLE told (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL, at BIGINT NOT NULL,
  kind TEXT NOT NULL, team TEXT NOT NULL, state TEXT NOT NULL, took BIGINT, clock TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation, name, what)
){clustered};
CREATE INDEX told_at ON told (workspace, what, at);

-- Who writes in which conversation at the moment.
CREATE TABLE writing (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, agent TEXT NOT NULL, until BIGINT NOT NULL,
  PRIMARY KEY (workspace, conversation, agent)
){clustered};

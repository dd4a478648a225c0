-- Reports: what is counted of every conversation, once, when it happened.

-- One row for each thing that is counted. `what` is a number of `omnichannel.desk.reports.What`; `number` tells apart what
-- happened at one moment. It lasted from `begun_at` to `at` (elsewhere they are the same; 1 << 62: it is not over). `worked`
-- is how much of that was working time, in microseconds, by the hours that `hours` is a mark of (NULL and empty: not
-- timed). `value` is the stars of a rating, and 1 for a promise that was kept.
CREATE TABLE counts (
  workspace BIGINT NOT NULL, what SMALLINT NOT NULL, at BIGINT NOT NULL, conversation BIGINT NOT NULL,
  number INTEGER NOT NULL, agent TEXT NOT NULL, team TEXT NOT NULL, kind TEXT NOT NULL, account TEXT NOT NULL,
  begun_at BIGINT NOT NULL, worked BIGINT, hours TEXT NOT NULL, value SMALLINT NOT NULL,
  PRIMARY KEY (workspace, what, at, conversation, number)
){clustered};
CREATE INDEX counts_conversation ON counts (workspace, conversation);
CREATE INDEX counts_held ON counts (workspace, begun_at) WHERE what = 14;

-- Conversations that are to be counted (again), and since when.
CREATE TABLE uncounted (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, conversation)
){clustered};
CREATE INDEX uncounted_at ON uncounted (workspace, at);
INSERT INTO uncounted (workspace, conversation, at) SELECT workspace, conversation, 0 FROM cases;

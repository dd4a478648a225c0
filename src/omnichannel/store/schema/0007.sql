-- Gaps: when each account last heard anything, and what its platform's record holds that the store does not.

-- One row an account, written once in some seconds at most. Moments, 0 for never. `longest` is the longest silence of
-- late weeks that ended by itself, `gap_from` where the oldest silence began that was longer than usual and was not
-- compared with the platform's record since; `begun_at` when the account was first heard.
CREATE TABLE pulses (
  workspace BIGINT NOT NULL, account TEXT NOT NULL,
  begun_at BIGINT NOT NULL DEFAULT 0, heard_at BIGINT NOT NULL DEFAULT 0, longest BIGINT NOT NULL DEFAULT 0,
  gap_from BIGINT NOT NULL DEFAULT 0, compared_at BIGINT NOT NULL DEFAULT 0, tried_at BIGINT NOT NULL DEFAULT 0,
  challenged_at BIGINT NOT NULL DEFAULT 0, sent_at BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0, refused_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, account)
){clustered};

-- Every source of an account: when a look at it last succeeded, and what is wrong with it since when. The account ''
-- stands for the inbox itself: its source `handlers` is looked at by whoever runs handlers.
CREATE TABLE looks (
  workspace BIGINT NOT NULL, account TEXT NOT NULL, source TEXT NOT NULL,
  looked_at BIGINT NOT NULL DEFAULT 0, trouble TEXT NOT NULL DEFAULT '', trouble_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, account, source)
){clustered};

-- What a platform's record holds and the store does not, to be brought in by when it was said (`at`). `mark` is that
-- of the item's id in `delivery`, so that nobody can be told from it.
CREATE TABLE missing (
  workspace BIGINT NOT NULL, account TEXT NOT NULL, mark TEXT NOT NULL,
  at BIGINT NOT NULL, id BIGINT NOT NULL, delivery BIGINT NOT NULL,
  PRIMARY KEY (workspace, account, mark)
){clustered};
CREATE INDEX missing_at ON missing (workspace, account, at, id);

-- Tokens that only one address may bring back (`holder`), who brought one back, and those short enough to be guessed.
ALTER TABLE tokens ADD COLUMN holder BIGINT;
ALTER TABLE tokens ADD COLUMN used_by BIGINT;
ALTER TABLE tokens ADD COLUMN short SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX tokens_short ON tokens (workspace, account, expires_at) WHERE short = 1 AND used_at IS NULL;

-- Wrong codes, for as long as they count. `who` is an address or one of our agents.
CREATE TABLE tries (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, who TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX tries_who ON tries (workspace, who, at);
CREATE INDEX tries_at ON tries (workspace, at);

-- Codes sent to an address that somebody claims. `claimant` said that `claimed` is theirs, in the journal's entry
-- `claim`. state: 0 waiting, 1 proven, 2 dropped, 3 replaced by a later one.
CREATE TABLE challenges (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL,
  claim BIGINT NOT NULL, claimant BIGINT NOT NULL, claimed BIGINT NOT NULL, digest TEXT NOT NULL,
  account TEXT NOT NULL, message BIGINT NOT NULL, state SMALLINT NOT NULL, tries INTEGER NOT NULL,
  issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX challenges_claimant ON challenges (workspace, claimant, issued_at);
CREATE INDEX challenges_claimed ON challenges (workspace, claimed, issued_at);
CREATE INDEX challenges_issued ON challenges (workspace, issued_at);
CREATE INDEX challenges_waiting ON challenges (workspace, expires_at) WHERE state = 0;

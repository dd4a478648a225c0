-- Identity in full: owners of an address by time, evidence that expires or is only likely, what people said of
-- themselves, and what finds those who are alike.

-- An address can change hands. Each owner's time is a row; `first` is the row that the journal names (0: this one).
ALTER TABLE addresses ADD COLUMN first BIGINT NOT NULL DEFAULT 0;
ALTER TABLE addresses ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
DROP INDEX addresses_value;
CREATE UNIQUE INDEX addresses_value ON addresses (workspace, kind, scope, value, since);
CREATE INDEX addresses_first ON addresses (workspace, first) WHERE first <> 0;

DROP INDEX addresses_nameless;
CREATE INDEX addresses_nameless ON addresses (workspace, kind, scope, look_up_at, id) WHERE name = '';

ALTER TABLE journal ADD COLUMN expires_at BIGINT;
ALTER TABLE journal ADD COLUMN likely DOUBLE PRECISION;
DROP INDEX journal_one;
CREATE INDEX journal_one ON journal (workspace, one, other);
CREATE INDEX journal_expires ON journal (workspace, expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX journal_likeness ON journal (workspace, method) WHERE method = 'likeness';

-- What whoever wrote from an address said of themselves: name, street, date of birth…, each spelling once.
CREATE TABLE facts (
  workspace BIGINT NOT NULL, address BIGINT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
  strength TEXT NOT NULL, source TEXT NOT NULL, at BIGINT NOT NULL, studied SMALLINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, address, field, value)
){clustered};

-- What finds those who are alike: short keys made of the facts.
CREATE TABLE keys (
  workspace BIGINT NOT NULL, key TEXT NOT NULL, address BIGINT NOT NULL,
  PRIMARY KEY (workspace, key, address)
){clustered};
CREATE INDEX keys_address ON keys (workspace, address);

-- How many addresses say each value of a field; '' counts those that say any.
CREATE TABLE terms (
  workspace BIGINT NOT NULL, field TEXT NOT NULL, term TEXT NOT NULL, count BIGINT NOT NULL,
  PRIMARY KEY (workspace, field, term)
){clustered};

-- Addresses of which something new was said, to be compared with those that are alike.
CREATE TABLE unstudied (
  workspace BIGINT NOT NULL, address BIGINT NOT NULL,
  PRIMARY KEY (workspace, address)
){clustered};

-- What was learned about likeness, every version.
CREATE TABLE models (
  workspace BIGINT NOT NULL, version BIGINT NOT NULL, model TEXT NOT NULL, learned_at BIGINT NOT NULL,
  PRIMARY KEY (workspace, version)
);

-- What people judged of pairs that were stated to be one customer's, and with what probability: what calibration and
-- audits rest on. Numbers alone, nothing that anybody said. `audit` 0: a suggestion that was decided, in the journal's
-- entry `decision`; else the audit that drew the pair. `same` NULL: not judged yet. `stated` NULL: not by likeness.
CREATE TABLE judged (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, audit BIGINT NOT NULL, one BIGINT NOT NULL, other BIGINT NOT NULL,
  stated DOUBLE PRECISION, same SMALLINT, decision BIGINT, actor TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX judged_audit ON judged (workspace, audit, id);

-- Samples of what a view joins. `whole`: there were no more pairs.
CREATE TABLE audits (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, purpose TEXT NOT NULL, whole SMALLINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);

-- The curve from stated to observed probability that people's decisions gave, when a model was learned; '' for none.
ALTER TABLE models ADD COLUMN curve TEXT NOT NULL DEFAULT '';

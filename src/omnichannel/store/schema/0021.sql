-- Which plan holds, and which were used of late (JSON); and the last open case that was looked at again since another one
-- holds (`again`; NULL: all were).
ALTER TABLE desks ADD COLUMN plans TEXT NOT NULL DEFAULT '{}';
ALTER TABLE desks ADD COLUMN again BIGINT;
CREATE INDEX cases_again ON cases (workspace, conversation) WHERE closed = 0;

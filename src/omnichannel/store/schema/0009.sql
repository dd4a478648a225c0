-- Happenings in the order in which they could be seen. `turn` counts what is written, by whichever worker; `position`
-- is given when somebody first looks, to what is committed by then, so that nothing comes in below a follower's place.
ALTER TABLE happenings ADD COLUMN turn {counter};
ALTER TABLE happenings ADD COLUMN position BIGINT;
UPDATE happenings SET position = id;
CREATE UNIQUE INDEX happenings_position ON happenings (workspace, position) WHERE position IS NOT NULL;
CREATE INDEX happenings_unplaced ON happenings (workspace, turn) WHERE position IS NULL;

-- The last position that was given.
CREATE TABLE placed (
  workspace BIGINT NOT NULL, position BIGINT NOT NULL,
  PRIMARY KEY (workspace)
);
INSERT INTO placed (workspace, position) SELECT workspace, MAX(position) FROM happenings GROUP BY workspace;

-- What is to be done later, whenever that is: whoever rests asks when.
CREATE INDEX deliveries_later ON deliveries (workspace, due_at) WHERE state = 0 AND due_at > 0;

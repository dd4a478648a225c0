-- Whether something that was held back could not be brought in: it stays aside by itself until the block is lifted once more.
ALTER TABLE held_back ADD COLUMN failed SMALLINT NOT NULL DEFAULT 0;

-- Bots' turns are taken in the order in which they came, whether new or tried again.
CREATE INDEX turns_turn ON turns (workspace, id) WHERE state = 0;

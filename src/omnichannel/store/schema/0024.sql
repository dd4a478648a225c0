-- Whether something that was held back could not be brought in: it stays aside by itself until the block is lifted once more.
ALTER TABLE held_back ADD COLUMN failed SMALLINT NOT NULL DEFAULT 0;

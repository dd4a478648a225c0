-- How often a program answered somebody in a chat since a moment, which is moved on when a day has passed.
CREATE TABLE paced (
  workspace BIGINT NOT NULL, address BIGINT NOT NULL, since BIGINT NOT NULL, answers BIGINT NOT NULL,
  PRIMARY KEY (workspace, address)
){clustered};

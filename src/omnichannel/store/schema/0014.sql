-- Ratings: who is to be asked how we did, and what they said.

-- One row for each resolution of a conversation (`resolution` counts how often it was opened again before; -1: this customer
-- is asked no more). state: 0 waits until `due_at`, 1 asked, 2 rated, 3 dropped (`reason`), 4 declined. `peer` is whom was
-- asked, `message` the one that asked, `digest` of the secret in its link (empty: none, or used). `stars` is what counts.
CREATE TABLE ratings (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, conversation BIGINT NOT NULL, resolution BIGINT NOT NULL,
  state SMALLINT NOT NULL, due_at BIGINT NOT NULL, peer BIGINT, account TEXT NOT NULL, kind TEXT NOT NULL,
  agent TEXT NOT NULL, team TEXT NOT NULL, language TEXT NOT NULL, way TEXT NOT NULL, asked_at BIGINT NOT NULL,
  until BIGINT NOT NULL, message BIGINT, digest TEXT NOT NULL, stars SMALLINT, reason TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX ratings_once ON ratings (workspace, conversation, resolution);
CREATE INDEX ratings_due ON ratings (workspace, due_at) WHERE state = 0;
CREATE INDEX ratings_peer ON ratings (workspace, peer, asked_at) WHERE peer IS NOT NULL;
CREATE INDEX ratings_digest ON ratings (workspace, digest) WHERE digest <> '';
CREATE INDEX ratings_asked ON ratings (workspace, asked_at) WHERE asked_at > 0;

-- Append-only: what was said to it, each in a message (NULL: on the page). `alone`: the message says nothing else.
CREATE TABLE rated (
  workspace BIGINT NOT NULL, rating BIGINT NOT NULL, id BIGINT NOT NULL, at BIGINT NOT NULL, conversation BIGINT NOT NULL,
  peer BIGINT, message BIGINT, stars SMALLINT, words TEXT NOT NULL, alone SMALLINT NOT NULL,
  PRIMARY KEY (workspace, rating, id)
){clustered};
CREATE UNIQUE INDEX rated_message ON rated (workspace, message) WHERE message IS NOT NULL;

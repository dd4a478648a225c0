-- Standard answers: what was offered and sent, how it was taken, and who was told that nobody is there.

-- One time that a standard answer was offered. `message` is ours that said it (of a refused one the question), and
-- `conversation` where that stands; `question` is the customer's message that it answers, whose words stand there alone.
-- All three are NULL once the customer was erased: what is left is counted. how: 0 as it was, 1 edited, 2 refused.
-- reaction: 0 not known yet, 1 thanked, 2 asked again, 3 they wrote, and it does not tell. `because` is JSON. `revision`
-- goes up with whatever is learnt or forgotten, in the order of the commits.
CREATE TABLE uses (
  workspace BIGINT NOT NULL, id BIGINT NOT NULL, answer TEXT NOT NULL, language TEXT NOT NULL, variant TEXT NOT NULL,
  conversation BIGINT, question BIGINT, message BIGINT, agent TEXT NOT NULL, how SMALLINT NOT NULL,
  reaction SMALLINT NOT NULL, because TEXT NOT NULL, at BIGINT NOT NULL, revision BIGINT NOT NULL,
  PRIMARY KEY (workspace, id)
);
CREATE INDEX uses_conversation ON uses (workspace, conversation, id) WHERE conversation IS NOT NULL;
CREATE INDEX uses_question ON uses (workspace, question) WHERE question IS NOT NULL;
CREATE INDEX uses_message ON uses (workspace, message) WHERE message IS NOT NULL;
CREATE INDEX uses_variant ON uses (workspace, answer, variant, at);
CREATE INDEX uses_at ON uses (workspace, at);
CREATE INDEX uses_revision ON uses (workspace, revision);

-- The last revision of `uses`.
ALTER TABLE desks ADD COLUMN learnt BIGINT NOT NULL DEFAULT 0;

-- The last away notice of a conversation: when it was decided, and the moment that it promises (`until`).
-- state: 0 not sent, 1 goes out, 2 sent (as `message`). `because` is JSON.
CREATE TABLE notices (
  workspace BIGINT NOT NULL, conversation BIGINT NOT NULL, at BIGINT NOT NULL, until BIGINT NOT NULL,
  state SMALLINT NOT NULL, message BIGINT, because TEXT NOT NULL,
  PRIMARY KEY (workspace, conversation)
){clustered};
CREATE INDEX notices_waiting ON notices (workspace, at) WHERE state = 1;

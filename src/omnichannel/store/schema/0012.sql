-- Searching: the words of what was said, and of who said it, for whoever asks for some of them.

-- One row for each message, and each address, that was taken in: `what` 0 or 1, `number` its own. `doc` is greater the
-- later it was received, and holds the workspace, because an index of words may be one for all. `words` are as
-- `omnichannel.desk.search` has them, each once, with marks of the workspace and of what they are.
CREATE TABLE sought (
  workspace BIGINT NOT NULL, doc BIGINT NOT NULL, what SMALLINT NOT NULL, number BIGINT NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (workspace, doc)
){clustered};
CREATE UNIQUE INDEX sought_number ON sought (workspace, number);
{full_text}

-- How far that is, where anybody ever searched: the position of the last happening that was looked at; and of what was
-- there before, the messages and addresses from which number on all is in (NULL: all of it). `folding` is the version of
-- the rules by which words are the same. Whoever takes something in, or out, holds this row.
CREATE TABLE indexed (
  workspace BIGINT NOT NULL PRIMARY KEY, position BIGINT NOT NULL, messages_from BIGINT, people_from BIGINT,
  folding BIGINT NOT NULL
);

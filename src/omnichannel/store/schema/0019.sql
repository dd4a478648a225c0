-- Nobody waits for ever: what waits is taken in the order in which it came.

CREATE INDEX todo_turn ON todo (workspace, message) WHERE state = 0;
CREATE INDEX unread_since ON unread (workspace, since);

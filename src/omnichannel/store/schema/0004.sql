-- The rights of those who write: erased stays erased, what is frozen is kept and not used.

-- Whose items a raw delivery holds, by keyed marks of addresses and of the platforms' ids; made when somebody first
-- asks for their own. A delivery that is nobody's has one row with an empty mark.
CREATE TABLE holds (
  workspace BIGINT NOT NULL, mark TEXT NOT NULL, delivery BIGINT NOT NULL,
  PRIMARY KEY (workspace, mark, delivery)
){clustered};
CREATE INDEX holds_delivery ON holds (workspace, delivery);

-- What never comes back: keyed marks, with the moments between which what bears them is what was erased.
CREATE TABLE erased (
  workspace BIGINT NOT NULL, mark TEXT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL,
  PRIMARY KEY (workspace, mark, since)
){clustered};

-- Who objected to links by likeness.
CREATE INDEX journal_objects ON journal (workspace, one) WHERE kind = 'object';

-- When what is known of whoever has an address was frozen; NULL: it is used.
ALTER TABLE addresses ADD COLUMN frozen_at BIGINT;
CREATE INDEX addresses_frozen ON addresses (workspace, customer) WHERE frozen_at IS NOT NULL;

"""What other programs left behind, read so that it can be brought in: mailboxes as files, exports of other desks.

`archive` ── what all have in common     `mbox`, `maildir`, `mail` ── mail in files
`records` ── JSON in files     `chatwoot`, `zammad`, `people` ── what another desk's JSON says

An archive is a source that ends. It writes nothing and knows no store: what it gives are deliveries from before,
which mean what `meaning` says. `inbox.import_archive` brings them in.
"""

from omnichannel.imports.archive import Archive
from omnichannel.imports.chatwoot import Chatwoot
from omnichannel.imports.maildir import Maildir
from omnichannel.imports.mbox import Mbox
from omnichannel.imports.meaning import content, meaning, standing
from omnichannel.imports.records import Standing
from omnichannel.imports.zammad import Zammad

__all__ = ["Archive", "Chatwoot", "Maildir", "Mbox", "Standing", "Zammad", "content", "meaning", "standing"]

"""The inbox moves a message through four steps, each a room of its own.

`steps` receive · `reading` read (`recording` `placing` `updating` `echoes` `merging`) · `handling` handle
(`incoming`) · `sending` send. What people do with conversations and customers is in `conversations`,
`customers` and `composing`; whether anything was missed is known in `watching` (`hearing` `health` `gaps`); what
those who write have a right to in `rights`, what is found by words in `search`; `host` is what a channel's own pages
may ask for.
"""

from omnichannel.inbox.core import Core
from omnichannel.inbox.gaps import Reconciled
from omnichannel.inbox.health import Health, Wire
from omnichannel.inbox.host import AccountHost
from omnichannel.inbox.importing import Trouble, Unpacked
from omnichannel.inbox.incoming import Incoming
from omnichannel.inbox.rights.archive import write as write_export
from omnichannel.inbox.rules import Rules
from omnichannel.inbox.steps import Imported

__all__ = [
    "AccountHost",
    "Core",
    "Health",
    "Imported",
    "Incoming",
    "Reconciled",
    "Rules",
    "Trouble",
    "Unpacked",
    "Wire",
    "write_export",
]

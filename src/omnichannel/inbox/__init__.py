"""The inbox moves a message through four steps, each a room of its own.

`core` receive · `reading` read (`recording` `placing` `updating` `echoes` `merging`) · `handling` handle
(`incoming`) · `sending` send. What people do with conversations and customers is in `conversations`,
`customers` and `composing`.
"""

from omnichannel.inbox.core import Core
from omnichannel.inbox.incoming import Incoming
from omnichannel.inbox.rules import Rules

__all__ = ["Core", "Incoming", "Rules"]

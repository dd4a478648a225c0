"""Other systems that are told by webhook: which they are, and how they are doing.

`registering` what is decided of an endpoint · `secrets` what signs for it · `notices` what it is told ·
`delivering` its turns, step by step · `waiting` for its answer · `surface` what the application asks
"""

from omnichannel.inbox.webhooks.surface import Webhooks

__all__ = ["Webhooks"]

"""Who may do what: `roles` as data, and `deciding` on one act, with the reason."""

from omnichannel.desk.access.deciding import may
from omnichannel.desk.access.roles import ROLES, Access, Role

__all__ = ["ROLES", "Access", "Role", "may"]

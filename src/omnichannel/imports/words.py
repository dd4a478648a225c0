"""Words out of another desk, read as those of a mail are: what was newly written, and what is quoted or signed."""

from __future__ import annotations

from omnichannel.errors import ConfigError
from omnichannel.model import Text


def of_html(markup: str, name: str) -> tuple[Text, ...]:
    """What people read in HTML; `name` is its writer's, who may sign with it. Raises ConfigError without lxml."""
    try:
        from omnichannel.channels.email.html import html_lines
    except ImportError:
        raise ConfigError("lxml", "it is not installed", "Run: pip install 'omnichannel[email]'") from None
    from omnichannel.channels.email.quotes import split

    return tuple(Text(text=one.text, role=one.role) for one in split(html_lines(markup), name))


def of_mail(text: str, name: str) -> tuple[Text, ...]:
    """What stands in the plain text of a mail."""
    from omnichannel.channels.email.lines import plain_lines
    from omnichannel.channels.email.quotes import split

    return tuple(Text(text=one.text, role=one.role) for one in split(plain_lines(text), name))

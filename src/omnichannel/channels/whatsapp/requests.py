"""What we asked elsewhere: an echo holds the send request, with its words and what can be tapped below them.

Shapes: Meta's "Standby webhooks" (4 August 2026), whose echoes bring a template as it was approved along, and the
send API's reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from omnichannel.channels.whatsapp.envelope import compact
from omnichannel.channels.whatsapp.media import attachment
from omnichannel.model import Choice, Option, Part, System, Text
from omnichannel.toolbox import Json, items, obj, string

Body = dict[str, Json]

DEFINITION = "definition"
"""Where an unpacked echo keeps what its request names: the template as it was approved."""

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_WORDS = ("header", "body", "footer")
_ONLY_OPTIONS = frozenset({"button", "list", "cta_url"})


def asked(kind: str, body: Body) -> Iterator[Part]:
    """An `interactive` object that was sent: nothing for one that is an answer."""
    action = obj(body, "action")
    if text := "\n".join(filter(None, (string(obj(body, key), "text") for key in _WORDS))):
        yield Text(text=text)
    if options := tuple(_options(action)):
        yield Choice(options=options)
    if action and kind not in _ONLY_OPTIONS:  # products, an order, a form: what no option holds
        yield System(what=f"interactive:{kind}"[:200], text=compact(action))


def _options(action: Body) -> Iterator[Option]:
    tapped = [obj(button, "reply") for button in items(action, "buttons")]
    tapped += [obj({"row": row}, "row") for part in items(action, "sections") for row in items(part, "rows")]
    for one in tapped:
        if title := string(one, "title"):
            yield Option(title=title, value=string(one, "id"), text=string(one, "description"))
    page = obj(action, "parameters")
    if title := string(page, "display_text") or string(page, "flow_cta"):
        yield Option(title=title, url=string(page, "url"))


def template(message: Body, body: Body) -> Iterator[Part]:
    """A template that was sent: what it says where the echo tells, its name and what fills its places in any case."""
    values = {string(one, "type").lower(): [*items(one, "parameters")] for one in items(body, "components")}
    name, language = string(body, "name"), string(obj(body, "language"), "code")
    said = [_told(value) for filled in values.values() for value in filled]
    lines = (
        _filled(string(one, "text"), values.get(string(one, "type").lower(), []))
        for one in items(obj(message, DEFINITION), "components")
        if string(one, "type").lower() in _WORDS
    )
    if text := "\n".join(filter(None, lines)):
        yield Text(text=text)
    if name:
        yield System(what="template", text=" · ".join(filter(None, (name, language, *said))))
    for value in (value for filled in values.values() for value in filled):
        kind = string(value, "type")
        if file := attachment(obj(value, kind), "", kind):
            yield file


def _told(value: Json) -> str:
    return string(value, "text") or string(obj(value, string(value, "type")), "fallback_value")


def _filled(text: str, values: list[Json]) -> str:
    """The words with their places filled, by number or by name; a place that nothing fills stays as it is."""
    told = {
        string(value, "parameter_name") or str(index): _told(value) for index, value in enumerate(values, 1)
    }
    return _PLACE.sub(lambda place: told.get(place[1]) or place[0], text)

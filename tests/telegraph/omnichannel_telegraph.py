"""The telegraph: short words in capital letters, signed, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, Self

from pydantic import SecretStr

from omnichannel.channel import Ack, Call, Channel, Delivery, Finding, Response
from omnichannel.errors import ConfigError, Forged
from omnichannel.model import (
    Address,
    Attachment,
    Capabilities,
    Draft,
    Event,
    Ignored,
    Party,
    Receipt,
    Received,
    Sent,
    Text,
    TextLimit,
    Unreadable,
    Updated,
)
from omnichannel.toolbox import (
    from_iso,
    is_object,
    items,
    load_form,
    load_json,
    need,
    secrets_of,
    signed,
    string,
)


class Telegraph(Channel):
    """One line to one office."""

    kind = "telegraph"
    can = Capabilities(
        text=TextLimit(size=20, splits=True), private_text=TextLimit(size=10, measure="bytes"), public=True
    )

    def __init__(
        self,
        name: str,
        *,
        office: str,
        key: str | SecretStr | Iterable[str | SecretStr],
        port: int = 80,
        lines: tuple[str, ...] = (),
        wires: Iterable[str] = ("north",),
        mode: Literal["morse", "baudot"] = "morse",
        token: str | Callable[[], str] | None = None,
        weather: str = "fine",
    ) -> None:
        super().__init__(name)
        self.office, self.port, self.lines, self.wires = office, port, lines, wires
        self.mode, self.token, self.weather = mode, token, weather
        self.keys = secrets_of(key, "key", "Ask the office")
        if weather == "odd":
            raise ValueError(f"{office} {token}")
        if weather == "storm":
            raise ConfigError("weather", "no wire works in a storm", "Wait")

    @classmethod
    def bare(cls, name: str = "file") -> Self:
        return cls(name, office="here", key="-")

    @classmethod
    def for_verifying(cls, secrets: tuple[str, ...]) -> Self:
        return cls("verify", office="here", key=secrets)

    def admit(self, delivery: Delivery) -> Ack:
        if delivery.method == "GET":
            return Ack(body=b"STOP", keep=False)
        if delivery.body == b"crash":
            raise RuntimeError("not what anybody planned for")
        if delivery.body == b"closed":
            return Ack(status=503)
        if not signed(self.keys, delivery.body, delivery.header("X-Telegraph-Signature")):
            raise Forged("X-Telegraph-Signature is not by one of our keys")
        return Ack()

    def parse(self, delivery: Delivery) -> Iterator[Event]:
        if delivery.header("content-type").startswith("application/x-www-form-urlencoded"):
            form = load_form(delivery.body)
            yield self._received({**form})
            return
        body = load_json(delivery.body)
        for item in items(body, "items"):
            match string(item, "do"):
                case "crash":
                    raise RuntimeError("not what anybody planned for")
                case "ignore":
                    yield Ignored(reason="a test of the wire", kind="test")
                case "edit":
                    yield Updated(kind="edited", external_id="e1", targets=("t1",), parts=(Text(text="NEW"),))
                case "read":
                    yield Updated(kind="read", external_id="r1", status="read", sender=self._party("7"))
                case "broken":
                    yield Unreadable(reason="no clapper", where="/items/0")
                case _ if is_object(item):
                    yield self._received(item)

    def _party(self, value: str, name: str = "") -> Party:
        address = Address(kind="telegraph", scope="here", value=value)
        return Party(address=address, name=name, written=value.upper())

    def _received(self, item) -> Event:
        return Received(
            external_id=need(item, "id"),
            sender=self._party(need(item, "from"), string(item, "name")),
            recipients=(self._party("us"),),
            sent_at=from_iso(string(item, "at")),
            subject=string(item, "subject"),
            parts=(
                Text(text=string(item, "text")),
                Text(text="> OLD", role="quoted"),
                Attachment(name="a.bin", size=3, content=b"\0\1\2"),
            ),
            reply_to=string(item, "to"),
        )

    def render(self, draft: Draft) -> Sequence[Call]:
        return (Call(url="https://telegraph.example/", text=draft.text),)

    def read(self, call: Call, response: Response) -> Receipt:
        return Sent(external_id=str(response.status))

    async def check(self) -> Sequence[Finding]:
        if self.weather == "fog":
            raise RuntimeError(f"lost in the fog with {self.keys[0].get_secret_value()}")
        if self.weather == "night":
            import asyncio

            await asyncio.sleep(3600)
        well = self.weather == "fine"
        return (
            Finding(ok=True, what=f"the key is set, the office is {self.office}"),
            Finding(ok=well, what=f"the weather is {self.weather}", cure="" if well else "Wait for sun"),
        )

"""What new users mistake is answered at once, by an error of ours that says what to write: no traceback from inside."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import inspect
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from omnichannel import Address, Inbox, Incoming
from omnichannel.channels.email import Email
from omnichannel.channels.messenger import Messenger
from omnichannel.cli.desks import misled
from omnichannel.config import Config
from omnichannel.desk import Bot, HandOver, Plan, Ratings, Reply, Route, Team, Turn, When
from omnichannel.desk.access import ROLES, Access
from omnichannel.desk.retention import Keep, Retention
from omnichannel.emulators.mail import MailServer
from omnichannel.errors import ConfigError, OmnichannelError, StoreError, UsageError
from omnichannel.model import Evidence, Purpose, Refused, Strength
from omnichannel.model.desk import Answer, Signature, Target, View, Which
from omnichannel.testing import Stage

MEMORY = "sqlite:///:memory:"
ANNA, BEN = Address.of("email::anna@home.example"), Address.of("email::ben@home.example")


def page(**others: object) -> Messenger:
    given: dict[str, object] = {
        "page_id": "1234567890", "page_token": "t", "app_secret": "s", "verify_token": "v"
    }  # fmt: skip
    return Messenger("page", **(given | others))  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ what is awaited


def plain(incoming: Incoming) -> None:
    """A handler as somebody writes it who comes from another framework."""


class Plainly:
    def __call__(self, incoming: Incoming) -> None:
        """The same as an object."""


async def stream(incoming: Incoming):  # type: ignore[no-untyped-def]
    yield incoming


@pytest.mark.parametrize("handler", [plain, Plainly(), Plainly, stream, "answer", None])
def test_a_handler_that_nobody_can_await_is_refused_at_once(handler: object) -> None:
    inbox = Inbox(MEMORY)
    with pytest.raises(UsageError, match="async def"):
        inbox.on_message(handler)  # type: ignore[arg-type]
    assert inbox.handlers == []


async def test_whatever_gives_something_to_await_is_a_handler() -> None:
    heard: list[str] = []

    async def answer(incoming: Incoming, way: str = "itself") -> None:
        heard.append(way)

    @functools.wraps(answer)
    def wrapped(incoming, *rest):  # type: ignore[no-untyped-def]
        return answer(incoming, "wrapped")

    def handed_on(incoming: Incoming) -> Awaitable[None]:
        return answer(incoming, "handed on")

    class Whole:
        async def __call__(self, incoming: Incoming) -> None:
            heard.append("object")

        async def method(self, incoming: Incoming) -> None:
            heard.append("method")

    handlers: list[Callable[[Incoming], Awaitable[None]]] = [
        answer, wrapped, handed_on, Whole(), Whole().method, functools.partial(answer, way="partial"),
        lambda incoming: answer(incoming, "lambda"),
    ]  # fmt: skip
    async with Stage("messenger", handlers=handlers) as stage:
        await stage.arrives("messenger", "hello")
    assert heard == ["itself", "wrapped", "handed on", "object", "method", "partial", "lambda"]


async def test_a_handler_that_says_one_thing_and_gives_another_is_told_so() -> None:
    def lying(incoming: Incoming) -> Awaitable[None]:
        return None  # type: ignore[return-value]

    async with Stage("messenger", handlers=[lying]) as stage:
        with pytest.raises(UsageError, match="lying gave nothing to await: write it with `async def`"):
            await stage.arrives("messenger", "hello")


def test_a_bot_that_nobody_can_await_is_refused_with_its_plan() -> None:
    def robin(turn: Turn) -> Reply:
        return Reply(text="Hello")

    async def robot(turn: Turn) -> Reply | HandOver:
        return Reply(text="Hello")

    with pytest.raises(ValidationError, match="async def"):
        Bot.model_validate({"name": "Robin", "answers": robin})
    assert Bot(name="Robin", answers=robot).answers is robot


# ------------------------------------------------------------------------------------------------ what is given


async def test_a_moment_without_a_time_zone_is_refused_with_the_cure() -> None:
    async with Inbox(MEMORY) as inbox:
        await inbox.identity.observe(ANNA)
        naive = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - the mistake
        with pytest.raises(UsageError, match=r"2026-11-23 09:30 is in no time zone: .*tzinfo=UTC"):
            await inbox.identity.as_of(naive, ANNA)
        with pytest.raises(UsageError, match="Address is no moment: give a datetime"):
            await inbox.identity.as_of(ANNA, ANNA)  # type: ignore[arg-type]


async def test_an_address_as_a_text_is_refused_with_the_cure() -> None:
    written = "email::anna@home.example"
    async with Inbox(MEMORY) as inbox:
        await inbox.identity.observe(ANNA)
        asked = inbox.identity
        for ask in (
            lambda: inbox.customers.find(written),  # type: ignore[arg-type]
            lambda: asked.explain(written, BEN),  # type: ignore[arg-type]
            lambda: asked.merge(written, BEN, actor="Mia"),  # type: ignore[arg-type]
            lambda: asked.share(written, actor="Mia"),  # type: ignore[arg-type]
            lambda: asked.observe(written),  # type: ignore[arg-type]
        ):
            with pytest.raises(UsageError, match=r"Address\.of\('email::"):
                await ask()


async def test_a_purpose_may_be_written_as_its_name_and_is_never_taken_for_another() -> None:
    """`disclose` as a text must not show what nothing proves, and a word that is none must show nothing."""
    async with Inbox(MEMORY, desk=Plan()) as inbox:
        said = Evidence(address=BEN, strength=Strength.ASSERTED, method="form")
        anna = await inbox.identity.observe(
            ANNA, [said], facts={"name": "Annabel"}, strength=Strength.ASSERTED
        )
        for purpose in Purpose:
            name = purpose.value
            for ask in (
                lambda what: inbox.customers.get(anna.id, purpose=what),
                lambda what: inbox.customers.find(ANNA, purpose=what),
                lambda what: inbox.customers.timeline(anna.id, purpose=what),
                lambda what: inbox.identity.explain(ANNA, BEN, purpose=what),
                lambda what: inbox.search.customers("annabel", purpose=what),
                lambda what: inbox.desk.briefing(anna.id, purpose=what),
                lambda what: inbox.desk.fields.of_customer(anna.id, purpose=what),
            ):
                assert await ask(name) == await ask(purpose)  # type: ignore[no-untyped-call]
                with pytest.raises(
                    UsageError, match="'all' is no purpose; there are: disclose, assist, analytics"
                ):
                    await ask("all")  # type: ignore[no-untyped-call]
        assert (await inbox.search.customers("annabel", purpose="disclose")).found == ()  # type: ignore[arg-type]
        assert len((await inbox.customers.get(anna.id, purpose="assist")).addresses) == 2  # type: ignore[arg-type]


async def test_one_text_is_not_taken_for_a_list_of_letters() -> None:
    async with Inbox(MEMORY, desk=Plan(teams=(Team(name="service"),))) as inbox:
        await inbox.add_agent("Mia")
        describe = inbox.desk.agents.describe
        for given, cure in (
            ({"teams": "service"}, r"teams: 'service' is no list; write \['service'\]"),
            ({"languages": "en"}, r"languages: 'en' is no list; write \['en'\]"),
            ({"skills": ["billing"]}, r"skills: .* says no levels; write \{'billing': 3\}"),
        ):
            with pytest.raises(UsageError, match=cure):
                await describe("Mia", **given)  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="decisions: .* is no list"):
            await inbox.identity.undo("0199", actor="Mia")


# ------------------------------------------------------------------------------------------------- what is set up


@pytest.mark.parametrize(
    ("setting", "make"),
    [
        ("channels", lambda: Inbox(MEMORY, page())),  # type: ignore[arg-type]
        ("channels", lambda: Inbox(MEMORY, [Messenger])),  # type: ignore[list-item]
        ("desk", lambda: Inbox(MEMORY, desk={"teams": []})),  # type: ignore[arg-type]
        ("store", lambda: Inbox("support.db")),
        ("store", lambda: Inbox("sqlite://support.db")),
        ("store", lambda: Inbox(Path("support.db"))),  # type: ignore[arg-type]
        ("name", lambda: Messenger("my page", page_id="1", page_token="t", app_secret="s", verify_token="v")),
        ("page_id", lambda: page(page_id=12.5)),
    ],
)
def test_what_could_never_work_is_refused_where_it_is_made(setting: str, make: Callable[[], object]) -> None:
    with pytest.raises(ConfigError) as found:
        make()
    assert found.value.setting == setting
    assert found.value.cure


def test_an_id_may_be_written_as_a_number() -> None:
    assert page(page_id=1234567890).own_address == page().own_address


def test_an_inbox_takes_all_that_stands_in_a_configuration() -> None:
    """A part that is left out is silent: roles that nobody has to have, and nothing that is ever deleted."""
    access, retention = Access(roles=ROLES, person="auditor"), Retention()
    plan = Plan(teams=(Team(name="service"),))
    found = Config(MEMORY, "shop", (page(),), (), plan, access, retention)
    inbox = Inbox.of(found)
    assert (inbox.url, inbox.workspace, list(inbox.channels)) == (MEMORY, "shop", ["page"])
    assert (inbox.plan, inbox.access_rules, inbox.retention_rules) == (plan, access, retention)
    other = Plan(teams=(Team(name="sales"),))
    assert Inbox.of(found, desk=other).plan is other
    ours = {field.name for field in dataclasses.fields(Config)}
    assert ours == set(inspect.signature(Inbox).parameters) - {"rules", "policy", "clock"}


# ----------------------------------------------------------------------------------------- processes and threads


def test_synchronous_code_that_leaves_at_exit_leaves_quietly(tmp_path: Path) -> None:
    """As docs/howto/sync.md says it for Django: entered once, left by `atexit`, after the pool of threads has ended."""
    program = f"""
import atexit
from omnichannel import Inbox
box = Inbox("sqlite:///{tmp_path / "a.db"}").sync()
box.__enter__()
atexit.register(box.__exit__, None, None, None)
box.add_agent("Mia")
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    with Inbox(f"sqlite:///{tmp_path / 'a.db'}").sync() as box:
        assert [agent.name for agent in box.agents()] == ["Mia"]


def test_synchronous_calls_in_a_handler_are_refused_where_they_would_wait_for_ever() -> None:
    inbox = Inbox(MEMORY)
    box = inbox.sync()

    async def handler() -> None:
        box.agents()

    with box, pytest.raises(UsageError, match="in a handler: await the inbox itself"):
        box.wait_for(handler())


def _tell(told: Callable[[str], None], ask: Callable[[], object]) -> None:
    """In the forked process: which error comes back."""
    try:
        ask()
    except OmnichannelError as error:
        told(f"{type(error).__name__}: {error}")
    else:
        told("nothing")
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_that_was_forked_is_told_to_open_its_own(tmp_path: Path) -> None:
    """As a server does that loads the application before it makes its workers; else the first call would hang."""
    inbox = Inbox(f"sqlite:///{tmp_path / 'a.db'}")
    context = multiprocessing.get_context("fork")
    with inbox.sync() as box:
        for ask, error, cure in (
            (box.agents, UsageError, "enter inbox.sync() in each worker process"),
            (lambda: asyncio.run(inbox.agents()), StoreError, "open it in each worker process"),
        ):
            ours, theirs = context.Pipe()
            child = context.Process(target=_tell, args=(theirs.send, ask))
            child.start()
            assert ours.poll(20), "it hangs"
            said = ours.recv()
            child.join()
            assert said.startswith(error.__name__)
            assert cure in said


def test_the_command_is_a_module_too() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "omnichannel", "--version"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.split()[0]) == (0, "omnichannel")


# --------------------------------------------------------------------------------------------------- what is run


async def test_a_token_that_is_none_is_told_where_it_is_noticed_and_by_its_code_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The answer fails, which only its `sendings` said: whoever does not look there would never know."""
    async with Stage("messenger") as stage:
        asked = await stage.arrives("messenger", "hello")
        stage.script("messenger", Refused(code="reauth", detail="the platform's words"))
        await stage.inbox.conversations.reply(asked.conversation, "Hi!")
        await stage.settle()
        stage.script("messenger", Refused(code="recipient_unavailable"))
        await stage.inbox.conversations.reply(asked.conversation, "Hi again!")
        await stage.settle()
    [told] = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert told == "account messenger: a message was refused (reauth); `omnichannel doctor` says what to mend"


async def test_a_password_that_is_none_is_told_with_who_explains_it(caplog: pytest.LogCaptureFixture) -> None:
    with MailServer({"help@shop.example": "secret"}) as server:
        settings = {**server.settings("help@shop.example"), "password": "wrong"}
        async with Inbox(MEMORY, [Email("support", **settings)]) as inbox:  # type: ignore[arg-type]
            stop = asyncio.Event()
            running = asyncio.create_task(inbox.run(stop=stop))
            while "next try" not in caplog.text:
                await asyncio.sleep(0.01)
            stop.set()
            await running
    assert (
        "account support, INBOX: ConfigError, which `omnichannel doctor` explains; next try in" in caplog.text
    )


async def test_a_rule_for_a_kind_that_nobody_knows_is_told_when_it_is_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also deep within a rule; a kind that is installed, and has no account here, is another process's affair."""
    rules = (
        Route(name="chats", when=When(any=(When(kinds=("whatsap",)), When(kinds=("sms", "messenger"))))),
        Route(name="elsewhere", when=When(accounts=("another process's",))),
    )
    async with Inbox(MEMORY, [page()], desk=Plan(routes=rules)) as inbox:
        stop = asyncio.Event()
        stop.set()
        await inbox.run(stop=stop)
    told = [one.getMessage() for one in caplog.records if "never fits" in one.getMessage()]
    assert told == [
        "rule chats: no kind of channel is called 'whatsap', so that it never fits. Did you mean whatsapp?"
    ]


def test_a_rule_for_what_is_not_there_is_told_by_the_doctor() -> None:
    rules = (
        Route(name="chats", when=When(none=(When(kinds=("whatsap",)),))),
        Route(name="mail", when=When(accounts=("suport",), kinds=("email",))),
    )
    found = Config(MEMORY, "shop", (page(),), desk=Plan(routes=rules))
    assert [(about, one.what, one.cure) for about, one in misled(found)] == [
        (
            "rule chats",
            "no kind of channel is called 'whatsap', so that it never fits",
            "Did you mean whatsapp?",
        ),
        ("rule mail", "no account is called 'suport', so that it never fits", "There are page"),
    ]


def test_a_channel_of_ones_own_that_forgot_its_name_is_told_what_to_write() -> None:
    class Fax(Messenger):
        def __init__(self) -> None:
            """Nothing."""

    with pytest.raises(ConfigError, match=r"Fax has no name.*super\(\).__init__\(name\)"):
        Inbox(MEMORY, [Fax()])


def test_whatever_is_said_of_a_place_that_is_not_there_is_told_by_the_doctor() -> None:
    """Promises, ratings, views, answers, signatures, weights, and how long things are kept."""
    fax = ("fax",)
    plan = Plan(
        targets=(Target(name="soon", what="first", within=timedelta(hours=1), kinds=fax),),
        ratings=Ratings(kinds=fax),
        views=(View(name="mine", which=Which(any=(Which(kinds=fax, accounts=("pge",)),))),),
        answers=(Answer(name="thanks", texts={"en": ("Thanks",)}, channels=frozenset(fax)),),
        signatures=(Signature(agent="anna", full={"en": "Anna"}, forms={"fax": "full"}),),
        weights={"fax": 2},
    )
    nine = Keep(messages=timedelta(days=9))
    kept = Retention(accounts={"pge": nine}, kinds={"fax": nine})
    found = misled(Config(MEMORY, "shop", (page(),), desk=plan, retention=kept))
    fax_told = [who for who, one in found if "no kind of channel is called 'fax'" in one.what]
    assert fax_told == [
        "view mine", "target soon", "answer thanks", "signature of anna", "ratings", "weights", "retention",
    ]  # fmt: skip
    assert [(who, one.cure) for who, one in found if who not in fax_told or "account" in one.what] == [
        ("view mine", "Did you mean page?"),
        ("retention", "Did you mean page?"),
    ]
    assert misled(Config(MEMORY, "shop", (page(),), desk=Plan())) == []


@pytest.mark.parametrize(
    ("missing", "wanted", "cure"),
    [
        ("uvicorn", "from omnichannel.emulators.serving import Served", "pip install 'omnichannel[demo]'"),
        (
            "starlette",
            "from omnichannel.emulators.messenger import MessengerPage",
            "pip install 'omnichannel[demo]'",
        ),
        ("hypothesis", "from omnichannel.testing import LinkContract", "pip install 'omnichannel[testing]'"),
    ],
)
def test_an_extra_that_is_not_installed_is_named(missing: str, wanted: str, cure: str) -> None:
    program = f"import sys\nsys.modules[{missing!r}] = None\n{wanted}"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1].startswith(f"ModuleNotFoundError: {missing} is not installed")
    assert cure in ran.stderr.splitlines()[-1]

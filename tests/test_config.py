"""The configuration: a file, the environment, and messages that name the setting, the cure, and no secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel import config
from omnichannel.config.environment import resolved
from omnichannel.config.fitting import fitting
from omnichannel.errors import ConfigError
from omnichannel.model import Account
from tests.telegraph import install

CANARY = "canary-7f3a"

OFFICE = """
[channels.north]
kind = "telegraph"
office = "Nes"
key = "dot"
"""


@pytest.fixture(autouse=True)
def _telegraph(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path_factory.mktemp("packages"))))


def load(tmp_path: Path, text: str, **environ: str) -> config.Config:
    file = tmp_path / "omnichannel.toml"
    file.write_text(text)
    return config.load(file, environ)


def problem(tmp_path: Path, text: str, **environ: str) -> ConfigError:
    with pytest.raises(ConfigError) as wrong:
        load(tmp_path, text, **environ)
    return wrong.value


def test_a_file_becomes_channels_in_its_order(tmp_path: Path) -> None:
    """Every table under `channels` is an account; its keys are the keywords of the channel's class."""
    found = load(
        tmp_path,
        'store = "sqlite:///a.db"\nworkspace = "shop"\n'
        + OFFICE
        + '[channels.east]\nkind = "telegraph"\noffice = "Oost"\nkey = ["new", "old"]\nport = 8080\n'
        'lines = ["a", "b"]\nwires = ["c"]\nmode = "baudot"\n',
    )
    assert (found.store, found.workspace) == ("sqlite:///a.db", "shop")
    assert [channel.name for channel in found.channels] == ["north", "east"]
    east = vars(found.channels[1])
    assert (east["office"], east["port"], east["lines"], east["wires"]) == ("Oost", 8080, ("a", "b"), ("c",))
    assert [key.get_secret_value() for key in east["keys"]] == ["new", "old"]


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    """An empty file is a configuration without accounts."""
    found = load(tmp_path, "")
    assert found == config.Config(config.STORE, config.WORKSPACE, ())


def test_the_store_is_not_shown(tmp_path: Path) -> None:
    """Its URL may hold a password."""
    found = load(tmp_path, f'store = "postgresql://me:{CANARY}@db/x"\n')
    assert CANARY in found.store
    assert CANARY not in repr(found)


# Which file.


def test_the_path_that_was_said_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then OMNICHANNEL_CONFIG, then `omnichannel.toml` where we are."""
    for name in ("said", "environment", "omnichannel"):
        (tmp_path / f"{name}.toml").write_text(f'workspace = "{name}"\n')
    monkeypatch.chdir(tmp_path)
    environ = {"OMNICHANNEL_CONFIG": "environment.toml"}
    assert config.load("said.toml", environ).workspace == "said"
    assert config.load(None, environ).workspace == "environment"
    assert config.load(None, {}).workspace == "omnichannel"


def test_the_processes_own_environment_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`load()` alone is what a program writes."""
    (tmp_path / "mine.toml").write_text("")
    monkeypatch.setenv("OMNICHANNEL_CONFIG", str(tmp_path / "mine.toml"))
    monkeypatch.setenv("OMNICHANNEL_WORKSPACE", "from-outside")
    assert config.load().workspace == "from-outside"


def test_no_file_is_an_error_with_a_cure(tmp_path: Path) -> None:
    """An installation without a file is a mistake, not an empty one."""
    with pytest.raises(ConfigError, match=r"omnichannel.toml: there is no such file\. Write one .* --config"):
        config.load(tmp_path / "omnichannel.toml", {})


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    """What the system says is passed on."""
    with pytest.raises(ConfigError, match="Is a directory"):
        config.load(tmp_path, {})


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"store = \n", "line 1"),
        (b"store = sqlite\n", "texts stand in quotes"),
        (f'a = "{CANARY}"\na = "{CANARY}"\n'.encode(), "Cannot overwrite"),
        (b"\na" + b".a" * 6000, "no name has so many dots (at line 2)"),
        (b"a = {a" + b".a" * 6000 + b" = 1}", "no name has so many dots (at line 1)"),
        (f'key = "{CANARY}'.encode() + b'\xff"\n', "not UTF-8"),
    ],
)
def test_what_is_not_toml_says_where(tmp_path: Path, raw: bytes, says: str) -> None:
    """The line is named; what stands in it is not repeated."""
    (tmp_path / "a.toml").write_bytes(raw)
    with pytest.raises(ConfigError) as wrong:
        config.load(tmp_path / "a.toml", {})
    assert says in str(wrong.value)
    assert CANARY not in str(wrong.value)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    """Some editors write one."""
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfworkspace = "shop"\n')
    assert config.load(tmp_path / "a.toml", {}).workspace == "shop"


# Values from the environment.


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('{ env = "A" }', "alpha"),
        ('"${A}"', "alpha"),
        ('"imaps://${USER}:${A}@host"', "imaps://me:alpha@host"),
        ('"$${A}"', "${A}"),
        ('"$A ${} ${1} $"', "$A ${} ${1} $"),
        ('"${DOLLARS}"', "${A}$${A}"),
        ('"${EMPTY}"', ""),
    ],
)
def test_a_value_may_come_from_the_environment(tmp_path: Path, written: str, value: str) -> None:
    """As a table with `env`, or as `${NAME}` inside a text; what came is not looked at again."""
    environ = {"A": "alpha", "USER": "me", "DOLLARS": "${A}$${A}", "EMPTY": ""}
    text = OFFICE.replace('"Nes"', written)
    assert vars(load(tmp_path, text, **environ).channels[0])["office"] == value


def test_any_value_may_come_from_the_environment(tmp_path: Path) -> None:
    """The store, the kind, and each of several."""
    text = 'store = "${S}"\nworkspace = { env = "W" }\n' + OFFICE.replace(
        '"telegraph"', '{ env = "K" }'
    ).replace('"dot"', '[{ env = "NEW" }, "${OLD}"]')
    found = load(tmp_path, text, S="sqlite:///s.db", W="w", K="telegraph", NEW="n", OLD="o")
    assert (found.store, found.workspace) == ("sqlite:///s.db", "w")
    assert [key.get_secret_value() for key in vars(found.channels[0])["keys"]] == ["n", "o"]


def test_a_table_that_is_not_only_env_stays_a_table() -> None:
    """And its values are looked at in turn."""
    given_table = {"env": "A", "more": ["${A}", 5, True, {"env": "A"}], "inner": {"env": 5}}
    assert resolved("s", given_table, {"A": "a"}) == {
        "env": "A",
        "more": ["a", 5, True, "a"],
        "inner": {"env": 5},
    }


@given(st.text())
def test_a_text_without_a_variable_is_itself(text: str) -> None:
    """Nothing is lost or made up, whatever else a text contains."""
    assert resolved("s", text.replace("${", "$("), {}) == text.replace("${", "$(")


@given(st.text(), st.text())
def test_whatever_a_variable_holds_arrives(before: str, value: str) -> None:
    """Quotes, dollars and braces in a secret have no meaning."""
    before = before.replace("$", "")
    assert resolved("s", before + "${A}", {"A": value}) == before + value


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    """With the setting that asks for it, and the cure."""
    wrong = problem(tmp_path, OFFICE.replace('"dot"', '"${KEY}"'))
    assert (wrong.setting, wrong.problem) == ("channels.north.key", "the environment has no KEY")
    assert "Set KEY" in wrong.cure


# Variables that take a setting's place.


def test_a_variable_takes_a_settings_place(tmp_path: Path) -> None:
    """It wins over the file, adds what is missing, and is taken as it is; empty ones say nothing."""
    text = OFFICE.replace('key = "dot"', "").replace("kind =", "port = 1\nkind =")
    found = load(
        tmp_path, text,
        OMNICHANNEL_NORTH_KEY="a${B}c", OMNICHANNEL_NORTH_PORT="99", OMNICHANNEL_NORTH_LINES="a, b",
        OMNICHANNEL_NORTH_WIRES="c,d", OMNICHANNEL_NORTH_OFFICE="", OMNICHANNEL_STORE="sqlite:///e.db",
    )  # fmt: skip
    north = vars(found.channels[0])
    assert north["keys"][0].get_secret_value() == "a${B}c"
    assert (north["port"], north["lines"], north["wires"]) == (99, ("a", "b"), ("c", "d"))
    assert north["office"] == "Nes"
    assert found.store == "sqlite:///e.db"


def test_a_variable_makes_up_for_one_that_the_file_asks_for(tmp_path: Path) -> None:
    """Then the file's own is not looked for."""
    text = OFFICE.replace('"dot"', '"${KEY}"')
    assert load(tmp_path, text, OMNICHANNEL_NORTH_KEY="dash").channels


def test_the_longest_account_name_counts(tmp_path: Path) -> None:
    """A variable belongs to the account whose name fills most of it; dashes and dots are underscores."""
    text = OFFICE + OFFICE.replace("north]", "north-sea]")
    found = load(tmp_path, text, OMNICHANNEL_NORTH_SEA_OFFICE="Sylt", OMNICHANNEL_NORTH_OFFICE="Ees")
    assert [vars(channel)["office"] for channel in found.channels] == ["Ees", "Sylt"]


def test_names_that_the_environment_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    """Otherwise one account would get the other's secrets."""
    wrong = problem(tmp_path, OFFICE.replace("north]", "a-b]") + OFFICE.replace("north]", '"a.b"]'))
    assert (wrong.setting, wrong.problem) == ("channels.a.b", "the environment could not tell it from a-b")


def test_a_variable_for_a_setting_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A slip of the pen there is as bad as one in the file."""
    wrong = problem(tmp_path, OFFICE, OMNICHANNEL_NORTH_OFICE=CANARY)
    assert (wrong.setting, wrong.cure) == ("channels.north.ofice", "Did you mean office?")


# What is wrong, and how to mend it.


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[channel.north]\nkind = "telegraph"', "channel: there is no such setting. Did you mean channels?"),
        ("zzz = 1", "zzz: there is no such setting. Known are access, channels, desk, retention, store, webhooks, workspace"),
        ("store = 5", "store: it is not a text. Write it in quotes"),
        ("workspace = { a = 1 }", "workspace: it is not a text. Write it in quotes"),
        ("channels = 5", "channels: it is not a table. Write one [channels.NAME]"),
        ('[channels]\nnorth = "telegraph"', "channels.north: it is not a table. Write one [channels.NAME]"),
        ("[channels.north]", 'channels.north.kind: it is not set. Write kind = "email"'),
        ("[channels.north]\nkind = 5", "channels.north.kind: it is not set."),
        (
            '[channels.north]\nkind = "telegrah"',
            "channels.north.kind: telegrah: no such kind of channel; did you mean telegraph?",
        ),
        ('[channels."a b"]\nkind = "telegraph"', "channels.a b: this cannot be a name. Use up to 64 letters"),
        (
            OFFICE.replace("office", "ofice"),
            "channels.north.ofice: there is no such setting. Did you mean office?",
        ),
        (OFFICE + "self = 1", "channels.north.self: there is no such setting."),
        (OFFICE + 'name = "x"', "channels.north.name: there is no such setting."),
        (
            OFFICE.replace('office = "Nes"', ""),
            "channels.north.office: it is not set. Write it there, or set OMNICHANNEL_NORTH_OFFICE",
        ),
        (OFFICE + f'port = "{CANARY}"', "channels.north.port: Input should be a valid integer"),
        (OFFICE + "lines = 5", "channels.north.lines: Input should be a valid tuple"),
        (OFFICE + f'mode = "{CANARY}"', "channels.north.mode: Input should be 'morse' or 'baudot'"),
        (OFFICE + f'token = ["{CANARY}"]', "channels.north.token: Input should be a valid string; or "),
        (OFFICE.replace('"dot"', '""'), "channels.north.key: no secret is set"),
        (OFFICE + 'weather = "storm"', "channels.north.weather: no wire works in a storm. Wait"),
        (
            OFFICE + f'weather = "odd"\ntoken = "{CANARY}"',
            "channels.north: these settings do not go together (ValueError).",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_cure(tmp_path: Path, text: str, says: str) -> None:
    """The message starts with the place in the file, and never repeats a value."""
    said = str(problem(tmp_path, text))
    assert said.startswith(says)
    assert CANARY not in said


def test_everything_that_is_wrong_can_be_seen_at_once(tmp_path: Path) -> None:
    """`examine` goes on after the first problem, and sets up the accounts that are well."""
    file = tmp_path / "a.toml"
    file.write_text(
        "zzz = 1\nstore = 5\nworkspace = 5\n" + OFFICE + OFFICE.replace("north]", "south]\nx = 1")
    )
    found, problems = config.examine(file, {})
    assert [wrong.setting for wrong in problems] == ["zzz", "store", "workspace", "channels.south.x"]
    assert [channel.name for channel in found.channels] == ["north"]
    assert found.store == config.STORE


def test_our_own_channels_are_set_up_from_a_file(tmp_path: Path) -> None:
    """A setting of Messenger that is a number on paper may be written as one."""
    text = '[channels.page]\nkind = "messenger"\npage_id = 1234\npage_token = "t"\napp_secret = ["a", "b"]\n'
    channel = load(tmp_path, text, OMNICHANNEL_PAGE_VERIFY_TOKEN="v", OMNICHANNEL_PAGE_HUMAN_AGENT="true")
    assert channel.channels[0].own_address is not None
    assert channel.channels[0].own_address.value == "1234"


# Types.


class Private:
    """A type that is no data."""


@pytest.mark.parametrize(
    ("hint", "value", "fits"),
    [
        (str, "a", "a"), (str, 5, "5"), (int, "5", 5), (float, "1.5", 1.5), (bool, "false", False),
        (str | None, "a,b", "a,b"), (list[str], "a,b", ["a", "b"]), (tuple[str, ...], "", ()),
        (frozenset[int], "1,2", frozenset({1, 2})), (object, [1], [1]),
    ],
)  # fmt: skip
def test_a_value_fits_its_type(hint: object, value: object, fits: object) -> None:
    """Numbers may be written as texts and texts as numbers; a list as a text with commas."""
    assert fitting("s", hint, value) == fits


def test_a_type_that_is_no_data_is_left_to_the_channel() -> None:
    """Whatever cannot be checked here is checked by its constructor."""
    assert fitting("s", Account, {"name": "a"}) == {"name": "a"}
    with pytest.raises(ConfigError, match="instance of Private"):
        fitting("s", Private, "a")


def test_types_that_only_a_type_checker_sees_are_left_to_the_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An annotation that cannot be read at run time is no reason to refuse the channel."""
    source = Path(__file__).with_name("telegraph") / "omnichannel_telegraph.py"
    text = (
        source.read_text()
        .replace('kind = "telegraph"', 'kind = "wireless"')
        .replace("port: int", "port: Port")
    )
    entry = "wireless = omnichannel_wireless:Telegraph"
    install(tmp_path / "wireless", package="wireless", entry=entry, source=text)
    monkeypatch.syspath_prepend(str(tmp_path / "wireless"))
    found = load(tmp_path, OFFICE.replace('"telegraph"', '"wireless"') + 'port = "a port"')
    assert vars(found.channels[0])["port"] == "a port"


def test_the_environment_is_not_changed(tmp_path: Path) -> None:
    """Reading is all that happens."""
    before = dict(os.environ)
    load(tmp_path, OFFICE, OMNICHANNEL_NORTH_PORT="1")
    assert dict(os.environ) == before


DESK = """
[desk]
default_team = "service"
classifier = "tests.desk.readers:Obeying"
hold_back = "20 s"
again = ["intent", "reopened"]
private = { offer = "never" }

[desk.thanks]
name = "thanks"
texts = { en = "Thank you!" }

[[desk.teams]]
name = "service"
overflow = [{ after = "30 min", to = "social" }]

[[desk.teams]]
name = "social"

[[desk.routes]]
name = "public complaints"
when = { intents = ["complaint"], public = true }
then = { team = "social", priority = "urgent" }
"""


def test_the_plan_of_a_desk_is_the_same_as_in_code(tmp_path: Path) -> None:
    from datetime import timedelta

    from omnichannel.desk import Answer, Overflow, Plan, Private, Route, Team, Then, When
    from tests.desk.readers import Obeying

    found = load(tmp_path, DESK).desk
    made = Plan(
        teams=(
            Team(name="service", overflow=(Overflow(after=timedelta(minutes=30), to="social"),)),
            Team(name="social"),
        ),
        default_team="service",
        classifier=Obeying(),
        hold_back=timedelta(seconds=20),
        again=("intent", "reopened"),
        private=Private(offer="never"),
        thanks=Answer(name="thanks", texts={"en": ("Thank you!",)}),
        routes=(
            Route(
                name="public complaints",
                when=When(intents=("complaint",), public=True),  # type: ignore[arg-type]
                then=Then(team="social", priority="urgent"),
            ),
        ),
    )
    assert found is not None
    assert found.fingerprint == made.fingerprint
    assert load(tmp_path, "").desk is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("desk = 3", "desk: it is not a table"),
        ("[desk]\nroute = []", "desk.route: Extra inputs are not permitted"),
        ("[[desk.routes]]\nname = 'a'\nwhen = { intents = ['rant'] }", "desk.routes.1.when.intents.1: Input should be"),
        ("[desk]\ndefault_team = 'x'", "desk: no team is called 'x'; there are: none"),
        ("[desk]\nclassifier = 'mine'", "desk.classifier: 'mine' names no classifier"),
        ("[desk]\ncalendar = 'day'", "desk: calendar: no calendar is called 'day'"),
        ("[desk]\nhold_back = 20", "desk.hold_back: 20 of what? Write a unit"),
        ("[desk.thanks]\nname = 'a'\ntexts = { en = '{nobody}' }", "nobody knows the field nobody"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert told in str(problem(tmp_path, text))

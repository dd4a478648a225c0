"""The documentation cannot lie: its Python blocks run, its links lead somewhere, its lists are complete."""

from __future__ import annotations

import ast
import inspect
import re
import runpy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import omnichannel
from omnichannel import errors
from omnichannel.identity import KINDS, METHODS, Entry, Kind, Method, Purpose
from omnichannel.identity.policy import OTHER
from omnichannel.inbox.acting.roles import Roles
from omnichannel.inbox.conversations import Conversations
from omnichannel.inbox.customers import Customers
from omnichannel.inbox.desk import Desk
from omnichannel.inbox.desk.agents import Agents
from omnichannel.inbox.desk.answers import Answers
from omnichannel.inbox.desk.blocks import Blocks
from omnichannel.inbox.desk.bulk import Bulk
from omnichannel.inbox.desk.control import Control
from omnichannel.inbox.desk.fields import Fields
from omnichannel.inbox.desk.proposals import Proposals
from omnichannel.inbox.desk.ratings import Ratings
from omnichannel.inbox.desk.reports import Reports
from omnichannel.inbox.desk.routes import Routes
from omnichannel.inbox.desk.training import Training
from omnichannel.inbox.desk.views import Views
from omnichannel.inbox.followers import Followers
from omnichannel.inbox.identity import Identity
from omnichannel.inbox.retention.surface import Retention
from omnichannel.inbox.search.surface import Search
from omnichannel.inbox.trail.surface import Trail
from omnichannel.inbox.webhooks import Webhooks
from omnichannel.plugins import channel_class, own_kinds

ROOT = Path(__file__).parents[1]
DOCS, SRC = ROOT / "docs", ROOT / "src" / "omnichannel"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md")), ROOT / "examples" / "README.md"]
WITH_CODE = [page for page in PAGES if "```python" in page.read_text(encoding="utf-8")]


def reference(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")


def marked(page: str) -> set[str]:
    """Every word in code marks."""
    return set(re.findall(r"`([^`\n]+)`", page))


def links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who types the blocks of a page in order gets what the page says."""
    monkeypatch.chdir(ROOT)
    document = Sybil(parsers=[PythonCodeBlockParser()], pattern=page.name, path=str(page.parent)).parse(page)
    blocks = list(document.examples())
    assert len(blocks) == page.read_text(encoding="utf-8").count("```python")
    for block in blocks:
        block.evaluate()


def anchors(page: Path) -> set[str]:
    """What the headings of a page can be linked by."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link in the documentation names a file, folder or heading that is there."""
    missing = []
    for link in links(page):
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        if "://" not in link and (not target.exists() or (heading and heading not in anchors(target))):
            missing.append(link)
    assert missing == []


def test_the_contents_name_every_page() -> None:
    """Nobody has to guess that a page exists."""
    listed = {(DOCS / link).resolve() for link in links(DOCS / "README.md")}
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "adr"} - {DOCS / "README.md"}
    assert pages - listed == set()


@pytest.mark.parametrize(
    ("prefix", "owner"),
    [
        ("inbox", omnichannel.Inbox),
        ("conversations", Conversations),
        ("customers", Customers),
        ("identity", Identity),
        ("desk", Desk),
        ("search", Search),
        ("agents", Agents),
        ("answers", Answers),
        ("routes", Routes),
        ("proposals", Proposals),
        ("ratings", Ratings),
        ("roles", Roles),
        ("trail", Trail),
        ("retention", Retention),
        ("reports", Reports),
        ("control", Control),
        ("training", Training),
        ("fields", Fields),
        ("views", Views),
        ("bulk", Bulk),
        ("blocks", Blocks),
        ("followers", Followers),
        ("webhooks", Webhooks),
        ("incoming", omnichannel.Incoming),
    ],
)
def test_the_page_of_names_has_every_method(prefix: str, owner: type) -> None:
    """And none that is no more."""
    there = {name for name, _ in inspect.getmembers(owner) if not name.startswith("_")}
    told = {
        word.partition(".")[2]
        for word in marked(reference("api"))
        if re.fullmatch(rf"(?i:{prefix})\.\w+", word)  # `Inbox.of` is the class's own
    }
    attributes = {"channels"} if prefix == "inbox" else set()  # set by __init__, and meant for use
    assert told == there | attributes


def test_the_page_of_names_has_every_public_name() -> None:
    """What can be imported from `omnichannel` is explained."""
    assert set(omnichannel.__all__) - marked(reference("api")) == set()


def test_the_page_of_configuration_has_every_setting_of_every_kind() -> None:
    """Which must be given, and which may be; a default that is shown is the default.

    If this fails, mend the row of the kind that is named in docs/reference/configuration.md.
    """
    rows = dict(re.findall(r"^\| \[`(\w+)`\]\(\S+\) (\|.*)\|$", reference("configuration"), re.MULTILINE))
    assert set(rows) == set(own_kinds())
    for kind, row in rows.items():
        taken = [
            one for one in inspect.signature(channel_class(kind)).parameters.values() if one.name != "name"
        ]
        _, must, may = row.split("|")
        assert marked(must) == {one.name for one in taken if one.default is one.empty}, kind
        assert marked(may) == {one.name for one in taken if one.default is not one.empty}, kind
        defaults = {one.name: one.default for one in taken}
        for name, shown in re.findall(r"`(\w+)` \(([^)]*)\)", may):
            found = defaults[name]
            several = isinstance(found, (tuple, list)) and (", ".join(found), f"{len(found)} kinds")
            assert shown in (
                several or (str(found), str(found).lower(), f"{found:g}" if isinstance(found, float) else "")
            ), name


def test_the_page_of_errors_shows_the_tree_as_it_is() -> None:
    """The drawing is the module's own, and each error that a caller meets has its row."""
    page = reference("errors")
    tree = inspect.getdoc(errors).partition("OmnichannelError\n")[2]
    assert tree.strip() in page
    leaves = {
        name
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, Exception) and not found.__subclasses__()
    }
    assert leaves - marked(page) == set()


@pytest.mark.parametrize(("made", "name"), [("page", "capabilities"), ("differences", "differences")])
def test_a_page_that_is_made_is_up_to_date(made: str, name: str) -> None:
    """`python docs/generate.py` writes it."""
    assert runpy.run_path(str(DOCS / "generate.py"))[made]() == reference(name)


def test_the_speed_in_the_readme_is_that_of_the_figures() -> None:
    """`python docs/generate.py` writes it."""
    made = runpy.run_path(str(DOCS / "generate.py"))["readme"]()
    assert made == (ROOT / "README.md").read_text(encoding="utf-8")
    assert made.count("\n| reading | beside ") > 2


def test_the_schema_of_what_other_systems_are_told_is_up_to_date() -> None:
    """`python docs/generate.py` writes it."""
    file = DOCS / "howto" / "follow.schema.json"
    assert runpy.run_path(str(DOCS / "generate.py"))["notices"]() == file.read_text(encoding="utf-8")


CHANGING = {
    "message.{event.kind}": ["message.edited", "message.deleted", "message.reaction"],
    "message.{status}": ["message.sent", "message.delivered", "message.read", "message.failed"],
    "conversation.{what}": ["conversation.moved", "conversation.split", "conversation.joined"],
    "customer.{entry.kind}": [
        f"customer.{kind}" for kind in ("accept", "refuse", "share", "leave", "revoke")
    ],
    "channel.{event.kind}": ["channel.…"],
}
"""The happenings whose names are put together: a new one must be written down here, too."""


def happenings() -> set[str]:
    """Every name in the sources that says what happened."""
    found: set[str] = set()
    for file in (SRC / "inbox").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value
            elif isinstance(node, ast.JoinedStr):
                name = ast.unparse(node)[2:-1]
            if re.fullmatch(
                r"(message|conversation|customer|address|claim|code|delivery|channel|webhook)\.(\w+|\{[\w.]+\})",
                name,
            ):
                found.update(CHANGING[name] if "{" in name else [name])
    return found


def test_the_page_of_happenings_has_every_one() -> None:
    """Every `what` that the inbox writes down is explained, and none that it does not."""
    told = {word for word in marked(reference("events")) if re.match(r"(message|conversation|customer|address|claim|code|delivery|channel|webhook)\.", word)}  # fmt: skip
    assert len(happenings()) > 20
    assert told - {"channel.handover", "channel.referral"} == happenings()
    entries = {"claim", "accept", "refuse", "share", "leave", "object", "freeze", "revoke"}
    assert set(inspect.get_annotations(Entry, eval_str=True)["kind"].__args__) == entries


# --- identity -------------------------------------------------------------------------------------------------


def rows(page: str, columns: int) -> dict[str, list[str]]:
    """The rows of the tables of a page with so many columns, by each name in code marks of the first."""
    found = {}
    for line in page.splitlines():
        first, *others = (cell.strip() for cell in line[1:-1].split("|"))
        if line.startswith("|") and len(others) == columns - 1 and not set(first) <= set("- "):
            found.update(dict.fromkeys(re.findall(r"`(\w+)`", first) or [first], others))
    return found


def test_the_tables_of_the_policy_are_the_policys() -> None:
    """What each method may prove at most, and what addresses of each kind are."""
    page = (DOCS / "howto" / "policies.md").read_text(encoding="utf-8")
    methods, kinds = rows(page, 4), rows(page, 5)
    del methods["method"], kinds["kind"]
    assert methods == {name: _told_of_method(name, method) for name, method in METHODS.items()}
    assert kinds == {name: _told_of_kind(kind) for name, kind in {**KINDS, "any other": OTHER}.items()}


def _told_of_method(name: str, method: Method) -> list[str]:
    likely = "" if method.most.proves else "each its own" if name == "likeness" else f"{method.likely:g}"
    return [str(method.most), likely, "yes" if method.own else ""]


def _told_of_kind(kind: Kind) -> list[str]:
    what = "account" if kind.account else "device" if kind.device else ""
    gap = "" if kind.gap is None else f"{kind.gap // 86_400_000_000} days"
    return [str(kind.limit(Purpose.DISCLOSE)), str(kind.limit(Purpose.ASSIST)), what, gap]


THREATS = DOCS / "explanation" / "identity-threats.md"
ATTACKS = dict(attack.split("\n", 1) for attack in THREATS.read_text(encoding="utf-8").split("\n### ")[1:])


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_of_the_threat_model_has_tests_that_are_there(attack: str) -> None:
    """By the name of a function, or of a case in quotes."""
    tests = ATTACKS[attack].partition("*Tests:*")[2]
    named = re.findall(r"\[([^\]]+)\]\((\.\./\.\./[^)#]+\.py)\)", tests)
    assert named
    for name, path in named:
        source, shown = (THREATS.parent / path).read_text(encoding="utf-8"), " ".join(name.split())
        there = f"def {shown.strip('`')}(" if shown.startswith("`") else shown
        assert there in source, f"{path} has no {shown}"


PICTURES = sorted(DOCS.rglob("*.svg"))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_can_be_read_aloud_and_in_the_dark(picture: Path) -> None:
    """It has a title and a description in words, colours for both, and loads nothing."""
    source = picture.read_text(encoding="utf-8")
    drawing = ET.fromstring(source)
    parts = {element.get("id"): "".join(element.itertext()) for element in drawing}
    assert drawing.get("role") == "img"
    assert all(parts[each].strip() for each in drawing.get("aria-labelledby", "-").split())
    assert "prefers-color-scheme: dark" in source
    assert not re.search(r"<script|<image|href=|url\(|@import|\son\w+=", source)

"""The public names, pinned, and the promise that none of their signatures says `Any`."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

import omnichannel
from omnichannel import channel, desk, errors, model, toolbox
from omnichannel.desk import access
from omnichannel.desk.retention import Keep, Retention
from omnichannel.inbox import Incoming, Rules
from omnichannel.inbox.acting.roles import Roles
from omnichannel.inbox.conversations import Conversations
from omnichannel.inbox.customers import Customers
from omnichannel.inbox.desk import Desk
from omnichannel.inbox.desk.agents import Agents
from omnichannel.inbox.desk.answers import Answers
from omnichannel.inbox.desk.control import Control
from omnichannel.inbox.desk.proposals import Proposals
from omnichannel.inbox.desk.ratings import Ratings
from omnichannel.inbox.desk.reports import Reports
from omnichannel.inbox.desk.routes import Routes
from omnichannel.inbox.desk.training import Training
from omnichannel.inbox.followers import Followers
from omnichannel.inbox.following import Following
from omnichannel.inbox.retention.surface import Retention as Aging
from omnichannel.inbox.search.surface import Search
from omnichannel.inbox.trail.surface import Trail
from omnichannel.inbox.webhooks import Webhooks
from omnichannel.sync import (
    SyncAgents,
    SyncAnswers,
    SyncControl,
    SyncConversations,
    SyncCustomers,
    SyncDesk,
    SyncFollowers,
    SyncFollowing,
    SyncInbox,
    SyncProposals,
    SyncRatings,
    SyncReports,
    SyncRetention,
    SyncRoles,
    SyncRoutes,
    SyncSearch,
    SyncTrail,
    SyncTraining,
    SyncWebhooks,
)
from omnichannel.webhooks import Webhook

NAMES = [
    "Account", "Ack", "Address", "Agent", "Attachment", "Capabilities", "Card", "Channel", "Choice", "Claim",
    "Conversation", "Customer", "Delivery", "Direction", "Draft", "Inbox", "Incoming", "Location", "Message",
    "OmnichannelError", "Option", "Part", "Party", "Preview", "Receipt", "Rules", "Strength", "Suggestion",
    "Template", "Text",
]  # fmt: skip

CLASSES = [
    omnichannel.Inbox, Incoming, Rules, Conversations, Customers, SyncInbox, SyncConversations, SyncCustomers,
    Followers, Following, Webhooks, Webhook, SyncFollowers, SyncFollowing, SyncWebhooks,
    Desk, Agents, Answers, Routes, Proposals, SyncDesk, SyncAgents, SyncAnswers, SyncRoutes, SyncProposals,
    Desk, Agents, Routes, Proposals, Ratings, SyncDesk, SyncAgents, SyncRoutes, SyncProposals, SyncRatings,
    Search, SyncSearch, Roles, Trail, SyncRoles, SyncTrail, Aging, SyncRetention,
    Retention, Keep,
    *(found for _, found in inspect.getmembers(access, inspect.isclass)),
    Search, SyncSearch, Reports, SyncReports,
    Search, SyncSearch, Control, Training, SyncControl, SyncTraining,
    *(found for _, found in inspect.getmembers(desk, inspect.isclass)),
    *(found for _, found in inspect.getmembers(channel, inspect.isclass) if found.__module__ == channel.__name__),
    *(found for _, found in inspect.getmembers(model, inspect.isclass) if found.__module__.startswith(model.__name__)),
    *(found for _, found in inspect.getmembers(errors, inspect.isclass)),
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    """A name that is added or goes is a decision: change this list with it, and the changelog."""
    assert omnichannel.__all__ == NAMES
    assert sorted(omnichannel.__all__) == omnichannel.__all__
    for name in NAMES:
        assert getattr(omnichannel, name) is not None


@pytest.mark.parametrize(
    "name",
    ["omnichannel", "omnichannel.model", "omnichannel.desk", "omnichannel.toolbox", "omnichannel.identity"],
)
def test_all_names_what_is_there_and_nothing_twice(name: str) -> None:
    module = importlib.import_module(name)
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, each) for each in module.__all__)


def functions(owner: type) -> Iterator[tuple[str, Any]]:
    """Every public function of a class of ours, inherited ones included, and its constructor."""
    for name in dir(owner):
        found = inspect.getattr_static(owner, name)
        if isinstance(found, classmethod | staticmethod):
            found = found.__func__
        if isinstance(found, property):
            found = found.fget
        ours = inspect.isfunction(found) and found.__module__.startswith("omnichannel")
        if ours and (not name.startswith("_") or name == "__init__"):
            yield f"{owner.__name__}.{name}", found


def says_any(annotation: object, names: dict[str, Any]) -> bool:
    """Whether an annotation is, holds or stands for `Any`."""
    words = re.findall(r"\w+", annotation if isinstance(annotation, str) else repr(annotation))
    aliases = (names.get(word) for word in words)
    return "Any" in words or any(
        "typing.Any" in repr(alias) for alias in aliases if not inspect.isclass(alias) and not callable(alias)
    )


SIGNATURES = [
    *(pair for owner in CLASSES for pair in functions(owner)),
    *((f"toolbox.{name}", getattr(toolbox, name)) for name in toolbox.__all__ if inspect.isfunction(getattr(toolbox, name))),
]  # fmt: skip


def test_no_public_signature_says_any() -> None:
    """What goes in and comes out is typed everywhere, so that an editor can help."""
    assert len(SIGNATURES) > 150
    for name, function in SIGNATURES:
        signature = inspect.signature(function)
        annotations = [signature.return_annotation, *(p.annotation for p in signature.parameters.values())]
        for annotation in annotations:
            assert not says_any(annotation, function.__globals__), f"{name}: {annotation}"


def test_every_parameter_and_result_is_annotated() -> None:
    for name, function in SIGNATURES:
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty, name
        for parameter in list(signature.parameters.values()):
            if parameter.name not in ("self", "cls"):
                assert parameter.annotation is not inspect.Parameter.empty, f"{name}({parameter.name})"


def test_no_field_of_a_value_says_any() -> None:
    for owner in CLASSES:
        for name, field in getattr(owner, "model_fields", {}).items():
            assert "typing.Any" not in repr(field.annotation), f"{owner.__name__}.{name}"


def test_every_public_function_says_what_it_is_for() -> None:
    for name, function in SIGNATURES:
        if not name.endswith("__init__") and not name.startswith("Value."):
            assert function.__doc__, name


def test_errors_are_one_tree_drawn_in_its_module() -> None:
    """Every error stands in the drawing, under the one it is derived from."""
    drawn = re.findall(r"^[│ ]*(?:[├└]── )?(\w+)", errors.__doc__ or "", re.MULTILINE)
    real = [
        name
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if found.__module__ == errors.__name__
    ]
    assert set(real) <= set(drawn)
    for name in real:
        assert issubclass(getattr(errors, name), errors.OmnichannelError)


def test_importing_the_library_needs_no_extra() -> None:
    """Only what the core depends on is loaded: a channel's libraries wait until the channel is used."""
    import subprocess
    import sys

    extras = {
        "imapclient",
        "aiosmtplib",
        "tweepy",
        "psycopg",
        "uvicorn",
        "starlette",
        "nh3",
        "quotequail",
        "lxml",
    }
    code = "import sys, omnichannel; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not extras & set(found.stdout.split())

"""What the tests of the kit start from: a real channel's contract, and case files made up on the spot."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from omnichannel.testing.subject import Subject
from tests.channels.email.test_contract import TestEmail as EmailContract
from tests.channels.messenger.test_contract import TestMessenger as MessengerContract
from tests.channels.sms.test_contract import TestSms as SmsContract
from tests.channels.x.test_contract import TestX as XContract


def messenger() -> Subject:
    return MessengerContract().subject()


def email() -> Subject:
    return EmailContract().subject()


def sms() -> Subject:
    return SmsContract().subject()


def x() -> Subject:
    return XContract().subject()


def without(subject: Subject, *names: str) -> Subject:
    """The subject without some of its cases."""
    return replace(subject, cases=tuple(case for case in subject.cases if case.name not in names))


def written(folder: Path, name: str, **data: Any) -> Path:
    """A case file."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"why": "it shows something", "source": "made up"} | data), encoding="utf-8")
    return path


RECEIVE = {"delivery": {"json": {"object": "page", "entry": []}}}

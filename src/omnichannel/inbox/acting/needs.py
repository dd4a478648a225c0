"""Which permission each public method of the inbox needs. A test fails for a method that stands nowhere here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from omnichannel.model import Permission


class Need(NamedTuple):
    """What a method needs. `himself` is its parameter that says who acts, besides `actor`: filled in with their name.

    `others`: the permission that it takes to name somebody else there; without one nobody may.
    """

    permission: Permission
    himself: str = ""
    others: Permission | None = None


_METHODS: Mapping[Permission, str] = {
    "read": (
        "agents attachment conversations.get conversations.open conversations.closed conversations.messages"
        " conversations.message conversations.preview desk.case desk.queue desk.ahead desk.due"
        " desk.why_waiting desk.held_up desk.decisions desk.open_questions"
        " desk.answers.find desk.answers.suggest desk.answers.phrase"
        " desk.answers.check desk.answers.notice desk.routes.explain desk.routes.readings desk.proposals.of"
        " desk.ratings.of"
        " desk.control.handover desk.control.turns desk.fields.of desk.views.listed desk.views.count"
        " desk.views.page desk.views.save desk.views.drop search.messages search.progress"
    ),
    "history": (
        "customers.get customers.find customers.timeline desk.unanswered desk.briefing desk.summary"
        " desk.training.consents desk.fields.of_customer"
        " search.customers identity.claims identity.challenges identity.explain"
    ),
    "likely": "identity.likeness identity.suggestions identity.as_of",
    "answer": (
        "conversations.reply conversations.signal conversations.note conversations.continue_on"
        " conversations.redeem desk.mention desk.answers.say desk.answers.refuse desk.proposals.send"
        " desk.proposals.drop identity.challenge"
    ),
    "work": (
        "conversations.close conversations.reopen desk.take_next desk.follow desk.unfollow desk.writing"
        " desk.prioritise desk.tag desk.untag desk.settle desk.snooze desk.follow_up desk.followed_up desk.spam"
        " desk.close desk.reopen desk.undo"
        " desk.ratings.spare desk.agents.turn"
        " desk.control.offer desk.control.take desk.control.give_back desk.fields.fill desk.fields.fill_customer"
    ),
    "assign": "conversations.assign desk.assign desk.control.pass_on",
    "correct": (
        "conversations.move conversations.split conversations.join desk.bulk.foresee desk.bulk.begin desk.bulk.work"
        " desk.bulk.progress desk.bulk.leftovers desk.bulk.latest desk.bulk.undo desk.blocks.block"
        " desk.blocks.block_address desk.blocks.block_domain desk.blocks.listed desk.blocks.held_back"
        " desk.blocks.lift"
    ),
    "identify": (
        "identity.merge identity.unmerge identity.accept identity.refuse identity.share identity.leave"
        " desk.training.consent desk.training.withdraw"
        " identity.undo identity.observe identity.audit identity.audited identity.judge identity.learn"
    ),
    "export": "identity.export desk.training.transcripts desk.training.jsonl",
    "erase": "identity.erase identity.erase_again identity.scrub retention.apply",
    "freeze": "identity.freeze identity.unfreeze identity.object identity.unobject",
    "report": (
        "desk.agents.shares desk.answers.tally desk.answers.uses desk.routes.intents desk.routes.try_out"
        " desk.ratings.asked desk.ratings.scores desk.reports.of desk.reports.waiting"
        " retention.foresee retention.gone"
    ),
    "people": "add_agent desk.agents.describe desk.agents.let_go",
    "grant": "roles.of roles.grant roles.revoke roles.may",
    "connect": (
        "events followers.all followers.get followers.move followers.forget webhooks.add webhooks.all"
        " webhooks.get webhooks.change webhooks.pause webhooks.resume webhooks.ping webhooks.remove"
        " webhooks.replay webhooks.rotate webhooks.secrets webhooks.skip"
    ),
    "operate": (
        "receive poll work import_history import_archive reconcile health parked in_doubt resolve replay ask"
    ),
    "raw": "raw",
    "trail": "trail.acts trail.seal trail.verify trail.csv",
}

_HIMSELF: Mapping[str, tuple[str, Permission | None]] = {
    "conversations.reply": ("agent", None),
    "conversations.note": ("agent", None),
    "conversations.redeem": ("agent", None),
    "desk.take_next": ("agent", "assign"),
    "desk.control.take": ("agent", "assign"),
    "desk.follow": ("agent", "assign"),
    "desk.unfollow": ("agent", "assign"),
    "desk.writing": ("agent", None),
    "desk.answers.say": ("agent", None),
    "desk.answers.refuse": ("agent", None),
    "desk.answers.phrase": ("agent", None),
    "desk.proposals.send": ("agent", None),
    "desk.proposals.drop": ("agent", None),
    "desk.agents.turn": ("name", "people"),
    "desk.views.listed": ("agent", "people"),
    "desk.views.count": ("agent", "people"),
    "desk.views.page": ("agent", "people"),
    "desk.views.save": ("agent", "people"),
    "desk.views.drop": ("agent", "people"),
    "desk.bulk.foresee": ("agent", "people"),
    "desk.bulk.begin": ("agent", "people"),
}

FIRST = frozenset({"erase", "export", "operate"})
"""What is written down before it is done: it cannot be taken back, or is no one commit."""

READING = frozenset({"read", "history", "likely", "report", "trail"})
"""What changes nothing: a list of it is written down when it is known what stands in it."""

OF_THEIRS = frozenset({"desk.take_next"})
"""What is about whichever case of theirs there is, though it names none. So is everything that gives a list."""

NEEDS: Mapping[str, Need] = {
    name: Need(permission, *_HIMSELF.get(name, ("", None)))
    for permission, names in _METHODS.items()
    for name in names.split()
}
"""What each method needs, by its name as it is called on the inbox."""

OURS = frozenset(
    {
        "acting_as", "age", "asgi", "channel", "claim_messages", "claim_notices", "claim_turns", "claim_words",
        "classify", "close", "converse", "count", "cursor", "dispatch", "follow", "give_sign", "handle",
        "handle_message", "heal", "index", "keep", "lease_calls", "let_go", "look_up", "looked", "make_call",
        "on_message", "open", "preview", "read", "read_words", "register", "rendered", "ring", "run", "run_job",
        "send", "send_notices", "study", "sync", "take_turn", "tell", "troubled",
    }
)  # fmt: skip
"""What the application itself does, and nobody's hands: it is not to be had through `acting_as`."""

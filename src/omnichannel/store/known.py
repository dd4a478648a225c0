"""What every table holds of customers, and what becomes of it: the plan that the rights follow.

A test compares it with the tables as they are. Whoever adds a table or a column says here what it holds of those
who write, and teaches `erasing` (and `exporting`) about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Fate = Literal["deleted", "cut", "emptied", "kept"]
"""`deleted`: their rows go. `cut`: their part of a row goes. `emptied`: the row stays as a skeleton without values.
`kept`: nothing in it is a customer's."""


class Table(NamedTuple):
    """A table's columns in their order, what an erasure does to its rows, and why."""

    columns: str
    fate: Fate
    because: str


EVERYWHERE = ("workspaces", "schema_version")
"""Small tables of which every machine has a copy where the others are spread over several by workspace."""

TABLES: Mapping[str, Table] = {
    "acts": Table(
        "workspace chain number id at actor method permission allowed because reason mark link_chain link_number"
        " link_mark",
        "emptied", "that somebody of ours saw or did something, and when: not why",
    ),
    "addresses": Table(
        "workspace id kind scope value name written strength method customer first_seen look_up_at first since"
        " frozen_at",
        "deleted", "who they are",
    ),
    "aged": Table("workspace went_on what of day count", "kept", "how much went by its age: counts"),
    "ageing": Table("workspace began stage after went ended", "kept", "how far that has come: numbers"),
    "agents": Table(
        "workspace id name role email profile presence present_until given_at", "kept", "people of ours"
    ),
    "audits": Table("workspace id purpose whole at", "kept", "samples that were drawn: which view, and when"),
    "batch_cases": Table(
        "workspace batch conversation state decision because", "deleted", "that something was done with many cases"
    ),
    "batches": Table(
        "workspace id state actor undone_by because content reached at ended_at",
        "kept", "what people of ours did with many cases at once",
    ),
    "blocks": Table(
        "workspace id state mark kind scope value unproven reason actor at until lifted_at lifted_by",
        "emptied", "that somebody is not listened to, by a keyed mark instead of the address",
    ),
    "calls": Table(
        "workspace id conversation message account position state attempts due_at begun_at call external_id"
        " correlator status detail at resent",
        "deleted", "what was sent to them",
    ),
    "cases": Table(
        "workspace conversation seq closed assignee team queue_at weight due_at next_at content course priority"
        " control kind account public language tier spam snoozed_until asked_at due_by asks",
        "deleted", "what was to be done for them",
    ),
    "challenges": Table(
        "workspace id claim claimant claimed digest account message state tries issued_at expires_at actor reason",
        "deleted", "codes sent because of what they claimed, or what was claimed of them",
    ),
    "commits": Table("workspace worker number", "kept", "marks of our own"),
    "concerned": Table("workspace what number act", "kept", "what acts were about: numbers of our own"),
    "consents": Table(
        "workspace id address given proof actor at", "deleted", "whether what they say may be used for training"
    ),
    "conversations": Table(
        "workspace id subject status assignee asker opened_at last_at seq joined",
        "deleted", "where others are in one, only its subject goes",
    ),
    "customer_fields": Table(
        "workspace address name value at actor", "deleted", "what we said of them in fields of our own"
    ),
    "counts": Table(
        "workspace what at conversation number agent team kind account begun_at worked hours value",
        "deleted", "what was counted of them",
    ),
    "cursors": Table("workspace account name value", "kept", "how far sources were read: positions"),
    "decisions": Table(
        "workspace id conversation at what actor because changes plan batch undoes undone_by summary",
        "deleted", "what was decided for them; where others are in the conversation, without words and values",
    ),
    "deliveries": Table(
        "workspace id account source key head body received_at state attempts due_at reason",
        "cut", "whole if all of its items are theirs",
    ),
    "desks": Table(
        "workspace position walked plan at learnt plans again refiled", "kept", "how far the desk has come"
    ),
    "early": Table("workspace account target id event at", "deleted", "updates that waited for a message"),
    "erased": Table("workspace mark since until", "kept", "keyed marks, so that nothing comes back"),
    "externals": Table(
        "workspace account what external_id message fingerprint", "deleted", "the platforms' ids of what they said"
    ),
    "facts": Table("workspace address field value strength source at studied", "deleted", "what was said of them"),
    "filed": Table(
        "workspace number name value amount day", "deleted", "what their cases and addresses are found by"
    ),
    "followers": Table(
        "workspace name reached holder lease_until made_at at", "kept", "how far each follower has come: numbers"
    ),
    "happenings": Table(
        "workspace id what at conversation customer message actor detail turn position",
        "emptied", "what happened, and when",
    ),
    "held_back": Table(
        "workspace block at item delivery failed", "deleted",
        "which deliveries hold what blocked people wrote: keyed marks",
    ),
    "holds": Table(
        "workspace mark delivery", "deleted", "whose items a delivery holds, in keyed marks, or that nobody knows"
    ),
    "indexed": Table(
        "workspace position messages_from people_from folding", "kept", "how far the index of words is: numbers"
    ),
    "journal": Table(
        "workspace id kind one other strength method target because actor source at expires_at likely",
        "emptied", "that something was said or decided, when, and by which operator",
    ),
    "judged": Table(
        "workspace id audit one other stated same decision actor at", "deleted", "what people judged of them"
    ),
    "keys": Table("workspace key address", "deleted", "what finds who is alike"),
    "let_go": Table("workspace position happening at", "kept", "up to where happenings are not kept any more"),
    "looks": Table("workspace account source looked_at trouble trouble_at", "kept", "how our sources do"),
    "messages": Table(
        "workspace conversation seq id account kind direction public peer agent strength sent_at received_at"
        " external_id delivery because content",
        "deleted", "what was said",
    ),
    "missing": Table(
        "workspace account mark at id delivery", "kept", "keyed marks of what is to be brought in, until it is"
    ),
    "models": Table(
        "workspace version model learned_at curve", "kept", "what was learned of all: shares, no value of anybody's"
    ),
    "notices": Table(
        "workspace conversation at until state message because", "deleted", "that they were told nobody is there"
    ),
    "orders": Table("workspace mark asked message", "deleted", "keyed marks of what was ordered to be said to them"),
    "paced": Table("workspace address since answers", "deleted", "how often a program answered them in a chat"),
    "participants": Table("workspace address conversation", "deleted", "where they took part"),
    "placed": Table("workspace position", "kept", "how many happenings were looked at"),
    "proposals": Table(
        "workspace conversation occasion at state message content", "deleted", "what could be said to them"
    ),
    "pulses": Table(
        "workspace account begun_at heard_at longest gap_from compared_at tried_at challenged_at sent_at refused"
        " refused_at not_before",
        "kept", "when our accounts last heard anything",
    ),
    "readings": Table(
        "workspace conversation seq at intent content words begins praised complains",
        "deleted", "what was made of their words",
    ),
    "rated": Table(
        "workspace rating id at conversation peer message stars words alone", "deleted", "how they say that we did"
    ),
    "ratings": Table(
        "workspace id conversation resolution state due_at peer account kind agent team language way asked_at until"
        " message digest stars reason",
        "deleted", "whether they were asked how we did, and what they said",
    ),
    "sought": Table(
        "workspace doc what number words", "deleted", "the words of what they said, and of what is known of them"
    ),
    "spells": Table(
        "workspace conversation asked_at answered_at agent team kind first",
        "deleted", "how long they waited for answers",
    ),
    "terms": Table("workspace field term count", "cut", "how many say a value; what nobody says is deleted"),
    "threads": Table("workspace account thread conversation", "deleted", "which may be named after them"),
    "todo": Table(
        "workspace conversation seq message state attempts due_at reason", "deleted", "what waited for handlers"
    ),
    "tokens": Table(
        "workspace digest conversation address account issued_at expires_at used_at holder used_by short",
        "deleted", "links and codes to go on with",
    ),
    "trail_ends": Table("workspace chain number mark proof", "kept", "where the trail begins: keyed marks of ours"),
    "tries": Table(
        "workspace id who at",
        "deleted", "wrong codes that they gave, and how often a program answered them",
    ),
    "told": Table(
        "workspace conversation name what at kind team state took clock",
        "deleted", "how long they waited for what was promised to them",
    ),
    "uncounted": Table("workspace conversation at", "deleted", "of whom something is to be counted"),
    "turns": Table(
        "workspace id conversation bot state due_at attempts at message confidence cost content",
        "deleted", "when a bot was to answer them, and what it would have said",
    ),
    "unread": Table("workspace conversation since due_at again", "deleted", "whose words are to be read"),
    "unstudied": Table("workspace address", "deleted", "who is to be compared with those who are alike"),
    "uses": Table(
        "workspace id answer language variant conversation question message agent how reaction because at revision",
        "emptied", "that a standard answer was said, when, by whom of ours, and how it was taken",
    ),
    "views": Table("workspace agent name content at", "kept", "which cases people of ours want to see"),
    "webhooks": Table(
        "workspace name url wants includes private salts state attempts due_at answer failing_since",
        "kept", "which systems are told: what they are told is made when it is sent",
    ),
    "workspaces": Table("workspace name secret opened", "kept", "ours"),
    "writing": Table("workspace conversation agent until", "deleted", "who of ours is writing to them"),
}  # fmt: skip

"""What a draft becomes: pure, the same every time, every letter of it, in pieces that fit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call, Channel
from omnichannel.errors import UsageError
from omnichannel.model import Draft, Received, TextLimit, Updated
from omnichannel.testing.cases import Case
from omnichannel.testing.drafting import bases, in_words, refusal
from omnichannel.testing.failing import Json, fail, require, same
from omnichannel.testing.measures import clusters, measured
from omnichannel.testing.probing import so_many
from omnichannel.testing.shapes import told
from omnichannel.testing.subject import Subject
from omnichannel.testing.watching import watched
from omnichannel.testing.wording import found_text, words

UNITS = (
    "The parcel should have been here on Monday, and it is not. ",
    "x",
    "我的包裹还没有到。",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "🇳🇱",
    "Prices in € [brackets] {and} ~tildes~ | ^ \\ ",
    "أين طلبي؟ ",
    "하나 ",
    "First line\nsecond line\n\nNew paragraph. ",
    "👍🏽 ok ",
)
"""What texts are made of: words, one long word, other scripts, pictures of several code points, lines."""

LARGEST_TRIED = 20_000
"""Above so much text only the limit itself is tried: the way of cutting does not depend on it."""


def check_render_is_pure(subject: Subject) -> str | None:
    """Rendering touches no clock, no chance, no file, no socket, no log.

    If it fails: everything that a call needs is in the draft (`id`, `created_at`, `heard_at`, `token`); boundaries
    and ids are made of `draft.id`.
    """
    channel = subject.channel()
    for case, draft in subject.drafts():
        channel.render(draft)
        watched(lambda draft=draft: list(channel.render(draft)), "render", case.name)  # type: ignore[misc]
    return None


def check_render_repeats(subject: Subject) -> str | None:
    """The same draft becomes the same calls, again, in another instance, and after all others.

    If it fails: keep no state; what was rendered is stored before it is sent, and rendered again nowhere.
    """
    channel = subject.channel()
    first = {case.name: _told(subject.channel().render(draft)) for case, draft in subject.drafts()}
    pairs = list(subject.drafts())
    for case, draft in (*pairs, *reversed(pairs)):
        same(
            first[case.name],
            _told(channel.render(draft)),
            "the same draft becomes something else now",
            case=case.name,
        )
    return None


def _told(calls: object) -> list[Json]:
    return [told(call) for call in cast("list[Call]", calls)]


def check_calls_can_be_kept(subject: Subject) -> str | None:
    """Every call is the same after it was JSON; its chain leads somewhere; no two pieces have one correlator.

    If it fails: `chain` is a JSON pointer to a place that is in the body already, and the first call has none;
    `correlator` tells the pieces of a draft apart, e.g. `f"{draft.id}/{number}"`.
    """
    channel = subject.channel()
    for case, draft in subject.drafts():
        calls = list(channel.render(draft))
        named = [call.correlator for call in calls if call.correlator]
        require(len(set(named)) == len(named), f"two calls have one correlator: {named}", case=case.name)
        require(not calls[0].chain, "the first call has a chain, and nothing is before it", case=case.name)
        for call in calls:
            require(
                Call.model_validate_json(call.model_dump_json()) == call,
                "is not the same stored",
                case=case.name,
            )
            require(not call.chain or _leads(call), f"its chain {call.chain} leads nowhere", case=case.name)
    return None


def _leads(call: Call) -> bool:
    """Whether what holds the place of a chain is there; the place itself may still be missing."""
    try:
        place = json.loads(call.body)
        *way, last = call.chain.removeprefix("/").split("/")
        for key in way:
            place = place[int(key) if isinstance(place, list) else key]
        return isinstance(place, dict) or 0 <= int(last) <= len(place)
    except (ValueError, LookupError, TypeError):
        return False


def limit_of(channel: Channel, *, public: bool) -> TextLimit:
    """The limit of one piece, as `can` says."""
    return channel.can.text if public or channel.can.private_text is None else channel.can.private_text


def check_lengths_are_counted_right(subject: Subject) -> str | None:
    """`Channel.size` counts as the kit does, in the measure that `can` declares.

    If it fails: the measure in `can` is another than the platform's, or `size` is overridden wrongly.
    """
    for public in (True, False):
        limit = limit_of(subject.channel(), public=public)
        for unit in UNITS:
            for text in (unit.strip(), unit * 3):
                found, expected = subject.kind.size(text, public=public), measured(text, limit.measure)
                require(found == expected, f"{text!r} has {expected} {limit.measure}; size says {found}")
    return None


def check_no_text_is_lost_or_too_long(subject: Subject) -> str | None:
    """Whatever the text, its pieces together are all of it, and each fits in the channel's own measure.

    If it fails: cut with `toolbox.split` and the channel's own `size`. Where the body is neither JSON, form nor plain
    text, the test's `said` has to read the text out of it.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        limit = limit_of(channel, public=draft.public)
        for text in hard_texts(limit):
            _whole(subject, channel, in_words(draft, text), case, must=limit.any_letter)
    return None


def hard_texts(limit: TextLimit) -> Iterator[str]:
    """Texts of every kind: short, just as long as possible, and so long that several pieces are needed."""
    for unit in UNITS:
        one = max(1, measured(unit, limit.measure))
        yield unit.strip()
        if limit.size <= LARGEST_TRIED:
            yield (unit * (limit.size // one)).strip()
            if limit.splits:
                yield (unit * (limit.size // one + 1)).strip()
                yield (unit * (int(limit.size * 2.3) // one + 1)).strip()


def _whole(subject: Subject, channel: Channel, draft: Draft, case: Case, *, must: bool) -> None:
    limit, text = limit_of(channel, public=draft.public), draft.text
    shown = f"{text[:60]!r}… ({measured(text, limit.measure)} {limit.measure})"
    name, calls = refusal(channel, draft)
    if name:
        require(not must and name == "Unsupported", f"{shown} raises {name}", case=case.name)
        return
    pieces = [spoken(subject, call, case.name) for call in calls if not call.prepares]
    for piece in pieces:
        size = measured(piece.strip(), limit.measure)
        require(
            size <= limit.size,
            f"a piece of {shown} has {size} of {limit.size}: {piece[:80]!r}…",
            case=case.name,
        )
    require(
        words("".join(pieces)) == words(text),
        f"{shown} is not what its {len(pieces)} pieces say",
        case=case.name,
    )
    if must:
        whole = [one for one in clusters(text) if not one.isspace()]
        cut = [one for piece in pieces for one in clusters(piece) if not one.isspace()]
        require(cut == whole, f"{shown} is cut within a character", case=case.name)
        _as_told(channel, draft, pieces, case)


def _as_told(channel: Channel, draft: Draft, pieces: list[str], case: Case) -> None:
    """What `pieces` tells an editor is what is sent."""
    told_before = [piece.strip() for piece in type(channel).pieces(draft.text, public=draft.public)]
    sent = [piece.strip() for piece in pieces]
    require(
        sent == told_before,
        f"{len(sent)} pieces are sent, pieces() tells {len(told_before)} others",
        case=case.name,
    )


def spoken(subject: Subject, call: Call, case: str) -> str:
    """The text that a person reads of a call, out of its body."""
    found = subject.said(call)
    if found is None:
        found = found_text(call)
    if found is None:
        fail(
            f"its text is not in its body: {call.text[:80]!r}…; or the test's said() has to find it",
            case=case,
        )
    return found


def check_any_text_is_whole_or_refused(subject: Subject) -> str | None:
    """A text of any characters is sent whole or refused with Unsupported: never TooLarge where it can be split.

    If it fails: look at the text in the message.
    """
    channel = subject.channel()
    units = st.text(
        st.sampled_from("aé€ \n.的👍👩🏽\u200d\u0301ـ가🇳'\"<>&%*_[")
        | st.characters(exclude_categories=["Cs", "Cc"]),
        min_size=1,
        max_size=12,
    )
    found = [(case, draft) for case, draft in bases(subject) if limit_of(channel, public=draft.public).splits]
    if not found:
        return "can.text does not split"

    @so_many(40)
    @given(st.sampled_from(found), units, st.floats(0.5, 2.5))
    def probe(pair: tuple[Case, Draft], unit: str, times: float) -> None:
        case, draft = pair
        limit = limit_of(channel, public=draft.public)
        many = int(min(limit.size, LARGEST_TRIED) * times / max(1, measured(unit, limit.measure))) + 1
        text = unit * many
        if text.strip() and not limit.measure.startswith("x_"):
            _whole(subject, channel, in_words(draft, text), case, must=False)

    probe()
    return None


def check_the_limit_is_where_it_is_said_to_be(subject: Subject) -> str | None:
    """The longest text is one piece; one character more is another piece, or TooLarge where it may not be split.

    If it fails: compare the channel's own `size` with the limit in `can`, in the measure that stands there.
    """
    channel = subject.channel()
    for case, draft in bases(subject):
        limit = limit_of(channel, public=draft.public)
        for char in ("x", "的") if limit.any_letter else ("x",):
            longest = limit.size // measured(char * 2, limit.measure) * 2
            name, calls = refusal(channel, in_words(draft, char * longest))
            require(not name, f"{longest} times {char} raises {name}: {limit}", case=case.name)
            require(
                _seen(calls) == 1, f"{longest} times {char} is {_seen(calls)} pieces: {limit}", case=case.name
            )
            name, calls = refusal(channel, in_words(draft, char * (longest + 2)))
            right = _seen(calls) > 1 if limit.splits else name == "TooLarge"
            what = (
                f"{longest + 2} times {char} raises {name or 'nothing'} and is {_seen(calls)} pieces: {limit}"
            )
            require(right, what, case=case.name)
    return None


def _seen(calls: Sequence[Call]) -> int:
    """How many calls a person sees."""
    return sum(not call.prepares for call in calls)


def check_bare_does_the_same(subject: Subject) -> str | None:
    """An instance without account (`bare`) reads and says the same; it is what files and previews are read with.

    If it fails: let `bare` make an instance that parses and renders; only what needs the account may be missing.
    """
    channel = subject.channel()
    bare = subject.kind.bare(channel.name)
    for case in subject.received:
        mine, its = (list(one.parse(case.delivery)) for one in (case.seen_by(channel), bare))
        # What is another account's, or not addressed to this one, only the account itself can know.
        if not all(isinstance(event, Received | Updated) for event in mine):
            continue
        for one, other in zip(mine, its, strict=False):
            parts, its_parts = getattr(one, "parts", ()), getattr(other, "parts", ())
            require(parts == its_parts, f"bare() reads {its_parts}, the account {parts}", case=case.name)
        require(
            len(mine) == len(its), f"bare() reads {len(its)} events, the account {len(mine)}", case=case.name
        )
    for case, draft in subject.drafts():
        try:
            its_calls = [call.text for call in bare.render(draft)]
        except UsageError as error:
            fail(f"bare() cannot render it: {error}", case=case.name)
        require(
            its_calls == [call.text for call in channel.render(draft)],
            "bare() says something else",
            case=case.name,
        )
    return None


CHECKS = (
    check_render_is_pure,
    check_render_repeats,
    check_calls_can_be_kept,
    check_lengths_are_counted_right,
    check_no_text_is_lost_or_too_long,
    check_any_text_is_whole_or_refused,
    check_the_limit_is_where_it_is_said_to_be,
    check_bare_does_the_same,
)

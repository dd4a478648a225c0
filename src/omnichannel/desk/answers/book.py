"""The standard answers of a desk, read once: every template checked, every field known, before anybody needs one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from difflib import get_close_matches
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType

from omnichannel.desk.answers.fields import FIELDS
from omnichannel.desk.answers.filling import Filled, Wording, fill
from omnichannel.desk.answers.finding import Finder
from omnichannel.desk.answers.greeting import empty_greeting
from omnichannel.desk.answers.template import Slot, Template, parse, slots
from omnichannel.desk.answers.varying import freshest
from omnichannel.desk.answers.wording import wording
from omnichannel.errors import ConfigError, NotFound, Unfilled
from omnichannel.model.desk import Answer, FieldType, FieldValue, Phrased, Use, Variant


class Book:
    """Standard answers by name. `fields` are the fields of your own, with their types, beside `FIELDS`.

    Raises ConfigError where a template cannot be read, a field is not known or has two types, or a greeting would
    greet nobody: the message names answer, language, wording, line and column.
    """

    def __init__(self, answers: Iterable[Answer], fields: Mapping[str, FieldType] | None = None) -> None:
        self._fields = {**(fields or {}), **FIELDS}
        self._answers: dict[str, Answer] = {}
        self._variants: dict[tuple[str, str], tuple[Variant, ...]] = {}
        self._templates: dict[tuple[str, str], Template] = {}
        for answer in answers:
            self._add(answer)

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Every answer by its name."""
        return MappingProxyType(self._answers)

    def answer(self, name: str) -> Answer:
        """One answer. Raises NotFound, with the name that was perhaps meant."""
        if name not in self._answers:
            near = get_close_matches(name, self._answers, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise NotFound(f"there is no standard answer {name!r}{meant}")
        return self._answers[name]

    def on(self, kind: str) -> tuple[Answer, ...]:
        """The answers that are meant for a kind of channel: what to search and to suggest there."""
        return tuple(one for one in self._answers.values() if not one.channels or kind in one.channels)

    def language(self, name: str, languages: Sequence[str]) -> str:
        """The language that an answer is said in to whoever reads these, best first. Raises NotFound as `phrase`."""
        return in_language(self.answer(name), languages)[0]

    def variants(self, name: str, language: str) -> tuple[Variant, ...]:
        """Every wording of an answer in one of its languages, in their order; none in a language it has not."""
        self.answer(name)
        return self._variants.get((name, language), ())

    def phrase(
        self,
        name: str,
        values: Mapping[str, FieldValue],
        *,
        languages: Sequence[str],
        customer: str = "",
        uses: Iterable[Use] = (),
        zone: tzinfo = UTC,
    ) -> Phrased:
        """Say an answer to somebody: in the first of these languages that it has, in the wording they heard least.

        `uses` is what was said before (`freshest`), `zone` the time zone that moments are written in. The same is
        said whenever the same is given. Raises NotFound where it is in none of the languages, and Unfilled where no
        wording can do without the values that are missing.
        """
        language, wanted, why = in_language(self.answer(name), languages)
        possible, refused = self._filled(name, language, values, wording(wanted, zone))
        if not possible:
            least = min(refused, key=lambda error: len(error.fields))
            raise Unfilled(least.fields, f"{name!r} in {language}: {least}")
        mark, because = freshest(name, tuple(possible), uses, customer)
        skipped = tuple(f"a wording was left out: {error}" for error in refused)
        said = possible[mark]
        return Phrased(
            answer=name,
            language=language,
            variant=mark,
            text=said.text,
            without=said.without,
            because=(why, *skipped, because),
        )

    def wordings(
        self, name: str, values: Mapping[str, FieldValue], *, languages: Sequence[str], zone: tzinfo = UTC
    ) -> tuple[Phrased, ...]:
        """Every way to say an answer with these values; none where something is missing.

        Raises NotFound as `phrase`.
        """
        language, wanted, _ = in_language(self.answer(name), languages)
        possible, _ = self._filled(name, language, values, wording(wanted, zone))
        return tuple(
            Phrased(answer=name, language=language, variant=mark, text=said.text, without=said.without)
            for mark, said in possible.items()
        )

    def _filled(
        self, name: str, language: str, values: Mapping[str, FieldValue], written: Wording
    ) -> tuple[dict[str, Filled], list[Unfilled]]:
        """The wordings that can be said, by their marks, and why others cannot."""
        possible: dict[str, Filled] = {}
        refused: list[Unfilled] = []
        for variant in self._variants[name, language]:
            try:
                possible[variant.mark] = fill(self._templates[name, variant.mark], values, written)
            except Unfilled as error:
                refused.append(error)
        return possible, refused

    @cached_property
    def finder(self) -> Finder:
        """Finds answers by some of their words."""
        return Finder(self._answers.values())

    @cached_property
    def fingerprint(self) -> str:
        """A short word for these answers: another one when any of them is changed."""
        whole = [answer.model_dump_json() for _, answer in sorted(self._answers.items())]
        return blake2b("\n".join(whole).encode(), digest_size=8).hexdigest()

    def _add(self, answer: Answer) -> None:
        if answer.name in self._answers:
            raise ConfigError(
                f"answer {answer.name!r}", "two answers have this name", "Give one another name"
            )
        self._answers[answer.name] = answer
        types: dict[str, FieldType] = {}
        for language, texts in answer.texts.items():
            variants = []
            for number, text in enumerate(texts, 1):
                where = f"answer {answer.name!r} ({language}, wording {number})"
                variant = Variant(answer=answer.name, language=language, mark=mark_of(text), text=text)
                self._templates[answer.name, variant.mark] = self._read(text, where, types)
                variants.append(variant)
            self._variants[answer.name, language] = tuple(variants)

    def _read(self, text: str, where: str, types: dict[str, FieldType]) -> Template:
        template = parse(text, where)
        for slot in slots(template):
            self._check(slot, where, types)
        nobody = empty_greeting(template)
        if nobody:
            raise ConfigError(
                where,
                f"to somebody without a name it says {nobody!r}",
                "Say something else then: {customer.first_name|customer}, or [Dear {customer.first_name},|Hello,]",
            )
        return template

    def _check(self, slot: Slot, where: str, types: dict[str, FieldType]) -> None:
        known = self._fields.get(slot.field) or types.get(slot.field)
        if known is None and slot.type is None:
            near = get_close_matches(slot.field, [*self._fields, *types], 1)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise ConfigError(
                where,
                f"nobody knows the field {slot.field}",
                f"{meant}Say what it holds: {{{slot.field}:str}}",
            )
        if known is not None and slot.type not in (None, known):
            raise ConfigError(
                where, f"{slot.field} is {known} elsewhere, and {slot.type} here", "Say the same"
            )
        if slot.type is not None:
            types[slot.field] = slot.type


def mark_of(text: str) -> str:
    """What a wording is known by: its text, in twelve characters."""
    return blake2b(text.strip().encode(), digest_size=6).hexdigest()


def in_language(answer: Answer, languages: Sequence[str]) -> tuple[str, str, str]:
    """The language to say an answer in, the one that was wanted of those that somebody reads, best first; and why.

    `en-GB` takes `en-GB`, else `en`, else any other English. Raises NotFound where it has none of them.
    """
    for wanted in languages:
        base = wanted.partition("-")[0].lower()
        of_base = [language for language in answer.texts if language.partition("-")[0] == base]
        exact = [language for language in of_base if language.lower() == wanted.lower()]
        found = next(iter([*exact, *(language for language in of_base if language == base), *of_base]), "")
        if found:
            whose = "the customer’s language" if wanted == languages[0] else "the next best language"
            return found, wanted, f"{found} is {whose} ({wanted})"
    raise NotFound(
        f"{answer.name!r} is there in {', '.join(answer.texts)}, not in {' or '.join(languages) or 'no language'}: "
        "write it in that language, or name another that the customer reads"
    )

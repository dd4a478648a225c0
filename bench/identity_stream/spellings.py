"""How people write what is theirs: names short and long, numbers with spaces, mailboxes with a slip."""

from __future__ import annotations

import random

PET = {
    "robert": "Bob", "william": "Bill", "elizabeth": "Liz", "richard": "Rick", "james": "Jim", "margaret": "Maggie",
    "michael": "Mike", "thomas": "Tom", "jennifer": "Jen", "christopher": "Chris", "joseph": "Joe", "patricia": "Pat",
    "charles": "Chuck", "daniel": "Dan", "anthony": "Tony", "matthew": "Matt", "steven": "Steve",
}  # fmt: skip


def slip(text: str, chance: random.Random) -> str:
    """One letter wrong, missing, doubled or swapped with the next; of a mailbox in the part before the @."""
    if "@" in text:
        local, _, domain = text.partition("@")
        return f"{slip(local, chance)}@{domain}"
    place = chance.randrange(max(1, len(text)))
    before, here, after = text[:place], text[place : place + 1], text[place + 1 :]
    other = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return before + chance.choice([other + after, after, here * 2 + after, after[:1] + here + after[1:]])


def shown(given: str, family: str, chance: random.Random) -> str:
    """A name as somebody shows it."""
    whole = f"{given} {family}"
    return chance.choices(
        [whole, given, f"{PET.get(given.lower(), given)} {family}", f"{given[0]}. {family}", f"{family}, {given}",
         f"{family} {given}", whole.lower(), f"{chance.choice(['🌸', '~', 'xX ', '★'])}{given}", slip(whole, chance)],
        [45, 15, 8, 8, 4, 4, 6, 5, 5],
    )[0]  # fmt: skip


def mail(mail_: str, chance: random.Random) -> str:
    """A mailbox in capitals, or with dots and tags that its provider makes nothing of."""
    local, _, domain = mail_.partition("@")
    ways = [mail_] * 8 + [mail_.upper(), mail_.title()]
    if domain.startswith("gmail"):
        ways += [f"{local}+{chance.choice(['shop', 'news'])}@{domain}", f"{local.replace('.', '')}@{domain}"]
    return chance.choice(ways)


def number(number_: str, chance: random.Random) -> str:
    """A number as it is written at home, or abroad."""
    if number_.startswith("+1"):
        area, middle, last = number_[2:5], number_[5:8], number_[8:]
        home = [
            f"({area}) {middle}-{last}",
            f"{area}-{middle}-{last}",
            f"1{number_[2:]}",
            f"+1 {area} {middle} {last}",
        ]
        return chance.choice([number_] * 4 + home)
    return chance.choice([number_] * 4 + [f"{number_[:3]} {number_[3:]}", f"00{number_[1:]}"])

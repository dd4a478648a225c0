"""Records made up for tests: families at one address, each person in several records with slips."""

from __future__ import annotations

from random import Random

GIVEN = """anna bram clara dirk elin femke gijs hanna iris joost karel lotte maarten noor olaf pieter quinten rosa sanne
    tobias ursula vincent willem xander yara zeno""".split()  # noqa: SIM905 - a list of names reads best so
FAMILY = """jansen visser smit meijer mulder bakker dekker hoekstra prins vos koster schouten willems postma zijlstra
    brouwer kuipers veenstra hofman timmer wolters scholten""".split()  # noqa: SIM905
STREETS = "lindelaan kerkstraat dorpsweg havenkade molenpad stationsplein bergweg".split()  # noqa: SIM905
HEADINGS = ["given_name", "surname", "dob", "street", "house_number", "postcode", "email"]


def records(families: int, seed: int = 1) -> tuple[list[dict[str, str]], list[int]]:
    """Rows and who each is about; families of one to four live together."""
    random = Random(seed)
    rows, owners, person = [], [], 0
    for _ in range(families):
        home = (random.choice(STREETS), str(random.randint(1, 200)), f"{random.randint(1000, 9999)}AB")
        family = random.choice(FAMILY)
        for given in random.sample(GIVEN, random.randint(1, 4)):
            born = f"{random.randint(1940, 2010)}-{random.randint(1, 12):02}-{random.randint(2, 28):02}"
            mail = f"{given}.{family}{random.randint(1, 999)}@mail.example"
            for _ in range(random.choice((1, 2, 2, 3))):
                values = [given, family, born, home[0], home[1], home[2], mail]
                rows.append(dict(zip(HEADINGS, (_spoilt(value, random) for value in values), strict=True)))
                owners.append(person)
            person += 1
    return rows, owners


def _spoilt(value: str, random: Random) -> str:
    chance = random.random()
    if chance < 0.06:
        return ""
    if chance < 0.12 and len(value) > 3:
        place = random.randrange(len(value) - 1)
        return value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    return value

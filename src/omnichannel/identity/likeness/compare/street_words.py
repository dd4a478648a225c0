"""Words of postal addresses and what they are short for: English, Dutch, German, French, Spanish, Italian."""

from __future__ import annotations

from omnichannel.identity.likeness.compare.folding import listed

STREET = {
    "ave": "avenue", "av": "avenue", "aven": "avenue", "avenu": "avenue", "avn": "avenue", "avnue": "avenue",
    "avda": "avenida", "blvd": "boulevard", "boul": "boulevard", "bvd": "boulevard", "bd": "boulevard",
    "bldg": "building", "br": "branch", "bypa": "bypass", "cct": "circuit", "ch": "chemin", "cir": "circle",
    "circ": "circle", "cl": "close", "cor": "corner", "cr": "crescent", "cres": "crescent", "crt": "court",
    "ct": "court", "ctr": "centre", "center": "centre", "dr": "drive", "drv": "drive", "esp": "esplanade",
    "est": "estate", "expy": "expressway", "ext": "extension", "fwy": "freeway", "gdn": "garden",
    "gdns": "gardens", "gr": "grove", "grv": "grove", "hts": "heights", "hwy": "highway", "hway": "highway",
    "jct": "junction", "ln": "lane", "lp": "loop", "mt": "mount", "mtn": "mountain", "pde": "parade",
    "pk": "park", "pkwy": "parkway", "pky": "parkway", "pl": "place", "plz": "plaza", "pt": "point", "rd": "road",
    "rdg": "ridge", "rte": "route", "sq": "square", "st": "street", "str": "street", "ter": "terrace",
    "terr": "terrace", "tce": "terrace", "trl": "trail", "tpke": "turnpike", "vly": "valley", "vw": "view",
    "wy": "way", "xing": "crossing", "hl": "hill", "mnr": "manor", "mdws": "meadows", "vlg": "village",
    "n": "north", "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest",
    "se": "southeast", "sw": "southwest", "ft": "fort", "hse": "house",
    "strasse": "street", "straat": "street", "pln": "plein", "wg": "weg", "all": "allee", "gasse": "gasse",
    "r": "rue", "imp": "impasse", "fg": "faubourg", "fbg": "faubourg", "all.": "allee", "pza": "plaza",
    "c": "calle", "cl.": "calle", "cra": "carrera", "ctra": "carretera", "psje": "pasaje", "urb": "urbanizacion",
    "vle": "viale", "ul": "ulica", "p.za": "piazza", "pzza": "piazza", "cso": "corso",
}  # fmt: skip
"""Short forms and what they stand for. "st" is street; "saint" is shortened to it nowhere here."""

KINDS = frozenset(STREET.values()) | listed(
    """
    mews alley walk path quay wharf rise row mall via weg laan plein kade gracht dreef allee platz ufer ring
    damm quai cours passage camino paseo rua travessa largo strada vicolo ulica aleja run cove bend glen
    landing spur track
    """
)
"""Words that say what kind of way it is; two names that differ in these alone are near."""

GLUED = (
    "strasse",
    "straat",
    "street",
    "str",
    "weg",
    "laan",
    "plein",
    "platz",
    "gasse",
    "gracht",
    "kade",
    "allee",
)
"""Endings that are written on to the name of a street in Dutch and German."""

UNITS = listed(
    """
    apt apartment app appt appartement unit ste suite flat fl floor lot rm room no nr num numero number #
    wohnung whg top stock etage bus piso pta puerta int interno bte boite box po postbus postfach level lvl
    shop villa haus gebaude geb batiment bat esc escalera scala lok lokal m
    """
)
"""Words before the number of a unit, a floor or a box."""

ADDITIONS = {"bis": "b", "ter": "t", "quater": "q", "quinquies": "c"}
"""What French and Italian houses have instead of a letter: 7 bis is what is 7B elsewhere (La Poste, NF Z 10-011)."""

DOORS = listed(
    "hs huis hoog bg boven beneden links rechts li re mitte i ii iii iv vh hh gh dcha izda izq der 1o 2o 3o"
)
"""What is written behind a house's number for one of its doors, without a word that says so."""

LANDMARKS = frozenset(
    {"near", "between", "at", "off", "opposite", "opp", "behind", "corner", "btwn", "bet", "nahe"}
)
"""Words that begin what is near an address and is no part of it."""

"""Legal forms of companies in many countries, written out and shortened; facts of the countries' company laws."""

from __future__ import annotations

from omnichannel.identity.likeness.compare.folding import listed

_PRIVATE = """
ltd, limited, llc, limited liability company, limited company, ltd co, co ltd, company limited, pty ltd,
pte ltd, pvt ltd,
pty, pte, pvt, private limited, proprietary limited, gmbh, gesellschaft mit beschraenkter haftung,
gesellschaft mit beschrankter haftung, ug, bv, besloten vennootschap, bvba, sprl, srl, sarl, eurl, sasu,
societe a responsabilite limitee, societa a responsabilita limitata, societatea cu raspundere limitata,
sociedad de responsabilidad limitada, sl, sociedad limitada, lda, limitada, ltda, ooo, tov, too, mchj,
obshchestvo s ogranichennoy otvetstvennostyu, obshchestvo s ogranichennoi otvetstvennostyu,
obshchestvo s ogranichennoj otvetstvennostju, sp z oo, sp zoo, spolka z ograniczona odpowiedzialnoscia, sro,
doo, dooel,
kft, oy, ab, aps, as, a s, uab, sia, ou, eood, ood, yk, gk, sdn bhd
"""

_PUBLIC = """
plc, public limited company, inc, incorporated, corp, corporation, ag, akg, aktiengesellschaft, nv,
naamloze vennootschap,
sa, societe anonyme, sociedad anonima, spa, societa per azioni, oao, ojsc, jsc, pjsc, cjsc, pao, zao, ao,
open joint stock company, public joint stock company, joint stock company, closed joint stock company,
aktsionernoe obshchestvo, akcionernoe obshchestvo, otkrytoe aktsionernoe obshchestvo,
publichnoe aktsionernoe obshchestvo, zakrytoe aktsionernoe obshchestvo, oyj, osakeyhtio, asa, aksjeselskap,
aktieselskab, aktiebolag, se, kk, kabushiki kaisha, bhd, berhad, tbk, pt, sab, sa de cv, sab de cv, sapi de cv,
sas, kgaa,
nyrt, zrt, ad, dd, hf, ehf, na, national association, sca, anonim sirketi, ans
"""

_PARTNERS = """
lp, llp, limited partnership, limited liability partnership, kg, ohg, gbr, cv, vof, snc, scs, gmbh co kg,
gmbh and co kg, gmbh und co kg, ag co kg, pllc, pc
"""

_ANY = "co, company, cie, compagnie, firma, and co"

_NOT_FOR_PROFIT = "ev, eingetragener verein, stichting, vzw, asbl, ong, ngo, ano"

FORMS: dict[str, str] = {
    " ".join(form.split()): kind
    for kind, forms in {
        "private": _PRIVATE,
        "public": _PUBLIC,
        "partners": _PARTNERS,
        "any": _ANY,
        "not for profit": _NOT_FOR_PROFIT,
    }.items()
    for form in forms.split(",")
}
"""A form's words, folded, and the kind of body that it makes."""

LONGEST = max(len(form.split()) for form in FORMS)
"""The most words in one form."""

SMALL = listed(
    """
    the of and & for a an de der die das des du la le les el los las et und y e en van het da do di i
    """
)
"""Words that carry nothing in a company's name."""

SHORT = {
    "intl": "international", "int": "international", "natl": "national", "assn": "association",
    "assoc": "association", "assocs": "associates", "bros": "brothers", "dept": "department", "univ": "university",
    "inst": "institute", "mfg": "manufacturing", "mgmt": "management", "mgt": "management", "svc": "service",
    "svcs": "services", "servs": "services", "tech": "technology", "technologies": "technology",
    "techs": "technology",
    "sys": "systems", "ind": "industries", "inds": "industries", "hldg": "holding", "hldgs": "holding",
    "holdings": "holding", "grp": "group", "gov": "government", "govt": "government", "dev": "development",
    "eng": "engineering", "ctr": "center", "centre": "center", "organisation": "organization", "labour": "labor",
    "org": "organization", "lab": "laboratory", "labs": "laboratory", "laboratories": "laboratory",
    "comm": "communications", "elec": "electric", "fin": "financial", "ins": "insurance",
    "pharm": "pharmaceuticals",
    "prod": "products", "prods": "products", "rest": "restaurant", "ristorante": "restaurant", "cafe": "cafe",
    "us": "united states", "usa": "united states", "uk": "united kingdom", "st": "saint", "mt": "mount",
    "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "one": "1", "two": "2",
    "three": "3",
    "four": "4", "fourth": "4", "4th": "4", "five": "5", "fifth": "5", "5th": "5", "six": "6", "seven": "7",
    "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13",
}  # fmt: skip
"""Short words in names of companies, and numbers in words, each in one spelling."""

COMMON = listed(
    """
    international national group holding services service systems solutions industries technology management
    consulting partners trading enterprises enterprise global capital corporation bank trust fund investment
    investments university department institute school college center restaurant cafe hotel store shop
    company association society organization foundation construction engineering logistics media energy
    """
)
"""Words that very many companies have: two names that share these alone are not alike."""

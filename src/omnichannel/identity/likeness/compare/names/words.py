"""Words in names that are no names: titles, generations, particles, and what stands before a patronym."""

from __future__ import annotations

from omnichannel.identity.likeness.compare.folding import listed

TITLES = listed(
    """
    mr mrs ms miss baronet mx dr doctor prof professor sir dame lord lady rev reverend fr father sr sra srta hon dhr
    mevr mw mej heer mevrouw meneer ir ing drs herr frau hr dipl dipling mme mlle monsieur madame
    mademoiselle me maitre sig signor signora signorina dott dottssa avv senor senora senorita don dona lic
    pan pani gospodin gospodja gospozha shaikh sheikh sheik shaykh sayyid syed sayed haji hajji hadji hajj
    mullah maulana mawlawi mawlavi qari imam sri shri smt kumari datuk dato datin tan tun hj capt captain
    col colonel gen general maj major lt lieutenant sgt sergeant cpl cmdr commander adm admiral president
    prasident praesident presidente minister senator sen gov governor judge justice ambassador prince
    princess king queen emir emira amir bishop archbishop cardinal pope sister brother phd md dds dvm esq
    esquire ba bsc ma msc mba llb llm jd cpa rn pe obe mbe cbe kbe frcs
    """
)
"""Titles, forms of address and degrees in many languages, folded. Those that are names too are in `ALSO_NAMES`."""

ALSO_NAMES = listed(
    """
    don tan sen me ma king prince queen major judge justice pope cardinal bishop pan gen ing fr ba md pe ir tun sri
    general lord brother sister father gov amir imam sayed syed sayyid sheikh haji col hon lt mej maj emir emira
    fra
    """
)
"""Titles that are somebody's name as often: they stay, as names that the other side may not have."""

GENERATIONS = {
    "jr": "jr", "jnr": "jr", "junior": "jr", "filho": "jr", "hijo": "jr", "fils": "jr", "ii": "ii", "2nd": "ii",
    "sr": "sr", "snr": "sr", "senior": "sr", "pere": "sr", "iii": "iii", "3rd": "iii", "iv": "iv", "4th": "iv",
    "neto": "jr",
}  # fmt: skip
"""What tells a father from a son of the same name, at the end of a name. Junior is the second, or says no number."""

PARTICLES = listed(
    """
    van von vom zu zum zur der den ter ten te de la le du des del della dello degli di da dos das do bin ibn
    ben bint binti binte al el ul ur az as ash ad ud an at ould wuld ap ab y und of the af av til nic ni in
    op aan tot thoe
    """
)
"""Small words inside names; they say little and are left out or run together as often as not."""

ABD = listed(
    """
    abd abdul abdel abdal abdoul abdur abdol abdus abdu
    """
)
"""Servant of: one word with what follows, however it is spaced."""

ARTICLES = listed(
    """
    al el ul ur az as ash ad ud an at
    """
)
"""The Arabic article in its assimilated forms."""

EASTERN_FAMILIES = listed(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo lin gao luo liang song zheng xie han
    tang feng yu dong xiao cheng cao yuan deng shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du
    dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou
    shao meng long wan duan qian xi lai mo kim gim lee yi ri rhee park pak bak choe choi jung jeong chong
    chung gang cho jo yoon yun jang chang lim im rim oh o seo suh shin sin kwon gwon hwang ahn an ryu yoo
    hong ko go moon mun son sohn bae pae baek paek heo hur nam noh no ro ha kwak gwak sung seong cha joo ju
    woo koo ku min nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly
    """
)
"""Frequent family names of China, Korea and Vietnam, where the family comes first."""

_ROMANISED = """
kim gim; lee yi ri rhee li; park pak bak; choe choi; jung jeong chong chung; kang gang; cho jo; yoon yun; jang chang;
lim im rim lam lin; oh o;
seo suh; shin sin; kwon gwon; ahn an; ryu yoo yu; ko go; moon mun; baek paek; heo hur; noh ro no;
xi hsi; zhang chang cheung; zhou chou chow; zhao chao chiu; cai tsai choi; xu hsu hui; xie hsieh tse; jiang chiang;
qian chien;
wang wong; huang wong hwang; chen chan; liu lau; wu ng; yang yeung; zheng cheng; guo kuo kwok; ye yeh yip; zhu chu;
zeng tseng tsang; deng teng tang; guan kuan kwan; qiu chiu yau; mao mau; zhong chung
"""

ROMANISED: dict[str, frozenset[int]] = {
    name: frozenset(number for number, line in enumerate(_ROMANISED.split(";")) if name in line.split())
    for name in _ROMANISED.replace(";", " ").split()
}
"""Chinese and Korean family names in the spellings that passports have; names with a number in common can be one."""

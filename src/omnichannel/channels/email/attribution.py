"""Where the mail that is answered begins: "On … wrote:", "-----Original Message-----", or its header.

The words are tables, one row a language. English, Dutch, German and French are complete for Gmail, Outlook,
Apple Mail, Thunderbird, Samsung and GMX; of other languages what occurs in the fixtures of the tools that do
the same (named in the tests' NOTICE.md). Every pattern is tried on one line, or on a few joined ones, of
bounded length: nothing here looks at the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 400
_MOST_LINES = 5

_WROTE = "|".join((
    "wrote", "writes", "a wrote",
    "schreef", "schrijft", "geschreven", "verzond", "heeft het volgende geschreven", "het volgende geschreven",
    "schrieb", "schreibt", "geschrieben", "hat geschrieben",
    r"a écrit", r"écrit", r"a ecrit", "écrivait",
    r"escribió", "escribio", "escribe", r"va escriure", "escreveu", "escreve", r"ha scritto", "scrisse",
    "skrev", "skriver", "kirjoitti", "skrifaði",
    r"napisał(?:\(a\)|a)?", r"pisze", r"napsal(?:\(a\)|a)?", r"napísal(?:\(a\)|a)?", r"je napisao", r"je napisala",
    r"написал(?:\(а\)|а)?", r"пишет", r"пише", r"написав", r"написала", r"написа",
    r"a scris", r"yazdı", r"şunları yazdı", r"írta", r"έγραψε", r"kirjutas", r"rakstīja", r"rašė",
    r"đã viết", r"menulis", r"כתב", r"כתבה", r"写道", r"寫道", r"のメール", r"さんは書きました", r"작성",
))  # fmt: skip

_FIRST = "|".join((
    "On", "At", "In", "Quoting", "Op", "Am", "Den", "Le", "El", "Il", "Em", "På", "Den", r"Dnia", r"W dniu", "Dne",
    "Pe", "Vào", "Vào lúc", "Ke", "Tarih", "Pada", "A", "Στις", "в", "В", "de",
    r"(?:mon|tue|wed|thu|fri|sat|sun|man|tir|tis|ons|tor|fre|lør|lör|søn|sön|ma|di|wo|do|vr|za|zo|mo|mi|sa|so"
    r"|lun|mar|mer|jeu|ven|sam|dim|пн|вт|ср|чт|пт|сб|вс|pon|wt|śr|czw|pt|sob|niedz)[a-zäöüéûа-я]*\.?,?",
))  # fmt: skip

_VERB = re.compile(rf"(?i)(?<!\w)(?:{_WROTE})(?!\w)")
_ENDS = re.compile(
    rf"(?i)(?:[:：]|(?<!\w)(?:{_WROTE})\s*(?:-{{2,}}|\.{{3}}|…)?|(?<!\w)(?:{_WROTE})\s*[:：]?\s*-{{2,}})[\s*_]*$"
)
_BEGINS = re.compile(
    rf"(?i)[-\s*_•]{{0,40}}(?:(?:{_FIRST})(?![\w'])|\d{{1,4}}[-./年\s]|在|[\"'“„]?\S[^<>]{{0,80}}[<(\[])"
)
_MAIL = re.compile(r"[<(\[*]?(?:mailto:)?[^\s<>()\[\]:]{1,100}@[^\s<>()\[\]]{1,200}[>)\]*]?")
_IN_BRACKETS = re.compile(r"[<(\[]\s*(?:mailto:)?[^<>()\[\]]{0,120}@[^\s<>()\[\]]{1,200}")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_DATE = re.compile(
    r"(?i)(?<!\d)(?:\d{1,4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,4}|\d{1,2}[-.]?\s?[a-zäéûа-яіїą-ż]{3,12}\.?,?\s?\d{2,4}"
    r"|[a-zäéû]{3,9}[-.]?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})(?!\d)"
)
_ISO_AND_MAIL = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\s[^<>]{0,150}<[^<>\s]+@[^<>\s]+>:?$")
_CONTINUES = re.compile(
    rf"(?i)^>?\s*(?:<\s*)?(?:(?:mailto:)?[^<>]{{0,120}}<?[^<>\s]+@[^<>\s]+>\s*>?)?\s*(?:{_WROTE})?\s*[:：]?$"
)

_ORIGINAL = "|".join((
    r"original (?:message|appointment|e-?mail)", r"forwarded (?:message|by[^-]{0,80})", r"reply message",
    r"(?:oorspronkelijk|origineel|doorgestuurd|oorspr\.) ?bericht", r"oorspronkelijke afspraak",
    r"(?:ursprüngliche|original-?|weitergeleitete) ?(?:nachricht|mail|e-?mail)", r"ursprünglicher termin",
    r"original-?nachricht", r"message d['’]origine", r"message (?:original|transféré|initial|d’origine)",
    r"mensaje (?:original|reenviado)", r"mensagem (?:original|encaminhada)", r"messaggio (?:originale|inoltrato)",
    r"original ?meddelande", r"ursprungligt meddelande", r"vidarebefordrat meddelande", r"opprinnelig melding",
    r"oprindelig meddelelse", r"original ?meddelelse", r"videresendt (?:meddelelse|melding)",
    r"alkuperäinen viesti", r"välitetty viesti", r"wiadomość oryginalna", r"wiadomość przekazana",
    r"původní zpráva", r"исходное сообщение", r"пересылаемое сообщение", r"пересланное сообщение",
    r"оригинальное сообщение", r"eredeti üzenet", r"mesaj original", r"orijinal ileti", r"原始邮件", r"原始郵件",
    r"转发邮件", r"元のメッセージ", r"원본 메시지",
))  # fmt: skip
_RULED = re.compile(rf"(?i)^[\s*]*[-_=]{{2,}}\s*(?:{_ORIGINAL})\s*[-_=]{{2,}}[\s*]*$")
_FORWARDS = re.compile(
    r"(?i)^\s*(?:begin forwarded message|forwarded message|begin doorgestuurd bericht|doorgestuurd bericht"
    r"|anfang der weitergeleiteten (?:e-?mail|nachricht)|début du message (?:réexpédié|transféré)"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem reencaminhada"
    r"|vidarebefordrat brev|start på videresendt (?:besked|melding)|edelleenlähetetty viesti alkaa)\s?:\s*$"
)

_FROM = r"from|van|von|de|da|från|fra|od|от|від|от кого|lähettäjä|gesendet von|expéditeur|nadawca|kimden|寄件者|发件人|差出人|보낸 사람"
_SUBJECT = r"subject|onderwerp|betreff|objet|sujet|asunto|assunto|oggetto|ämne|emne|temat|předmět|тема|aihe|konu|主旨|主题|件名|제목"
_SENT = r"sent|verzonden|verstuurd|gesendet|envoyé(?: le)?|enviado(?: el| em)?|enviada(?: em)?|inviato|skickat|sendt|wysłano|wysłane|odesláno|отправлено|надіслано|lähetetty|gönderilme|寄件日期|发送时间|送信日時|보낸 날짜"
_DAY = r"date|datum|fecha|data|дата|dato|päivämäärä|tarih|日期|日付|날짜"
_OTHER = r"to|cc|bcc|aan|an|kopie|à|para|a|till|til|kopia|do|komu|кому|kime|vastaanottaja|reply-to|antwoord aan|antwort an|répondre à|rispondi|risposta|responder a|importance|belang|收件者|收件人|宛先|받는 사람|sent by|size|priority|attachments"
_FIELD = re.compile(
    rf"(?i)^[>\s|*_]{{0,12}}(?:(?P<who>{_FROM})|(?P<what>{_SUBJECT})|(?P<sent>{_SENT})|(?P<day>{_DAY})|(?P<other>{_OTHER}))"
    r"[ \xa0]?[*_]?[ \xa0]?[:：][*_]?\s?(?P<value>.*)$"
)
_SAME_LINE = re.compile(rf"(?i)\s(?:{_SENT}|{_DAY})\s?:\s")
_RULE = re.compile(r"^[\s>*]*[-_=]{3,}[\s*]*$")


def begins(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are a header or a rule above the mail that is answered; 0 if they are none.

    Everything from here to the end belongs to that mail.
    """
    line = lines[at][:_LONGEST]
    if _RULED.match(line) or _FORWARDS.match(line):
        return 1
    return _header_block(lines, at) if _FIELD.match(line) else 0


def _header_block(lines: Sequence[str], at: int) -> int:
    """The number of lines of a header copied into a body: who and when or what, at least two of them.

    A form that somebody fills in ("From: Amsterdam, To: Berlin, Date: …") is none: it names no address, and
    neither a subject nor a time of sending.
    """
    seen: set[str] = set()
    address = False
    last, gap = at, 0
    for index in range(at, min(at + 20, len(lines))):
        found = _FIELD.match(lines[index][:_LONGEST])
        if found:
            seen |= {kind for kind in ("who", "what", "sent", "day", "other") if found[kind]}
            if found["who"]:
                address |= "@" in found["value"]
                seen |= {"day"} if _SAME_LINE.search(found["value"]) else set()
            last, gap = index, 0
        else:
            # Long recipient lists and subjects run on; a blank line or two of text ends the header.
            gap += 1 if lines[index].strip() else 2
            if gap > 2:
                break
    enough = "who" in seen and ("what" in seen or "sent" in seen or (address and len(seen) > 1))
    return last - at + 1 if enough else 0


def introduces(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on are one "On … wrote:"; 0 if they are none."""
    first = lines[at][:_LONGEST].strip()
    if not first or not _BEGINS.match(first):
        return 0
    joined = ""
    for index in range(at, min(at + _MOST_LINES + 2, len(lines))):
        line = lines[index][:_LONGEST].strip()
        if index > at and not _may_continue(lines, index):
            return 0
        joined = f"{joined} {line.lstrip('>').strip()}".strip()
        if len(joined) > _LONGEST:
            return 0
        if _is_introduction(joined):
            return index - at + 1 + _tail(lines, index + 1)
    return 0


def _may_continue(lines: Sequence[str], index: int) -> bool:
    """Whether a line can be the next of an introduction that was wrapped."""
    line = lines[index].strip()
    if not line:
        # Polymail puts the address in a paragraph of its own: "\n\n<\nmailto:a@b>\n> wrote:".
        return index + 1 < len(lines) and lines[index + 1].lstrip().startswith("<")
    return not line.startswith(">") or bool(_CONTINUES.match(line[:_LONGEST]))


def _is_introduction(text: str) -> bool:
    if not _ENDS.search(text):
        return bool(_ISO_AND_MAIL.match(text))
    dated = bool(_DATE.search(text) or _TIME.search(text))
    if _IN_BRACKETS.search(text) and (dated or _VERB.search(text)):
        return True
    return bool(_VERB.search(text)) and (dated or bool(_MAIL.search(text)))


def _tail(lines: Sequence[str], at: int) -> int:
    """Further lines that hold nothing but the rest of an introduction: an address, and the verb again."""
    count = 0
    while count < 2 and at + count < len(lines):
        line = lines[at + count].strip()
        if not line or line in (">", "<") or not _CONTINUES.match(line[:_LONGEST]):
            break
        count += 1
    return count


def is_rule(line: str) -> bool:
    """Whether a line is nothing but a rule of dashes, underscores or equal signs."""
    return bool(_RULE.match(line[:_LONGEST]))

"""The words that mail programs, mail servers and people use around a message, in the languages they use.

Tables only: patterns without groups that capture, one a line or with ` | ` between them. English, Dutch,
German and French are complete for Gmail, Outlook, Apple Mail, Thunderbird, Samsung and GMX; of other languages
stands here what the test data of the tools that do the same contains (the tests' NOTICE.md names them).
To teach a phrase, add it to its table.
"""

from __future__ import annotations

import re


def either(table: str) -> str:
    """The entries of a table as one pattern that matches any of them."""
    return "|".join(entry.strip() for entry in re.split(r"\n|\s\|\s", table) if entry.strip())


WROTE = either(r"""
    wrote | writes | a wrote
    schreef | schrijft | geschreven | verzond | heeft het volgende geschreven | het volgende geschreven
    schrieb | schreibt | geschrieben | hat geschrieben
    a écrit | écrit | a ecrit | écrivait
    escribió | escribio | escribe | va escriure | escreveu | escreve | ha scritto | scrisse
    skrev | skriver | kirjoitti | skrifaði
    napisał(?:\(a\)|a)? | pisze | napsal(?:\(a\)|a)? | napísal(?:\(a\)|a)? | je napisao | je napisala
    написал(?:\(а\)|а)? | пишет | пише | написав | написала | написа
    a scris | yazdı | şunları yazdı | írta | έγραψε | kirjutas | rakstīja | rašė
    đã viết | menulis | כתב | כתבה | 写道 | 寫道 | のメール | さんは書きました | 작성
""")
"""The verb of "On … wrote:"."""

ON = either(r"""
    On | At | In | Quoting
    Op | Am | Le | El | Il | Em | A | de
    Den | På | Dnia | W dniu | Dne | Pe | Vào | Vào lúc | Ke | Tarih | Pada | Στις | в
    (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?
    (?:ma|di|wo|do|vr|za|zo)[a-z]*\.?,?
    (?:mo|mi|sa|so)[a-zä]*\.?,?
    (?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?,?
    (?:man|tir|tis|ons|tor|fre|lør|lör|søn|sön)[a-zäöüéû]*\.?,?
    (?:пн|вт|ср|чт|пт|сб|вс|понедельник|четверг|пятниц|суббот)[а-я]*\.?,?
    (?:pon|wt|śr|czw|pt|piąt|sob|niedz)[^\W\d_]*\.?,?
    (?:segunda|terça|quarta|quinta|sexta)(?:-feira)?,? | (?:sábado|domingo),?
""")
"""What such a line begins with."""

ORIGINAL = either(r"""
    original (?:message|appointment|e-?mail)
    (?:e-?)?mail original
    forwarded (?:message|by[^-]{0,80})
    reply message
    (?:oorspronkelijk|origineel|doorgestuurd|oorspr\.) ?bericht
    oorspronkelijke afspraak
    (?:ursprüngliche|original-?|weitergeleitete|antwort) ?(?:nachricht|mail|e-?mail)
    ursprünglicher termin
    message (?:d['’]origine|original|transféré|initial)
    mensaje (?:original|reenviado)
    mensagem (?:original|encaminhada)
    messaggio (?:originale|inoltrato)
    original ?(?:meddelande|meddelelse)
    ursprungligt meddelande
    vidarebefordrat meddelande
    opprinnelig melding
    oprindelig (?:meddelelse|besked)
    videresendt (?:meddelelse|melding|besked)
    alkuperäinen viesti
    välitetty viesti
    wiadomość (?:oryginalna|przekazana)
    původní zpráva
    (?:исходное|пересылаемое|пересланное|перенаправленное|оригинальное) сообщение
    eredeti üzenet
    mesaj original
    orijinal ileti
    原始邮件
    原始郵件
    转发邮件
    元のメッセージ
    원본 메시지
""")
"""What stands between the dashes of "-----Original Message-----"."""

PROCESSED = either(r"""
    original message processed by \w{2,20}
""")
"""What stands in its place, without dashes, where the mail server writes it."""

FORWARDS = either(r"""
    begin forwarded message
    forwarded message
    (?:begin )?doorgestuurd bericht
    anfang der weitergeleiteten (?:e-?mail|nachricht)
    début du message (?:réexpédié|transféré)
    inicio del mensaje reenviado
    inizio messaggio inoltrato
    início da mensagem reencaminhada
    vidarebefordrat brev
    start på videresendt (?:besked|melding)
    edelleenlähetetty viesti alkaa
""")
"""What Apple Mail writes above a mail that it forwards."""

FROM = either(r"""
    from | van | von | de | da | från | fra | od | от | від | от кого | lähettäjä | gesendet von | expéditeur
    nadawca | kimden | feladó | de la | από | 寄件者 | 寄件人 | 发件人 | 差出人 | 送信元 | 送信者 | 보낸 ?사람
""")
SUBJECT = either(r"""
    subject | onderwerp | betreff | objet | sujet | asunto | assunto | oggetto | ämne | emne | temat | předmět
    тема | aihe | konu | tárgy | subiect | θέμα | predmet | naslov | 主旨 | 主题 | 主題 | 件名 | 제목
""")
SENT = either(r"""
    sent | verzonden | verstuurd | gesendet | envoyé(?: le)? | enviado(?: el| em)? | enviada(?: em)? | inviato
    skickat | sendt | wysłano | wysłane | odesláno | отправлено | надіслано | lähetetty | gönderil(?:me|di)
    elküldve | trimis | στάλθηκε | odoslané | poslano | 寄件日期 | 发送时间 | 送信日時 | 보낸 날짜
""")
DAY = either(r"""
    date | message du | datum | fecha | data | дата | dato | päivämäärä | tarih | 日期 | 日付 | 날짜
""")
OTHER_FIELD = either(r"""
    címzett | către | προς
    copie à
    to | cc | bcc | aan | an | kopie | à | para | a | till | til | kopia | do | komu | кому | kime | vastaanottaja
    reply-to | antwoord aan | antwort an | répondre à | rispondi | risposta | responder a
    importance | belang | sent by | size | priority | attachments | 收件者 | 收件人 | 宛先 | 받는 사람
""")
"""The fields of a header that was copied into a body."""

DEVICE = either(r"""
    i-?phone | i-?pad | i-?pod | android | samsung | galaxy | huawei | xiaomi | nokia | htc | lg | sony | xperia
    pixel | motorola | oneplus | alcatel | blackberry | treo | palm | windows | outlook | mail(?:box)? | airmail
    yahoo | gmail | proton ?mail | thunderbird | mobile | mobiel\w* | mobil\w* | handy | smartphone
    (?:tele)?phone | telefoon | tel[eé]fono | t[eé]l[eé]phone | telefon | cell | handheld | tablet | device
    toestel | gerät | apple watch | mac | pc | laptop | ti-\d+ | sparrow | spark | newton | nine | k-9 | aqua ?mail
    bluemail | verizon | wireless | fairphone | torch
""")
"""What mail is sent from."""

EXCUSE = (
    r"(?:[,.;]?\s*(?:please )?(?:excuse|forgive|pardon|apologi[sz]e|sorry for|excuus|excuses|sorry voor|entschuldig)"
    r"[^\n]{0,120})?"
)

_SENT = r"(?:sent|written|typed)(?: (?:wirelessly|with|via|by|using|from))+"
_MADE_WITH = rf"[^\n,.!?]{{0,40}}?\b(?:{DEVICE})\b[^\n.,!?]{{0,60}}[.!]?"

ADVERTISEMENT = either(rf"""
    [<(\[\s]{{0,3}}{_SENT} {_MADE_WITH}{EXCUSE}[>)\]\s]{{0,3}}
    (?:sent|written) from (?:my|a|an) (?:[\w'’-]+ ?){{1,5}}[.!]?{EXCUSE}
    (?:someone )?from (?:my )?(?:{DEVICE})[\w ]{{0,20}}
    via mobile
    get \[?outlook for (?:ios|android|mobile)[^\n]{{0,80}}
    (?:verzonden|verstuurd|gestuurd) (?:met|vanaf|vanuit|via|door|van)\b[^\n.,!?]{{0,60}}[.!]?{EXCUSE}
    (?:download )?outlook voor (?:ios|android)[^\n]{{0,60}}
    outlook für (?:ios|android|mac)[^\n]{{0,60}}
    (?:ios|android|mac) 版 outlook[^\n]{{0,60}}
    (?:diese (?:nachricht|e-?mail) wurde )?(?:gesendet|geschickt|verschickt|von|vom)\b{_MADE_WITH}
    (?:holen sie sich|hier) outlook für[^\n]{{0,60}}
    (?:envoyée?|expédiée?)(?: sans fil)? (?:depuis|de|avec|à partir d['e’]|via|par)\b[^\n.!?]{{0,70}}[.!]?
    (?:télécharger|obtenez|obtenir) outlook pour[^\n]{{0,60}}
    (?:obtener|obtén|descargar) outlook para[^\n]{{0,60}} | (?:obter|obtenha|baixar) o? ?outlook para[^\n]{{0,60}}
    (?:scarica|ottieni) outlook per[^\n]{{0,60}}
    (?:enviado|enviada) (?:desde|do|de|a partir de|con|com)\b[^\n.!?]{{0,60}}
    inviato (?:da|dal|con)\b[^\n.!?]{{0,60}}
    (?:sendt|skickat|skickad|sänt) (?:fra|från|med|via)\b[^\n.!?]{{0,60}}
    lähetetty\b[^\n.!?]{{0,60}}
    (?:wysłane|wysłano|odesláno|отправлено)\b[^\n.!?]{{0,60}}
    從我的[^\n]{{0,30}}傳送
    发自我的[^\n]{{0,30}}
    iphoneから送信
""")
"""What a mail program writes below every mail."""

CLOSING = either(r"""
    (?:with )?(?:best|kind|kindest|warm|warmest|many) (?:regards|wishes)
    regards | (?:yours )?(?:sincerely|faithfully|truly)(?: yours)? | respectfully | cordially | br | rgds | kr
    (?:met (?:de )?)?(?:vriendelijke|hartelijke|beste|warme|zonnige) groet(?:en|jes)?
    groet(?:en|jes)? | gr\.? | m\.?v\.?g\.? | hoogachtend
    (?:mit )?(?:freundlichen?|besten?|herzlichen?|liebe[nr]?|schönen?|viele[nr]?) gr(?:ü|ue)(?:ß|ss)e?n?
    (?:mit )?(?:freundlichem|bestem|herzlichem|lieber) gru(?:ß|ss)
    mfg | lg | vg | hochachtungsvoll | gr(?:ü|ue)(?:ß|ss)e
    (?:bien )?cordialement | (?:bien )?à (?:vous|toi) | sincères salutations | (?:meilleures|cordiales) salutations
    salutations(?: distinguées)? | bien amicalement | amicalement | cdlt | cdt
    saludos(?: cordiales)? | atentamente | un saludo | atenciosamente | cumprimentos
    (?:cordiali|distinti) saluti | saluti
    (?:med )?(?:vänliga?|vennlig|venlige?|bästa|beste) (?:hälsning(?:ar)?|hilsen|hilsner)
    (?:de )?(?:bedste|mange|kærlige?) (?:hilsen|hilsner) | kh | dbh
    hilsen | mvh | hälsningar | pozdrawiam | z pow?[aá]żaniem | z powazaniem | s pozdravem
    с уважением | з повагою | ystävällisin terveisin | terveisin
""")
"""How a letter ends, on a line of its own."""

FAILED = either(r"""
    undeliver | deliver(?:y|able)?[ -](?:status|fail|problem|error|report|notif|incomplete|subsystem)
    return(?:ed|ing)? (?:e-?)?(?:mail|message|to sender) | failure notice | mail rejeit | permanent error
    mail (?:delivery|failure|system error|could not be|status report|not delivered|error)
    fail(?:ed|ure)(?: in)? (?:to )?(?:deliver|mail|notification|sending) | non[ -]?deliver | nondeliverable
    not delivered | could not (?:be )?(?:deliver|send) | (?:message|mail) (?:status|bounced?) | bounced
    user unknown | unknown (?:user|recipient|address) | delayed | warning: (?:could not|message)
    considered unsolicited
    (?:delivery|sending) (?:of|to) .{1,80} (?:failed|delayed) | blocked | deferred | rejected
    unzustellbar | nicht zugestellt | zustell(?:ung)?s?(?:fehl|bericht|probl) | nicht (?:aus)?lieferbar
    onbestelbaar | niet (?:be|af)(?:zorgd|geleverd)
    non remis | échec de (?:la )?remise | message non (?:remis|distribu) | avis de non
    no se (?:ha )?(?:podido )?entreg | mancata consegna | não (?:foi )?entreg
    недоставлен | не доставлено | 配信 | 不達 | エラーメール
    メール(?:送信|配送)?エラー | 送信できません | 退信 | 系统退信
""")
"""Subjects of bounces."""

SERVER_SAYS = either(r"""
    \b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3} | \b55[0-4]\b | (?:following|failed|intended) (?:recipient|address)
    user unknown | unknown user | mailbox (?:is )?(?:full|unavailable|not found)
    recipient (?:address )?(?:rejected|unknown)
    (?:could|can) ?not be delivered | (?:message|mail) (?:was|has) (?:been )?(?:not |un)deliver
    pas pu [êe]tre (?:d[ée]livr|remis) | konnte nicht zugestellt | niet worden (?:be)?zorgd
""")
"""What a mail server writes in a bounce."""

SERVER_ALONE = either(r"""
    \b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}
    \bdeliver\w* to (?:the |these |all |any )?(?:(?:following|intended|specified|listed) )?recipients?\b
""")
"""What only mail servers write: people who miss a parcel give "the following address" as well."""

AWAY = either(r"""
    \[?auto(?:matic|matisch(?:e[rs]?)?|mated)?[\s_-]*(?:reply|response|respuesta|antwoord|antwort|svar|reply to)\b
    auto(?:reply|responder|response)?\s*[:\]]
    (?:i am )?away from (?:the |my )?(?:office|desk|work|e-?mail) | automatisch antwoord
    afwezigheids?(?:bericht|melding|assistent)
    abwesenheits?(?:notiz|meldung|nachricht|benachrichtigung|assistent|agent)
    ich bin nicht im büro | réponse automatique | absence du bureau | absent\(e\) | message d['’]absence
    risposta automatica | respuesta automática | fuera de (?:la )?oficina | resposta automática | fora do escritório
    autosvar | automatisk svar | automatiskt svar | odpowiedź automatyczna | automatyczna odpowiedź | автоответ
    自動(?:応答|返信|回覆|回復) | 自动(?:回复|答复) | 不在(?:です|中|通知|連絡|のお知らせ|のため|\s*[:：]|\s*$)
    자동 ?(?:회신|응답) | 부재 ?중
    automaattinen vastaus | automatická odpověď | automatická odpoveď | automatikus válasz | otomatik yanıt
    răspuns automat | αυτόματη απάντηση | автоматический ответ | автоматична відповідь | автоматичен отговор
    аутоматски одговор | automatski odgovor | samodejni odgovor | automatinis atsakymas | automātisk[aā] atbilde
    automaatvastus | trả lời tự động | balasan otomatis | ตอบกลับอัตโนมัติ | resposta automàtica
    תשובה אוטומטית | מענה אוטומטי | رد تلقائي | الرد التلقائي
    fuori ufficio | poza biurem | hors du bureau | absent du bureau | en congés?\s*(?::|$)
    niet op kantoor | buiten kantoor | nicht im büro | ikke på kontoret | fraværs(?:melding|besked) | mimo kancelář
""")
"""Subjects of automatic answers."""

PERHAPS_AWAY = either(r"""
    out[ -]of[ -](?:the[ -])?office | ooo | oof | i(?: a|['’])m away | (?:on )?(?:annual leave|vacation)
    afwezig(?:heid)? | ik ben (?:er niet|afwezig|op vakantie)
    abwesend | abwesenheit | ich bin (?:im urlaub|abwesend) | je suis absente? | frånvaro | poissa | nieobecność
""")
"""What such subjects begin with, and those of people who were not at home as well."""

AWAY_GOES_ON = either(r"""
    $ | [:;|!.\[(] | [-–—]+\s | autoreply\b
    (?:auto|message|not(?:e|ice|ification)|re(?:ply|sponse)|bericht|nachricht)\b
    (?:until|till|through|tot|t/m|bis|vom|jusqu['’]au|till och med|asti|do)\s[^,?]{1,40}$
""")
"""How such a subject goes on where a machine wrote it: with what was answered, a date, or not at all."""

DAEMON = either(r"""
    mailer[._-]?daemon | mail[._-]?daemon | mdaemon | mmdf | mailsystem | mail[._-]system
    microsoftexchange[0-9a-f]{8,}
""")
"""Local parts of the addresses that only mail servers write from."""

PERHAPS_DAEMON = either(r"""
    post[._-]?master | (?:double-)?bounces? | mail-?delivery | amavis | undeliverable | smtpd?
""")
"""Local parts that mail servers use, and people as well."""

HARDLY_DAEMON = either(r"""
    system | delivery
""")
"""Local parts that mail servers use, and shops more often."""

DAEMON_NAME = either(r"""
    mailer[ -]?daemon | mail delivery (?:sub)?system | mail(?:er)? (?:sub)?system | delivery subsystem
""")
"""The names that only mail servers give themselves."""

PERHAPS_DAEMON_NAME = either(r"""
    mail delivery | delivery system | postmaster | internet mail delivery | mail router
    system administrator | mail administrator
""")
"""The names that mail servers give themselves, and people as well."""

POSTSCRIPT = either(r"""
    p\.?\s?p?\.?\s?s\b\.? | n\.?\s?b\b\.?
""")
"""How a line begins that somebody adds below their name."""

CONTACT = either(r"""
    @ | https?:// | www\. | (?:\+|\b0|\()\d[\d\s().-]{5,} | \d{3}[-. ]\d{3,4} | tel\.?: | mob(?:ile|iel)?\.?:
    mailing list | unsubscribe | afmelden | reply to this email | view it on
    \b(?:b\.?v\.?|gmbh|ltd|inc|sarl|kvk|btw|ust-?id|siret)\b
""")
"""What only a signature or a footer holds among short lines."""

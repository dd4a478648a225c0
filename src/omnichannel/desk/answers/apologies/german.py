"""What formal apologies, vague promises and next steps look like in German."""

from __future__ import annotations

from omnichannel.desk.answers.apologies.lists import Apologies, table

GERMAN = Apologies(
    formal=table(
        r"""
        (wir|ich) (möchten? uns |möchte mich |bitten? |entschuldigen? (uns|mich))[^.!?\n;:]*(entschuldig\w+
        |unannehmlichkeiten|verzögerung|umstände)[^.!?\n;:]*
        (bitte )?entschuldigen sie[^.!?\n;:]*
        (wir|ich) bitten? (um|vielmals um)[^.!?\n;:]*(entschuldigung|verzeihung|nachsicht)[^.!?\n;:]*
        (es )?tut (uns|mir)[^.!?\n;:]* leid[^.!?\n;:]*
        (wir|ich) bedauern?[^.!?\n;:]*
        unannehmlichkeiten
        """
    ),
    vague=table(
        r"""
        so (bald|schnell|rasch) wie möglich
        schnellstmöglich
        umgehend
        in kürze
        demnächst
        prüf\w*
        unser bestes
        alles
        arbeiten
        auf dem laufenden
        melden uns
        sobald
        ernst
        geduld
        verständnis
        verbesser\w*
        feedback
        rückmeldung
        zögern
        zufrieden\w*
        wichtig
        hoffen
        weitergeleitet
        entschuldig\w*
        dank\w*
        (freundliche\w*|herzliche\w*|viele) grüße\w*
        schönen (tag|abend)
        erwartung\w*
        unannehmlich\w*
        priorität
        werte
        inakzeptabel
        bedauer\w*
        """
    ),
    steps=table(
        r"""
        (habe|haben) (ich|wir)? ?[^.!?\n]{0,120}\b(geschickt|gesendet|versandt|erstattet|gebucht|umgebucht|ersetzt
        |repariert|behoben|korrigiert|storniert|bestellt|entfernt|verlängert|gutgeschrieben|angerufen
        |beauftragt|reserviert|gefunden|überwiesen|beigefügt)
        (ich|wir|er|sie|(ein|eine|unser|unsere|mein|meine) \w+) (schicken?|schickt|senden?|sendet|erstatten
        |erstatte|ersetzen?|rufen?|ruft|buchen?|liefern?|liefert|holen?|holt|bringen?|bringt|reparieren?
        |überweisen?|stornieren?|bestellen?|verlängern?|melden? uns (am|bis)|kommt)
        sie (können|erhalten|bekommen|sehen|finden|brauchen|müssen)\b
        (können|erhalten|bekommen|finden) sie\b
        (können|könnten|würden|soll|sollen|darf|dürfen) (sie|ich|wir)\b[^!\n]{0,200}\?
        (welche[rs]?|was|wo|wann|wie|wer|wohin)\b[^!\n]{0,200}\?
        (ist|sind|wird|werden|wurde|wurden)( \w+){0,4} (verschickt|versandt|gesendet|erstattet|gebucht|ersetzt
        |repariert|behoben|korrigiert|storniert|bestellt|entfernt|verlängert|gefunden|beigefügt|unterwegs
        |geliefert|überwiesen)
        (funktioniert|läuft|geht) wieder
        bitte (senden|schicken|öffnen|klicken|wählen|nutzen|antworten|geben) sie
        im anhang
        """
    ),
    whens=table(
        r"""
        \d{1,2}[:.h]\d{2}
        (mon|diens|donners|frei|sams|sonn)tag
        mittwoch
        heute
        morgen
        (diese|nächste)r? (woche|monat)
        (innerhalb von|binnen|in) (\d+|einer?|einem|zwei|drei|vier|fünf|wenigen) (minuten|stunden?|tage?n?
        |werktagen|wochen?|monate?n?)
        (um|bis|vor) \d{1,2}( uh?r)?
        \d{1,2}\. ?(jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w*
        \d{1,2}\.\d{1,2}\.(\d{2,4})?
        """
    ),
    names=table(
        r"""
        (mein name ist|ich bin|ich heiße) (?-i:[A-ZÄÖÜ][a-zäöüß]+)
        (mein kollege|meine kollegin) (?-i:[A-ZÄÖÜ][a-zäöüß]+)
        """
    ),
)

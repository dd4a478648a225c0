"""What formal apologies, vague promises and next steps look like in French."""

from __future__ import annotations

from omnichannel.desk.answers.apologies.lists import Apologies, table

FRENCH = Apologies(
    formal=table(
        r"""
        (nous )?(vous )?(prions|prie) de (bien vouloir )?(nous |m'|m’)?(accepter|excuser)[^.!?\n;:]*
        veuillez (nous excuser|accepter nos)[^.!?\n;:]*
        (nous|je) (vous )?(présentons|présente) (toutes )?(nos|mes)( \w+)? excuses[^.!?\n;:]*
        (toutes )?(nos|mes)( \w+)? excuses[^.!?\n;:]*
        nous nous excusons[^.!?\n;:]*
        je m['’]excuse[^.!?\n;:]*
        (nous sommes|je suis) (sincèrement |vraiment )?(désolée?s?|navrée?s?)[^.!?\n;:]*
        (désolée?s?) pour [^.!?\n;:]*
        (nous|je) regrett(ons|e)[^.!?\n;:]*
        """
    ),
    vague=table(
        r"""
        dès que possible
        au plus vite
        dans les (plus brefs|meilleurs) délais
        prochainement
        rapidement
        notre (mieux|possible)
        tout (notre|mettre|faire)
        étudi\w+
        examin\w+
        tiendr\w+ informée?s?
        reviendr\w+
        sérieu\w+
        patience
        compréhension
        amélior\w+
        retour
        hésit\w+
        satisf\w+
        important\w*
        espér\w+
        excus\w+
        équipes? travaill\w+
        merci
        remerci\w+
        cordialement
        bonne (journée|soirée)
        attentes?
        priorité
        valeurs
        inacceptable
        gêne
        regrett\w+
        """
    ),
    steps=table(
        r"""
        (j['’]ai|nous avons|nous vous avons|je vous ai)( \w+)? (envoyé|expédié|remboursé|réservé|remplacé
        |réparé|corrigé|annulé|commandé|supprimé|prolongé|crédité|appelé|trouvé|transmis|ajouté|déplacé)e?s?
        (je|nous|il|elle|(un|une|notre|mon|ma) \w+) (vous )?(l['’])?(envoie|envoyons|rembourse|remboursons
        |remplace|remplaçons|appelle|appelons|rappelle|rappelons|livre|livrons|répare|réparons|annule|annulons
        |expédie|expédions|passe|apporte|enverrons|enverrai|rembourserons|rembourserai|rappellerai|rappellerons
        |appellera|livrera|passera)
        vous (pouvez|recevrez|recevez|trouverez|verrez|aurez|devez)\b
        (pouvez|pourriez|voulez|souhaitez)-vous\b[^!\n]{0,200}\?
        (quelle?s?|où|quand|comment|qui)\b[^!\n]{0,200}\?
        (est|sont|a été|ont été|sera|seront)( \w+)? (envoyé|expédié|remboursé|réservé|remplacé|réparé|corrigé
        |annulé|commandé|supprimé|prolongé|trouvé|livré|déplacé|parti|résolu)e?s?
        (fonctionne|marche) à nouveau
        veuillez (cliquer|choisir|envoyer|ouvrir|répondre|utiliser|nous indiquer)
        en pièce jointe|ci-joint
        """
    ),
    whens=table(
        r"""
        \d{1,2}[:.h]\d{2}
        lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
        aujourd['’]hui
        demain
        ce (matin|soir)
        cet après-midi
        (cette|la) semaine( prochaine)?
        (sous|dans|d['’]ici) (\d+|une?|deux|trois|quatre|cinq|quelques) (minutes?|heures?|jours?|semaines?|mois)
        (avant|à) \d{1,2} ?h
        \d{1,2}(er)? (janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\w*
        \d{1,2}/\d{1,2}(/\d{2,4})?
        """
    ),
    names=table(
        r"""
        (je m['’]appelle|je suis) (?-i:[A-ZÀ-Ý][a-zà-ÿ]+)
        (mon|ma|notre) collègue (?-i:[A-ZÀ-Ý][a-zà-ÿ]+)
        """
    ),
)

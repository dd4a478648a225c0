"""What formal apologies, vague promises and next steps look like in Dutch."""

from __future__ import annotations

from omnichannel.desk.answers.apologies.lists import Apologies, table

DUTCH = Apologies(
    formal=table(
        r"""
        ((wij|we|ik) )?(graag |willen |wil )?(bied(en|t)?|aanbieden)( wij| we| ik)?( u| je
        | jullie)?( graag)?( (onze|mijn))?( \w+)? (excuses|verontschuldigingen)( aan(bieden)?)?( (voor
        |dat) [^.!?\n;:]+)?
        ((onze|mijn)( \w+)? |nogmaals |duizendmaal )?(excuses|verontschuldigingen)( aan(bieden)?)?( (voor
        |dat) [^.!?\n;:]+| hier(voor|van)| daarvoor)?
        sorry (dat|als) [^.!?\n;:,]+
        sorry (voor|van) (het|de|al(le)?|dit|deze|uw|je) (\w+ )?(ongemak|overlast|vertraging|verwarring
        |wachttijd|wachten|gedoe|ervaring|late reactie)[^.!?\n;:,]*
        het spijt (ons|mij|me)[^.!?\n;:]*
        (wij|we|ik) (verontschuldig(en)?|excuseer|excuseren) (ons|mij|me)[^.!?\n;:]*
        (wij|we|ik) betreur(en)?[^.!?\n;:]*
        (ongemak|overlast) (dat|die) [^.!?\n;:]+ veroorzaakt
        """
    ),
    vague=table(
        r"""
        zo (spoedig|snel|vlug) mogelijk
        binnenkort
        spoedig
        op korte termijn
        te zijner tijd
        onderzoek\w*
        bekijken
        bespreken
        evalu\w+
        ons (uiterste )?best
        er alles aan
        (hard )?gewerkt aan
        werk(t|en)? (hard )?aan
        op de hoogte
        vertraagd
        kom(t|en)? .{0,60}op .{0,60}terug
        zodra
        serieus
        geduld
        begrip
        verbeter\w*
        streven
        feedback
        signaal
        opmerking
        gerust
        aarzel\w*
        excuses
        tevreden\w*
        (erg )?druk(te)?
        belangrijk
        aan de slag
        oplossing
        op te lossen
        voorkomen
        hop(en|elijk)
        hiermee
        prober\w*
        proberen
        weer te zien
        dank\w*
        bedankt
        waarde(ren|ert|vol\w*|n)?
        welkom
        groet\w*
        (fijne|prettige?|mooie) (dag|avond|weekend|week)
        verwachting\w*
        verdien(t|en)
        voorop
        prioriteit
        hoog in het vaandel
        zo willen we
        zoals wij willen
        zoals u van ons
        gewend
        normen
        onacceptabel
        trots
        zorg(vuldig)?
        zeldzaam
        vervelend
        frustratie
        teleurstell\w*
        ongemak
        (beter )?van dienst
        ingewikkeld
        genoteerd
        aandacht
        (juiste|betreffende|verantwoordelijke) (afdeling|team|mensen)
        langer duren
        kunnen wij hier niets
        kunnen wij helaas
        liep over
        recht te zetten
        alles waard
        (is|zijn|was|werd|wordt) (helaas )?(vertraagd|beschadigd)
        doorgegeven
        het spijt
        sorry
        klantenservice
        """
    ),
    steps=table(
        r"""
        (ik|we|wij|hebben wij|hebben we|heb ik)( heb(ben)?)? [^.!?\n]{0,120}\b(gestuurd|verstuurd|verzonden
        |teruggestort|terugbetaald|betaald|geboekt|omgeboekt|verplaatst|geregeld|vervangen|gerepareerd|hersteld
        |verholpen|verbeterd|aangepast|geannuleerd|besteld|gereset|verwijderd|gehaald|toegevoegd|verlengd|gezet
        |doorgestuurd|gevraagd|gesproken|gebeld|gereserveerd|overgemaakt|gecrediteerd|gevonden|gemaakt
        |ingepland|gewijzigd|bijgevoegd|overgezet|gegeven|afgesproken)
        (stuur|sturen|vervang|vervangen|bel|bellen|belt|mail|mailen|mailt|betaal|betalen|stort|storten|boek
        |boeken|regel|regelen|maak|maken|breng|brengt|brengen|haal|haalt|halen|herstel|herstellen|repareer
        |repareren|bestel|bestellen|annuleer|annuleren|verleng|verlengen|zoek|zoeken|zet|zetten|neemt|lever
        |leveren|bezorgen|bezorgt|komt?) (ik|we|wij|u|je|er|hij|zij|ze|het|de|dat|die|een|uw|jouw|langs|op|bij
        |morgen|vandaag|voor|naar|binnen)
        (ik|we|wij|hij|zij|ze|(een|onze|mijn) [\w ]{1,40}?) (stuur|sturen|stuurt|vervang|vervangen|vervangt|bel
        |bellen|belt|mail|mailen|mailt|betaal|betalen|stort|storten|boek|boeken|regel|regelen|breng|brengt
        |brengen|haal|haalt|halen|repareer|repareren|repareert|bestel|bestellen|annuleer|annuleren|verleng
        |verlengen|zoek|zoeken|zet|zetten|lever|leveren|neemt|zal|zullen)
        (u|je|jij|jullie) (kunt|kan|kan het|krijgt|ontvangt|ziet|vindt|hoeft|mag|heeft|kunnen|krijgen)\b
        (kunt|krijgt|ontvangt|ziet|vindt|hoeft|mag) (u|je|jullie)\b
        kun je\b
        (kunt|kun|kan|wilt|wil|zou|zal|zullen|mag) (u|je|jij|ik|we|wij)\b[^!\n]{0,200}\?
        (welke?|wat|waar|wanneer|hoe|wie|naar welk)\b[^!\n]{0,200}\?
        (is|zijn|wordt|worden|werd|staat)( \w+){0,4} (verstuurd|gestuurd|verzonden|teruggestort|terugbetaald
        |geboekt|verplaatst|vervangen|gerepareerd|hersteld|verholpen|aangepast|geannuleerd|besteld|verwijderd
        |verlengd|betaald|gevonden|ingepakt|bijgevoegd|bezorgd|gereserveerd|gedaan|onderweg|vertrokken
        |vervallen|open|opgelost|op voorraad)
        doe(t|n) het weer
        werkt? weer
        weer (beschikbaar|bereikbaar|online)
        (komt|gaat|vertrekt|valt|staat) [^.!?\n]{0,120}\b(binnen|weg|naar|aan|langs|in de bus|op uw|op je|op)\b
        (open|kies|tik op|klik op|gebruik|houd|stel|volg|download|ga naar|bel|mail) [^.!?\n]{1,120}
        (het|de) (juiste|goede|bedrag|antwoord|nummer|datum)[^.!?\n]{0,120} is
        hier (is|zijn) (de|het|uw|je)
        (als|in de) bijlage
        ja, (u|je) (kunt|kan)
        is (tot|vanaf|van) [^.!?\n]{0,120}open
        (want|omdat|doordat) [^.!?\n]{1,120}
        ^\W*(dan |gewoon )?(neem|ruil|probeer|betaal|toon|vraag om|typ|scan|laad|herstart|wacht tot
        |trek) [^.!?\n]{1,120}
        (is|zijn|staat|staan) (nu|van|niet meer|goedgekeurd|klaar|gereed) [^.!?\n]{0,120}
        beslist|goedgekeurd|akkoord|bevestigd|geaccepteerd|kwijtgescholden
        kom [^.!?\n]{0,120}langs
        """
    ),
    whens=table(
        r"""
        \d{1,2}[:.h]\d{2}
        (maan|dins|woens|donder|vrij|zater|zon)dag(ochtend|middag|avond|nacht)?
        vandaag
        vanavond
        vanmiddag
        vanmorgen
        vanochtend
        vannacht
        morgen
        (deze|volgende) (week|maand)
        (binnen|over) (\d+|een|één|twee|drie|vier|vijf|enkele|een paar)( tot \d+)?( werk)?(dagen|dag| dagen
        | uur| minuten| weken| week| werkdagen| maand(en)?)
        (om|voor|tot|vóór) (\d{1,2}|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf)( uur)?
        tussen \d{1,2} en \d{1,2}
        \d{1,2} (jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*
        \d{1,2}[/-]\d{1,2}([/-]\d{2,4})?
        """
    ),
    names=table(
        r"""
        (mijn naam is|ik ben|u spreekt met) (?-i:[A-Z][a-z]+)
        (mijn|onze) (collega|monteur|manager),? (?-i:[A-Z][a-z]+)
        hij heet (?-i:[A-Z][a-z]+)
        zij heet (?-i:[A-Z][a-z]+)
        """
    ),
)

"""How people ask, put off and answer in Dutch."""

from __future__ import annotations

from omnichannel.desk.listening.tongues import Tongue, listed, phrases

DUTCH = Tongue(
    language="nl",
    asks=phrases(
        """
        wanneer is | wanneer zijn | wanneer kan | wanneer kunnen | wanneer kom | wanneer komt |
        wanneer komen | wanneer krijg | wanneer krijgen | wanneer wordt | wanneer worden | wanneer gaat |
        wanneer moet | wanneer mag | wanneer hebben | wanneer heb | waar is | waar zijn | waar kan |
        waar kunnen | waar blijft | waar blijven | waar vind | waar moet | waarom is | waarom zijn |
        waarom kan | waarom krijg | waarom moet | waarom heb | waarom wordt | hoe kan | hoe kunnen |
        hoe lang | hoelang | hoe laat | hoe moet | hoe werkt | hoe zit | hoe krijg | hoe is | hoe doe |
        hoeveel | wat is | wat zijn | wat kost | wat kosten | wat moet | wat kan | wat doe | wat gebeurt |
        wie is | wie kan | welke | kunt u | kan u | kan ik | kun je | kan je | kunnen jullie | kunnen we |
        kunnen wij | kan iemand | kan het | kan dat | mag ik | mogen we | heeft u | heb je |
        hebben jullie | heeft iemand | is het mogelijk | is er | is het | is dit | is mijn | zijn er |
        zijn jullie | weet u | weet je | weten jullie | zou u | zou je | zouden jullie | zou iemand |
        wilt u | wil je | willen jullie | wordt het | wordt mijn | krijg ik | moet ik | leveren jullie |
        verkopen jullie | al nieuws | enig idee | al iets bekend | levert u | verkoopt u | bent u
        """
    ),
    requests=phrases(
        """
        gelieve | graag | ik wil | wij willen | we willen | ik zou | wij zouden | we zouden |
        ik heb * nodig | wij hebben * nodig | we hebben * nodig | stuur | stuurt u | laat me | laat mij |
        laat ons | laat even | bel me | bel mij | geef me | geef mij | geef even | ik zoek |
        ik ben op zoek | ik vraag me af | ik vraag mij af | ik wacht | wij wachten | we wachten |
        ik verwacht | ik verzoek | svp | a.u.b. | ik wens | verzoek om | ik had graag |
        ik heb een vraag over
        """
    ),
    before=phrases(
        """
        hallo | hoi | dag | hey | beste | geachte | goedemorgen | goedemiddag | goedenavond | goedendag |
        en | maar | dus | ook | dan | nu | ok | oke | oké | nou | sorry | ja | nee | bedankt | dank |
        dank u | dank je | trouwens | zo ja | zo nee | anders | verder | daarnaast | of | eh
        """
    ),
    polite=phrases(
        """
        hoe gaat het | alles goed | hoe is het | graag gedaan | ik wil * bedanken | ik wil * danken |
        ik zou * bedanken | toch? | oké? | ok? | hè? | hé? | nietwaar? | ik zou zeggen | graag tot ziens
        """
    ),
    withdraws=phrases(
        """
        laat maar | niet meer nodig | al gevonden | zelf gevonden | al opgelost | zelf opgelost |
        is net aangekomen | is aangekomen | is binnen | hij is er | het werkt weer | het werkt nu |
        hoeft niet meer | vergeet het maar
        """
    ),
    puts_off=phrases(
        """
        uitzoeken | zoek het uit | zoek dit uit | zoeken het uit | zoeken dit uit | kom er op terug |
        kom hierop terug | kom daarop terug | kom erop terug | komen hierop terug | komen erop terug |
        komen er op terug | navragen | vraag het na | vraag dit na | vragen het na | even kijken |
        kijk het na | nakijken | controleren | laat het u weten | laat het je weten | laten het u weten |
        laten het je weten | laten u weten | laten je weten | laat u weten | laat je weten | weet ik niet |
        weten we niet | weten wij niet | niet zeker | hebben uw * ontvangen | hebben je * ontvangen |
        bedankt voor uw | bedankt voor je | dank voor uw | dank u voor uw | momentje | moment geduld |
        een ogenblik | zo snel mogelijk | zo spoedig mogelijk | doorgestuurd | doorgegeven | vervelend |
        excuses | het spijt | wat naar | begrijp
        """
    ),
    closed=phrases(
        """
        kunt | kan | kun | kunnen | mag | mogen | heeft | heb | hebben | is | zijn | weet | weten | zou |
        zouden | wilt | wil | willen | wordt | worden | krijg | moet | leveren | verkopen | bent | ben |
        komt | doen | doet | gaat | levert | verkoopt
        """
    ),
    yes_no=phrases(
        """
        ja | nee | jazeker | zeker | natuurlijk | uiteraard | helaas niet | helaas | klopt | inderdaad |
        absoluut | dat kan | dat klopt | dat is zo | dat mag | nee hoor | ja hoor | nog niet
        """
    ),
    when=phrases(
        """
        wanneer | hoe lang | hoelang | hoe laat | welke dag | welke datum | op welk moment | hoe snel
        """
    ),
    how_much=phrases(
        """
        hoeveel kost | hoeveel kosten | wat kost | wat kosten | wat is de prijs | welke prijs | de kosten |
        de prijs | hoeveel is
        """
    ),
    times=phrases(
        """
        vandaag | morgen | overmorgen | vanavond | vanmiddag | vanochtend | maandag | dinsdag | woensdag |
        donderdag | vrijdag | zaterdag | zondag | volgende week | deze week | januari | februari | maart |
        april | mei | juni | juli | augustus | september | oktober | november | december | uur |
        binnen * dagen | over * dagen | * dagen | * werkdagen | * weken | * minuten
        """
    ),
    done=phrases(
        """
        heb ik gestuurd | is verstuurd | is verzonden | hebben we verstuurd | heb ik verstuurd |
        bijgevoegd | in de bijlage | als bijlage | heb ik aangepast | is aangepast | hebben we aangepast |
        is geannuleerd | heb ik geannuleerd | geannuleerd | is teruggestort | heb ik teruggestort |
        hebben we teruggestort | geregeld | is gebeurd | is gedaan | hierbij | hier is | hier zijn |
        is gewijzigd | heb ik gewijzigd | heb ik toegevoegd | is toegevoegd
        """
    ),
    promises=phrases(
        """
        ik zal | wij zullen | we zullen | u ontvangt | je ontvangt | u krijgt | je krijgt | wordt |
        worden | komt | komen | ik bel | wij bellen | we bellen | ik stuur | wij sturen | we sturen |
        ik mail | belt u | belt je | laat ik | laten we | laten wij | ik kom | kom ik | hoort u | hoor je |
        leveren we | leveren wij | beloof
        """
    ),
    days={"vandaag": 0, "vanavond": 0, "vanmiddag": 0, "morgen": 1, "morgenochtend": 1, "overmorgen": 2},
    lengths={"uur": 1, "uren": 1, "dag": 1, "dagen": 1, "week": 7, "weken": 7, "werkdag": 1, "werkdagen": 1},
    weekdays=("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    common=listed(
        """
        aan al alle alleen als bedankt ben bent beste bij daar dag dan dank dat de deze die dit door dus
        een elke en er even geen graag haar had hadden hallo heb hebben hebt heeft hem hen het hier hij
        hoe hoeveel hoi hun ik in is ja je jij jouw jullie kan kon kun kunnen kunt laat maar mag me met
        mij mijn moet moeten mogen naar nee niet nodig nog nu of om ons onze ook op over te ten ter toch u
        uit uw van voor waar waarom wanneer waren was wat we weer wel welke werd weten wie wij wil willen
        wilt worden wordt zal ze zij zijn zou zouden zullen
        """
    ),
)

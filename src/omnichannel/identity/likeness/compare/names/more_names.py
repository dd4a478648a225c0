"""More given names: as `pet_names`, of our own making. A name without a colon has no pet name here."""

from __future__ import annotations

ENGLISH_TOO = """
adrienne: adie; alana: lana lanie; alberta: bertie allie; alexandria: alex lexi lexie andria sandy; alfreda:
freda freddie alfie; allegra: allie; alonzo: lon lonnie al; althea: thea; anastasia: stacy ana annie tasia;
angus: gus; annabelle: bella belle; annette: annie nettie netta; arabella: bella belle ara; ariana: ari;
arlene: lena; armando: mando; ashley: ash; aubrey; audrey: aud dee; augusta: gussie gusta; austin: aus; ava;
avery; beatrix: trixie bea trix bee; benedetta: detta; bethany: beth bethie; blake; blanche; bonnie; brendan:
bren; brianna: bri; brittany: britt brit; bruce; bruno; caitlin: cait katie; carla; carmella: carmie; caspar:
cas; cassidy: cass; cecil; celeste: celia; celestine: celia; chelsea: chels; cheryl: cher; clarissa: rissa;
claudette; clement: clem; clementine: clem clemmie; colin: col; colleen; cordelia: delia cordy; cory; craig;
crystal: chris crys; cyrus: cy; dale; damian; daphne: daph; darlene: darla; darren; davina: vina; dean;
deirdre: dee dede; delia; delilah: lilah; desiree: desi; desmond: des dez; dexter: dex; diana: di; dominique:
nikki; dwayne; dylan; earl; edna; edwina: winnie eddie; eileen; elaine: lainie ellie laine lainey; elias: eli;
elisha: eli; elliot: el; ellis; elmer; eloisa; eloise: ellie elle weezie; elton; elvira: elvie; emanuel: manny;
emerson: em; emmanuel: manny; emmett: em; enid; eric: ric rick; erica: ric rickie; ernestine: ernie tina;
estelle: essie; ethel; eunice; evan: ev; evangeline: eva evie angie; everett: ev; faye; felicia: fee; felicity:
fliss flick; fiona: fi; fletcher: fletch; fredericka: freddie rickie freda; garrett: gary; gary: gaz; gavin:
gav; gemma: gem; georgia: georgie; germaine; gideon: gid; gillian: gill jill jilly; glen; gloria: glo; graham;
grant; gwyneth: gwen; hayden; hazel; heather: heath; hester: hettie; hilary: hil; hillary: hil; hortense;
hunter; imogen: immy; ingrid; iris; irving: irv; irwin; israel: izzy; ivy; jade; jasper; jayden: jay; jedidiah:
jed; jemima: jem mima; jenna: jen; jill; jodie; jonah; josephina: josie; josiah: joe; juanita: nita; juliana:
julie jules; julianne: julie; kaitlyn: kate katie kait; katelyn: kate katie kate; katrina: kat trina kate;
kayla: kay; keith; kendall: ken; kendra; kendrick: ken kenny; kerry; kirsten: kirsty; kirsty; krista: kris;
kristine: kris tina; kyle; lacey; lance; lavinia: vinnie vina; leila; leopold: leo; letitia: lettie tish; levi;
lionel; loretta: etta lori; louella: lou ella; lucius; lucretia; lyle; mabel; marcella: marcie; marcia: marcie;
margot; marguerite: daisy rita margie; marian; marianne: mari; marilyn: mari lyn; marion; marissa: rissa;
marlene; maude; mavis; melody: mel; moira; mona; monica: mon; morgan; myra; myron; nadine; naomi: nomi; nigel:
nige; nina; noah; noel; octavia: tavia; odette; owen; paige; parker; perry; phoebe; preston; priscilla: cilla
prissy; quincy: quin; ramona: mona; raphael: raph rafe; regina: gina reggie; renee; rhoda; rhonda: ron ronnie;
rory; rosa; rosalie: rosie rose; rosanna: rosie anna rose; rosanne: rosie anne rose; roseanne: rosie rose;
rowena; ruby; rufus; sabrina: brina; samson: sam; savannah; selena: lena; serena; seth; shane; shelby; sheldon:
shel; sherman; sierra; silas: si; stanford: stan; sydney: syd; tara; theodosia: theo; tiffany: tiff; todd;
tristan: tris; tyler: ty; tyrone: ty; valentina: val; valentine: val; wanda; wayne; wilfrid: wilf fred; winona;
yasmine: yas; yvette: evie; zelda
"""
"""More of English, many without a pet name: that a name is one tells it from a slip of the pen in another."""

OTHERS = """
jasmijn; fleur; femke; anouk; marloes; roos; sem; ruben; jesse; floor; lieke; saar; milan; stijn; hugo; jeroen;
sander; niels; monique; astrid; esmee; fenna; tygo; sven; koen; maaike; annemarie; jolanda; mirjam; tineke;
willeke; carolien; evelien; jurre; thijmen; pepijn; jelle; wessel; rutger; maurits; diederik; lisanne; manon;
jonas; finn; anke; antje; heike; kerstin; silke; jutta; torsten; uwe; jurgen; horst; gunter; manuela; elke;
gudrun; dagmar; heidrun; annika; svenja; maren; imke; malte; hauke; detlef; eckhard; volker; rainer; reiner;
holger; carsten; karsten; steffi; anja; tanja; carola; renate; gisela; erika; lothar; egon; benno; camille;
sandrine; pascal; thierry; didier; aurelie; delphine; alvaro; marta; nuria; chiara; martina; federica; elisa;
simona; tiago; diogo; rui; nuno; catarina; mariana; goncalo; thibault; benoit; gilles; yves; herve; fabrice;
cedric; elodie; amelie; celine; corinne; mireille; odile; solange; ghislaine; inigo; iker; rodrigo; hernan;
noelia; itziar; giacinto; silvano; ornella; donatella; rossella; fabio; mauro; massimo; cristiano; afonso;
vasco; duarte; filipa; monika; beata; iwona; kamil; ilya; artyom; aneta; izabela; justyna; renata; danuta;
halina; grazyna; bozena; urszula; maciej; michalina; ludwik; radoslaw; przemyslaw; slawomir; jaroslaw;
miroslaw; bogumila; zlata; ruslan; timur; eldar; artem; gleb; matvey; yegor; lyudmila; zinaida; raisa; inna;
zoya; lidia; tamila; bohdan; taras; ostap
"""
"""Dutch, German, Romance and Slavic names without a pet name here."""

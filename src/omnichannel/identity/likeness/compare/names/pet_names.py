"""Short and pet names of people: a table of our own making, of common usage, folded.

Left of the colon stands the full name, right of it what people who bear it are called. A pet name of several
full names (Alex, Sasha, Chris) stands at each.
"""

from __future__ import annotations

ENGLISH = """
aaron: ron ronnie erin; abigail: abby abbie abi gail; abraham: abe abie bram; adelaide: addie heidi; adeline:
addie; agnes: aggie nessie; alan: al; albert: al bert bertie albie; alexander: alex al xander sandy alec alick
sasha lex; alexandra: alex sandra sandy lexi lexie alexa sasha; alexis: alex lexi lexie; alfred: al alf alfie
fred freddie; alice: ali allie; alison: ali allie; allison: ali allie; alvin: al; amanda: mandy mindy; amelia:
amy millie mel; andrea: andi andie; andrew: andy drew andi; angela: angie ange; angelina: angie lina; ann: annie
nan nancy; anna: annie ann; anne: annie ann nan; annabel: bella belle; anthony: tony ant; antoinette: toni
nettie; antonia: toni; archibald: archie; arnold: arnie; arthur: art artie; augustus: gus; barbara: barb barbie
babs bobbie; barnaby: barney; bartholomew: bart; beatrice: bea bee trixie; belinda: bell linda lindy; benedict:
ben; benjamin: ben benny benji bibi; bernadette: bernie; bernard: bernie barney; bertram: bert; beverly: bev;
bradford: brad; bradley: brad; brandon: bran; brenda: bren; brian: bri; bridget: biddy bridie; byron: ron;
calvin: cal; cameron: cam; camilla: millie cam; candace: candy; carl: charlie; caroline: carrie caro carol;
carolyn: carrie lynn carol; casey: case; cassandra: cass cassie sandra; catherine: cathy cat cate kate katie
kathy kitty kit kath; cecilia: cissy celia cece; charles: charlie chuck chas chaz chip charley; charlotte:
charlie lottie lotte char; chester: chet; christian: chris; christina: chris chrissy tina christy; christine:
chris chrissy tina christy; christopher: chris kit topher christy kris; clarence: clare; clara: clare; clifford:
cliff; clifton: cliff; clinton: clint; constance: connie; cornelius: neil con; courtney: court; curtis: curt;
cynthia: cindy cyndi; daniel: dan danny; danielle: dani; david: dave davey davy; deborah: deb debbie debby;
debra: deb debbie; delores: dee; denise: denny; dennis: denny den; derek: del; dominic: dom nick; donald: don
donnie; donovan: don; dorothea: dot dottie thea dora; dorothy: dot dottie dolly dory; douglas: doug dougie;
edgar: ed eddie; edith: edie; edmund: ed eddie ted ned; eduardo: ed eddie lalo; edward: ed eddie ted teddy ned
eddy; edwin: ed eddie; eleanor: ellie nell nora ella nellie; elijah: eli lijah; elizabeth: liz lizzie lizzy beth
betty bess bessie betsy eliza libby elsie lisa ellie liza lilibet lisbeth; ella: ellie; ellen: nell ellie
nellie; elliott: el; emily: em emmy millie; emma: em emmy; ernest: ernie; esther: essie hettie; ethan: eth;
eugene: gene; eugenia: genie; evelyn: evie eve lyn; ezekiel: zeke; ezra: ez; florence: flo florrie flossie;
frances: fran franny frankie fanny francie; francis: frank frankie fran; franklin: frank frankie; frederick:
fred freddie freddy rick fritz; gabriel: gabe; gabrielle: gabby gaby; genevieve: gen ginny eve viv; geoffrey:
geoff jeff; george: georgie; georgina: georgie gina; gerald: gerry jerry; geraldine: gerry geri; gertrude: trudy
gert gertie; gilbert: gil bert; gordon: gord; grace: gracie; gregory: greg; gwendolyn: gwen wendy; hannah: hanna
annie; harold: harry hal; harriet: hattie hetty; harrison: harry; harvey: harv; helen: nell lena ellie nellie;
henrietta: hetty etta hattie; henry: hank harry hal; herbert: herb bert bertie; herman: herm; horace: horry;
howard: howie; hubert: hugh bert; hugh: hughie; humphrey: humph; ignatius: iggy; irene: rene; isaac: ike zac;
isabel: bel bella izzy belle; isabella: bella izzy belle isa bel; isabelle: bella izzy belle bel; isaiah: ike;
jack: jackie jock; jackson: jack; jacob: jake jay; jacqueline: jackie jacqui; james: jim jimmy jamie jem jimmie;
jane: janie jenny; janet: jan jenny; janice: jan; jason: jay jase; jasmine: jas jazz; jean: jeanie; jeffrey:
jeff geoff; jennifer: jen jenny jenn jennie; jeremiah: jerry jem; jeremy: jerry jem; jerome: jerry; jessica:
jess jessie; jessie: jess; joan: joanie; joanna: jo joey; joanne: jo; john: jack johnny jon johnnie jackie;
jonathan: jon jonny johnny nathan jonnie; jordan: jordy; joseph: joe joey jo; josephine: jo josie fina; joshua:
josh; joyce: joy; judith: judy jude judi; julia: julie jules; julian: jules; juliet: jules; justin: jus; karen:
kari; katherine: kate katie kathy kitty kit kat kath kay; kathleen: kathy kate kath katie; kathryn: kate katie
kathy kat kath; kelly: kel; kenneth: ken kenny; kevin: kev; kimberly: kim kimmy; kristen: kris kristy; kristin:
kris kristy; kristina: kris kristy tina; laura: laurie lori; lauren: laurie; laurence: larry laurie; lawrence:
larry laurie lars; leonard: len lenny leo leon; leonardo: leo; leroy: roy lee; leslie: les; lester: les; lewis:
lew louie; lillian: lil lily lilly; lillie: lil; lincoln: linc; linda: lindy lynn; lloyd: loy; lorraine: lori;
louis: lou louie; louise: lou lulu; lucas: luke; lucille: lucy lou; lucinda: lucy cindy; lucy: lu; luther: lu;
lydia: liddy; mackenzie: mac kenzie; madeleine: maddie maddy; madeline: maddie maddy; madison: maddie maddy;
malcolm: mal; marcus: marc mark; margaret: maggie meg peggy peg marge margie greta daisy madge rita maisie;
margery: marge margie; marjorie: marge margie; marsha: marcie; martha: marty mattie patty; martin: marty;
marvin: marv; mary: molly polly mamie may mae moll; matilda: tilly tillie mattie maud; matthew: matt matty;
maureen: mo reenie; maurice: mo morrie; maximilian: max; maxine: max; maxwell: max; megan: meg; melanie: mel;
melinda: mel mindy linda; melissa: mel missy lissa; melvin: mel; mercedes: mercy sadie; meredith: merry;
michael: mike mick mickey micky mikey mitch; michelle: shelly mich chelle; mildred: millie; millicent: millie;
minerva: minnie; miranda: mandy randy; miriam: mimi mim; mitchell: mitch; mohamed: mo; montgomery: monty;
morris: morrie mo; moses: mo moe; muriel: mu; nancy: nan; natalie: nat; natasha: tasha nat; nathan: nate nat;
nathaniel: nate nat nathan; nelson: nels; nicholas: nick nicky nico klaus nic; nicola: nicky nikki; nicole:
nicky nikki nic; norman: norm; oliver: ollie olly noll; olivia: liv livvy ollie; oscar: ossie; oswald: ossie
ozzie; pamela: pam pammy; patricia: pat patty patsy trish tricia patti; patrick: pat paddy rick packy; paul:
paulie; paula: pauly; pauline: polly; penelope: penny nell; percival: percy; peter: pete; philip: phil pip;
phillip: phil pip; phillipa: pip pippa; philippa: pip pippa; phyllis: phyl; prudence: pru; quentin: quinn;
rachel: rach rae; ralph: ralphie; randall: randy; randolph: randy rand; raymond: ray; rebecca: becky becca bec
reba; reginald: reg reggie; richard: rick dick rich richie ricky dickie rickie; rita: reet; robert: bob rob
bobby robbie robby bobbie bert robin; roberta: bobbie robbie berta; roderick: rod rick; rodney: rod; roger:
rodge; roland: rollie; ronald: ron ronnie; rosalind: ros roz; rosamund: ros; rose: rosie; rosemary: rose rosie
romy; roxanne: roxy; rudolph: rudy; rupert: rup; russell: russ rusty; ruth: ruthie; ryan: ry; sally: sal;
salvatore: sal; samantha: sam sammy; samuel: sam sammy; sandra: sandy; sarah: sally sadie sal; sara: sally sadie
sal; scott: scotty; sean: shaun; sebastian: seb bastian; seymour: sy; shannon: shan; sharon: shaz; sheila:
shell; shirley: shirl; sidney: sid; silvester: sly; simon: si; solomon: sol; sophia: sophie soph; sophie: soph;
spencer: spence; stanley: stan; stella: estelle; stephanie: steph stevie; stephen: steve stevie steph; steven:
steve stevie; stewart: stew stu; stuart: stu stew; susan: sue susie suzy suzie; susanna: sue susie suzy sanna;
susannah: sue susie suzy; suzanne: sue suzy susie; sylvester: sly; sylvia: sylvie; tabitha: tabby; tamara: tammy
tam; teresa: terry tess tessa terri; terence: terry; terrance: terry; terrence: terry; thaddeus: thad ted;
thelma: thel; theodora: thea dora; theodore: ted teddy theo; theresa: terry tess tessa terri; thomas: tom tommy
thom; timothy: tim timmy; tobias: toby; tracy: trace; travis: trav; trevor: trev; ursula: ursie; valerie: val;
vanessa: nessa; vernon: vern; veronica: ronnie vera roni; victor: vic; victoria: vicky vicki tori vic; vincent:
vin vinny vince; viola: vi; violet: vi; virginia: ginny ginger gina; vivian: viv; wallace: wally; walter: walt
wally wat; warren: ren; wendell: wen; wesley: wes; wilbur: will; wilfred: wilf fred; wilhelmina: mina willa
minnie billie; willard: will; william: bill will billy willy willie liam billie; winifred: winnie freda;
winston: win winnie; woodrow: woody; yolanda: yoli; yvonne: vonnie; zachary: zach zack zac; zachariah: zach zack
zac
"""
"""English."""

DUTCH = """
adriana: adrie jana ria; adrianus: ad adrie arie janus; albertus: bert albert ab; alida: lida; aleida: leida
alie; andreas: andries dries; antonia: toos tonia; antonius: ton toon anton teun tonnie antoon; arnoldus: arnold
nol arno; bartholomeus: bart mees; bernardus: ben bernard berend; catharina: toos trijn ina karin cathy rina
trees kaat katrijn; christiaan: chris; christina: stien tine chris; cornelia: corrie cor nel nelleke neeltje
lia; cornelis: cor kees cees corne nelis; daniel: daan; dirk: dick; dirkje: dikkie; elisabeth: els betsie lies
bets liesbeth elly bep ilse; everdina: dina; ferdinand: ferry; franciscus: frans cis; frederik: frits fred
freek; gerardus: gerard geert gerrit sjra; gerrit: ger; gijsbert: gijs bert; gijsbertus: gijs bert; hendrik:
henk rik hein hendrikus driek; hendrika: riek rika henny hennie; hendrikus: henk rik hein driek harrie;
henricus: henk rik hein harrie; hermanus: herman harm manus; hubertus: huub bert bertus; jacob: jaap koos job
jacobus coos; jacoba: coba co cobie jacqueline; jacobus: jaap koos jacques sjaak co; johan: jan joop; johanna:
jo annie hanna joke jopie hanneke anneke janna jannie; johannes: jan hans joop johan jo hannes jannes; joost:
jos; jozef: jef jos sjef; josephus: jos sjef jef jo; joris: sjors; krijn: quirinus; laurens: laus lau;
laurentius: laurens lau; lambertus: bert bertus lambert; leendert: leen; leonardus: leo leon; lodewijk: lode lou
wijk; lucas: luuk; maarten: marten; margaretha: greet griet marga gretha grietje margriet; maria: mia ria marie
mieke marijke rie miep marietje marja; marinus: rien rinus; martinus: martin tinus maarten mart; matthijs: thijs
mat ties; mattheus: thijs theo; matthias: thijs mat; mathias: thijs mat; nicolaas: klaas nico niek claas;
nicolaus: klaas nico; petronella: nel petra ella pietje nelly; petrus: piet peter piert; pieter: piet;
pieternella: nel; reinier: rein; roelof: roel; rudolf: ruud rudi dolf; sebastiaan: bas bastiaan; sophia: fie
fieke sofie; stephanus: stefan steef; theodorus: theo dorus thed; theodora: dora thea; thomas: tom maas;
wilhelmina: mien willy wil mina willemijn helma mientje wilma; wilhelmus: wim willem wil helmus; willem: wim wil
pim
"""
"""Dutch and Flemish."""

GERMAN = """
albrecht: al; alois: lois; andreas: andi andy; anneliese: liese anneli; barbara: babsi barbel baerbel; bernhard:
bernd berni hardy; brigitte: gitte birgit gitta; christian: chris christl; dietrich: dieter dirk; elisabeth:
lisa elli liesel sissi lisbeth elsbeth elise else ilse; ernst: erni; ferdinand: ferdi; franz: franzl; franziska:
franzi ziska sissi; friederike: rike friedel fritzi; friedrich: fritz friedel fred; gabriele: gabi gaby; georg:
schorsch jorg joerg; gerhard: gerd hardy gert; gertrud: trude trudi gerti; guenther: guenni; gunther: gunni;
hannelore: lore hanne; heinrich: heinz heiner heini hinnerk; helene: lene leni; helmut: helmi; hermann: manni;
hildegard: hilde; ingeborg: inge; irmgard: irmi; jakob: jockel; johann: hans hannes hansi johannes; johanna:
hanna hanne jo; johannes: hans hannes hansi jo johann; josef: sepp jupp peppi jo; joachim: achim jochen jo;
karl: charly kalle; karlheinz: kalle; katharina: kathi kati kathrin katja kaethe kathe ina; klaus: nikolaus;
konrad: kurt conny; leopold: poldi; lieselotte: lilo lotte liesel; ludwig: lutz wiggerl; magdalena: lena leni
magda madlen; manfred: manni fred; margarete: grete gretel greta margret gretchen rita; margarethe: grete gretel
greta margret gretchen; maria: mitzi mia marie ria; martin: tino; matthias: matze hias matti; maximilian: max
maxi; michael: michi michel mike; nikolaus: klaus niko; reinhard: reini; rosemarie: rosi romy; rudolf: rudi
rolf; sabine: bine; sebastian: basti wastl; siegfried: sigi siggi; stefan: steff; susanne: susi sanne; therese:
resi thesi; theresia: resi; thomas: tommi tom; ulrich: uli ulli; ulrike: uli ulli rike; ursula: uschi ulla;
veronika: vroni; waltraud: traudl; werner: wern; wilhelm: willi wilm helmut willy; wilhelmine: minna mine;
wolfgang: wolf wolfi
"""
"""German."""

ROMANCE = """
alberto: beto berto tito; alejandra: ale jandra; alejandro: ale alex jandro; antonio: tono toni tonio antonino
nino toto; beatriz: bea betty; carlos: carlitos charly; carmen: menchu carmela; caterina: rina cate; catalina:
cata lina; concepcion: concha conchita conchi; consuelo: chelo; cristina: cris tina; dolores: lola loli;
domenico: mimmo mico; eduardo: edu lalo; emmanuel: manu; enrique: quique kike; ernesto: neto; eugenio: geno;
federico: fede kiko; fernando: fer nando; filippo: pippo; florencia: flor; francesca: franca cesca; francesco:
franco ciccio cecco; francisca: paca paqui fanny; francisco: paco pancho curro paquito fran chico kiko; gabriel:
gabi; giovanna: gianna vanna; giovanni: gianni vanni nanni gio; giuseppe: beppe pino peppe geppetto peppino;
giuseppina: pina pinuccia giusy; gonzalo: gonza; graciela: chela; gregorio: goyo; guadalupe: lupe lupita;
guillermo: memo guille; ignacio: nacho; isabel: chabela isa; jacques: jacquot; jean: jeannot; jesus: chucho chus
suso; joao: joca; joaquin: quino; jorge: coque; jose: pepe chepe josito ze; josefa: pepa pepita; juan: juanito
juancho; juliette: juju; laurent: lolo; leonardo: leo nardo; leonor: nora; lorenzo: renzo; louis: loulou; lucia:
luci lucy; luigi: gigi gino; luis: lucho luisito; lourdes: lulu; magdalena: magda malena lena; manuel: manolo
manu manny; margarita: marga rita mago; maria: mari marita mariuccia mia; mariano: nano; mario: mariolino;
mercedes: merche meche; miguel: mike migue; montserrat: montse; nicolas: nico; olivier: olive; pascual: pascu;
patricia: pati patri; pedro: perico; philippe: phil; pierre: pierrot; pilar: pili; rafael: rafa; raimundo:
mundo; ramon: moncho mon; raffaele: lello; ricardo: richi ricky; roberto: beto rober; rocio: chio; rosario:
charo saro; salvador: chava salva; salvatore: toto turi sasà; santiago: santi chago; sebastian: sebas; sergio:
checo; soledad: sole marisol; stephane: steph; stephanie: steph fanny; teresa: tere maite; tomas: tomi;
veronica: vero; vicente: chente; vincenzo: enzo vince; victoria: vicky
"""
"""Spanish, Portuguese, French and Italian."""

SLAVIC = """
agnieszka: aga agusia; aleksander: olek alek aleks; aleksandr: sasha sanya shura alik sania sascha; aleksandra:
sasha ola sanya shura olka; aleksei: alyosha lyosha lesha alesha; aleksey: alyosha lyosha lesha alesha; alexei:
alyosha lyosha lesha alesha; alexey: alyosha lyosha lesha alesha; anastasia: nastya asya stasia nastia; anatoly:
tolya tolik; andrei: andryusha; andrzej: jedrek jedrus; anna: anya ania asia nyura anka hania; antoni: antek
tosiek; anton: antosha tosha; barbara: basia baska varya; bartlomiej: bartek; bartosz: bartek; boguslaw: bogdan
bogus; boris: borya; czeslaw: czesiek; daria: dasha dashka; dmitri: dima mitya; dmitrii: dima mitya; dmitriy:
dima mitya; dmitry: dima mitya; dorota: dorotka; ekaterina: katya katia katiusha; elena: lena alyona lenochka;
elzbieta: ela elka; evgeni: zhenya; evgeniy: zhenya zhenia; evgeny: zhenya zhenia; evgenia: zhenya zhenia;
fyodor: fedya; galina: galya gala; gennady: gena genna; georgy: gosha zhora goga yura; grigory: grisha;
grzegorz: grzesiek grzes; henryk: heniek; igor: igoryok gosha; irina: ira irochka; ivan: vanya vania; jadwiga:
jadzia; jakub: kuba; jan: janek jas; janusz: januszek; jerzy: jurek; joanna: asia joasia aska; jozef: jozek
jozio; karolina: karola; katarzyna: kasia kaska; kazimierz: kazik kazio; kirill: kirya; konstantin: kostya;
krzysztof: krzysiek krzys; ksenia: ksyusha; larisa: lara; leonid: lyonya; lev: lyova; ludmila: lyuda mila luda;
lyubov: lyuba; magdalena: magda lena; maksim: max maks; malgorzata: gosia malgosia gosha; maria: masha marusya
marysia mania maryla manya; marina: marinka; mateusz: mati matek; michal: misiek; mikhail: misha mishka;
nadezhda: nadya nadia; natalia: natasha natalka nata; natalya: natasha nata; nikita: nik; nikolai: kolya;
nikolay: kolya; oksana: ksana; oleg: olezhka; olga: olya ola olia; pavel: pasha pavlik; piotr: piotrek pietrek;
pyotr: petya; polina: polya; roman: roma romek; ryszard: rysiek rysio; semyon: syoma; sergei: seryozha serge
serezha; sergey: seryozha serge serezha; sofia: sonya zosia sonia; stanislav: stas slava; stanislaw: staszek
stasiek stas; stefan: stefek; stepan: styopa; svetlana: sveta lana; tadeusz: tadek tadzio; tamara: toma;
tatiana: tanya tania; tatyana: tanya; tomasz: tomek; vadim: vadik; valentin: valya; valentina: valya; valeria:
lera; valery: valera; vasily: vasya; vasili: vasya; vera: verochka; viktor: vitya; viktoria: vika; vladimir:
vova volodya vlad; vladislav: vlad vladik slava; volodymyr: vova volodya vlad; vyacheslav: slava; waldemar:
waldek; wieslaw: wiesiek; wladyslaw: wladek; wojciech: wojtek; yaroslav: slava yarik; yelena: lena alyona;
yevgeny: zhenya zhenia; yuri: yura; yulia: yulya julka; zbigniew: zbyszek zbych; zofia: zosia zoska; zdzislaw:
zdzisiek
"""
"""Polish, Russian and Ukrainian."""

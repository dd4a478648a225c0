"""Given names that are one name in several languages, or spellings: our own table, folded."""

from __future__ import annotations

ABROAD = """
aaron aron haroun harun; abdullah abdallah abdulla abdelilah; adam adamo adan; adrian adriano adrien hadrian;
ahmad ahmed achmed akhmad ahmet achmad; alexander aleksandr aleksander alexandre alessandro alejandro alexandr
aleksandar oleksandr alexandros iskander aliaksandr; alexandra aleksandra alejandra alessandra oleksandra;
alexei aleksei aleksey alexey oleksiy oleksii alexej; ali aly; alice alicia alicja; andrew andreas andre andrea
andres andrei andrey andrzej andriy andrij andrej andries anders ondrej; angel angelo; anna anne ann ana hannah
hanna anya; anthony anton antonio antoine antoni antony antonius antoon; arthur artur arturo; barbara varvara;
beatrice beatrix beatriz; benjamin beniamin binyamin beniamino; bernard bernhard bernardo bernardus; boris
borys; carl karl carlos carlo charles karel karol; catherine katherine kathryn catharina katharina katarina
caterina catalina ekaterina yekaterina katarzyna kateryna catrin catriona cathrine; cecilia cecile cecylia;
charlotte carlotta; christian cristian kristian christiaan; christina kristina cristina krystyna christine
kristin; christopher christophe cristobal christoph krzysztof kristoffer cristoforo christoffel; claudia klaudia
claudine; daniel daniele daniil danilo danyil; david davide dawid dawud daoud; dennis denis denys; diana diane;
dmitry dmitri dmitrii dmitriy dmytro dimitri dimitrios dmitrij; dominic dominik dominique domingo domenico;
edward eduard eduardo edouard edoardo edvard; eleanor eleonora eleonore leonor elinor; elena helen helena helene
yelena olena jelena ilona; elizabeth elisabeth elisabetta elzbieta elizaveta yelizaveta isabel elisabete
elspeth; emil emilio emile; emily emilia emilie; erik eric erich; ernest ernst ernesto; eugene yevgeny evgeny
evgeni evgeniy evgenii eugenio eugen yevhen yevgeniy; eva eve ewa yeva; fatima fatma fatimah fatemeh fatoumata;
felix feliks; ferdinand fernando; francis francisco francesco francois franz frans franciszek franciscus ferenc;
frances francesca francisca franziska francoise; frederick friedrich frederik federico frederic fryderyk
fredrik; gabriel gabriele gavriil; george georg georges jorge giorgio georgy georgi jerzy georgios heorhiy
yiorgos giorgi joris yuri; gerard gerhard gerardo gerardus gerrit; gregory gregor gregorio grigory grigori
grzegorz hryhoriy grigoriy; hasan hassan hasssan; hussein husain hussain husayn hossein husein hussien; henry
henri heinrich enrique enrico hendrik henrik henryk henrique; ibrahim abraham ebrahim avraham ibraheem brahim;
ignatius ignacio ignacy ignaz; igor ihor; irene irina iryna irena; isaac ishaq isaak yitzhak; ivan ioan iwan
ywan; jacob jakob jakub yakov giacomo jacobo yaakov yaqub jacobus; james jacques jaime giacomo diego santiago
jacobus; jerome hieronymus geronimo jeronimo; joachim joaquin gioacchino; john johan johann johannes jan jean
juan joao giovanni ivan ian sean hans jon ioannis yannis jens evan janos; joanna johanna giovanna juana jana
joan jeanne ivana jane; joseph josef jose giuseppe jozef yosef yusuf youssef yousef iosif yosyp josip josephus
jusuf yousif; judith judit; julia giulia yulia yuliya juliya iuliia; julian juliano giuliano yulian; julius
julio giulio jules; khaled khalid chaled halid; konstantin constantine konstantinos constantin kostiantyn; laura
lora; laurence lawrence lorenzo laurent lorenz laurens lars lourenco; leo leon lev leonid; leonard leonardo
leonhard lennart; louis luis luigi ludwig lodewijk ludovic lewis luiz louie; louise luisa luise luiza; lucas
luke luca lukas lukasz luc; lucy lucia lucie lucja; magdalena madeleine madeline magdalene maddalena; mahmoud
mahmud mahmood; marcus marco marcos mark markus marek marc marko; margaret margarita margarethe marguerite
margherita malgorzata margareta margriet margaretha; maria mary marie mariya mariam maryam miriam marija mariia;
mariam maryam miriam meryem miryam; martin martino marcin maarten marten martinus martyn; matthew mateo matteo
mathieu matthieu matteus mateusz matthijs matvei; matthias mathias matias mattias; michael miguel michel michele
mikhail michal mykhailo mikael mihai michiel mihail mikhael; michelle michele; mohammed muhammad mohamed
mohammad muhammed mohamad mohd mehmet muhamad mohammod mahomed md mochammad muhammet maxamed; mustafa mostafa
moustafa mustapha; nadia nadya nadezhda nadja; natalie natalia nathalie natalya nataliya nataliia; nicholas
nicolas nikolai nikolay nicola nikolaus nikola nicolaas mykola nikolaos niklas nicolau; nora noora; nour noor
nur; olga olha; omar umar omer umer; oliver olivier oliviero; osama usama oussama; oscar oskar; osman uthman
othman usman; patrick patricio patrice patrizio patryk; patricia patrizia patrycja; paul pablo paolo pavel pawel
paulo pavlo pal pauli paulus; paula paola pavla; peter pedro pierre pietro piotr pyotr petr petro petros pieter
petrus peer; philip philippe felipe filippo filip phillip philipp; rachel raquel rachele rahel; ralph raoul
raul; raymond ramon raimund raimondo; rebecca rebekah rebeca rifka; richard ricardo riccardo ryszard rikard;
robert roberto rupert ruprecht; roger rogelio ruggero; roland rolando orlando; rudolf rudolph rodolfo; said
saeed sayed saeid saiid; samuel samuil shmuel samuele; sarah sara sarra; sebastian sebastien sebastiano
sebastiaan; serge sergei sergey sergio serhiy serhii sergiy siarhei sergej serhij sergii sergejs; simon simone
szymon semyon shimon simeon; sophia sofia sophie zofia sofie sofiya; stanislav stanislaw; stephen steven stefan
stephan etienne esteban stefano stepan steffen stefanos stephane szczepan; stephanie stefanie stefania; susan
susanna susanne suzanne zuzanna susana; sylvia silvia sylvie; tatiana tatyana tetiana tatjana; teresa theresa
therese teresia; theodore theodor teodor fyodor teodoro fedor theodorus; thomas tomas tomasz tommaso thom foma
toma; timothy timothee timofei timoteo; ulrich ulric; valery valeri valerii valeriy; vasily vasili vasiliy vasyl
basil vassili wasil; veronica veronika veronique; victor viktor vittorio wiktor; victoria viktoria vittoria
viktoriya; vincent vincenzo vicente vinzenz; vladimir volodymyr wladimir uladzimir vladimiro vladymyr;
vyacheslav viacheslav vjaceslav; walter walther gualtiero wouter; william wilhelm guillaume guillermo willem
guglielmo wilhelmus guilherme liam; xavier javier; yasmin jasmine yasmine yasmeen jasmin; yuri yury yuriy yurii
jurij iurii juri; yvonne ivonne; zachary zacharias zakaria zechariah; zeinab zainab zaynab zineb; caroline
carolina carolyn karolina karoline; brian bryan brion; alan allan allen alain; jeffrey geoffrey jeffery; lindsay
lindsey; deborah debra debora; kristen kristin kirsten christin kirstin; isabella isabelle isabel isabela;
gabrielle gabriela gabriella; daniela danielle daniella; michaela michela mikaela; allison alison alyson
allyson; eleanor elinor; gerald jerald geraldo; lillian lilian liliana; harold harald; rosalind rosalyn
rosalinda; jacqueline jaclyn jacquelyn; tracy tracey; stacy stacey; kathleen cathleen; leslie lesley; anthony
antony; marie mary maria; rachel rachael; aidan aiden ayden; jordan jordyn; kelly kelley kellie; kayla kaila;
hailey hayley haley; kaitlyn caitlin katelyn caitlyn kaitlin; megan meghan meagan; madison madisyn; mackenzie
mckenzie; zoe zoey; chloe khloe; sofia sophie; lea leah lia; luke luc; jon john; nikolas niklas; leon leo;
angela angelina; clara klara clare claire; diane dianne diana; lynn lynne; ruth rut; judy judi; terry terri;
shawn sean shaun; ian iain; vivian vivien vivienne; shelly shelley; cindy cyndi; vicky vicki vickie; jackie
jacky; ronnie ronny; jamie jaime; robin robyn; carol carole karol; marilyn marilynn; kevin kevyn; stuart
stewart; neil neal niall; phyllis phillis; elise elyse; katrina catrina; marjorie margery marjory; dorothea
dorothy dorota; gustav gustavo gustave; elsa else; ines agnes inez; adele adela adelaide;
carsten karsten; rainer reiner; monika monica monique; elliot elliott eliot; emanuel emmanuel manuel; hillary hilary;
jodie jody jodi; colin collin; darren darrin darin; dwayne duane; rosanne roseanne rosanna roseanna; julianne juliana
juliane julianna; krista christa; renee rene renate; sydney sidney; marian marion marianne mariana marianna; brittany
brittney; anja anya anna; tanja tanya tatiana tatyana; elise elisa eliza; artem artyom; izabela isabela isabella
isabel; urszula ursula; justyna justina justine; erica erika; carla karla; garrett garret; graham graeme grahame;
marta martha; jaroslaw yaroslav; radoslaw radoslav; miroslaw miroslav; cedric cedrick; fabio fabian fabien; amelie
amelia; celine selina; annette anette; katelyn katelynn kaitlyn kaitlynn; savannah savanna; brianna breanna; leila
layla leyla; yvette ivette; mauro maurus; maurits maurice mauricio maurizio; pascal pasquale pascual; lidia lydia;
nadine nadin; camille camilla kamila; astrid estrid; bruno brunon; raphael rafael raffaele; rosa rose rosie;
claudette claudia; phoebe phebe; priscilla priscila; gloria glorie; sabrina sabryna; tristan tristram; owen owain;
valentina valentine valentin; wanda vanda; alberta albertina; adrienne adriana; anastasia anastasiya
"""
"""Groups of names, parted by semicolons; a name can stand in several."""

"""Given names that are common in Québec, folded, and those that one person may go by.

Written from general knowledge, not taken from a register. A name that is missing here costs
little: such a pair is then judged by its letters.
"""

from __future__ import annotations

from typing import Final

_COMMON: Final = """
    abel achille adam adelard adele adeline adrien adrienne agathe agnes ahmed aicha aime aimee
    alain alan albert alberte albertine alberto alec alex alexa alexandra alexandre alexandrine
    alexia alexis alfred ali alice alicia alida aline alison alix allan allen alma alphonse
    alphonsine amanda amelia amelie amina amine amy ana anabelle anais andre andrea andreane
    andreanne andree andrew angela angele angelina angeline angelique anick anie anik anita ann
    anna annabelle anne annette annick annie anthony antoine antoinette antonia antonin antonio
    ariane arianne ariel arielle aristide armand armande arnaud arthur astrid athanase     aubert aude audrey augustin augustine aurele aurelie aurelien aurore axel axelle aziz
    baptiste barbara bastien beatrice beatrix ben benedicte benjamin benoit benoite bernadette
    bernard bernarde bertha berthe bertrand bianca bill blaise blanche blandine bob boris brenda
    brian brigitte bruce bruno bryan caleb camil camilla camille candide carl carla carlo carlos
    carmen carol carolane carolanne carole carolina caroline caryne cassandra cassandre
    catherine cathy cecile cecilia cedric cedrick celeste celestin celia celina celine cesar
    chantal chantale charlene charles charlie charline charlotte chloe chris christel christelle
    christian christiane christianne christina christine christophe christopher cindy claire
    clara claude claudel claudette claudia claudie claudine clemence clement clementine cleo
    clifford clotilde clovis colette colin coline colombe conrad constance constant coralie
    corinne cory cyndie cynthia cyprien cyril cyrille daisy damien damienne dan danick daniel
    daniela danielle danis danny dany daphne dario dave david dean deborah delia delphine
    delphis denis denise dennis denys denyse desire desiree desneiges diana diane dianne didier
    dina dino dolores dominic dominique don donald donat donatien dora dorian doris
    dorothee dorothy doug douglas dylan ed edgar edith edmond edmonde edouard edouardine edward
    edwige edwin elena eleonore eliane elianne elie eliot eliott elisa elisabeth elise eliza
    elizabeth ella ellen elliot elodie eloi eloise elsa elvire elyse elzear emanuel emanuelle
    emeric emery emile emilie emilien emilienne emily emma emmanuel emmanuelle eric erica erick
    ericka erik erika ernest ernestine erwan esteban estelle esther etienne eugene eugenie
    eustache eva evan evangeline eve evelyn evelyne ezechiel fabien fabienne fabiola fabrice
    fannie fanny fatima fatou felicia felicien felicite felix ferdinand fernand fernande
    fernando fiona firmin flavie flavien fleur flora florence florent florentine florian
    florianne florida france frances francesca francesco francine francis francisco franck
    franco francois francoise frank fred frederic frederick frederik frederike frederique
    fulgence gabriel gabriela gabrielle gael gaelle gaetan gaetane garry gary gaston
    gatien genevieve george georges georgette georgina gerald geralda geraldine gerard gerarde
    germain germaine gertrude ghislain ghislaine ghyslain ghyslaine gilbert gilberte gilles gina
    ginette giovanni gisele gislaine gladys gloria godefroy gontran gordon grace graziella greg
    gregoire gregory guillaume gustave guy guylain guylaine guylene gwenaelle
    gwendoline hassan hector heidi helena helene heloise henri henriette henry herbert hermance
    hermas hermel herve hilaire hilda honore horace hortense hubert hugo hugues huguette humbert
    ian ibrahim ida ignace igor ines ingrid irene irenee iris irma isaac isabel isabella
    isabelle isaie isidore ismael israel ivan ivonne jace jacinthe jack jackie jacob
    jacquelin jacqueline jacques jade jake jamal james jamie jan jane janelle janice janick
    janie janik janine janique jaques jasmin jasmine jason jay jean jeanine jeanne jeannette
    jeannine jeannot jeff jeffrey jennifer jenny jeremi jeremie jeremy jerome jerry jesse
    jessica jessie jessy jim jimmy jo joachim joan joane joanie joanne joannie jocelyn jocelyne
    joe joel joelle joey johan johane johanie johanna johanne john johnny jolyane jon jonathan
    jordan jordane jorge jose josee joseph josephine joshua josiane josianne josie joyce juan
    juanita jude judith judy jules julia julian juliana julianne julie julien julienne juliette
    justin justine kaitlyn kamal karel karelle karen karim karima karin karina karine karl karla
    karolane karyne kate katherine kathia kathleen kathy katia katy katya keith kelly ken
    kenneth keven kevin kevyn khadija kim kimberly kristel kristina kristine kyle laetitia laura
    lauralie laurance laure laureanne laureen laurence laurent laurette laurianne
    laurie laurier laval lawrence lazare lea leandre leane leanne leila lena leo leon leona
    leonard leonce leone leonidas leonie leontine leopold leslie leticia lia liam liana liane
    lianne lidia lili liliane lilianne lilly lily lina linda line linette lionel lisa
    lisanne lise lisette lison livia liza logan loic lois lola loraine lorenzo lorraine lou
    louis louise louisette louka luc luca lucas luce lucette lucia lucie lucien lucienne
    lucille ludger ludovic lukas luke luna lyane lydia lydie lynda lyndsay lyne lynn lynne
    lysanne lyse mabel madeleine mado mael maelle maeva mafalda magali magalie magella maggie
    mahee maika maite malik malika malvina manon manuel manuela manuelle marc marceau marcel
    marcelin marceline marcelle marco marcus margaret margot marguerite maria mariane marianna
    marianne marie mariette marilene marilou marilyn marilyne marina mario marion marise marius
    marjolaine marjorie mark marlene marlon marlyne martha marthe martial martin martine mary
    maryanne marylene maryline maryse mathias mathieu mathilda mathilde mathis matt matteo
    matthew matthieu maud maude maurice mauricette max maxence maxim maxime maximilien maxine
    maya megan megane melanie melina melinda melissa melodie melody mercedes meredith mia micael
    micaela michael michaela michel michele micheline michelle mickael miguel mika mikael mike
    mila milan mireille miriam mohamed mohammed moise mona monica monika monique morgan morgane
    mustapha mylene myriam myrtha nada nadia nadine naila nancy naomi naomie napoleon narcisse
    natacha natalia natalie natasha nathalie nathan nathanael nathaniel nelly nelson nestor
    nicholas nick nicolas nicole nicolette nikita nikolas nina noah noe noel noella noelle noemi
    noemie nora norbert norma norman normand normande odette odile odilon odina ola olga olive
    oliver olivette olivia olivier omar omer ophelie oscar ovide ovila pablo pacome paige pamela
    pascal pascale pat patrice patricia patrick paul paula paule paulette paulin pauline pedro
    peggy penelope perrine peter phil philemon philip philippa philippe philomene pier pierre
    pierrette pierrick pierrot placide priscilla prosper prudence rachel rachelle rachid rafael
    ralph ramon raoul raphael raphaelle raymond raymonde real rebecca regent regina
    reginald regine regis reine rejean rejeane remi remy renald renaud renaude rene renee rex
    reynald reynold rhea richard rick rita rob robbie robert roberta roberte roberto robin roch
    rock rodney rodolphe rodrigo rodrigue roger rogers roland rolande romain romaine romane
    romeo romuald ron ronald ronaldo rosa rosaire rosalie rosalind rosanne rosario rose roseanne
    roseline rosemarie ross roxane roxanne ruben ruth ryan sabin sabine sabrina said salim sally
    salome salvatore sam samantha sami samuel samuelle sandra sandrine sandy sara sarah sasha
    saul scott sean sebastien selena serena serge sergio severine shannon sharon shawn sheila
    shirley sibylle sidney siegfried silvain silvie simon simone simonne sofia sofiane solange
    solene sonia sonya sophia sophie stacy stan stanislas stella stephan stephane stephanie
    stephany stephen steve steven stewart stuart suzanne suzette suzie sybille sydney sylvain
    sylvaine sylvana sylvestre sylvette sylvia sylviane sylvie tamara tania tanya tara tatiana
    ted telesphore terence teresa terry thea theo theodore theophile therese thierry thomas
    tiffany tim timothe timothee timothy tina tobie tom tommy toni tony tracy tristan ulric
    ulysse urbain ursule valentin valentina valentine valere valerie valerien vallier vanessa
    venise vera veronica veronique vicki vickie vicky victoire victor victoria victorien
    victorine vincent viola violaine violette virginie vital viviane vivianne vivien vivienne
    wallace walter wendy wilbrod wilfrid wilfrida will william willy winnie xavier xaviere yan
    yanick yanik yann yannick yannis yasmine yoan yoann yoanne yohan yolaine yolande youssef
    yvan yves yvette yvon yvonne zacharie zachary zelia zenon zoe
"""
GIVEN_NAMES: Final = frozenset(_COMMON.split())

# A line holds what one person may be called: short forms, nicknames, spellings of one name.
_ALIKE = """
    albert al bert
    alexandre alex
    alexandra alex sandra
    andreanne andreane
    andree andrea
    andre andrew
    angelique angie
    anne ann
    annie anny
    anthony tony antoine
    antoine antonin anthony
    antonio tony
    arianne ariane
    benjamin ben
    benoit ben
    bernard bernie
    carole carol
    catherine katherine kathryn cathy kathy kate cath katy
    cedric cedrick
    celine linou
    chantal chantale
    charles charlie
    charlotte charlie
    christian chris
    christiane christianne chris
    christine christina kristine chris
    christophe chris christopher
    claudine claudie
    daniel dan danny dany
    danielle dany
    david dave
    denis dennis denys
    denise denyse
    diane dianne
    dominic dominique dom
    donald don
    douglas doug
    edouard ed eddy edward
    elisabeth elizabeth lise liza beth
    eliane elianne
    emanuelle emmanuelle manue manu
    emilie emily milie
    emmanuel emanuel manu
    eric erick erik
    erica erika ericka
    evelyne evelyn
    fannie fanny
    francis frank franck
    francois frank
    frederic frederick frederik fred
    frederique frederike fred
    gabriel gab
    gabrielle gab gaby
    genevieve gen ginou
    georges george
    gerald gerry jerry
    gerard gerry
    ghislain ghyslain
    ghislaine ghyslaine gislaine
    gregoire greg gregory
    guillaume will bill
    guylaine guylene
    henri henry
    isabelle isabel isa zabelle
    jacqueline jackie
    jacques jack jaques
    janick janik
    jasmin yasmin
    jean john
    jeannine jeanine janine
    jeffrey jeff
    jennifer jenny jen
    jeremie jeremy jeremi
    jessica jess
    jocelyn joss
    jocelyne joss
    johanne joanne johane joane jo
    jonathan jon jo
    joseph jo joe
    josianne josiane
    julie ju
    karine caryne karyne karin
    katherine kathleen kathy kate kat
    kevin keven kevyn
    laurence laurance lo
    laurent larry
    leonard leo
    leopold leo
    liliane lilianne lili
    line lyne lynn lynne
    linda lynda
    lise lyse
    louis lou
    louise lou
    luc luke
    lucie lucy
    ludovic ludo
    madeleine mado madelaine
    magalie magali
    manon mano
    marc mark
    margaret maggie peggy
    marguerite margot
    marianne mariane maryanne
    marie mary
    marilyne marilyn maryline
    marilene marylene
    maryse marise
    martin marty
    mathieu matthieu matthew math mat matt
    maude maud
    maurice mo
    maxime max maxim
    maximilien max
    megane megan meg
    melanie mel
    melissa mel
    melodie melody
    michael mike mickael mikael micael
    michel mike mitch
    michele michelle mimi
    mireille mimi
    monique mo
    myriam miriam
    mylene milene
    nathalie natalie nat
    natacha natasha nat
    nathaniel nathanael nathan nat
    nicolas nicholas nic nick nico
    nicole nic
    noemie noemi
    normand norman norm
    olivier oli oliver
    pascal pasc
    pascale pasc
    patrice pat
    patricia pat pattie
    patrick pat
    paul polo
    philippe phil philip
    pierre pierrot pete pier
    rachel rachelle
    raymond ray
    raphael raph rafael
    raphaelle raph
    remi remy
    richard rick dick ricky
    robert bob rob robbie bobby
    roch rock
    roger rog
    ronald ron renald
    roxanne roxane rox
    samuel sam
    samantha sam
    sara sarah
    sebastien seb bastien
    simone simonne
    sonia sonya
    stanislas stan
    stephane stephan steph steeve
    stephanie stephany steph
    steve steven stephen steeve
    suzanne suzie suzy suzette
    sylvain silvain syl
    sylvie silvie syl
    tania tanya
    theodore theo ted
    therese terry
    thomas tom tommy
    timothee timothe timothy tim
    valerie val
    veronique vero
    vicky vicki vickie victoria
    victor vic
    vincent vince vin
    viviane vivianne vivienne
    william will bill billy willy
    yanick yannick yanik yan
    yoan yoann yohan johan
    yvan ivan
    yvon ivon
    zacharie zachary zach zack
"""


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_ALIKE.strip().splitlines()):
        for name in line.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_GROUPS: Final = _groups()


def may_be_one_name(one: str, other: str) -> bool:
    """Tell whether a person may go by both of these folded given names: Robert and Bob."""
    groups = _GROUPS.get(one)
    return groups is not None and not groups.isdisjoint(_GROUPS.get(other, ()))

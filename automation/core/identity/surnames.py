"""Surnames that are common in Québec, folded, and what makes a name rare.

Written from general knowledge, not taken from a register. Whether a name is rare depends on the
name alone, never on who else registered: the same pair has the same likeness every night.
"""

from __future__ import annotations

from typing import Final

from automation.core.identity.given_names import GIVEN_NAMES
from automation.core.identity.names import SUFFIXES

_COMMON: Final = """
    allard arsenault asselin auclair audet audette auger ayotte beauchamp beauchemin beaudet
    beaudoin beaudry beaulieu beaupre beauregard bedard begin beland belanger belisle bergeron
    bernard bernier bertrand berube bilodeau bisson blais blanchet blanchette blouin boisvert
    boivin bolduc bouchard boucher boudreau boulanger bourassa bourgeois bourque boutin brassard
    breton brisson brochu brousseau brunelle brunet bureau cantin carbonneau cardinal caron
    carrier castonguay chabot champagne charbonneau charest charette charpentier charron
    chartrand chouinard cloutier comeau corbeil cormier cote coulombe couture cyr daigle
    dallaire daoust david dechene delisle demers denis deschamps deschenes desjardins desrochers
    desrosiers dion dionne dore doucet doyon drapeau drolet drouin dube dubois duchesne dufour
    dufresne duguay dumais dumas dumont duplessis dupont dupuis durand duval emond ferland
    filion fillion fiset fleury fontaine forest forget fortier fortin fournier francoeur
    frechette gagne gagnon gamache garneau gaudreau gaudreault gauthier gauvin gelinas gendron
    germain gervais giguere gilbert gingras girard giroux godbout godin gosselin goulet goyette
    grandmaison gravel gregoire grenier grondin guay guerin guillemette hamel harvey hebert
    houde houle hudon huot jacques jean jobin joly labbe labelle labonte labrecque lacasse
    lachance lachapelle lacombe lacroix laflamme lafleur lafontaine laframboise lafrance lagace
    lajoie lalancette laliberte lalonde lambert lamontagne lamothe lamoureux landry langevin
    langlois lapierre laplante lapointe laporte larivee lariviere laroche larochelle larocque
    larose larouche lauzon lavallee laverdiere lavigne lavoie lebel leblanc leboeuf leclair
    leclerc lecours leduc lefebvre legare legault legros lemay lemelin lemieux lemire lepage
    leroux lesage lessard letourneau levesque lussier mailhot mailloux major maltais marchand
    marcotte marcoux marquis martel martin martineau masse masson mathieu menard mercier messier
    michaud milette miron moisan monette mongeau moreau morel morency morin morissette morneau
    nadeau nguyen noel normand ouellet ouellette page paquet paquette paquin paradis pare parent
    patry payette pelletier pepin perreault perron picard piche pichette pilon pinard plante
    plourde poirier pomerleau potvin poulin pouliot prevost proulx provencher provost quirion
    racine rancourt raymond renaud rheaume richard richer rioux rivard riverin roberge robert
    robichaud robidoux robitaille rochon rodrigue rouleau rousseau roussel routhier roy ruel
    samson sauve savard savoie seguin senecal sevigny simard simoneau sirois smith soucy talbot
    tanguay tardif tessier theberge theriault therrien thibault thibeault thibodeau thivierge
    tran tremblay trepanier trottier trudeau trudel turcotte turgeon turmel vachon vaillancourt
    vallee valliere veilleux vezina viau vigneault villeneuve vincent voyer
"""
# Parts of Saint-Pierre, Saint-Onge or De la Durantaye that tell nothing by themselves.
_PARTICLES: Final = "cyr da de des du el gelais hilaire la laurent le les onge saint sainte van"
_TOLD_BY_MANY: Final = GIVEN_NAMES.union(_COMMON.split(), _PARTICLES.split(), SUFFIXES)
# Shorter words are initials.
_TELLING: Final = 3


def is_rare(name: str) -> bool:
    """Tell whether a name has a word that few people have in theirs: neither common first nor last.

    Args:
        name: A key, as of `name_key`.
    """
    return any(len(word) >= _TELLING and word not in _TOLD_BY_MANY for word in name.split())

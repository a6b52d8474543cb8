"""Synthetic people of Québec who register, some of them twice, with the truth of who is whom.

Dense in traps on purpose: spouses, families and colleagues on one address or phone, parents and
children of one name, homonyms next door, and second registrations with another address, another
phone, a typo, a nickname, initials or a second surname. The same seed gives the same people.
"""

from __future__ import annotations

import random
import string
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MEN: Final = """
    Jean Pierre Michel André Claude Jacques Marc Denis Yves Luc Daniel Alain Robert Gilles Richard
    Guy Réjean Mario Sylvain François Martin Éric Stéphane Normand Serge Louis Patrick Benoît
    Jean-François Mathieu Simon Nicolas Alexandre Maxime David Sébastien Philippe Vincent Olivier
    Samuel Gabriel Félix William Antoine Thomas Raphaël Émile Étienne Charles Hugo Jonathan
    Frédéric Dominic Steve Pascal Christian Gaétan Jean-Guy Jean-Pierre Marc-André Pierre-Luc
    Yvon Raymond Roger Marcel Fernand Léo Clément Bertrand Rosaire Ghislain Jocelyn Carol Renaud
    Donald Camille René Michaël Kevin Karim Mohamed Oumar Zachary Xavier Anthony Loïc Elliot
"""
_WOMEN: Final = """
    Marie Louise Diane Sylvie France Johanne Lise Nicole Francine Monique Hélène Chantal Nathalie
    Isabelle Manon Julie Josée Caroline Mélanie Annie Karine Véronique Geneviève Stéphanie
    Catherine Sophie Marie-Ève Valérie Émilie Andréanne Audrey Jessica Vanessa Camille Florence
    Rosalie Laurence Léa Emma Alice Charlotte Zoé Denise Michèle Michelle Danielle Pierrette
    Jeannine Thérèse Claudette Huguette Ginette Ghislaine Céline Carole Guylaine Line Lyne Sonia
    Renée Andrée Martine Pascale Dominique Marie-Claude Marie-Josée Anne-Marie Marie-Pier Maude
    Ariane Joanie Roxanne Cynthia Kim Nancy Linda Suzanne Colette Rita Yvette Claire Anne Ève
    Fatou Amina Yasmine Nour Aïssatou Maëva Coralie Océane Mégane Simone Françoise Christiane
"""
_SURNAMES: Final = """
    Tremblay Gagnon Roy Côté Bouchard Gauthier Morin Lavoie Fortin Gagné Ouellet Pelletier Bélanger
    Lévesque Bergeron Leblanc Paquette Girard Simard Boucher Caron Beaulieu Cloutier Dubé Poirier
    Fournier Lapointe Leclerc Lefebvre Poulin Thibault St-Pierre Nadeau Martin Landry Martel
    Bédard Grenier Lessard Bernier Richard Michaud Hébert Desjardins Couture Turcotte Lachance
    Parent Blais Gosselin Savard Proulx Beaudoin Demers Perreault Boudreau Lemieux Cyr Perron
    Dufour Dion Mercier Bolduc Bérubé Boisvert Langlois Ménard Therrien Plante Bilodeau Blanchette
    Dubois Champagne Paradis Fortier Arsenault Dupuis Gaudreault Hamel Houle Villeneuve Rousseau
    Gravel Thériault Lemay Robert Allard Deschênes Giroux Guay Leduc Boivin Charbonneau Lambert
    Raymond Vachon Gilbert Audet Jean Larouche Legault Trudel Fontaine Picard Labelle Lacroix
    Jacques Moreau Carrier Bernard Desrosiers Goulet Renaud Dionne Lapierre Vaillancourt Fillion
    Lalonde Tessier Bertrand Tardif Lepage Gingras Benoît Rioux Giguère Drouin Harvey Lauzon
    Nguyen Gendron Boutin Laflamme Vallée Dumont Breton Paré Paquin Robitaille Gélinas Duchesne
    Lussier Séguin Veilleux Potvin Gervais Pépin Laroche Morissette Charron Lavallée Laplante
    Chabot Brunet Vézina Desrochers Labrecque Coulombe Tanguay Chouinard Noël Pouliot Lacasse
    Daigle Marcoux Lamontagne Turgeon Larocque Roberge Auger Masson Pilon Racine Dallaire Émond
    Grégoire Beauregard Smith Denis Lebel Blouin Martineau Labbé Beauchamp St-Onge Charette Dupont
    Létourneau Rodrigue Cormier Rivard Mathieu Asselin St-Jean Plourde Thibodeau Bélisle St-Laurent
    Godin Desbiens Lavigne Doucet Labonté Marchand Brassard Forget Patel Marcotte Béland Larose
    Duval Archambault Maltais Trépanier Laliberté Bisson Brisson Dufresne Beaudry Chartrand Houde
    Fréchette Lafontaine Guillemette Drolet Vincent Richer Germain Larivière Ferland Trottier
    Piché Boulanger Sirois Charest Provost Durand Dumas Soucy Lamoureux Lachapelle Bégin Boily
    Croteau Savoie Provencher Prévost Duguay Lemire Delisle Desmarais Laberge Nault Bourgeois
    Lafrance Lagacé Daoust Brault Castonguay Vallières Pellerin Rivest Brochu Lépine Leroux Labrie
    Diallo Traoré Ben-Ali Rodriguez Haddad D’Amours L’Heureux L’Italien O’Neill Saint-Gelais
"""
_HEADS: Final = "Beau Mont Ville Clair Haut Bois Grand Lac Champ Pré Val Roche Belle Chante"
_TAILS: Final = "lieu voisin mard ceau nier rault quet lande dry fleur gny neuve ray val"
_TOWNS: Final = """
    Montmagny|L’Islet|Saint-Jean-Port-Joli|Saint-Pamphile|Sainte-Perpétue|Saint-Aubert|Tourville
    Saint-Damase-de-L’Islet|Saint-Cyrille-de-Lessard|Sainte-Louise|Saint-Roch-des-Aulnaies
    La Pocatière|Saint-Pascal|Kamouraska|Rivière-du-Loup|Trois-Pistoles|Cacouna|Lévis|Québec
    Beaumont|Saint-Michel-de-Bellechasse|Saint-Vallier|Berthier-sur-Mer|Cap-Saint-Ignace
    Saint-Fabien-de-Panet|Sainte-Lucie-de-Beauregard|Saint-Just-de-Bretenières|Saint-Anselme
    Sainte-Claire|Saint-Raphaël|Armagh|Sainte-Marie|Saint-Georges|Beauceville|Thetford Mines
    Rimouski|Matane|Mont-Joli|Dégelis|Témiscouata-sur-le-Lac
"""
_PROVIDERS: Final = (
    ("gmail.com", 38),
    ("hotmail.com", 22),
    ("outlook.com", 9),
    ("videotron.ca", 8),
    ("yahoo.ca", 6),
    ("globetrotter.net", 6),
    ("sympatico.ca", 4),
    ("icloud.com", 3),
    ("live.ca", 2),
    ("hotmail.fr", 2),
)
_SLIPS: Final = {
    "gmail.com": ("gmial.com", "gmail.con", "gmai.com", "gmail.ca", "gamil.com"),
    "hotmail.com": ("hotmial.com", "hotmail.con", "hotmai.com", "hotmal.com"),
    "outlook.com": ("outlok.com", "outlook.con"),
    "videotron.ca": ("videotron.com", "vidéotron.ca", "videtron.ca"),
    "yahoo.ca": ("yaho.ca", "yahou.ca"),
}
_NICKNAMES: Final = {
    "Robert": "Bob",
    "Jean-François": "J-F",
    "Jean-Pierre": "JP",
    "Jean-Guy": "J.-Guy",
    "Marc-André": "M.-A.",
    "Catherine": "Cath",
    "Alexandre": "Alex",
    "Michel": "Mike",
    "Nathalie": "Nat",
    "Stéphane": "Steph",
    "Stéphanie": "Steph",
    "Geneviève": "Gen",
    "Frédéric": "Fred",
    "Mathieu": "Matt",
    "Samuel": "Sam",
    "Marie-Claude": "Marie",
    "Marie-Josée": "MJ",
    "Véronique": "Vero",
    "Jacques": "Jack",
    "Philippe": "Phil",
    "Andréanne": "Andréane",
    "Michèle": "Michelle",
    "Anthony": "Tony",
    "Nicolas": "Nick",
}


# How often somebody gives the address of their household or office. Set so that linking by e-mail
# alone is right in two pairs of three (0.67), as dense in traps as the registrations on which the
# rule was first measured; at 0.30, where this began, it was right in 0.60.
_SHARED_ADDRESS: Final = 0.24


class _Directory(random.Random):
    """Chance, and the addresses and numbers that it has given out: nobody gets another's."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._taken: set[str] = set()

    def take(self, make: Callable[[], str]) -> str:
        """Return the first thing made that nobody has."""
        while (made := make()).replace(".", "") in self._taken:
            pass
        self._taken.add(made.replace(".", ""))
        return made


class Row(NamedTuple):
    """A registration, as written."""

    id: int
    name: str
    email: str
    phone: str
    municipality: str


class Human(Struct, frozen=True, kw_only=True):
    """Somebody, as they would write correctly."""

    first: str
    last: str
    suffix: str
    email: str
    phone: str
    town: str


class _Chooser:
    """Common things more often than rare ones, as names and places are."""

    def __init__(self, things: Sequence[str], flatness: float) -> None:
        self._things = things
        self._weights = list(accumulate(1 / (rank + flatness) for rank in range(len(things))))

    def one(self, chance: random.Random) -> str:
        return chance.choices(self._things, cum_weights=self._weights)[0]


_FIRST: Final = tuple(_Chooser(names.split(), 12) for names in (_MEN, _WOMEN))
_LAST: Final = _Chooser(_SURNAMES.split(), 15)
_TOWN: Final = _Chooser([t.strip() for t in _TOWNS.replace("\n", "|").split("|") if t.strip()], 4)


def make_registrations(count: int, *, seed: int = 1) -> tuple[list[Row], list[int]]:
    """Return registrations in order of age, ids from 0, and the number of each one's person."""
    chance = _Directory(seed)
    drafts: list[tuple[int, Row]] = []
    person = 0
    while len(drafts) < count:
        for human in _household(chance):
            times = chance.choices((1, 2, 3, 4), (74, 19, 6, 1))[0]
            drafts.extend((person, _answer(chance, human, again=t > 0)) for t in range(times))
            person += 1
    chance.shuffle(drafts)
    rows = [row._replace(id=number) for number, (_, row) in enumerate(drafts[:count])]
    return rows, [owner for owner, _ in drafts[:count]]


def _household(chance: _Directory) -> list[Human]:
    kind = chance.choices(("alone", "couple", "family", "namesakes", "office"), (62, 25, 9, 1, 3))[
        0
    ]
    first = _human(chance)
    if kind == "alone":
        return [first]
    if kind == "office":
        return _office(chance, first)
    if kind == "namesakes":
        return [first, _child_of_one_name(chance, first)]
    size = 2 if kind == "couple" else chance.choice((3, 4, 4, 5))
    return [first, *(_relative(chance, first, spouse=i == 0) for i in range(size - 1))]


def _human(chance: _Directory, sex: int | None = None) -> Human:
    first = _FIRST[chance.randrange(2) if sex is None else sex].one(chance)
    last = _surname(chance)
    return Human(
        first=first,
        last=last,
        suffix="",
        email=_address(chance, first, last) if chance.random() < 0.93 else "",
        phone=_phone(chance) if chance.random() < 0.93 else "",
        town=_TOWN.one(chance),
    )


def _surname(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(_HEADS.split()) + chance.choice(_TAILS.split())
    last = _LAST.one(chance)
    return f"{last}-{_LAST.one(chance)}" if chance.random() < 0.04 else last


def _relative(chance: _Directory, head: Human, *, spouse: bool) -> Human:
    """Return a spouse or a child, on the family's address or phone more often than not."""
    other = _human(chance)
    return replace(
        other,
        last=head.last if chance.random() < (0.25 if spouse else 0.9) else other.last,
        town=head.town,
        email=head.email if chance.random() < _SHARED_ADDRESS else other.email,
        phone=head.phone if chance.random() < 0.4 else other.phone,
    )


def _child_of_one_name(chance: _Directory, head: Human) -> Human:
    """Return a child named as the parent, who seldom says "fils"."""
    other = _human(chance)
    return replace(
        head,
        suffix=chance.choice(("fils", "jr")) if chance.random() < 0.5 else "",
        email=head.email
        if chance.random() < _SHARED_ADDRESS
        else _address(chance, head.first, head.last),
        phone=head.phone if chance.random() < 0.3 else other.phone,
    )


def _office(chance: _Directory, head: Human) -> list[Human]:
    """Return colleagues, most of whom give the office's address or number."""
    email = f"{chance.choice(('info', 'bonjour', 'admin'))}@{_plain(head.last)}{chance.randrange(10_000)}.ca"
    phone = _phone(chance)
    found = []
    for _ in range(chance.choice((2, 2, 3, 3, 4, 5, 12))):
        other = _human(chance)
        found.append(
            replace(
                other,
                email=email if chance.random() < _SHARED_ADDRESS else other.email,
                phone=phone if chance.random() < 0.6 else other.phone,
                town=head.town,
            )
        )
    return found


def _address(chance: _Directory, first: str, last: str) -> str:
    return chance.take(lambda: _some_address(chance, first, last))


def _some_address(chance: random.Random, first: str, last: str) -> str:
    first, last = _plain(first), _plain(last)
    local = chance.choice(
        (
            f"{first}.{last}",
            f"{first}{last}",
            f"{first[0]}{last}",
            f"{last}.{first}",
            f"{first}_{last}",
        )
    )
    if chance.random() < 0.55:
        local += str(chance.choice((chance.randrange(1, 100), chance.randrange(1940, 2006))))
    domains, weights = zip(*_PROVIDERS, strict=True)
    if chance.random() < 0.12:
        return f"{local}@{last}-{chance.randrange(1000)}.ca"
    return f"{local}@{chance.choices(domains, weights)[0]}"


def _phone(chance: _Directory) -> str:
    return chance.take(lambda: _some_phone(chance))


def _some_phone(chance: random.Random) -> str:
    area = chance.choices(("418", "581", "367"), (75, 20, 5))[0]
    exchange = chance.randrange(220, chance.choice((280, 990)))
    return f"{area}{exchange}{chance.randrange(10_000):04}"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if c in string.ascii_lowercase)


def _answer(chance: _Directory, human: Human, *, again: bool) -> Row:
    """Return one answer of somebody; a later one may differ in more than its manner."""
    town = human.town
    if again:
        human = _changed(chance, human)
        town = human.town
    name = _written_name(chance, human)
    if chance.random() < (0.04 if again else 0.01):
        name = _slip(chance, name)
    return Row(
        0,
        name,
        _written_email(chance, human.email),
        _written_phone(chance, human.phone),
        _styled(chance, town),
    )


def _changed(chance: _Directory, human: Human) -> Human:
    """Return somebody as they register the second time."""
    if chance.random() < 0.1:
        human = replace(human, email=_address(chance, human.first, human.last))
    elif human.email and chance.random() < 0.04:
        local, _, domain = human.email.rpartition("@")
        human = replace(human, email=f"{_slip(chance, local)}@{domain}")
    elif human.email and chance.random() < 0.05:
        local, _, domain = human.email.rpartition("@")
        human = replace(human, email=f"{local}@{chance.choice(_SLIPS.get(domain, (domain,)))}")
    if chance.random() < 0.08:
        human = replace(human, phone="")
    elif chance.random() < 0.05:
        human = replace(human, phone=_phone(chance))
    elif human.phone and chance.random() < 0.02:
        digit = chance.randrange(3, 10)
        human = replace(
            human, phone=human.phone[:digit] + str(chance.randrange(10)) + human.phone[digit + 1 :]
        )
    if chance.random() < 0.05:
        human = replace(human, first=_NICKNAMES.get(human.first, human.first))
    if chance.random() < 0.02:
        human = replace(human, last=f"{human.last}-{_LAST.one(chance)}")
    elif chance.random() < 0.006:
        human = replace(human, last=_LAST.one(chance))
    return replace(human, town=_TOWN.one(chance)) if chance.random() < 0.03 else human


def _written_name(chance: random.Random, human: Human) -> str:
    name = f"{human.first} {human.last}"
    if chance.random() < 0.02:
        name = f"{human.last}, {human.first}"
    if human.suffix and chance.random() < 0.9:
        name += f" {human.suffix}"
    return _styled(chance, name)


def _styled(chance: random.Random, text: str) -> str:
    """Return a text as people write: capitals, no accents, no hyphens, St for Saint."""
    if chance.random() < 0.06:
        text = text.upper()
    if chance.random() < 0.06:
        text = text.lower()
    if chance.random() < 0.12:
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        )
    if chance.random() < 0.08:
        text = text.replace("-", " ")
    if chance.random() < 0.15:
        text = text.replace("Saint-", "St-").replace("Sainte-", "Ste-")
    return f"{text} " if chance.random() < 0.05 else text


def _written_email(chance: random.Random, email: str) -> str:
    if email.endswith("@gmail.com") and chance.random() < 0.05:
        local, _, domain = email.rpartition("@")
        email = (
            f"{local}+cohorte@{domain}"
            if chance.random() < 0.3
            else f"{local.replace('.', '')}@{domain}"
        )
    return email.capitalize() if chance.random() < 0.12 else email


def _written_phone(chance: random.Random, phone: str) -> str:
    if not phone:
        return chance.choice(("", "", "", "aucun", "000-000-0000"))
    a, b, c = phone[:3], phone[3:6], phone[6:]
    style = chance.choices(range(7), (45, 20, 15, 12, 3, 3, 2))[0]
    return (
        f"{a}-{b}-{c}",
        f"{a} {b}-{c}",
        f"({a}) {b}-{c}",
        phone,
        f"{a}-{b}-{c} (cell)",
        f"1-{a}-{b}-{c}",
        f"{a}-{b}-{c} poste {chance.randrange(100, 999)}",
    )[style]


def _slip(chance: random.Random, text: str) -> str:
    """Return the text with one slip of a key."""
    at = chance.randrange(1, max(2, len(text) - 1))
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        )
    )

"""Synthetic registrations, the same for the same seed: enough variety to keep every path busy."""

from __future__ import annotations

import random
from typing import Final

HEADER: Final = (
    "Horodateur",
    "Prénom",
    "Nom de famille",
    "Adresse courriel",
    "Téléphone",
    "Municipalité",
    "Cohorte",
    "Métier",
    "Qu’espérez-vous du programme ?",
    "Thèmes",
    "Consentement",
)

_FIRST = ("Hélène", "Marc", "Josée", "André", "Chloé", "Jean-François", "Émilie", "Guy", "Anaïs")
_LAST = ("Fortin", "Caron", "Bélanger", "Pelletier", "Saint-Pierre", "Dubé", "Thibault", "Gagnon")
_TOWNS = ("L’Islet", "Saint-Jean-Port-Joli", "Sainte-Perpétue", "Tourville", "Saint-Pamphile")
_TRADES = ("photographe", "fromagère", "ébéniste", "traductrice", "comptable", "acériculteur")
_HOPES = ("Rompre la solitude.", "Trouver des partenaires, et des idées.", "Souffler un peu.")
_THEMES = "Briser l’isolement, Trouver l’équilibre, ou le garder (travail et famille)"
_FIRST_SERIAL = 44_900.0
_PER_DAY = 400


def make_registrations(count: int, *, cohorts: int = 1, seed: int = 1) -> list[list[object]]:
    """Return rows of a response tab, in order of submission, without the header.

    About two in a hundred are second answers of somebody who has answered already.
    """
    chance = random.Random(seed)
    rows: list[list[object]] = []
    for index in range(count):
        if rows and chance.random() < 0.02:
            row = list(chance.choice(rows))
        else:
            row = _new_person(chance, index, cohorts)
        row[0] = _FIRST_SERIAL + round(index / _PER_DAY, 9)
        rows.append(row)
    return rows


def make_insistent(count: int) -> list[list[object]]:
    """Return as many answers of one person, sent within a minute, without the header."""
    (row,) = make_registrations(1)
    minute = 1 / (24 * 60)
    return [[_FIRST_SERIAL + minute * index / count, *row[1:]] for index in range(count)]


def _new_person(chance: random.Random, index: int, cohorts: int) -> list[object]:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    phone = f"418 {chance.randrange(200, 999)}-{chance.randrange(10_000):04}"
    return [
        0.0,
        first.upper() if chance.random() < 0.1 else first,
        last,
        f"personne{index}@example.com",
        int(phone.replace(" ", "").replace("-", "")) if chance.random() < 0.2 else phone,
        chance.choice(_TOWNS),
        f"C{index % cohorts + 1}",
        chance.choice(_TRADES),
        chance.choice(_HOPES),
        _THEMES,
        "Oui",
    ]

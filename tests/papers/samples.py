"""Papers to look at: three people, sixty, and those whom no column was made for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from automation.papers.attestations import Attestation, render_attestations
from automation.papers.sign_in import Signer, SignInSheet, render_sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "golden"
MADE_AT = datetime(2023, 1, 15, 12, tzinfo=UTC)
_PROGRAMME = "Le rendez-vous des travailleurs autonomes"
_COHORT = "Cohorte de l’hiver 2023"
_FIRST = ("Hélène", "Noël", "Anne-Sophie", "Zoé", "Œdipe", "François", "Maïté", "Jean-Marie")
_LAST = (
    "Bélanger",
    "Côté",
    "D’Amours",
    "Fœtus-Lebœuf",
    "Gagné",
    "Ouellet",
    "Pelletier",
    "Saint-Pierre",
)
_TRADES = ("Ébénisterie du Fleuve", "L’Œuvre de bœuf", "Comptabilité Côté & filles", "")


def people(count: int) -> tuple[Signer, ...]:
    return tuple(
        Signer(
            number=101 + index,
            name=f"{_LAST[index % 8]}-{index:02}, {_FIRST[index // 8 % 8]}",
            business=_TRADES[index % 4],
        )
        for index in range(count)
    )


SHEET = SignInSheet(
    programme=_PROGRAMME,
    cohort=_COHORT,
    meeting_number=3,
    theme="Trouver l’équilibre, ou le garder",
    day=date(2023, 2, 13),
    start=time(18, 30),
    end=time(21),
    place="Salle municipale, Saint-Pamphile",
    host="Maison de la famille (Lise Gaudreau)",
    people=people(3),
    registration_url="https://docs.google.com/forms/d/e/1FAIpQLSexemple/viewform",
)
SIXTY = replace(SHEET, people=people(60))

AWKWARD = (
    Signer(
        number=1,
        name="Montmorency-Laval de La Tour d’Auvergne, Marie-Antoinette Joséphine",
        business="Coopérative de solidarité en alimentation, hébergement et tourisme durable de la Côte-du-Sud",
    ),
    Signer(number=2, name="<script>alert(1)</script>", business="{{ 7 * 7 }} {% raw %}"),
    Signer(number=3, name="W" * 10_000, business="w" * 10_000),
    Signer(number=4, name="mot " * 2_500, business="é" * 60),
    Signer(number=5, name="\u202egnirts desrever\u202c, Ann\u200e", business="שלום — مرحبا"),
    Signer(
        number=6,
        name="Z\u0335" + "\u0321\u0322\u0327\u0328\u0300\u0301\u0302" * 40 + "algo",
        business="ﬁn & <b>gras</b>",
    ),
    Signer(
        number=7,
        name="Nguyễn, Thị Ánh · Łukasz Żółć · Ελένη · Наталья",
        business="url(https://example.com/x.png)",
    ),
    Signer(
        number=8,
        name="'\"; background: url(file:///etc/passwd); \"'",
        business="line\nbreak\ttab\x00nul",
    ),
    Signer(number=99_999, name="O’Neil, Œnone", business="🍞 Boulangerie « Le Fournil »"),
    Signer(
        number=11,
        name="DESROCHERS-MONTMIGNY, MARGUERITE-ALEXANDRINE",
        business="ENTREPRISES DE CONSTRUCTION GÉNÉRALE WWW",
    ),
)
STRANGE = replace(
    SHEET, people=AWKWARD, theme="Briser la solitude, " * 9, place="Salle " * 40, host="Hôte " * 40
)

ATTESTATION = Attestation(
    name="Hélène D’Amours-Lebœuf",
    programme=_PROGRAMME,
    cohort=_COHORT,
    presences=5,
    meetings=6,
    first_day=date(2023, 1, 16),
    last_day=date(2023, 3, 27),
    issued_on=date(2023, 4, 1),
    place="Saint-Jean-Port-Joli",
    organisations=(
        "Maison de la famille",
        "Centre d’aide aux entreprises",
        "Carrefour jeunesse-emploi",
        "Corporation de développement communautaire",
    ),
    signatories=("Lise Gaudreau, Maison de la famille", "Claude Poitras, CDC"),
)


def golden_papers() -> Iterator[tuple[str, str]]:
    """Yield the papers that are kept as files: name and HTML."""
    for language in ("fr", "en"):
        yield f"sign-in.{language}.html", render_sign_in([SHEET], language=language)
        yield (
            f"attestations.{language}.html",
            render_attestations(
                [ATTESTATION, replace(ATTESTATION, signatories=(), organisations=(), place="")],
                language=language,
            ),
        )

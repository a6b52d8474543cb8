"""A programme in which every tab tells of one person, in values that nobody else has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from automation.config import parse_config
from automation.core.model import Number
from automation.workbook.layout import DUPLICATES, enrolment_tab
from tests.programme import TAB, Programme, full_programme
from tests.world import PLACE_FORM, SECRET

if TYPE_CHECKING:
    from pathlib import Path

FIRST: Final = "Zéphirine"
LAST: Final = "Quévillon"
EMAIL: Final = "zephirine.quevillon@exemple.test"
PHONE: Final = "418 555-0177"
TOWN: Final = "Saint-Xylophone"
TRADE: Final = "Luthière de vielles à roue"
WISH: Final = "Rencontrer d’autres artisanes du bois, le mardi de préférence"
NOTES: Final = ("NOTEPERSO-1", "NOTEPERSO-2", "NOTEPERSO-3", "NOTEPERSO-4", "NOTEPERSO-5")
_TAGGED: Final = "zephirine.quevillon+midi@exemple.test"
HERS: Final = (FIRST, LAST, EMAIL, PHONE, TOWN, TRADE, WISH, *NOTES)
"""Every value of hers, and everything that organisers wrote about her."""

CONFIG: Final = f"""
language = "fr"
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["{TAB}"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
municipality = "Municipalité"
cohort = "Cohorte"
[fields.extra]
trade = "Métier"
wish = "Organisme"
[ma_place]
tab = "{PLACE_FORM.tab}"
code = "{PLACE_FORM.code}"
choice = "{PLACE_FORM.choice}"
accept = "{PLACE_FORM.accept}"
withdraw = "{PLACE_FORM.withdraw}"
no_news = "{PLACE_FORM.no_news}"
[mail]
mode = "review"
transport = "gmail"
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)  G0R 0A0"
"""
REGISTER: Final = enrolment_tab().sheet_id


def begin(folder: Path) -> Programme:
    """Make a programme of five people; she is n° 2, and n° 5 may be her."""
    made = full_programme(folder)
    env = {"COHORTE_MA_PLACE_SECRET": SECRET.decode()}
    (folder / "cohorte.toml").write_text(CONFIG, "utf-8")
    config = parse_config(CONFIG.encode(), folder / "cohorte.toml", env)
    programme = replace(made, config=config.model_copy(update={"workspace": made.config.workspace}))
    programme.organise(
        [("C1", "Première cohorte", "4", "", "automatique")],
        [
            ("C1", "2023-01-11", "18:30", "21:00", "Briser l’isolement"),
            ("C1", "2023-01-20", "18:30", "21:00", "Connaître ses limites"),
        ],
    )
    programme.answer(
        row("2023-01-02 09:00:00", "Hélène", "Fortin"),
        hers(),
        row("2023-01-04 09:00:00", "Marc", "Caron"),
        row("2023-01-05 09:00:00", "Guy", "Roy"),
        ("2023-01-06 09:00:00", "Zephirinne", "Quevillon", _TAGGED, "", "L’Islet", "C1", "", ""),
    )
    return programme


def hers(stamp: str = "2023-01-03 10:00:00", **changed: str) -> tuple[str, ...]:
    """Return her answer."""
    told = {
        "stamp": stamp,
        "first": FIRST,
        "last": LAST,
        "email": EMAIL,
        "phone": PHONE,
        "town": TOWN,
        "cohort": "C1",
        "trade": TRADE,
        "wish": WISH,
    }
    return tuple({**told, **changed}.values())


def row(stamp: str, first: str, last: str) -> tuple[str, ...]:
    """Return the answer of somebody else."""
    digits = sum(f"{first}{last}".encode()) % 100
    address = f"{first}.{last}@exemple.test".lower()
    phone = f"418 555-01{digits:02}"
    return (stamp, first, last, address, phone, "L’Islet", "C1", "Boulanger", "Rien")


def live(programme: Programme) -> None:
    """Let a night pass, and let organisers write of her wherever they can."""
    programme.night()
    at = programme.enrolment_row(2)
    programme.put_in("enrolments", programme.enrolment_row(1), "note", "À rappeler")
    programme.put_in("enrolments", at, "note", f"{FIRST} préfère le matin")
    programme.put_in("enrolments", at, "priority", 2)
    header = programme.grids()[REGISTER][0]
    programme.put(REGISTER, 0, len(header), "Contact d’urgence")
    programme.put(REGISTER, at, len(header), NOTES[0])
    _annotate(programme, REGISTER, at, NOTES[1])
    _annotate(programme, DUPLICATES.sheet_id, 1, NOTES[2])
    letters = programme.snapshot().standings["mail"]
    key = next(row.key for row in programme.snapshot().mail_rows if row.number == Number(2))
    _annotate(programme, letters.sheet_id, letters.rows[key], NOTES[3])
    programme.tick(1, 2)
    programme.tick(1, 2, "note", NOTES[4])
    programme.tick(1, 4, "present")
    programme.tick(1, f"{FIRST} {LAST}")


def _annotate(programme: Programme, sheet_id: int, at: int, note: str) -> None:
    start = {"sheetId": sheet_id, "rowIndex": at, "columnIndex": 2}
    rows = [{"values": [{"note": note}]}]
    programme.ask({"updateCells": {"start": start, "rows": rows, "fields": "note"}})

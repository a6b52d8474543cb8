"""A small town's programme, as the studio's tests visit it: three seats, five answers, one night."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from automation import local
from automation.config import load_config
from automation.google.client import Client
from automation.google.retries import ONCE
from automation.night import run_night
from automation.studio.app import make_app
from automation.studio.bench import Bench
from automation.studio.gate import Gate
from automation.workbook.loading import add_responses, add_rows, create_spreadsheet
from automation.workspace import with_spreadsheet

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ORIGIN = "http://127.0.0.1:8712"
NIGHT = datetime(2023, 1, 10, 7, 0, tzinfo=UTC)  # 2 o'clock on the wall
TAB = "Réponses au formulaire 1"
HEADER = ("Horodateur", "Courriel", "Prénom", "Nom", "Téléphone", "Thèmes", "J’accepte")
CONFIG = f"""
[workspace]
kind = "embedded"
path = "cohorte.db"
[responses]
tabs = ["{TAB}"]
[programme]
name = "Le rendez-vous"
registration_url = "https://docs.google.com/forms/d/e/1Registration/viewform"
[fields]
email = "Courriel"
first_name = "Prénom"
last_name = "Nom"
phone = "Téléphone"
consent = "J’accepte"
[fields.choices.themes]
question = "Thèmes"
options = ["Briser la solitude, un peu", "Saisir les occasions"]
[mail]
transport = "gmail"
mode = "automatic"
sender = "Le comité <rendez-vous@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)  G0R 0A0"
[ma_place]
tab = "Ma place"
prefilled_url = "https://docs.google.com/forms/d/e/1Place/viewform?usp=pp_url&entry.123=CODE"
secret_file = "secret.txt"
"""
ANSWERS = tuple(
    (
        f"2023-01-0{day} 09:00:00",
        f"{first.lower()}@example.com",
        first,
        last,
        f"418-555-010{day}",
        themes,
        "Oui",
    )
    for day, first, last, themes in (
        (2, "Lise", "Roy", "Briser la solitude, un peu, Saisir les occasions"),
        (3, "Hugo", "Caron", "Saisir les occasions"),
        (4, "Nadia", "Morin", ""),
        (5, "Yvan", "Dion", "Saisir les occasions"),
        (6, "Sylvie", "Paré", "Briser la solitude, un peu"),
    )
)
COHORTS = ("Code", "Nom", "Places", "Liste d’attente max.", "Ouverture", "Clôture", "Promotion")
MEETINGS = ("Cohorte", "Date", "Début", "Fin", "Thème", "Lieu")


def found_town(folder: Path) -> Path:
    """Make the programme, let its first night pass, and return its configuration's path."""
    path = folder / "cohorte.toml"
    path.write_text(CONFIG, "utf-8")
    secret = folder / "secret.txt"
    secret.write_text("seulement pour les tests", "utf-8")
    secret.chmod(0o600)
    config = load_config(path, {})
    with local.session(config.workspace.path, clock=lambda: NIGHT) as session:
        http = Client(session, ONCE)
        config = with_spreadsheet(config, create_spreadsheet(http, "Programme", TAB, HEADER))
        book = config.workspace.spreadsheet or ""
        add_responses(http, book, TAB, HEADER, ANSWERS)
        add_responses(
            http, book, "Ma place", ("Horodateur", "Code", "Que souhaitez-vous faire?"), ()
        )
        opened, closed = "2022-12-01 08:00", "2023-02-01 23:59"
        cohort = ("C1", "L’hiver", "3", "10", opened, closed, "offre")
        add_rows(http, config, "cohorts", COHORTS, [cohort])
        meeting = ("C1", "2023-01-16", "18:30", "21:00", "Briser la solitude", "La salle")
        add_rows(http, config, "meetings", MEETINGS, [meeting])
        run_night(http, config, event="night", moment=lambda _: NIGHT, token="aaaa")
    return path


class Visit(Struct, frozen=True):
    """Somebody who came in by the link, and what they visit."""

    bench: Bench
    gate: Gate
    app: Flask
    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, base_url=ORIGIN, **options)

    def read(self, path: str) -> str:
        """Return a page's HTML; it must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        return answer.text

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form of our own pages."""
        given = {"csrf": self.gate.csrf, **(data or {})}
        return self.client.post(path, base_url=ORIGIN, data=given, **options)

    def register(self, **answers: str) -> TestResponse:
        """Fill in the registration form, by the beginning of each question's header."""
        page = self.read("/form")
        names = dict(re.findall(r'<label for="(q\d+)">([^<]+)', page))
        boxes = re.findall(r'name="(q\d+)" value="([^"]+)"', page)
        given: dict[str, Any] = {
            name: answers.get(title.split()[0], "") for name, title in names.items()
        }
        for name, option in boxes:
            if unescape(option) in answers.values():
                given.setdefault(name, []).append(unescape(option))
        return self.post("/form", given)

    def grid(self, title: str) -> list[list[Any]]:
        """Return the values of a tab, unformatted."""
        found = self.bench.http.values_get(
            self.bench.spreadsheet_id, f"'{title}'", {"valueRenderOption": "UNFORMATTED_VALUE"}
        )
        return list(found.get("values", []))

    def write(self, sheet_id: int, **edit: Any) -> TestResponse:
        """Write in a cell, as the page's script does."""
        given = {"key": "", "header": "", "was": "", "ticks": "", **edit}
        return self.post(f"/sheets/{sheet_id}/cell", given)


def visit(config_path: Path) -> Visit:
    """Open the studio over a programme, and come in."""
    bench = Bench(config_path=config_path)
    bench.open()
    gate = Gate()
    app = make_app(bench, gate, "fr")
    app.testing = True
    client = app.test_client()
    assert client.get(f"/enter/{gate.token}", base_url=ORIGIN).status_code == 303
    return Visit(bench, gate, app, client)

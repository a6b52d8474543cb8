"""What the studio's pages show, and what comes of what people do there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from automation import locale
from automation.local.forms import link_form
from automation.resources import data_path
from automation.studio.app import make_app
from automation.studio.bench import Bench
from automation.studio.clock import StudioClock, next_at
from automation.studio.gate import Gate
from automation.workspace import with_spreadsheet
from tests.studio.test_gate import PAGES
from tests.studio.town import ORIGIN, TAB

if TYPE_CHECKING:
    from pathlib import Path

    from tests.studio.town import Visit

MAIL_TAB = 7106
ENROLMENTS = 7103
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def columns_of(guest: Visit, title: str = "Inscriptions") -> dict[str, int]:
    header = guest.grid(title)[0]
    return {name: at for at, name in enumerate(header)}


def status_of(guest: Visit, first_name: str) -> str:
    at = columns_of(guest)
    rows = guest.grid("Inscriptions")[1:]
    return next(str(row[at["Statut"]]) for row in rows if row[at["Prénom"]] == first_name)


def test_an_answer_arrives_in_the_response_tab_as_text_at_the_studios_time(guest: Visit) -> None:
    answer = guest.register(
        Courriel="bruno@example.com",
        Prénom="=1+1",
        Nom="Gamache",
        Thèmes="Briser la solitude, un peu",
        accepte="Oui",
    )

    row = guest.grid(TAB)[-1]
    assert answer.headers["Location"] == "/thanks/form"
    assert row[1:4] == ["bruno@example.com", "=1+1", "Gamache"]
    assert row[5:7] == ["Briser la solitude, un peu", "Oui"]
    assert round((row[0] % 1) * 24) == 8
    assert "enregistrée" in guest.read("/thanks/form")


def test_answers_of_the_same_second_are_all_kept(guest: Visit) -> None:
    before = len(guest.grid(TAB))

    for name in ("Ève", "Zoé"):
        guest.register(Prénom=name, Nom="Gamache", accepte="Oui")

    assert [row[2] for row in guest.grid(TAB)[before:]] == ["Ève", "Zoé"]


def test_a_form_says_what_is_missing_and_keeps_what_was_written(guest: Visit) -> None:
    before = guest.grid(TAB)

    page = guest.register(Courriel="pas une adresse", Prénom="Bruno").text

    assert guest.grid(TAB) == before
    assert "Cette question attend une réponse." in page
    assert "Ceci n’est pas une adresse courriel." in page
    assert 'value="Bruno"' in page
    assert page.count('aria-invalid="true"') == 2


def test_questions_are_asked_as_their_answers_tell(guest: Visit) -> None:
    page = guest.read("/form")

    assert page.count('type="checkbox"') == 2 + 1
    assert 'type="email"' in page
    assert 'type="tel"' in page


def test_the_link_of_a_message_leads_to_ma_place_and_a_yes_there_confirms(guest: Visit) -> None:
    decide(guest, "Hugo", "Désister")
    guest.post("/night")
    href = next(
        found
        for found in re.findall(r'href="(/mail/[^"]+)"', guest.read("/mail"))
        if "Une place est libre pour vous" in guest.read(found)
    )
    html = guest.get(f"{href}/html").text
    link = re.search(r'href="(/place\?code=[^"]+)" target="_top"', html)
    assert link is not None
    page = guest.read(link[1])
    code = re.search(r'name="q1"[^>]*value="([^"]+)"', page)
    assert code is not None

    guest.post("/place", {"q1": code[1], "q2": "J’accepte la place offerte"})
    guest.post("/night")

    assert status_of(guest, "Yvan") == "Confirmé·e"


def linked(guest: Visit) -> str:
    """Give the programme a form of its own, linked to its spreadsheet; return its id."""
    form_id = make_form(guest)
    link_form(guest.bench.store, form_id, guest.bench.spreadsheet_id, guest.bench.clock())
    workspace = guest.bench._require()
    responses = workspace.config.responses.model_copy(
        update={"form_id": form_id, "tabs": ("Réponses au formulaire 2",)}
    )
    config = workspace.config.model_copy(update={"responses": responses})
    guest.bench._workspace = replace(workspace, config=config)
    return form_id


def make_form(guest: Visit) -> str:
    url = "https://forms.googleapis.com/v1/forms"
    http = guest.bench.http.session
    form_id = str(http.post(url, json={"info": {"title": "Inscription"}}).json()["formId"])
    boxes = {"type": "CHECKBOX", "options": [{"value": "A"}, {"value": "B, ou C"}]}
    questions: dict[str, dict[str, Any]] = {
        "Prénom": {"textQuestion": {}, "required": True},
        "Nom": {"textQuestion": {}},
        "Courriel": {"textQuestion": {}},
        "Téléphone": {"textQuestion": {}},
        "Attentes": {"textQuestion": {"paragraph": True}},
        "Thèmes": {"choiceQuestion": boxes},
    }
    requests = [
        {
            "createItem": {
                "item": {"title": title, "questionItem": {"question": question}},
                "location": {"index": index},
            }
        }
        for index, (title, question) in enumerate(questions.items())
    ]
    assert http.post(f"{url}/{form_id}:batchUpdate", json={"requests": requests}).ok
    return form_id


def test_a_form_of_its_own_is_shown_and_takes_the_answer_itself(guest: Visit) -> None:
    form_id = linked(guest)

    page = guest.read("/form")
    missing = guest.register(Nom="Gamache").text
    guest.register(Prénom="Bruno", Courriel="bruno@example.com", Thèmes="B, ou C")

    url = f"https://forms.googleapis.com/v1/forms/{form_id}/responses"
    (response,) = guest.bench.http.session.get(url).json()["responses"]
    assert page.count("<textarea") == 1
    assert page.count('type="checkbox"') == 2
    assert "Cette question attend une réponse." in missing
    assert len(response["answers"]) == 3
    row = guest.grid("Réponses au formulaire 2")[1]
    assert (row[1], row[3], row[6]) == ("Bruno", "bruno@example.com", "B, ou C")


def test_a_closed_form_says_so_and_takes_nothing(guest: Visit) -> None:
    form_id = linked(guest)
    url = f"https://forms.googleapis.com/v1/forms/{form_id}:setPublishSettings"
    state = {"isPublished": True, "isAcceptingResponses": False}
    guest.bench.http.session.post(url, json={"publishSettings": {"publishState": state}})

    page = guest.read("/form")
    guest.post("/form", {"q1": "Bruno"})

    assert "n’accepte plus de réponses" in page
    assert "<input id=" not in page
    assert len(guest.grid("Réponses au formulaire 2")) == 1


def decide(guest: Visit, first_name: str, decision: str) -> None:
    at = columns_of(guest)
    rows = guest.grid("Inscriptions")
    row = next(i for i, one in enumerate(rows) if i and one[at["Prénom"]] == first_name)
    answer = guest.write(
        ENROLMENTS,
        row=row,
        column=at["Décision"],
        header="Décision",
        key=str(rows[row][0]),
        text=decision,
    )
    assert answer.status_code == 200, answer.text


def test_a_plan_is_shown_before_it_is_applied_and_applied_as_it_was_shown(guest: Visit) -> None:
    decide(guest, "Yvan", "Confirmer")

    page = guest.read("/plan")
    untouched = status_of(guest, "Yvan")
    digest = re.search(r'name="digest" value="([^"]+)"', page)
    assert digest is not None
    answer = guest.post("/night", {"digest": digest[1]})

    assert "Yvan Dion" in text_of(page)
    assert untouched == "Liste d’attente"
    assert answer.headers["Location"] == "/passed"
    assert status_of(guest, "Yvan") == "Confirmé·e"
    assert "Yvan Dion" in text_of(guest.read("/passed"))


def test_a_plan_that_no_longer_fits_is_not_applied(guest: Visit) -> None:
    digest = re.search(r'name="digest" value="([^"]+)"', guest.read("/plan"))
    assert digest is not None
    decide(guest, "Yvan", "Confirmer")
    before = guest.bench.clock()

    answer = guest.post("/night", {"digest": digest[1]})

    assert "rien n’a été fait" in answer.text
    assert status_of(guest, "Yvan") == "Liste d’attente"
    assert guest.bench.clock() - before < timedelta(hours=1)


def test_a_night_ends_in_the_morning_and_is_told(guest: Visit) -> None:
    guest.register(Prénom="Ève", Nom="Gamache", Courriel="eve@example.com", accepte="Oui")

    guest.post("/night")

    wall = guest.bench.clock().astimezone(ZoneInfo("America/Toronto"))
    told = text_of(guest.read("/passed"))
    assert (wall.day, wall.hour) == (11, 8)
    assert "Ève Gamache" in told
    assert "Liste d’attente" in told
    assert "Inscription en liste d’attente" in told
    assert "Ève Gamache" in text_of(guest.read("/journal"))


def test_the_eve_of_a_meeting_comes_with_every_night_before_it(guest: Visit) -> None:
    guest.post("/eve")

    told = text_of(guest.read("/passed"))
    wall = guest.bench.clock().astimezone(ZoneInfo("America/Toronto"))
    assert (wall.month, wall.day, wall.hour) == (1, 15, 8)
    assert "Nuits passées : 5" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "Rappel de la rencontre" in told
    assert "Présences – C1 – 2023-01-16" in guest.read("/sheets/72001")


def test_after_the_last_meeting_there_is_no_eve_to_go_to(guest: Visit) -> None:
    guest.bench.clock.move(datetime(2023, 1, 17, tzinfo=UTC))

    guest.post("/eve")

    assert "plus de rencontre à venir" in text_of(guest.read("/passed"))
    assert guest.bench.clock() < datetime(2023, 1, 18, tzinfo=UTC)


def test_a_night_that_can_not_pass_is_told_and_the_clock_stays(guest: Visit) -> None:
    before = guest.bench.clock()
    copy = f"https://www.googleapis.com/drive/v3/files/{guest.bench.spreadsheet_id}/copy"
    made = guest.bench.http.session.post(copy, json={}).json()["id"]
    guest.bench._workspace = replace(
        guest.bench._require(), config=with_spreadsheet(guest.bench.config, made)
    )

    guest.post("/night")

    assert "copie" in text_of(guest.read("/passed"))
    assert guest.bench.clock() - before < timedelta(hours=1)


def test_what_people_typed_is_never_read_as_a_page(guest: Visit) -> None:
    guest.register(Prénom=HOSTILE, Nom=HOSTILE, Courriel="x@example.com", accepte="Oui")
    guest.post("/place", {"q1": HOSTILE, "q2": "Je me désiste"})
    guest.post("/night")

    for path in (*PAGES, "/sheets/0", "/sheets/7106", "/sheets/7107"):
        page = guest.read(path)

        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert "&lt;script&gt;alert" in guest.read(f"/sheets/{ENROLMENTS}")


def test_a_hostile_code_in_the_link_is_shown_as_it_is(guest: Visit) -> None:
    page = guest.read("/place?code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_hidden_tabs_and_columns_are_not_shown(guest: Visit) -> None:
    page = guest.read(f"/sheets/{ENROLMENTS}")

    assert "Réponses traitées" not in page
    assert "Sceau" not in page
    assert guest.get("/sheets/7108").status_code == 404
    assert guest.get("/sheets/99").status_code == 404


def test_organisers_cells_can_be_written_in_and_cohortes_not(guest: Visit) -> None:
    page = guest.read(f"/sheets/{ENROLMENTS}")

    written = set(re.findall(r'data-header="([^"]*)"', page))
    assert written == {
        "Décision",
        "Priorité",
        "Fusionner avec n°",
        "Offert par téléphone le",
        "Communications",
        "Note",
    }
    assert 'aria-label="Décision, Lise Roy"' in page
    assert "<option>Confirmer</option>" in page


def test_a_cell_of_cohortes_is_refused_whatever_is_sent(guest: Visit) -> None:
    at = columns_of(guest)["Statut"]
    was = guest.grid("Inscriptions")[1][at]

    answer = guest.write(
        ENROLMENTS, row=1, column=at, header="Statut", key="1", was=was, text="Confirmé·e"
    )

    assert answer.status_code == 409
    assert guest.grid("Inscriptions")[1][at] == was


def test_the_answers_tab_is_for_looking_at(guest: Visit) -> None:
    page = guest.read("/sheets/0")

    answer = guest.write(0, row=1, column=2, header="Prénom", was="Lise", text="Autre")

    assert "data-header" not in page
    assert answer.status_code == 409
    assert guest.grid(TAB)[1][2] == "Lise"


def test_nobody_writes_over_what_another_has_written_meanwhile(guest: Visit) -> None:
    note = columns_of(guest)["Note"]
    edit = {"row": 1, "column": note, "header": "Note", "key": "1"}

    first = guest.write(ENROLMENTS, **edit, text="à rappeler")
    second = guest.write(ENROLMENTS, **edit, text="rappelée")

    assert (first.status_code, second.status_code) == (200, 409)
    assert guest.grid("Inscriptions")[1][note] == "à rappeler"


def test_what_is_written_follows_its_row_and_its_column(guest: Visit) -> None:
    note = columns_of(guest)["Note"]
    row = len(guest.grid("Inscriptions")) - 1
    key = str(guest.grid("Inscriptions")[row][0])
    moved = {"sheetId": ENROLMENTS, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    column = {"sheetId": ENROLMENTS, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    requests = [
        {"moveDimension": {"source": moved, "destinationIndex": 1}},
        {"insertDimension": {"range": column}},
    ]
    guest.bench.call("post", ":batchUpdate", json={"requests": requests})

    answer = guest.write(
        ENROLMENTS, row=row, column=note, header="Note", key=key, text="elle viendra"
    )

    grid = guest.grid("Inscriptions")
    assert answer.status_code == 200
    assert str(grid[1][1]) == key
    assert grid[1][note + 1] == "elle viendra"


def test_a_row_that_is_gone_is_not_written_elsewhere(guest: Visit) -> None:
    note = columns_of(guest)["Note"]
    before = guest.grid("Inscriptions")

    gone = guest.write(ENROLMENTS, row=1, column=note, header="Note", key="99", text="à qui?")
    taken = guest.write(ENROLMENTS, row=1, column=note, header="Note", key="", text="à qui?")

    assert (gone.status_code, taken.status_code) == (409, 409)
    assert guest.grid("Inscriptions") == before


def test_a_ticked_box_and_a_typed_date_are_what_sheets_makes_of_them(guest: Visit) -> None:
    places = columns_of(guest, "Cohortes")

    box = guest.write(
        7101,
        row=1,
        column=places["Suspendue"],
        header="Suspendue",
        key="C1",
        text="TRUE",
        ticks="yes",
    )
    day = guest.write(
        7101,
        row=1,
        column=places["Dernière offre le"],
        header="Dernière offre le",
        key="C1",
        text="2023-01-13",
    )

    row = guest.grid("Cohortes")[1]
    assert (box.status_code, day.status_code) == (200, 200)
    assert row[places["Suspendue"]] is True
    assert row[places["Dernière offre le"]] == 44939


def test_the_summary_has_its_charts(guest: Visit) -> None:
    page = guest.read("/sheets/7105")

    assert page.count('<svg class="chart"') >= 2
    assert "Places par cohorte" in page


def test_a_message_is_shown_in_a_page_of_its_own_that_runs_nothing(guest: Visit) -> None:
    (href, *_) = re.findall(r'href="(/mail/[^"]+)"', guest.read("/mail"))

    page, html = guest.read(href), guest.get(f"{href}/html")

    policy = html.headers["Content-Security-Policy"]
    assert f'src="{href}/html"' in page
    assert "sandbox allow-same-origin allow-top-navigation-by-user-activation" in page or (
        'sandbox="allow-same-origin allow-top-navigation-by-user-activation"' in page
    )
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert re.findall(r'href="https?:', html.text) == []


def test_an_attachment_is_a_download(guest: Visit) -> None:
    page = next(
        page
        for href in re.findall(r'href="(/mail/[^"]+)"', guest.read("/mail"))
        if ".ics" in (page := guest.read(href))
    )
    link = re.search(r'href="(/mail/[^"]+/attachments/0)"', page)
    assert link is not None

    answer = guest.get(link[1])

    assert answer.data.startswith(b"BEGIN:VCALENDAR")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream"
    assert guest.get(link[1].replace("attachments/0", "attachments/9")).status_code == 404
    assert guest.get("/mail/nothing").status_code == 404


def test_the_pages_speak_english_to_who_wants_it(guest: Visit) -> None:
    guest.post("/language/en", {"back": "/plan"})

    assert 'lang="en"' in guest.read("/")
    assert "Let a night pass" in guest.read("/")


def test_without_a_workspace_the_demonstration_is_offered(tmp_path: Path) -> None:
    bench = Bench(config_path=tmp_path / "d" / "demo.toml", folder=tmp_path / "d")
    bench.open()
    gate = Gate()
    client = make_app(bench, gate, "fr").test_client()
    client.get(f"/enter/{gate.token}", base_url=ORIGIN)

    offer = client.get("/", base_url=ORIGIN)
    elsewhere = client.get("/plan", base_url=ORIGIN)
    untouched = not (tmp_path / "d").exists()
    bench.make_demo(datetime(2022, 11, 30), "fr")  # noqa: DTZ001 - on the wall

    assert "Préparer la démonstration" in offer.text
    assert elsewhere.headers["Location"] == "/"
    assert untouched
    assert "Cohorte de l’hiver 2023" in client.get("/", base_url=ORIGIN).text
    bench.close()


def test_every_word_of_the_studio_is_used() -> None:
    sources = [
        *data_path("templates", "studio").glob("*.j2"),
        *data_path("templates").parent.joinpath("automation").glob("studio/*.py"),
        *data_path("templates").parent.joinpath("automation").glob("cli/studio.py"),
    ]
    said = "\n".join(path.read_text("utf-8") for path in sources)
    made = {"start_before", "start_after", "start_whole"}
    made |= {f"{one}_more" for one in made} | {"form_lead", "place_lead"}

    words = [
        code.removeprefix("studio.") for code in locale.CATALOGUES["fr"] if code[:7] == "studio."
    ]

    assert [one for one in words if one not in made and not re.search(rf"\b{one}\b", said)] == []


def test_the_clock_runs_and_only_goes_forward() -> None:
    seconds = 0.0
    start = datetime(2023, 1, 10, 12, 0, tzinfo=UTC)
    clock = StudioClock(start, lambda: seconds)

    seconds = 90.7
    later = clock()
    clock.move(start)

    assert later == start + timedelta(seconds=90)
    assert clock() == later


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2023-01-10T01:59:00-05:00", "2023-01-10T02:00:00-05:00"),
        ("2023-01-10T02:00:00-05:00", "2023-01-11T02:00:00-05:00"),
        ("2023-11-05T01:30:00-05:00", "2023-11-05T02:00:00-05:00"),
    ],
)
def test_the_next_night_is_at_two_on_the_wall(now: str, wanted: str) -> None:
    found = next_at(datetime.fromisoformat(now), 2, ZoneInfo("America/Toronto"))

    assert found == datetime.fromisoformat(wanted)

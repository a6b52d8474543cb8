"""The studio in a real browser: what a committee will do with it in its first ten minutes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import request, request_started
from msgspec import Struct
from werkzeug.serving import make_server

from automation.night import run_night
from automation.studio import bench
from tests.studio.test_pages import ENROLMENTS, columns_of, status_of

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.studio.town import Visit

CHROMIUM = Path("/usr/bin/chromium")
PHONE, DESK = 390, 1280
_GO_TO_EVE = """csrf => {
    window.nights = fetch("/eve", {method: "POST", body: new URLSearchParams({csrf})});
}"""
_RUN_AXE = """axe.run(document, {
    iframes: false,
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
})"""
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there")


class Live(Struct, frozen=True):
    """The studio, answering on a port of this machine."""

    guest: Visit
    browser: Browser
    origin: str

    @contextmanager
    def someone(self, width: int = DESK, scheme: Any = "light") -> Iterator[Page]:
        """Let somebody come in with a browser of their own; no page may trip over itself."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme
        )
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if "Policy" in m.text else None)
        page.goto(f"{self.origin}/enter/{self.guest.gate.token}")
        yield page
        context.close()
        assert faults == []

    def visit(self, page: Page, path: str) -> None:
        """Go to a page, which must be one that everybody can use."""
        page.goto(f"{self.origin}{path}")
        require_accessible(page)


def require_accessible(page: Page) -> None:
    """Raise for what axe-core calls serious or critical."""
    page.evaluate(AXE)
    found = page.evaluate(_RUN_AXE)
    serious = [
        (one["id"], one["nodes"][0]["html"])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == [], page.url
    widest = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert widest <= 0, f"{page.url} is wider than the screen"


@pytest.fixture(name="browser", scope="module")
def fixture_browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(name="live")
def fixture_live(guest: Visit, browser: Browser) -> Iterator[Live]:
    server = make_server("127.0.0.1", 0, guest.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(guest, browser, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_from_the_form_to_the_roll(live: Live) -> None:
    with live.someone(PHONE) as page:
        live.visit(page, "/form")
        page.get_by_label("Courriel").fill("eve@example.com")
        page.get_by_label("Prénom").fill("Ève")
        page.get_by_label("Nom", exact=False).last.fill("Gamache")
        page.get_by_label("Saisir les occasions").check()
        page.get_by_label("Oui", exact=True).check()
        page.get_by_role("button", name="Envoyer").click()
        page.wait_for_url("**/thanks/form")
        require_accessible(page)
        page.get_by_role("button", name="Laisser passer une nuit").click()
        page.wait_for_url("**/passed")
        assert "Ève Gamache" in page.inner_text("main")
    assert status_of(live.guest, "Ève") == "Liste d’attente"

    with live.someone() as page:
        live.visit(page, f"/sheets/{ENROLMENTS}")
        page.get_by_label("Décision, Ève Gamache").select_option("Confirmer")
        page.get_by_text("Enregistré").wait_for()
        live.visit(page, "/plan")
        assert "Le comité a confirmé votre place." in page.inner_text("main")
        page.get_by_role("button", name="Laisser passer cette nuit").click()
        page.wait_for_url("**/passed")
        page.get_by_role("button", name="Aller à la veille").click()
        page.get_by_text("Nuits passées : 3").wait_for()
        page.get_by_role("link", name="Ouvrir le classeur").click()
        page.get_by_role("link", name="Présences – C1").click()
        require_accessible(page)
        page.get_by_label("Présent, Gamache, Ève").check()
        page.get_by_text("Enregistré").wait_for()
        page.reload()
        assert page.get_by_label("Présent, Gamache, Ève").is_checked()
    assert status_of(live.guest, "Ève") == "Confirmé·e"

    with live.someone(PHONE, "dark") as page:
        live.visit(page, "/mail")
        page.get_by_role("link", name="Votre place est confirmée").filter(has_text="Ève").click()
        page.wait_for_url("**/mail/*")
        require_accessible(page)
        message = page.frame_locator("iframe")
        message.get_by_text("Bonjour Ève").wait_for()
        message.get_by_role("link", name="Ma place").first.click()
        page.wait_for_url("**/place?code=*")
        require_accessible(page)
        assert page.get_by_label("Code").input_value().startswith("6-")


def test_every_other_page_can_be_used_by_everybody(live: Live) -> None:
    with live.someone(PHONE, "dark") as page:
        for path in ("/", "/journal", "/sheets/7101"):
            live.visit(page, path)
    with live.someone() as page:
        for path in ("/sheets/7105", "/sheets/0"):
            live.visit(page, path)


def test_a_cell_that_was_taken_meanwhile_keeps_what_was_typed(live: Live) -> None:
    with live.someone() as page:
        page.goto(f"{live.origin}/sheets/{ENROLMENTS}")
        note = page.get_by_label("Note, Lise Roy")
        at = columns_of(live.guest)["Note"]
        live.guest.write(ENROLMENTS, row=1, column=at, header="Note", key="1", text="d’abord")

        note.fill("ensuite")
        note.press("Enter")
        page.get_by_text("Quelqu’un a écrit dans cette cellule").wait_for()

        assert note.input_value() == "ensuite"
        assert live.guest.grid("Inscriptions")[1][at] == "d’abord"


def test_a_cohort_is_written_cell_by_cell_before_the_night_that_follows(live: Live) -> None:
    with live.someone() as page:
        page.goto(f"{live.origin}/sheets/7101")
        for label, text in (("Code", "C2"), ("Nom", "Le printemps"), ("Places", "8")):
            page.locator(f'tbody tr:nth-child(2) [data-header="{label}"]').fill(text)
        page.get_by_role("button", name="Laisser passer une nuit").click()
        page.wait_for_url("**/passed")

        assert "Le printemps" in page.inner_text("main")
    assert live.guest.grid("Cohortes")[2][:3] == ["C2", "Le printemps", 8]


def test_two_browsers_that_write_while_nights_pass_lose_nothing(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = ["Lise Roy", "Hugo Caron", "Nadia Morin", "Yvan Dion", "Sylvie Paré"]
    begun, written = threading.Event(), threading.Event()

    def dawdle(*args: Any, **options: Any) -> Any:
        begun.set()
        assert written.wait(30)
        return run_night(*args, **options)

    def watch(_: object, **__: object) -> None:
        if request.path.endswith("/cell"):
            written.set()

    monkeypatch.setattr(bench, "run_night", dawdle)
    with (
        request_started.connected_to(watch, live.guest.app),
        live.someone() as clock,
        live.someone() as one,
        live.someone() as other,
    ):
        for page in (one, other):
            page.goto(f"{live.origin}/sheets/{ENROLMENTS}")
        clock.evaluate(_GO_TO_EVE, live.guest.gate.csrf)
        assert begun.wait(30)
        for index, name in enumerate(people):
            one.get_by_label(f"Note, {name}").fill(f"note {index}")
            other.get_by_label(f"Priorité, {name}").fill(str(index + 1))
        other.get_by_label("Décision, Yvan Dion").select_option("Confirmer")
        for page in (one, other):
            page.keyboard.press("Tab")
            sync_api.expect(page.locator(".saving")).to_have_count(0)
            sync_api.expect(page.locator(".unsaved")).to_have_count(0)
        assert clock.evaluate("window.nights.then(answer => answer.status)") == 200

    at = columns_of(live.guest)
    rows = live.guest.grid("Inscriptions")[1:]
    assert [(row[at["Note"]], row[at["Priorité"]]) for row in rows] == [
        (f"note {index}", index + 1) for index in range(len(people))
    ]
    live.guest.post("/night")
    assert status_of(live.guest, "Yvan") == "Confirmé·e"

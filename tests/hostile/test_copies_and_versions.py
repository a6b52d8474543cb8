"""A workbook that was copied, or restored to an earlier version: no mail twice, no seat lost."""

from __future__ import annotations

import email
import email.policy
import json
import os
import shutil
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from automation import local
from automation.cli import main
from automation.errors import CohorteError, WorkbookError
from automation.local import read_mailbox
from tests.programme import NOW, small_programme, with_mail
from tests.studio.town import NIGHT, found_town

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programme import Programme

_DAY: Final = timedelta(days=1)
_REAL: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""Later than any night here, and earlier than the clock of whoever runs this."""


class _Story:
    """A programme whose spreadsheet somebody restores, in a folder with what it sent."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._earlier = programme.path.with_name("earlier.db")
        self.sent = self.letters()

    def begin(self) -> None:
        """Let two nights pass, with news between them; the first is the version to restore."""
        self.night(NOW)
        shutil.copyfile(self.programme.path, self._earlier)
        self.decide(1, "Désister")
        self.answer("Luc", 11)
        self.night(NOW + _DAY)

    def again(self, folder: Path) -> _Story:
        """Return the same story in another folder."""
        shutil.copytree(self.programme.path.parent, folder)
        moved = replace(self.programme, path=folder / self.programme.path.name)
        return _Story(with_mail(moved))

    def night(self, at: datetime) -> Any:
        """Let a night pass, by whose clock its messages leave."""
        night = self.programme.night(at=at)
        for path in self._folder.glob("*.eml"):
            if path.stat().st_mtime > _REAL.timestamp():
                os.utime(path, (at.timestamp(), at.timestamp()))
        return night

    def restore(self, *, guards: bool) -> None:
        """Let somebody restore the version of the first night.

        Args:
            guards: Whether Google restores the developer metadata too: it does not say.
        """
        kept = self._guards()
        shutil.copyfile(self._earlier, self.programme.path)
        if not guards:
            with sqlite3.connect(self.programme.path) as store:
                store.execute("DELETE FROM metadata")
                store.executemany("INSERT INTO metadata VALUES (?, ?, ?)", kept)
            store.close()

    def _guards(self) -> list[Any]:
        with sqlite3.connect(self.programme.path) as store:
            found = store.execute("SELECT * FROM metadata").fetchall()
        store.close()
        return found

    def decide(self, number: int, word: str) -> None:
        programme = self.programme
        programme.put_in("enrolments", programme.enrolment_row(number), "decision", word)

    def answer(self, name: str, day: int) -> None:
        mail = f"{name.lower()}@example.com"
        self.programme.answer((f"2023-01-{day} 09:00:00", name, "Roy", mail, "", "f"))

    @property
    def _folder(self) -> Path:
        return self.programme.path.parent / "courriels"

    def letters(self) -> Counter[tuple[str, str]]:
        """Return to whom what left, and how often."""
        found: Counter[tuple[str, str]] = Counter()
        for path in self._folder.glob("*.eml"):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found[str(letter["To"]).partition(" ")[0], str(letter["Subject"])] += 1
        return found

    def statuses(self) -> dict[str, str]:
        return {row["first_name"]: row["status"] for row in self.programme.rows("enrolments")}

    def told(self) -> dict[tuple[int, str], str]:
        """Return what Courriels says of each message."""
        rows = self.programme.rows("mail")
        return {(row["number"], row["template"]): row["state"] for row in rows}


@pytest.fixture(name="begun", scope="module")
def fixture_begun(tmp_path_factory: pytest.TempPathFactory) -> _Story:
    begun = _Story(with_mail(small_programme(tmp_path_factory.mktemp("story"))))
    begun.begin()
    return begun


@pytest.fixture
def story(begun: _Story, tmp_path: Path) -> _Story:
    return begun.again(tmp_path / "story")


_SEATS: Final = {
    "Hélène": "confirmed",
    "Marc": "merged",
    "Josée": "confirmed",
    "Guy": "waiting",
    "Ève": "waiting",
}
"""As of the first night; of the two answers of Marc, the second one is listed last."""


def test_a_restored_version_writes_nothing_and_mails_nobody_until_it_is_adopted(
    story: _Story,
) -> None:
    story.restore(guards=False)
    story.answer("Rita", 12)
    before = story.programme.picture()

    for hours in (1, 25):
        with pytest.raises(WorkbookError, match="restored"):
            story.night(NOW + 2 * _DAY + timedelta(hours=hours))

    assert story.programme.picture() == before
    assert story.letters() == story.sent


def test_an_adopted_version_keeps_its_seats_and_knows_what_left_meanwhile(story: _Story) -> None:
    story.restore(guards=False)
    story.programme.adopt(at=NOW + 2 * _DAY)
    story.answer("Rita", 12)

    night = story.night(NOW + 3 * _DAY)

    assert night.exit_code == 0
    assert story.statuses() == {**_SEATS, "Rita": "waiting"}
    assert story.letters() - story.sent == Counter({("Rita", _WAITING): 1})
    told = story.told()
    assert told[5, "confirmation"] == told[1, "withdrawn"] == told[7, "waiting"] == "sent"
    assert [row["number"] for row in story.programme.rows("enrolments")][-1] == 8  # 7 was Luc's


_WAITING: Final = "Vous êtes sur la liste d’attente : Première cohorte"
_CONFIRMED: Final = "Votre place est confirmée : Première cohorte"


def test_what_was_said_before_is_not_said_again_when_the_same_happens_again(story: _Story) -> None:
    story.restore(guards=False)
    story.programme.adopt(at=NOW + 2 * _DAY)
    story.decide(1, "Désister")

    story.night(NOW + 3 * _DAY)

    assert story.statuses()["Guy"] == "confirmed"
    assert story.letters() == story.sent


def test_where_the_guards_were_restored_too_the_mailbox_stops_the_mail_every_night(
    story: _Story,
) -> None:
    story.restore(guards=True)
    story.answer("Rita", 12)

    nights = [story.night(NOW + days * _DAY) for days in (2, 3, 4)]

    halts = [night.delivery.halted for night in nights]
    assert [halt.code for halt in halts if isinstance(halt, CohorteError)] == ["ledger_lost"] * 3
    assert {night.exit_code for night in nights} == {65}
    assert story.statuses() == {**_SEATS, "Rita": "waiting"}
    assert story.letters() == story.sent


def test_mail_of_which_nobody_knows_who_got_it_waits_for_a_human_and_the_rest_goes_on(
    story: _Story,
) -> None:
    story.restore(guards=True)
    story.answer("Rita", 12)
    story.night(NOW + 2 * _DAY)

    adopted = story.programme.adopt(at=NOW + 3 * _DAY)
    story.answer("Paul", 13)
    night = story.night(NOW + 4 * _DAY)

    assert adopted
    assert night.exit_code == 0
    told = story.told()
    assert told[7, "waiting"] == "unknown"  # to Luc before, to Rita now
    assert told[8, "waiting"] == "sent"
    assert set(story.letters() - story.sent) >= {("Paul", _WAITING)}
    assert ("Rita", _WAITING) not in story.letters()
    assert max(story.letters().values()) == 1
    assert not story.programme.adopt(at=NOW + 5 * _DAY)


def test_a_human_who_looked_has_it_sent_again(story: _Story) -> None:
    story.restore(guards=True)
    story.answer("Rita", 12)
    story.night(NOW + 2 * _DAY)
    story.programme.adopt(at=NOW + 3 * _DAY)
    rows = story.programme.rows("mail")
    doubtful = next(i for i, row in enumerate(rows, 1) if row["state"] == "unknown")
    story.programme.put_in("mail", doubtful, "action", "renvoyer")

    story.night(NOW + 4 * _DAY)

    assert story.letters()["Rita", _WAITING] == 1


def test_adopting_says_how_many_messages_left_and_how_many_are_in_doubt(
    story: _Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.restore(guards=True)
    story.answer("Rita", 12)
    story.night(NOW + 2 * _DAY)
    folder = story.programme.path.parent
    (folder / "cohorte.toml").write_text(_CONFIG, "utf-8")
    monkeypatch.chdir(folder)

    first, second = (_run("--at", "2023-01-13T02:00", "adopt") for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0)
    told = " ".join(first.output.split())
    assert "ne renverra pas : 2." in told
    assert "qui les a reçus : 1." in told
    assert "déjà le bon" in second.output


_CONFIG: Final = """
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["Réponses au formulaire 1"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
[fields.extra]
trade = "Métier"
[mail]
mode = "automatic"
transport = "folder"
folder = "courriels"
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)"
"""


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, ["--config", "cohorte.toml", *words])


_WRITERS: Final = (
    *("apply --yes", "nightly", "attendance sheets", "purge --yes --months 1"),
    *("person merge 1 2 --yes", "person erase 1 --yes", "mail resend REFERENCE --yes"),
    "cohort start C2 --from C1 --opens 2023-04-01 --yes",
)


def test_no_command_writes_to_a_copy_or_mails_from_it_until_it_is_adopted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = found_town(tmp_path)
    with local.session(tmp_path / "cohorte.db", clock=lambda: NIGHT) as session:
        files = session.get("https://www.googleapis.com/drive/v3/files").json()["files"]
        url = f"https://www.googleapis.com/drive/v3/files/{files[0]['id']}/copy"
        copy = session.post(url, json={"name": "Copie"}).json()["id"]
    text = config.read_text("utf-8").replace("[workspace]", f'[workspace]\nspreadsheet = "{copy}"')
    config.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    before = _content(tmp_path / "cohorte.db")

    reference = json.loads(_run("show", "mail", "--format", "json").stdout)[0]["reference"]
    codes = {
        words: _run(*_dated(words.replace("REFERENCE", reference))).exit_code for words in _WRITERS
    }

    assert codes == dict.fromkeys(_WRITERS, 65)
    assert _content(tmp_path / "cohorte.db") == before
    letters = len(read_mailbox(tmp_path / "cohorte.db"))
    assert _run("adopt").exit_code == 0
    assert _run(*_dated("nightly")).exit_code == 0
    assert len(read_mailbox(tmp_path / "cohorte.db")) == letters


def _dated(words: str) -> list[str]:
    at = ["--at", "2023-01-11T02:00"] if words.split(maxsplit=1)[0] in {"apply", "nightly"} else []
    return [*at, *words.split()]


def _content(path: Path) -> list[str]:
    with sqlite3.connect(path) as store:
        found = list(store.iterdump())
    store.close()
    return found

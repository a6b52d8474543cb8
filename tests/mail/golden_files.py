"""The sample messages as they were last read over by a person: `tests/mail/golden`.

`python -m tests.mail.golden_files` writes them anew, to be read in the diff before a commit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from automation.core.letters import Template
from automation.core.rules import Language
from automation.mail.invitation import make_invitation
from automation.mail.samples import SAMPLE_OFFICE, sample_letter
from automation.mail.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "golden"


def make_golden_files() -> Iterator[tuple[str, str]]:
    """Yield each file's name and content: every text, the French pages, one invitation."""
    templates = Templates()
    for template in Template:
        for language in Language:
            rendered = templates.render(sample_letter(template, language), SAMPLE_OFFICE)
            yield f"{template}.{language}.txt", f"{rendered.subject}\n\n{rendered.text}"
            if language is Language.FRENCH:
                yield f"{template}.{language}.html", rendered.html
    sample = sample_letter(Template.CONFIRMATION, Language.FRENCH)
    invitation = make_invitation(sample, SAMPLE_OFFICE, Language.FRENCH)
    assert invitation is not None
    yield "confirmation.fr.ics", invitation.content.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    for name, content in make_golden_files():
        (FOLDER / name).write_text(content, encoding="utf-8")

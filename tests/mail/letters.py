"""What tests of mail share: an office, and letters to change one thing of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from automation.core.letters import Letter, Template, ToPerson
from automation.core.rules import Language
from automation.mail.samples import SAMPLE_OFFICE, sample_letter
from automation.mail.templates import Templates

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

OFFICE = SAMPLE_OFFICE
TEMPLATES = Templates()


def letter(
    template: Template = Template.CONFIRMATION,
    language: Language = Language.FRENCH,
    *,
    name: str = "Hélène Tremblay",
    address: str = "helene@example.org",
    **details: Any,
) -> Letter:
    """Return a sample letter to a person, with some of its details changed."""
    sample = sample_letter(template, language)
    changed = replace(sample.details, **details)
    return replace(sample, name=name, address=address, details=changed)


def person(sample: Letter) -> ToPerson:
    """Return the details of a letter to a participant."""
    assert isinstance(sample.details, ToPerson)
    return sample.details


def parts(message: EmailMessage) -> dict[str, Any]:
    """Return the decoded contents of a message by content type."""
    return {
        part.get_content_type(): part.get_content()
        for part in message.walk()
        if not part.is_multipart()
    }


def write_template(folder: Path, name: str, body: str, header: str = "") -> Templates:
    """Return the templates with one file replaced; without a header, an ordinary one."""
    folder.mkdir(exist_ok=True)
    settings = "kind: service\npriority: 40\nexpires: 72\n" if ".fr." in name else ""
    front = header or f"subject: Objet\npreview: Aperçu\n{settings}"
    (folder / name).write_text(f"---\n{front}---\n{body}\n", encoding="utf-8")
    return Templates(folder)

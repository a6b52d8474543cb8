from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from automation.core.letters import Attachment, Letter, Template
from automation.core.rules import Language
from automation.mail.addresses import Mailbox
from automation.mail.compose import Message, compose
from automation.mail.mistakes import AddressError, LetterError
from automation.mail.samples import AWKWARD_NAMES, sample_letter
from tests.mail.letters import OFFICE, TEMPLATES, letter, parts

ANYTHING = st.text(st.characters(codec="utf-8"), max_size=120)


def write(template: Template = Template.CONFIRMATION, **details: Any) -> Message:
    return compose(letter(template, **details), OFFICE, TEMPLATES)


def test_the_same_letter_makes_the_same_octets() -> None:
    first, second = write(), compose(letter(), OFFICE, TEMPLATES)

    assert first.content == second.content


def test_a_message_is_ascii_in_short_lines_ended_by_crlf() -> None:
    content = write(Template.FAREWELL).content

    lines = content.split(b"\r\n")

    assert content.isascii()
    assert max(map(len, lines)) <= 78
    assert b"\n" not in b"".join(lines)


def test_text_and_page_are_alternatives_beside_the_attachments() -> None:
    message = write().parse()

    kinds = [part.get_content_type() for part in message.walk()]

    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_a_message_without_attachment_is_only_the_alternatives() -> None:
    message = write(Template.WAITING).parse()

    assert message.get_content_type() == "multipart/alternative"


def test_the_headers_say_who_writes_and_that_a_machine_does() -> None:
    message = write().parse()

    assert message["From"].addresses == (
        Address("Le comité du Rendez-vous", "comite", "example.org"),
    )
    assert message["Reply-To"] == "bonjour@example.org"
    assert message["To"].addresses == (Address("Hélène Tremblay", "helene", "example.org"),)
    assert message["Date"].datetime.isoformat() == "2023-01-05T02:00:00-05:00"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["Message-ID"] == "<sampleconfirmationfr@example.org>"
    assert message["X-Cohorte-Key"] == "sampleconfirmationfr"


def test_a_service_message_has_no_button_to_unsubscribe() -> None:
    assert write().parse()["List-Unsubscribe"] is None


@pytest.mark.parametrize("local", ["nouvelles", "n" * 60])
def test_a_promo_message_has_one_that_nothing_encodes(local: str) -> None:
    office = replace(OFFICE, unsubscribe=Mailbox("", f"{local}@example.org"))

    content = compose(letter(Template.NEXT_COHORT), office, TEMPLATES).content
    written_again = Message(key="", sender="", to="", subject="", content=content).parse()

    for octets in (content, written_again.as_bytes()):
        header = re.search(rb"^List-Unsubscribe: (.*)\r\n", octets, re.MULTILINE)
        assert header is not None
        assert header[1].startswith(f"<mailto:{local}@example.org".encode())


def test_the_survey_makes_a_message_a_promo_one() -> None:
    with_survey = write(Template.FAREWELL).parse()
    without = write(Template.FAREWELL, survey_link="").parse()

    assert with_survey["List-Unsubscribe"] is not None
    assert without["List-Unsubscribe"] is None
    assert "nouvelles@example.org" in parts(with_survey)["text/plain"]
    assert "nouvelles@example.org" not in parts(without)["text/plain"]


def test_an_attestation_goes_with_the_farewell() -> None:
    pdf = Attachment(name="attestation-17.pdf", type="application/pdf", content=bytes(range(256)))
    farewell = replace(letter(Template.FAREWELL), attachments=(pdf,))

    message = compose(farewell, OFFICE, TEMPLATES).parse()

    (part,) = message.iter_attachments()
    assert part.get_filename() == "attestation-17.pdf"
    assert part.get_content() == pdf.content


def test_a_file_may_have_an_accent_in_its_name() -> None:
    file = Attachment(name='pr"ésence.pdf', type="application/pdf", content=b"x")
    farewell = replace(letter(Template.FAREWELL), attachments=(file,))

    message = compose(farewell, OFFICE, TEMPLATES).parse()

    (part,) = message.iter_attachments()
    assert part.get_filename() == 'pr"ésence.pdf'


def test_somebody_who_asked_for_english_is_written_to_in_english() -> None:
    message = compose(letter(language=Language.ENGLISH), OFFICE, TEMPLATES).parse()

    text = parts(message)["text/plain"]
    assert "Hello Hélène," in text
    assert "Monday, January\xa016, 2023, 6:30\xa0p.m. to 9\xa0p.m." in text
    assert '<html lang="en"' in parts(message)["text/html"]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("policy", [default, SMTP])
def test_the_standard_library_writes_every_message_the_same_again(
    template: Template, language: Language, policy: Any
) -> None:
    message = compose(sample_letter(template, language), OFFICE, TEMPLATES)

    again = message.parse().as_bytes(policy=policy)

    assert again.replace(b"\r\n", b"\n") == message.content.replace(b"\r\n", b"\n")


@given(name=ANYTHING, cohort=ANYTHING, reference=ANYTHING, pdf=st.binary(max_size=200))
@settings(max_examples=60)
def test_a_message_parses_back_equal_to_what_the_standard_library_makes(
    name: str, cohort: str, reference: str, pdf: bytes
) -> None:
    """The writer of octets is held against `email`, whatever the values."""
    file = Attachment(name="a.pdf", type="application/pdf", content=pdf)
    sent = replace(
        letter(name=name, cohort=cohort, first_name=name), reference=reference, attachments=(file,)
    )

    message = compose(sent, OFFICE, TEMPLATES)

    parsed = message.parse()
    rendered = TEMPLATES.render(sent, OFFICE)
    expected = _build_slowly(parsed, message.subject, rendered.text, rendered.html, pdf)
    assert _tell(parsed) == _tell(expected)
    assert not any(part.defects for part in parsed.walk())
    assert not any(header.defects for header in parsed.values())
    assert parsed.as_bytes() == message.content


def _build_slowly(
    parsed: EmailMessage, subject: str, text: str, html: str, pdf: bytes
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(OFFICE.sender.name, addr_spec=OFFICE.sender.address)
    message["To"] = parsed["To"].addresses
    message["Subject"] = subject
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    calendar = next(iter(parsed.iter_attachments()))
    message.add_attachment(
        calendar.get_payload(decode=True), "text", "calendar", filename="rencontres.ics"
    )
    message.add_attachment(pdf, "application", "pdf", filename="a.pdf")
    return message


def _tell(message: EmailMessage) -> list[object]:
    """Return what a reader sees of a message: some headers, and each part decoded."""
    told: list[object] = [str(message[name]) for name in ("From", "To", "Subject")]
    for part in message.walk():
        decoded = part.get_payload(decode=True)
        lines = decoded.replace(b"\r\n", b"\n") if isinstance(decoded, bytes) else None
        told.append((part.get_content_type(), part.get_filename(), lines))
    return told


def changed(sent: Letter, field: str, value: str) -> Letter:
    """Return the letter with another value for the person's name, or for one of the details."""
    if field == "name":
        return replace(sent, name=value)
    changes: dict[str, Any] = {field: value}
    return replace(sent, details=replace(sent.details, **changes))


@given(value=ANYTHING)
@settings(max_examples=60)
@pytest.mark.parametrize("field", ["name", "first_name", "cohort", "place_link"])
def test_no_value_becomes_a_header_or_another_recipient(field: str, value: str) -> None:
    try:
        message = compose(changed(letter(), field, value), OFFICE, TEMPLATES).parse()
    except LetterError:
        assert field == "place_link"
        return

    assert message.keys() == write().parse().keys()
    assert [one.addr_spec for one in message["To"].addresses] == ["helene@example.org"]


@pytest.mark.parametrize("value", AWKWARD_NAMES)
@pytest.mark.parametrize("template", [Template.CONFIRMATION, Template.OFFER, Template.FAREWELL])
def test_no_value_becomes_a_tag_or_markdown_or_a_template(template: Template, value: str) -> None:
    plain, awkward = write(template), write(template, first_name=value, cohort=value)

    tags = [
        re.findall(r"<[^>]*>", parts(message.parse())["text/html"]) for message in (plain, awkward)
    ]

    assert tags[0] == tags[1]
    assert "49" not in parts(awkward.parse())["text/plain"]


def test_endless_values_are_cut() -> None:
    message = write(name="X" * 10_000, first_name="X" * 10_000, cohort="Y" * 10_000)

    assert len(message.content) < 40_000
    assert len(message.subject) <= 150


def test_direction_marks_and_new_lines_are_taken_out() -> None:
    text = parts(write(first_name="Ana\u202ebs\r\nBcc: x").parse())["text/plain"]

    assert "Bonjour Anabs Bcc: x," in text


def test_a_name_that_looks_like_a_link_is_not_one_any_more() -> None:
    """Mail programs make links by themselves, and the form is open to everybody."""
    text = parts(write(first_name="gagnez sur https://casino.example/x").parse())["text/plain"]

    assert "Bonjour gagnez sur https: //casino. example/x," in text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a b", 'https://x"><b>', "data:x"])
def test_a_link_must_be_one(link: str) -> None:
    with pytest.raises(LetterError) as caught:
        write(place_link=link)

    assert caught.value.message.code == "mail.bad_link"


def test_a_bad_address_is_that_letters_problem() -> None:
    with pytest.raises(AddressError):
        compose(letter(address="hélène@example.org"), OFFICE, TEMPLATES)


def test_a_key_that_no_header_can_hold_is_a_bug() -> None:
    with pytest.raises(ValueError, match="not a key"):
        compose(replace(letter(), key="a\r\nBcc: x"), OFFICE, TEMPLATES)

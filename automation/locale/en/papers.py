"""What is printed: sign-in sheets and attestations."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "paper.day": "{weekday}, {day}",
    "paper.from": "at {start}",
    "paper.hours": "{start} to {end}",
    "paper.on": "on {day}",
    "paper.span": "from {first} to {last}",
    # The sign-in sheet
    "paper.sign_in": "Sign-in sheet",
    "paper.meeting": "Meeting no. {number}",
    "paper.host": "Hosted by {host}",
    "paper.number": "No.",
    "paper.name": "Name",
    "paper.business": "Business",
    "paper.signature": "Signature",
    "paper.email": "E-mail",
    "paper.guests": "Guests",
    "paper.guests_welcome": "Welcome! Please print your name, and your e-mail if you would like to hear from us.",
    "paper.not_registered": "Not registered yet? Point your phone’s camera at this code: it opens the registration form.",
    "paper.page": "page {number} of {count}",
    # The attestation
    "paper.attestation": "Certificate of participation",
    "paper.certifies": "The committee certifies that",
    "paper.took_part": "took part in {presences} of {meetings} meetings, {span}.",
    "paper.took_part_once": "took part in 1 of {meetings} meetings, {span}.",
    "paper.took_part_always": "took part in all {meetings} meetings, {span}.",
    "paper.took_part_sole": "took part in the meeting held {span}.",
    "paper.thanks": "Thank you for being there, and for all that you brought to the group.",
    "paper.done_at": "{place}, {day}",
    "paper.done_on": "{day}",
    "paper.for_committee": "For the committee",
    # The command line
    "help.papers": "Prepare what is printed: sign-in sheets, attestations.",
    "help.sign_in": "Make the sign-in sheet of the next meeting, or of others.",
    "help.attestations": "Make an attestation for each person who came often enough (column Attestation from).",
    "option.out": "File to write; - for standard output.",
    "papers.file.sign_in": "sign-in-sheet-{meetings}",
    "papers.file.attestations": "attestations",
    "papers.sign_in": "Ready to print: {file} (meeting no. {meetings}).",
    "papers.attestations": "Attestations ready to print: {file} ({count}).",
    "papers.nobody": "No attestation: nobody has come often enough yet.",
    "papers.no_threshold": "No attestation: write a number of presences under “Attestation from” in the tab Cohorts.",
    # What stands in the way
    "error.no_pdf": "The extra pdf is not installed: Cohorte cannot make a PDF.",
    "error.no_pdf.remedy": "pip install 'cohorte[pdf]'; or, with nothing to install, --format html, which prints from any browser.",
    "error.paper_template": "The template {template} can't be used (line {line}): {problem}",
    "error.paper_template.remedy": "Correct it; or take it out of the folder of [attendance] templates, and Cohorte's own takes its place again.",
    "error.no_meeting": "No such meeting, or none to come.",
    "error.no_meeting.remedy": "Choose with --meeting, by their numbers in the tab Meetings.",
    "error.meeting_undated": "Meeting no. {number} has no date.",
    "error.meeting_undated.remedy": "Write it in the tab Meetings.",
    "error.unwritable": "The file {file} cannot be written.",
    "error.unwritable.remedy": "Choose another with --out.",
}

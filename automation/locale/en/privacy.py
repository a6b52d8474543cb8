"""Privacy: giving, erasing, keeping no longer than needed."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "help.person.export": "Give all that is held about a person, as JSON: a name, an address or a number.",
    "help.erase": "Erase a person from every tab, for ever: a name, an address or a number.",
    "help.purge": "Erase whom the retention period has reached; nothing is erased until you say so.",
    "option.months": "Months after the end of the cohort (else [retention] months).",
    "reason.erased": "Your personal information has been erased.",
    "reason.ended_by_erasure": "Your enrolment ends: your personal information is being erased.",
    "mailing.erased": "(person erased)",
    "problem.erasure_pending": "Erasure to finish (no. {number}): delete this answer in the form (Responses, Individual), then this row. Until then Cohorte knows it and registers nobody; if it is a new registration, have it sent again afterwards.",
    "error.erase_doubled": "No. {number} stands on several rows of the Enrolments tab: nobody can tell which is theirs. Nothing was erased.",
    "error.erase_doubled.remedy": "Delete the copy, then run the command again.",
    "erase.who": "Person no. {person}: enrolments no. {numbers}{name}.",
    "erase.what": "Their name, how to reach them, their answers and your notes will go from all of Cohorte’s tabs, for ever. A row without a name stays, “Erased”, so that the figures stay true.",
    "erase.live": "Active enrolments that end: {count}. Their seats are free again.",
    "erase.confirm": "Erase for ever? (yes/no)",
    "erase.nobody": "Nothing to erase.",
    "erase.done": "Done: enrolments erased: {count}.",
    "erase.answers": "Now it is up to you: answers to delete in the form, then in their tab: {count}. Cohorte never writes there; “cohorte status” says which as long as they are there.",
    "erase.replies": "Replies to “My place” under their code, to delete as well: {count}.",
    "erase.sent": "Messages that have left already and stay in the mailbox: {count}.",
    "erase.drafts": "Drafts deleted: {count}.",
    "erase.drafts_left": "Drafts of which nobody knows whether they left, not touched: {references}. Look at them in the mailbox, and delete them yourselves.",
    "erase.drafts_unread": "The mailbox did not answer: drafts may still be there. Run the command again with no. {number}.",
    "erase.leftover": "Named elsewhere, for you to empty: {place}.",
    "erase.row": "{tab}, row {row}",
    "erase.file": "the spreadsheet itself (its title or a named range)",
    "erase.history": "Google keeps earlier versions of the spreadsheet (File, Version history): for nothing to be left, make a copy, put its id into the configuration, say “cohorte adopt”, and delete the old one.",
    "purge.cohort": "{cohort}: last meeting on {day}",
    "purge.open": "{cohort}: under way, or without an end",
    "purge.people": "People whose enrolments all ended {months} months ago: {count}{numbers}.",
    "purge.nobody": "The retention period ({months} months) has reached nobody.",
    "summary.row.erasures": "Answers of erased people, to delete in the form and in its tab",
    "look.erasures": "Answers of erased people, to delete in the form and in its tab: {count}",
    "digest.erasures": "Answers of erased people, to delete",
    "export.person": "All that is held about this person: {file}. The file is personal: delete it once it is handed over.",
}

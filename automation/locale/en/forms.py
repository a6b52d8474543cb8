"""Google forms: what keeps them from answering, what Cohorte changes in them."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # After an option, in brackets: recognised in both languages.
    "form_option.waiting": "full – waiting list",
    "form_option.full": "full",
    "form_option.closed": "registration closed",
    "form.open": "open",
    "form.not_accepting": "no answers are accepted",
    "plan.form": "What the form will say: {doors}.",
    "night.form_unkept": "The form was not brought up to date; the rest of the night is done:",
    "error.form_legacy": "This form is of an older kind, which the API can neither close nor open again.",
    "error.form_legacy.remedy": "Close it yourself: Responses, untick “Accepting responses”. A form made today has no such limit. Cohorte mentions it again only when the situation changes.",
    "problem.form_unmatched": "No row agrees with the responses of the form that the configuration names: is it the right form_id, and is the spreadsheet in the right time zone (File, Settings)?",
    "night.form_unread": "The responses could not be read in the form; the night relies on the sheet alone:",
    "error.form_not_found": "The form that [responses] form_id names does not exist, or is not shared with Cohorte’s account.",
    "error.form_not_found.remedy": "Open the form, ⋮, Add collaborators, and add that account as an editor; or take form_id out: the sheet alone will do.",
    "error.form_forbidden": "The form is not shared with Cohorte’s account.",
    "error.form_forbidden.remedy": "Open the form, ⋮, Add collaborators, and add that account as an editor; or take form_id out of the configuration: the sheet alone will do.",
    "error.form_refused": "Google refuses what is asked of the form ({detail}).",
    "error.form_refused.remedy": "If somebody was editing the form, the next night tries again; otherwise open it and see whether it is still whole.",
}

"""What becomes of messages, and the accounts that they leave from."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # Why a message did not leave, or why nobody knows.
    "sending.refused": "The message is refused: {detail}.",
    "sending.limit": "Gmail takes no more messages for now ({detail}).",
    "sending.still_a_draft": "The message is still among the drafts: it has not left.",
    "sending.draft_gone": "The draft is gone, and the message is not among those that left: "
    "search the mailbox for “{reference}”.",
    "sending.touched": "Somebody touched the draft: look for “{reference}” among the sent messages "
    "and the drafts.",
    "sending.no_server": "The mail server does not answer.",
    "sending.broken_off": "The connection to the mail server broke before the end: nothing left.",
    "sending.no_receipt": "The mail server did not acknowledge: the message may have left. Look for "
    "“{reference}” among the sent messages, or ask the person.",
    "sending.no_memory": "The sending was interrupted, and a mail server does not tell what left: "
    "look for “{reference}” among the sent messages, or ask the person.",
    "sending.accented": "The address has an accent before the @: many servers do not take it.",
    "sending.not_in_folder": "The message is not in the folder.",
    # The accounts that cannot be used.
    "error.no_mailbox": "Google refuses access to the mailbox.",
    "error.no_mailbox.remedy": "Grant the scopes gmail.compose and gmail.readonly; a service "
    "account must also be allowed to act for [google] subject (domain-wide delegation).",
    "error.mail_unreachable": "The mail server does not answer as expected ({detail}).",
    "error.mail_unreachable.remedy": "Nothing is lost: check [smtp] host and port, then run the "
    "command again.",
    "error.mail_credentials": "The mail server does not accept us ({detail}).",
    "error.mail_credentials.remedy": "Check [smtp] user and the password: the file password_file, "
    "or COHORTE_SMTP_PASSWORD.",
    "error.mail_no_tls": "The mail server “{host}” offers no encrypted connection.",
    "error.mail_no_tls.remedy": "Nothing left. Write another server in [smtp], or the port 465 if "
    "yours encrypts from the start.",
    "error.mail_folder": "The folder of messages “{path}” cannot be used ({detail}).",
    "error.mail_folder.remedy": "Check that it can be written to and that there is room left.",
}

"""Le catalogue français : complet, et le premier; un module par domaine."""

from __future__ import annotations

from typing import Final

from automation.locale.fr import (
    access,
    attendance,
    cohort,
    commands,
    doctor,
    explain,
    forms,
    ledger,
    mail,
    mishaps,
    papers,
    privacy,
    reasons,
    scheduling,
    sending,
    sets,
    setup,
    studio,
    summary,
    terminal,
    trial,
)

WORDS: Final[dict[str, str]] = {
    **sets.WORDS,
    **setup.WORDS,
    **reasons.WORDS,
    **mishaps.WORDS,
    **access.WORDS,
    **doctor.WORDS,
    **commands.WORDS,
    **trial.WORDS,
    **explain.WORDS,
    **forms.WORDS,
    **cohort.WORDS,
    **attendance.WORDS,
    **papers.WORDS,
    **ledger.WORDS,
    **mail.WORDS,
    **sending.WORDS,
    **summary.WORDS,
    **scheduling.WORDS,
    **studio.WORDS,
    **privacy.WORDS,
    **terminal.WORDS,
}

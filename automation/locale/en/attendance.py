"""Attendance: its tabs and its commands."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "roll.called": "Roll called",
    "roll.guests": "Guests: one row for each person",
    "presence.present": "present",
    "presence.absent": "absent",
    "presence.excused": "excused",
    "presence.unknown": "?",
    "problem.roll_header": "The header row (No., Name, Present…) is gone: this tab is left as it is, and nobody is counted there. Undo the change (Ctrl+Z, or File, Version history).",
    "problem.roll_torn": "The cells of the row of no. {number} no longer belong together: its ticks do not count, since they may be somebody else’s. Undo the change (Ctrl+Z, or File, Version history).",
    "problem.roll_doubled": "No. {number} stands on several rows: a tick on one of them is enough. Delete the copy.",
    "problem.roll_orphan": "Meeting no. {number} is no longer in the tab Meetings: its tab and its ticks stay, but do not count. Put its row back if it took place.",
    "notice.pairs_misplaced": "After the write, pairs of the tab Duplicates are not where they should be: {numbers}. Somebody probably sorted the tab at that moment.",
    "notice.rolls_misplaced": "After the write, rows of an attendance tab are not where they should be: meeting no. {numbers}. Somebody probably sorted the tab at that moment.",
    "plan.roll_new": "Attendance of meeting no. {meeting}: tab to make, people expected: {count}.",
    "plan.roll": "Attendance of meeting no. {meeting}: people added: {added}, struck out: {left}.",
    "plan.roll_updated": "Attendance of meeting no. {meeting}: tab to bring up to date.",
    "help.attendance": "Make the attendance tabs.",
    "help.sheets": "Make the tab of each cohort’s next meeting now, or those of others.",
    "option.meeting": "Number of a meeting (column No. of the tab Meetings); may be repeated.",
    "attendance.made": "Tab ready: meeting no. {meeting}, people expected: {count}.",
    "attendance.nothing": "Nothing to make: the tabs are there, or no meeting is coming.",
    "attendance.title": "Attendance – {cohort}",
    "attendance.guests": "Guests",
    "attendance.none": "No attendance tab yet: it is made {days} days before the meeting, or by “cohorte attendance sheets”.",
    "attendance.legend": "✓ present · – absent · E excused · ? not said yet",
    "column.total": "Presences",
    "error.unknown_meeting": "There is no meeting no. {number}.",
    "error.unknown_meeting.remedy": "The numbers are in the column No. of the tab Meetings, once a night has passed: {numbers}.",
    "help.person.show": "Show all that is known of a person: a name, an address or a number.",
    "dossier.title": "person no. {number}",
    "dossier.head.enrolments": "Enrolments",
    "dossier.head.presences": "Attendance",
    "dossier.head.pairs": "Possible duplicates",
    "column.registered": "Registered",
}

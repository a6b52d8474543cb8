"""Errors: what happened, and what to do."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "nearest.header": " The nearest header is “{header}”.",
    "error.missing_question": "The question “{question}” is not in the tab “{tab}”.{nearest}",
    "error.missing_question.remedy": "Put the header back in the tab, or write the new one in the "
    "configuration, section [fields]. Nothing was written.",
    "error.missing_response_tab": "The response tab “{tab}” cannot be found. Tabs of the "
    "workbook: {titles}.",
    "error.missing_response_tab.remedy": "Write its exact title in the configuration, section "
    "[responses], key tabs. Nothing was written.",
    "error.answers_are_chart": "The response tab “{tab}” is nothing but a chart now: Cohorte finds no "
    "answers in it.",
    "error.answers_are_chart.remedy": "Rename that chart and give its title back to the tab of the "
    "answers, or restore it: File, Version history. Nothing was written.",
    "error.tab_is_chart": "The tab “{tab}” is nothing but a chart now, where Cohorte reads and writes.",
    "error.tab_is_chart.remedy": "Restore the tab that was there: File, Version history. Nothing was "
    "written.",
    "error.memory_gone": "The tab “{tab}” is gone from the workbook, and Cohorte keeps its memory there.",
    "error.memory_gone.remedy": "Bring it back: File, Version history. Nothing was written.",
    "error.missing_column": "The column “{column}” is not in the tab “{tab}”.{nearest}",
    "error.missing_column.remedy": "Put this header back in row 1 (Ctrl+Z or the version history). "
    "Nothing was written.",
    "error.unknown_zone": "The workbook's time zone “{zone}” is not known here.",
    "error.unknown_zone.remedy": "Choose another one: File, Settings, Time zone.",
    "error.no_spreadsheet": "The workspace “{path}” holds no spreadsheet.",
    "error.no_spreadsheet.remedy": "Load answers with “cohorte local load FILE.csv”, or see a "
    "demonstration with “cohorte demo”.",
    "error.several_spreadsheets": "The workspace “{path}” holds several spreadsheets.",
    "error.several_spreadsheets.remedy": "Say which one in the configuration: [workspace], key "
    "spreadsheet.",
    "error.workspace_version": "The workspace “{path}” comes from another version of Cohorte ({version}).",
    "error.workspace_version.remedy": "Go back to the version that made it, or load your files again in a new folder.",
    "error.workspace_unreadable": "The file “{path}” is not an embedded workspace.",
    "error.workspace_unreadable.remedy": "Check [workspace] path in the configuration.",
    "error.not_found": "Google cannot find the spreadsheet.",
    "error.not_found.remedy": "Check [workspace] spreadsheet: it is the long run of letters in the "
    "sheet's address.",
    "error.locked": "Google refuses to write: a protection keeps Cohorte out of this: {tabs}.",
    "error.locked.remedy": "Data, Protect sheets and ranges: add Cohorte's account to those who can "
    "edit, or only show a warning. Then run the command again.",
    "error.forbidden": "Google refuses access to the spreadsheet.",
    "error.forbidden.remedy": "Share it, as an editor, with Cohorte's account; `cohorte doctor` says which.",
    "error.credentials": "The Google credentials are not accepted ({detail}).",
    "error.credentials.remedy": "Check [google] credentials in the configuration.",
    "error.unreachable": "Google does not answer as expected ({detail}).",
    "error.unreachable.remedy": "Nothing is lost: check the connection to the Internet, then run the command again in a few minutes.",
    "error.refused": "Google refused the write: {detail}",
    "error.refused.remedy": "Nothing was written. This is a defect of Cohorte: report it with this "
    "message. “cohorte --debug …” shows all that Google says: personal information may be in it.",
    "error.conflict": "Another run wrote in the meantime; this one wrote nothing more.",
    "error.conflict.remedy": "Run the command again: it starts from what the other left.",
    "error.lease": "Another run is under way, until {until} at the latest.",
    "error.lease.remedy": "Wait for it to finish, then run the command again.",
    "error.too_late": "What was read is over 30 minutes old: nothing more was written.",
    "error.too_late.remedy": "Run the command again.",
    "error.stale_plan": "The plan is no longer the same ({digest}).",
    "error.stale_plan.remedy": "Look at it again with “cohorte plan”.",
    "error.no_enrolment": "There is no enrolment no. {number}.",
    "error.no_enrolment.remedy": "The numbers are in the tab Enrolments: `cohorte show enrolments`.",
    "error.merge_with_itself": "No. {number} is itself already: it takes two.",
    "error.merge_with_itself.remedy": "Give the numbers of two enrolments.",
    "error.nobody_to_split": "No. {number} is this person's only enrolment.",
    "error.nobody_to_split.remedy": "`cohorte explain {number}` says what Cohorte knows of them.",
    "error.split_the_other": "No. {number} stayed: it is no. {other} that was joined to it.",
    "error.split_the_other.remedy": "To part them: `cohorte person split {other}`.",
    "error.brake": "{what}. That is a lot for one night: nothing was written.",
    "error.brake.remedy": "Look at `cohorte plan`. If it is meant, run `cohorte apply --force`; otherwise bring the rows back (File, Version history).",
    "error.copied": "This workbook is a copy: it was made under another id. Nothing was written.",
    "error.copied.remedy": "Check [workspace] spreadsheet. If the copy replaces the original, say so with `cohorte adopt`.",
    "error.restored": "The workbook went back to an earlier version: its journal ends before the last write. Nothing was written.",
    "error.restored.remedy": "Look through the tab Enrolments. If it is as you want it, say so with `cohorte adopt`; otherwise bring back a later version.",
    "error.config": "The configuration {path} cannot be used:\n{mistakes}",
    "error.config.remedy": "Correct these lines; {example} shows every key.",
    "error.config_unreadable": "The configuration {path} cannot be read: it is a folder, or access is denied.",
    "error.config_unreadable.remedy": "Give with --config the path of a file that you can read.",
    "error.no_config": "The configuration file {path} does not exist.",
    "error.no_config.remedy": "Give its path with --config, or make it with “cohorte init”; to try it with your "
    "answers, “cohorte local load FILE.csv”.",
    "error.at_on_google": "--at is only for looking when the sheet is at Google.",
    "error.at_on_google.remedy": "Run the command again without --at.",
    "error.bad_instant": "“{value}” is not an ISO 8601 date and time.",
    "error.bad_instant.remedy": "Write for instance 2023-01-16T02:00.",
    "error.unknown_tab": "There is no tab “{tab}”.",
    "error.unknown_tab.remedy": "Choose among: {tabs}.",
    "error.tab_not_made": "The tab “{tab}” does not exist yet.",
    "error.tab_not_made.remedy": "“cohorte apply” makes the missing tabs.",
    "error.bad_csv": "The file {path} cannot be read as CSV, from line {line} on.",
    "error.bad_csv.remedy": "Download the tab again: File, Download, Comma-separated values.",
    "error.zip_csv": "The archive {path} holds {count} CSV files: there must be one.",
    "error.zip_csv.remedy": "Take the file of answers out of it and load that; save an Excel workbook as CSV first.",
    "error.bad_zip": "The archive {path} cannot be opened: it is damaged, or asks for a password.",
    "error.bad_zip.remedy": "Download it again, or load the CSV inside.",
    "error.csv_too_large": "The file {path} is larger than {megabytes} MB: those are no answers.",
    "error.csv_too_large.remedy": "Download the tab again: File, Download, Comma-separated values.",
    "error.empty_csv": "The file {path} is empty.",
    "error.empty_csv.remedy": "Download the tab again: File, Download, Comma-separated values.",
    "error.csv_headers": "The file lacks the column “{column}”: these rows do not belong in the tab "
    "“{tab}”.",
    "error.csv_headers.remedy": "The first line of the file must hold the tab's headers.",
    "error.csv_resembles": "The file {path} looks like the tab “{tab}”, not like answers.",
    "error.csv_resembles.remedy": "Tell the command so: add “--as {kind}”.",
    "error.csv_missing_question": "The question “{question}” is not in {path}.{nearest}",
    "error.csv_missing_question.remedy": "Put the header back in the file, or write the new one in "
    "{config}, section [fields]. Nothing was loaded.",
    "error.csv_no_timestamp": "No column of {path} tells when each answer came.",
    "error.csv_no_timestamp.remedy": "Call the one with their date and time “Timestamp”. "
    "Nothing was loaded.",
    "error.csv_no_name": "No column of {path} seems to give the person's name.",
    "error.csv_no_name.remedy": "Call one of them “Full name”, or write the configuration {config} "
    "after {example}.",
    "error.local_only": "This command is only for an embedded workspace.",
    "error.local_only.remedy": 'Choose a configuration where [workspace] kind = "embedded".',
    "error.port_taken": "Port {port} cannot be taken on this machine.",
    "error.port_taken.remedy": "Choose another with --port, or --port 0 for any that is free.",
}

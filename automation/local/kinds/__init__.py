"""The kinds of request in a batchUpdate, a family a file.

Each is a function of the open spreadsheet and the checked request. It changes the spreadsheet and
returns its reply, or None where Google replies `{}`. It raises `ApiError` for what Google refuses;
`batch` adds which request it was and lets nothing of the batch remain.
"""

"""From "write this to that person" to a message that is ready to leave, and no further.

`compose.compose` does it; `templates` holds what the messages say, `check` reads it over.
"""

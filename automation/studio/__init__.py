"""The studio: pages on this machine over an embedded workspace, so that a committee may see it all.

They show what participants see (the form, "Ma place", the mail) and what organisers see (the
spreadsheet), let nights pass, and tell what each would do before it does. What they know of the
workspace they ask over HTTP, as any client of Google's would; only the mailbox is read as
`automation.local` offers it to people. Nights are those of the command line.

`bench` holds the workspace and its clock, `gate` keeps everybody else out, `app` puts the pages
together: `home`, `form`, `sheets`, `post` and `nights`, over what `questions`, `grid`, `charts` and
`telling` read.
"""

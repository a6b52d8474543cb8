"""The Gmail API: a mailbox for each account, kept with the workspace.

As Google's does, it gives every message it takes a Message-ID of its own, and a draft that is sent
becomes another message of the same thread. Known divergences:
- Nothing is delivered: what an account writes to itself is in its INBOX, all other mail only in
  SENT, and nothing ever bounces. Google may accept a message and return it minutes later.
- The account may write in anybody's name: Google puts its own address in `From` unless the other
  one is a confirmed alias.
- A search finds what was written a moment ago; Google's index may lag.
- Messages meet in one thread by `In-Reply-To` or `References` with the same subject, never by
  being alike; asking for a thread by its id is a 501.
- Search folds accents, knows no stems, and takes a month for 30 days (`searching`).
- Attachment ids stay the same from one call to the next.
"""

"""The studio: a page on this machine over an embedded workspace, to play with it."""

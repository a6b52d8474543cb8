"""The shared spreadsheet: its layout, read into a snapshot and written from a plan."""

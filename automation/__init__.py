"""Cohorte: registrations in, places out, from a Google Form and a shared spreadsheet."""

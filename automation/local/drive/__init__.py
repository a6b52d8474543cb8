"""Drive v3: files, folders, who may open them, what is said about them, and export.

Spreadsheets and forms are kept by their own services; here are the drawers they lie in. A file is
in one folder, the root unless it was told otherwise. Nobody is kept out: permissions are a list.
"""

"""What the committee prints: sign-in sheets and attestations, from values to HTML to PDF.

`sign_in` and `attestations` hold the values and make the HTML, one page of paper for each section;
`pdf` makes a PDF of any of it. Nothing here reads the workbook.
"""

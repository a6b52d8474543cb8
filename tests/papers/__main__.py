"""`python -m tests.papers` writes the golden pages anew: look at each in a browser, then commit."""

from __future__ import annotations

from tests.papers.samples import GOLDEN, golden_papers

for name, html in golden_papers():
    (GOLDEN / name).write_text(html, "utf-8")

"""HTML read back: which elements it has, and what it says."""

from __future__ import annotations

from html.parser import HTMLParser


class Reading(HTMLParser):
    """What a browser would see of a document.

    Attributes:
        elements: Their names, in order.
        attributes: All of them, as (element, name, value).
        pages: The words of each page of paper, spaces made single.
        cells: The words of each cell of a table, row by row.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.cells: list[list[str]] = []
        self.style = ""
        self._pages: list[str] = []
        self.feed(html)
        self.close()

    @property
    def pages(self) -> list[str]:
        return [" ".join(page.split()) for page in self._pages]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "section":
            self._pages.append("")
        if tag == "tr":
            self.cells.append([])
        if tag == "td":
            self.cells[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style" and not self._pages:
            self.style += data
        if self._pages:
            self._pages[-1] += f"{data} " if self.lasttag != "bdi" else data
        if self.cells and self.cells[-1] and self.lasttag in {"td", "div", "bdi"}:
            self.cells[-1][-1] += data

"""The report: the figures with their charts, on a page that needs nothing else."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from automation.core.rules import Language
from automation.core.summary import SUPPRESSED, list_sections, make_summary, suppress
from automation.papers.charts import draw_chart
from automation.papers.report import render_report
from tests.summaries import NOW, RULES, enrolment, programme, programmes, roll

_SVG = "{http://www.w3.org/2000/svg}"
_PEOPLE = [enrolment(n, extra=("Céramiste", "Souffler", "Solitude")) for n in range(1, 13)]
_BOOK = programme(_PEOPLE, [roll(1, range(1, 10), range(1, 13)), roll(2, range(1, 13))])


def report(*, whole: bool = True, language: str = "fr", name: str = "Le rendez-vous") -> str:
    summary = make_summary(_BOOK, replace(RULES, language=Language(language)), NOW, reach=120)
    return render_report(
        summary if whole else suppress(summary, 5),
        programme=name,
        day=date(2023, 6, 1),
        suppressed_below=1 if whole else 5,
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_figure_stands_beside_its_chart(language: str) -> None:
    html = report(language=language)

    assert html.count("<svg") == html.count("</svg>") >= 5
    assert ("1er juin 2023" in html) == (language == "fr")
    assert re.search(r"<td>12</td><td>12</td>", html)
    assert "10" in html


def test_what_is_shared_says_what_its_dashes_mean_and_nothing_to_decide() -> None:
    shared, whole = report(whole=False), report()

    assert "moins de 5 personnes" in shared
    assert "À décider" in whole
    assert "À décider" not in shared
    assert "Souffler" not in shared + whole


def test_nothing_that_somebody_wrote_becomes_markup() -> None:
    html = report(name="<script>alert(1)</script>")
    book = programme([enrolment(n, extra=("<b>&\"'", "", "")) for n in range(1, 8)])
    (trade, *_) = (s for s in list_sections(make_summary(book, RULES, NOW)) if "trade" in s.key)

    chart = draw_chart(trade, "fr")

    assert "<script>alert" not in html
    assert "<b>" not in chart
    assert ET.fromstring(chart) is not None  # noqa: S314 - our own


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    html = report()

    addresses = set(re.findall(r"https?://[^\"'<> ]+", html))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in html


@settings(max_examples=25, deadline=None)
@given(book=programmes())
def test_whatever_happened_each_chart_stays_inside_itself_and_tells_its_figures(
    book: object,
) -> None:
    summary = make_summary(book, RULES, NOW)  # type: ignore[arg-type]

    for shown in (summary, suppress(summary, 5)):
        for section in list_sections(shown):
            chart = draw_chart(section, "fr")
            if chart:
                _check(ET.fromstring(chart), section.title)  # noqa: S314 - our own


def _check(svg: ET.Element, title: str) -> None:
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    parts = {part.tag.removeprefix(_SVG): part for part in svg}
    assert parts["title"].text == title
    assert parts["desc"].text
    labelled = svg.attrib["aria-labelledby"].split()
    assert labelled == [parts["title"].attrib["id"], parts["desc"].attrib["id"]]
    for bar in svg.iter(f"{_SVG}rect"):
        x, y, w, h = (float(bar.attrib[name]) for name in ("x", "y", "width", "height"))
        assert min(x, y, w, h) >= 0
        assert x + w <= width + 0.2
        assert y + h <= height + 0.2


def test_a_bar_is_as_long_as_its_figure() -> None:
    summary = make_summary(_BOOK, RULES, NOW)
    (funnel,) = (s for s in list_sections(summary) if s.key == "funnel")

    svg = ET.fromstring(draw_chart(funnel, "fr"))  # noqa: S314 - our own

    widths = [float(bar.attrib["width"]) for bar in svg.iter(f"{_SVG}rect")]
    figures = [line.values[0] for line in funnel.lines]
    assert figures == [12, 12, 12, 12, 9]
    assert [round(width / widths[0] * 12) for width in widths] == figures


def test_a_ring_with_a_suppressed_part_is_not_drawn() -> None:
    summary = make_summary(_BOOK, RULES, NOW)
    one, *others = summary.loyalty.rows
    rows = (replace(one, figures=(SUPPRESSED,)), *others)
    shared = replace(summary, loyalty=replace(summary.loyalty, rows=rows))

    whole, held = (
        next(s for s in list_sections(which) if s.key == "loyalty") for which in (summary, shared)
    )

    assert draw_chart(whole, "fr")
    assert not draw_chart(held, "fr")


def test_an_empty_programme_has_no_chart() -> None:
    summary = suppress(make_summary(programme([]), RULES, NOW), 5)

    html = render_report(summary, programme="", day=date(2023, 6, 1))

    assert "<svg" not in html

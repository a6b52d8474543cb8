"""Charts for paper and screen: figures as one SVG element, which needs nothing else.

For whoever does not see them, each has a title and a description that tells its figures; the table
stands beside it all the same.
"""

from __future__ import annotations

from html import escape
from math import ceil, cos, log10, pi, sin
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from automation import locale
from automation.core.summary import Plot, pick_shades, plotted_columns, tell_share
from automation.core.text import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from automation.core.summary import Section

_WIDTH: Final = 640
_LEFT, _TOP, _RIGHT = 46, 14, 12
_TALL: Final = 170
"""Height of the drawing, without labels and legend."""
_LABELS, _LEGEND = 34, 26
_BAR, _BAR_GAP = 17, 9
_NAMES: Final = 250
"""Width of the labels beside lying bars."""
_LETTER: Final = 5.9
"""Width of a letter, as good as it gets without the font."""
_TICKS: Final = 4
_MOST_LABELLED: Final = 16
_INK, _MUTED, _GRID = "#1F3A4D", "#5B7382", "#E3E8EB"


class Figures(Struct, frozen=True, kw_only=True):
    """What a chart draws: for each series, a value for each label; None where none is told.

    Attributes:
        names: Of the series, as many as `shades` (#RRGGBB) and `values`.
        share: Whether the values are parts of 1.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    shades: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    share: bool
    language: str

    def tell(self, value: float | None) -> str:
        """Return a value in words."""
        if value is None:
            return "–"
        return tell_share(value, self.language) if self.share else str(round(value))


def draw_chart(section: Section, language: str) -> str:
    """Return the SVG of a section's chart; "" where it has none, or no figure to draw."""
    if section.plot is None:
        return ""
    return draw_figures(_gather(section, language), section.plot, section.key, section.title)


def draw_figures(data: Figures, plot: Plot, key: str, title: str) -> str:
    """Return the SVG of figures; "" where there is none to draw.

    Args:
        key: Tells the chart from the others of its page.
    """
    if not any(value for series in data.values for value in series):
        return ""
    if plot is Plot.PIE:
        if any(value is None for value in data.values[0]):
            return ""
        height, parts = 200, list(_draw_pie(data))
    elif plot.lies:
        height, parts = _draw_bars(data, stacked=plot is Plot.STACKED_BARS)
    else:
        height, parts = _draw_upright(data, plot)
    about = f"c-{escape(key.replace('.', '-'))}"
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="{about}-t {about}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{about}-t">{escape(title)}</title>'
        f'<desc id="{about}-d">{escape(_describe(data))}</desc>{"".join(parts)}</svg>'
    )


def _gather(section: Section, language: str) -> Figures:
    plotted = list(plotted_columns(section))
    return Figures(
        labels=tuple(line.short for line in section.lines),
        names=tuple(column.label for _, column in plotted),
        shades=pick_shades(column.key for _, column in plotted),
        values=tuple(
            tuple(_number(line.values[at]) for line in section.lines) for at, _ in plotted
        ),
        share=all(column.share for _, column in plotted),
        language=language,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _describe(data: Figures) -> str:
    """Return the figures in a sentence for each label."""
    told = []
    for at, label in enumerate(data.labels):
        figures = (data.tell(series[at]) for series in data.values)
        pairs = (f"{name} {figure}" for name, figure in zip(data.names, figures, strict=True))
        told.append(f"{label} – {', '.join(pairs)}")
    return "; ".join(told)


def _draw_bars(data: Figures, *, stacked: bool) -> tuple[int, list[str]]:
    """Return the height and the parts of bars that go from left to right, the first on top."""
    groups = 1 if stacked else len(data.values)
    step = groups * _BAR + _BAR_GAP
    legend = _LEGEND if len(data.values) > 1 else 0
    height = _TOP + step * len(data.labels) + legend
    room = _WIDTH - _NAMES - 60
    most = 1.0 if data.share else max(_sums(data) if stacked else _all(data))
    parts: list[str] = []
    for at, label in enumerate(data.labels):
        top = _TOP + at * step
        middle = top + groups * _BAR / 2 + 4
        parts.append(_text(_NAMES - 8, middle, clip(label, int(_NAMES / _LETTER)), "end"))
        left = float(_NAMES)
        for series, shade in zip(data.values, data.shades, strict=True):
            value = series[at]
            width = room * (value or 0) / most
            parts.append(_rect(left, top, width, _BAR, shade))
            if stacked:
                left += width
            else:
                parts.append(_text(_NAMES + width + 5, top + _BAR - 4, data.tell(value)))
                top += _BAR
    return height, [*parts, *_draw_legend(data, height)]


def _draw_upright(data: Figures, plot: Plot) -> tuple[int, list[str]]:
    """Return the height and the parts of columns or lines, from left to right."""
    stacked = plot is Plot.STACKED_COLUMNS
    top = _ceiling(max(_sums(data) if stacked else _all(data)), share=data.share)
    legend = _LEGEND if len(data.values) > 1 else 0
    height = _TOP + _TALL + _LABELS + legend
    slot = (_WIDTH - _LEFT - _RIGHT) / len(data.labels)
    draw = _draw_lines if plot is Plot.LINES else _draw_columns
    parts = [
        *_draw_grid(data, top),
        *draw(data, top, slot, stacked),
        *_draw_labels(data, slot),
        *_draw_legend(data, height),
    ]
    return height, parts


def _draw_grid(data: Figures, top: float) -> Iterator[str]:
    for tick in range(_TICKS + 1):
        y = _TOP + _TALL * (1 - tick / _TICKS)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_GRID}"/>'
        yield _text(_LEFT - 6, y + 4, data.tell(top * tick / _TICKS), "end", _MUTED)


def _draw_labels(data: Figures, slot: float) -> Iterator[str]:
    """Yield the labels below, as many as there is room for."""
    longest = max(len(label) for label in data.labels)
    every = max(1, ceil(min(longest, 13) * _LETTER / slot))
    for at, label in enumerate(data.labels):
        if at % every == 0:
            room = int(every * slot / _LETTER)
            middle = _LEFT + slot * (at + 0.5)
            yield _text(middle, _TOP + _TALL + 18, clip(label, max(room, 3)), "middle")


def _draw_columns(data: Figures, top: float, slot: float, stacked: bool) -> Iterator[str]:  # noqa: FBT001
    groups = 1 if stacked else len(data.values)
    width = min(slot * 0.72 / groups, 54)
    labelled = len(data.labels) * groups <= _MOST_LABELLED
    for at in range(len(data.labels)):
        left = _LEFT + slot * (at + 0.5) - width * groups / 2
        base = float(_TOP + _TALL)
        for series, shade in zip(data.values, data.shades, strict=True):
            value = series[at]
            tall = _TALL * (value or 0) / top
            yield _rect(left, base - tall, width, tall, shade)
            if stacked:
                base -= tall
                continue
            if labelled:
                yield _text(left + width / 2, base - tall - 4, data.tell(value), "middle")
            left += width


def _draw_lines(data: Figures, top: float, slot: float, stacked: bool) -> Iterator[str]:  # noqa: ARG001, FBT001
    for series, shade in zip(data.values, data.shades, strict=True):
        points = [
            None
            if value is None
            else (_LEFT + slot * (at + 0.5), _TOP + _TALL * (1 - value / top), value)
            for at, value in enumerate(series)
        ]
        path, pen = "", "M"
        for point in points:
            path += f"{pen}{point[0]:.1f} {point[1]:.1f}" if point else ""
            pen = "L" if point else "M"
        yield f'<path d="{path}" fill="none" stroke="{shade}" stroke-width="2.5"/>'
        for point in points:
            if point is not None:
                yield f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="4" fill="{shade}"/>'
                if len(data.values) == 1:
                    yield _text(point[0], point[1] - 9, data.tell(point[2]), "middle")


def _draw_pie(data: Figures) -> Iterator[str]:
    """Yield a ring, from the top and clockwise, and beside it what each part is."""
    (values,) = data.values
    parts = [value or 0 for value in values]
    whole, start, middle = sum(parts), 0.0, (110, 100)
    shades = pick_shades(f"part {at}" for at in range(len(parts)))
    for at, (value, shade) in enumerate(zip(parts, shades, strict=True)):
        share = value / whole
        yield _ring(middle, start, share, shade)
        start += share
        y = 62 + 30 * at
        yield _rect(240, y, 14, 14, shade)
        told = f"{round(value)} ({tell_share(share, data.language)})"
        label = locale.text(data.language, "said.of", what=data.labels[at], told=told)
        yield _text(262, y + 12, label)


def _ring(middle: tuple[int, int], start: float, share: float, shade: str) -> str:
    """Return a part of a ring; a whole one would begin where it ends, and show nothing."""
    end = start + min(share, 0.9999)
    far = int(share > 1 / 2)
    (a, b), (c, d) = (_on_circle(middle, 85, at) for at in (start, end))
    (e, f), (g, h) = (_on_circle(middle, 48, at) for at in (end, start))
    return (
        f'<path d="M{a:.1f} {b:.1f}A85 85 0 {far} 1 {c:.1f} {d:.1f}L{e:.1f} {f:.1f}'
        f'A48 48 0 {far} 0 {g:.1f} {h:.1f}Z" fill="{shade}"/>'
    )


def _on_circle(middle: tuple[int, int], radius: float, turn: float) -> tuple[float, float]:
    angle = 2 * pi * turn
    return middle[0] + radius * sin(angle), middle[1] - radius * cos(angle)


def _draw_legend(data: Figures, height: int) -> Iterator[str]:
    if len(data.names) < 2:  # noqa: PLR2004 - one series is what the title says
        return
    left = float(_LEFT)
    for name, shade in zip(data.names, data.shades, strict=True):
        yield _rect(left, height - 16, 11, 11, shade)
        yield _text(left + 16, height - 6, name)
        left += 16 + _LETTER * len(name) + 22


def _all(data: Figures) -> Iterable[float]:
    return (value or 0 for series in data.values for value in series)


def _sums(data: Figures) -> Iterable[float]:
    return (sum(value or 0 for value in column) for column in zip(*data.values, strict=True))


def _ceiling(most: float, *, share: bool) -> float:
    """Return where the axis ends: ticks are whole numbers, round ones where they are large."""
    if share:
        return 1.0
    least = max(most / _TICKS, 1)
    magnitude: int = 10 ** int(log10(least))
    steps: Sequence[float] = (1, 2, 2.5, 5, 10) if magnitude > 1 else (1, 2, 3, 4, 5, 10)
    step = next(s * magnitude for s in steps if s * magnitude >= least)
    return step * _TICKS


def _text(x: float, y: float, words: str, anchor: str = "start", shade: str = _INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{shade}">{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, shade: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{shade}"/>'
    )

"""The form as a participant sees it, and "Ma place", to which the link in a message leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, g, redirect, render_template, request

from automation import locale
from automation.local.forms import answer_form
from automation.studio.questions import Kind, read_place_form, read_registration_form
from automation.workbook.loading import add_responses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from automation.studio.bench import Bench
    from automation.studio.questions import Paper

_TITLES = {"form": "studio.form_title", "place": "studio.place_title"}


def add_pages(app: Flask, bench: Bench) -> None:
    """Add the forms to an application."""

    @app.route("/form", methods=["GET", "POST"])
    def form() -> AnyResponse | str:
        paper = read_registration_form(bench.http, bench.config, g.language)
        return _serve(bench, "form", paper or abort(404), {})

    @app.route("/place", methods=["GET", "POST"])
    def place() -> AnyResponse | str:
        paper = read_place_form(bench.config) or abort(404)
        code = request.args.get("code", "")
        return _serve(bench, "place", paper, {paper.questions[0].name: [code]})

    @app.get("/thanks/<which>")
    def thanks(which: str) -> str:
        if which not in _TITLES:
            abort(404)
        return render_template("thanks.html.j2", which=which)


def _serve(
    bench: Bench, which: str, paper: Paper, given: Mapping[str, list[str]]
) -> AnyResponse | str:
    """Show a form, or take an answer to it."""
    if request.method == "GET" or paper.closed:
        return _show(bench, which, paper, given, {})
    given = {one.name: request.form.getlist(one.name) for one in paper.questions}
    answers = {one.name: one.read(given[one.name]) for one in paper.questions}
    mistakes = dict(_find_mistakes(paper, answers))
    if mistakes:
        return _show(bench, which, paper, given, mistakes)
    with bench.lock:
        _submit(bench, paper, answers)
    return redirect(f"/thanks/{which}", 303)


def _submit(bench: Bench, paper: Paper, answers: Mapping[str, Sequence[str]]) -> None:
    """Take an answer: to the form itself where there is one, which writes its row, else in the tab."""
    now = bench.clock()
    if paper.form_id:
        by_id = {one.id: answers[one.name] for one in paper.questions if one.id}
        email = "".join(word for q in paper.questions if not q.id for word in answers[q.name])
        answer_form(bench.store, paper.form_id, by_id, now, email=email)
        return
    row = paper.row(answers, f"{now.astimezone(bench.zone):%Y-%m-%d %H:%M:%S}")
    add_responses(bench.http, bench.spreadsheet_id, paper.tab, paper.header, [row])


def _find_mistakes(paper: Paper, answers: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield the name of each question that Google's page would not let go, and what to say."""
    for question in paper.questions:
        answer = answers[question.name]
        if question.required and not answer:
            yield question.name, locale.text(g.language, "studio.must_answer")
        elif question.kind is Kind.EMAIL and answer and "@" not in answer[0].strip("@"):
            yield question.name, locale.text(g.language, "studio.must_be_address")


def _show(
    bench: Bench,
    which: str,
    paper: Paper,
    given: Mapping[str, list[str]],
    mistakes: Mapping[str, str],
) -> str:
    programme = bench.config.programme.name if which == "form" else None
    return render_template(
        "form.html.j2",
        which=which,
        heading=programme or locale.text(g.language, _TITLES[which]),
        questions=paper.questions,
        closed=paper.closed,
        given=given,
        mistakes=mistakes,
    )

"""The addresses that only show: overview, interview, list, what was missed, comparison, news."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from autokode.base.messages import say
from autokode.project.active_learning.missed_estimate import missed
from autokode.project.active_learning.query_order import draw
from autokode.project.store.decision_rows import utterances_decided
from autokode.project.store.filtered_rows import Filter
from autokode.project.store.memos import memo_about
from autokode.project.store.utterance_rows import speakers, transcript_text
from autokode.project.views.code_list import PAGE, filter_in, lines, open_places
from autokode.project.views.coder_comparison import compare, inconsistent
from autokode.project.views.progress import progress
from autokode.project.views.similar_utterances import near_suggestions
from autokode.project.views.utterance_view import Card, TurnView
from autokode.review.session import Entry, Session
from autokode.review.text_places import STEPS, moved

blueprint = Blueprint("pages", __name__)

NEWS = 5
"""Codes named in the news, at the most."""

TURNS = 600
"""Utterances on one page, at the most."""


def session() -> Session:
    """Return the session the app shows."""
    found = current_app.config["SESSION"]
    assert isinstance(found, Session)  # noqa: S101 - create_app put it there
    return found


@blueprint.get("/")
def overview() -> str:
    own = session()
    entries = own.entries()
    return render_template(
        "overview.html",
        progress=progress(own.project, own.coder),
        colours={entry.code.name: entry.colour for entry in entries},
        problems=[str(problem) for problem in own.project.changed_files()],
        codebook_problem=own.codebook_problem,
        about=own.about_round(),
        others=[coder for coder in own.project.coders if coder.id != own.coder.id],
        state=own.state(),
        entries=entries,
        wanted=Filter(),
    )


@blueprint.get("/interview/<int:transcript>")
def interview(transcript: int) -> str:
    own = session()
    source = next((one for one in own.project.sources if one.id == transcript), None)
    if source is None:
        abort(404)
    wanted = filter_in(request.args)
    at = request.args.get("turn", type=int)
    page = max(0, at if at is not None else 0) // TURNS
    numbers = list(range(page * TURNS, min((page + 1) * TURNS, source.utterances)))
    turns = own.turns(transcript, numbers if source.utterances > TURNS else None)
    entries = own.entries()
    return render_template(
        "interview.html",
        source=source,
        sources=own.project.sources,
        turns=[hidden_by(turn, wanted) for turn in turns],
        entries=entries,
        colours={entry.code.name: entry.colour for entry in entries},
        state=own.state(),
        wanted=wanted,
        at=at,
        order=own.project.setting("order", "teaching"),
        read=sum(turn.read for turn in turns),
        parts=[(first, min(first + TURNS, source.utterances)) for first in range(0, source.utterances, TURNS)],
        page=page,
        codebook_problem=own.codebook_problem,
        interview_memo=memo_about(own.project, own.coder, f"transcript/{transcript}"),
    )


def hidden_by(turn: TurnView, wanted: Filter) -> TurnView:
    """Return an utterance with only the suggestions that a filter lets through."""
    from dataclasses import replace

    return replace(turn, cards=tuple(card for card in turn.cards if _through(card, turn, wanted)))


def _through(card: Card, turn: TurnView, wanted: Filter) -> bool:
    return (
        (not wanted.code or card.code == wanted.code)
        and (not wanted.speaker or turn.speaker == wanted.speaker)
        and (wanted.least is None or card.probability >= wanted.least)
        and (wanted.most is None or card.probability <= wanted.most)
    )


def turn_html(turns: list[TurnView], entries: list[Entry], wanted: Filter) -> dict[int, str]:
    """Render utterances as the page holds them: number → HTML."""
    colours = {entry.code.name: entry.colour for entry in entries}
    return {
        turn.number: render_template("turn.html", turn=hidden_by(turn, wanted), colours=colours, at=None)
        for turn in turns
    }


@blueprint.get("/turn/<int:transcript>/<int:number>")
def turn(transcript: int, number: int) -> Response:
    own = session()
    html = turn_html(own.turns(transcript, [number]), own.entries(), filter_in(request.args))
    if not html:
        abort(404)
    return jsonify(turns=html, state=own.state())


@blueprint.get("/next")
def next_turn() -> Answer:
    """Lead to what is to be read next: as it teaches most, or in reading order; JSON where the page asks for it."""
    own = session()
    wanted = filter_in(request.args)
    here = (request.args.get("transcript", -1, type=int), request.args.get("number", -1, type=int))
    places = [place for place in open_places(own.project, own.coder, wanted) if place != here]
    why = ""
    if own.project.setting("order", "teaching") == "reading" or own.coder.blind:
        later = [place for place in places if place > here]
        place = min(later, default=min(places, default=None))
    else:
        about = own.about_round()
        order = [(transcript, number) for transcript, number in about.get("order", [])]
        likely = _Likely(own, about)
        drawn = draw(own.project, own.coder.id, places, order, likely, by_chance=not wanted.given)
        place, why = drawn if drawn else (None, "")
    target = (
        url_for(".overview")
        if place is None
        else url_for(".interview", transcript=place[0], turn=place[1], **wanted.given)
    )
    if request.args.get("json"):
        if place is None:
            return jsonify(transcript=None, number=None, address=target, why="")
        return jsonify(transcript=place[0], number=place[1], address=target, why=why)
    return redirect(target)


class _Likely(dict[tuple[int, int], dict[str, float]]):
    """Probabilities of an utterance, read when they are asked for."""

    def __init__(self, own: Session, about: dict[str, Any]) -> None:
        super().__init__()
        self.own, self.about = own, about

    def get(self, place: tuple[int, int], default: Any = None) -> Any:
        return self.own.likely(place, self.about) or default


@blueprint.get("/span/<int:transcript>/<int:number>")
def span(transcript: int, number: int) -> Response:
    """Return a span made wider or narrower, with its text."""
    own = session()
    found = own.turns(transcript, [number])
    step = request.args.get("step", "")
    start, end = request.args.get("start", -1, type=int), request.args.get("end", -1, type=int)
    if not found or step not in STEPS:
        abort(404)
    one, text = found[0], transcript_text(own.project, transcript) or ""
    start, end = moved(text, (start, end), (one.start, one.end), step, request.args.get("anchor", type=int))
    return jsonify(start=start, end=end, quote=one.text[start - one.start : end - one.start])


@blueprint.get("/same/<int:suggestion>")
def same(suggestion: int) -> Response:
    """Return the undecided suggestions of the same code in utterances that say nearly the same."""
    own = session()
    found = near_suggestions(own.project, own.coder, suggestion, own.likeness)
    return jsonify(
        found=[
            {"id": number, "transcript": name, "speaker": speaker, "quote": quote}
            for number, name, speaker, quote in found
        ]
    )


@blueprint.get("/list")
def listing() -> str:
    own = session()
    wanted = filter_in(request.args)
    page = max(0, request.args.get("page", 0, type=int))
    found, whole = lines(own.project, own.coder, wanted, page=page)
    sources = own.project.sources
    entries = own.entries()
    return render_template(
        "list.html",
        lines=found,
        whole=whole,
        page=page,
        pages=-(-whole // PAGE),
        wanted=wanted,
        entries=entries,
        colours={entry.code.name: entry.colour for entry in entries},
        sources=sources,
        speakers=[speaker for speaker in speakers(own.project) if speaker],
        offices=sorted({source.office for source in sources}),
        state=own.state(),
    )


@blueprint.get("/missed")
def what_was_missed() -> str:
    own = session()
    entries = own.entries()
    names = {source.id: source.name for source in own.project.sources}
    return render_template(
        "missed.html",
        missed=missed(own.project, own.coder),
        pairs=inconsistent(own.project, own.coder, own.likeness)[:PAGE],
        names=names,
        entries=entries,
        colours={entry.code.name: entry.colour for entry in entries},
        state=own.state(),
        wanted=Filter(),
    )


@blueprint.get("/compare/<int:other>")
def comparison(other: int) -> str:
    own = session()
    second = next((coder for coder in own.project.coders if coder.id == other and coder.id != own.coder.id), None)
    if second is None:
        abort(404)
    if own.coder.blind:
        abort(403)
    entries = own.entries()
    page = max(0, request.args.get("page", 0, type=int))
    found = compare(own.project, own.coder, second)
    return render_template(
        "compare.html",
        first=own.coder,
        second=second,
        found=found,
        differences=found.differences[page * PAGE : (page + 1) * PAGE],
        page=page,
        pages=-(-len(found.differences) // PAGE),
        names={source.id: source.name for source in own.project.sources},
        entries=entries,
        colours={entry.code.name: entry.colour for entry in entries},
        state=own.state(),
        wanted=Filter(),
    )


@blueprint.get("/news")
def news() -> Response:
    """Return what has changed: the last decision, the round shown, whether a model is being learnt, and what it brought."""
    own = session()
    turning, state = own.learner.turning, own.state()  # in this order: what is told of must be there
    about = own.about_round()
    brought = about.get("news", {}) if about.get("round", 0) > request.args.get("round", 0, type=int) else {}
    since = request.args.get("decision", 0, type=int)
    touched = utterances_decided(own.project, own.coder, after=since) if state["decision"] > since else {}
    learner = own.learner
    return jsonify(
        state=state,
        learning=learner.learning,
        turning=turning,
        failed=learner.failed,
        said=_in_words(brought),
        touched=touched,
    )


def _in_words(news: dict[str, tuple[int, int]]) -> str:
    """Return what a round brought, the codes with most first: «Nye forslag: makt 14, språk 3; 2 borte»."""
    new = sorted(((count, code) for code, (count, _gone) in news.items() if count), key=lambda one: (-one[0], one[1]))
    gone = sum(count for _new, count in news.values())
    shown = ", ".join(f"{code} {count}" for count, code in new[:NEWS])
    more = say(" og flere", " and more") if len(new) > NEWS else ""
    text = (
        say("Nye forslag: ", "New suggestions: ") + shown + more
        if new
        else say("Ingen nye forslag", "No new suggestions")
    )
    return text + (say(f"; {gone} borte", f"; {gone} gone") if gone else "")

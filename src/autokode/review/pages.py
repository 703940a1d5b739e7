"""The addresses of the overview, of reading an interview, and of the news."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from autokode.base.messages import say
from autokode.project.active_learning.query_order import draw, draw_by_chance
from autokode.project.store.coders import NEWCOMER
from autokode.project.store.decision_rows import memo_about, others_who_read_the_same, utterances_decided
from autokode.project.store.filtered_rows import Filter
from autokode.project.store.shown_rows import SuggestionShown
from autokode.project.store.text_marks import text_mark_of
from autokode.project.store.utterance_rows import UtteranceId, reading_order, transcript_text
from autokode.project.views.code_list import open_places
from autokode.project.views.next_steps import lacks
from autokode.project.views.progress import progress
from autokode.project.views.similar_utterances import near_suggestions
from autokode.project.views.stray_codes import stray_codes
from autokode.project.views.utterance_view import UtteranceView
from autokode.review.answers import render, session
from autokode.review.session import Entry, Session, colour_styles, colours_of
from autokode.review.text_places import STEPS, moved

blueprint = Blueprint("pages", __name__)

NEWS = 5
"""Most codes named in the news."""

TURNS = 600
"""Most utterances on one page."""


@blueprint.get("/")
def overview() -> str:
    own = session()
    entries = own.entries()  # reads the codebook's file again, which the rest counts by
    return render(
        "overview.html",
        own,
        entries=entries,
        progress=progress(own.project, own.coder),
        problems=[str(problem) for problem in own.project.changed_files()],
        stray=stray_codes(own.project),
        about=own.about_round(),
        others=others_who_read_the_same(own.project, own.coder),
        lacks=lacks(own.project),
        codebook_was_gone=own.project.codebook_was_gone,
        is_new=own.coder.id == NEWCOMER,
    )


@blueprint.get("/colours.css")
def colours() -> Response:
    """The style sheet for the codebook's own colours."""
    return Response(colour_styles(session().codebook), mimetype="text/css")


@blueprint.get("/interview/<int:transcript>")
def interview(transcript: int) -> str:
    """Show an interview, or the `TURNS` utterances of it around the one in the address."""
    own = session()
    wanted = own.veil.filter(own.project, request.args)
    sources = own.project.sources
    source = next((one for one in sources if one.id == transcript), None)
    if source is None:
        abort(404)
    mark = text_mark_of(
        own.project, transcript
    )  # before the text: one that is newer than its mark is refused, never mixed up
    at = request.args.get("turn", type=int)
    page = max(0, at or 0) // TURNS
    numbers = list(range(page * TURNS, min((page + 1) * TURNS, source.utterances)))
    turns = own.turns(transcript, numbers if source.utterances > TURNS else None)
    return render(
        "interview.html",
        own,
        wanted=wanted,
        source=source,
        sources=sources,
        turns=[_filtered(turn, wanted) for turn in turns],
        at=at,
        order=own.order,
        parts=[(first, min(first + TURNS, source.utterances)) for first in range(0, source.utterances, TURNS)],
        page=page,
        text_mark=mark,
        interview_memo=memo_about(own.project, own.coder, f"transcript/{transcript}"),
    )


def _filtered(turn: UtteranceView, wanted: Filter) -> UtteranceView:
    """An utterance with only the suggestions that a filter lets through."""
    return replace(turn, cards=tuple(card for card in turn.cards if _through(card.suggestion, turn, wanted)))


def _through(suggestion: SuggestionShown, turn: UtteranceView, wanted: Filter) -> bool:
    return (
        (not wanted.code or suggestion.code == wanted.code)
        and (not wanted.speaker or turn.utterance.speaker == wanted.speaker)
        and (wanted.least is None or suggestion.probability >= wanted.least)
        and (wanted.most is None or suggestion.probability <= wanted.most)
    )


def turn_html(turns: list[UtteranceView], entries: list[Entry], wanted: Filter) -> dict[int, str]:
    """Render utterances as the page holds them: number → HTML."""
    colours = colours_of(entries)
    return {
        turn.number: render_template("turn.html", turn=_filtered(turn, wanted), colours=colours, at=None)
        for turn in turns
    }


@blueprint.get("/turn/<int:transcript>/<int:number>")
def turn(transcript: int, number: int) -> Response:
    own = session()
    mark = text_mark_of(own.project, transcript)
    html = turn_html(own.turns(transcript, [number]), own.entries(), own.veil.filter(own.project, request.args))
    if not html:
        abort(404)
    return jsonify(turns=html, state=own.state(), text_mark=mark)


@blueprint.get("/next")
def next_turn() -> Answer:
    """Lead to the next utterance to read; answer in JSON if the page's script asks."""
    own = session()
    wanted = own.veil.filter(own.project, request.args)
    here = (request.args.get("transcript", -1, type=int), request.args.get("number", -1, type=int))
    places = [place for place in open_places(own.project, own.coder, wanted) if place != here]
    place, why = _next_place(own, places, here, wanted)
    if place is None:
        target, transcript, number = url_for(".overview", read="all"), None, None
    else:
        transcript, number = place
        target = url_for(".interview", transcript=transcript, turn=number, **own.veil.address(wanted))
    if request.args.get("json"):
        return jsonify(transcript=transcript, number=number, address=target, why=why)
    return redirect(target)


def _next_place(
    own: Session, places: Sequence[UtteranceId], here: UtteranceId, wanted: Filter
) -> tuple[UtteranceId | None, str]:
    """Choose the next of the places left, which are in reading order, and say why where it is not simply the next.

    Where a coder wants what is most useful to the model, it is the next in reading order until there is a model; a coder who
    codes blind has none. Where a coder wants them drawn by chance, they are drawn from all that are left.
    """
    about, chosen = own.about_round(), own.order
    if chosen == "chance" and not wanted.given and own.coder.id != NEWCOMER:
        return draw_by_chance(own.project, own.coder.id, places, own.likely), "chance"
    if not about or chosen == "reading" or own.coder.blind:
        rank = reading_order(own.project)
        later = (place for place in places if (rank[place[0]], place[1]) > (rank.get(here[0], -1), here[1]))
        return next(later, places[0] if places else None), ""
    order = [(transcript, number) for transcript, number in about.get("order", [])]
    drawn = draw(own.project, own.coder.id, places, order, own.likely, by_chance=not wanted.given)
    return drawn or (None, "")


@blueprint.get("/span/<int:transcript>/<int:number>")
def span(transcript: int, number: int) -> Response:
    """Make a span wider or narrower within its utterance; answer with its ends and its text."""
    own = session()
    found = own.turns(transcript, [number])
    step = request.args.get("step", "")
    start, end = request.args.get("start", -1, type=int), request.args.get("end", -1, type=int)
    if not found or step not in STEPS:
        abort(404)
    one, text = found[0].utterance, transcript_text(own.project, transcript) or ""
    start, end = moved(text, (start, end), (one.start, one.end), step, request.args.get("anchor", type=int))
    return jsonify(start=start, end=end, quote=one.text[start - one.start : end - one.start])


@blueprint.get("/same/<int:suggestion>")
def same(suggestion: int) -> Response:
    """The undecided suggestions of the same code for near-identical utterances."""
    own = session()
    found = near_suggestions(own.project, own.coder, suggestion, own.likeness)
    names = ("id", "transcript", "speaker", "quote")
    return jsonify(found=[dict(zip(names, one, strict=True)) for one in found])


@blueprint.get("/news")
def news() -> Response:
    """What changed since the decision and the round that the page has."""
    own = session()
    learner = own.learner
    turning = learner.turning  # before the state: when the dial has come to rest, its round is in the state
    state = own.state()
    about = own.about_round()
    brought = about.get("news", {}) if about.get("round", 0) > request.args.get("round", 0, type=int) else {}
    since, interview = request.args.get("decision", 0, type=int), request.args.get("interview", type=int)
    return jsonify(
        state=state,
        learning=learner.learning,
        turning=turning,
        failed=learner.failed,
        said=_in_words(brought),
        text_mark=None if interview is None else text_mark_of(own.project, interview),
        touched=utterances_decided(own.project, own.coder, after=since) if state["decision"] > since else {},
    )


def _in_words(brought: dict[str, tuple[int, int]]) -> str:
    """Say what a round brought, from code → (new, gone), most first: «Nye forslag: makt 14, språk 3; 2 trukket tilbake»."""
    new = sorted(
        ((count, code) for code, (count, _gone) in brought.items() if count), key=lambda one: (-one[0], one[1])
    )
    gone = sum(count for _new, count in brought.values())
    shown = ", ".join(f"{code} {count}" for count, code in new[:NEWS])
    more = say(" og flere", " and more") if len(new) > NEWS else ""
    text = (
        say("Nye forslag: ", "New suggestions: ") + shown + more
        if new
        else say("Ingen nye forslag", "No new suggestions")
    )
    return text + (say(f"; {gone} trukket tilbake", f"; {gone} withdrawn") if gone else "")

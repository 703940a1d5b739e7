"""Correcting an interview while it is read: an utterance's words, its speaker, where it begins and ends. One decision each."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, jsonify

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.correction import Corrected, after_words, join, split, with_words_and_speaker
from autokode.corpus.transcript import Transcript
from autokode.project.store.text_marks import TextChangedError, text_mark_of
from autokode.project.store.transcript_correction import Way, correct_seen, looked_at
from autokode.project.store.version_move import Followed, Following
from autokode.review.answers import done, request_body, session, text_in
from autokode.review.session import Session

blueprint = Blueprint("correcting", __name__)


@blueprint.post("/correct/<int:transcript>/<int:number>")
def correct(transcript: int, number: int) -> Response:
    """Correct an utterance of the text with the mark `text_mark`; where something cannot follow, only say so, until `follows` is
    the mark of what was said."""
    own, body = session(), request_body()
    way, mark = _way(body, number), text_in(body, "text_mark")
    if text_mark_of(own.project, transcript) != mark:
        raise TextChangedError
    told = looked_at(own.project, transcript, way)
    left = _left(told, own)
    if left and body.get("follows") != told.mark:
        return jsonify(turns={}, state=own.state(), message="", left=left, follows=told.mark)
    told = correct_seen(own.project, own.coder, transcript, way, mark=mark, follows=told.mark)
    own.forget()
    if own.state()["round"]:  # suggestions on what is corrected
        own.learner.nudge(least=0)
    return done(own, message=_message(_own(told.changed, own)))


def _way(body: dict[str, Any], number: int) -> Way:
    what = body.get("do")
    if what == "turn":
        words, name = text_in(body, "words", empty=True), text_in(body, "speaker", empty=True)
        everywhere = body.get("everywhere") is True
        return partial(_turn, number=number, said=words, name=name, everywhere=everywhere)
    if what == "split":
        return partial(
            _split, number=number, before=text_in(body, "before", empty=True), name=str(body.get("speaker", ""))
        )
    if what == "join":
        return partial(join, index=number)
    return abort(400)


def _turn(transcript: Transcript, *, number: int, said: str, name: str, everywhere: bool) -> Corrected:
    return with_words_and_speaker(transcript, number, said, name, everywhere=everywhere)


def _split(transcript: Transcript, *, number: int, before: str, name: str) -> Corrected:
    return split(transcript, number, after_words(transcript, number, before), name)


def _own(codings: tuple[Followed, ...], own: Session) -> list[Followed]:
    """The codings that the coder may see: who codes blind sees their own."""
    return [one for one in codings if not own.coder.blind or one.coder == own.coder.name]


def _left(told: Following, own: Session) -> list[str]:
    """Say what cannot follow; nothing of others to who codes blind."""
    left = [f"{one.code} ({one.coder}): «{one.before}»" for one in _own(told.gone, own)]
    others = (
        (told.unread, say("lesemerke går", "read mark goes"), say("lesemerker går", "read marks go")),
        (
            told.verdicts,
            say("svar på et forslag går", "answer on a suggestion goes"),
            say("svar på forslag går", "answers on suggestions go"),
        ),
        (
            told.memos,
            say("notat flyttes til notatet om intervjuet", "memo moves to the memo on the interview"),
            say("notater flyttes til notatet om intervjuet", "memos move to the memo on the interview"),
        ),
    )
    if not own.coder.blind:
        left += [counted(count, one, more) for count, one, more in others if count]
    return left


def _message(changed: list[Followed]) -> str:
    moved = counted(
        len(changed),
        say("koding står på de rettede ordene.", "coding stands on the corrected words."),
        say("kodinger står på de rettede ordene.", "codings stand on the corrected words."),
    )
    return " ".join((say("Rettet.", "Corrected."), *([moved] if changed else []), say("Angre: z", "Undo: z")))

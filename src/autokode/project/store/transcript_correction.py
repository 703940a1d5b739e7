"""Corrects an interview's transcript while people code: words, speakers, turns. Each correction is one decision, undone as any.

What points into the text moves with its words, whoever decided it and whenever. The step holds the text as it was.
"""

from collections.abc import Callable

from autokode.corpus.correction import Corrected, Correction, join, split, with_speaker, with_words
from autokode.corpus.transcript import Transcript
from autokode.project.store.coders import Coder
from autokode.project.store.correction_undoing import EDITS
from autokode.project.store.decision_log import TEXT
from autokode.project.store.interview_changes import Changing, changing, check_seen, source_with
from autokode.project.store.project import Project
from autokode.project.store.text_marks import check_text
from autokode.project.store.version_move import Following, Move

Way = Callable[[Transcript], Corrected]
"""From a transcript to the corrected one."""

Check = Callable[[Changing, Transcript], None]
"""Raises a DataError if the text is not the one that somebody saw."""


def looked_at(project: Project, number: int, way: Way) -> Following:
    """What would follow a correction of an interview, and what could not; nothing is changed.

    Raises:
        DataError: there is no such interview, or it cannot be corrected so.
    """
    with project.database.reading() as connection:
        before = project.transcript(source_with(project, number).name)
        made = way(before)
        return Move(connection, before, number, made.transcript, known=Correction(before.text, made.edits)).told()


def correct_seen(project: Project, who: Coder, number: int, way: Way, *, mark: str, follows: str) -> Following:
    """Correct an interview as a person saw it; say what followed.

    Args:
        project, who, number: as for `correct_text`.
        way: the correction.
        mark: of the text that the person sees (`text_marks`).
        follows: the mark of what was to follow (`looked_at`).

    Raises:
        TextChangedError: the text is another one by now.
        DataError: it cannot be corrected so, or something else would follow by now. Nothing is changed.
    """

    def check(own: Changing, _before: Transcript) -> None:
        check_text(own.connection, number, mark)

    return _correct(project, who, number, check, way, follows=follows)


def correct_text(project: Project, who: Coder, number: int, utterance: int, said: str, *, saw: str) -> Following:
    """Give an utterance other words; say what followed.

    Args:
        project: the project.
        who: corrects it.
        number: the interview's id.
        utterance: the utterance's number.
        said: all of its words as they are to be.
        saw: its words as the person sees them.

    Raises:
        DataError: as `correction.with_words`, there is no such interview, or its words are others by now. Nothing is changed.
    """
    return _correct(project, who, number, _said(utterance, saw), lambda text: with_words(text, utterance, said))


def change_speaker(
    project: Project, who: Coder, number: int, utterance: int, name: str, *, saw: str, everywhere: bool = False
) -> Following:
    """Give an utterance, or all of its speaker's, another speaker; else as `correct_text`."""
    way: Way = lambda text: with_speaker(text, utterance, name, everywhere=everywhere)  # noqa: E731
    return _correct(project, who, number, _said(utterance, saw), way)


def split_turn(
    project: Project, who: Coder, number: int, utterance: int, at: int, *, saw: str, speaker: str = ""
) -> Following:
    """Make two utterances of one, the second from `at` on in its text; else as `correct_text`."""
    return _correct(project, who, number, _said(utterance, saw), lambda text: split(text, utterance, at, speaker))


def join_turn(project: Project, who: Coder, number: int, utterance: int, *, saw: str) -> Following:
    """Make one utterance of one and the next; else as `correct_text`."""
    return _correct(project, who, number, _said(utterance, saw), lambda text: join(text, utterance))


def _said(utterance: int, saw: str) -> Check:
    """Check that an utterance has the words that somebody saw; one that is not there is told of by the correction itself."""

    def check(_own: Changing, before: Transcript) -> None:
        if 0 <= utterance < len(before.utterances):
            check_seen(saw, before.utterances[utterance].text)

    return check


def _correct(project: Project, who: Coder, number: int, check: Check, way: Way, *, follows: str = "") -> Following:
    with changing(project, who, number, TEXT) as own:
        before = project.transcript(own.source.name)
        check(own, before)
        made = way(before)
        move = Move(own.connection, before, number, made.transcript, known=Correction(before.text, made.edits))
        told = move.told()
        if follows:
            check_seen(follows, told.mark)
        move.put(own.source.name, pseudonymised=own.source.name in project.pseudonymised)
        own.changes = move.changes
        own.shown = {EDITS: [[edit.start, edit.end, len(edit.new)] for edit in made.edits.edits]}
    return told

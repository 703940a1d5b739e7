"""Follows speakers to the labels that they have in a new version of a text, so that their values stay theirs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from autokode.corpus.transcript import Transcript
from autokode.project.store.decision_log import Row


def renamed_speakers(before: Transcript, after: Transcript, utterances: Mapping[int, int]) -> dict[str, str]:
    """Label in the old text → the label under which most of its words stand in the new one; a label that is in both stays.

    Args:
        before, after: the two texts.
        utterances: number of an utterance of the old text → that of the new one with most of it.
    """
    there = set(after.speakers)
    words: dict[str, Counter[str]] = {}
    for old, new in utterances.items():
        one = before.utterances[old]
        words.setdefault(one.speaker, Counter())[after.utterances[new].speaker] += len(one.text.split())
    return {
        label: label if label in there else max(sorted(heard), key=heard.__getitem__) for label, heard in words.items()
    }


def moved_values(rows: Sequence[Row], labels: Mapping[str, str]) -> Iterator[tuple[Row, Row | None]]:
    """Yield each value with what it becomes: with its speaker's new label; None where somebody else has that label and a value.

    A value of the interview itself, and one of a speaker who is no longer in the text, stays as it is.
    """
    taken = {
        (row["speaker"], row["variable"]) for row in rows if labels.get(row["speaker"], "") in ("", row["speaker"])
    }
    for row in rows:
        label = labels.get(row["speaker"], "") if row["speaker"] else ""
        if label in ("", row["speaker"]):
            yield row, row
            continue
        key = (label, row["variable"])
        yield row, None if key in taken else {**row, "speaker": label}
        taken.add(key)

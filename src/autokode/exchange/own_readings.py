"""Between a project and autokode's own .qdpx: how texts were read, what coders read and said of suggestions, who codes blind."""

from collections.abc import Collection, Iterator, Mapping

from autokode.base.messages import say
from autokode.exchange.package.own_data import OwnData, Settled, StatedValues, Verdict
from autokode.project.store.decision_rows import verdicts_of
from autokode.project.store.foreign_data import read_marks, settled_answers, take_reading, take_settled
from autokode.project.store.project import Project
from autokode.project.store.project_state import state_of


def own_data_of(
    project: Project,
    texts: Mapping[int, str],
    codes: Mapping[str, str],
    notes_about: Mapping[str, Collection[str]],
    stated: StatedValues,
) -> OwnData:
    """What a project knows and the standard has no place for.

    Args:
        project: the project.
        texts: transcript's id → its document's id in the package.
        codes: code → its id in the package.
        notes_about: what memos are about → their notes' ids in the package.
        stated: the variables and their values, as `VariablesOut.stated` gives them.
    """
    names = {texts[source.id]: source.name for source in project.sources}
    verdicts = [
        Verdict(coder.name, texts[one.transcript], one.utterance, codes[one.code], one.said, one.probability)
        for coder in project.coders
        for one in verdicts_of(project, coder)
        if one.code in codes
    ]
    return OwnData(
        transcripts={guid: project.transcript(name) for guid, name in names.items()},
        pseudonymised=frozenset(guid for guid, name in names.items() if name in project.pseudonymised),
        added={texts[source.id]: [source.id, source.added] for source in project.sources},
        coders=tuple(coder.name for coder in project.coders),
        blind=frozenset(coder.name for coder in project.coders if coder.blind),
        read={(who, texts[number]): own for (who, number), own in read_marks(project).items()},
        verdicts=tuple(sorted(verdicts, key=lambda one: (one.coder, one.document, one.utterance, one.code))),
        turn_notes={
            guid: int(about.rpartition("/")[2])
            for about, guids in notes_about.items()
            if about.startswith("turn/")
            for guid in guids
        },
        settled=tuple(
            Settled(first, second, texts[transcript], utterance, codes[code], given)
            for first, second, transcript, utterance, code, given in settled_answers(project)
            if code in codes
        ),
        state=str(state_of(project)),
        codebook=project.codebook.to_yaml(),
        variables=stated[0],
        values=stated[1],
    )


def take_own_data(
    project: Project, own: OwnData, names: Mapping[str, str], codes: Mapping[str, str], known: Collection[str]
) -> Iterator[str]:
    """Take home what coders read and said of suggestions, and who codes blind; yield a sentence on what does not fit.

    Args:
        project: the project, with the package's texts and codings.
        own: what the file holds.
        names: document's id in the package → transcript's name.
        codes: code's id in the package → code's name.
        known: the coders who were in the project before; they code blind or not as before.
    """
    places = dict(places_of(project, own, names))
    for guid in sorted((own.transcripts.keys() & names.keys()) - places.keys()):
        yield say(
            f"«{names[guid]}» er delt i andre ytringer her; hva som er lest, er ikke tatt med",
            f"«{names[guid]}» has other utterances here; what was read is not taken in",
        )
    for coder in dict.fromkeys([*(who for who, _guid in own.read), *(one.coder for one in own.verdicts)]):
        read = [
            (places[guid], number)
            for (who, guid), numbers in own.read.items()
            if who == coder and guid in places
            for number in numbers
        ]
        said = [
            ((places[one.document], one.utterance), codes[one.code], one.said, one.probability)
            for one in own.verdicts
            if one.coder == coder and one.document in places and one.code in codes
        ]
        take_reading(project, coder, read, said)
    take_settled(
        project,
        [
            (one.first, one.second, (places[one.document], one.utterance), codes[one.code], one.given)
            for one in own.settled
            if one.document in places and one.code in codes
        ],
    )
    for coder in own.coders:
        if coder not in known:
            project.coder(coder, blind=coder in own.blind, new=True)


def places_of(project: Project, own: OwnData, names: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield (document, transcript's id in the project) where the utterances are those that the file states."""
    ids = {source.name: source.id for source in project.sources}
    for guid, stated in own.transcripts.items():
        if guid not in names:
            continue
        here = project.transcript(names[guid]).utterances
        if [(one.start, one.end) for one in here] == [(one.start, one.end) for one in stated.utterances]:
            yield guid, ids[names[guid]]

"""Reads what a coder coded, now or at an earlier date (`Anne@2026-03-01`), and what a model would have coded instead."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from autokode.agreement.units import Reading
from autokode.autocoder import AutoCoder, fit_quietly
from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.study import Study
from autokode.corpus.transcript import Transcript
from autokode.project import Coder, Project
from autokode.project.store.coders import as_known, likeliest
from autokode.project.store.decision_rows import decided
from autokode.project.store.followed_names import names_in


def transcripts_of(project: Project) -> dict[str, Transcript]:
    """The transcripts of a project by name."""
    return {source.name: project.transcript(source.name) for source in project.sources}


def reading(project: Project, who: str) -> Reading:
    """The codings of a coder: those of now, or for `NAME@2026-03-01` or `NAME@2026-03-01T12:00` those of that time.

    Only answers that the coder has read count: for any other, nobody knows which codes it lacks. A date includes that day, by
    this machine's clock.

    Raises:
        DataError: there is no such coder, or no date after the @.
    """
    people = {coder.name: coder for coder in project.coders}
    who = as_known(who, people)
    if who in people:
        return _reading(project, people[who], who, None)
    name, at, date = who.rpartition("@")
    name = as_known(name, people)
    if at and name in people:
        return _reading(project, people[name], who, _moment(date, who))
    names = ", ".join(people) or say("ingen", "none")
    meant = likeliest(name if at else who, list(people))
    asked = say(f". Mente du «{meant}»?", f". Did you mean «{meant}»?") if meant else ""
    one = meant or next(iter(people), "Anne")
    mend = say(f"«{one}», eller «{one}@2026-03-01»", f"«{one}», or «{one}@2026-03-01»")
    raise failure(
        f"ingen koder heter «{who}»; fant {names}{asked}",
        f"no coder is called «{who}»; found {names}{asked}",
        where=project.folder,
        try_next=mend,
    )


def model_reading(
    project: Project, person: Reading, *, seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Reading:
    """The codings that a model gives to the answers a person read: each interview by a model of the person's other interviews.

    Its codings are whole utterances, so they can be compared by utterance only.

    Args:
        project: the project.
        person: whose codings the model learns from.
        seed: of the training.
        progress: called with (interview, how many are done, how many there are).

    Raises:
        DataError: the person coded fewer than two interviews.
    """
    codebook, transcripts = project.codebook, transcripts_of(project)
    places = sorted(person.read)
    names = sorted({name for name, _ in places})
    if len({coding.segment.transcript for coding in person.codings}) < 2:
        raise failure(
            f"{person.coder} har kodet færre enn to intervjuer; modellen lærer av de andre når ett holdes utenfor",
            f"{person.coder} coded fewer than two interviews; the model learns from the others when one is held out",
            where=project.folder,
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    known = tuple(coding for coding in person.codings if coding.code in codebook.codable)
    examples = Study(codebook, transcripts, {}, known).examples_at(places)
    codings: list[Coding] = []
    for done, held_out in enumerate(names):
        if progress:
            progress(held_out, done, len(names))
        others = examples.at(row for row, (name, _) in enumerate(places) if name != held_out)
        fitted = fit_quietly(AutoCoder(random_state=seed), others, codebook)
        own = [row for row, (name, _) in enumerate(places) if name == held_out]
        given = fitted.predict(examples.at(own).texts, examples.at(own).contexts)
        for row, codes_given in zip(own, given, strict=True):
            utterance = transcripts[held_out].utterances[places[row][1]]
            text = transcripts[held_out].text[utterance.start : utterance.end]
            segment = Segment(held_out, utterance.start, utterance.end, text)
            codings += [Coding(segment, code) for code in codes_given]
    return Reading(say("modellen", "the model"), tuple(codings), person.read, answers_alone=True)


def _reading(project: Project, coder: Coder, shown: str, until: datetime | None) -> Reading:
    moment = None if until is None else until.astimezone(UTC).isoformat(timespec="milliseconds")
    own = decided(project, coder, until=moment)
    names, codes = {source.id: source.name for source in project.sources}, names_in(project)
    transcripts = transcripts_of(project)
    codings = []
    for row in own.codings:
        name = names[row.transcript]
        segment = Segment(name, row.start, row.end, transcripts[name].text[row.start : row.end])
        codings.append(Coding(segment, codes.get(row.code, row.code), coder.name, row.time))
    read = frozenset((names[transcript], utterance) for transcript, utterance in own.read)
    return Reading(shown, tuple(sorted(codings)), read)


def _moment(date: str, who: str) -> datetime:
    try:
        found = datetime.fromisoformat(date)
    except ValueError as error:
        raise failure(
            f"«{date}» er ingen dato", f"«{date}» is no date", where=who, try_next=who.replace(date, "2026-03-01")
        ) from error
    whole_day = len(date) <= len("2026-03-01")
    return (datetime.combine(found.date(), time()) + timedelta(days=1) if whole_day else found).astimezone()

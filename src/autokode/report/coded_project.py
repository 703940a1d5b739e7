"""Take coded interviews, and the codebook with its counts, out of a project for a document, after a check that names stay in."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.project import Project
from autokode.project.store.decision_rows import Memo, memos
from autokode.project.store.foreign_data import Made, made
from autokode.project.store.pseudonymising import invented_in
from autokode.project.store.transcripts import Source
from autokode.report.coded_text import CodedInterview, CodedText, GivenCode, Written, coded_interview, legend_of
from autokode.report.data_checks import check_pseudonymised, known_coders, personal_in
from autokode.report.interview_names import names_in_report


def coded_text_of(
    project: Project,
    *,
    interviews: Collection[str] = (),
    coders: Collection[str] = (),
    memos_of: Collection[str] = (),
    as_is: bool = False,
) -> CodedText:
    """The coded interviews of a project, under the names that a report calls them by (`interview_names`).

    Args:
        project: the project.
        interviews: their names; all that are coded if empty.
        coders: whose codings to show; all coders' if empty.
        memos_of: whose memos to show, by name.
        as_is: also allow interviews that are not marked as pseudonymised, and memos that may hold names.

    Raises:
        DataError: nothing is coded, an interview or a coder is unknown, or names may be real.
    """
    chosen = known_coders(project, coders)
    named = {project.source(name).name for name in interviews}
    codings = [one for one in made(project) if not chosen or one.coder in chosen]
    codings = [one for one in codings if not named or one.transcript in named]
    if not codings:
        raise failure(
            "ingenting er kodet her ennå",
            "nothing is coded here yet",
            where=project.folder,
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    shown = named or {one.transcript for one in codings}
    sources = [source for source in project.sources if source.name in shown]
    if not as_is:
        check_pseudonymised(project, [source.name for source in sources])
    written = _Memos(project, memos_of, codings, sources)
    if not as_is:
        speakers = [word for name in shown for word in project.transcript(name).speakers]
        personal_in(written.shown, allowed=[*invented_in(project), *speakers])
    called = names_in_report(project)
    by_place = [_given(codings, source.name, written) for source in sources]
    return CodedText(
        title=project.codebook.name or say("Kodede intervjuer", "Coded interviews"),
        interviews=tuple(
            _interview(project, source, given, called[source.name], written)
            for source, given in zip(sources, by_place, strict=True)
        ),
        legend=legend_of(project.codebook, [one for given in by_place for one in given], written.of_codes),
        coders=tuple(
            dict.fromkeys(coder.name for coder in project.everyone if coder.name in {c.coder for c in codings})
        ),
        memos=written.about("project"),
    )


@dataclass(frozen=True, slots=True)
class CodebookText:
    """A codebook with what a document says of its codes.

    Attributes:
        codebook: the codebook.
        codings, interviews: code → how many codings it has, and in how many interviews.
        memos: code → the memos about it.
        is_counted: whether it is a project's, so that there is anything to count.
    """

    codebook: Codebook
    codings: Counter[str] = field(default_factory=Counter)
    interviews: Counter[str] = field(default_factory=Counter)
    memos: dict[str, tuple[Written, ...]] = field(repr=False, default_factory=dict)
    is_counted: bool = False


def codebook_text_of(project: Project, *, memos_of: Collection[str] = (), as_is: bool = False) -> CodebookText:
    """A project's codebook with counts and memos.

    Args:
        project: the project.
        memos_of: whose memos about codes to show, by name.
        as_is: also allow anchor examples and memos that may hold names.

    Raises:
        DataError: they may hold names.
    """
    codebook, codings = project.codebook, made(project)
    about = [memo for memo in memos(project) if memo.coder in memos_of and memo.about.startswith("code/")]
    if not as_is:
        examples = [Memo(code.name, say("eksempel", "example"), text) for code in codebook for text in code.examples]
        speakers = [word for name in project.pseudonymised for word in project.transcript(name).speakers]
        personal_in([*examples, *about], allowed=[*invented_in(project), *speakers])
    return CodebookText(
        codebook,
        Counter(one.code for one in codings),
        Counter(code for code, _interview in {(one.code, one.transcript) for one in codings}),
        _by_about(replace(memo, about=memo.about.removeprefix("code/")) for memo in about),
        is_counted=True,
    )


class _Memos:
    """The memos of some coders, by what they are about, that belong to what is shown."""

    def __init__(
        self, project: Project, writers: Collection[str], codings: Sequence[Made], sources: Sequence[Source]
    ) -> None:
        codes = {one.code for one in codings}
        there = {"project", *(f"coding/{one.id}" for one in codings), *(f"code/{code}" for code in codes)}
        turns = tuple(f"turn/{source.id}/" for source in sources)
        there |= {f"transcript/{source.id}" for source in sources}
        every = [memo for memo in memos(project) if memo.coder in writers]
        self.shown = [memo for memo in every if memo.about in there or memo.about.startswith(turns or ("\x00",))]
        self._by_about = _by_about(self.shown)
        self.of_codes = {code: self.about(f"code/{code}") for code in codes}

    def about(self, what: str) -> tuple[Written, ...]:
        return self._by_about.get(what, ())

    def of_turns(self, source: Source) -> dict[int, tuple[Written, ...]]:
        """Number of an utterance → the memos about it."""
        start = f"turn/{source.id}/"
        return {int(about[len(start) :]): own for about, own in self._by_about.items() if about.startswith(start)}


def _by_about(found: Iterable[Memo]) -> dict[str, tuple[Written, ...]]:
    texts: dict[str, tuple[Written, ...]] = {}
    for memo in found:
        texts[memo.about] = (*texts.get(memo.about, ()), (memo.coder, memo.text))
    return texts


def _given(codings: Sequence[Made], name: str, written: _Memos) -> list[GivenCode]:
    """The codes on an interview; one that several coders gave to one span is there once."""
    spans: dict[tuple[int, int, str], list[Made]] = {}
    for one in codings:
        if one.transcript == name:
            spans.setdefault((one.start, one.end, one.code), []).append(one)
    return [
        GivenCode(
            *span,
            tuple(one.coder for one in own),
            any(one.good for one in own),
            tuple(memo for one in own for memo in written.about(f"coding/{one.id}")),
        )
        for span, own in spans.items()
    ]


def _interview(
    project: Project, source: Source, given: Sequence[GivenCode], called: str, written: _Memos
) -> CodedInterview:
    transcript = replace(project.transcript(source.name), name=called)
    starts = {i: one.start for i, one in enumerate(transcript.utterances)}
    return coded_interview(
        transcript,
        given,
        group="" if source.office == source.name else source.office,
        memos=written.about(f"transcript/{source.id}"),
        turn_memos={starts[i]: own for i, own in written.of_turns(source).items() if i in starts},
    )

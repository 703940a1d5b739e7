"""A theme book: the content of a report, before it becomes a page, a Word file or a workbook."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from autokode.base.errors import DataError, Problem
from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.codebook import Code
from autokode.corpus.model_coder import is_model
from autokode.corpus.utterance import Place
from autokode.project import Project
from autokode.project.store.decision_rows import Memo, memos
from autokode.report.co_occurrence import CoOccurrences, On, Pair, co_occurrences, co_occurrences_by
from autokode.report.grouping import FEWEST, CategoryProposal, propose
from autokode.report.material import Material
from autokode.report.methods import Methods
from autokode.report.plots import Picture, bars, by_group, heat_map, tree
from autokode.report.shares import shares_of
from autokode.report.themes import Theme, theme, themes


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures of a report; None if there is too little to draw."""

    by_group: Picture | None
    bars: Picture
    heat_map: Picture | None
    tree: Picture | None

    @property
    def first(self) -> Picture:
        """The figure of the overview: codes by group, or the answers with each code where there is one group only."""
        return self.by_group or self.bars


class CitedAnswer:
    """An answer with a code, for the list at the end of a report."""

    def __init__(self, material: Material, place: Place) -> None:
        self.place = place
        name, index = place
        transcript = material.transcripts[name]
        utterance = transcript.utterances[index]
        self.attribution = material.attribution(place)
        self.location = material.location(place)
        number = material.numbers[name][index]
        at = (
            say("utenfor ytringene", "outside the utterances")
            if number is None
            else say(f"ytring {number + 1}", f"turn {number + 1}")
        )
        self.where = f"{name}, {at}{self.attribution.replace('– ', ', ', 1)}"
        self.question = transcript.question_of(utterance)
        self.text = transcript.text[utterance.start : utterance.end]
        row = material.coded[material.row[place]]
        models, mark = material.by_models_alone.get(place, ()), say(" (modell)", " (model)")
        given = [code for code, has in zip(material.codes, row, strict=True) if has]
        self.codes = [code + mark * (code in models) for code in given]


@dataclass(frozen=True, eq=False)
class Book:
    """The content of a report.

    Attributes:
        title: of the study.
        material: the codings and their transcripts.
        themes: of the wanted codes and categories, in the order of the codebook.
        memos: code → the memos about it that were asked for.
        co_occurrences: of all pairs of codes.
        reach: turns within which codes co-occur; 0 for one answer.
        by: "office", "interview" or "speaker" → name → co-occurrence in its answers.
        proposal: suggested categories, or None if there are fewer than three codes.
        methods: figures for the methods section.
        pictures: of the figures.
    """

    title: str
    material: Material
    themes: tuple[Theme, ...]
    memos: dict[str, tuple[str, ...]] = field(repr=False)
    co_occurrences: CoOccurrences
    reach: int
    by: dict[str, dict[str, CoOccurrences]]
    proposal: CategoryProposal | None
    methods: Methods
    pictures: Pictures

    @property
    def codes(self) -> tuple[Theme, ...]:
        """The themes of codes, without those of categories that are not codable."""
        return tuple(one for one in self.themes if one.name in self.material.codes)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of codes that co-occur at all, most answers first."""
        return tuple(sorted((pair for pair in self.co_occurrences.pairs if pair.both), key=lambda pair: -pair.both))

    @property
    def cited(self) -> tuple[Place, ...]:
        """Every answer with a code, in order: the targets of the links from quotes."""
        return tuple(place for place, row in zip(self.material.answers, self.material.coded, strict=True) if row.any())

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on codings by models alone, and on those outside the utterances or in questions alone."""
        outside, questions = self.material.outside, self.material.of_questions
        found = []
        models = Counter(one.coder for one in self.material.codings if is_model(one.coder))
        if models:
            each, whole = ", ".join(f"{name}: {n}" for name, n in sorted(models.items())), len(self.material.codings)
            found.append(
                say(
                    f"{models.total()} av {counted(whole, 'koding', 'kodinger')} er gitt av en modell uten at noen har lest "
                    f"svaret ({each}); sitatene er merket.",
                    f"{models.total()} of {counted(whole, 'coding', 'codings')} were given by a model, without anybody reading "
                    f"the answer ({each}); the quotes are marked.",
                )
            )
        if outside:
            found.append(
                say(
                    f"{counted(outside, 'koding', 'kodinger')} står utenfor ytringene (før første taler, i en overskrift eller "
                    "annet som ingen sier); de er talt med, og sitert uten taler.",
                    f"{counted(outside, 'coding stands', 'codings stand')} outside the utterances (before the first speaker, in "
                    "a heading or elsewhere); they are counted, and quoted without a speaker.",
                )
            )
        if questions:
            count, each = questions.total(), ", ".join(f"{code} {n}" for code, n in sorted(questions.items()))
            found.append(
                say(
                    f"{counted(count, 'koding', 'kodinger')} står bare i intervjuernes ytringer, og er ikke talt med ({each}).",
                    f"{counted(count, 'coding stands', 'codings stand')} in interviewers' turns alone: not counted "
                    f"({each}).",
                )
            )
        return tuple(found)

    @property
    def depths(self) -> dict[str, int]:
        """Code → its level in the tree, 0 at the top."""
        found: dict[str, int] = {}

        def walk(codes: Sequence[Code], depth: int) -> None:
            for code in codes:
                found[code.name] = depth
                walk(code.codes, depth + 1)

        walk(self.material.codebook.codes, 0)
        return found


def book_of(
    project: Project,
    material: Material,
    methods: Methods,
    *,
    codes: Sequence[str] = (),
    reach: int = 0,
    groups: int | None = None,
    sentences: int = 5,
    memos_of: Collection[str] = (),
) -> Book:
    """Make the book of a project.

    Args:
        project: the project, for its memos.
        material: the codings; see `data_checks.material_of`.
        methods: figures for the methods section.
        codes: codes and categories with a theme; all if none is named. Co-occurrence always covers all codes.
        reach: turns within which codes co-occur; 0 for one answer.
        groups: number of categories to propose; None lets the silhouette decide.
        sentences: most sentences of a summary.
        memos_of: the coders whose memos about codes to include, by name, as they wrote them.

    Raises:
        DataError: a code is not in the codebook, or there are more groups than codes.
    """
    wanted = _themes(material, codes, sentences)
    on: On = "near" if reach else "utterance"
    found = co_occurrences(material, on=on, reach=reach)
    by = {
        name: co_occurrences_by(material, name, on=on, reach=reach, resamples=0)
        for name in ("office", "interview", "speaker")
    }
    proposal = propose(material, groups) if len(material.codes) >= FEWEST else None
    coded = [one for one in wanted if one.name in material.codes]
    shares = shares_of(material)
    pictures = Pictures(
        by_group=by_group(shares) if shares and len(shares.codes) else None,
        bars=bars(coded or wanted),
        heat_map=heat_map(found) if any(pair.both for pair in found.pairs) else None,
        tree=tree(proposal) if proposal else None,
    )
    return Book(
        title=material.codebook.name or project.folder.resolve().name,
        material=material,
        themes=wanted,
        memos=_by_code(code_memos(project, memos_of)),
        co_occurrences=found,
        reach=reach,
        by=by,
        proposal=proposal,
        methods=methods,
        pictures=pictures,
    )


def code_memos(project: Project, coders: Collection[str]) -> list[Memo]:
    """The memos of these coders about codes."""
    return [memo for memo in memos(project) if memo.coder in coders and memo.about.startswith("code/")]


def _by_code(found: Iterable[Memo]) -> dict[str, tuple[str, ...]]:
    texts: dict[str, tuple[str, ...]] = {}
    for memo in found:
        name = memo.about.removeprefix("code/")
        texts[name] = (*texts.get(name, ()), memo.text)
    return texts


def _themes(material: Material, codes: Sequence[str], sentences: int) -> tuple[Theme, ...]:
    if not codes:
        return themes(material, sentences=sentences)
    problems: list[Problem] = []
    found = []
    for name in codes:
        try:
            found.append(theme(material, name, sentences=sentences))
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems, try_next=", ".join(material.codes[:5]))
    return tuple(found)

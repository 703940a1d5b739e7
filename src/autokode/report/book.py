"""A theme book: all that a report says of a project, before it is a page, a Word file or a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass

from autokode.base.errors import DataError, Problem
from autokode.project import Project
from autokode.project.store.memos import memos
from autokode.report.co_occurrence import On, Pair, Together, together, together_by
from autokode.report.grouping import FEWEST, Proposal, propose
from autokode.report.material import Material, Place
from autokode.report.methods import Methods
from autokode.report.plots import Picture, bars, heat_map, tree
from autokode.report.themes import Theme, theme, themes


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures of a report; None where there is too little to draw."""

    bars: Picture
    heat_map: Picture | None
    tree: Picture | None


@dataclass(frozen=True, eq=False)
class Book:
    """All of a report.

    Attributes:
        title: of the study.
        material: what was coded.
        themes: of the codes and categories that were asked for, by the tree.
        memos: code → what coders noted of it.
        together: how codes fall together.
        reach: 0 where that means in one answer, else within so many turns.
        by: the same for each "office", "interview" and "speaker", by name.
        proposal: suggested categories, or None of fewer than three codes.
        methods: what was done.
        pictures: drawn.
    """

    title: str
    material: Material
    themes: tuple[Theme, ...]
    memos: dict[str, tuple[str, ...]]
    together: Together
    reach: int
    by: dict[str, dict[str, Together]]
    proposal: Proposal | None
    methods: Methods
    pictures: Pictures

    @property
    def codes(self) -> tuple[Theme, ...]:
        """The themes of codes, without those of categories that are not codable."""
        return tuple(one for one in self.themes if one.name in self.material.codes)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of codes that fall together at all, most answers first."""
        return tuple(sorted((pair for pair in self.together.pairs if pair.both), key=lambda pair: -pair.both))

    @property
    def cited(self) -> tuple[Place, ...]:
        """Every answer with a code, by transcript and place: what all quotes lead to."""
        return tuple(place for place, row in zip(self.material.answers, self.material.given, strict=True) if row.any())


def book_of(
    project: Project,
    material: Material,
    methods: Methods,
    *,
    codes: Sequence[str] = (),
    reach: int = 0,
    groups: int | None = None,
    sentences: int = 5,
) -> Book:
    """Return the book of a project.

    Args:
        project: the project, for its memos.
        material: what was coded; see `gathering.material_of`.
        methods: what was done.
        codes: codes and categories to tell of; all if none is named. What falls together is told of all codes.
        reach: 0 for codes in one answer, else turns within which they count as together.
        groups: how many categories to propose; None for as many as the codes fall into.
        sentences: of each summary, at the most.

    Raises:
        DataError: a code that is not in the codebook, more groups than codes.
    """
    wanted = _themes(material, codes, sentences)
    on: On = "near" if reach else "utterance"
    found = together(material, on=on, reach=reach)
    by = {
        name: together_by(material, name, on=on, reach=reach, resamples=0)
        for name in ("office", "interview", "speaker")
    }
    proposal = propose(material, groups) if len(material.codes) >= FEWEST else None
    told: dict[str, tuple[str, ...]] = {}
    for memo in memos(project):
        if memo.about.startswith("code/"):
            name = memo.about.removeprefix("code/")
            told[name] = (*told.get(name, ()), memo.text)
    coded = [one for one in wanted if one.name in material.codes]
    pictures = Pictures(
        bars=bars(coded or wanted),
        heat_map=heat_map(found) if len(found.codes) > 1 else None,
        tree=tree(proposal) if proposal else None,
    )
    return Book(
        title=material.codebook.name or project.folder.resolve().name,
        material=material,
        themes=wanted,
        memos=told,
        together=found,
        reach=reach,
        by=by,
        proposal=proposal,
        methods=methods,
        pictures=pictures,
    )


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

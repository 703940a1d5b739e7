"""Compares how the answers of the training set are spoken with real advisors: the table of training_data/SOURCE.md.

    python -m benchmarks.build.register

The figures of real advisors were counted in 35 quotes that a Norwegian master's thesis of 2022 prints (none of them is here).
What is counted are words and beginnings, by the patterns below; Nynorsk and dialect forms count too. Interviewers' turns and
answers of fewer than ten words are left out.
"""

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autokode import read_study
from autokode.corpus.study import Study
from benchmarks import ROOT
from benchmarks.generated import fill, table

DATA = ROOT / "training_data"
FEWEST = 10
"""Words from which an answer is counted."""

WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+")


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


FILLERS = _any(
    "jo", "altså", "liksom", "på en måte", "på et vis", "litt", "sånn", "(?:jeg|æ|eg) (?:tenker|føler|føle|opplever)"
)
TAGGED = re.compile(r"(?<=\w),? da(?=[.!?,…]|\s*$)")
"""«da» at the end of a clause."""

FIELD = _any(
    r"tillit\w*",
    r"u?trygg\w*",
    r"\w*relasjon\w*",
    r"makt\w*",
    r"\w*språk\w*",
    r"kartl[ea]gg?\w*",
    r"\w*oppfølg\w*",
    r"følg\w* opp",
    r"\w*mentor\w*",
    r"arbeidsg[ij]v\w*",
    r"\w*match\w*",
    r"\w*kompetanse\w*",
)
NOW = _any(
    *"er e har må kan skal vil blir får går gjør tror tenker syns synes vet veit kommer ser sier snakker jobber".split(),
    *"trenger prøver sitter finner tar".split(),
)
THEN = _any(
    *"var va hadde måtte kunne skulle ville ble blei fikk gikk gjorde trodde tenkte syntes visste kom så sa snakka".split(),
    *"jobba satt stod sto tok begynte ringte spurte".split(),
)
ONE = _any("man", "en(?= (?:må|kan|skal|vet|får|driver|har|gjør|ser|ikke|jo|sitter))")
THEY = _any("han", "hun", "ho", "hen")
NUMBERS = _any(
    r"\d+",
    *"to tre fire fem seks sju syv åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten".split(),
    r"(?:tju|trett|førti|femti|seksti|sytti|åtti|nitti|hundre|tusen|halv)\w*",
)
JUDGING = _any(
    *(rf"{stem}\w*" for stem in "viktig vanskel skummel flott artig slitsom nyttig trist farlig".split()),
    *"krevende krevjande utfordrende utfordrande skumle spennende spennande bra fin fint fine lett dårlig".split(),
    *"dårlige dårleg tung tungt tunge gøy moro urettferdig godt".split(),
)
EVENT = re.compile(
    r"\b(?:jeg|vi|eg|me|æ) (?:har|hadde|fikk|fekk|møtte|ringte|hatt) (?:jo |nå |no |vel |hatt |også |òg )*(?:en|ei|ein|én) "
    r"(?:ung |eldre |sånn |god |litt )*(?:dame|mann|kar|gutt|jente|mor|far|sjef|kandidat|bruker|brukar|ungdom|fyr|person|kvinne|"
    r"arbeidsgiver|arbeidsgivar|leder|leiar|som|her|der|på|i|nede|ute|fra)\w*"
    r"|(?<!med )(?<!på )(?<!enda )\b(?:en|ein) gang\b(?! til)"
    r"|\b(?:her om dagen|for ikke lenge siden|i går|forrige uke|sist uke|i fjor)\b"
    r"|\b(?:jeg|æ|eg) (?:husker|huske|hugsar)\b|\bhusker jeg\b",
    re.IGNORECASE,
)
"""Words with which somebody begins to tell of one person or occasion. A reader counts fewer: those that tell of nothing else."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A countable trait of speech: its name, the figure of real advisors, and how to count it.

    Attributes:
        real: the figure of real advisors; lowest and highest, where it is known within such bounds only.
        digits: of the figure shown.
    """

    name: str
    real: tuple[float, float]
    digits: int
    count: Callable[[Sequence[str]], float]


def words(text: str) -> list[str]:
    return WORD.findall(text)


def per_hundred(*patterns: re.Pattern[str]) -> Callable[[Sequence[str]], float]:
    """Count how often patterns stand in 100 words."""
    return lambda texts: (
        100 * sum(len(p.findall(text)) for text in texts for p in patterns) / sum(len(words(text)) for text in texts)
    )


def share(holds: Callable[[str], object]) -> Callable[[Sequence[str]], float]:
    """Count in how many of 100 answers something holds."""
    return lambda texts: 100 * sum(bool(holds(text)) for text in texts) / len(texts)


def begins(*first: str) -> Callable[[str], bool]:
    return lambda text: (words(re.sub(r"^\W*(?:\([^)]*\)\s*)*", "", text).lower()) or [""])[0] in first


def mostly_past(text: str) -> bool:
    return len(THEN.findall(text)) > len(NOW.findall(text))


def tells_of_one(text: str) -> bool:
    """Tell whether an answer begins to tell of one person or occasion, or is mostly in the past and of him or her."""
    return EVENT.search(text) is not None or (mostly_past(text) and len(THEY.findall(text)) > 1)


TRAITS = (
    Trait("ord per svar, median", (65, 65), 0, lambda texts: statistics.median(len(words(text)) for text in texts)),
    Trait(
        "jo, altså, liksom, på en måte, litt, sånn, da, jeg tenker, per 100 ord",
        (5.4, 5.4),
        1,
        per_hundred(FILLERS, TAGGED),
    ),
    Trait("nevner temaet med fagets egne ord, % av svarene", (49, 49), 0, share(FIELD.search)),
    Trait("forteller om én hendelse eller person, %", (6, 6), 1, share(tells_of_one)),
    Trait("mest i fortid, %", (3, 3), 1, share(mostly_past)),
    Trait("man og upersonlig en, per 100 ord", (0.7, 0.9), 2, per_hundred(ONE)),
    Trait("han, hun, hen, per 100 ord", (0.3, 0.3), 2, per_hundred(THEY)),
    Trait("tall, per 100 ord", (0.2, 0.2), 2, per_hundred(NUMBERS)),
    Trait("vurderer (viktig, vanskelig, krevende …), per 100 ord", (0.9, 0.9), 2, per_hundred(JUDGING)),
    Trait("bryter av (…), %", (51, 51), 0, share(re.compile(r"…|\.\.\.").search)),
    Trait("begynner med ja, nei eller jo, %", (31, 31), 0, share(begins("ja", "nei", "jo", "mm"))),
    Trait("begynner med vi + verb, %", (9, 9), 1, share(begins("vi", "me"))),
)
WITHIN = 0.2
"""How far from the real figure the new texts may be, as a share of it."""


def answers(study: Study, letters: str) -> list[str]:
    """The answers and quotes of the offices with these letters, of ten words or more."""
    names = [name for name in study.transcripts if name[-1] in letters]
    return [text for text in study.examples(names).texts if len(words(text)) >= FEWEST]


OLD, NEW = "abcdefghijklmn", "opqrstuvwxyz"


def counted(study: Study) -> list[tuple[Trait, float, float]]:
    """Each trait with its figure in the new texts and in the old ones."""
    new, old = answers(study, NEW), answers(study, OLD)
    return [(trait, trait.count(new), trait.count(old)) for trait in TRAITS]


def shown(study: Study) -> str:
    rows = []
    for trait, new, old in counted(study):
        low, high = trait.real
        real = f"{low:g}" if low == high else f"{low:g}–{high:g}"
        rows.append((trait.name, real, f"{new:.{trait.digits}f}", f"{old:.{trait.digits}f}"))
    return table(("", "virkelige veiledere", "kontor O–Z og sitater", "kontor A–N"), rows)


if __name__ == "__main__":
    found = read_study(DATA)
    print(shown(found))
    fill(DATA / "SOURCE.md", {"register": shown(found)})

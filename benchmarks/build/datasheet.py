"""Counts, agreement and comparison with real speech for training_data/SOURCE.md.

    python -m benchmarks.build.datasheet     counts everything anew and writes the tables

The comparison with real speech needs data that the project may not pass on; its figures are kept in
benchmarks/results/speech.json and written anew where that data is at hand.
"""

from benchmarks import ROOT, RESULTS
import csv
import gzip
import itertools
import json
import os
import re
import statistics
import sys
from pathlib import Path

from benchmarks.build import register
from autokode import read_study
from autokode.agreement import Reading, agreement
from autokode.agreement.results import name_of
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, read_codings
from autokode.corpus.study import Study
from benchmarks.generated import fill, table

DATA = ROOT / "training_data"
SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
SPEECH = RESULTS / "speech.json"
VARIETY = {
    "kontor_f": "dialekt (Gudbrandsdal/Valdres)",
    "kontor_g": "nynorsk",
    "kontor_i": "dialekt (nordnorsk)",
    "kontor_j": "talegjenkjenning",
    "kontor_l": "dels trøndersk",
    "kontor_s": "dialekt (nordnorsk)",
    "kontor_t": "trøndersk bokmål",
    "kontor_u": "nynorsk",
    "kontor_z": "rått utskrevet",
    "sitater_s": "dels nordnorsk",
    "sitater_u": "dels nynorsk",
}
MARK = re.compile(r"[.?!…]+(?=\s|$)")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def sizes(study: Study) -> str:
    """One row an interview, and the sum."""
    rows, coded = [], study.codes_by_utterance()
    for name, transcript in study.transcripts.items():
        answers = [transcript.utterances[i] for i in transcript.answers]
        lengths = [len(u.text.split()) for u in answers]
        uncoded = sum((name, i) not in coded for i in range(len(transcript.utterances)))
        count = len(transcript.utterances)
        file = next(path.name for path in DATA.iterdir() if path.stem == name)
        total = sum(len(u.text.split()) for u in transcript.utterances)
        codings = sum(c.segment.transcript == name for c in study.codings)
        form = VARIETY.get(name, "bokmål")
        rows.append(
            (
                file,
                form,
                count,
                total,
                f"{statistics.median(lengths):g}",
                max(lengths),
                f"{uncoded / count:.0%}",
                codings,
            )
        )
    lengths = [len(t.utterances[i].text.split()) for t in study.transcripts.values() for i in t.answers]
    every = sum(row[2] for row in rows)
    bare = sum((name, i) not in coded for name, t in study.transcripts.items() for i in range(len(t.utterances)))
    total_words, codings = sum(row[3] for row in rows), sum(row[7] for row in rows)
    rows.append(
        (
            "**i alt**",
            "",
            every,
            total_words,
            f"{statistics.median(lengths):g}",
            max(lengths),
            f"{bare / every:.0%}",
            codings,
        )
    )
    return table(("fil", "form", "ytringer", "ord", "median svar (ord)", "lengste", "uten kode", "kodinger"), rows)


def per_code(codebook: Codebook, codings: tuple[Coding, ...]) -> str:
    """Segments and interviews of every codable code."""
    rows = []
    for code in codebook.codable:
        own = [c for c in codings if c.code == code]
        lengths = [len(c.segment.quote.split()) for c in own]
        rows.append(
            (
                code,
                len(own),
                len({c.segment.transcript for c in own}),
                f"{statistics.median(lengths):g}" if own else "–",
            )
        )
    return table(("kode", "segmenter", "intervjuer", "median ord"), rows)


def double_coded() -> list[tuple[str, int]]:
    with (DATA / "double_coded.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["transcript"], int(row["utterance"])) for row in csv.DictReader(lines)]


def agreements(study: Study) -> str:
    first, second = (
        read_codings(DATA / f"codings_{which}.csv", transcripts=study.transcripts) for which in ("first", "second")
    )
    read = frozenset(double_coded())
    readings = [Reading(name, codings, read) for name, codings in (("1", first), ("2", second))]
    rows = []
    for row in agreement(study.codebook, study.transcripts, readings).rows:
        name = f"**{name_of(row)}**" if row.level != "code" else row.name
        figures = [f"{figure.value:.2f}" if figure else "–" for figure in (row.kappa, row.ac1, row.alpha)]
        interval = (
            f"{row.alpha.interval[0]:.2f}–{row.alpha.interval[1]:.2f}" if row.alpha and row.alpha.interval else ""
        )
        rows.append((name, *row.given, f"{row.agreed.value:.3f}", *figures, interval))
    return table(("kode", "koder 1", "koder 2", "enige", "kappa", "AC1", "alfa", "95 %"), rows)


def figures_of(turns: list[str]) -> dict[str, object]:
    """Vocabulary growth and lengths of a list of turns, over the same number of words each."""
    tokens = [word for turn in turns for word in words(turn)]
    growth = {str(n): len(set(tokens[:n])) for n in (1000, 5000, 20000, 50000)}
    sentences = [len(words(part)) for turn in turns for part in MARK.split(turn) if words(part)]
    lengths = [len(words(turn)) for turn in turns if words(turn)]
    return {
        "words": len(tokens),
        "types_after": growth,
        "turn_words_quartiles": [round(q) for q in statistics.quantiles(lengths, n=4)],
        "sentence_words_quartiles": [round(q) for q in statistics.quantiles(sentences, n=4)],
        "fillers_per_1000": round(1000 * sum(t in FILLERS for t in tokens) / len(tokens), 1),
        "repeated_words_per_1000": round(1000 * sum(a == b for a, b in itertools.pairwise(tokens)) / len(tokens), 1),
    }


FILLERS = {"eh", "eee", "ehm", "hm", "mm", "mmm", "altså", "liksom", "ikke", "sant", "da", "jo", "ass", "vel"} - {
    "ikke"
}


def real_speech() -> dict[str, dict[str, object]]:
    found = {}
    for name, key in (("nbtale3", "frie monologer (NB Tale 3)"), ("npsc_eval", "Stortinget (NPSC)")):
        with gzip.open(SHARED / "speech" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        groups = itertools.groupby(rows, key=lambda row: row["speaker"])
        found[key] = figures_of([" ".join(row["normalised"] for row in group) for _speaker, group in groups])
    return found


def speech(study: Study) -> str:
    if SHARED.is_dir():
        SPEECH.parent.mkdir(exist_ok=True)
        SPEECH.write_text(json.dumps(real_speech(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    else:
        print(f"real speech is not here ({SHARED}): its figures are those of {SPEECH}", file=sys.stderr)
    own = figures_of([t.utterances[i].text for t in study.transcripts.values() for i in t.answers])
    rows = []
    for name, found in {"disse intervjuene": own, **json.loads(SPEECH.read_text(encoding="utf-8"))}.items():
        types, turn = found["types_after"], found["turn_words_quartiles"]
        sentence = found["sentence_words_quartiles"]
        shown = "–" if name != "disse intervjuene" else f"{sentence[0]}/{sentence[1]}/{sentence[2]}"
        spread = f"{turn[0]}/{turn[1]}/{turn[2]}"
        fillers, repeats = found["fillers_per_1000"], found["repeated_words_per_1000"]
        rows.append(
            (name, types["1000"], types["5000"], types["20000"], types["50000"], spread, shown, fillers, repeats)
        )
    headings = ("tale", "ulike ord av 1 000", "av 5 000", "av 20 000", "av 50 000", "ord per tur (kvartiler)")
    return table((*headings, "ord per setning", "fyllord per 1 000", "gjentatte ord per 1 000"), rows)


def parts() -> dict[str, str]:
    """Every generated part of SOURCE.md."""
    study = read_study(DATA)
    theory = Codebook.read(DATA / "codebook_theory.yaml")
    return {
        "sizes": sizes(study),
        "codes": per_code(study.codebook, study.codings),
        "theory": per_code(
            theory, read_codings(DATA / "codings_theory.csv", transcripts=study.transcripts, codebook=theory)
        ),
        "agreement": agreements(study),
        "speech": speech(study),
        "register": register.shown(study),
    }


if __name__ == "__main__":
    fill(DATA / "SOURCE.md", parts())

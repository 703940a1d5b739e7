"""Tables of docs/quality.md, and the targets in models/nb-vectors.md, from benchmarks/results/quality.jsonl.

python -m benchmarks.quality.table
"""

from collections.abc import Callable

from benchmarks import ROOT, generated
from benchmarks.quality import ablation, sets, targets
from benchmarks.quality.rows import SIZES, Results, read
from benchmarks.quality.systems import AUTOKODE, SYSTEMS, System

DOCUMENT = ROOT / "docs" / "quality.md"
VECTORS = ROOT / "models" / "nb-vectors.md"
FIGURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "micro_f1": ("micro F1", "{:.2f}".format),
    "macro_f1": ("macro F1", "{:.2f}".format),
    "accuracy": ("accuracy", "{:.2f}".format),
    "calibration_error": ("calibration error", "{:.3f}".format),
    "training_seconds": ("seconds to learn", "{:.1f}".format),
    "words_per_second": ("words a second", lambda value: f"{value / 1000:,.1f} k"),
}
"""Figure → heading, and how it is written."""


def parts(results: Results) -> dict[str, str]:
    """The generated parts of docs/quality.md by name."""
    return {
        "targets": of_targets(results),
        "exceptions": of_exceptions(results),
        "sets": "\n\n".join(of_set(results, name) for name in sets.SETS),
        "promises": of_promises(results),
        "ablation": of_ablations(results),
        "systems": generated.table(
            ("system", "how"), [(shown(s), _how(results, s)) for s in SYSTEMS.values()], numbers=False
        ),
    }


def _how(results: Results, system: System) -> str:
    measured = any(row["system"] == system.name for row in results.rows)
    return system.how if measured else f"{system.how}. **Not measured yet**"


def of_targets(results: Results) -> str:
    return generated.table(("what", "target", "measured", "met?"), targets.lines(results), numbers=False)


def of_exceptions(results: Results) -> str:
    if not results.rows:
        return "Not measured yet."
    found = targets.exceptions(results)
    return "\n".join(f"* {line}" for line in found) if found else "None in what was measured."


def of_set(results: Results, name: str) -> str:
    """A set's heading, its table of average precision, and the table of other figures where all is learnt from."""
    sizes = [size for size in SIZES if size != 0 or name in sets.WITH_DEFINITIONS]
    there = [s for s in SYSTEMS.values() if any(results.of(name, size, s.name) for size in sizes)]
    best = {size: _best(results, name, size) for size in sizes}
    if not there:
        return f"### {name}\n\nNot measured yet."
    rows = [[shown(s), *(_cell(results, name, size, s, best[size]) for size in sizes)] for s in there]
    heading = f"### {name}"
    first = generated.table(("mean average precision", *(targets.label(size) for size in sizes)), rows)
    others = [[shown(s), *(_figure(results, name, s, figure) for figure in FIGURES)] for s in there]
    second = generated.table(("all examples", *(heading for heading, _write in FIGURES.values())), others)
    return "\n\n".join(
        part for part in (heading, _counts(results, name), first, second, _left_out(results, name)) if part
    )


def shown(system: System) -> str:
    return f"{system.name} †" if system.encoder else system.name


def _counts(results: Results, name: str) -> str:
    rows = [row for row in results.rows if row["set"] == name and row["size"] is None and "not_measured" not in row]
    if not rows:
        return ""
    row = rows[0]
    return f"{row['codes']} codes; a pool of {row['learnt_from']} texts, tested on {row['tested_on']}."


def _best(results: Results, name: str, size: int | None) -> float:
    means = [results.mean(name, size, s.name) for s in SYSTEMS.values() if not s.encoder]
    return max((mean for mean in means if mean is not None), default=0.0)


def _cell(results: Results, name: str, size: int | None, system: System, best: float) -> str:
    mean = results.mean(name, size, system.name)
    if mean is None:
        return "–"
    low, high = results.interval(name, size, system.name)
    figure = f"**{mean:.2f}**" if mean == best and not system.encoder else f"{mean:.2f}"
    return f"{figure} ({low:.2f}–{high:.2f})"


def _figure(results: Results, name: str, system: System, figure: str) -> str:
    value = results.mean(name, None, system.name, figure)
    return "–" if value is None else FIGURES[figure][1](value)


def _left_out(results: Results, name: str) -> str:
    rows = [row for row in results.rows if row["set"] == name and "not_measured" in row]
    found = {f"* {row['system']}, {targets.label(row['size'])}: {row['not_measured']}": None for row in rows}
    return "Not measured:\n\n" + "\n".join(found) if found else ""


def of_promises(results: Results) -> str:
    """For our systems, the suggestions where 80 % precision is promised: share right, number, share found."""
    rows = []
    for name in sets.SETS:
        for system in targets.OURS:
            found = [results.promised(name, size, system) for size in SIZES]
            if any(found):
                rows.append([f"{name}: {system}", *map(_promise, found)])
    return generated.table(("set", *map(targets.label, SIZES)), rows) if rows else "Not measured yet."


def _promise(found: tuple[int, int, int] | None) -> str:
    if found is None:
        return "–"
    shown_, right, there = found
    return f"{right / shown_:.2f} of {shown_}, {right / there:.0%} found" if shown_ else "none shown"


def of_ablations(results: Results) -> str:
    """The change in autokode's average precision with each part changed, on each set, mean over the sizes."""
    names = [
        name for name in sets.SETS if any(results.of(name, ablation.SIZES[0], part) for part in ablation.ABLATIONS)
    ]
    if not names:
        return "Not measured yet."
    plain = ["as it is", "", *(f"{_over_sizes(results, name, AUTOKODE.name) or 0:.3f}" for name in names)]
    rows = [
        [part.name.removeprefix(f"{AUTOKODE.name}, "), part.how, *(_change(results, name, part.name) for name in names)]
        for part in ablation.ABLATIONS.values()
    ]
    return generated.table(("autokode", "what that means", *names), [plain, *rows], numbers=False)


def _change(results: Results, name: str, part: str) -> str:
    ours, theirs = (_over_sizes(results, name, system) for system in (AUTOKODE.name, part))
    return "–" if ours is None or theirs is None else f"{theirs - ours:+.3f}".replace("-", "−")


def _over_sizes(results: Results, name: str, system: str) -> float | None:
    means = [results.mean(name, size, system) for size in ablation.SIZES]
    known = [mean for mean in means if mean is not None]
    return sum(known) / len(known) if len(known) == len(means) else None


def fill(results: Results) -> None:
    """Write the tables into the documents."""
    generated.fill(DOCUMENT, parts(results))
    generated.fill(VECTORS, {"few": of_targets(results)})


if __name__ == "__main__":
    fill(Results(read()))

"""Writes the figures of the model card models/nav-nb.md and of the README from benchmarks/results/interviews.json."""

import json
from pathlib import Path
from typing import Any

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

OUT = RESULTS / "interviews.json"
ELSEWHERE = OUT.with_name("elsewhere.json")
WRITERS = OUT.with_name("writers.json")
EXCERPT = 160


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def figures(rows: list[dict[str, Any]], heading: str) -> str:
    keys = ("average_precision", "precision", "recall", "f1")
    return table(
        (heading, "segmenter", "svar", "AP", "presisjon", "dekning", "F1"),
        [(row["name"], row["segments"], row["texts"], *(share(row[key]) for key in keys)) for row in rows],
    )


def overall(evaluation: dict[str, Any]) -> str:
    low, high = evaluation["interval"]
    return (
        f"Over {len(evaluation['interviews'])} interviews, each held out once ({evaluation['texts']} answers): mean average "
        f"precision {evaluation['macro_average_precision']:.2f} (95 % {low:.2f}–{high:.2f}, bootstrap over interviews), macro F1 "
        f"{evaluation['macro_f1']:.2f}; of all suggestions {evaluation['micro_precision']:.0%} fit what was coded, and they "
        f"cover {evaluation['micro_recall']:.0%} of it. (Average precision is over all answers pooled here; in the learning "
        "curve it is the mean of each interview's own, over the codes present in it, and so a little higher.)"
    )


def curve(points: list[dict[str, Any]]) -> str:
    def cells(found: dict[str, Any]) -> str:
        return f"{found['average_precision']:.2f} ({found['interval'][0]:.2f}–{found['interval'][1]:.2f})"

    rows = [(point["interviews"], cells(point), cells(point["without_question"])) for point in points]
    return table(("interviews learnt from", "AP (95 %)", "AP without the question"), rows)


def excerpt(quote: str, words: list[str]) -> str:
    """An excerpt of the quote around its strongest word."""
    at = max(0, quote.find(words[0]) - EXCERPT // 2) if words else 0
    at = quote.rfind(" ", 0, at) + 1
    cut = quote[at : at + EXCERPT].rsplit(" ", 1)[0] if len(quote) > at + EXCERPT else quote[at:]
    return ("… " if at else "") + cut.replace("|", "/") + (" …" if at + len(cut) < len(quote) else "")


def examples(rows: list[dict[str, Any]]) -> str:
    shown = []
    for row in rows:
        why = ", ".join(row["words"]) + (" + the question" if row["question"] else "")
        coded = ", ".join(row["coded"]) or "nothing"
        shown.append((excerpt(row["quote"], row["words"]), row["code"], f"{row['probability']:.0%}", why, coded))
    return table(("said", "suggested", "p", "because of", "coded as"), shown, numbers=False)


def honest(evaluation: dict[str, Any]) -> str:
    """Promised against achieved, and probabilities against what was coded."""
    kept = [
        (
            f"{promise['kind']} of {promise['promised']:.0%}",
            f"{promise['achieved']:.2f} ({promise['interval'][0]:.2f}–{promise['interval'][1]:.2f})",
            promise["shown"],
            len(promise["not_yet"]),
        )
        for promise in evaluation["promises"]
    ]
    bins = [
        (f"{row['probability']:.0%}", f"{row['coded']:.0%}", row["predictions"]) for row in evaluation["reliability"]
    ]
    return "\n\n".join(
        (
            table(("promised", "achieved (95 %)", "suggestions", "codes that cannot promise it yet"), kept),
            table(("probability, mean of a tenth", "coded so", "predictions"), bins),
            f"Expected calibration error {evaluation['calibration_error']:.3f}.",
        )
    )


def elsewhere(found: dict[str, Any]) -> str:
    rows = []
    for key, name in (("turns", "turns of 60 words"), ("monologues", "whole monologues")):
        row = found[key]
        often = ", ".join(f"{code} ({count})" for code, count in row["most_often"])
        rows.append(
            (name, row["texts"], f"{row['without_suggestion']:.0%}", f"{row['suggestions_per_text']:.2f}", often)
        )
    return table(
        ("free talk cut into", "texts", "rightly without a suggestion", "suggestions a text", "most often"), rows
    )


def writers(found: dict[str, Any]) -> str:
    """The tables of models that learnt from some writers, tested on others and on statements and quotes by nobody of them."""

    def cells(row: dict[str, Any], kind: str) -> list[str]:
        figures = row.get(kind)
        if not figures:
            return ["–"]
        low, high = figures["interval"] or (None, None)
        return [share(figures["average_precision"]) + (f" ({low:.2f}–{high:.2f})" if low is not None else "")]

    def of(pair: list[int]) -> str:
        return share(pair[1] / pair[0]) if pair[0] else "–"

    rows = []
    for row in found["rows"]:
        asked = row["asked"]
        right, covered = asked["right"] / asked["shown"], asked["right"] / asked["true"]
        rest = (share(right), share(covered), of(asked["promised"]), f"{asked['calibration_error']:.3f}")
        rows.append((row["name"], *cells(row, "asked"), *cells(row, "alone"), *cells(row, "quotes"), *rest))
    head = (
        "learnt from the others",
        "AP (95 %)",
        "without the question",
        "quotes",
        "right",
        "covered",
        "promised 0.80",
        "ECE",
    )
    said, real = found["plain"], found["real"]
    lines = [
        table(head, rows),
        f"Of {said['texts']} plain statements, by somebody who saw none of the texts and without a question, the right code "
        f"stands first for {said['first']:.2f} and is suggested for {said['suggested']:.2f} ({said['suggestions']} suggestions).",
    ]
    if real:
        lines.append(
            f"Of {real['texts']} quotes of real advisors the category they stand under comes first for {real['first']:.2f}, "
            f"among the first two for {real['first_two']:.2f}."
        )
    return "\n\n".join(lines)


def parts() -> dict[Path, dict[str, str]]:
    """Document → its generated parts."""
    found = json.loads(OUT.read_text(encoding="utf-8"))
    evaluation = found["evaluation"]
    by_writer = writers(json.loads(WRITERS.read_text(encoding="utf-8")))
    card = {
        "writers": by_writer,
        "overall": overall(evaluation),
        "codes": figures(evaluation["codes"], "kode"),
        "categories": figures(evaluation["categories"], "kategori"),
        "curve": curve(found["learning_curve"]),
        "honest": honest(evaluation),
        "right": examples(found["examples"]["right"]),
        "wrong": examples(found["examples"]["wrong"]),
        "elsewhere": elsewhere(json.loads(ELSEWHERE.read_text(encoding="utf-8"))),
    }
    readme = {"writers": by_writer, "curve": f"{overall(evaluation)}\n\n{curve(found['learning_curve'])}"}
    return {ROOT / "models" / "nav-nb.md": card, ROOT / "README.md": readme}


if __name__ == "__main__":
    for document, generated in parts().items():
        fill(document, generated)

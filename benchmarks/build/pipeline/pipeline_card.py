"""Write the figures of models/nb_autokode_sm.md from benchmarks/results/pipeline.json."""

from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
import json
import sys
from pathlib import Path
from typing import Any

OUT = RESULTS / "pipeline.json"
NAMED = {
    "pos_acc": "parts of speech",
    "morph_acc": "features",
    "lemma_acc": "lemmas",
    "sents_f": "sentences, F",
    "ents_f": "names, F",
}
SETS = {
    "nb": "Bokmål, UD dev",
    "nn": "Nynorsk, UD dev",
    "speech": "LIA dev, as transcribed",
    "recognised": "LIA dev, recognised",
    "small": "Bokmål, small",
}


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def parts(results: dict[str, Any]) -> dict[str, str]:
    """The card's tables by name."""
    ours, published, speed = results["pipeline"], results["published"], results["speed"]
    met = [
        (
            what,
            share(published[name]),
            share(ours["nb"][name]),
            "yes" if ours["nb"][name] >= published[name] - 0.00005 else "no",
        )
        for name, what in NAMED.items()
    ]
    fast = (
        f"{speed['ours']:,} ({speed['ratio']:.2f} × {speed['same shape as nb_core_news_sm']:,}, the same shape)",
        "yes" if speed["ours"] > published["speed"] else "no",
    )
    rows = [*met, ("words a second, one core", f"{published['speed']:,.0f}", *fast)]
    other = [(SETS[name], *(share(ours[name].get(figure)) for figure in NAMED)) for name in SETS]
    spans = [
        (text, way, *(share(found[figure]) for figure in ("precision", "recall", "f")))
        for text, ways in ours["sentences"].items()
        for way, found in ways.items()
    ]
    rounds = [
        (
            name,
            SETS[text],
            *(share(found[text].get(figure)) for figure in ("pos_acc", "morph_acc", "lemma_acc", "sents_f")),
        )
        for name, found in results["first_round"].items()
        for text in ("nb", "nn", "speech", "recognised")
    ]
    headings = ("parts of speech", "features", "lemmas", "sentences, F")
    return {
        "targets": table(("what", "nb_core_news_sm 3.8", "nb_autokode_sm", "met?"), rows),
        "other": table(("text", *NAMED.values()), other),
        "sentences": table(("text", "by", "precision", "recall", "F"), spans, numbers=False),
        "rounds": table(("trained on", "text", *headings), rounds, numbers=False),
    }



if __name__ == "__main__":
    fill(ROOT / "models" / "nb_autokode_sm.md", parts(json.loads(OUT.read_text(encoding="utf-8"))))

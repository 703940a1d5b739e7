"""Measures how much personal information is found: recall and precision on utterances written for it.

    python -m benchmarks.personal

tests/personal/development.txt and development_2.txt were looked at while the rules were written, held_out.txt was not: its writer
had not seen the rules, and its misses were read only after the figures were made.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from autokode import norwegian
from autokode.pseudonym import Finding, Kind, find_all
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table

SETS = ROOT / "tests" / "personal"
OUT = RESULTS / "personal.json"
SETS_SHOWN = ("held_out", "development", "development_2")
MARK = re.compile(r"\{([^|{}]+)\|([^{}]+)\}")


def marked(path: Path) -> list[tuple[str, list[Finding]]]:
    """The utterances of a set with what is personal in them."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        text, truth, at = "", [], 0
        for match in MARK.finditer(line):
            text += line[at : match.start()]
            truth.append(Finding(len(text), len(text) + len(match[2]), Kind(match[1]), match[2]))
            text, at = text + match[2], match.end()
        found.append((text + line[at:], truth))
    return found


def covered(truth: Finding, findings: list[Finding]) -> bool:
    """Whether every letter and digit of what is personal is in something found."""
    taken = {place for f in findings for place in range(f.start, f.end)}
    return all(truth.start + i in taken for i, c in enumerate(truth.text) if c.isalnum())


def measured(path: Path) -> dict[str, Any]:
    """Recall of people and of each other kind, precision, the missed and the false findings."""
    rows = marked(path)
    findings = find_all([text for text, _truth in rows], norwegian(own=True))
    hit: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    right = said = 0
    missed: dict[str, list[str]] = defaultdict(list)
    wrong: list[str] = []
    for (text, truth), found in zip(rows, findings, strict=True):
        for mark in truth:
            all_[mark.kind] += 1
            if covered(mark, found):
                hit[mark.kind] += 1
            else:
                missed[mark.kind].append(f"{mark.text}: {_around(text, mark)}")
        for finding in found:
            said += 1
            if any(finding.start < mark.end and mark.start < finding.end for mark in truth):
                right += 1
            else:
                wrong.append(f"{finding.kind} {finding.text}: {_around(text, finding)}")
    others = [kind for kind in all_ if kind != Kind.PERSON]
    return {
        "utterances": len(rows),
        "without": sum(not truth for _text, truth in rows),
        "marks": dict(sorted(all_.items())),
        "recall": {kind: round(hit[kind] / all_[kind], 4) for kind in sorted(all_)},
        "recall_people": round(hit[Kind.PERSON] / max(all_[Kind.PERSON], 1), 4),
        "recall_others": round(sum(hit[k] for k in others) / max(sum(all_[k] for k in others), 1), 4),
        "precision": round(right / max(said, 1), 4),
        "missed": {kind: missed[kind] for kind in sorted(missed)},
        "wrong": wrong,
    }


def _around(text: str, finding: Finding) -> str:
    return "… " + text[max(0, finding.start - 25) : finding.end + 25] + " …"


def parts(results: dict[str, Any]) -> dict[str, str]:
    """The document's tables by name."""
    aims = (
        ("people found", "recall_people", 0.98),
        ("the rest found", "recall_others", 0.95),
        ("precision", "precision", 0.90),
    )
    figures = [
        (
            what,
            f"≥ {aim:.2f}",
            *(f"{results[name][key]:.3f}" for name in SETS_SHOWN),
            "yes" if results["held_out"][key] >= aim else "no",
        )
        for what, key, aim in aims
    ]
    held_out = results["held_out"]
    kinds = [(kind, count, f"{held_out['recall'][kind]:.3f}") for kind, count in held_out["marks"].items()]
    missed = [f"* {kind}: {text}" for kind, texts in held_out["missed"].items() for text in texts]
    counts = ", ".join(f"{results[name]['utterances']} utterances in {name}" for name in SETS_SHOWN)
    return {
        "figures": table(("what", "target", *SETS_SHOWN, "met on held_out?"), figures) + f"\n\n({counts}.)",
        "kinds": table(("kind, held_out", "marks", "found"), kinds),
        "missed": "\n".join(missed) or "* nothing",
    }


def main() -> None:
    results = {path.stem: measured(path) for path in sorted(SETS.glob("*.txt"))}
    OUT.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fill(ROOT / "docs" / "pseudonymise.md", parts(json.loads(OUT.read_text(encoding="utf-8"))))
    for name, figures in results.items():
        print(name, {key: figures[key] for key in ("recall_people", "recall_others", "precision")}, file=sys.stderr)


if __name__ == "__main__":
    main()

"""Measures of how many texts the model that comes along knows next to nothing: `make bench-coverage`.

Texts that nobody here wrote. Writes docs/python.md.
"""

import gzip
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from autokode import load_model
from autokode.model.coverage import LITTLE
from benchmarks import RESULTS, ROOT
from benchmarks.elsewhere import SHARED
from benchmarks.generated import fill, table

OUT, PAGE = RESULTS / "coverage.json", ROOT / "docs" / "python.md"
MOST = 3000
"""Texts of a set, the first ones."""

Row = dict[str, Any]
SETS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "Norwegian subtitles (XED)": ("xed/no.jsonl", lambda row: row["text"]),
    "speech in parliament, word by word (NPSC)": ("speech/npsc_eval.jsonl.gz", lambda row: row["text"]),
    "free talk of two minutes (NB Tale)": ("speech/nbtale3.jsonl.gz", lambda row: row["normalised"] or ""),
    "dialects in spellings of their own (NorSID)": ("norsid/dev.jsonl", lambda row: row["text"]),
    "news, Bokmål (SIB-200)": ("sib200/nob_train.jsonl", lambda row: row["text"]),
    "news, Nynorsk (SIB-200)": ("sib200/nno_train.jsonl", lambda row: row["text"]),
    "news, Danish (SIB-200)": ("sib200/dan_train.jsonl", lambda row: row["text"]),
    "news, Swedish (SIB-200)": ("sib200/swe_train.jsonl", lambda row: row["text"]),
    "counselling in English (AnnoMI)": ("annomi/annomi.jsonl.gz", lambda row: row["utterance_text"]),
}
"""Set → its file, and the text of a row."""


def measured() -> list[dict[str, Any]]:
    """For each set: texts with words of content, their median coverage, and the share with next to nothing known."""
    coder, found = load_model("nav-nb"), []
    for name, (file, text) in SETS.items():
        path = SHARED / file
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            texts = [text(json.loads(line)) for line, _ in zip(lines, range(MOST), strict=False)]
        shares = coder.coverage([one for one in texts if one])
        shares = shares[~np.isnan(shares)]
        little = float((shares <= LITTLE).mean())
        found.append({"set": name, "texts": len(shares), "median": float(np.median(shares)), "little": little})
    return found


def tables(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The page's table."""
    lines = [[row["set"], str(row["texts"]), f"{row['median']:.2f}", f"{row['little']:.1%}"] for row in rows]
    return {"coverage": table(["set", "texts", "median coverage", "next to nothing known"], lines)}


def main() -> None:
    """Measure, and write the results and the page."""
    rows = measured()
    OUT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fill(PAGE, tables(rows))


if __name__ == "__main__":
    main()

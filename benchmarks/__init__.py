"""Measurements, run as `python -m benchmarks.NAME` from the repository's root; `build` and `qa` lie beside them.

`build` makes what ships (pipeline, vectors, tables); `qa` tries the code itself (mutants, faults, hostile input, versions, the
gate). Results are committed in `results`, and `generated` writes the documents' tables from them.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"

os.environ.setdefault("AUTOKODE_LANG", "nb")  # what they show is what researchers read
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "support")]  # some measure what the tests set up

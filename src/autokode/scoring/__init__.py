"""Batch scoring: the score table, the kernel, and streams of texts from file to file."""

from pathlib import Path


def compiled_before() -> bool:
    """Return whether this machine has kept the compiled kernel from an earlier run."""
    from autokode.scoring.kernel import run

    place = Path(run.stats.cache_path) if run.stats.cache_path else None
    return place is not None and any(place.glob("kernel.run-*.nbi"))

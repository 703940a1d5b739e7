"""Batch scoring: the score table, the compiled core, and streams of texts from file to file."""


def compiled_before() -> bool:
    """Return whether this machine has kept the compiled core from an earlier run."""
    from autokode.scoring.native import is_kept

    return is_kept()

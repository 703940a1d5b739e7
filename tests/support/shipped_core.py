"""A plugin for pytest: tests of the compiled core run with the cores in the folder AUTOKODE_TEST_CORES, as a wheel has them."""

import os
from pathlib import Path

from autokode.scoring.engine import object_cache, shipped


def pytest_configure() -> None:
    """Use the folder, and be sure that its core is the one used."""
    shipped.FOLDER = Path(os.environ["AUTOKODE_TEST_CORES"])
    assert object_cache.origin(), "no core in the folder fits"

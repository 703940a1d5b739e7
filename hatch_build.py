"""Puts the compiled cores into a wheel: see benchmarks/build/cores.py. An editable installation compiles on its own machine."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Cores(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the cores in a folder of its own, which goes with the hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the cores, unless this is an editable installation or AUTOKODE_CORES says "none"."""
        if version == "editable" or os.environ.get("AUTOKODE_CORES") == "none":
            return
        self.scratch = tempfile.TemporaryDirectory()
        folder = Path(self.scratch.name) / "cores"
        paths = [str(Path(self.root) / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, "-m", "benchmarks.build.cores", str(folder)]
        subprocess.run(command, cwd=self.root, env=env, check=True)  # noqa: S603 - ours
        build_data["force_include"][str(folder)] = "autokode/scoring/engine/cores"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made."""
        if hasattr(self, "scratch"):
            self.scratch.cleanup()

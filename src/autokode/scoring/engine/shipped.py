"""The compiled core that comes with the wheel: a shared library for each kind of processor, which needs no compiler.

`benchmarks/build/cores.py` makes them when a wheel is built, from the functions of `kernel`; a source checkout has none. A
library is loaded only if its SHA-256 is the manifest's, the manifest's sources are those installed, and the processor has every
instruction it uses. Its functions have the C calling convention and refer to nothing but `memset`.
"""

import ctypes
import json
import struct
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from autokode.base.cache import cache_folder, read_cached, write_cached
from autokode.base.hashing import sha256_of
from autokode.base.log import log

FOLDER = Path(__file__).parent / "cores"
"""Where a wheel has the libraries and MANIFEST."""

MANIFEST = "manifest.json"
"""{"sources": SHA-256, "cores": {name: {"file": …, "sha256": …}}}; a name is a system and a kind of processor."""

SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}
"""`sys.platform` → the system in a core's name."""

TRIED_FIRST = ("macos", "windows")
"""Systems whose cores were not run on them when they were made: they are tried in a process of their own first."""

TRIAL_SECONDS = 30
"""A trial that takes longer has failed."""


def load(sources: str) -> tuple[ctypes.CDLL, str] | None:
    """The best core for this machine and its name; None where none comes along, or none fits.

    Args:
        sources: SHA-256 of the sources installed, as `object_cache` counts it.
    """
    manifest = _manifest()
    if manifest is None:
        return None
    if manifest["sources"] != sources:
        log.warning("compiled cores not used: made from other sources than those installed")
        return None
    fit = [name for name in names() if name in manifest["cores"]]
    if not fit:
        log.info("no compiled core comes along for this processor")
    for name in fit:
        library = _loaded(name, manifest["cores"][name])
        if library is not None:
            return library, name
    return None


def names() -> list[str]:
    """The names of the cores that this machine can run, the fastest first."""
    system = SYSTEMS.get(sys.platform)
    if system is None or struct.calcsize("P") != 8:
        return []
    return [f"{system}-{kind}" for kind in kinds(_processor())]


def kinds(features: dict[str, bool]) -> list[str]:
    """The kinds of processor that have what these features of NumPy's say, the fastest first.

    NumPy before 2.4 does not tell all that x86-64-v3 asks for; every processor with AVX2 and FMA made so far has the rest.
    """
    has = features.get
    if has("ASIMD"):
        return ["arm64"]
    third = has("X86_V3", has("AVX2") and has("FMA3") and has("F16C"))
    second = third or has("X86_V2", has("SSE42") and has("POPCNT"))
    return [kind for kind, there in (("x86-64-v3", third), ("x86-64-v2", second)) if there]


def _processor() -> dict[str, bool]:
    try:
        found: dict[str, bool] = import_module("numpy._core._multiarray_umath").__cpu_features__
    except (ImportError, AttributeError):  # a NumPy that keeps it elsewhere: nothing is known of the processor
        return {}
    return found


def _manifest() -> Any:
    try:
        return json.loads((FOLDER / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("compiled cores not used: %s cannot be read (%s)", MANIFEST, type(error).__name__)
        return None


def _loaded(name: str, about: dict[str, str]) -> ctypes.CDLL | None:
    path = FOLDER / about["file"]
    try:
        if sha256_of(path.read_bytes()) != about["sha256"]:
            log.warning("compiled core %s not used: its SHA-256 is not the manifest's", name)
            return None
        if name.startswith(TRIED_FIRST) and not _runs(path, about["sha256"]):
            log.warning("compiled core %s not used: it failed when it was tried", name)
            return None
        library = ctypes.CDLL(str(path))
    except OSError as error:
        log.warning("compiled core %s not used: it cannot be loaded (%s)", name, type(error).__name__)
        return None
    log.debug("compiled core %s loaded", name)
    return library


def _runs(path: Path, sha256: str) -> bool:
    """Whether a core scores as the reference does, tried once a machine where a crash harms nobody."""
    cache = cache_folder()
    kept = cache / f"tried-{sha256[:24]}" if cache is not None else None
    if kept is not None and read_cached(kept) == b"runs":
        return True
    if getattr(sys, "frozen", False) or not Path(sys.executable or "").stem.startswith("python"):
        return False  # inside another program: there is no Python to try it in
    command = [sys.executable, "-m", "autokode.scoring.engine.trial", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=TRIAL_SECONDS)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired:
        return False
    if done.returncode == 0 and kept is not None:
        write_cached(kept, b"runs")
    return done.returncode == 0

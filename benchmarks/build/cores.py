"""Makes the compiled cores that a wheel carries: `python -m benchmarks.build.cores FOLDER`, which hatch_build.py runs.

Numba turns the functions of `kernel` into LLVM's language once, not optimised and for no processor. LLVM optimises it for each
kind of processor and makes object code, and Zig's linker makes a shared library of that. All of it comes from packages, and all
systems' libraries are made on any of them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.update(
    NUMBA_OPT="0", NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES=""
)  # Numba reads them when it is imported

import llvmlite.binding as llvm

from autokode.base.hashing import sha256_of
from autokode.scoring.engine import object_cache, shipped

PROCESSORS = {
    "x86-64-v3": ("x86_64", "x86-64-v3"),
    "x86-64-v2": ("x86_64", "x86-64-v2"),
    "arm64": ("aarch64", "generic"),
}
"""Kind of processor → the architecture, and LLVM's name for the least processor of the kind."""


WINDOWS = """
define i32 @DllMainCRTStartup(ptr %library, i32 %reason, ptr %reserved) {
  ret i32 1
}

define ptr @memset(ptr %place, i32 %value, i64 %n) {
begin:
  %byte = trunc i32 %value to i8
  %none = icmp eq i64 %n, 0
  br i1 %none, label %end, label %next
next:
  %i = phi i64 [0, %begin], [%after, %next]
  %at = getelementptr i8, ptr %place, i64 %i
  store i8 %byte, ptr %at
  %after = add i64 %i, 1
  %more = icmp ult i64 %after, %n
  br i1 %more, label %next, label %end
end:
  ret ptr %place
}
"""
"""In LLVM's language: what a library begins with, and `memset`, so that it needs no C library. Elsewhere Python's own has it."""


@dataclass(frozen=True, slots=True)
class System:
    """An operating system: LLVM's and Zig's names for it, a library's ending, its processors, what its libraries need more."""

    llvm: str
    zig: str
    ending: str
    kinds: tuple[str, ...]
    extra: str = ""


SYSTEMS = {
    "linux": System("unknown-linux-gnu", "linux-gnu", "so", tuple(PROCESSORS)),
    "macos": System("apple-macosx11.0.0", "macos.11.0", "dylib", tuple(PROCESSORS)),
    "windows": System("pc-windows-gnu", "windows-gnu", "dll", ("x86-64-v3", "x86-64-v2"), extra=WINDOWS),
}


def make(folder: Path) -> None:
    """Write the libraries and their manifest to a new or empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    plain = str(object_cache.module())
    cores = {}
    for system, about in SYSTEMS.items():
        for kind in about.kinds:
            path = folder / f"{system}-{kind}.{about.ending}"
            _link(_object(plain, about, kind), about, kind, path)
            cores[f"{system}-{kind}"] = {"file": path.name, "sha256": sha256_of(path.read_bytes())}
    manifest = {"sources": object_cache.sources(), "cores": cores}
    (folder / shipped.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _object(plain: str, system: System, kind: str) -> bytes:
    """Optimise for a kind of processor, and emit object code in which only the entries have names."""
    architecture, processor = PROCESSORS[kind]
    triple = f"{architecture}-{system.llvm}"
    machine = llvm.Target.from_triple(triple).create_target_machine(
        cpu=processor, opt=3, reloc="pic", codemodel="default"
    )
    module = llvm.parse_assembly(plain)
    module.triple, module.data_layout = triple, str(machine.target_data)
    if system.extra:
        module.link_in(llvm.parse_assembly(system.extra))
    kept = (object_cache.PREFIX, "memset", "DllMain")
    inner: list[Any] = [*module.functions, *module.global_variables]
    for one in inner:
        if not one.is_declaration and not one.name.startswith(kept):
            one.linkage = "internal"
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = True
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    return bytes(machine.emit_object(module))


def _link(code: bytes, system: System, kind: str, path: Path) -> None:
    target = f"{PROCESSORS[kind][0]}-{system.zig}"
    command = [sys.executable, "-m", "ziglang", "cc", "-target", target, "-shared", "-nostdlib", "-s"]
    with (
        tempfile.TemporaryDirectory() as scratch
    ):  # names are written into some libraries: they are the same every time
        (Path(scratch) / "core.o").write_bytes(code)
        caches = {"ZIG_GLOBAL_CACHE_DIR": scratch, "ZIG_LOCAL_CACHE_DIR": scratch}
        subprocess.run([*command, "-o", path.name, "core.o"], cwd=scratch, check=True, env=os.environ | caches)  # noqa: S603 - ours
        shutil.copyfile(Path(scratch) / path.name, path)


if __name__ == "__main__":
    make(Path(sys.argv[1]))

"""The compiled core: a library that comes with the wheel, or what Numba compiles once a machine and LLVM loads without Numba.

`shipped` has the libraries. Where none fits, and in a source checkout, `kernel` is compiled to one object file in the user's
cache: importing Numba and loading what it caches would take a second, longer than a million utterances need. The file's name is
a hash of the sources, the versions and the processor: if one of them changes, the core is compiled anew. Files that other users
could have written are not loaded.

Arguments are passed as Numba passes them: pointers for the result and for an error, then the arguments themselves, an array
as (0, 0, items, bytes an item, address, items, bytes an item), a tuple as its parts.
"""

import ctypes
import functools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_type_hints

from autokode.base.cache import cache_folder, read_cached, write_cached
from autokode.base.extras import lacking, require
from autokode.base.hashing import sha256_of
from autokode.base.log import log
from autokode.scoring.engine import layout, shipped
from autokode.scoring.engine.layout import Arrays, New, Rules, Weights, Work

ENTRIES: dict[str, tuple[Any, ...]] = {
    "split": ("u1*", "i8*", "u8", "u8", "u4*", "u8*"),
    "find": ("u1*", "u8", "u8", Arrays, Work, "u8"),
    "add": (Work, "u8", "f4*", "u8", "f4*", "u8"),
    "run": ("u1*", "i8*", Arrays, Rules, Weights, Work, New, "u8", "f4*"),
    "plain_rows": ("u1*", Rules, Weights, Arrays, Work, New, "u8", "u8"),
    "insert": ("u1*", New, "u8", Arrays, "u8*", "u8", "u8"),
    "rehash": ("u8*", "u1*", "u8*", "u8"),
    "index": ("u8*", "u8*", "u8*"),
    "finish": ("f4*", "f4*", "u1*", "f4*", "f4*", "u8", "f4*", "f4*"),
    "best": ("f4*", "u8", "f4*", "i2*", "f4*", "u8"),
}
"""The functions of `kernel`, `row_kernel` and `table_kernel` that Python calls, with their arguments. Each returns a number."""

PREFIX = "autokode_"
"""What the names of the compiled functions begin with."""

_SOURCES = (
    "model/features",
    "nlp/tokenizer",
    *(
        f"scoring/engine/{name}"
        for name in (
            "layout",
            "logistic",
            "spacy_rules",
            "intrinsics",
            "tokenizer_kernel",
            "table_kernel",
            "row_kernel",
            "kernel",
            "object_cache",
        )
    ),
)
"""The files whose code or numbers the compiled functions use: a change in one of them makes another core."""

_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class Core:
    """A loaded core.

    Attributes:
        origin: a shipped core's name, or "" for one that Numba compiled here.
        owner: the library or LLVM's engine, which must live as long as its code.
        functions: those of ENTRIES.
    """

    origin: str
    owner: Any
    functions: dict[str, Callable[..., int]]


def is_kept() -> bool:
    """Whether the compiled core is there at once: it came with the wheel, or this machine has it from an earlier run."""
    if _shipped() is not None:
        return True
    path = None if lacking("compile") else _place()
    return path is not None and path.is_file()


def origin() -> str:
    """The name of the core that came with the wheel and is used; "" where Numba compiles it."""
    core = _shipped()
    return "" if core is None else core.origin


def use(library: ctypes.CDLL, origin: str) -> None:
    """Let `call` use this library from now on, whatever fits."""
    _given.append(_core_of(library, origin))


_given: list[Core] = []


@functools.cache
def _from_wheel() -> Core | None:
    found = shipped.load(sources())
    return None if found is None else _core_of(*found)


def _shipped() -> Core | None:
    with _lock:
        return _given[-1] if _given else _from_wheel()


def _core_of(library: ctypes.CDLL, origin: str) -> Core:
    def address(symbol: str) -> int:
        return ctypes.cast(getattr(library, symbol), ctypes.c_void_p).value or 0

    return Core(origin, library, {name: _function(address, name, kinds) for name, kinds in ENTRIES.items()})


@functools.cache
def _compiled_here() -> Core:
    """The core that Numba compiles for this processor, now or in an earlier run."""
    require("compile")
    import llvmlite.binding as llvm

    path = _place()
    code = read_cached(path) if path is not None else None
    if code is None:
        log.info("compiling the scorer for this processor, once; it takes about half a minute")
        begun = time.perf_counter()
        code = _compile()
        log.info("compiled the scorer in %.1f s", time.perf_counter() - begun)
        if path is not None:
            write_cached(path, code)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address
    return Core("", engine, {name: _function(address, name, kinds) for name, kinds in ENTRIES.items()})


def call(name: str, *args: Any) -> int:
    """Call a compiled function without the GIL; returns its number.

    Raises:
        TypeError: an array is not of the kind the function reads, or not contiguous.
        MissingLibraryError: no core fits and Numba is not installed.
    """
    with _lock:
        core = _shipped() or _compiled_here()
    return core.functions[name](*args)


def _function(address: Callable[[str], int], name: str, kinds: tuple[Any, ...]) -> Callable[..., int]:
    flat = [kind for one in kinds for kind in ((one,) if isinstance(one, str) else _fields(one))]
    types: list[Any] = [ctypes.c_void_p, ctypes.c_void_p]
    for kind in flat:
        array = (*[ctypes.c_void_p] * 2, *[ctypes.c_int64] * 2, ctypes.c_void_p, *[ctypes.c_int64] * 2)
        types += array if kind.endswith("*") else [ctypes.c_uint64]
    native = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(address(f"{PREFIX}{name}"))

    def called(*args: Any) -> int:
        result, error = ctypes.c_int64(0), ctypes.c_void_p(0)
        values: list[Any] = [ctypes.addressof(result), ctypes.addressof(error)]
        _flatten(args, flat, values)
        status = native(*values)
        if status:
            raise RuntimeError(f"the compiled core failed in {name} ({status})")
        return result.value

    return called


def _flatten(args: tuple[Any, ...], kinds: list[str], values: list[Any]) -> None:
    at = 0
    todo = list(reversed(args))
    while todo:
        arg = todo.pop()
        if isinstance(arg, tuple):
            todo += reversed(arg)
            continue
        kind = kinds[at]
        at += 1
        if not kind.endswith("*"):
            values.append(int(arg))
            continue
        if arg.dtype.str[1:] != kind[:-1] or arg.ndim != 1 or not arg.flags.c_contiguous:
            raise TypeError(f"argument {at}: found {arg.dtype} {arg.shape}, expected {kind}, contiguous")
        width = arg.itemsize
        values += (0, 0, arg.size, width, arg.ctypes.data, arg.size, width)
    if at != len(kinds):
        raise TypeError(f"found {at} arguments, expected {len(kinds)}")


@functools.cache
def _fields(group: type) -> tuple[str, ...]:
    hints = get_type_hints(group, vars(layout), include_extras=True)
    return tuple(get_args(hint)[1] for hint in hints.values())


def _machine() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, codemodel="jitdefault", jit=True
    )


def _features() -> str:
    import llvmlite.binding as llvm

    try:
        return str(llvm.get_host_cpu_features().flatten())
    except RuntimeError:  # LLVM cannot ask this processor; its name says enough
        return ""


@functools.cache
def sources() -> str:
    """SHA-256 of the sources that the core is made from."""
    here = files("autokode")
    return sha256_of(b"|".join(here.joinpath(f"{name}.py").read_bytes() for name in _SOURCES))


@functools.cache
def _place() -> Path | None:
    """The path of the core that is compiled here, there or not; None where no cache can be written."""
    import llvmlite.binding as llvm

    folder = cache_folder()
    if folder is None:
        return None
    parts = [sources(), *(f"{package} {version(package)}" for package in ("numba", "llvmlite", "numpy"))]
    parts += [llvm.get_host_cpu_name(), _features()]
    return folder / f"core-{sha256_of('|'.join(parts))[:24]}.o"


def _compile() -> bytes:
    """Compile the entries with Numba for this processor, to object code."""
    return bytes(_machine().emit_object(module()))


def module() -> Any:
    """The entries as one module of LLVM's, by Numba; their names begin with PREFIX."""
    import llvmlite.binding as llvm

    from autokode.scoring.engine import kernel, row_kernel, table_kernel
    from autokode.scoring.engine.intrinsics import entry

    whole = llvm.parse_assembly("")
    for name, kinds in ENTRIES.items():
        shapes = [kind if isinstance(kind, str) else (kind, _fields(kind)) for kind in kinds]
        (function, *_) = (vars(own)[name] for own in (kernel, row_kernel, table_kernel) if name in vars(own))
        text, symbol = entry(function, shapes)
        part = llvm.parse_assembly(text)
        part.get_function(symbol).name = f"{PREFIX}{name}"
        whole.link_in(part)
    return whole

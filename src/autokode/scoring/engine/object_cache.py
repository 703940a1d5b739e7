"""The compiled core: Numba compiles it once a machine, and LLVM loads the kept object code without Numba.

Importing Numba and loading what it caches takes a second, longer than a million utterances need. So `kernel` is compiled to one
object file in the user's cache. Its name is a hash of the sources, the versions and the processor: if one of them changes, the
core is compiled anew. Files that other users could have written are not loaded.

Arguments are passed as Numba passes them: pointers for the result and for an error, then the arguments themselves, an array
as (0, 0, items, bytes an item, address, items, bytes an item), a tuple as its parts.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_type_hints

from autokode.base.cache import cache_folder, read_cached, write_cached
from autokode.base.extras import missing
from autokode.base.hashing import sha256_of
from autokode.scoring.engine import layout
from autokode.scoring.engine.layout import Arrays, New, Rules, Weights, Work

try:
    import llvmlite.binding as llvm
except ModuleNotFoundError as error:
    raise missing("compile", error) from error

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
"""The functions of `kernel` that Python calls, with the kinds of their arguments. Each returns a number."""

_SOURCES = (
    "model/features",
    "nlp/tokenizer",
    *(
        f"scoring/engine/{name}"
        for name in ("layout", "logistic", "spacy_rules", "intrinsics", "tokenizer_kernel", "kernel", "object_cache")
    ),
)
"""The files whose code or numbers the compiled functions use: a change in one of them makes another core."""

_lock = threading.Lock()


def is_kept() -> bool:
    """Whether this machine has the compiled core from an earlier run."""
    path = _place()
    return path is not None and path.is_file()


@functools.cache
def _core() -> tuple[Any, dict[str, Callable[..., int]]]:
    """LLVM's engine, which must live as long as its code, and the functions in it."""
    path = _place()
    code = read_cached(path) if path is not None else None
    if code is None:
        code = _compile()
        if path is not None:
            write_cached(path, code)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine, {name: _function(engine, name, kinds) for name, kinds in ENTRIES.items()}


def call(name: str, *args: Any) -> int:
    """Call a compiled function without the GIL; returns its number.

    Raises:
        TypeError: an array is not of the kind the function reads, or not contiguous.
    """
    with _lock:
        _engine, functions = _core()
    return functions[name](*args)


def _function(engine: Any, name: str, kinds: tuple[Any, ...]) -> Callable[..., int]:
    flat = [kind for one in kinds for kind in ((one,) if isinstance(one, str) else _fields(one))]
    types: list[Any] = [ctypes.c_void_p, ctypes.c_void_p]
    for kind in flat:
        array = (*[ctypes.c_void_p] * 2, *[ctypes.c_int64] * 2, ctypes.c_void_p, *[ctypes.c_int64] * 2)
        types += array if kind.endswith("*") else [ctypes.c_uint64]
    native = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(engine.get_function_address(f"autokode_{name}"))

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
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, codemodel="jitdefault", jit=True
    )


def _features() -> str:
    try:
        return str(llvm.get_host_cpu_features().flatten())
    except RuntimeError:  # LLVM cannot ask this processor; its name says enough
        return ""


@functools.cache
def _place() -> Path | None:
    """The path of the compiled core, there or not; None where no cache can be written."""
    folder = cache_folder()
    if folder is None:
        return None
    here = files("autokode")
    parts = [here.joinpath(f"{name}.py").read_bytes() for name in _SOURCES]
    parts += [f"{package} {version(package)}".encode() for package in ("numba", "llvmlite", "numpy")]
    parts += [llvm.get_host_cpu_name().encode(), _features().encode()]
    return folder / f"core-{sha256_of(b'|'.join(parts))[:24]}.o"


def _compile() -> bytes:
    """Compile the entries with Numba for this processor, to object code."""
    from autokode.scoring.engine import kernel
    from autokode.scoring.engine.intrinsics import entry

    whole = llvm.parse_assembly("")
    for name, kinds in ENTRIES.items():
        shapes = [kind if isinstance(kind, str) else (kind, _fields(kind)) for kind in kinds]
        text, symbol = entry(getattr(kernel, name), shapes)
        module = llvm.parse_assembly(text)
        module.get_function(symbol).name = f"autokode_{name}"
        whole.link_in(module)
    return bytes(_machine().emit_object(whole))

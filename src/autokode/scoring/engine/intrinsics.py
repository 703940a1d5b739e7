"""A few machine instructions that NumPy and plain Numba lack, and the options by which everything is compiled.

All indices are uint64: Numba tests whether a signed one is negative, which costs more than the load itself.
Loads may run past a text's end but not past `len(data)`: the caller keeps `PAD` bytes behind the last text.
Compiled code allocates no memory, counts no references and raises nothing: the caller hands it the arrays.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import from_dtype, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from autokode.scoring.engine.layout import LANES
from autokode.scoring.engine.logistic import BOUND, EXP2, LOG2E, MANTISSA_BITS, ROUND, WHOLE

U0, U1, U2, U3, U4, U6, U7, U8 = (np.uint64(n) for n in (0, 1, 2, 3, 4, 6, 7, 8))
U16, U24, U31, U32, U64 = (np.uint64(n) for n in (16, 24, 31, 32, 64))
LOW32 = np.uint64(0xFFFFFFFF)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)

instruction: Any = intrinsic
"""Numba's decorator; untyped, because its functions take one argument fewer than they are written with."""

_I1, _I8, _I32, _I64 = (ir.IntType(bits) for bits in (1, 8, 32, 64))
_BYTES = ir.VectorType(_I8, 64)
_FLOATS = ir.VectorType(ir.FloatType(), LANES)
_INTS = ir.VectorType(_I32, LANES)


jit: Any = njit
"""Numba's decorator; untyped, because its types lack some options."""

named_tuple: Any = types.NamedTuple

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def compiled(function: Callable[..., Any]) -> Any:
    """Let Numba compile a function where another compiled one calls it."""
    return jit(**_OPTIONS)(function)


def entry(function: Any, shapes: list[Any]) -> tuple[str, str]:
    """Compile a function for arguments of these kinds; returns LLVM's text and the function's name in it.

    Args:
        function: a `compiled` one that returns an int64.
        shapes: "u8*" for an array, "u8" for a number, (NamedTuple, its fields' kinds) for a group.
    """

    def typed(shape: Any) -> Any:
        if isinstance(shape, tuple):
            return named_tuple(tuple(map(typed, shape[1])), shape[0])
        number = from_dtype(np.dtype(shape.rstrip("*")))
        return types.Array(number, 1, "C") if shape.endswith("*") else number

    signature = types.int64(*map(typed, shapes))
    dispatcher = jit(signature, no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(function.py_func)
    made = dispatcher.overloads[signature.args]
    return made.library.get_llvm_str(), made.fndesc.llvm_func_name


def _place(context: Any, builder: Any, signature: Any, args: Any, array: int, index: int, to: Any = None) -> Any:
    """The address of `args[array][args[index]]`, as a pointer to `to`."""
    data = context.make_array(signature.args[array])(context, builder, args[array]).data
    place = builder.gep(data, [args[index]])
    return place if to is None else builder.bitcast(place, to.as_pointer())


@instruction
def load(typing: Any, array: Any, i: Any) -> Any:
    """Eight bytes from element `i` of an array on, as uint64; no alignment needed."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_place(context, builder, signature, args, 0, 1, _I64), align=1)

    return types.uint64(array, types.uint64), build


@instruction
def load_acquire(typing: Any, array: Any, i: Any) -> Any:
    """Element `i` of a uint64 array; everything its writer stored before `store_release` is visible afterwards."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load_atomic(_place(context, builder, signature, args, 0, 1), "acquire", 8)

    return types.uint64(array, types.uint64), build


@instruction
def store_release(typing: Any, array: Any, i: Any, value: Any) -> Any:
    """Store element `i` of a uint64 array after everything stored before."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store_atomic(args[2], _place(context, builder, signature, args, 0, 1), "release", 8)
        return context.get_dummy_value()

    return types.void(array, types.uint64, types.uint64), build


@instruction
def prefetch(typing: Any, array: Any, i: Any) -> Any:
    """Ask for the cache line of element `i` of an array, and go on."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _place(context, builder, signature, args, 0, 1, _I8)
        kind = ir.FunctionType(ir.VoidType(), [place.type, _I32, _I32, _I32])
        insert: Any = cgutils.get_or_insert_function
        fetch = insert(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(fetch, [place, _I32(0), _I32(3), _I32(1)])
        return context.get_dummy_value()

    return types.void(array, types.uint64), build


@instruction
def least(typing: Any, a: Any, b: Any) -> Any:
    """The smaller of two uint64, without a branch."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.icmp_unsigned("<", args[0], args[1]), args[0], args[1])

    return types.uint64(types.uint64, types.uint64), build


@instruction
def lowest_bit(typing: Any, bits: Any) -> Any:
    """The number of zero bits below the lowest one bit; 64 where all are zero."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], _I1(0))

    return types.uint64(types.uint64), build


@instruction
def count_bits(typing: Any, bits: Any) -> Any:
    """The number of one bits."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


def _mask_of_bytes(*ranges: tuple[int, int]) -> Any:
    """Make a function (data, i) → uint64 with a bit for each of 64 bytes from `i` on that lies in one of the ranges."""

    @instruction
    def mask(typing: Any, data: Any, i: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            place = _place(context, builder, signature, args, 0, 1, _BYTES)
            block = builder.load(place, align=1)
            found = ir.Constant(ir.VectorType(_I1, 64), [0] * 64)
            for low, high in ranges:
                above = builder.sub(block, ir.Constant(_BYTES, [low] * 64))
                inside = builder.icmp_unsigned("<=", above, ir.Constant(_BYTES, [high - low] * 64))
                found = builder.or_(found, inside)
            return builder.bitcast(found, _I64)

        return types.uint64(data, types.uint64), build

    return mask


white_ascii = _mask_of_bytes((0x09, 0x0D), (0x1C, 0x20))
"""White space of one byte: tab to carriage return, the four separators, space."""

white_lead = _mask_of_bytes((0xC2, 0xC2), (0xE1, 0xE3))
"""Bytes that may begin white space of two or three bytes."""


def _sum_of_rows(width: int) -> Any:
    """Make a function that sums `width` × LANES columns of rows, its sums in registers."""

    @instruction
    def sum_rows(
        typing: Any, ids: Any, first: Any, last: Any, rows: Any, stride: Any, column: Any, out: Any, i: Any
    ) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            ids, rows, out = (context.make_array(signature.args[n])(context, builder, args[n]).data for n in (0, 3, 6))
            rows = builder.gep(rows, [args[5]])
            before, loop, after = builder.block, builder.append_basic_block("row"), builder.append_basic_block("after")
            builder.cbranch(builder.icmp_unsigned("<", args[1], args[2]), loop, after)
            builder.position_at_end(loop)
            word = builder.phi(_I64)
            sums = [builder.phi(_FLOATS) for _ in range(width)]
            identity = builder.and_(builder.load(builder.gep(ids, [word])), _I64(0xFFFFFFFF))
            row = builder.gep(rows, [builder.mul(identity, args[4])])
            totals = []
            for lane, total in enumerate(sums):
                part = builder.bitcast(builder.gep(row, [_I64(LANES * lane)]), _FLOATS.as_pointer())
                totals.append(builder.fadd(total, builder.load(part, align=4)))
            following = builder.add(word, _I64(1))
            word.add_incoming(args[1], before)
            word.add_incoming(following, loop)
            zero = ir.Constant(_FLOATS, [0.0] * LANES)
            for phi, total in zip(sums, totals, strict=True):
                phi.add_incoming(zero, before)
                phi.add_incoming(total, loop)
            builder.cbranch(builder.icmp_unsigned("<", following, args[2]), loop, after)
            builder.position_at_end(after)
            results = []
            for total in totals:
                result = builder.phi(_FLOATS)
                result.add_incoming(zero, before)
                result.add_incoming(total, loop)
                results.append(result)
            for lane, result in enumerate(results):
                place = builder.gep(out, [builder.add(args[7], _I64(LANES * lane))])
                builder.store(result, builder.bitcast(place, _FLOATS.as_pointer()), align=4)
            return context.get_dummy_value()

        u = types.uint64
        return types.void(ids, u, u, rows, u, u, out, u), build

    return sum_rows


sum_rows_1, sum_rows_2, sum_rows_3 = _sum_of_rows(1), _sum_of_rows(2), _sum_of_rows(3)
"""(ids, first, last, rows, stride, column, out, i): store in out[i:] the sum over ids[first:last] of the columns of
rows[id * stride:] from `column` on; an id is the low 32 bits."""


@instruction
def sigmoid(typing: Any, logits: Any, i: Any, out: Any, o: Any) -> Any:
    """Store in out[o : o + LANES] the logistic function of logits[i : i + LANES], as `logistic.logistic` does."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def each(value: float) -> Any:
            return ir.Constant(_FLOATS, [float(np.float32(value))] * LANES)

        x = builder.load(_place(context, builder, signature, args, 0, 1, _FLOATS), align=4)
        x = builder.fmul(x, each(LOG2E))
        x = builder.select(builder.fcmp_ordered("<", x, each(BOUND)), x, each(BOUND))
        x = builder.select(builder.fcmp_ordered(">", x, each(-BOUND)), x, each(-BOUND))
        rounded = builder.fadd(x, each(ROUND))  # the nearest whole number, in the low bits
        whole = builder.sub(builder.bitcast(rounded, _INTS), ir.Constant(_INTS, [WHOLE] * LANES))
        rest = builder.fsub(x, builder.fsub(rounded, each(ROUND)))
        power = each(EXP2[0])
        for factor in EXP2[1:]:
            power = builder.fadd(builder.fmul(power, rest), each(factor))
        scale = builder.bitcast(builder.shl(whole, ir.Constant(_INTS, [MANTISSA_BITS] * LANES)), _FLOATS)
        result = builder.fdiv(each(1.0), builder.fadd(each(1.0), builder.fmul(power, scale)))
        builder.store(result, _place(context, builder, signature, args, 2, 3, _FLOATS), align=4)
        return context.get_dummy_value()

    return types.void(logits, types.uint64, out, types.uint64), build

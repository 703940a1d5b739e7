"""The targets, the measured figures, and whether they are met."""

from collections.abc import Iterator

from benchmarks.quality import sets
from benchmarks.quality.rows import SIZES, Results
from benchmarks.quality.systems import AUTOKODE, PROMISE, SYSTEMS, TAUGHT, WITH_ENCODER

OURS = (AUTOKODE.name, TAUGHT.name, WITH_ENCODER.name)
SIB = "SIB-200, Bokmål"
AIMED = {
    AUTOKODE.name: {5: 0.58, 10: 0.66, 20: 0.73, None: 0.83},
    TAUGHT.name: {5: 0.68, 10: 0.74, 20: 0.80, None: 0.86},
    WITH_ENCODER.name: {5: 0.70, 10: 0.77, 20: 0.83, None: 0.86},
}
"""Mean average precision by examples a code."""

DIALECT, CALIBRATION, WITHIN, SHOWN, ZERO = 0.95, 0.05, 0.05, 50, 0.5

Line = tuple[str, str, str, str]
"""What, target, measured, met."""

NOT_YET = ("not measured", "–")


def lines(results: Results) -> list[Line]:
    return [line for part in (few, dialects, calibration, promises, zero) for line in part(results)]


def few(results: Results) -> Iterator[Line]:
    for system, sizes in AIMED.items():
        for size, target in sizes.items():
            found = results.mean(SIB, size, system)
            what = f"{system}: mean average precision, {SIB}, {label(size)}"
            yield what, f"≥ {target:.2f}", *(NOT_YET if found is None else (f"{found:.3f}", met(found >= target)))


def dialects(results: Results) -> Iterator[Line]:
    for system in OURS:
        shares = {}
        for size in SIZES:
            ours, theirs = (
                results.mean(f"NorSID, {kind}", size, system, "accuracy") for kind in ("dialects", "Bokmål")
            )
            if ours is not None and theirs:
                shares[size] = ours / theirs
        what = f"{system}: accuracy on dialect spellings against Bokmål, NorSID learnt in Bokmål, all"
        if None not in shares:
            yield what, f"≥ {DIALECT} ×", *NOT_YET
            continue
        lowest = min(shares, key=lambda size: shares[size])
        shown = f"{shares[None]:.3f} × (lowest {shares[lowest]:.3f} ×, {label(lowest)})"
        yield what, f"≥ {DIALECT} ×", shown, met(shares[None] >= DIALECT)


def calibration(results: Results) -> Iterator[Line]:
    for system in OURS:
        found = {size: results.mean("Own interviews", size, system, "calibration_error") for size in SIZES if size != 0}
        errors = {size: error for size, error in found.items() if error is not None}
        what = f"{system}: calibration error, own interviews held out"
        worst = max(errors, key=lambda size: errors[size]) if errors else None
        for name, size in (("all", None), ("the worst of the sizes", worst)):
            if size not in errors:
                yield f"{what}, {name}", f"≤ {CALIBRATION}", *NOT_YET
                continue
            shown = f"{errors[size]:.3f}" + (f" ({label(size)})" if name != "all" else "")
            yield f"{what}, {name}", f"≤ {CALIBRATION}", shown, met(errors[size] <= CALIBRATION)


def promises(results: Results) -> Iterator[Line]:
    for system in OURS:
        found = [results.promised(name, size, system) for name in sets.SETS for size in SIZES]
        kept = [right / shown - PROMISE for shown, right, _all in filter(None, found) if shown >= SHOWN]
        what = f"{system}: precision where {PROMISE:.0%} is promised, sets and sizes with {SHOWN} suggestions or more"
        below, above = sum(off < -WITHIN for off in kept), sum(off > WITHIN for off in kept)
        shown = f"{len(kept) - below - above} of {len(kept)} within; {below} below, {above} above"
        result = (shown, met(not below and not above)) if kept else NOT_YET
        yield what, f"within {WITHIN * 100:.0f} points", *result


def zero(results: Results) -> Iterator[Line]:
    for name in sets.WITH_DEFINITIONS:
        for system in OURS:
            none, ten = results.mean(name, 0, system), results.mean(name, 10, system)
            what = f"{system}: mean average precision by definitions against ten examples, {name}"
            if none is None or not ten:
                yield what, f"≥ {ZERO} ×", *NOT_YET
            else:
                yield what, f"≥ {ZERO} ×", f"{none / ten:.2f} × ({none:.3f}, {ten:.3f})", met(none >= ZERO * ten)


def exceptions(results: Results) -> list[str]:
    """The cells where another system without an encoder ranks better than both of ours without one."""
    found = []
    ours = (AUTOKODE.name, TAUGHT.name)
    for name in sets.SETS:
        for size in SIZES:
            means = {s.name: results.mean(name, size, s.name) for s in SYSTEMS.values() if not s.encoder}
            there = {system: mean for system, mean in means.items() if mean is not None}
            own = {system: there.pop(system) for system in ours if system in there}
            if own and there and max(there.values()) > max(own.values()):
                (other, best), (us, mean) = (max(d.items(), key=lambda pair: pair[1]) for d in (there, own))
                found.append(f"{name}, {label(size)}: {other} {best:.3f}, {us} {mean:.3f}")
    return found


def label(size: int | None) -> str:
    """The number of examples a code, in words.

    >>> label(0), label(5), label(None)
    ('definition only', '5 a code', 'all')
    """
    return "all" if size is None else f"{size} a code" if size else "definition only"


def met(is_met: bool) -> str:
    return "yes" if is_met else "no"

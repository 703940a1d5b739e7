"""Changes inputs by chance: bits, numbers, slices, words of a format, and values that programs stumble over."""

import random
from collections.abc import Iterator, Sequence

from fuzz_case import Trying

LONGEST = 200 << 10
"""Bytes an input is changed to, at the most; one in fifty."""
MOSTLY = 6 << 10
"""The same of the others, but that an input is not cut below what it was."""

ODD = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n\n",
        b"\t",
        b'"',
        b"'",
        b"\\",
        b"..",
        b"../../etc/passwd",
        b"/etc/passwd",
    ),
    *(
        "²".encode(),
        "\u0085".encode(),
        "\u2028".encode(),
        "🏳️‍🌈".encode(),
        "e\u0301".encode(),
        "İ".encode(),
        "Ǆ".encode(),
    ),
    *(
        b"\\ud800",
        b"&#xD800;",
        b"&#0;",
        b"\xed\xa0\x80",
        b"_x0000_",
        b"\\u-10179?",
        b"%00",
        b"<!-- ",
        b"]]>",
        b"<![CDATA[",
    ),
    *(
        b"0",
        b"-1",
        b"1e999",
        b"NaN",
        b"Infinity",
        b"null",
        b"true",
        b"[]",
        b"{}",
        b"0x10",
        b"2147483648",
        b"9" * 20,
        b"1" * 4400,
    ),
    *(
        b"[" * 3000,
        b'{"a":' * 3000,
        b"<a>" * 300,
        b"a" * 5000,
        b"(" * 500,
        b"\xf0\x9f\x98\x80" * 300,
        b"- " * 500,
        b"\n" * 2000,
    ),
)
"""Values that programs stumble over, whatever the format."""


def changed(data: bytes, choose: random.Random, words: Sequence[bytes] = (), others: Sequence[bytes] = ()) -> bytes:
    """An input with one to eight changes drawn by chance."""
    out = bytearray(data)
    for _ in range(choose.choice((1, 1, 1, 2, 3, 8))):
        _CHANGES[choose.randrange(len(_CHANGES))](out, choose, [*words, *ODD], others)
    return bytes(out[: LONGEST if choose.random() < 0.02 else max(MOSTLY, len(data))])


def _stretch(out: bytearray, choose: random.Random) -> slice:
    start = choose.randrange(len(out) + 1)
    return slice(start, min(len(out), start + int(2 ** choose.uniform(0, 9))))


def _flip(out: bytearray, choose: random.Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    if out:
        out[choose.randrange(len(out))] ^= 1 << choose.randrange(8)


def _byte(out: bytearray, choose: random.Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    if out:
        out[choose.randrange(len(out))] = choose.choice((0, 1, 10, 32, 34, 127, 128, 255, choose.randrange(256)))


def _insert(out: bytearray, choose: random.Random, words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    at = choose.randrange(len(out) + 1)
    out[at:at] = choose.choice(words)


def _replace(out: bytearray, choose: random.Random, words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    out[_stretch(out, choose)] = choose.choice(words)


def _cut(out: bytearray, choose: random.Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    del out[_stretch(out, choose)]


def _end(out: bytearray, choose: random.Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    del out[choose.randrange(len(out) + 1) :]


def _repeat(out: bytearray, choose: random.Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    own = _stretch(out, choose)
    part = bytes(out[own])
    out[own.stop : own.stop] = part * min(int(2 ** choose.uniform(0, 11)), LONGEST // max(1, len(part)))


def _number(out: bytearray, choose: random.Random, words: Sequence[bytes], _others: Sequence[bytes]) -> None:
    """Put something else in place of a number."""
    digits = [i for i, byte in enumerate(out) if 48 <= byte < 58]
    if digits:
        start = end = choose.choice(digits)
        while end < len(out) and 48 <= out[end] < 58:
            end += 1
        out[start:end] = choose.choice(
            (b"0", b"-1", b"7", b"255", b"65536", b"2147483647", b"4294967296", b"1" * 30, *words)
        )


def _splice(out: bytearray, choose: random.Random, _words: Sequence[bytes], others: Sequence[bytes]) -> None:
    if others:
        other = choose.choice(others)
        out[_stretch(out, choose)] = other[_stretch(bytearray(other), choose)]


_CHANGES = (_flip, _byte, _byte, _insert, _insert, _replace, _replace, _cut, _end, _repeat, _number, _number, _splice)


def inputs(trying: Trying, count: int, seed: int = 0) -> Iterator[bytes]:
    """Yield the target's own inputs, then changed ones; the same for the same seed."""
    choose = random.Random(f"{trying.target.name} {seed}")
    seeds = trying.seeds
    yield from seeds
    for _ in range(max(0, count - len(seeds))):
        yield changed(choose.choice(seeds), choose, trying.target.words, seeds)

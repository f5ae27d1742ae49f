"""Sets of keys as bits, packed small. Pure.

Keys are cut into blocks of `BLOCK`; a set within one block is a whole number whose bit at `key % BLOCK` says
whether the key is in it, so that "and" and "or" of 65,536 keys are one step of some hundred nanoseconds.
Packed, a set is a letter and its content: few keys as numbers of two bytes (`s`), more as bits put through
zlib (`z`), many as the bits themselves (`r`).
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BLOCK = 1 << 16
_BYTES = BLOCK // 8
_FEW = 64
_MANY = 2048
_HELD = re.compile(rb"[^\0]")
_BITS_OF = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def join(offsets: Iterable[int]) -> int:
    """The set of some offsets, each below `BLOCK`."""
    held = bytearray(_BYTES)
    for offset in offsets:
        held[offset >> 3] |= 1 << (offset & 7)
    return int.from_bytes(held, "little")


def part(bits: int) -> Iterator[int]:
    """The offsets of a set, the lowest first."""
    held = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for place in _HELD.finditer(held):
        at = place.start()
        for bit in _BITS_OF[held[at]]:
            yield 8 * at + bit


def part_newest(bits: int) -> Iterator[int]:
    """The offsets of a set, the highest first; it need not be read to its end."""
    size = (bits.bit_length() + 7) // 8
    held = bits.to_bytes(size, "big")
    for place in _HELD.finditer(held):
        at = place.start()
        for bit in reversed(_BITS_OF[held[at]]):
            yield 8 * (size - 1 - at) + bit


def pack(bits: int) -> bytes:
    """A set in few bytes."""
    number = bits.bit_count()
    if number <= _FEW:
        return _pack_few(list(part(bits)))
    raw = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    return b"r" + raw if number > _MANY else b"z" + zlib.compress(raw, 1)


def _pack_few(offsets: Sequence[int]) -> bytes:
    return b"s" + struct.pack(f"<{len(offsets)}H", *offsets)


def add(packed: bytes | None, offsets: Sequence[int]) -> tuple[bytes, int]:
    """A packed set, or none yet, with more offsets in it, and how many are in it then."""
    if packed is None or packed[:1] == b"s":
        # most sets are small: they need not become bits on the way
        few = set(offsets)
        if packed is not None:
            few.update(struct.unpack(f"<{len(packed) // 2}H", packed[1:]))
        if len(few) <= _FEW:
            return _pack_few(sorted(few)), len(few)
    bits = join(offsets) | (unpack(packed) if packed is not None else 0)
    return pack(bits), bits.bit_count()


def may_hold(packed: bytes, offsets: frozenset[int]) -> bool:
    """Whether one of some offsets may be in a packed set: surely not where few are in it and none of them is."""
    return packed[:1] != b"s" or not offsets.isdisjoint(
        struct.unpack(f"<{len(packed) // 2}H", packed[1:])
    )


def unpack(packed: bytes) -> int:
    """The set again. Raises `ValueError` for bytes that are none."""
    kind, content = packed[:1], packed[1:]
    if kind == b"r":
        return int.from_bytes(content, "little")
    if kind == b"z":
        return int.from_bytes(zlib.decompress(content), "little")
    if kind == b"s":
        return join(struct.unpack(f"<{len(content) // 2}H", content))
    msg = f"not a packed set: {kind!r}"
    raise ValueError(msg)


def weigh(sets: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Who is in sets of the most weight: pairs of a sum and the keys that reach exactly it, the greatest first.

    `sets` are pairs of bits and a weight, a small whole number. The sums are kept as binary digits, one set of
    keys a digit, so that all keys are added up at once.
    """
    digits: list[int] = []
    for bits, weight in sets:
        for place in range(weight.bit_length()):
            if weight >> place & 1:
                _carry(digits, place, bits)
    found: list[tuple[int, int]] = []
    everybody = 0
    for digit in digits:
        everybody |= digit
    _descend(digits, len(digits) - 1, everybody, 0, found)
    return found


def _carry(digits: list[int], place: int, bits: int) -> None:
    while bits:
        while place >= len(digits):
            digits.append(0)
        digits[place], bits = digits[place] ^ bits, digits[place] & bits
        place += 1


def _descend(
    digits: list[int], place: int, among: int, above: int, found: list[tuple[int, int]]
) -> None:
    if not among:
        return
    if place < 0:
        found.append((above, among))
        return
    with_it = among & digits[place]
    _descend(digits, place - 1, with_it, above + (1 << place), found)
    _descend(digits, place - 1, among ^ with_it, above, found)

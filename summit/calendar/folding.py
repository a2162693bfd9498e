"""Long lines of iCalendar files, folded (RFC 5545 §3.1) where no reader can see it."""

import unicodedata
from collections.abc import Iterable

_OCTETS = 75
_JOINER = "\u200d"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_TAGS = ("\U000e0020", "\U000e007f")
_FLAGS = ("\U0001f1e6", "\U0001f1ff")
_JAMO = ("\u1160", "\u11ff")
# A cluster longer than this is no letter but a prank, and is cut between its characters.
_LONGEST_CLUSTER = 40


def folded(lines: Iterable[str]) -> bytes:
    """The lines as a file: none longer than 75 octets, no letter, emoji or combining mark apart from what it is on."""
    out: list[bytes] = []
    for line in lines:
        data = line.encode()
        if len(data) <= _OCTETS:
            out.append(data)
        elif len(data) == len(line):
            out += _of_ascii(data)
        else:
            out += _of_any(line)
    out.append(b"")
    return b"\r\n".join(out)


def _of_ascii(data: bytes) -> Iterable[bytes]:
    yield data[:_OCTETS]
    step = _OCTETS - 1
    for at in range(_OCTETS, len(data), step):
        yield b" " + data[at : at + step]


def _of_any(line: str) -> Iterable[bytes]:
    at, space = 0, b""
    while at < len(line):
        end = _end(line, at, _OCTETS - len(space))
        yield space + line[at:end].encode()
        at, space = end, b" "


def _end(line: str, at: int, octets: int) -> int:
    """Where the part ends that begins there and has at most so many octets."""
    end = at
    for end in range(at, min(len(line), at + octets)):
        octets -= len(line[end].encode())
        if octets < 0:
            break
    else:
        return min(len(line), end + 1)
    for cut in range(end, max(at, end - _LONGEST_CLUSTER), -1):
        if _may_cut(line, cut):
            return cut
    return end


def _may_cut(line: str, at: int) -> bool:
    """Whether the characters before and after that place are seen apart (after UAX #29, roughly)."""
    before, after = line[at - 1], line[at]
    if after.isascii():
        return before != _JOINER
    if before == _JOINER or after == _JOINER or unicodedata.category(after)[0] == "M":
        return False
    if _SKIN_TONES[0] <= after <= _SKIN_TONES[1] or _TAGS[0] <= after <= _TAGS[1] or _JAMO[0] <= after <= _JAMO[1]:
        return False
    return not (_is_flag(before) and _is_flag(after) and _flags_before(line, at) % 2)


def _is_flag(character: str) -> bool:
    return _FLAGS[0] <= character <= _FLAGS[1]


def _flags_before(line: str, at: int) -> int:
    """How many regional indicators stand in a row: two of them make a flag."""
    count = 0
    while count < min(at, _LONGEST_CLUSTER) and _is_flag(line[at - 1 - count]):
        count += 1
    return count

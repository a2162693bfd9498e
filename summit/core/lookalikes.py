"""What looks the same to a reader: letters of other scripts, in other dress, with marks or with unseen ones between.

A short table of our own, after the idea of the skeletons of Unicode's Technical Standard 39: the letters that are
used for Latin ones, in Cyrillic, Greek, Armenian and the phonetic alphabet, not all of Unicode.
"""

from unicodedata import category, normalize

from summit.core.text import FILLERS

_LIKE = {
    "a": "аαɑᴀ",
    "b": "вьβʙᏼ",
    "c": "сᴄϲ",
    "d": "ԁđɖᴅ",
    "e": "еєεҽᴇɛ",
    "f": "ғƒꜰ",
    "g": "ɡɢց",
    "h": "нһηħʜհ",
    "i": "іιıɩɪӏ",
    "j": "јʝᴊϳ",
    "k": "кκᴋҝ",
    "l": "łʟƚɭⅼ",
    "m": "мμᴍ",
    "n": "νпոռɴŋ",
    "o": "оοσøօᴏɵө",
    "p": "рρᴘƿ",
    "q": "ԛզ",
    "r": "гʀɼ",
    "s": "ѕꜱʂ",
    "t": "тτᴛŧ",
    "u": "υսᴜʋц",
    "v": "ѵᴠ",
    "w": "ԝωшᴡա",
    "x": "хχҳ",
    "y": "уγүұʏɣ",
    "z": "ζᴢʐƶ",
    "ae": "æ",
    "oe": "œ",
}
_PLAIN = {ord(other): letter for letter, others in _LIKE.items() for other in others}
# Letters in circles and squares, and those that flags are made of: what compatibility leaves as it is.
_PLAIN |= {first + place: chr(ord("a") + place) for first in (0x1F150, 0x1F170, 0x1F1E6) for place in range(26)}
_FIGURES = str.maketrans("01|i!", "ollll")
# Marks for letters of any script, unlike vowels that are marks.
_DIACRITICS = (
    range(0x300, 0x370),
    range(0x483, 0x48A),
    range(0x1AB0, 0x1B00),
    range(0x1DC0, 0x1E00),
    range(0x20D0, 0x2100),
    range(0xFE00, 0xFE30),
    range(0xE0100, 0xE01F0),
)


def skeleton(text: str, *, keep: str = "", figures: bool = False) -> str:
    """How a text looks: without case, width, diacritics, fillers and look-alike letters; spaces in one row are one.

    Two texts with the same skeleton are easily taken for one another. It is for comparing, never for showing. The small
    letters in `keep` (such as ``åäö``) stay apart from those without their marks. With `figures`, 0 is like o, and
    1, | and i are like l.
    """
    folded = normalize("NFKD", normalize("NFKC", text).casefold())
    plain = normalize("NFC", _without_marks(folded, keep))
    return " ".join((plain.translate(_FIGURES) if figures else plain).split())


def _without_marks(folded: str, keep: str) -> str:
    found: list[str] = []
    for letter in folded:
        if any(ord(letter) in block for block in _DIACRITICS):
            whole = normalize("NFC", found[-1] + letter) if found else ""
            if whole and whole in keep:
                found[-1] = whole
        elif letter.isspace() or (category(letter) not in ("Cf", "Cc", "Me") and letter not in FILLERS):
            found.append(letter if letter in keep else _PLAIN.get(ord(letter), letter))
    return "".join(found)

"""Names of the languages that sessions are held in."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from summit.core.i18n import locale


def language_name(code: str) -> str:
    """``en`` as the reader calls it: English, engelska; the code itself where it is not known."""
    return _name(code, locale())


@lru_cache(maxsize=512)
def _name(code: str, reader: str) -> str:
    try:
        name = Locale.parse(code.replace("_", "-"), sep="-").get_display_name(reader)
    except (UnknownLocaleError, ValueError):
        name = None
    return name[:1].upper() + name[1:] if name else code

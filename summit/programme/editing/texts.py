"""Texts in several languages as forms send them: one field a language, ``title.sv`` beside ``title.en``."""

from collections.abc import Iterable, Mapping

from starlette.datastructures import FormData

from summit.core.i18n import LANGUAGES
from summit.core.texts import Texts


def texts_from(form: FormData, name: str) -> Texts:
    """What was typed, by language; empty texts are left out."""
    start = f"{name}."
    typed = {key.removeprefix(start): value for key, value in form.multi_items() if key.startswith(start)}
    return Texts.from_mapping({lang: text.strip() for lang, text in typed.items() if isinstance(text, str)})


def languages_of(texts: Mapping[str, str], languages: Iterable[str]) -> list[str]:
    """In which languages a form asks for a text: the summit's own, or Swedish and English; and those it has already."""
    wanted = list(languages) or list(LANGUAGES)
    return [*wanted, *(lang for lang in texts if lang not in wanted)]

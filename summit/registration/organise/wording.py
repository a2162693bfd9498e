"""What organisers' pages of registrations call things."""

from typing import Any

from summit.core.i18n import locale
from summit.core.texts import Texts
from summit.registration.places import state_name
from summit.registration.saying import answer_in_words, event_in_words
from summit.registration.setup import Setup


def words_for(setup: Setup) -> dict[str, Any]:
    """For templates: names of states, categories and events, and texts in the reader's language."""

    def category_name(key: str) -> str:
        found = setup.category(key)
        return said(found.name) if found else key

    return {
        "state_name": state_name,
        "category_name": category_name,
        "said": said,
        "answer_in_words": answer_in_words,
        "event_in_words": event_in_words,
    }


def said(texts: Texts) -> str:
    """The text in the reader's language, as far as there is one."""
    return texts.best(locale()).text

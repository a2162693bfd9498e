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


def consent_text(setup: Setup, key: str, version: int) -> Texts | None:
    """The wording of that version of what people agree to, where it is still known."""
    item = next((one for one in setup.consents if one.key == key), None)
    if item is None:
        return None
    return item.text if item.version == version else item.former.get(str(version))


def said(texts: Texts) -> str:
    """The text in the reader's language, as far as there is one."""
    return texts.best(locale()).text

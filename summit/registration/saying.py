"""Answers and what happened to a registration, in words."""

from collections.abc import Sequence
from typing import Any

from summit.core.i18n import _, locale
from summit.registration.setup import Question


def answer_in_words(question: Question, value: Any) -> str:
    """An answer as people read it; empty where there is none."""
    if value in (None, "", []):
        return ""
    names = {one.key: one.name.best(locale()).text for one in question.options}
    if question.kind == "several":
        return ", ".join(names.get(str(key), str(key)) for key in value)
    if question.kind == "one":
        return names.get(str(value), str(value))
    if question.kind == "yes_no":
        return _("Yes") if value == "yes" else _("No")
    return str(value)


def event_in_words(what: str, fields: Sequence[str] = ()) -> str:
    """What happened to a registration, with what was changed; the word itself where it is none of these."""
    known = {"name": _("name"), "category": _("category"), "answers": _("answers"), "consents": _("consents")}
    if what == "changed" and fields:
        return _("Changed: %(fields)s") % {"fields": ", ".join(known.get(one, one) for one in fields)}
    return {
        "registered": _("Registered, with a seat"),
        "waiting": _("Put on the waiting list"),
        "offered": _("Was offered a seat"),
        "offer accepted": _("Took the seat that was offered"),
        "moved up": _("Got a seat from the waiting list"),
        "seat given": _("Was given a seat by an organiser"),
        "changed": _("Changed the registration"),
        "cancelled": _("Cancelled"),
        "lapsed": _("Did not take the offered seat in time"),
        "confirmation sent": _("Got the confirmation once more"),
    }.get(what, what)

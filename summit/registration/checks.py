"""What organisers want of the setup, held against what can be. Pure: values in, values or errors out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.ids import new_id
from summit.core.text import cleaned, one_line
from summit.registration.models import WhenFree
from summit.registration.setup import Access, QuestionKind

MOST = {"categories": 20, "questions": 40, "consents": 20}
MOST_OPTIONS = 50
NAME, HELP, WORDING, CODE = 200, 1000, 4000, 40
"""Characters at most."""
_SEATS = 1_000_000
_HOURS = 168
_CHOOSING = ("one", "several")


def checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is given, cleaned; raises `Invalid` with all that is wrong, by field.

    In lists the fields are ``categories.0.name`` and the like, by the order in which they came.
    """
    errors: dict[str, str] = {}
    given = dict(wanted)
    for name, check in _CHECKS.items():
        if name in given:
            given[name] = check(given[name], name, errors)
    opens, closes = given.get("opens_at"), given.get("closes_at")
    if opens and closes and datetime.fromisoformat(opens) >= datetime.fromisoformat(closes):
        errors.setdefault("closes_at", _("Registration has to close after it has opened."))
    if errors:
        raise Invalid(errors=errors)
    return given


def _seats(value: Any, field: str, errors: dict[str, str]) -> Any:
    if value is not None and not 0 <= value <= _SEATS:
        errors[field] = _("Use a number from 0 to %(most)d, or nothing.") % {"most": _SEATS}
    return value


def _hours(value: Any, field: str, errors: dict[str, str]) -> Any:
    if value is None or not 1 <= value <= _HOURS:
        errors[field] = _("Use a number of hours from 1 to %(most)d.") % {"most": _HOURS}
    return value


def _when_free(value: Any, field: str, errors: dict[str, str]) -> Any:
    if value not in get_args(WhenFree):
        errors[field] = _("Choose one of these.")
    return value


def _categories(rows: Sequence[Any], field: str, errors: dict[str, str]) -> list[Any]:
    _few(rows, field, errors)
    found = []
    for number, row in enumerate(rows):
        at = f"{field}.{number}"
        code = one_line(row.get("code", ""))[: CODE + 1]
        access = row.get("access", "all")
        if access not in get_args(Access):
            errors[f"{at}.access"] = _("Choose one of these.")
        if access == "code" and not code:
            errors[f"{at}.code"] = _("Enter the code that opens this category.")
        if len(code) > CODE:
            errors[f"{at}.code"] = _("Use at most %(most)d characters.") % {"most": CODE}
        found.append(
            {
                "key": row.get("key") or _key(),
                "name": _texts(row.get("name", {}), f"{at}.name", NAME, errors, needed=True),
                "capacity": _seats(row.get("capacity"), f"{at}.capacity", errors),
                "access": access,
                "code": code if access == "code" else "",
            }
        )
    codes = [one["code"].casefold() for one in found if one["code"]]
    if len(set(codes)) < len(codes):
        errors[field] = _("Two categories have the same code.")
    if not found:
        errors[field] = _("At least one category has to be there.")
    return found


def _questions(rows: Sequence[Any], field: str, errors: dict[str, str]) -> list[Any]:
    _few(rows, field, errors)
    return [_question(row, f"{field}.{number}", errors) for number, row in enumerate(rows)]


def _question(row: Mapping[str, Any], at: str, errors: dict[str, str]) -> dict[str, Any]:
    kind = row.get("kind", "")
    if kind not in get_args(QuestionKind):
        errors[f"{at}.kind"] = _("Choose one of these.")
    options = [one for one in row.get("options", ()) if any(text.strip() for text in one["name"].values())]
    if kind in _CHOOSING and len(options) < 2:
        errors[f"{at}.options"] = _("Enter at least two answers to choose from.")
    if len(options) > MOST_OPTIONS:
        errors[f"{at}.options"] = _("At most %(most)d answers.") % {"most": MOST_OPTIONS}
    return {
        "key": row.get("key") or _key(),
        "kind": kind,
        "name": _texts(row.get("name", {}), f"{at}.name", NAME, errors, needed=True),
        "help": _texts(row.get("help", {}), f"{at}.help", HELP, errors),
        "options": [
            {"key": one.get("key") or _key(), "name": _texts(one["name"], f"{at}.options", NAME, errors)}
            for one in (options if kind in _CHOOSING else ())
        ],
        "required": bool(row.get("required")),
        "categories": list(row.get("categories", ())),
    }


def _consents(rows: Sequence[Any], field: str, errors: dict[str, str]) -> list[Any]:
    _few(rows, field, errors)
    return [
        {
            "key": row.get("key") or _key(),
            "text": _texts(row.get("text", {}), f"{field}.{number}.text", WORDING, errors, needed=True, lines=True),
            "required": bool(row.get("required")),
        }
        for number, row in enumerate(rows)
    ]


def _few(rows: Sequence[Any], field: str, errors: dict[str, str]) -> None:
    if len(rows) > MOST[field]:
        errors[field] = _("At most %(most)d of them.") % {"most": MOST[field]}


def _texts(
    typed: Mapping[str, str],
    field: str,
    most: int,
    errors: dict[str, str],
    *,
    needed: bool = False,
    lines: bool = False,
) -> dict[str, str]:
    clean = cleaned if lines else one_line
    found = {language: text for language, typed_text in typed.items() if (text := clean(typed_text))}
    if needed and not found:
        errors[field] = _("Enter the words, in at least one language.")
    if any(len(text) > most for text in found.values()):
        errors[field] = _("Use at most %(most)d characters.") % {"most": most}
    return found


def _key() -> str:
    """A name for programs, which never changes: letters and digits."""
    return new_id()[-10:]


_CHECKS: Mapping[str, Callable[[Any, str, dict[str, str]], Any]] = {
    "capacity": _seats,
    "offer_hours": _hours,
    "when_free": _when_free,
    "categories": _categories,
    "questions": _questions,
    "consents": _consents,
}

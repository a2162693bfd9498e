"""The form of registration: what was sent in it, and what of that is shown again."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.datastructures import FormData

from summit.core.i18n import locale
from summit.people.models import Person
from summit.registration.answers import LONG, NEEDS
from summit.registration.models import Registration
from summit.registration.setup import Setup
from summit.registration.wanted import Wanted

ANSWER, CONSENT, VERSION = "answer.", "consent.", "version."
_YES = ("1", "on", "yes", "true")
MOST_FIELDS = 800
_NAME, _ADDRESS, _CODE, _KEY = 200, 400, 100, 60
"""Characters of each that are shown again at most; nothing as long is right."""


def read_wanted(form: FormData) -> Wanted:
    """What was sent, as it was typed; nothing is checked yet.

    Fields are ``name``, ``email``, ``category``, ``code``, ``needs``, ``shares_needs``, ``invitations``, ``answer.KEY``
    (for several, once for each) and ``consent.KEY``.
    """
    keys = dict.fromkeys(name for name in form if isinstance(form.get(name), str))
    return Wanted(
        name=_text(form, "name"),
        email=_text(form, "email"),
        category=_text(form, "category"),
        code=_text(form, "code"),
        answers={name.removeprefix(ANSWER): _answer(form, name) for name in keys if name.startswith(ANSWER)},
        consents=tuple(name.removeprefix(CONSENT) for name in keys if name.startswith(CONSENT) and _is_yes(form, name)),
        versions={
            name.removeprefix(VERSION): int(text)
            for name in keys
            if name.startswith(VERSION) and (text := _text(form, name)).isdecimal() and len(text) < 6
        },
        needs=_text(form, "needs"),
        shares_needs=_is_yes(form, "shares_needs"),
        invitations=_is_yes(form, "invitations"),
    )


def wanted_of(registration: Registration, person: Person) -> Wanted:
    """What somebody has answered so far, to be shown in the form."""
    return Wanted(
        name=person.name,
        email=person.email or "",
        category=registration.category,
        answers=registration.answers,
        consents=tuple(one["key"] for one in registration.consents),
        versions={one["key"]: one["version"] for one in registration.consents},
        needs=registration.needs,
        shares_needs=registration.shares_needs,
    )


def echo(wanted: Wanted) -> Wanted:
    """The same to be shown again beside its errors: absurdly long texts are cut."""
    return msgspec.structs.replace(
        wanted,
        name=_shown(wanted.name, _NAME),
        email=_shown(wanted.email, _ADDRESS),
        category=_shown(wanted.category, _KEY),
        code=_shown(wanted.code, _CODE),
        answers={key: _shown_answer(value) for key, value in wanted.answers.items()},
        needs=_shown(wanted.needs, 2 * NEEDS),
    )


def summarised(setup: Setup, errors: Mapping[str, str]) -> dict[str, str]:
    """The errors as the summary on top says them: in the order of the fields, those of answers with their question."""
    names = {f"{ANSWER}{one.key}": one.name.best(locale()).text for one in setup.questions}
    order = ["code", "name", "email", "category", *names, "needs"]
    fields = sorted(errors, key=lambda field: order.index(field) if field in order else len(order))
    return {field: f"{names[field]} – {errors[field]}" if field in names else errors[field] for field in fields}


def _shown(text: str, most: int) -> str:
    return text.replace("\0", "")[:most]


def _shown_answer(value: Any) -> Any:
    return _shown(value, 2 * LONG) if isinstance(value, str) else value


def _is_yes(form: FormData, name: str) -> bool:
    return _text(form, name).strip().lower() in _YES


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _answer(form: FormData, name: str) -> str | list[str]:
    values = [value for value in form.getlist(name) if isinstance(value, str)]
    return values[0] if len(values) == 1 else values

"""What people answer when they register, held against what the summit asks. Pure: values in, values or errors out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import cleaned, one_line, tame
from summit.people.accounts import email_of, name_of
from summit.people.entering import demand_no_office
from summit.registration.setup import Category, Question, Setup
from summit.registration.wanted import Wanted

SHORT, LONG, NEEDS = 200, 2000, 1000
"""Characters at most."""
_MOST = 1_000_000_000


def checked(
    setup: Setup,
    wanted: Wanted,
    *,
    with_address: bool = False,
    by_organiser: bool = False,
    is_change: bool = False,
) -> Wanted:
    """What somebody filled in, cleaned; raises `Invalid` with all that is wrong, by field.

    Fields are ``name``, ``email``, ``category``, ``code``, ``needs``, ``answer.KEY`` and ``consent.KEY``. Organisers
    may leave required answers and consents out: they do not know them.
    """
    errors: dict[str, str] = {}
    name, address = _name(wanted.name, errors, by_organiser), wanted.email
    if with_address:
        try:
            address = email_of(wanted.email)
        except Invalid as invalid:
            errors |= invalid.errors
    category = _category(setup, wanted, errors, by_organiser, is_change)
    needs = tame(wanted.needs)
    if len(needs) > NEEDS:
        errors["needs"] = _("Use at most %(most)d characters.") % {"most": NEEDS}
    asked = setup.questions_for(category)
    answers = {one.key: _answer(one, wanted.answers.get(one.key), errors, by_organiser) for one in asked}
    for consent in setup.consents:
        is_given = consent.key in wanted.consents
        if is_given and wanted.versions.get(consent.key, consent.version) != consent.version:
            errors[f"consent.{consent.key}"] = _("The words have changed since. Read them again.")
        elif consent.required and not by_organiser and not is_given:
            errors[f"consent.{consent.key}"] = _("You need to agree to this to take part.")
    if errors:
        raise Invalid(errors=errors)
    known = {one.key for one in setup.consents}
    return msgspec.structs.replace(
        wanted,
        name=name,
        email=address,
        category=category,
        code=one_line(wanted.code),
        answers={key: value for key, value in answers.items() if value not in (None, "", [])},
        consents=tuple(key for key in dict.fromkeys(wanted.consents) if key in known),
        versions={one.key: one.version for one in setup.consents if one.key in wanted.consents},
        needs=needs,
        shares_needs=wanted.shares_needs and bool(needs),
    )


def offered(setup: Setup, code: str = "") -> list[Category]:
    """The categories that people can choose from; with an invitation code those that it opens, too."""
    return [
        one for one in setup.categories if one.access == "all" or (one.access == "code" and _is_same(one.code, code))
    ]


def agreed(setup: Setup, wanted: Wanted, now: datetime, before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """To what somebody agrees now: item, version of its wording, and since when.

    Consent to words that were since changed stays as it was: nobody has been asked about it.
    """
    known = {one["key"]: one for one in before}
    found = []
    for one in setup.consents:
        was = known.get(one.key)
        if one.key in wanted.consents:
            is_same = was is not None and was["version"] == one.version
            found.append(
                dict(was) if was and is_same else {"key": one.key, "version": one.version, "at": now.isoformat()}
            )
        elif was is not None and was["version"] != one.version:
            found.append(dict(was))
    return found


def _name(typed: str, errors: dict[str, str], by_organiser: bool) -> str:
    try:
        name = name_of(typed)
        if not by_organiser:
            demand_no_office(name)
    except Invalid as invalid:
        errors |= invalid.errors
        return ""
    return name


def _category(setup: Setup, wanted: Wanted, errors: dict[str, str], by_organiser: bool, is_change: bool) -> str:
    key = wanted.category
    found = setup.category(key)
    if (by_organiser or is_change) and found is not None:
        return key
    if by_organiser and key:
        errors["category"] = _("Choose one of these.")
        return ""
    choice = offered(setup, wanted.code)
    if not key and len(choice) == 1:
        return choice[0].key
    if found is not None and found.access == "code" and found not in choice:
        errors["code"] = _("That code does not open this category. Check it, or choose another category.")
    elif found is None or found not in choice:
        if len(choice) == 1 and not wanted.code:
            return choice[0].key
        errors["category"] = _("Choose one of these.")
    if wanted.code and "code" not in errors and not any(_is_same(one.code, wanted.code) for one in setup.categories):
        errors["code"] = _("We do not know that code. Check it, or leave the field empty.")
    # What people of a category are asked is no matter to who is not of it.
    return "" if {"category", "code"} & errors.keys() else key


def _is_same(code: str, typed: str) -> bool:
    return bool(code) and one_line(code).casefold() == one_line(typed).casefold()


def _answer(question: Question, typed: Any, errors: dict[str, str], by_organiser: bool) -> Any:
    field = f"answer.{question.key}"
    keys = [one.key for one in question.options]
    value: Any
    if question.kind != "several" and isinstance(typed, (list, tuple)):
        # A field that was sent more than once, as no form of ours does.
        typed = typed[0] if typed else ""
    if question.kind == "several":
        chosen = typed if isinstance(typed, (list, tuple)) else [typed] if typed else []
        value = [key for key in keys if key in chosen]
        if any(one not in keys for one in chosen):
            errors[field] = _("Choose among these.")
    elif question.kind in ("one", "yes_no"):
        value = str(typed or "")
        if value and value not in (keys if question.kind == "one" else ("yes", "no")):
            errors[field] = _("Choose one of these.")
    elif question.kind == "number":
        value = _number(str(typed if typed is not None else ""), field, errors)
    else:
        value = one_line(str(typed or "")) if question.kind == "short" else cleaned(str(typed or ""))
        most = SHORT if question.kind == "short" else LONG
        if len(value) > most:
            errors[field] = _("Use at most %(most)d characters.") % {"most": most}
    if question.required and value in (None, "", []) and not by_organiser:
        errors.setdefault(field, _unanswered(question))
    return value


def _number(typed: str, field: str, errors: dict[str, str]) -> int | float | None:
    text = one_line(typed).replace(",", ".").replace(" ", "")
    if not text:
        return None
    try:
        if not text.isascii() or len(text) > 15 or "_" in text:
            raise ValueError
        number = float(text)
    except ValueError:
        errors[field] = _("Enter a number, in digits.")
        return None
    if not -_MOST <= number <= _MOST:
        errors[field] = _("Enter a number, in digits.")
        return None
    return int(number) if number == int(number) else number


def _unanswered(question: Question) -> str:
    if question.kind in ("one", "yes_no"):
        return _("Choose one of these.")
    if question.kind == "several":
        return _("Choose at least one.")
    return _("Answer this.")

"""The forms of the setup of registration: what each shows, what was typed, and what that says, as plain JSON."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import choice
from typing import Any
from zoneinfo import ZoneInfo

from summit.core.errors import Invalid
from summit.core.texts import Texts
from summit.programme.editing.texts import texts_from
from summit.programme.organise.session_forms import moment_from
from summit.programme.organise.typed import Typed

Plain = Mapping[str, Any]
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_OPTION = re.compile(r"option(\d{1,2})")
_TIMES = ("opens_at", "closes_at")
_SWITCHES = ("is_open", "asks_needs", "reminds_day", "reminds_hour")


@dataclass(frozen=True)
class Part:
    """One page: its fields, what it shows of what is kept, what was typed in the same shape, and what that says."""

    path: str
    template: str
    fields: tuple[str, ...]
    kept: Callable[[Plain, ZoneInfo], dict[str, Any]]
    typed: Callable[[Typed], dict[str, Any]]
    read: Callable[[Typed, ZoneInfo], dict[str, Any]]


def _kept_places(plain: Plain, zone: ZoneInfo) -> dict[str, Any]:
    names = ("capacity", "when_free", "offer_hours", *_SWITCHES)
    return {name: plain[name] for name in names} | {name: _local(plain[name], zone) for name in _TIMES}


def _local(moment: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""


def _typed_places(form: Typed) -> dict[str, Any]:
    found: dict[str, Any] = {name: form.text(name) for name in ("capacity", "when_free", "offer_hours", *_TIMES)}
    return found | {name: form.ticked(name) for name in _SWITCHES}


def _read_places(form: Typed, zone: ZoneInfo) -> dict[str, Any]:
    found: dict[str, Any] = {name: form.ticked(name) for name in _SWITCHES}
    found |= {"capacity": form.number("capacity"), "when_free": form.text("when_free") or "seat"}
    hours = form.number("offer_hours")
    # Without an offer nobody asks for how long.
    found["offer_hours"] = 24 if hours is None and found["when_free"] == "seat" else hours
    errors = dict(form.errors)
    for name in _TIMES:
        day, _t, clock = form.text(name).partition("T")
        moment = moment_from(day, clock, zone, errors, (name, name))
        found[name] = moment.astimezone(ZoneInfo("UTC")).isoformat().replace("+00:00", "Z") if moment else None
    if errors:
        raise Invalid(errors=errors)
    return found


def _kept_categories(plain: Plain, _zone: ZoneInfo) -> dict[str, Any]:
    return {"categories": list(plain["categories"])}


def _typed_categories(form: Typed) -> dict[str, Any]:
    rows = [
        {
            "key": row.get("key", ""),
            "name": texts_from(form.sent, f"categories.{number}.name"),
            "capacity": row.get("capacity", ""),
            "access": row.get("access", "all"),
            "code": row.get("code", ""),
            "removed": "remove" in row,
        }
        for number, row in _ordered(form, "categories")
    ]
    blank = {"key": "", "name": Texts(), "capacity": "", "access": "code", "code": "".join(map(choice, [_LETTERS] * 8))}
    return {"categories": [*rows, *([blank] if form.ticked("more") else [])]}


def _read_categories(form: Typed, _zone: ZoneInfo) -> dict[str, Any]:
    found = []
    for number, row in _ordered(form, "categories"):
        capacity = form.number(f"categories.{number}.capacity")
        if "remove" not in row:
            name = texts_from(form.sent, f"categories.{number}.name")
            found.append({**row, "name": dict(name), "capacity": capacity})
    form.demand()
    return {"categories": found}


def _kept_questions(plain: Plain, _zone: ZoneInfo) -> dict[str, Any]:
    return {"questions": list(plain["questions"])}


def _typed_questions(form: Typed) -> dict[str, Any]:
    rows = [{**_question(form, number, row), "removed": "remove" in row} for number, row in _ordered(form, "questions")]
    blank = {"key": "", "kind": "short", "name": Texts(), "help": Texts(), "options": [], "categories": []}
    return {"questions": [*rows, *([blank] if form.ticked("more") else [])]}


def _read_questions(form: Typed, _zone: ZoneInfo) -> dict[str, Any]:
    return {
        "questions": [
            _question(form, number, row) for number, row in _ordered(form, "questions") if "remove" not in row
        ]
    }


def _question(form: Typed, number: int, row: Mapping[str, str]) -> dict[str, Any]:
    at = f"questions.{number}"
    options = sorted(int(found[1]) for name in row if (found := _OPTION.fullmatch(name)))
    return {
        "key": row.get("key", ""),
        "kind": row.get("kind", ""),
        "name": dict(texts_from(form.sent, f"{at}.name")),
        "help": dict(texts_from(form.sent, f"{at}.help")),
        "options": [
            {"key": row[f"option{one}"], "name": dict(texts_from(form.sent, f"{at}.words{one}"))} for one in options
        ],
        "required": "required" in row,
        "categories": form.all(f"{at}.categories"),
    }


def _kept_consents(plain: Plain, _zone: ZoneInfo) -> dict[str, Any]:
    return {"consents": list(plain["consents"])}


def _typed_consents(form: Typed) -> dict[str, Any]:
    rows = [{**row, "removed": "remove" in row} for row in _consents(form)]
    return {"consents": [*rows, *([{"key": "", "text": Texts(), "required": False}] if form.ticked("more") else [])]}


def _read_consents(form: Typed, _zone: ZoneInfo) -> dict[str, Any]:
    return {"consents": [row for row in _consents(form) if "remove" not in row]}


def _consents(form: Typed) -> list[dict[str, Any]]:
    return [
        {**row, "text": dict(texts_from(form.sent, f"consents.{number}.text")), "required": "required" in row}
        for number, row in _ordered(form, "consents")
    ]


def _ordered(form: Typed, name: str) -> list[tuple[int, dict[str, str]]]:
    """The rows with the numbers that their fields have, in the order that was typed; rows without a key or words fall
    away."""

    def place(row: tuple[int, dict[str, str]]) -> tuple[float, int]:
        typed, now = row[1].get("place", ""), row[0] + 1
        wanted = int(typed) if typed.isdecimal() and len(typed) < 4 else now
        # Before the one that has that place, or behind it: from where it comes.
        return (wanted + (0.5 if wanted > now else -0.5 if wanted < now else 0), row[0])

    rows = [
        (number, row)
        for number, row in form.numbered(name)
        if row.get("key") or any(texts_from(form.sent, f"{name}.{number}.{part}") for part in ("name", "text"))
    ]
    return sorted(rows, key=place)


PARTS = (
    Part(
        "registration",
        "setup_places",
        ("opens_at", "closes_at", "capacity", "when_free", "offer_hours", *_SWITCHES),
        _kept_places,
        _typed_places,
        _read_places,
    ),
    Part(
        "registration/categories",
        "setup_categories",
        ("categories",),
        _kept_categories,
        _typed_categories,
        _read_categories,
    ),
    Part(
        "registration/questions", "setup_questions", ("questions",), _kept_questions, _typed_questions, _read_questions
    ),
    Part("registration/consents", "setup_consents", ("consents",), _kept_consents, _typed_consents, _read_consents),
)

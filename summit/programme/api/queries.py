"""What the addresses of the API may ask for. Parameters that are not known are refused, so that none is mistyped."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from summit.programme.api.asking import misfit
from summit.programme.values import State

MOST_PER_PAGE = 200
Flag = Literal["true", "false"]
CODE = r"^[0-9A-Z]{6}$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# The length as well: for Python, "$" also stands before a line break at the end.
Code = Annotated[str, Meta(pattern=CODE, min_length=6, max_length=6)]
Word = Annotated[str, Meta(max_length=100)]
PageNumber = Annotated[int, Meta(ge=1, le=1_000_000, description="Which page, from 1.")]
PerPage = Annotated[int, Meta(ge=1, le=MOST_PER_PAGE, description="How many on a page.")]
Draft = Annotated[Flag, Meta(description="Of the draft instead of the last release; needs a token that may read.")]


class NoQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing."""


class DraftQuery(NoQuery, frozen=True, kw_only=True):
    """One thing, released or in the draft."""

    draft: Draft = "false"


class PagedQuery(NoQuery, frozen=True, kw_only=True):
    """A list."""

    page: PageNumber = 1
    per_page: PerPage = 50


class DraftPagedQuery(PagedQuery, frozen=True, kw_only=True):
    """A list, released or in the draft."""

    draft: Draft = "false"


class SpeakersQuery(DraftPagedQuery, frozen=True, kw_only=True):
    """Speakers."""

    q: Annotated[str, Meta(max_length=80, description="Words that occur in name or organisation.")] = ""


class SessionsQuery(DraftPagedQuery, frozen=True, kw_only=True):
    """Sessions, by time, then stage; those without a time come last. What is given narrows them down."""

    day: Annotated[date | None, Meta(description="A day of the programme.")] = None
    theme: Annotated[Word, Meta(description="The slug of a theme.")] = ""
    stage: Annotated[Word, Meta(description="The slug of a stage.")] = ""
    language: Annotated[Word, Meta(description="A language (BCP 47).")] = ""
    type: Annotated[Word, Meta(description="The key of a type.")] = ""
    speaker: Annotated[Code | None, Meta(description="The code of a speaker.")] = None
    state: Annotated[State | None, Meta(description="Whether they take place.")] = None
    q: Annotated[
        str, Meta(max_length=80, description="Words that occur in texts and names, whatever their case and accents.")
    ] = ""


Q = TypeVar("Q", bound=NoQuery)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NUMBERS = ("page", "per_page")


def read_query(query: Mapping[str, str], kind: type[Q]) -> Q:
    """What an address asks for; raises `Invalid` by parameter."""
    read = {
        name: int(value) if name in _NUMBERS and _NUMBER.fullmatch(value) else value for name, value in query.items()
    }
    try:
        return msgspec.convert(read, kind)
    except msgspec.ValidationError as error:
        raise misfit(error) from None

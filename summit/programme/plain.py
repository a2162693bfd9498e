"""Values of a programme as JSON and back: how releases and the draft keep them."""

from typing import Any, TypeVar

import msgspec

from summit.core.texts import Texts
from summit.programme.values import Programme

T = TypeVar("T")


def encoded(programme: Programme) -> str:
    """The programme as JSON text; equal programmes give equal text."""
    return msgspec.json.encode(programme).decode()


def decoded(text: str) -> Programme:
    """The programme that `encoded` made the text from."""
    return msgspec.json.decode(text, type=Programme, dec_hook=_texts)


def plain(value: object) -> Any:
    """A value as dicts, lists and scalars that JSON knows."""
    return msgspec.json.decode(msgspec.json.encode(value))


def converted(value: object, kind: type[T]) -> T:
    """The value that `plain` made that from."""
    return msgspec.convert(value, type=kind, dec_hook=_texts)


def _texts(kind: type, value: Any) -> Any:
    if kind is Texts:
        return Texts(value)
    raise NotImplementedError(kind)

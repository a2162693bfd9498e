"""What an import changes, in a form that can be told to a person."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["summit", "stage", "theme", "speaker", "session"]


@dataclass(frozen=True)
class Item:
    """One thing of a programme that an import touches. `fields` names what changed, where it was there before."""

    kind: Kind
    title: str
    fields: tuple[str, ...] = ()


@dataclass
class Difference:
    """What an import made of the draft.

    `cancelled` are sessions that the file no longer has; `left` are stages, themes and speakers that it no longer has
    and that stay in the draft; `unchanged` counts the rest.
    """

    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    cancelled: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the draft is as it was."""
        return not (self.new or self.changed or self.cancelled)

    def count(self, what: Literal["new", "changed", "cancelled", "left"], kind: Kind) -> int:
        """How many of one kind."""
        items: list[Item] = getattr(self, what)
        return sum(item.kind == kind for item in items)

    def note(self, kind: Kind, title: str, fields: tuple[str, ...] | None) -> None:
        """Takes down one thing: new where `fields` is None, changed where there are any, else unchanged."""
        if fields is None:
            self.new.append(Item(kind, title))
        elif fields:
            self.changed.append(Item(kind, title, fields))
        else:
            self.unchanged += 1

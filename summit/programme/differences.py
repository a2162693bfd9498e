"""What an import changes, in a form that can be told to a person."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, NamedTuple

Kind = Literal["summit", "stage", "theme", "type", "speaker", "session"]


class FromTo(NamedTuple):
    """What a field was and becomes, in words that a person reads; empty for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Item:
    """One thing of a programme that an import touches.

    `fields` names what changed, where it was there before, and `changes` says from what to what; `exact` says the same
    for programs, with nothing left out.
    """

    kind: Kind
    title: str
    fields: tuple[str, ...] = ()
    changes: tuple[FromTo, ...] = ()
    exact: str = ""


@dataclass
class Difference:
    """What an import made of the draft.

    `cancelled` are sessions that the file no longer has; `left` are stages, themes and speakers that it no longer has
    and that stay in the draft, and sessions where those were to stay; `unchanged` counts the rest.
    """

    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    cancelled: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the draft is as it was."""
        return not self.total

    @property
    def total(self) -> int:
        """How many things are new, changed or cancelled."""
        return len(self.new) + len(self.changed) + len(self.cancelled)

    @property
    def digest(self) -> str:
        """The same for the same difference, so that it can be told whether somebody has seen this one.

        Whether sessions that the file no longer has are cancelled or kept makes none.
        """
        missing = [*self.cancelled, *self.left]
        said = repr((self.new, self.changed, sorted(missing, key=repr)))
        return sha256(said.encode()).hexdigest()[:32]

    def count(self, what: Literal["new", "changed", "cancelled", "left"], kind: Kind) -> int:
        """How many of one kind."""
        items: list[Item] = getattr(self, what)
        return sum(item.kind == kind for item in items)

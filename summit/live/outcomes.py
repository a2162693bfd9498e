"""What follows from what was done in a room, and has to be told after the commit."""

from dataclasses import dataclass, field

import msgspec

from summit.live.models import Audience
from summit.live.protocol import Mine

AUDIENCES: tuple[Audience, ...] = ("participants", "moderators")


class Sequenced(msgspec.Struct, frozen=True):
    """An event as it was written to the log."""

    audience: Audience
    seq: int
    body: bytes


@dataclass
class Outcome:
    """What others have to hear of after the commit.

    `counted` are questions whose votes may have changed, `polled` polls whose counts may have; `recounted` says that
    reactions or raised hands have. `removed` are people who have to leave now. `worded` are open polls with other words
    than before, and whether participants may see that.
    """

    session_id: str
    events: list[Sequenced] = field(default_factory=list)
    mine: dict[str, Mine] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    polled: set[str] = field(default_factory=set)
    recounted: bool = False
    removed: set[str] = field(default_factory=set)
    worded: dict[str, bool] = field(default_factory=dict)

    @property
    def has_counts(self) -> bool:
        """Whether any counts may have changed."""
        return bool(self.counted or self.polled or self.recounted)

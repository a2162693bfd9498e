"""A room that somebody of this process is in: who, what they were told, and what is to be told next."""

import asyncio
from dataclasses import dataclass, field

from summit.live.counts import Counts, Stale
from summit.live.listeners import Listener
from summit.live.models import Audience
from summit.live.outcomes import AUDIENCES
from summit.live.presence import Elsewhere
from summit.live.protocol import Desk
from summit.live.seats import Place
from summit.live.shelf import Shelf
from summit.live.windows import Windows


@dataclass
class OpenRoom:
    """A room that somebody of this process is in.

    `of` are its listeners by audience; `heard` is the newest event handed on, by audience; `told` the counts that
    people were told last; `stale` those that may have changed since; `shelf` is what is ready for newcomers.
    `elsewhere` is what other processes have told of their people and desks. `newcomers` are those who have been greeted
    since the reading of counts began, None while none are read. `changed_elsewhere` are people whose own has changed in
    another process, and who have not been told yet.
    """

    place: Place
    # In the order in which they came: what is side by side in memory is told one after the other.
    listeners: dict[Listener, bool] = field(default_factory=dict)
    of: dict[Audience, dict[Listener, bool]] = field(default_factory=lambda: {audience: {} for audience in AUDIENCES})
    windows: Windows = field(default_factory=Windows)
    shelf: Shelf = field(default_factory=Shelf)
    heard: dict[Audience, int] = field(default_factory=dict)
    told: Counts = field(default_factory=Counts)
    stale: Stale = field(default_factory=Stale)
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)
    desk: Desk | None = None
    desk_here: Desk | None = None
    present: int = -1
    newcomers: set[Listener] | None = None
    is_ready: bool = False
    has_gap: bool = False
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    closing_gap: asyncio.Task[None] | None = None
    changed_elsewhere: set[str] = field(default_factory=set)
    telling_own: asyncio.Task[None] | None = None

"""A room at work: viewers who ask, vote and react, a moderator who lets questions through, and all that they hear."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from summit.bench.crowd import Viewer, client_frame
from summit.bench.furnishing import Furnished, question_text

SEQUENCED = (b'{"type":"question"', b'{"type":"gone"', b'{"type":"session"')
"""How the frames begin that are in the log, which everybody has to hear."""
_PERSONAL = (b'{"type":"ack"', b'{"type":"mine"', b'{"type":"error"')


@dataclass
class Room:
    """What the crowd has done in the room, and what it has heard.

    `sizes` are of the frames that went to everybody, as one viewer got them; `personal` of those that went to one.
    """

    furnished: Furnished
    viewers: list[Viewer]
    moderator: Viewer
    questions: list[str]
    sent: dict[str, float] = field(default_factory=dict)
    delays: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: list[bytes] = field(default_factory=list)
    voted: set[tuple[str, int]] = field(default_factory=set)
    events: Counter[int] = field(default_factory=Counter)
    sizes: list[int] = field(default_factory=list)
    personal: list[int] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(1))

    def __post_init__(self) -> None:
        for viewer in self.viewers:
            listen(viewer, self.hear)
        listen(self.moderator, self.moderate)

    def send(self, viewer: Viewer, kind: str, **values: object) -> None:
        """Sends a message and notes when."""
        ref = f"{kind}-{len(self.sent)}"
        self.sent[ref] = time.monotonic()
        viewer.send(client_frame(json.dumps({"type": kind, "ref": ref, **values}).encode()))

    def vote(self) -> None:
        """Somebody votes for a question that they have not voted for."""
        while (pair := (self.random.choice(self.questions), self.random.randrange(len(self.viewers)))) in self.voted:
            continue
        self.voted.add(pair)
        question, n = pair
        self.send(self.viewers[n], "vote", question=question, on=True)

    def react(self) -> None:
        """Somebody claps."""
        self.send(self.random.choice(self.viewers), "react", reaction="clap")

    def ask(self) -> None:
        """Somebody asks, which waits for the moderator."""
        self.send(self.random.choice(self.viewers), "ask", text=question_text(len(self.sent)))

    def hear(self, viewer: Viewer, _first: int, payload: bytes) -> None:
        """What came to anybody."""
        if payload.startswith(b'{"type":"ack"'):
            ref = json.loads(payload)["ref"]
            self.delays[ref.partition("-")[0]].append(time.monotonic() - self.sent[ref])
        elif payload.startswith(b'{"type":"error"'):
            self.refused.append(payload)
        elif payload.startswith(SEQUENCED):
            self.events[viewer.sock.fileno()] += 1
        if payload.startswith(_PERSONAL):
            self.personal.append(len(payload))
        elif viewer is self.viewers[0]:
            self.sizes.append(len(payload))

    def moderate(self, viewer: Viewer, first: int, payload: bytes) -> None:
        """The moderator lets each question through, and now and then marks one as being answered."""
        if payload.startswith(b'{"type":"question"'):
            question = json.loads(payload)["question"]
            if question["state"] == "waiting":
                self.send(viewer, "moderate", action="approve", question=question["id"])
                if self.random.random() < 0.2:
                    self.send(viewer, "moderate", action="pin", question=question["id"])
        elif payload.startswith((b'{"type":"ack"', b'{"type":"error"')):
            self.hear(viewer, first, payload)


def listen(viewer: Viewer, hear: Callable[[Viewer, int, bytes], object]) -> None:
    """Has somebody hear all that comes to a viewer from now on."""
    viewer.hear, viewer.is_counted = hear, False

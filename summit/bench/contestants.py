"""The program, the floor and the peers side by side, each with the same viewers connected, ready to publish."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from summit.bench import peers
from summit.bench.children import Child, running
from summit.bench.crowd import Crowd, Viewer, client_frame, handshake
from summit.bench.lab import Lab, Skipped, entry

PYTHON_KINDS = {
    "floor": "one pre-built frame to each transport (the floor)",
    "broadcast": "websockets.broadcast",
    "asgi": "ASGI send for each",
    "starlette": "Starlette send_text for each",
}
PEER_KINDS = {
    "ws": "Node ws",
    "socketio": "socket.io",
    "picows": "picows (Cython)",
    "python_socketio": "python-socketio",
}
NAMES = {"summit": "Summit", **PYTHON_KINDS, **PEER_KINDS}
_SCRIPTS = {"picows": "picows_server"}


@dataclass
class Contestant:
    """One server with its viewers. `values` is what it has to be told beside how much to publish."""

    kind: str
    child: Child
    crowd: Crowd
    values: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it."""
        return NAMES[self.kind]

    def publish(self, *, count: int, per_second: float, size: int, seconds: float = 120) -> float:
        """Has so many messages published and waits until all have them; gives the server's processor time, in seconds.

        Raises `RuntimeError` where some do not come.
        """
        viewers = len(self.crowd.viewers)
        before, used = self.crowd.frames, self.child.cpu()
        self.child.tell("publish", count=count, per_second=per_second, size=size, **self.values)
        came = self.crowd.run(seconds, until=lambda: self.crowd.frames - before >= count * viewers)
        self.child.answer()
        if not came:
            got = self.crowd.frames - before
            raise RuntimeError(f"{self.name}: {got} of {count * viewers} frames came, {self.crowd.lost} were lost")
        return self.child.cpu() - used


@contextmanager
def contest(
    lab: Lab, kinds: list[str], viewers: int, *, deflates: bool = False, tight: int = 0
) -> Iterator[list[Contestant]]:
    """Starts these servers, all at once, and connects so many viewers to each; what cannot be installed is left out.

    Summit's may compress, and the first of them have `tight` connections.
    """
    with ExitStack() as stack:
        yield [one for kind in kinds if (one := _enter(lab, stack, kind, viewers, deflates, tight))]


def keep_awake(contestants: list[Contestant]) -> None:
    """Answers what servers have asked meanwhile: those that nobody reads from would be given up."""
    for one in contestants:
        one.crowd.run(0.02)


def _enter(lab: Lab, stack: ExitStack, kind: str, viewers: int, deflates: bool, tight: int) -> Contestant | None:
    if kind == "summit":
        furnished = lab.furnish(viewers=viewers)
        child = stack.enter_context(lab.summit(furnished))
        crowd = stack.enter_context(Crowd(child.port))
        requests = [entry(child, furnished, guest, deflates=deflates) for guest in furnished.viewers]
        crowd.gather(requests, first_messages=1, tight=tight)
        crowd.run(1)  # Who comes in changes how many are present, which everybody is told.
        return Contestant(kind, child, crowd, {"session": furnished.session_ids[0]})
    if kind in PYTHON_KINDS:
        child = stack.enter_context(lab.python_server(kind))
    else:
        try:
            child = stack.enter_context(_peer(lab, kind))
        except Skipped as skipped:
            lab.say(f"{NAMES[kind]} is left out: {skipped}")
            return None
    crowd = stack.enter_context(Crowd(child.port))
    if kind.endswith("socketio"):
        path = "/socket.io/?EIO=4&transport=websocket"
        _greet(crowd, crowd.gather([handshake(path, child.host)] * viewers, first_messages=1))
    else:
        crowd.gather([handshake("/", child.host)] * viewers)
    return Contestant(kind, child, crowd)


@contextmanager
def _peer(lab: Lab, kind: str) -> Iterator[Child]:
    is_node = kind in ("ws", "socketio")
    name = _SCRIPTS.get(kind, kind)
    command = peers.node_command(name, lab.say) if is_node else peers.python_command(name, lab.say)
    with running(command, lab.new_folder(), environment=peers.environment()) as child:
        yield child


def _greet(crowd: Crowd, viewers: list[Viewer]) -> None:
    """Opens Socket.IO's own connection inside the WebSocket: ``40`` there, ``40{…}`` back."""
    opening = client_frame(b"40")
    for viewer in viewers:
        viewer.send(opening)
    crowd.run(30, until=lambda: all(viewer.frames >= 2 for viewer in viewers))

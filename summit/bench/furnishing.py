"""A database with a released summit whose sessions are on now, and people who are signed in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from starlette.responses import Response

from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.ids import new_id
from summit.core.migrations import migrate
from summit.core.security import Cookies
from summit.core.texts import Texts
from summit.live.models import Room
from summit.live.question_models import Question
from summit.people.identity import COOKIE, COOKIE_SECONDS
from summit.people.models import Device, Grant, Person, Role
from summit.programme.importing import take_in
from summit.programme.models import Session as SessionRow
from summit.programme.models import Summit
from summit.programme.releases import release
from summit.programme.values import Day, Programme, Session, Speaker, Stage, Theme

SLUG, SECRET_KEY = "bench", "the benchmarks sign with this"
_ZONE = "Europe/Stockholm"
_SAID = (
    "who pays for the bus to village when project is over and what happens people never came to meeting how would we "
    "find out without asking those did can municipality share its data with civil society about children rights in "
    "public space after dark which part of method worked where there was no money left should university measure "
    "impact before or during training older workers digital tools at home on phone through screen reader safely"
)
_WORDS = tuple(_SAID.split())


@dataclass(frozen=True)
class Guest:
    """Somebody who is signed in: who, and the cookie of their browser."""

    id: str
    cookie: str


@dataclass(frozen=True)
class Furnished:
    """What is in the database. `codes` and `session_ids` are of its sessions, in the same order."""

    url: str
    summit_id: str
    codes: list[str]
    session_ids: list[str]
    viewers: list[Guest]
    moderator: Guest

    def socket(self, n: int = 0) -> str:
        """The path of a room's socket."""
        return f"/{SLUG}/sessions/{self.codes[n]}/live/socket"


async def furnish(url: str, *, viewers: int = 0, sessions: int = 1) -> Furnished:
    """Brings the database up to date and fills it, with a transaction for each kind of thing."""
    await migrate(url)
    db = Database(url)
    try:
        async with db.writer() as session:
            await take_in(session, programme_of(sessions), SLUG, system_clock)
            summit = (await session.scalars(select(Summit).where(Summit.slug == SLUG))).one()
            summit.open_to_all = True
            await release(session, summit, system_clock)
            rows = await session.execute(
                select(SessionRow.code, SessionRow.id)
                .where(SessionRow.summit_id == summit.id)
                .order_by(SessionRow.code)
            )
            places = [(code, id) for code, id in rows]
        people = await sign_in(db, summit.id, viewers, "participant")
        (moderator,) = await sign_in(db, summit.id, 1, "moderator")
    finally:
        await db.close()
    return Furnished(url, summit.id, [code for code, _ in places], [id for _, id in places], people, moderator)


async def fill_room(furnished: Furnished, *, questions: int, room: int = 0) -> list[str]:
    """Puts open questions into a room, asked by its viewers one after the other; gives their ids."""
    now, session_id = system_clock(), furnished.session_ids[room]
    rows = [
        {
            "id": new_id(),
            "session_id": session_id,
            "author_id": furnished.viewers[n % len(furnished.viewers)].id,
            "author_name": f"Viewer {n % len(furnished.viewers)}",
            "text": question_text(n),
            "state": "open",
            "shown": True,
            "asked_at": now + timedelta(milliseconds=n),
        }
        for n in range(questions)
    ]
    db = Database(furnished.url)
    try:
        async with db.writer() as session:
            if await session.get(Room, session_id) is None:
                session.add(Room(session_id=session_id, state="live", held=True))
                await session.flush()
            await session.execute(insert(Question), rows)
    finally:
        await db.close()
    return [str(row["id"]) for row in rows]


def question_text(n: int) -> str:
    """A question as people ask them: no two alike, some twelve to thirty words long."""
    picked = Random(n)
    words = [picked.choice(_WORDS) for _word in range(picked.randint(12, 30))]
    return " ".join(words).capitalize() + f"? ({n})"


async def sign_in(db: Database, summit_id: str, count: int, role: Role) -> list[Guest]:
    """Makes so many people with a signed-in browser and that role."""
    now, cookies = system_clock(), Cookies(SECRET_KEY, secure=False)
    people = [{"id": new_id(), "name": f"Viewer {n}", "made_at": now} for n in range(count)]
    devices = [{"id": new_id(), "person_id": person["id"], "made_at": now} for person in people]
    if people:
        async with db.writer() as session:
            await session.execute(insert(Person), people)
            await session.execute(insert(Device), devices)
            roles = [{"person_id": one["id"], "summit_id": summit_id, "role": role, "made_at": now} for one in people]
            await session.execute(insert(Grant), roles)
    return [Guest(str(one["person_id"]), _cookie(cookies, str(one["id"]))) for one in devices]


def _cookie(cookies: Cookies, device_id: str) -> str:
    response = Response()
    cookies.write(response, COOKIE, device_id, COOKIE_SECONDS)
    return response.headers["set-cookie"].partition(";")[0]


def programme_of(sessions: int, *, on_now: bool = True) -> Programme:
    """A summit of two days with that many sessions on ten stages, each an hour long; the first ten are on now."""
    now = system_clock()
    today = now.astimezone(ZoneInfo(_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    first = now - timedelta(minutes=10) if on_now else today + timedelta(hours=9)
    days = max(2, 2 + sessions // 200)
    return Programme(
        title=Texts(sv="Ett mötes mått", en="The measure of a meeting"),
        acronym=SLUG,
        zone=_ZONE,
        starts_on=today.date(),
        ends_on=today.date() + timedelta(days=days - 1),
        languages=("sv", "en"),
        days=tuple(_day(today, n) for n in range(days)),
        stages=tuple(Stage(name=Texts.of(f"Stage {n + 1}"), slug=f"stage-{n + 1}") for n in range(10)),
        themes=(
            Theme(name=Texts(sv="Omsorg", en="Care"), slug="care", colour="moss", shape="leaf"),
            Theme(name=Texts(sv="Klimat", en="Climate"), slug="climate", colour="fjord", shape="wave"),
        ),
        speakers=tuple(
            Speaker(name=f"Speaker {n}", guid=_guid(f"speaker {n}"), code=f"SPEA{n:04}", organisation="The office")
            for n in range(max(1, sessions * 8 // 10))
        ),
        sessions=tuple(_session(n, first, max(1, sessions * 8 // 10)) for n in range(sessions)),
    )


def _session(n: int, first: datetime, speakers: int) -> Session:
    about = f"Part {n}: what worked, what it cost and who paid, and what others can take home from it."
    return Session(
        guid=_guid(f"session {n}"),
        code=f"S{n:05}",
        title=Texts(sv=f"Det vi lärde oss, del {n}", en=f"What we learnt, part {n}"),
        abstract=Texts(sv=about, en=about),
        type="talk",
        language="sv" if n % 3 else "en",
        stage=f"stage-{n % 10 + 1}",
        theme="care" if n % 2 else "climate",
        start=first + timedelta(hours=n // 10 * 1.25),
        minutes=60,
        speakers=(_guid(f"speaker {n % speakers}"),),
    )


def _day(today: datetime, n: int) -> Day:
    start = today + timedelta(days=n)
    return Day(date=start.date(), start=start.astimezone(UTC), end=(start + timedelta(days=1)).astimezone(UTC))


def _guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))

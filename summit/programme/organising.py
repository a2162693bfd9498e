"""The summit of an organisers' page, released or not, and who may work on it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from summit.core.errors import NotFound
from summit.core.services import services
from summit.people.identity import identity
from summit.people.models import Person
from summit.people.roles import Identity
from summit.programme import values
from summit.programme.addresses import is_slug
from summit.programme.drafts import Rows, programme_of
from summit.programme.models import Release, Summit


@dataclass(frozen=True)
class Organised:
    """A summit as organisers work on it.

    `programme` is the head of the draft alone, without stages, speakers and sessions; `number` is that of the last
    release, None before the first.
    """

    id: str
    slug: str
    open_to_all: bool
    programme: values.Programme
    number: int | None

    @property
    def tz(self) -> ZoneInfo:
        """The summit's zone."""
        return self.programme.tz


async def organise(connection: HTTPConnection) -> tuple[Organised, Person]:
    """The summit of an address ``/{summit}/organise/…`` and the organiser who asks.

    Raises `NotFound`, `NotSignedIn` or `NotAllowed`.
    """
    summit = await find_organised(connection)
    return summit, identity(connection).demand("organiser", summit.id)


async def find_organised(connection: HTTPConnection) -> Organised:
    """The summit of the address, whoever asks; raises `NotFound`. The page's template gets the same object."""
    slug = connection.path_params["summit"]
    if not is_slug(slug):
        raise NotFound
    async with services(connection).db.reader() as db:
        row = await db.scalar(select(Summit).where(Summit.slug == slug))
        if row is None:
            raise NotFound
        number = await db.scalar(select(func.max(Release.number)).where(Release.summit_id == row.id))
    found = Organised(row.id, row.slug, row.open_to_all, head_of(row), number)
    connection.state.summit = found
    return found


def head_of(summit: Summit) -> values.Programme:
    """What the summit's own row says."""
    return programme_of(Rows(summit, [], [], [], [], [], {}))


async def organised_by(db: AsyncSession, who: Identity) -> list[Summit]:
    """The summits that somebody may organise, the latest first: for an admin all of them."""
    found = select(Summit).order_by(Summit.starts_on.desc(), Summit.slug)
    if who.person is None:
        return []
    if not who.person.is_admin:
        own = [summit_id for summit_id, role in who.roles.items() if role == "organiser"]
        found = found.where(Summit.id.in_(own))
    return list(await db.scalars(found))

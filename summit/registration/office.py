"""The registration office of one summit: what every command on registrations works with."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from summit.core.services import services
from summit.people.models import Person
from summit.programme import values
from summit.programme.organising import Organised
from summit.programme.published import Published


@dataclass(frozen=True)
class Office:
    """A summit, where its site is, and what time it is (UTC).

    `programme` is the released one, or the head of the draft before the first release. `by` is the organiser who acts;
    None where people act for themselves, or nobody does. `is_quiet`: nobody is mailed.
    """

    summit_id: str
    slug: str
    programme: values.Programme
    base_url: str
    now: datetime
    by: Person | None = None
    is_quiet: bool = False

    @property
    def home(self) -> str:
        """The address of the summit's front page."""
        return f"{self.base_url}/{self.slug}"

    @property
    def tz(self) -> ZoneInfo:
        """The summit's zone."""
        return self.programme.tz

    def led_by(self, organiser: Person) -> "Office":
        """The same, with an organiser at work."""
        return replace(self, by=organiser)


def office_of(request: Request, summit: Published | Organised) -> Office:
    """The office that a request goes to."""
    house = services(request)
    return Office(summit.id, summit.slug, summit.programme, house.mail_base_url(request), house.clock())

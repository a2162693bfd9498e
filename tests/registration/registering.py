"""Registering through the front door, and the setup it meets."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
from bs4 import Tag
from sqlalchemy import select

from summit.core.texts import Texts
from summit.programme.models import Summit
from summit.programme.plain import plain
from summit.registration.models import Registration
from summit.registration.setup import Category, Consent, Option, Question, lock_setup
from tests.support.arranging import publish
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import soup
from tests.support.servers import Server, Site, serving
from tests.support.settings import make_settings

REGISTER, ME = f"/{SLUG}/register", f"/{SLUG}/me"
SENT = f"{REGISTER}/sent"
LINK = re.compile(r"http://[^\s<>]+/(?:register|sign-in)/[\w-]+")
SENDER = "Provmötet <hej@summit.example.org>"
ALL = Category(key="participant", name=Texts(en="Participant", sv="Deltagare"))
PARTNER = Category(key="partner", name=Texts(en="Partner"), access="code", code="Fjord 26")
STAFF = Category(key="staff", name=Texts(en="Staff"), access="organisers")
QUESTIONS = [
    Question(key="org", kind="short", name=Texts(en="Organisation"), required=True, categories=("partner",)),
    Question(key="why", kind="long", name=Texts(en="Why do you come?"), help=Texts(sv="Kort är bra.")),
    Question(
        key="food",
        kind="one",
        name=Texts(en="Food"),
        options=(Option(key="all", name=Texts(en="Everything")), Option(key="veg", name=Texts(en="Vegetarian"))),
        required=True,
    ),
    Question(
        key="days",
        kind="several",
        name=Texts(en="Days"),
        options=tuple(Option(key=key, name=Texts(en=key.title())) for key in ("tuesday", "wednesday")),
        required=True,
    ),
    Question(key="first", kind="yes_no", name=Texts(en="Is it your first time?"), required=True),
    Question(key="people", kind="number", name=Texts(en="How many are you?"), required=True),
]
CONSENTS = [
    Consent(key="rules", text=Texts(en="I follow the [code of conduct](https://example.org/coc)."), required=True),
    Consent(key="list", text=Texts(en="Put me on the list.\n\nOthers see it."), version=3),
]
ANSWERS: dict[str, str | list[str]] = {
    "answer.why": "Curiosity.",
    "answer.food": "veg",
    "answer.days": ["tuesday", "wednesday"],
    "answer.first": "yes",
    "answer.people": "2,5",
}


@asynccontextmanager
async def mailing_server(database_url: str, mail_server: MailServer) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    settings = make_settings(database_url, smtp_url=mail_server.url, mail_from=SENDER)
    async with serving(settings) as running:
        await publish(running)
        yield running


async def set_up(site: Site, **fields: Any) -> None:
    """Sets the registration of the usual summit up; lists are of `setup.Category`, `Question` and `Consent`."""
    async with site.db.writer() as db:
        row = await lock_setup(db, await summit_id(site))
        for name, value in fields.items():
            setattr(row, name, plain(value) if name in ("categories", "questions", "consents") else value)


async def summit_id(site: Site) -> str:
    """The id of the usual summit."""
    async with site.db.reader() as db:
        return (await db.scalars(select(Summit.id).where(Summit.slug == SLUG))).one()


async def fill_in(
    client: httpx2.AsyncClient, name: str = "Anna Test", email: str = "anna@example.org", **more: Any
) -> httpx2.Response:
    """Sends the form; `more` are further fields, with `__` for a dot."""
    fields = {key.replace("__", "."): value for key, value in more.items()}
    return await client.post(REGISTER, data={"name": name, "email": email} | fields)


async def mailed_link(mail_server: MailServer, count: int) -> str:
    """The path of the link in the mail that comes as that one."""
    found = LINK.search(body_of(await mail_server.wait_for(count), "plain"))
    assert found is not None
    return urlsplit(found[0]).path


async def registrations(site: Site) -> list[Registration]:
    """All of them, in order."""
    async with site.db.reader() as db:
        return list(await db.scalars(select(Registration).order_by(Registration.made_at, Registration.id)))


def one(answer: httpx2.Response, selector: str) -> Tag:
    """The first such part of the page."""
    found = soup(answer).select_one(selector)
    assert found is not None, selector
    return found


def value(answer: httpx2.Response, selector: str) -> str:
    """What stands in a field."""
    return str(one(answer, selector)["value"])


def goes_to(answer: httpx2.Response) -> tuple[int, str]:
    """The status, and where it leads."""
    return answer.status_code, answer.headers.get("location", "")


def problems(answer: httpx2.Response) -> dict[str, str]:
    """What the summary on top says, by field; each leads to something on the page that says it, too."""
    page = soup(answer)
    found = {}
    for link in page.select(".problems a"):
        field = str(link["href"])[1:]
        assert page.find(id=field) is not None, field
        error = page.find(id=f"{field}-error")
        assert error is not None, field
        assert link.get_text().rpartition(" – ")[2] in error.get_text()
        found[field] = link.get_text()
    return found


def actions(answer: httpx2.Response) -> list[str]:
    """What the front page offers, in order."""
    return [button.get_text(strip=True) for button in soup(answer).select(".hero a.button")]

"""Seats in workshops: booked, waited for, given back; never more than there are."""

import asyncio
from datetime import timedelta

import httpx2
from sqlalchemy import select

from summit.core.mail.models import Mail
from summit.programme.editing.tracking import Editor
from summit.programme.models import Summit
from summit.programme.publishing import publish_at_once
from summit.registration.bookings import fill_workshops
from summit.registration.models import AgendaEntry, Booking
from tests.programme.releasing import edit, release
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, a_programme, a_session
from tests.support.pages import soup, words
from tests.support.servers import Server

PAGE = f"/{SLUG}/sessions/{NEXT}"


async def with_workshops(server: Server, seats: int = 1) -> None:
    """Two workshops that overlap, and one later."""
    start = server.clock() + timedelta(hours=1)
    await publish(
        server,
        a_programme(
            a_session("Panel", code=NEXT, start=start, capacity=seats),
            a_session("Opening", code=LIVE, start=start + timedelta(minutes=30), capacity=20, stage="studio"),
            a_session("Farewell", code=TOMORROW, start=start + timedelta(hours=3)),
        ),
    )


async def book(browser: httpx2.AsyncClient, code: str = NEXT, on: str = "1", **more: str) -> httpx2.Response:
    return await browser.post(f"/{SLUG}/sessions/{code}/booking", data={"on": on, **more})


async def book_as_program(browser: httpx2.AsyncClient, code: str = NEXT, on: str = "1") -> httpx2.Response:
    at, headers = f"/{SLUG}/sessions/{code}/booking", {"accept": "application/json"}
    return await browser.post(at, data={"on": on}, headers=headers)


async def seats(browser: httpx2.AsyncClient) -> str:
    found = soup(await browser.get(PAGE)).select_one(".seats")
    assert found is not None
    return " ".join(found.get_text(" ").split())


async def told(server: Server, name: str) -> list[str]:
    """The kinds of mail that somebody got, in order."""
    async with server.db.reader() as db:
        kinds = await db.scalars(select(Mail.kind).where(Mail.recipient_name == name).order_by(Mail.made_at, Mail.id))
        return list(kinds)


async def test_who_waits_moves_up_when_a_seat_is_given_back(any_server: Server) -> None:
    server = any_server
    await with_workshops(server)
    anna, bo, eva = [await sign_in(server, "participant", name) for name in ("Anna", "Bo", "Eva")]
    assert "1 of 1 seats left" in await seats(anna)
    for browser in (anna, anna, bo, eva):
        answer = await book(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert "You have a seat." in await seats(anna)
    assert "You are number 1 on the waiting list. The only seat is taken, 2 wait" in await seats(bo)
    assert "You are number 2" in await seats(eva)
    visitor = await server.client()
    assert "The only seat is taken, 2 wait" in await seats(visitor)
    for _ in range(2):
        await book(anna, on="0")
    assert "You have a seat." in await seats(bo)
    assert "You are number 1" in await seats(eva)
    await book(eva, on="0")
    assert await told(server, "Anna") == ["booked"]
    assert await told(server, "Bo") == ["booking waiting", "booking seat"]
    # The page that visitors got before must not be what they get now.
    assert "The only seat is taken" in await seats(visitor)
    assert "wait" not in await seats(visitor)


async def test_thirty_race_for_five_seats(any_server: Server) -> None:
    server = any_server
    await with_workshops(server, seats=5)
    browsers = []
    for number in range(30):
        await a_person(server, "participant", f"Comer {number}", email=f"comer{number}@example.org")
        browsers.append(await signed_in_as(server, f"comer{number}@example.org"))
    # All at once would need more connections than a PostgreSQL that other tests use, too, has to give.
    door = asyncio.Semaphore(8)

    async def press(browser: httpx2.AsyncClient) -> httpx2.Response:
        async with door:
            return await book_as_program(browser)

    answers = await asyncio.gather(*(press(browser) for browser in browsers))
    found = [answer.json() for answer in answers]
    assert sum(one["state"] == "booked" for one in found) == 5
    assert sorted(one["place"] for one in found if one["state"] == "waiting") == list(range(1, 26))


async def test_an_overlap_is_asked_about_before_anything_is_booked(server: Server) -> None:
    await with_workshops(server)
    anna = await sign_in(server, "participant", "Anna")
    await book(anna)
    asked = await book(anna, LIVE)
    assert asked.status_code == 409
    assert "Panel in English" in words(asked)
    assert [one["title"] for one in soup(asked).select(".session a.save")] == ["You have a seat"]
    assert await told(server, "Anna") == ["booked"]
    assert (await book(anna, LIVE, anyway="1")).status_code == 303
    assert await told(server, "Anna") == ["booked", "booked"]


async def test_only_who_has_an_address_and_takes_part_can_book(server: Server) -> None:
    await with_workshops(server)
    guest = await server.client()
    await guest.post(f"/{SLUG}/enter", data={"name": "Gun Guest"})
    for browser in (await server.client(), guest):
        answer = await book(browser)
        assert answer.headers["location"] == f"/{SLUG}/register?next=/{SLUG}/sessions/{NEXT}"
        assert "Register to book a seat" in await seats(browser)
    programs = [await book_as_program(browser) for browser in (await server.client(), guest)]
    assert [answer.status_code for answer in programs] == [401, 403]
    assert "Register with your address first" in programs[1].text


async def test_what_has_no_few_seats_or_is_over_is_not_booked(server: Server) -> None:
    await with_workshops(server)
    anna = await sign_in(server, "participant", "Anna")
    assert (await book(anna, TOMORROW)).status_code == 409
    assert (await book(anna, "NOSUCH")).status_code == 404
    assert (await book(anna, on="maybe")).status_code == 422
    server.clock.advance(hours=5)
    assert (await book(anna)).status_code == 409


async def test_more_seats_in_a_release_go_to_those_who_wait(any_server: Server) -> None:
    server = any_server
    await with_workshops(server)
    anna, bo = [await sign_in(server, "participant", name) for name in ("Anna", "Bo")]
    for browser in (anna, bo):
        await book(browser)
    await edit(server, NEXT, capacity=3)
    assert "You are number 1" in await seats(bo)
    await release(await sign_in(server, "organiser"))
    assert "You have a seat. 1 of 3 seats left" in await seats(bo)
    # What the release has changed, and what that means for him.
    assert sorted(await told(server, "Bo")) == ["booking seat", "booking waiting", "changes"]
    # Fewer seats than people take none away.
    await edit(server, NEXT, capacity=1)
    await release(await sign_in(server, "organiser"))
    assert "You have a seat." in await seats(anna)
    assert "You have a seat." in await seats(bo)


async def test_a_seat_that_a_release_adds_is_not_lost_to_who_books_meanwhile(any_server: Server) -> None:
    server = any_server
    await with_workshops(server)
    anna, bo = [await sign_in(server, "participant", name) for name in ("Anna", "Bo")]
    await book(anna)
    await edit(server, NEXT, capacity=2)
    async with server.db.writer() as db:
        summit = (await db.scalars(select(Summit))).one()
        by = Editor("Eva", server.clock())
        await publish_at_once(db, summit.id, by, base_url=server.url, after=[fill_workshops])
        # He still sees the programme as it was, waits for the release, and has what it added.
        booking = asyncio.create_task(book_as_program(bo))
        await asyncio.sleep(0.2)
        assert not booking.done()
    assert (await booking).json() == {"code": NEXT, "state": "booked", "place": 0}


async def test_who_waits_hears_that_a_session_moves_or_is_cancelled(server: Server) -> None:
    await with_workshops(server)
    anna, bo = [await sign_in(server, "participant", name) for name in ("Anna", "Bo")]
    for browser in (anna, bo):
        await book(browser)
    await edit(server, NEXT, start=server.clock() + timedelta(hours=4))
    await release(await sign_in(server, "organiser"))
    assert await told(server, "Anna") == ["booked", "changes"]
    assert await told(server, "Bo") == ["booking waiting", "changes"]


async def test_where_seats_are_few_no_longer_a_booking_is_an_entry_in_the_agenda(server: Server) -> None:
    await with_workshops(server)
    anna, bo = [await sign_in(server, "participant", name) for name in ("Anna", "Bo")]
    for browser in (anna, bo):
        await book(browser)
    await edit(server, NEXT, capacity=None)
    await release(await sign_in(server, "organiser"))
    for browser in (anna, bo):
        page = soup(await browser.get(PAGE))
        assert not page.select(".seats")
        assert page.select_one('.agenda-save button[aria-pressed="true"]')
        assert "Seat booked" not in words(await browser.get(f"/{SLUG}/me"))
    # Taken out means taken out, also should seats be few again.
    await bo.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "0"})
    async with server.db.reader() as db:
        assert len(list(await db.scalars(select(Booking)))) == len(list(await db.scalars(select(AgendaEntry)))) == 1


async def test_lists_mark_seats_and_lead_to_where_they_are_booked(server: Server) -> None:
    await with_workshops(server)
    anna = await sign_in(server, "participant", "Anna")
    await book(anna)
    row = soup(await anna.get(f"/{SLUG}/programme"))
    marks = {str(one["href"]).rpartition("/")[2]: one["title"] for one in row.select(".session a.save")}
    assert marks == {NEXT: "You have a seat", LIVE: "Book a seat"}
    refused = await anna.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "1"})
    assert refused.headers["location"] == f"/{SLUG}/sessions/{LIVE}"
    assert "In your agenda at the same time: Panel in English" in words(await anna.get(f"/{SLUG}/sessions/{LIVE}"))
    assert "at the same time" not in words(await anna.get(f"/{SLUG}/sessions/{TOMORROW}"))
    server.clock.advance(hours=5)
    late = soup(await anna.get(f"/{SLUG}/programme?when=all"))
    assert [one["title"] for one in late.select(".session a.save")] == ["You have a seat"]

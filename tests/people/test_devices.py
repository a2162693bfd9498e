"""Everybody sees where they are signed in, and can end it."""

import pytest

from summit.core.i18n import speaking
from summit.people.devices import device_name
from tests.support.arranging import a_person, publish, signed_in_as
from tests.support.pages import soup, words
from tests.support.servers import Server

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)


async def test_one_can_be_signed_out_from_another_or_all_at_once(server: Server) -> None:
    await publish(server)
    for name in ("anna", "bo"):
        await a_person(server, "participant", name.title(), email=f"{name}@example.org")
    laptop, phone = await signed_in_as(server, "anna@example.org"), await signed_in_as(server, "anna@example.org")
    other = await signed_in_as(server, "bo@example.org")
    page = soup(await laptop.get("/devices"))
    actions = [str(form["action"]) for form in page.select("main form")]
    assert len(actions) == 3
    assert page.get_text().count("this one") == 1
    # Nobody signs out what is not theirs.
    await other.post(actions[0])
    assert "Anna" in words(await phone.get("/devices"))
    await phone.post("/devices/sign-out-everywhere")
    for browser in (laptop, phone):
        assert (await browser.get("/devices")).headers["location"].startswith("/sign-in")
    assert (await other.get("/devices")).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows"),
        ("curl/8", "A browser that does not say what it is"),
    ],
)
def test_browsers_are_called_as_their_owners_know_them(sent: str, said: str) -> None:
    with speaking("en"):
        assert device_name(sent) == said

"""A summit's settings: each page changes what it is about, refuses what does not fit and overwrites nobody unseen."""

from datetime import UTC, datetime, time
from io import BytesIO
from zoneinfo import ZoneInfo

import httpx2
import pytest
from PIL import Image

from summit.programme.values import Host
from tests.programme.settings_pages import AT, drafted, filled, log_of, sent, uploaded
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE
from tests.support.pages import soup, words
from tests.support.servers import Server


@pytest.fixture
async def organiser(server: Server) -> httpx2.AsyncClient:
    await publish(server)
    return await sign_in(server, "organiser", "Olga Organ")


async def test_texts_are_kept_in_each_language(server: Server, organiser: httpx2.AsyncClient) -> None:
    saved = await filled(organiser, f"{AT}/summit", title__sv="Nytt namn", description__sv="**Fet**", tagline__en="Hi")
    assert saved.status_code == 303
    found = await drafted(server)
    assert found.title == {"sv": "Nytt namn", "en": "Test meeting"}
    assert (found.description, found.tagline) == ({"sv": "**Fet**"}, {"en": "Hi"})
    entry = (await log_of(server, "summit changed"))[-1]
    assert entry.person_name == "Olga Organ"
    assert entry.before["title"]["sv"] == "Provmötet"
    assert entry.after["title"]["sv"] == "Nytt namn"


async def test_the_description_can_be_previewed_before_it_is_saved(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    shown = await filled(organiser, f"{AT}/summit", description__sv="**Fet** <script>x</script>", preview="1")
    assert shown.status_code == 200
    preview = soup(shown).select_one(".previewed")
    assert preview is not None
    assert preview.select_one("strong").get_text() == "Fet"  # type: ignore[union-attr]
    assert preview.select_one("script") is None
    assert (await drafted(server)).description == {}


async def test_two_organisers_who_change_the_same_do_not_overwrite_each_other(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    other = await sign_in(server, "organiser", "Bo Bredvid")
    mine, theirs = await organiser.get(f"{AT}/summit"), await other.get(f"{AT}/summit")
    await sent(other, theirs, f"{AT}/summit", title__sv="Bos namn", tagline__sv="Bos rad")
    overtaken = await sent(organiser, mine, f"{AT}/summit", title__sv="Mitt namn")
    assert overtaken.status_code == 409
    assert "Bo Bredvid has changed this since you opened it" in words(overtaken)
    again = await sent(organiser, overtaken, f"{AT}/summit")
    assert again.status_code == 303
    found = await drafted(server)
    assert found.title["sv"] == "Mitt namn"


async def test_two_organisers_on_different_pages_are_in_nobodys_way(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    other = await sign_in(server, "organiser", "Bo Bredvid")
    mine, theirs = await organiser.get(f"{AT}/summit"), await other.get(f"{AT}/summit/rules")
    await sent(other, theirs, f"{AT}/summit/rules", privacy__sv="Vi sparar inget.")
    assert (await sent(organiser, mine, f"{AT}/summit", title__sv="Mitt namn")).status_code == 303
    found = await drafted(server)
    assert (found.title["sv"], found.privacy) == ("Mitt namn", {"sv": "Vi sparar inget."})


async def test_the_address_is_fixed_once_published(server: Server, organiser: httpx2.AsyncClient) -> None:
    assert soup(await organiser.get(f"{AT}/summit")).select_one("[name=slug]") is None
    refused = await filled(organiser, f"{AT}/summit", slug="annan")
    assert refused.status_code == 422
    assert "The address is fixed" in words(refused)


async def test_the_address_can_change_before(server: Server) -> None:
    admin = await sign_in(server, None, "Ada Admin", admin=True)
    await filled(admin, "/new", title__sv="Ett", starts_on="2031-03-04", ends_on="2031-03-04")
    moved = await filled(admin, "/ett/organise/summit", slug="tva")
    assert moved.headers["location"] == "/tva/organise/summit?saved=1"
    assert (await admin.get("/ett/organise")).status_code == 404


async def test_days_have_hours_of_their_own(server: Server, organiser: httpx2.AsyncClient) -> None:
    at = f"{AT}/summit/days"
    shown = await filled(organiser, at, ends_on="2030-05-16", more="1")
    assert len(soup(shown).select(".day-row")) == 3
    hours = {"days__1__opens": "18:00", "days__1__closes": "01:30"}
    assert (await sent(organiser, shown, at, **hours, break_minutes="15")).status_code == 303
    found = await drafted(server)
    zone = ZoneInfo(found.zone)
    assert len(found.days) == 3
    second = found.days[1]
    assert second.start.astimezone(zone).time() == time(18)
    assert second.end.astimezone(zone) == datetime(2030, 5, 16, 1, 30, tzinfo=zone)
    assert found.days[2].start.astimezone(zone).time() == time(9)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"ends_on": "2030-05-01"}, "The last day is before the first"),
        ({"ends_on": "2031-05-01"}, "at most 31 days"),
        ({"starts_on": "tisdag"}, "Enter a date as year, month and day"),
        ({"days__0__opens": "halv nio"}, "Enter a time as hours and minutes"),
        ({"break_minutes": "-1"}, "Enter a whole number"),
    ],
)
async def test_days_that_cannot_be_are_refused(
    organiser: httpx2.AsyncClient, typed: dict[str, str], message: str
) -> None:
    refused = await filled(organiser, f"{AT}/summit/days", **typed)
    assert refused.status_code == 422
    assert message in words(refused)


async def test_hours_typed_in_another_zone_are_looked_at_again(server: Server, organiser: httpx2.AsyncClient) -> None:
    opened = await organiser.get(f"{AT}/summit/days")
    await filled(organiser, f"{AT}/summit/zone", zone="Europe/Helsinki", keep="moments")
    refused = await sent(organiser, opened, f"{AT}/summit/days", days__0__opens="07:00")
    assert refused.status_code == 422
    assert "The time zone has become Europe/Helsinki since you opened this page." in words(refused)
    saved = await sent(organiser, refused, f"{AT}/summit/days")
    assert saved.status_code == 303
    first = (await drafted(server)).days[0]
    assert first.start.astimezone(ZoneInfo("Europe/Helsinki")).time() == time(7)


async def test_a_logo_stays_in_the_form_when_something_else_is_wrong(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    refused = await uploaded(organiser, f"{AT}/summit/look", "logo", _picture(), accent="red")
    assert refused.status_code == 422
    saved = await sent(organiser, refused, f"{AT}/summit/look", accent="#7A1F5C")
    assert saved.status_code == 303
    assert (await organiser.get((await drafted(server)).logo)).headers["content-type"] == "image/webp"
    at, typed = f"{AT}/summit/hosts", {"hosts__0__name": "Provverket", "hosts__0__url": "javascript:alert(1)"}
    refused = await uploaded(organiser, at, "hosts.0.picture", _picture(), **typed)
    assert refused.status_code == 422
    assert (await sent(organiser, refused, at, hosts__0__url="https://example.org")).status_code == 303
    assert (await drafted(server)).hosts[0].logo.startswith("/media/")


async def test_another_zone_keeps_the_times_on_the_clock(server: Server, organiser: httpx2.AsyncClient) -> None:
    at = f"{AT}/summit/zone"
    assert (await filled(organiser, at, zone="Europe/Helsinki")).status_code == 303
    found = await drafted(server)
    live = next(one for one in found.sessions if one.code == LIVE)
    assert found.zone == "Europe/Helsinki"
    assert live.start == datetime(2030, 5, 14, 6, 0, tzinfo=UTC)
    assert len(await log_of(server, "session changed")) == 3


async def test_or_the_moments(server: Server, organiser: httpx2.AsyncClient) -> None:
    at = f"{AT}/summit/zone"
    assert (await filled(organiser, at, zone="Europe/Helsinki", keep="moments")).status_code == 303
    live = next(one for one in (await drafted(server)).sessions if one.code == LIVE)
    assert live.start == datetime(2030, 5, 14, 7, 0, tzinfo=UTC)
    assert (await filled(organiser, at, zone="Mars/Olympus")).status_code == 422


async def test_hosts_have_roles_addresses_and_logos(server: Server, organiser: httpx2.AsyncClient) -> None:
    at = f"{AT}/summit/hosts"
    typed = {"hosts__0__name": "Provverket", "hosts__0__url": "https://example.org", "hosts__1__name": "Fonden"}
    saved = await uploaded(organiser, at, "hosts.0.picture", _picture(), **typed, hosts__1__role="funder")
    assert saved.status_code == 303, words(saved)
    first, second = (await drafted(server)).hosts
    assert (first.name, first.url, first.role) == ("Provverket", "https://example.org", "host")
    assert second == Host(name="Fonden", role="funder")
    assert (await organiser.get(first.logo)).headers["content-type"] == "image/webp"
    more = await filled(organiser, at, more="1")
    assert len(soup(more).select(".group-fields")) == 4
    await filled(organiser, at, hosts__0__name="", hosts__0__url="")
    assert [host.name for host in (await drafted(server)).hosts] == ["Fonden"]


async def test_an_address_of_a_host_that_is_none_is_refused(organiser: httpx2.AsyncClient) -> None:
    typed = {"hosts__0__name": "Provverket", "hosts__0__url": "javascript:alert(1)"}
    refused = await filled(organiser, f"{AT}/summit/hosts", **typed)
    assert refused.status_code == 422
    assert soup(refused).select_one('.problems a[href="#hosts.0.url"]') is not None


async def test_settings_are_for_organisers_alone(server: Server, organiser: httpx2.AsyncClient) -> None:
    moderator = await sign_in(server, "moderator")
    for page in ("", "/summit", "/summit/days", "/summit/zone", "/summit/look", "/summit/hosts", "/summit/rules"):
        assert (await organiser.get(AT + page)).status_code == 200
        assert (await moderator.get(AT + page)).status_code == 403
        if page:
            assert (await moderator.post(AT + page, data={"title.sv": "Min"})).status_code == 403


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 30), "#0B5C6B").save(out, "PNG")
    return out.getvalue()

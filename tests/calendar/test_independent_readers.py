"""Feeds read by four programs that know nothing of each other: each finds what is released, in every field."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summit.calendar.flattening import in_one_line
from summit.core.texts import Texts
from summit.programme.published import published
from summit.programme.values import Programme, Session, Stage
from tests.calendar.agendas import agenda_address
from tests.calendar.by_ical_js import IcalJs
from tests.calendar.by_libical import Libical
from tests.calendar.readers import Read, badly_escaped, by_icalendar, by_vobject
from tests.calendar.test_feed import made
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, a_programme, a_session, guid
from tests.support.servers import Server

Reader = Callable[[bytes], list[Read]]
PROGRAMME = f"/{SLUG}/programme.ics"
NIGHT, CLOCKS, GONE = "NIGHT4", "CLOCK5", "GONE06"
ALL = [LIVE, NEXT, GONE, NIGHT, TOMORROW, CLOCKS]
FEEDS = {
    PROGRAMME: ALL,
    f"{PROGRAMME}?tz=utc": ALL,
    f"{PROGRAMME}?theme=climate": [NEXT],
    f"{PROGRAMME}?stage=studio": [NIGHT, TOMORROW],
    f"{PROGRAMME}?speaker=BONUN2": [NEXT],
    f"{PROGRAMME}?day=2030-05-14": [LIVE, NEXT, GONE, NIGHT],
    f"{PROGRAMME}?q=farewell": [TOMORROW],
    f"/{SLUG}/sessions/{CLOCKS}.ics": [CLOCKS],
    f"/{SLUG}/sessions/{GONE}.ics": [GONE],
}
ZONES = sorted(available_timezones())
FROM, UNTIL = datetime(1990, 1, 1, tzinfo=UTC), datetime(2037, 12, 28, tzinfo=UTC)
any_text = st.text(st.characters(codec="utf-8"), max_size=120)


@pytest.fixture(scope="session")
def readers(libical: Libical, ical_js: IcalJs) -> list[Reader]:
    """All of them. All but the first go by the VTIMEZONE in the file."""
    return [by_icalendar, by_vobject, libical.read, ical_js.read]


@pytest.mark.parametrize("path", FEEDS)
async def test_four_readers_find_what_is_released(
    summit_server: Server, readers: list[Reader], libical: Libical, path: str
) -> None:
    await publish(summit_server, a_demanding_programme())
    answer = await (await summit_server.client()).get(path)
    assert answer.status_code == 200
    await demand_released(summit_server, readers, answer.content, FEEDS[path])
    assert libical.problems(answer.content) == []
    assert (b"VTIMEZONE" in answer.content) == ("tz=utc" not in path)


async def test_four_readers_find_the_sessions_of_an_agenda(
    summit_server: Server, readers: list[Reader], libical: Libical
) -> None:
    await publish(summit_server, a_demanding_programme())
    browser = await sign_in(summit_server, "participant")
    for code in (CLOCKS, NEXT, GONE):
        await browser.post(f"/{SLUG}/sessions/{code}/agenda", data={"on": "1"})
    answer = await (await summit_server.client()).get(await agenda_address(browser))
    await demand_released(summit_server, readers, answer.content, [NEXT, GONE, CLOCKS])
    assert libical.problems(answer.content) == []


def a_demanding_programme() -> Programme:
    """Signs that calendars give a meaning to, a night, an hour that the clock shows twice, a cancelled session."""
    care, climate = a_programme().themes
    twice = datetime(2030, 10, 27, 0, 30, tzinfo=UTC)
    return a_programme(
        a_session("Opening", code=LIVE, title=Texts(en='A; B, "C": D\\n'), subtitle=Texts(en="Now, or: never;")),
        a_session("Panel", code=NEXT, start=NOW + timedelta(hours=1), theme="climate", speakers=both(), sequence=4),
        a_session("Farewell", code=TOMORROW, start=NOW + timedelta(days=1), stage="studio", abstract=Texts()),
        a_session("Night", code=NIGHT, start=NOW + timedelta(hours=14), minutes=300, stage="studio", type=""),
        a_session("Clocks", code=CLOCKS, start=twice, theme="", abstract=Texts(en="Back, to\n\nwinter; time\\")),
        a_session("Gone", code=GONE, start=NOW + timedelta(hours=3), state="cancelled", stage="", speakers=()),
        stages=(
            Stage(name=Texts.of("Hall 1; left, up"), slug="main"),
            Stage(name=Texts.of("🦊 ateljé"), slug="studio", latitude=-33.85, longitude=151.25),
        ),
        themes=(msgspec.structs.replace(care, name=Texts(en="Care, and; more")), climate),
    )


def both() -> tuple[str, str]:
    return guid("Bo Ñuñez"), guid("Åsa Ek")


async def demand_released(server: Server, readers: list[Reader], data: bytes, codes: list[str]) -> None:
    """The readers agree on everything, and with the release in the database on what a session holds."""
    assert badly_escaped(data) == []
    async with server.db.reader() as db:
        release = await published(db, SLUG)
    sessions = [session for session in release.placed if session.code in codes]
    assert [session.code for session in sessions] == codes
    expected = [as_released(session, release.programme, server.url, release.released_at) for session in sessions]
    first, *others = (reader(data) for reader in readers)
    assert first == expected
    for other in others:
        assert other == first


def as_released(session: Session, programme: Programme, url: str, released_at: datetime) -> Read:
    """What the values say, in the words of a calendar."""
    names = {speaker.guid: speaker.name for speaker in programme.speakers}
    stages = {stage.slug: stage.name.best("en").text for stage in programme.stages}
    places = {stage.slug: stage.coordinates for stage in programme.stages}
    themes = {theme.slug: theme.name.best("en").text for theme in programme.themes}
    page = f"{url}/{SLUG}/sessions/{session.code}"
    people = ", ".join(names[one] for one in session.speakers)
    assert session.start is not None
    assert session.end is not None
    cancelled = session.state == "cancelled"
    paragraphs = [
        "This session is cancelled." if cancelled else "",
        session.subtitle.best("en").text,
        people,
        session.abstract.best("en").text,
        ("" if cancelled else f"The room: {page}/live\n") + f"About the session: {page}",
    ]
    return Read(
        uid=f"{session.guid}@summit",
        summary=("Cancelled: " if cancelled else "") + session.title.best("en").text,
        starts=session.start.astimezone(UTC),
        ends=session.end,
        status="CANCELLED" if cancelled else "CONFIRMED",
        location=stages.get(session.stage, ""),
        description="\n\n".join(filter(None, paragraphs)),
        categories=tuple(filter(None, (themes.get(session.theme), session.type))),
        url=page,
        transp="TRANSPARENT" if cancelled else "OPAQUE",
        sequence=session.sequence,
        stamped=session.changed_at or released_at,
        modified=session.changed_at or released_at,
        created=session.published_at,
        conference="" if cancelled else f"{page}/live",
        geo=places.get(session.stage),
    )


@lru_cache
def changes(name: str) -> tuple[datetime, ...]:
    """The moments (UTC) from which another offset holds in the zone, from 1990 to 2037."""
    zone, day = ZoneInfo(name), timedelta(days=1)
    days = [FROM + n * day for n in range((UNTIL - FROM).days)]
    offsets = [moment.astimezone(zone).utcoffset() for moment in days]
    found = []
    for before, old, new in zip(days, offsets, offsets[1:], strict=False):
        if old != new:
            minutes = (before + timedelta(minutes=n) for n in range(24 * 60 + 1))
            found.append(next(moment for moment in minutes if moment.astimezone(zone).utcoffset() != old))
    return tuple(found)


@st.composite
def programmes_in_any_zone(draw: st.DrawFn) -> Programme:
    """A few sessions around a change of the clock, where the zone has any, and somewhere else."""
    zone = draw(st.sampled_from(ZONES))
    anchor = draw(st.sampled_from(changes(zone) or (NOW,)))
    near = st.integers(-300, 300).map(lambda minutes: anchor + timedelta(minutes=minutes))
    far = st.integers(0, (UNTIL - FROM) // timedelta(minutes=1)).map(lambda minutes: FROM + timedelta(minutes=minutes))
    sessions = [
        a_session(
            f"session {n}",
            code=f"CODE{n:02}",
            title=Texts.of(draw(any_text), "en"),
            start=draw(st.one_of(near, near, far)),
            minutes=draw(st.sampled_from([0, 1, 45, 90, 24 * 60, 3000])),
            state=draw(st.sampled_from(["confirmed", "cancelled"])),
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    return a_programme(*sessions, zone=zone, stages=(Stage(name=Texts.of(draw(any_text), "en"), slug="main"),))


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(programme=programmes_in_any_zone())
def test_four_readers_agree_with_any_programme_in_any_zone(
    readers: list[Reader], libical: Libical, programme: Programme
) -> None:
    data = made(programme)
    place = in_one_line(str(programme.stages[0].name))
    expected = [
        (
            f"{session.guid}@summit",
            ("Cancelled: " if session.state == "cancelled" else "") + (in_one_line(str(session.title)) or session.code),
            session.start,
            session.end,
            session.state.upper(),
            place,
        )
        for session in programme.placed()
    ]
    for reader in readers:
        found = [(read.uid, read.summary, read.starts, read.ends, read.status, read.location) for read in reader(data)]
        assert found == expected, reader
    assert libical.problems(data) == badly_escaped(data) == []


def test_three_readers_go_by_the_zone_in_the_file(readers: list[Reader]) -> None:
    data = made(a_programme(a_session(code=LIVE)))
    moved = data.replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0345").replace(b"TZOFFSETFROM:+0200", b"TZOFFSETFROM:+0345")
    starts = [reader(moved)[0].starts for reader in readers]
    assert starts == [NOW - timedelta(minutes=20), *[NOW - timedelta(hours=2, minutes=5)] * 3]
    # vobject looks for a zone that the file does not define by its name.
    for reader in readers[2:]:
        with pytest.raises(ValueError, match="no zone for"):
            reader(data.replace(b"TZID:Europe/Stockholm\r\n", b"TZID:Nowhere\r\n"))


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (b"UID:", b"X-UID:", "VEVENT: Failed iTIP restrictions for UID property."),
        (b"DTSTAMP:", b"X-STAMP:", "VEVENT: Failed iTIP restrictions for DTSTAMP property."),
        (b"VERSION:2.0\r\n", b"", "VCALENDAR: Failed iTIP restrictions for VERSION property."),
        (b"LOCATION:", b"SUMMARY:", "VEVENT: Failed iTIP restrictions for SUMMARY property."),
        (b"LOCATION:Main", b"DURATION:PT1H", "VEVENT: Failed iTIP restrictions for DTEND property."),
        (b"STATUS:CONFIRMED", b"STATUS:PERHAPS", "VEVENT: Failed iTIP restrictions for STATUS property."),
        (b"DTSTAMP:2030", b"DTSTAMP:then", "VEVENT: Can't parse as DATE-TIME value in DTSTAMP property."),
        (b"LOCATION:", b"LOCATION ", "VEVENT: Got a data line, but could not find a property name"),
        (b"TZID:", b"X-TZID:", "VTIMEZONE: Failed iTIP restrictions for TZID property."),
        (b"END:VCALENDAR\r\n", b"", "nothing can be parsed"),
    ],
)
def test_libical_says_what_is_wrong(libical: Libical, good: bytes, bad: bytes, said: str) -> None:
    data = made(a_programme(a_session(code=LIVE)))
    assert libical.problems(data) == []
    assert libical.problems(data.replace(good, bad, 1))[0].startswith(said)

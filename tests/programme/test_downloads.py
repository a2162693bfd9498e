"""Files of the released programme: calendars, schedules, tables, and when they are sent again."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from icalendar import Calendar, Event

from tests.programme.factories import NINE, a_programme, a_session, guid
from tests.programme.site import Site


def test_calendars_hold_the_whole_programme_or_what_the_filters_leave(prov: Site) -> None:
    def events(address: str) -> dict[str, tuple[datetime, datetime]]:
        answer = prov.client.get(address)
        assert answer.headers["content-type"].startswith("text/calendar")
        found = {}
        for event in Calendar.from_ical(answer.content).walk("VEVENT"):
            assert isinstance(event, Event)
            assert isinstance(event.start, datetime)
            assert isinstance(event.end, datetime)
            found[str(event["summary"])] = (event.start, event.end)
        return found

    every = events("/prov/programme.ics")
    assert every["opening in English"] == (NINE, NINE + timedelta(hours=1))
    assert set(every) == {f"{name} in English" for name in ("opening", "panel", "Cancelled: gone", "night")}
    assert list(events("/prov/programme.ics?theme=climate")) == ["panel in English"]
    assert list(events("/prov/sessions/NGHT22.ics")) == ["night in English"]
    utc = events("/prov/programme.ics?tz=utc")["opening in English"][0]
    assert (utc, str(utc.tzinfo)) == (NINE, "UTC")


def test_the_way_to_google_carries_the_session(prov: Site) -> None:
    answer = prov.client.get("/prov/sessions/OPEN22/google-calendar")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=opening"
    )


def test_downloads_hold_every_session(prov: Site) -> None:
    conference = prov.client.get("/prov/programme.json").json()["schedule"]["conference"]
    in_json = [event["guid"] for day in conference["days"] for room in day["rooms"].values() for event in room]
    assert guid("opening") in in_json
    xml = fromstring(prov.client.get("/prov/programme.xml").content)
    assert guid("opening") in [event.get("guid") for event in xml.iter("event")]
    rows = list(csv.reader(io.StringIO(prov.client.get("/prov/programme.csv").text)))
    assert any("OPEN22" in cell for row in rows for cell in row)


@pytest.mark.parametrize(
    "address",
    ["programme.ics", "programme.xml", "programme.json", "programme.csv", "programme.xlsx", "sessions/OPEN22.ics"],
)
def test_a_file_is_sent_again_only_when_it_is_another(prov: Site, address: str) -> None:
    address = f"/prov/{address}"
    first = prov.client.get(address)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    same = prov.client.get(address, headers={"if-none-match": f'"other", {tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert prov.client.get(address, headers={"if-modified-since": modified}).status_code == 304
    other = {"if-none-match": '"other"', "if-modified-since": modified}
    assert prov.client.get(address, headers=other).status_code == 200
    assert prov.client.get(address, headers={"if-modified-since": "yesterday"}).status_code == 200
    assert prov.client.get(address, headers={"if-none-match": tag, "accept-language": "sv"}).status_code == 200
    prov.now += timedelta(hours=1)
    prov.put(a_programme(a_session("opening", minutes=20)))
    again = prov.client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.headers["etag"] != tag) == (200, True)
    assert prov.client.get(address, headers={"if-modified-since": modified}).status_code == 200

"""The public pages, through the real application."""

import asyncio
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy import select

from summit.core.db import Database
from summit.core.texts import Texts
from summit.programme.models import Summit
from summit.programme.values import Host, Link, Programme, SessionType, Stage, Stream
from tests.programme.factories import NINE, a_programme, a_session, at
from tests.programme.real import real_programme
from tests.programme.site import Site, first, href, text


def titles(page: Tag) -> list[str]:
    return [heading.get_text(strip=True) for heading in page.select("article.session h3, article.slot h3")]


def test_the_site_leads_straight_to_its_only_summit_and_lists_several(site: Site) -> None:
    assert text(site.page("/"), "h1") == "Summits"
    site.put(a_programme())
    assert site.client.get("/").headers["location"] == "/prov"
    site.put(a_programme(title=Texts.of("Another")), "another")
    site.put(a_programme(title=Texts.of("Secret")), "secret", publish=False)
    listed = site.page("/")
    assert {link["href"] for link in listed.select("main article a")} == {"/prov", "/another"}
    assert "Secret" not in listed.get_text()


def test_before_the_first_release_pages_say_that_it_is_on_its_way(site: Site) -> None:
    site.put(a_programme(title=Texts.of("Secret")), "draft", publish=False)
    for address in ("/draft", "/draft/programme", "/draft/speakers"):
        page = site.page(address)
        assert "on its way" in page.get_text()
        assert "Secret" not in page.get_text()
    assert site.client.get("/draft/programme.json").status_code == 404
    assert site.client.get("/nowhere/programme").status_code == 404


def test_the_front_page_says_what_is_on_now_and_next(prov: Site) -> None:
    page = prov.page("/prov")
    on_now, up_next = page.select("section[aria-labelledby=on-now]"), page.select("section[aria-labelledby=up-next]")
    assert titles(on_now[0]) == ["opening in English"]
    assert titles(up_next[0]) == ["panel in English", "night in English"]
    assert href(page, ".hero a.button") == "/prov/register"
    assert href(page, ".hero a.quiet") == "/prov/enter?next=/prov/sessions/OPEN22/live"
    prov.now = NINE + timedelta(days=3)
    later = prov.page("/prov")
    assert not later.select("section[aria-labelledby=on-now], section[aria-labelledby=up-next]")
    assert not later.select(".hero a[href*=enter], .hero a[href*=register]")


def test_a_reader_gets_the_page_in_their_language_and_foreign_parts_are_marked(prov: Site) -> None:
    swedish = prov.page("/prov/programme", language="sv")
    assert first(swedish, "html")["lang"] == "sv"
    assert "opening på svenska" in titles(swedish)
    assert text(prov.page("/prov/sessions/OPEN22"), "[lang=sv].prose") == "Mer om saken"


def test_a_row_tells_of_now_cancelled_and_the_night_after(prov: Site) -> None:
    page = prov.page("/prov/programme")
    rows = {text(row, "h3"): row for row in page.select("article.session")}
    assert list(rows) == [f"{name} in English" for name in ("opening", "panel", "gone", "night")]
    assert "On now" in rows["opening in English"].get_text()
    assert href(rows["opening in English"], "a.live") == "/prov/sessions/OPEN22/live"
    assert "Cancelled" in rows["gone in English"].get_text()
    assert "Wed 15 May" in rows["night in English"].get_text()
    assert [text(day, "h2") for day in page.select("section.day")] == ["Tuesday 14 May"]
    items = [item.get_text(" ", strip=True)[:9] for item in page.select("ol.sessions > li")]
    assert items[1] == "Now 09:30"


def test_filters_search_and_grid_work_by_address(prov: Site) -> None:
    assert titles(prov.page("/prov/programme?theme=climate")) == ["panel in English"]
    assert titles(prov.page("/prov/programme?q=NUNEZ")) == ["night in English"]
    assert titles(prov.page("/prov/programme?view=grid&stage=studio")) == ["panel in English"]
    assert titles(
        prov.page("/prov/programme?speaker=" + href(prov.page("/prov/speakers"), "li:nth-child(2) h2 a")[-6:])
    )
    nothing = prov.page("/prov/programme?q=nothing-like-it")
    assert titles(nothing) == []
    assert "Nothing matches" in nothing.get_text()
    for odd in ("day=x&theme=y&stage=z&tz=Nowhere/At_All&view=q", "tz=%00", "q=%25%27%22<b>", "q=" + "x" * 4000):
        assert prov.client.get(f"/prov/programme?{odd}").status_code == 200


def test_a_filter_that_is_not_understood_is_told_above_the_whole_list(prov: Site) -> None:
    page = prov.page("/prov/programme?theme=<b>nope</b>&tz=Mars/Foo")
    assert [said.get_text(strip=True) for said in page.select("main .note p")] == [
        "There is no theme “<b>nope</b>” here. All themes are shown.",
        "There is no time zone “Mars/Foo”. Times are in Stockholm.",
    ]
    assert len(titles(page)) == 4
    order = [found.get("class") for found in page.select("main .note, main .count, main section.day")]
    assert order == [["note"], ["count"], ["day"]]
    swedish = prov.page("/prov/programme?day=nonsense", language="sv")
    assert text(swedish, "main .note") == "Dagen ”nonsense” finns inte här. Alla dagar visas."
    assert prov.page("/prov/programme?theme=care&view=grid&tz=Asia/Tokyo").select("main .note") == []


@pytest.mark.parametrize("address", ["/prov", "/prov/programme", "/prov/sessions/OPEN22", "/prov/speakers"])
def test_a_zone_is_understood_in_any_case_and_has_one_address(prov: Site, address: str) -> None:
    answer = prov.client.get(f"{address}?theme=care&tz=america/new_york&q=%C3%A5sa")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{address}?theme=care&q=%C3%A5sa&tz=America%2FNew_York"
    assert prov.client.get(answer.headers["location"]).status_code == 200
    assert prov.client.get(f"{address}?tz=mars/foo").status_code == 200


def test_every_choice_on_the_page_leads_to_a_page(prov: Site) -> None:
    for view in ("", "&view=grid"):
        page = prov.page(f"/prov/programme?tz=Asia/Tokyo{view}")
        addresses = {str(link["href"]) for link in page.select("main a[href^='/']")}
        assert len(addresses) > 8
        for address in addresses:
            if not address.endswith("/live"):
                assert prov.client.get(address).status_code == 200, address


def test_times_are_in_the_zone_of_the_address_and_the_session_page_has_both(prov: Site) -> None:
    row = first(prov.page("/prov/programme?tz=Asia/Tokyo"), "article.session")
    assert text(row, ".when time") == "16:00"
    assert href(row, "h3 a") == "/prov/sessions/OPEN22?tz=Asia%2FTokyo"
    facts = text(prov.page(href(row, "h3 a")), "dl.facts")
    assert "16:00 – 17:00 Tokyo" in facts
    assert "09:00–10:00 in Stockholm" in facts
    assert "Tokyo" not in text(prov.page("/prov/sessions/OPEN22"), "dl.facts")
    assert "09:00–10:00 in Stockholm" in text(row, ".about")
    grid = prov.page("/prov/programme?view=grid&tz=America/Los_Angeles")
    assert text(grid, ".grid tbody th") == "00:00 09:00 Stockholm"
    assert "23:00–00:00 in Stockholm" not in text(grid, ".slot")
    assert not prov.page("/prov/programme?tz=Europe/Berlin").select(".at-home"), "its clocks show the same"


def test_a_zone_on_another_date_says_which(prov: Site) -> None:
    rows = {text(row, "h3"): row for row in prov.page("/prov/programme?tz=Asia/Tokyo").select("article.session")}
    assert "01:00–02:00 in Stockholm" in text(rows["night in English"], ".about")
    far = prov.page("/prov/sessions/OPEN22?tz=Pacific/Honolulu")
    assert "09:00–10:00 in Stockholm, Tue 14 May" in text(far, "dl.facts")


def test_the_action_of_a_session_fits_the_moment(prov: Site) -> None:
    def actions() -> str:
        return text(prov.page("/prov/sessions/OPEN22"), ".actions")

    prov.now = NINE - timedelta(minutes=16)
    assert actions().startswith("Save to my agenda Add to your calendar")
    prov.now = NINE - timedelta(minutes=15)
    assert actions().startswith("Enter")
    prov.now = NINE + timedelta(hours=1)
    assert actions() == "Look back"
    assert "Enter" not in text(prov.page("/prov/sessions/GNE222"), ".actions")


def test_after_a_session_its_recording_comes_first_and_hand_outs_are_apart_from_links(site: Site) -> None:
    links = (
        Link(url="https://example.org/slides.pdf", title="Slides", kind="attachment"),
        Link(url="https://example.org/more", title="More"),
        Link(url="https://example.org/film", type="recording"),
    )
    site.put(a_programme(a_session(code="OPEN22", links=links)))
    site.now = NINE + timedelta(hours=2)
    page = site.page("/prov/sessions/OPEN22")
    assert text(page, ".actions") == "Watch the recording Look back"
    assert text(page, "section[aria-labelledby=hand-outs]") == "Hand-outs Slides"
    assert text(page, "section[aria-labelledby=links]") == "Links More"


def test_what_makes_a_session_accessible_is_said_in_words(site: Site) -> None:
    site.put(a_programme(a_session(code="OPEN22", features=("sign_language", "step_free")), a_session("b", **at(2))))
    rows = site.page("/prov/programme").select("article.session")
    assert ["Sign language" in row.get_text() for row in rows] == [True, False]
    assert "Step-free access" not in rows[0].get_text(), "that is on its own page"
    assert "Sign language Step-free access" in text(site.page("/prov/sessions/OPEN22"), "dl.facts")
    assert titles(site.page("/prov/programme?access=sign_language")) == ["opening in English"]


def test_the_summits_own_names_of_types_are_shown(site: Site) -> None:
    types = (SessionType(key="fika", name=Texts(sv="Fikastund", en="Coffee hour")), SessionType(key="Talk"))
    site.put(a_programme(a_session(code="OPEN22", type="fika"), a_session("b", **at(2)), types=types))
    assert "Coffee hour" in text(site.page("/prov/sessions/OPEN22"), "header .tag + .tag, header .tag")
    chosen = site.page("/prov/programme?type=fika", language="sv")
    assert text(chosen, "#type option[selected]") == "Fikastund"
    assert titles(site.page("/prov/programme?q=coffee")) == ["opening in English"]


def test_hosts_stand_by_what_they_do_with_logos_of_this_site_alone(site: Site) -> None:
    hosts = (
        Host(name="Fonden", role="funder", logo="https://elsewhere.example/logo.png"),
        Host(name="Värdverket", url="https://example.org"),
        Host(name="Radion", role="Mediepartner", logo="/static/icons/mark.svg"),
        Host(name="Grannverket"),
    )
    site.put(a_programme(hosts=hosts, logo="/static/icons/mark.svg"))
    page = site.page("/prov")
    groups = page.select("main .host-groups section")
    assert [text(one, "h2") for one in groups] == ["Hosts", "Funder", "Mediepartner"]
    assert [one.get_text(strip=True) for one in groups[0].select("li")] == ["Värdverket", "Grannverket"]
    assert [logo["alt"] for logo in page.select(".host-groups img")] == ["Radion"]
    assert first(page, "header .logo")["src"] == "/static/icons/mark.svg"
    assert "Mediepartner" in text(page, "footer")


def test_the_summits_own_rules_have_pages_where_there_are_any(site: Site) -> None:
    site.put(a_programme(code_of_conduct=Texts(sv="Var **snäll**.")))
    assert text(site.page("/prov/code-of-conduct"), "main .prose[lang=sv] strong") == "snäll"
    assert site.client.get("/prov/privacy").status_code == 404
    links = {str(link["href"]) for link in site.page("/prov").select("footer a")}
    assert "/prov/code-of-conduct" in links
    assert "/prov/privacy" not in links


def test_links_to_a_page_elsewhere_have_a_title_a_sentence_and_a_picture(prov: Site) -> None:
    def told(address: str) -> dict[str, str]:
        head = prov.page(address)
        found = {str(one["property"]): str(one["content"]) for one in head.select("meta[property]")}
        return found | {"canonical": href(head, "link[rel=canonical]")}

    session = told("/prov/sessions/OPEN22?tz=Asia/Tokyo&utm_source=x")
    assert session["og:title"] == "opening in English"
    assert session["og:description"] == "Why <script>alert(1)</script> we meet"
    assert session["canonical"] == session["og:url"] == "http://testserver/prov/sessions/OPEN22"
    picture = prov.client.get(session["og:image"])
    assert picture.headers["content-type"] == "image/png"
    filtered = told("/prov/programme?theme=care&view=grid&tz=Asia/Tokyo")
    assert filtered["canonical"] == "http://testserver/prov/programme?theme=care"
    assert told("/prov")["og:type"] == "website"
    assert told("/prov/speakers")["og:title"] == "Speakers"


def test_texts_are_shown_without_their_scripts(prov: Site) -> None:
    page = prov.page("/prov/sessions/OPEN22")
    assert [script.get("type") for script in page.select("main script")] == []
    assert text(page, ".lead strong") == "meet"
    assert "alert(1)" not in "".join(str(script) for script in page.select("script:not([type])"))


def test_search_engines_get_the_event(prov: Site) -> None:
    (script,) = prov.page("/prov/sessions/OPEN22").select('script[type="application/ld+json"]')
    event = json.loads(script.string or "")
    assert (event["@type"], event["name"]) == ("Event", "opening in English")
    assert (event["startDate"], event["endDate"]) == ("2030-05-14T09:00:00+02:00", "2030-05-14T10:00:00+02:00")
    assert event["url"] == "http://testserver/prov/sessions/OPEN22"
    assert [person["name"] for person in event["performer"]] == ["Åsa Ek"]
    assert event["offers"]["price"] == "0"
    (script,) = prov.page("/prov/sessions/GNE222").select('script[type="application/ld+json"]')
    assert json.loads(script.string or "")["eventStatus"] == "https://schema.org/EventCancelled"


def test_search_engines_get_the_summit_and_its_speakers(prov: Site) -> None:
    (script,) = prov.page("/prov").select('script[type="application/ld+json"]')
    event = json.loads(script.string or "")
    assert (event["@type"], event["startDate"], event["endDate"]) == ("Event", "2030-05-14", "2030-05-15")
    assert event["location"] == [{"@type": "VirtualLocation", "url": "http://testserver/prov"}]
    assert event["organizer"][0]["name"] == "Test meeting"
    assert "subEvent" not in event
    bo = href(prov.page("/prov/speakers"), "main h2 a")
    (script,) = prov.page(bo).select('script[type="application/ld+json"]')
    person = json.loads(script.string or "")
    assert (person["@type"], person["name"], person["affiliation"]["name"]) == ("Person", "Åsa Ek", "Provverket")


def in_town(**place: Any) -> Programme:
    """A session on a stage with a stream that people can go to."""
    stream = Stream(url="https://example.org/live.m3u8")
    stage = Stage(name=Texts.of("Main"), slug="main", stream=stream, **place)
    return a_programme(a_session("opening", code="OPEN22"), stages=(stage,))


def test_a_session_says_where_people_can_go(site: Site) -> None:
    site.put(in_town(address="Torget <1>, Stockholm", latitude=59.3293, longitude=-0.5))
    page = site.page("/prov/sessions/OPEN22")
    assert text(page, ".facts .address") == "Torget <1>, Stockholm"
    link = first(page, '.facts a[href^="https://www.openstreetmap.org/"]')
    assert link["href"] == "https://www.openstreetmap.org/?mlat=59.3293&mlon=-0.5#map=17/59.3293/-0.5"
    assert set(link["rel"]) == {"external", "noreferrer"}
    assert "Torget <1>, Stockholm" in text(site.page("/prov/programme/print"), ".entry .about")
    place = {
        "@type": "Place",
        "name": "Main",
        "address": {"@type": "PostalAddress", "streetAddress": "Torget <1>, Stockholm"},
        "geo": {"@type": "GeoCoordinates", "latitude": 59.3293, "longitude": -0.5},
    }
    for address, virtual in (("/prov/sessions/OPEN22", "/prov/sessions/OPEN22/live"), ("/prov", "/prov")):
        event = json.loads(first(site.page(address), 'script[type="application/ld+json"]').string or "")
        assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
        assert event["location"] == [{"@type": "VirtualLocation", "url": f"http://testserver{virtual}"}, place]


def test_an_address_needs_no_map_and_a_stage_on_the_web_has_neither(site: Site) -> None:
    site.put(in_town(address="Torget 1"))
    assert "openstreetmap" not in str(site.page("/prov/sessions/OPEN22").select_one(".facts"))
    site.put(in_town(), "web")
    page = site.page("/web/sessions/OPEN22")
    assert page.select(".facts .address") == []
    event = json.loads(first(page, 'script[type="application/ld+json"]').string or "")
    assert event["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert [one["@type"] for one in event["location"]] == ["VirtualLocation"]


def test_speakers_are_those_of_sessions_that_take_place(prov: Site) -> None:
    page = prov.page("/prov/speakers")
    assert [name.get_text(strip=True) for name in page.select("main h2")] == ["Åsa Ek", "Bo Ñuñez"]
    bo = prov.page(str(page.select("main h2 a")[1]["href"]))
    assert titles(bo) == ["night in English"]
    prov.put(a_programme(a_session("opening")))
    assert [name.get_text(strip=True) for name in prov.page("/prov/speakers").select("main h2")] == ["Åsa Ek"]


@pytest.mark.parametrize(
    "address",
    ["/prov/sessions/NOSUCH", "/prov/speakers/NOSUCH", "/prov/sessions/NOSUCH.ics", "/favicon.ico", "/%00", "/PROV"],
)
def test_what_is_not_there_is_not_found(prov: Site, address: str) -> None:
    assert prov.client.get(address).status_code == 404


def test_a_closed_summit_asks_to_sign_in(prov: Site) -> None:
    async def close() -> None:
        db = Database(prov.url)
        async with db.writer() as session:
            (await session.scalars(select(Summit))).one().open_to_all = False
        await db.close()

    asyncio.run(close())
    page = prov.page("/prov")
    assert href(page, ".hero a.button") == "/prov/register"
    assert href(page, ".hero a.quiet") == "/sign-in?next=/prov/sessions/OPEN22/live"
    assert "open to everybody" not in page.get_text()


def test_somebody_inside_goes_straight_to_what_is_on(prov: Site) -> None:
    entered = prov.client.post(
        "/prov/enter", data={"name": "Kim", "next": "/prov"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert entered.status_code == 303, entered.text[:300]
    assert href(prov.page("/prov"), ".hero a.button") == "/prov/sessions/OPEN22/live"


def test_the_programme_of_a_real_congress_stays_light(site: Site) -> None:
    site.put(real_programme("31c3.xml"), "c3")
    for address in ("/c3/programme", "/c3/programme?view=grid"):
        answer = site.client.get(address, headers={"accept-encoding": "gzip"})
        assert len(BeautifulSoup(answer.text, "html.parser").select("article.session, article.slot")) == 138
        assert len(gzip.compress(answer.content)) < 25_000

"""An unchanged page is sent once; whatever changes on it reaches everybody who looks again."""

from datetime import timedelta

import pytest

from summit.core.texts import Texts
from summit.programme.kept import Kept, Packed
from tests.programme.factories import NINE, a_programme, a_session
from tests.programme.site import Site

PAGES = ("/prov", "/prov/programme", "/prov/programme/print", "/prov/sessions/OPEN22", "/prov/speakers")


def tag(site: Site, address: str, **headers: str) -> str:
    answer = site.client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.headers["etag"]


def status(site: Site, address: str, seen: str, **headers: str) -> int:
    return site.client.get(address, headers={"if-none-match": seen} | headers).status_code


@pytest.mark.parametrize("address", PAGES)
def test_whoever_has_the_page_is_told_that_it_is_the_same(prov: Site, address: str) -> None:
    answer = prov.client.get(address)
    assert answer.headers["cache-control"] == "public, no-cache"
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))
    again = prov.client.get(address, headers={"if-none-match": f'"other", {answer.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]
    assert prov.client.get(address).text == answer.text
    assert prov.client.get(address, headers={"accept-encoding": "identity"}).text == answer.text


@pytest.mark.parametrize("address", PAGES)
def test_a_release_changes_every_page(prov: Site, address: str) -> None:
    seen = tag(prov, address)
    prov.put(a_programme(a_session("opening", code="OPEN22", title=Texts.of("Renamed"))))
    assert status(prov, address, seen) == 200


@pytest.mark.parametrize("address", PAGES)
def test_another_language_is_another_page(prov: Site, address: str) -> None:
    seen = tag(prov, address)
    assert status(prov, address, seen, **{"accept-language": "sv"}) == 200
    assert 'lang="sv"' in prov.client.get(address, headers={"accept-language": "sv"}).text


@pytest.mark.parametrize("address", ["/prov", "/prov/programme", "/prov/sessions/OPEN22"])
def test_a_page_changes_when_a_session_begins(prov: Site, address: str) -> None:
    prov.now = NINE - timedelta(seconds=1)
    before = tag(prov, address)
    assert "On now" not in prov.client.get(address).text
    prov.now = NINE
    assert status(prov, address, before) == 200
    assert "On now" in prov.client.get(address).text or "Enter" in prov.client.get(address).text


def test_the_line_of_now_is_told_by_the_minute_and_only_on_days_with_sessions(prov: Site) -> None:
    seen = tag(prov, "/prov/programme")
    prov.now += timedelta(seconds=50)
    assert status(prov, "/prov/programme", seen) == 304
    prov.now += timedelta(seconds=10)
    assert "Now 09:31" in prov.client.get("/prov/programme").text
    prov.now = NINE - timedelta(days=20)
    seen = tag(prov, "/prov/programme")
    prov.now += timedelta(hours=3)
    assert status(prov, "/prov/programme", seen) == 304


def test_what_a_page_does_not_know_neither_makes_another_nor_gets_into_it(prov: Site) -> None:
    seen = tag(prov, "/prov/programme?theme=care&stage=main")
    assert tag(prov, "/prov/programme?stage=main&utm_source=SPY&theme=care") == seen
    assert "SPY" not in prov.client.get("/prov/programme?utm_source=SPY").text
    assert tag(prov, "/prov/programme?theme=climate") != seen


def test_a_page_names_the_host_that_it_was_asked_from(prov: Site) -> None:
    prov.client.get("/prov")
    other = prov.client.get("http://other.example/prov")
    assert "testserver" not in other.text
    assert "http://other.example/prov" in other.text


def test_whoever_is_inside_gets_a_page_of_their_own(prov: Site) -> None:
    public = tag(prov, "/prov")
    entered = prov.client.post(
        "/prov/enter", data={"name": "Kim", "next": "/prov"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert entered.status_code == 303
    mine = prov.client.get("/prov", headers={"if-none-match": public})
    assert mine.status_code == 200
    assert mine.headers["cache-control"] == "private, no-cache"
    assert "Kim" in mine.text
    again = prov.client.get("/prov", headers={"if-none-match": mine.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "private, no-cache"
    prov.client.cookies.clear()
    assert "Kim" not in prov.client.get("/prov").text


def test_what_is_kept_stays_within_its_bounds() -> None:
    kept = Kept(100)
    for name in "abc":
        kept.put(name, Packed(bytes(30), bytes(10)))
    assert [kept.get(name) is not None for name in "abc"] == [False, True, True]
    kept.get("b")
    kept.put("d", Packed(bytes(40), None))
    assert [kept.get(name) is not None for name in "bcd"] == [True, False, True]
    kept.put("e", Packed(bytes(500), None))
    assert kept.get("e") is None

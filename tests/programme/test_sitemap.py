"""What search engines are led to, and what they are asked to leave alone."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

from summit.core.texts import Texts
from tests.programme.factories import a_programme
from tests.programme.site import Site

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def places(site: Site, address: str) -> list[str]:
    answer = site.client.get(address)
    assert answer.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)
    assert all(len(one.text or "") == 20 for one in root.findall(".//s:lastmod", NAMES))
    return [str(found.text) for found in root.findall(".//s:loc", NAMES)]


def test_the_map_leads_to_all_released_pages_and_all_of_them_are_there(prov: Site) -> None:
    prov.put(a_programme(title=Texts.of("Secret")), "secret", publish=False)
    assert places(prov, "/sitemap.xml") == ["http://testserver/prov/sitemap.xml"]
    found = places(prov, "/prov/sitemap.xml")
    assert len(found) == len(set(found)) == 3 + 4 + 2
    for address in found:
        page = prov.page(address)
        canonical = page.select_one("link[rel=canonical]")
        assert canonical
        assert canonical["href"] == address
    assert prov.client.get("/secret/sitemap.xml").status_code == 404


def test_an_unchanged_map_is_not_sent_again(prov: Site) -> None:
    seen = prov.client.get("/prov/sitemap.xml").headers["etag"]
    assert prov.client.get("/prov/sitemap.xml", headers={"if-none-match": seen}).status_code == 304


def test_robots_may_look_at_the_programme_and_at_nothing_inside(prov: Site) -> None:
    text = prov.client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    assert rules.can_fetch("*", "/prov/programme")
    assert not rules.can_fetch("*", "/sign-in?next=/prov")
    assert "Disallow: /*/organise\n" in text

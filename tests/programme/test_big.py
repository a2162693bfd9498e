"""A thousand sessions and eight hundred speakers: every page stays small, and everything can be found."""

import gzip
from datetime import timedelta

import pytest

from tests.programme.big import DAYS, SESSIONS, SPEAKERS, big_programme
from tests.programme.factories import NINE
from tests.programme.site import Site, first, href, text


@pytest.fixture
def big(site: Site) -> Site:
    site.put(big_programme(), "big")
    return site


def test_a_large_programme_is_usable(big: Site) -> None:
    """One test, because bringing a thousand sessions in takes as long as all else."""
    big.now = NINE + timedelta(days=1)
    opened = big.page("/big/programme")
    assert len(opened.select("article.session")) == SESSIONS // DAYS
    assert text(opened, ".filters [aria-current=date]") == "Wed 15 May"
    assert len(big.page("/big/programme?day=all&view=grid").select("article.slot")) == SESSIONS
    assert text(big.page("/big/programme?theme=theme-1"), ".filters [aria-current=date]") == "All days"
    assert len(big.page("/big/programme?q=hanna+lind").select("section.day")) > 1

    found = big.page("/big/programme?q=hanna+lind")
    assert {text(one, "h3") for one in found.select(".found-people article")} == {"Hanna Lind", "Hanna B. Lind"}
    person = big.page(href(found, ".found-people h3 a"))
    only = big.page(href(person, "main a[href*='speaker=']"))
    assert 0 < len(only.select("article.session")) < 6

    people = big.page("/big/speakers")
    assert len(people.select(".letter-group article")) == SPEAKERS
    anchors = [str(link["href"]).removeprefix("#") for link in people.select(".index a")]
    assert anchors == [str(heading["id"]) for heading in people.select("h2.letter")]
    assert text(big.page("/big/speakers?q=nunez"), ".heading .links") == "40 people"
    assert first(people, "img.portrait, span.portrait")

    for address, most in (
        ("/big/programme", 30_000),
        ("/big/programme?view=grid", 30_000),
        ("/big/programme?day=all", 100_000),
        ("/big/programme?day=all&view=grid", 100_000),
        ("/big/speakers", 30_000),
        ("/big/programme/print?texts=1", 100_000),
    ):
        assert len(gzip.compress(big.client.get(address).content)) < most, address

"""The picture for links: always of one size, never with boxes for letters, sent once."""

from io import BytesIO

import pytest
from PIL import Image

from summit.programme.picture import SIZE, Words, picture
from tests.programme.site import Site

THEMES = (("circle", "copper"), ("wave", "fjord"), ("arch", "heather"), ("leaf", "moss"), ("steps", "ink"))


@pytest.mark.parametrize(
    "title", ["Möte", "A very long title about what we can only solve together, again and again " * 3, "Ελληνικά", ""]
)
def test_every_title_makes_a_small_picture_of_the_size_that_sites_ask_for(title: str) -> None:
    made = picture(Words(title, "10 november 2020", "Two days"), THEMES, "prov")
    with Image.open(BytesIO(made)) as found:
        assert (found.format, found.size) == ("PNG", SIZE)
    assert len(made) < 100_000
    assert made == picture(Words(title, "10 november 2020", "Two days"), THEMES, "prov")


def test_letters_that_the_font_lacks_are_left_out() -> None:
    assert picture(Words("Ελληνικά"), THEMES, "prov") == picture(Words(""), THEMES, "prov")


def test_the_picture_is_sent_once(prov: Site) -> None:
    answer = prov.client.get("/prov/card.png")
    assert answer.headers["content-type"] == "image/png"
    again = prov.client.get("/prov/card.png?v=2", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304

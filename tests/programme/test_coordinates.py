"""Coordinates are understood as maps give them to copy, and nothing else is taken for a place."""

import pytest

from summit.programme.coordinates import Coordinates, coordinates, read

STOCKHOLM = Coordinates(59.3293, 18.0686)


@pytest.mark.parametrize(
    "text",
    [
        "59.3293, 18.0686",
        "59.3293,18.0686",
        "59,3293; 18,0686",
        "59,3293, 18,0686",
        "59.3293 18.0686",
        "59,3293 18,0686",
        " 59.3293\u00a0 18.0686 ",
        "59.3293° 18.0686°",
        "59.3293°N, 18.0686°E",
        "59.3293° N 18.0686° E",
        "59,3293° N; 18,0686° Ö",
        "N 59.3293, E 18.0686",
        "n59.3293 e18.0686",
        "18.0686 E, 59.3293 N",
        "59.32930000 18.0686000",
    ],
)
def test_a_place_is_understood_however_a_map_writes_it(text: str) -> None:
    assert read(text) == STOCKHOLM
    assert str(read(text)) == "59.3293, 18.0686"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("-33.8568, 151.2153", (-33.8568, 151.2153)),
        ("\u221233,8568; 151,2153", (-33.8568, 151.2153)),
        ("33.8568 S, 151.2153 E", (-33.8568, 151.2153)),
        ("0.3476 N, 32.5825 V", (0.3476, -32.5825)),
        ("0, 0", (0, 0)),
        ("90, -180", (90, -180)),
        ("59.32930049, 18.0685996", (59.3293, 18.0686)),
    ],
)
def test_south_west_and_the_equator_are_places_too(text: str, place: tuple[float, float]) -> None:
    found = read(text)
    assert found == place
    assert found is not None
    assert read(str(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "59.3293",
        "59,3293",
        "-59,18",
        "59.3293, 18.0686, 12",
        "59.3293 N, 18.0686 N",
        "59.3293 N, 18.0686",
        "-59.3293 N, 18.0686 E",
        "N 59.3293 N, E 18.0686 E",
        "90.1, 18",
        "59, 180.5",
        "18.0686 N, 159.3293 S",
        "Stortorget 1, Stockholm",
        "https://www.openstreetmap.org/#map=17/59.3293/18.0686",
        "nan, inf",
        "1e1, 1e1",
        "\u0665\u0669, \u0661\u0668",
        "59.3293" + " " * 10_000 + "x",
    ],
)
def test_anything_else_is_no_place(text: str) -> None:
    assert read(text) is None


def test_half_a_place_is_none() -> None:
    assert coordinates(59.3, None) is coordinates(None, 18.0) is coordinates(float("nan"), 18.0) is None
    assert str(coordinates(-0.0000001, 0)) == "0, 0"


def test_a_map_shows_the_place() -> None:
    assert STOCKHOLM.map_url == ("https://www.openstreetmap.org/?mlat=59.3293&mlon=18.0686#map=17/59.3293/18.0686")

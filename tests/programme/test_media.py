"""Uploaded pictures and hand-outs: made harmless, kept once, and served for ever."""

import asyncio
import io

import httpx2
import pytest
from PIL import Image

from summit.core.errors import Invalid
from summit.core.i18n import speaking
from summit.core.images import PictureKind, reencoded
from summit.programme.editing.tracking import Editor
from summit.programme.media import keep_hand_out, take_picture
from tests.programme.picturing import GPS, a_bomb, a_picture, opened
from tests.support.arranging import publish
from tests.support.servers import Server


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_photo_becomes_a_small_square_without_the_place_it_was_taken(format: str) -> None:
    taken = a_picture(format)
    assert format not in ("JPEG", "WEBP") or opened(taken).getexif().get_ifd(GPS), "there is something to lose"
    made = reencoded(taken, "photo")
    picture = opened(made.data)
    assert picture.format == "WEBP"
    assert picture.size == (made.width, made.height) == (512, 512)
    assert not picture.getexif()
    assert b"EXIF" not in made.data
    assert b"ICCP" not in made.data


def test_a_photo_that_was_taken_sideways_stands_upright() -> None:
    picture = opened(reencoded(a_picture(turned=True), "photo").data).convert("RGB")
    top, bottom = picture.getpixel((256, 20)), picture.getpixel((256, 490))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 200, bottom[2] > 200) == (True, True)


def test_a_small_photo_is_not_blown_up() -> None:
    assert reencoded(a_picture(size=(90, 60)), "photo").width == 60


def test_a_logo_keeps_its_shape_and_what_is_transparent() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (2000, 500), (0, 0, 0, 0)).save(file, "PNG")
    made = reencoded(file.getvalue(), "logo")
    assert (made.width, made.height) == (640, 160)
    assert opened(made.data).convert("RGBA").getpixel((3, 3)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"just a text", "no picture that we can read"),
        (b"", "no picture"),
        (a_picture()[:300], "no picture"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG can't be used here"),
        (a_bomb(), "more than 40 million pixels"),
        (bytes(10_000_001), "larger than 10 MB"),
    ],
    ids=["text", "empty", "half", "svg", "bomb", "large"],
)
def test_what_is_no_picture_is_refused_in_words(data: bytes, words: str) -> None:
    kinds: tuple[PictureKind, ...] = ("photo", "logo")
    for kind in kinds:
        with speaking("en"), pytest.raises(Invalid, match=words):
            reencoded(data, kind)


async def kept(server: Server, summit_id: str, name: str, data: bytes) -> str:
    by = Editor("Olga", server.clock())
    if not name:
        return await take_picture(server.db, summit_id, data, "photo", by)
    async with server.db.writer() as db:
        return await keep_hand_out(db, summit_id, name, data, by)


async def test_a_picture_is_kept_once_and_served_for_ever(any_server: Server) -> None:
    summit_id = await publish(any_server)
    address = await kept(any_server, summit_id, "", a_picture())
    assert address == await kept(any_server, summit_id, "", a_picture())
    assert address.startswith("/media/")
    assert address.endswith(".webp")
    browser = await any_server.client()
    answer = await browser.get(address)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert opened(answer.content).size == (512, 512)
    assert (await browser.get(address, headers={"if-none-match": answer.headers["etag"]})).status_code == 304
    head = await browser.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for wrong in (address.replace(".webp", ".pdf"), address.removesuffix(".webp"), "/media/nothing.webp", "/media/%00"):
        assert (await browser.get(wrong)).status_code == 404


async def test_nobody_waits_for_a_large_picture(server: Server) -> None:
    summit_id = await publish(server)
    making = asyncio.create_task(kept(server, summit_id, "", a_picture("PNG", (6000, 5000))))
    await asyncio.sleep(0.05)
    async with server.db.writer():
        assert not making.done(), "others write while it is made"
    assert (await making).startswith("/media/")


async def test_a_hand_out_is_saved_and_never_opened_on_this_site(server: Server) -> None:
    summit_id = await publish(server)
    address = await kept(server, summit_id, "C:\\Mina dokument\\Åtta råd.PDF", b"%PDF-1.7 and so on")
    answer: httpx2.Response = await (await server.client()).get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%85tta%20r%C3%A5d.pdf"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("page.html", b"<script>alert(1)</script>", "Hand-outs can be"),
        ("nothing", b"text", "Hand-outs can be"),
        ("slides.pdf", b"<html>", "not what its name says"),
        ("notes.txt", b"\x00\x01", "not what its name says"),
        ("slides.odp", b"", "empty"),
        ("film.zip", b"PK\x03\x04" + bytes(15_000_000), "larger than 15 MB"),
    ],
)
async def test_other_files_are_refused_in_words(server: Server, name: str, data: bytes, words: str) -> None:
    summit_id = await publish(server)
    with speaking("en"), pytest.raises(Invalid, match=words):
        await kept(server, summit_id, name, data)

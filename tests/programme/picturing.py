"""Pictures as people upload them, good and bad."""

import io

from PIL import Image

GPS, ORIENTATION = 0x8825, 0x0112
"""Tags of EXIF 2.32."""


def a_picture(format: str = "JPEG", size: tuple[int, int] = (900, 600), *, turned: bool = False) -> bytes:
    """Red on its left half and blue on the right, with a position where the format can hold one."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (59.0, 19.0, 45.0)
    if turned:
        exif[ORIENTATION] = 6
    file = io.BytesIO()
    picture.save(file, format, **({} if format == "GIF" else {"exif": exif}))
    return file.getvalue()


def a_bomb() -> bytes:
    """A picture of 60 million pixels in a few kilobytes."""
    file = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(file, "PNG")
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture, to look at."""
    return Image.open(io.BytesIO(data))

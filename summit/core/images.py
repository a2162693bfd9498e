"""Pictures that people upload, made anew: small, upright, and without anything in them but what is seen."""

import asyncio
import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from summit.core.errors import Invalid
from summit.core.i18n import _

PictureKind = Literal["photo", "logo"]
MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_PHOTO_SIDE = 512
_LOGO = (640, 320)
_QUALITY = 80
# A large picture takes seconds and some 300 MB: however many come at once, two are at work.
_WORKSHOP = ThreadPoolExecutor(2, "pictures")


@dataclass(frozen=True)
class Picture:
    """A WebP picture, and how large it is in pixels."""

    data: bytes
    width: int
    height: int


async def made_anew(data: bytes, kind: PictureKind) -> Picture:
    """What `reencoded` makes, aside in a thread, where at most two pictures are made at once; raises the same.

    Call it before a transaction: nobody else can write on SQLite while one is open.
    """
    # With the context, as refusals are in the language of whoever sent the picture.
    work = copy_context().run
    return await asyncio.get_running_loop().run_in_executor(_WORKSHOP, work, reencoded, data, kind)


def reencoded(data: bytes, kind: PictureKind) -> Picture:
    """The picture as WebP, turned upright and without metadata; of an animation the first frame.

    A photo becomes a square of at most 512 pixels from its middle; a logo fits into 640 × 320 and keeps what is
    transparent. Raises `Invalid`, in words, for anything that is no such picture or is too large. It takes its time: in
    a running server call `made_anew`.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(_("The picture is larger than 10 MB. Save it smaller and choose it again."))
    if _is_svg(data):
        raise Invalid(
            _("SVG can't be used here, as such a file can hold programs. Save the picture as PNG and choose it again.")
        )
    picture = _upright(data)
    if kind == "photo":
        picture = _square(picture)
    else:
        picture.thumbnail(_LOGO, Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    picture.save(kept, "WEBP", quality=_QUALITY, method=4)
    return Picture(kept.getvalue(), picture.width, picture.height)


def _upright(data: bytes) -> Image.Image:
    too_many = Invalid(_("The picture has more than 40 million pixels. Save it smaller and choose it again."))
    try:
        with warnings.catch_warnings():
            # Our own limit is lower than the one that Pillow only warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise too_many
                # A JPEG can be read at a fraction of its size, which spares memory; other formats take no notice.
                opened.draft(None, (2 * _PHOTO_SIDE, 2 * _PHOTO_SIDE))
                return _bare(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError as error:
        raise too_many from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError) as error:
        raise Invalid(_("This is no picture that we can read. Use JPEG, PNG, WebP, AVIF or GIF.")) from error


def _bare(picture: Image.Image) -> Image.Image:
    """Its pixels alone, in the colours of the web: no position, camera, comment or colour profile."""
    plain = picture.convert("RGBA") if picture.has_transparency_data else _in_web_colours(picture)
    plain.info.clear()
    return plain


def _in_web_colours(picture: Image.Image) -> Image.Image:
    """As sRGB. Phones take pictures in wider colours, which would look dull without their profile."""
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            of_picture = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, of_picture, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return turned or picture.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass
    return picture.convert("RGB")


def _square(picture: Image.Image) -> Image.Image:
    side = min(*picture.size, _PHOTO_SIDE)
    # Faces are rather above the middle than below it.
    return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.4))


def _is_svg(data: bytes) -> bool:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and b"<svg" in start

"""What other sites and search engines are told of a page: its title, a sentence, a picture, its one address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from summit.core.i18n import locale
from summit.core.services import services
from summit.core.text import to_plain
from summit.core.texts import Texts
from summit.programme.published import Published

_LONGEST = 200
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Share:
    """As Open Graph (ogp.me) calls them; `url` is canonical (RFC 6596): without what only changes how a page looks.
    A page that is not `listed` asks search engines to leave it out."""

    title: str
    description: str
    url: str
    image: str
    site: str
    kind: str
    locale: str
    listed: bool


def share(
    request: Request,
    published: Published,
    title: str,
    about: str = "",
    *,
    kind: str = "website",
    query: str = "",
    listed: bool = True,
) -> Share:
    """Of the page that is asked for; `about` may hold Markdown, `query` is what of the address belongs to the page."""
    base, programme = services(request).base_url(request), published.programme
    site = programme.title.best(locale()).text
    return Share(
        title=title or site,
        description=shortened(to_plain(about)) or summary(published),
        url=f"{base}{request.url.path}{query}",
        image=picture_url(base, published),
        site=site,
        kind=kind,
        locale=_LOCALES[locale()],
        listed=listed,
    )


def picture_url(base_url: str, published: Published) -> str:
    """The address of the summit's picture; a new one where the picture may have changed."""
    return f"{base_url}/{published.slug}/card.png?{urlencode({'v': published.number})}"


def summary(published: Published) -> str:
    """What the summit is, in one sentence or two."""
    programme = published.programme
    texts: list[Texts] = [programme.tagline, programme.description]
    return next((shortened(to_plain(one.best(locale()).text)) for one in texts if one), "")


def shortened(text: str) -> str:
    """At most about two lines, cut between words."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"

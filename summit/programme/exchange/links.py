"""Links of sessions as the schedule formats take them."""

from collections.abc import Iterable

from msgspec.structs import replace

from summit.programme.exchange.reading import address, words
from summit.programme.values import Link

LINK_TYPES = frozenset(("slides", "paper", "web", "blog", "article", "media", "related", "activitypub"))


def fitting_links(links: Iterable[Link], base: str) -> tuple[Link, ...]:
    """With whole addresses that are safe to follow, and of types that the formats know."""
    fitting = (_fitting(link, base) for link in links)
    return tuple(link for link in fitting if link.url)


def as_in_a_file(links: Iterable[Link], base: str) -> tuple[Link, ...]:
    """As `fitting_links`, and in the order in which files have them: links, then attachments."""
    return tuple(sorted(fitting_links(links, base), key=lambda link: link.kind == "attachment"))


def recognised(found: tuple[Link, ...], carried: Iterable[Link], base: str) -> tuple[Link, ...]:
    """Links of a file that somebody has changed: those that are still there are as Summit had them."""
    known = {(written.kind, written.url): link for link in carried for written in fitting_links([link], base)}
    return tuple(_as_it_was(link, known.get((link.kind, link.url))) for link in found)


def _as_it_was(link: Link, was: Link | None) -> Link:
    return link if was is None else replace(was, title=link.title, type=link.type or was.type)


def _fitting(link: Link, base: str) -> Link:
    known = link.type if link.type in LINK_TYPES else ""
    return replace(link, url=address(link.url, base), title=words(link.title), type=known)

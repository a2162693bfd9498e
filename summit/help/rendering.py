"""A page of help, from Markdown into HTML that is safe to show.

A page is written so that it can be read in the repository as well: headings get the addresses that they have there,
links lead from file to file, pictures and files to begin with stand beside them. Tables have header cells with a scope
(WCAG 1.3.1); tables and examples scroll by themselves where they are too wide, with the keyboard, too (WCAG 1.4.10,
2.1.1).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

HOME = "/help"
TITLE_ID = "page-title"

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_PAGE = re.compile(r"(?P<name>[a-z0-9-]+)\.[a-z]{2}\.md(?P<heading>#.+)?")
_EXAMPLE = re.compile(r"deploy/[\w.-]+")
_ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)
_NOT_IN_ADDRESSES = re.compile(r"[^\w\- ]")


class CannotRender(ValueError):
    """A page that is not written as pages of help are."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a part of a page begins; `id` is its address within the page."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page: its title and first paragraph as plain text; that paragraph and all below it as HTML; its parts."""

    title: str
    summary: str
    lead: str
    html: str
    parts: tuple[Heading, ...]


def rendered(source: str, size_of: Callable[[str], tuple[int, int]]) -> Rendered:
    """The page; `size_of` tells the width and height of a picture, by its path, in pixels.

    Raises `CannotRender` where it does not begin with a title and a paragraph, or leads to what is no page.
    """
    tokens = _markdown.parse(source)
    if [token.type for token in tokens[:4:3]] != ["heading_open", "paragraph_open"] or tokens[0].tag != "h1":
        raise CannotRender("a page begins with its title and a paragraph that says what it is about")
    title, summary, body = tokens[1], tokens[4], tokens[3:]
    parts = tuple(_address_headings(body))
    for token in body:
        for inline in token.children or ():
            if inline.type == "link_open":
                _lead(inline)
            elif inline.type == "image":
                _place(inline, size_of)
    lead, rest = _html(body[:3]), _html(list(_with_regions(body[3:])))
    return Rendered(_plain(title), _plain(summary), lead, rest, parts)


def _address_headings(tokens: list[Token]) -> Iterator[Heading]:
    """Gives each heading an id, as GitHub does; yields those of the second level."""
    seen: dict[str, int] = {}
    for token, inline in pairwise(tokens):
        if token.type != "heading_open":
            continue
        if token.tag == "h1":
            raise CannotRender("a page has one title")
        text = _plain(inline)
        address = _NOT_IN_ADDRESSES.sub("", text.lower()).replace(" ", "-")
        times = seen[address] = seen.get(address, -1) + 1
        token.attrSet("id", f"{address}-{times}" if times else address)
        if token.tag == "h2":
            yield Heading(str(token.attrs["id"]), text)


def _lead(link: Token) -> None:
    href = str(link.attrs["href"])
    if _ELSEWHERE.match(href):
        link.attrSet("rel", "external")
    elif page := _PAGE.fullmatch(href):
        link.attrSet("href", f"{HOME}/{page['name']}{page['heading'] or ''}")
    elif _EXAMPLE.fullmatch(href):
        link.attrSet("href", f"{HOME}/{href}")
    elif not href.startswith("#"):
        raise CannotRender(f"{href} is neither a page of help, nor an example, nor an address on the web")


def _place(image: Token, size_of: Callable[[str], tuple[int, int]]) -> None:
    path = str(image.attrs["src"])
    width, height = size_of(path)
    image.attrs |= {"src": f"{HOME}/{path}", "width": width, "height": height, "loading": "lazy"}


def _with_regions(tokens: list[Token]) -> Iterator[Token]:
    """The same; what may be too wide can be scrolled and is called after the heading above; headers have a scope."""
    heading, in_body, is_first = TITLE_ID, False, False
    for token in tokens:
        named = f'tabindex="0" aria-labelledby="{heading}"'
        match token.type:
            case "heading_open":
                heading = str(token.attrs["id"])
            case "fence":
                token = _raw(f'<pre role="group" {named}><code>{escapeHtml(token.content)}</code></pre>\n')
            case "table_open":
                yield _raw(f'<div class="wide-table" role="region" {named}>\n')
            case "tbody_open" | "thead_open":
                in_body = token.type == "tbody_open"
            case "tr_open":
                is_first = in_body
            case "th_open":
                token.attrs = {"scope": "col"}
            case "td_open" | "td_close" if is_first:
                token.tag = "th"
                if token.type == "td_open":
                    token.attrs = {"scope": "row"}
                is_first = token.type == "td_open"
            case "td_open":
                # How a column is aligned would be an inline style, which no page here may have.
                token.attrs = {}
        yield token
        if token.type == "table_close":
            yield _raw("</div>\n")


def _html(tokens: list[Token]) -> str:
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))


def _raw(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def _plain(inline: Token) -> str:
    words = (" " if child.type == "softbreak" else child.content for child in inline.children or ())
    return "".join(words).strip()

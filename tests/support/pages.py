"""Answers of a server as a person sees them."""

import httpx2
from bs4 import BeautifulSoup

from summit.core.i18n import _, speaking


def soup(answer: httpx2.Response) -> BeautifulSoup:
    """The page's markup."""
    assert answer.headers["content-type"].startswith("text/html"), answer.headers["content-type"]
    return BeautifulSoup(answer.text, "html.parser")


def words(answer: httpx2.Response) -> str:
    """All text of the page, on one line."""
    return " ".join(soup(answer).get_text(" ").split())


def heading(answer: httpx2.Response) -> str:
    """The page's first heading."""
    found = soup(answer).find("h1")
    assert found is not None
    return " ".join(found.get_text().split())


def language(answer: httpx2.Response) -> str:
    """The language that the page says it is in."""
    html = soup(answer).html
    assert html is not None
    return str(html["lang"])


def said_in(tag: str, text: str) -> str:
    """How the program says that English text in the language."""
    with speaking(tag):
        return _(text)

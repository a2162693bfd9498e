"""Organisers' forms as a browser fills them in and sends them."""

from typing import Any

import httpx2
from bs4 import BeautifulSoup, Tag

from tests.support.pages import soup

Fields = dict[str, list[str]]


def filled_in(page: httpx2.Response | BeautifulSoup) -> Fields:
    """What the page's form holds, as a browser would send it unchanged."""
    tree = page if isinstance(page, BeautifulSoup) else soup(page)
    form = tree.select_one("form.organise-form")
    assert form is not None
    found: Fields = {}
    for control in form.select("input, select, textarea"):
        name = str(control.get("name") or "")
        value = _value(control)
        if name and value is not None:
            found.setdefault(name, []).append(value)
    return found


async def save(browser: httpx2.AsyncClient, address: str, fields: Fields, **files: Any) -> httpx2.Response:
    """Sends the form with files, as its ``multipart/form-data``."""
    # A browser sends the file's field, too, when nobody has chosen one.
    sent = files or {"hand_out": ("", b"", "application/octet-stream")}
    return await browser.post(address, data=fields, files=sent)


def actions_of(page: httpx2.Response) -> set[str]:
    """Where the forms in the page's content are sent to."""
    return {str(form["action"]) for form in soup(page).select(".organise-content form[method=post]")}


def changed(fields: Fields, **other: str | list[str]) -> Fields:
    """The same form with something else typed; ``title__en`` is the field ``title.en``."""
    typed = {name.replace("__", "."): [value] if isinstance(value, str) else value for name, value in other.items()}
    return fields | typed


def _value(control: Tag) -> str | None:
    if control.name == "textarea":
        return control.get_text()
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen["value"]) if chosen else None
    if control.get("type") == "file" or (control.get("type") == "checkbox" and not control.has_attr("checked")):
        return None
    return str(control.get("value", ""))

"""Web addresses in plain text become links, and nothing else does."""

import pytest

from summit.core.linking import linked


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Nothing here", []),
        ("See https://example.org/a.", ["https://example.org/a"]),
        ("(see http://example.org)", ["http://example.org"]),
        ("https://sv.wikipedia.org/wiki/Allmänning_(mark), tack", ["https://sv.wikipedia.org/wiki/Allmänning_(mark)"]),
        ("https://a.example/ https://b.example/?c=d", ["https://a.example/", "https://b.example/?c=d"]),
        ("javascript:alert(1) ftp://example.org https:// www.example.org", []),
        ('https://example.org/"onclick="x', ["https://example.org/"]),
    ],
)
def test_addresses_become_links(text: str, addresses: list[str]) -> None:
    found = linked(text)
    assert found.striptags() == text
    assert [part.partition('"')[0] for part in found.split('href="')[1:]] == addresses


def test_the_rest_is_escaped() -> None:
    assert linked("<b> https://example.org/?a=1&b=2") == (
        "&lt;b&gt; "
        '<a href="https://example.org/?a=1&amp;b=2" rel="external noopener" target="_blank">'
        "https://example.org/?a=1&amp;b=2</a>"
    )

"""A file that cannot be understood is refused with its line, its field, and what is wrong."""

import re
from collections.abc import Callable

import pytest

from summit.programme.exchange import read
from summit.programme.values import UnreadableProgramme

Sample = Callable[[str], bytes]


def refusal(data: bytes) -> UnreadableProgramme:
    with pytest.raises(UnreadableProgramme) as refused:
        read(data)
    return refused.value


def refusal_or_none(data: bytes) -> UnreadableProgramme | None:
    try:
        read(data)
    except UnreadableProgramme as error:
        return error
    return None


def line_of(data: bytes, part: bytes) -> int:
    return data[: data.index(part)].count(b"\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b"<duration>00:50:00</duration>", b"<duration>abc</duration>", "duration"),
        (b"<date>2026-03-27T23:30:00+01:00</date>", b"<date>tomorrow</date>", "date"),
        (b"<start>23:30</start>", b"<start>25:30</start>", "start"),
    ],
)
def test_xml_names_the_line_and_the_field(sample: Sample, old: bytes, new: bytes, field: str) -> None:
    broken = sample("frab.xml").replace(old, new)
    refused = refusal(broken)
    assert refused.line == line_of(broken, new)
    assert refused.field == f'day 1, room "Blå salen", event 102, {field}'
    assert str(refused).startswith(f"line {refused.line}, day 1, ")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b'"duration": 50', b'"duration": "abc"', "duration"),
        (b'"title": {"en": "Owls", "sv": "Ugglor"}', b'"title": ["Owls"]', "title"),
        (b'"title": {"en": "Owls", "sv": "Ugglor"}', b'"title": ""', "title"),
    ],
)
def test_json_names_the_line_and_the_field(sample: Sample, old: bytes, new: bytes, field: str) -> None:
    broken = sample("pretalx.json").replace(old, new)
    refused = refusal(broken)
    assert refused.line == line_of(broken, new)
    assert refused.field == f'day 1, room "Barn", event 12, {field}'


def test_a_missing_field_is_looked_for_at_the_event(sample: Sample) -> None:
    broken = sample("frab.xml").replace(b"<title>Night shift</title>", b"")
    refused = refusal(broken)
    assert (refused.line, refused.problem) == (line_of(broken, b'<event guid="Abc'), "has no title")


@pytest.mark.parametrize(
    "event",
    [
        "<title>A</title><duration>1:00</duration>",
        "<title>A</title><date>2026-03-27T10:00</date><duration>1:00</duration>",
        "<title>A</title><date>2026-03-27T10:00Z</date>",
        "<title>A</title><date>2026-03-27T10:00Z</date><duration>-5</duration>",
        "<title>A</title><date>2026-03-27T10:00Z</date><duration>101:00</duration>",
        "<title>A</title><date>0001-01-01T00:00Z</date><duration>1:00</duration>",
        "<title>A</title><date>2026-03-27T10:00Z</date><duration>1</duration><recording><optout>?</optout></recording>",
    ],
    ids=["no date", "no offset", "no length", "negative", "too long", "long ago", "neither true nor false"],
)
def test_an_event_that_cannot_be_placed_is_refused(event: str) -> None:
    whole = f"<schedule><conference/><day><room name='A'><event id='1'>{event}</event></room></day></schedule>"
    assert 'day 1, room "A", event 1, ' in refusal(whole.encode()).field


@pytest.mark.parametrize(
    ("data", "problem", "line"),
    [
        (b"", "is empty", None),
        (b" \n\t", "is empty", None),
        (b"\xef\xbb\xbf", "is empty", None),
        (b"<!DOCTYPE html>\n<html></html>", "web page", 1),
        (b"\n<HTML><body>", "web page", 1),
        (b"<?xml version='1.0'?>\n<rss/>", "<rss>, not a schedule", 2),
        (b"PK\x03\x04", "not a text file", None),
        (b"<schedule>\n<conference>", "not XML", 2),
        (b"<schedule>\n\xff</schedule>", "not XML", 2),
        (b"<?xml version='1.0' encoding='nope'?><schedule/>", "not XML", 1),
        (b"<schedule>\n</schedule>", "is missing", 1),
        (b'{"schedule":\n{"conference": }}', "not JSON", 2),
        (b'{"a":\n"\xff"}', "UTF-8", 2),
        (b"[1]", "not an object", 1),
        (b'{"schedule": {}}', "is missing", 1),
        (b'{"schedule": {"conference":\n{}}}', "is missing", 2),
        (b'{"schedule": {"conference":\n{"days": [7]}}}', "not a list of days", 2),
        (b'{"schedule": {"conference": {"days": [{\n"rooms": {"A": 7}}]}}}', "not a list", 2),
        (b'{"schedule": {"conference": {\n"time_zone_name": "Mars/Base", "days": []}}}', "not a time zone", 2),
        (b'{"schedule": {"conference": {\n"meta": {"summit": {"stages": 7}}, "days": []}}}', "as Summit writes", 1),
        (b"just words", "neither", 1),
    ],
)
def test_what_is_no_programme_is_refused_clearly(data: bytes, problem: str, line: int | None) -> None:
    refused = refusal(data)
    assert problem in refused.problem
    assert refused.line == line


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE schedule>",
        '<!DOCTYPE schedule SYSTEM "http://evil.example/x.dtd">',
        '<!DOCTYPE schedule [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE schedule [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
    ],
)
def test_a_dtd_is_refused(head: str) -> None:
    refused = refusal(f'<?xml version="1.0"?>\n{head}\n<schedule>&c;</schedule>'.encode())
    assert (refused.line, "refused" in refused.problem) == (2, True)


@pytest.mark.parametrize("data", [b"<a>" * 100_000, b'{"a":' * 100_000, b"[" * 100_000], ids=["xml", "json", "lists"])
def test_absurd_depth_is_refused(data: bytes) -> None:
    assert "nested too deeply" in refusal(data).problem


@pytest.mark.parametrize("name", ["frab.xml", "pretalx.json"])
def test_a_file_that_was_cut_off_is_refused_wherever_that_was(sample: Sample, name: str) -> None:
    whole = sample(name).rstrip()
    for end in range(1, len(whole), 97):
        assert refusal(whole[:end]).problem


@pytest.mark.parametrize("name", ["frab.xml", "pretalx.json"])
def test_a_value_of_any_other_kind_is_read_or_refused(sample: Sample, name: str) -> None:
    """Each value in turn is replaced: either somebody can make sense of it, or the refusal names a line."""
    whole = sample(name).decode()
    pattern = r">[^<\n]+<" if name == "frab.xml" else r'(?<=: )("[^"\n]*"|\d+|null)'
    others = ("><", ">?<", ">&#x202e;9<") if name == "frab.xml" else ("[]", "{}", "-1.5", "true", '"?"', "[[{}]]")
    refused = [
        refusal_or_none((whole[: found.start()] + other + whole[found.end() :]).encode())
        for found in re.finditer(pattern, whole)
        for other in others
    ]
    errors = [error for error in refused if error is not None]
    assert len(errors) > 20
    assert all(error.line for error in errors)


def test_a_zone_that_there_is_not_is_the_callers_mistake(sample: Sample) -> None:
    with pytest.raises(ValueError, match="Mars/Base"):
        read(sample("frab.xml"), zone="Mars/Base")

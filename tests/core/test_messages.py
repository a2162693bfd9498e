"""Messages: whatever people call themselves, a mail has one recipient and the headers we gave it."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summit.core.mail.addresses import BadAddress, normalised
from summit.core.mail.messages import Attachment, Letter, checked, message, sender_of, thread_id
from tests.support.clocks import NOW
from tests.support.mail import body_of

NASTY = [
    "Eve\r\nBcc: victim@example.org",
    "Eve\nX-Evil: yes\n\nbody",
    'Eve" <eve@example.org>, "Other',
    "Eve, victim@example.org",
    "=?utf-8?q?Eve=0D=0ABcc:_victim@example.org?=",
    "Åsa\u2028Bcc: x@example.org",
    "\0\x0b\x85",
    "<script>",
    "é" * 300,
    "🦊" * 90,
]


def sent(letter: Letter) -> EmailMessage:
    """As it comes out of the wire at the other end."""
    raw = message(letter, "Summit <hello@example.org>", "<1@example.org>", NOW).as_bytes()
    assert max(map(len, raw.splitlines())) <= 998
    return message_from_bytes(raw, policy=policy.default)


anything = st.text(st.characters(codec="utf-8"), max_size=300) | st.sampled_from(NASTY)


@given(name=anything, subject=anything, text=anything)
@example(name=NASTY[0], subject=NASTY[1], text="Hej\r\n.\r\nQUIT\r\n")
@example(name=NASTY[2], subject=NASTY[4], text="")
@example(name=NASTY[4], subject=NASTY[0], text="")
@example(name=NASTY[3], subject=NASTY[5], text="\0")
def test_nothing_that_people_write_becomes_a_header_or_a_recipient(name: str, subject: str, text: str) -> None:
    mail = sent(Letter("anna@example.org", subject, text, f"<p>{text}</p>", name))
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )
    assert [address.addr_spec for address in mail["To"].addresses] == ["anna@example.org"]
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("subject", ["Din länk för att logga in", "日本語の件名", 'a, b; c: "d" <e>', "🦊" * 60])
def test_subjects_arrive_as_they_were(subject: str) -> None:
    assert sent(Letter("anna@example.org", subject, "x"))["Subject"] == subject


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=2000))
def test_bodies_arrive_as_they_were(text: str) -> None:
    assert body_of(sent(Letter("anna@example.org", "x", text)), "plain").rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize("name", ["Bcc", "subject", "Content-Type", "X-Evil\r\nBcc", "X: y", ""])
def test_a_letter_cannot_set_headers_that_are_ours(name: str) -> None:
    with pytest.raises(ValueError, match="is not a letter's to set"):
        checked(Letter("anna@example.org", "x", "x", headers={name: "y"}))


def test_a_header_value_stays_on_its_line() -> None:
    mail = sent(Letter("anna@example.org", "x", "x", headers={"X-Kind": "a\r\nBcc: eve@example.org"}))
    assert mail["X-Kind"] == "a Bcc: eve@example.org"
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Anna@Example.ORG ", "anna@example.org"), ("a+b@exämple.org", "a+b@xn--exmple-cua.org")],
)
def test_one_mailbox_has_one_spelling(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "anna", "anna@", "@example.org", "a@b@c.org", "a b@example.org", "å@example.org", '"a b"@example.org'),
        *("a@example.org\nBcc: b@example.org", "a@example.org,b@example.org", "<a@example.org>", "a" * 250 + "@b.org"),
        "=?utf-8?q?=0D=0ABcc=3A?=@example.org",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        normalised(typed)


def test_headers_that_programs_read_go_out_as_they_are_however_long() -> None:
    domain = "mail." + "a-long-label." * 6 + "example.org"
    address = f"<https://{domain}/summit/unsubscribe/{'x' * 43}/mailings>"
    letter = Letter("anna@example.org", "x", "x", headers={"List-Unsubscribe": address}, thread="0" * 20)
    raw = message(letter, "Summit <hello@example.org>", f"<1@{domain}>", NOW).as_bytes()
    # As programs see it that know nothing of encoded words, which are not allowed here (RFC 2047 §5).
    lines = raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    opened_by = thread_id("0" * 20, domain)
    assert f"List-Unsubscribe: {address}" in lines
    assert {f"In-Reply-To: {opened_by}", f"References: {opened_by}"} <= set(lines)


def test_a_file_comes_along_to_the_letter_with_its_type_and_name() -> None:
    text = "BEGIN:VCALENDAR\r\n" + "X-LONG:" + "å" * 500 + "\r\nEND:VCALENDAR\r\n"
    file = Attachment("möte\r\nBcc: x.ics", "text/calendar; charset=utf-8; method=PUBLISH", text)
    mail = sent(Letter("anna@example.org", "x", "x", "<p>x</p>", attachments=[file]))
    (came,) = mail.iter_attachments()
    assert dict(came["Content-Type"].params) == {"charset": "utf-8", "method": "PUBLISH"}
    assert (came.get_content_disposition(), came.get_filename()) == ("attachment", "möte Bcc: x.ics")
    assert came.get_payload(decode=True) == text.encode()
    assert mail["Bcc"] is None


def test_a_sender_is_an_address() -> None:
    assert str(sender_of("Provmötet <hej@exämple.org>")) == "Provmötet <hej@xn--exmple-cua.org>"
    with pytest.raises(ValueError, match="SUMMIT_MAIL_FROM"):
        sender_of("Summit")

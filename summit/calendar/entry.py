"""A session as an entry in somebody's calendar: its words and addresses, before any format."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote

import msgspec

from summit.calendar.flattening import in_html, in_one_line, in_paragraphs
from summit.core.i18n import _, speaking
from summit.core.texts import Localised, Texts
from summit.programme.hosts import own_picture
from summit.programme.values import Programme, Session, Speaker, Stage, Theme

NO_TEXT = Localised("", "")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar shows of a session. All texts are clean; only the long ones have line breaks.

    `ways` is what the description ends with: where one can go from here. `html` is the description with its mark-up.
    `page`, `live` and `image` are empty where there is nothing to link to; `geo` is latitude and longitude in degrees
    (WGS 84) of where people can go. Times are in UTC.
    """

    starts: datetime
    ends: datetime
    summary: Localised
    description: Localised
    ways: str
    html: Localised
    location: Localised
    geo: tuple[float, float] | None
    categories: tuple[str, ...]
    colour: str
    image: str
    page: str
    live: str


class Edition:
    """A programme as one reader gets it: in a language, at an address."""

    def __init__(self, programme: Programme, *, base_url: str, slug: str, language: str) -> None:
        self.programme = programme
        self.language = language
        self.base_url = base_url.rstrip("/")
        self.home = f"{self.base_url}/{quote(slug, safe='')}"
        with speaking(language):
            self._words = _Words()
        self._stages: dict[str, Stage] = {stage.slug: stage for stage in programme.stages}
        self._themes: dict[str, Theme] = {theme.slug: theme for theme in programme.themes}
        self._speakers: dict[str, Speaker] = {speaker.guid: speaker for speaker in programme.speakers}

    def entry(self, session: Session) -> Entry | None:
        """The session's entry; None while it has no time."""
        if session.start is None:
            return None
        # In UTC first: adding to an aware time adds to the clock on the wall, which is wrong across a clock change.
        starts = session.start.astimezone(UTC)
        stage, theme = self._stages.get(session.stage), self._themes.get(session.theme)
        page = f"{self.home}/sessions/{quote(session.code, safe='')}" if session.code else ""
        live = f"{page}/live" if page and session.state == "confirmed" else ""
        ways = "\n".join(f"{words}: {address}" for words, address in self._ways(page, live))
        return Entry(
            starts=starts,
            ends=starts + timedelta(minutes=max(session.minutes, 0)),
            summary=self._summary(session),
            description=self._description(session, ways),
            ways=ways,
            html=self._html(session, page, live),
            location=self._location(stage) if stage else NO_TEXT,
            geo=stage.coordinates if stage else None,
            categories=tuple(self._categories(session, theme)),
            colour=theme.colour if theme else "",
            image=self.picture(session.logo),
            page=page,
            live=live,
        )

    def line(self, texts: Texts) -> Localised:
        """The text in the reader's language as far as there is one, on one line."""
        text, lang = texts.best(self.language)
        return Localised(in_one_line(text), lang)

    def picture(self, address: str) -> str:
        """The whole address of a picture on this site; empty for one from elsewhere, which would tell who looks."""
        own = own_picture(address)
        return f"{self.base_url}{own}" if own else ""

    def _summary(self, session: Session) -> Localised:
        title, lang = self.line(session.title)
        title = title or in_one_line(session.code)
        return Localised(f"{self._words.cancelled}: {title}" if session.state == "cancelled" else title, lang)

    def _location(self, stage: Stage) -> Localised:
        name, lang = self.line(stage.name)
        return Localised(", ".join(filter(None, (name, in_one_line(stage.address)))), lang)

    def _description(self, session: Session, ways: str) -> Localised:
        bodies, lang = self._bodies(session)
        paragraphs = dict.fromkeys(
            [
                self._words.is_cancelled if session.state == "cancelled" else "",
                self.line(session.subtitle).text,
                self._names(session),
                *map(in_paragraphs, bodies),
                ways,
            ]
        )
        return Localised("\n\n".join(filter(None, paragraphs)), lang)

    def _html(self, session: Session, page: str, live: str) -> Localised:
        bodies, lang = self._bodies(session)
        cancelled = f"<strong>{escape(self._words.is_cancelled)}</strong>" if session.state == "cancelled" else ""
        lines = (cancelled, escape(self.line(session.subtitle).text), escape(self._names(session)))
        ways = "<br>".join(
            f'<a href="{escape(address)}">{escape(words)}</a>' for words, address in self._ways(page, live)
        )
        parts = [*(f"<p>{line}</p>" for line in lines if line), *map(in_html, bodies), f"<p>{ways}</p>" if ways else ""]
        return Localised("".join(parts), lang)

    def _bodies(self, session: Session) -> tuple[list[str], str]:
        """The long texts as they were written, and the language of the first, else of the subtitle."""
        bodies = [texts.best(self.language) for texts in (session.abstract, session.description) if texts]
        return [body.text for body in bodies], bodies[0].lang if bodies else self.line(session.subtitle).lang

    def _names(self, session: Session) -> str:
        people = (self._speakers.get(guid) for guid in session.speakers)
        return ", ".join(in_one_line(person.name) for person in people if person)

    def _ways(self, page: str, live: str) -> list[tuple[str, str]]:
        """Where one can go from here. In the text, too, because many calendars show neither URL nor CONFERENCE."""
        ways = ((self._words.room, live), (self._words.about, page))
        return [(words, address) for words, address in ways if address]

    def _categories(self, session: Session, theme: Theme | None) -> Iterator[str]:
        for text in (self.line(theme.name).text if theme else "", in_one_line(session.type)):
            if text:
                yield text


class _Words:
    """What calendars say of any session, in the language spoken right now."""

    def __init__(self) -> None:
        self.cancelled = in_one_line(_("Cancelled"))
        self.is_cancelled = in_one_line(_("This session is cancelled."))
        self.room = in_one_line(_("The room"))
        self.about = in_one_line(_("About the session"))


def shortened(entry: Entry, octets: int) -> Entry:
    """The same with a description of at most so many octets in UTF-8 before the ways on from there."""
    text, lang = entry.description
    body = text.removesuffix(entry.ways).rstrip()
    if len(body.encode()) <= octets:
        return entry
    cut = body.encode()[:octets].decode(errors="ignore").rstrip()
    paragraphs = filter(None, (f"{cut}…" if cut else "", entry.ways))
    return msgspec.structs.replace(entry, description=Localised("\n\n".join(paragraphs), lang))

"""A session as an entry in somebody's calendar: its words and addresses, before any format."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import msgspec

from summit.calendar.flattening import in_one_line, in_paragraphs
from summit.core.texts import Localised, Texts
from summit.programme.values import Programme, Session, Speaker, Stage, Theme


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar shows of a session. All texts are clean; only `description` has line breaks.

    `page` and `live` are empty where there is nothing to link to. Times are in UTC.
    """

    starts: datetime
    ends: datetime
    summary: Localised
    description: Localised
    location: Localised
    categories: tuple[str, ...]
    colour: str
    page: str
    live: str


class Edition:
    """A programme as one reader gets it: in a language, at an address."""

    def __init__(self, programme: Programme, *, base_url: str, slug: str, language: str, cancelled_prefix: str) -> None:
        self.programme = programme
        self.language = language
        self.home = f"{base_url.rstrip('/')}/{quote(slug, safe='')}"
        self._cancelled = in_one_line(cancelled_prefix)
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
        return Entry(
            starts=starts,
            ends=starts + timedelta(minutes=max(session.minutes, 0)),
            summary=self._summary(session),
            description=self._description(session, page),
            location=self.line(stage.name) if stage else Localised("", ""),
            categories=tuple(self._categories(session, theme)),
            colour=theme.colour if theme else "",
            page=page,
            live=f"{page}/live" if page and session.state == "confirmed" else "",
        )

    def line(self, texts: Texts) -> Localised:
        """The text in the reader's language as far as there is one, on one line."""
        text, lang = texts.best(self.language)
        return Localised(in_one_line(text), lang)

    def _summary(self, session: Session) -> Localised:
        title, lang = self.line(session.title)
        title = title or in_one_line(session.code)
        return Localised(f"{self._cancelled}: {title}" if session.state == "cancelled" else title, lang)

    def _description(self, session: Session, page: str) -> Localised:
        subtitle, lang = self.line(session.subtitle)
        people = (self._speakers.get(guid) for guid in session.speakers)
        names = ", ".join(in_one_line(person.name) for person in people if person)
        bodies = [texts.best(self.language) for texts in (session.abstract, session.description) if texts]
        lang = bodies[0].lang if bodies else lang
        paragraphs = dict.fromkeys([subtitle, names, *(in_paragraphs(body.text) for body in bodies), page])
        return Localised("\n\n".join(filter(None, paragraphs)), lang)

    def _categories(self, session: Session, theme: Theme | None) -> Iterator[str]:
        for text in (self.line(theme.name).text if theme else "", in_one_line(session.type)):
            if text:
                yield text

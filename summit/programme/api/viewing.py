"""Makes what the API answers with from a programme, released or in the draft."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import msgspec
from msgspec import UNSET, UnsetType

from summit.programme import values
from summit.programme.api import resources
from summit.programme.drafts import Rows
from summit.programme.models import Session, Speaker, Tracked
from summit.programme.published import Published, day_of

PATH = "/api/v1"


@dataclass(frozen=True)
class View:
    """A programme as programs read it. `base` is the site's address; `rows` are those of the draft, where it is one."""

    base: str
    published: Published
    rows: Rows | None = None

    @property
    def at(self) -> str:
        """The address of the summit in the API."""
        return f"{self.base}{PATH}/summits/{self.published.slug}"

    def summit(self) -> resources.Summit:
        """The summit itself."""
        published, programme = self.published, self.published.programme
        return resources.Summit(
            slug=published.slug,
            title=programme.title,
            tagline=programme.tagline,
            description=programme.description,
            acronym=programme.acronym,
            zone=programme.zone or "UTC",
            starts_on=programme.starts_on,
            ends_on=programme.ends_on,
            languages=list(programme.languages),
            hosts=[
                resources.Host(name=one.name, role=one.role, url=one.url, logo=self._whole(one.logo))
                for one in programme.hosts
            ],
            accent=programme.accent,
            logo=self._whole(programme.logo),
            release=published.number or None,
            released_at=published.released_at.astimezone(UTC) if published.number else None,
            revision=self.rows.summit.revision if self.rows else UNSET,
            page=f"{self._page}",
            calendar=f"{self._page}/programme.ics",
            sessions=f"{self.at}/sessions",
            speakers=f"{self.at}/speakers",
            stages=f"{self.at}/stages",
            themes=f"{self.at}/themes",
            types=f"{self.at}/types",
            releases=f"{self.at}/releases",
        )

    def session(self, session: values.Session) -> resources.Session:
        """A session; of a draft with what is not public."""
        page = f"{self._page}/sessions/{session.code}"
        bare = resources.Session(
            guid=session.guid,
            code=session.code,
            title=session.title,
            subtitle=session.subtitle,
            abstract=session.abstract,
            description=session.description,
            type=session.type,
            language=session.language,
            level=session.level,
            stage=session.stage,
            theme=session.theme,
            start=session.start.astimezone(UTC) if session.start else None,
            end=session.end,
            minutes=session.minutes,
            day=day_of(session, self.published.programme),
            zone=self.published.programme.zone or "UTC",
            state=session.state,
            capacity=session.capacity,
            speakers=[one.code for one in self.published.speakers_of(session)],
            links=[
                resources.Link(url=self._whole(one.url), title=one.title, kind=one.kind, type=one.type)
                for one in session.links
            ],
            url=self._whole(session.url),
            logo=self._whole(session.logo),
            accessibility=session.accessibility,
            features=list(session.features),
            licence=session.licence,
            do_not_record=session.do_not_record,
            sequence=session.sequence,
            changed_at=session.changed_at.astimezone(UTC) if session.changed_at else None,
            page=page,
            room=f"{page}/live",
            ics=f"{page}.ics",
        )
        if self.rows is None:
            return bare
        row = self._session_rows[session.guid]
        return resources.DraftSession(
            **msgspec.structs.asdict(msgspec.structs.replace(bare, changed_at=row.changed_at)),
            revision=row.revision,
            changed_by=row.changed_by,
            notes=row.notes,
        )

    def speaker(self, speaker: values.Speaker) -> resources.Speaker:
        """Somebody who appears; of a draft with what is not public."""
        bare = resources.Speaker(
            guid=speaker.guid,
            code=speaker.code,
            name=speaker.name,
            pronouns=speaker.pronouns,
            organisation=speaker.organisation,
            biography=speaker.biography,
            photo=self._whole(speaker.photo),
            sessions=self._appearances.get(speaker.guid, []),
            page=f"{self._page}/speakers/{speaker.code or speaker.guid}",
        )
        if self.rows is None:
            return bare
        row = self._speaker_rows[speaker.guid]
        return resources.DraftSpeaker(
            **msgspec.structs.asdict(bare),
            email=row.email,
            availability=[
                resources.Span(start=_moment(one["start"]), end=_moment(one["end"])) for one in row.availability
            ],
            revision=row.revision,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
        )

    def stage(self, stage: values.Stage) -> resources.Stage:
        """A stage."""
        return resources.Stage(
            slug=stage.slug,
            name=stage.name,
            description=stage.description,
            capacity=stage.capacity,
            address=stage.address,
            latitude=stage.latitude,
            longitude=stage.longitude,
            revision=_revision(self.rows.stages if self.rows else [], "slug", stage.slug),
            page=f"{self._page}/programme?stage={stage.slug}",
        )

    def theme(self, theme: values.Theme) -> resources.Theme:
        """A theme."""
        return resources.Theme(
            slug=theme.slug,
            name=theme.name,
            colour=theme.colour,
            shape=theme.shape,
            revision=_revision(self.rows.themes if self.rows else [], "slug", theme.slug),
            page=f"{self._page}/programme?theme={theme.slug}",
        )

    def type(self, type: values.SessionType) -> resources.SessionType:
        """A type of sessions."""
        return resources.SessionType(
            key=type.key,
            name=type.name,
            minutes=type.minutes,
            revision=_revision(self.rows.types if self.rows else [], "key", type.key),
        )

    @property
    def _page(self) -> str:
        return f"{self.base}/{self.published.slug}"

    def _whole(self, address: str) -> str:
        """Addresses on this site with the site."""
        return f"{self.base}{address}" if address.startswith("/") and not address.startswith("//") else address

    @cached_property
    def _appearances(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for session in self.published.programme.sessions:
            for guid in session.speakers:
                found[guid].append(session.code)
        return found

    @cached_property
    def _session_rows(self) -> Mapping[str, Session]:
        return {row.guid: row for row in self.rows.sessions} if self.rows else {}

    @cached_property
    def _speaker_rows(self) -> Mapping[str, Speaker]:
        return {row.guid: row for row in self.rows.speakers} if self.rows else {}


def _revision(rows: Sequence[Tracked], name: str, value: str) -> int | UnsetType:
    found = next((row for row in rows if getattr(row, name) == value), None)
    return found.revision if found else UNSET


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)

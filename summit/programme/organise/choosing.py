"""What a session of a draft can have: the choices in organisers' forms, and values in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, clock_time, locale, long_date
from summit.core.texts import Texts
from summit.programme.features import feature_name
from summit.programme.kinds import kind_name
from summit.programme.languages import language_name
from summit.programme.models import Session, SessionType, Stage, Theme
from summit.programme.organise.speaker_list import speakers_by_name
from summit.programme.organising import Organised

_OFTEN_SPOKEN = ("sv", "en", "nb", "da", "fi", "is", "se", "de", "fr", "es", "it", "nl", "pl", "pt", "uk", "ar", "so")


@dataclass(frozen=True)
class Choices:
    """Names by slug, key or code, in their order. `minutes` is the usual length by type."""

    zone: ZoneInfo
    stages: Mapping[str, str]
    themes: Mapping[str, str]
    types: Mapping[str, str]
    minutes: Mapping[str, int]
    languages: Mapping[str, str]
    levels: tuple[str, ...]
    speakers: Mapping[str, str]

    def said(self, field: str, value: Any) -> str:
        """A value of a session or speaker, by the names of `SessionEdit` and `SpeakerEdit`, in words."""
        if value is None or value in ("", [], {}):
            return ""
        if field in (names := self._names()):
            return names[field].get(value, value)
        match field:
            case "start":
                return moment_in_words(datetime.fromisoformat(value), self.zone)
            case "day":
                return long_date(date.fromisoformat(value))
            case "speakers":
                return ", ".join(self.speakers.get(code, code) for code in value)
            case "features":
                return ", ".join(feature_name(one) for one in value)
            case "links":
                return "\n".join(" – ".join(one[name] for name in ("title", "url") if one.get(name)) for one in value)
            case "availability":
                return "\n".join(span_in_words(one, self.zone) for one in value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, Mapping):
            return "\n\n".join(f"{language_name(lang)}: {text}" if lang else str(text) for lang, text in value.items())
        return str(value)

    def _names(self) -> dict[str, Mapping[str, str]]:
        states = {"confirmed": _("Takes place"), "cancelled": _("Cancelled")}
        own = {"stage": self.stages, "theme": self.themes, "type": self.types, "language": self.languages}
        return {**own, "state": states}


async def choices_of(db: AsyncSession, summit: Organised) -> Choices:
    """What sessions of that summit can have, with what its sessions have already."""
    stages = await db.execute(
        select(Stage.slug, Stage.name).where(Stage.summit_id == summit.id).order_by(Stage.position)
    )
    themes = await db.execute(
        select(Theme.slug, Theme.name).where(Theme.summit_id == summit.id).order_by(Theme.position)
    )
    of_summit = SessionType.summit_id == summit.id
    types = (await db.scalars(select(SessionType).where(of_summit).order_by(SessionType.position))).all()
    used = (
        await db.execute(
            select(Session.type, Session.language, Session.level).where(Session.summit_id == summit.id).distinct()
        )
    ).all()
    names = {one.key: _local(one.name) or kind_name(one.key) for one in types}
    others = sorted({type for type, _language, _level in used if type} - set(names))
    spoken = [*summit.programme.languages, *sorted({language for _type, language, _level in used if language})]
    return Choices(
        zone=summit.tz,
        stages={slug: _local(name) for slug, name in stages},
        themes={slug: _local(name) for slug, name in themes},
        types=names | {key: kind_name(key) for key in others},
        minutes={one.key: one.minutes for one in types},
        languages={code: language_name(code) for code in (*spoken, *_OFTEN_SPOKEN)},
        levels=tuple(sorted({level for _type, _language, level in used if level})),
        speakers=await _speakers(db, summit.id),
    )


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """``Tuesday 10 November 09:30`` in that zone."""
    return f"{long_date(moment.astimezone(zone).date())} {clock_time(moment, zone)}"


def span_in_words(span: Mapping[str, str], zone: ZoneInfo) -> str:
    """``Tuesday 10 November 09:30–12:00`` in that zone."""
    start, end = (datetime.fromisoformat(span[name]).astimezone(zone) for name in ("start", "end"))
    until = clock_time(end, zone) if start.date() == end.date() else moment_in_words(end, zone)
    return f"{moment_in_words(start, zone)}–{until}"


async def _speakers(db: AsyncSession, summit_id: str) -> dict[str, str]:
    """By name as people look for it; with the organisation, which tells two of one name apart."""
    everybody = await speakers_by_name(db, summit_id)
    return {one.code: f"{one.name} ({one.organisation})" if one.organisation else one.name for one in everybody}


def _local(texts: Texts) -> str:
    return texts.best(locale()).text

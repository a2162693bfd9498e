"""A calendar says less than a table: what iCalendar has no property for, or does not say, is taken from the draft.

Summit's own calendars put subtitle, names and texts together into one description. Where all of that is still as it is
in the draft, the draft's texts stay; else what comes after subtitle, names and abstract is the new description.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from summit.core.text import to_plain
from summit.core.texts import Texts
from summit.programme.completing import known_again
from summit.programme.values import Programme, Session, Stage

_BETWEEN = re.compile(r"\n[ \t]*\n|(?<=</p>)|(?<=</ul>)|(?<=</ol>)|(?<=</h3>)|(?<=</pre>)|(?<=</blockquote>)")


def completed_calendar(calendar: Programme, draft: Programme | None, slug: str) -> Programme:
    """The calendar's sessions within the draft's programme; where there is no draft yet, the slug may serve as title.

    Stages and themes are known again by their names. Sessions of the draft without a time stay, for no calendar has
    such.
    """
    if draft is None:
        return msgspec.structs.replace(calendar, title=calendar.title or Texts.of(slug))
    calendar = _with_types(calendar, draft)
    stages, of_stage = known_again(calendar.stages, draft.stages, _places(draft.stages))
    themes, of_theme = known_again(calendar.themes, draft.themes)
    before = {session.guid: session for session in draft.sessions}
    names = {speaker.guid: speaker.name for speaker in draft.speakers}
    sessions = [
        _with_the_rest(
            msgspec.structs.replace(
                session,
                stage=of_stage.get(session.stage, session.stage),
                theme=of_theme.get(session.theme, session.theme),
            ),
            before.get(session.guid),
            names,
        )
        for session in calendar.sessions
    ]
    there = {session.guid for session in sessions}
    waiting = (session for session in draft.sessions if session.start is None and session.guid not in there)
    return msgspec.structs.replace(draft, stages=stages, themes=themes, sessions=(*sessions, *waiting))


def _places(stages: Iterable[Stage]) -> Mapping[str, str]:
    """Stages that people can go to, as calendars write them."""
    return {f"{name}, {one.address}": one.slug for one in stages if one.address for name in one.name.values()}


def _with_types(calendar: Programme, draft: Programme) -> Programme:
    """A theme that nobody knows, with the name of a type that is known, is that type."""
    known = {name for theme in draft.themes for name in theme.name.values()}
    types = {one.key for one in draft.types} | {session.type for session in draft.sessions}
    meant = {one.slug: str(one.name) for one in calendar.themes if str(one.name) in types - known}
    return msgspec.structs.replace(
        calendar,
        themes=tuple(one for one in calendar.themes if one.slug not in meant),
        sessions=tuple(
            msgspec.structs.replace(one, theme="", type=one.type or meant[one.theme]) if one.theme in meant else one
            for one in calendar.sessions
        ),
    )


def _with_the_rest(session: Session, before: Session | None, names: Mapping[str, str]) -> Session:
    if before is None:
        return session
    return msgspec.structs.replace(
        before,
        title=session.title,
        start=session.start,
        minutes=session.minutes,
        day=before.day if session.start == before.start else session.day,
        state=session.state,
        stage=session.stage or before.stage,
        theme=session.theme or before.theme,
        type=session.type or before.type,
        url=session.url or before.url,
        description=_description(session.description, before, names),
    )


def _description(said: Texts, before: Session, names: Mapping[str, str]) -> Texts:
    """What the event says beyond what stands in other fields of the session."""
    text, lang = said.best()
    if not text or text in before.description.values():
        return before.description
    blocks = [block.strip() for block in _BETWEEN.split(text) if block.strip()]
    spoken = ", ".join(names[guid] for guid in before.speakers if guid in names)
    for part in (before.subtitle.values(), [spoken], before.abstract.values()):
        blocks = _after({_plain(one) for one in part} - {""}, blocks)
    rest = "\n\n".join(blocks)
    known = {_plain(one) for one in before.description.values()}
    return before.description if not rest or _plain(rest) in known else Texts.of(rest, lang)


def _after(texts: Iterable[str], blocks: list[str]) -> list[str]:
    """The blocks that come after one of those texts, where they begin with it; else all."""
    for text in texts:
        begun = ""
        for turn, block in enumerate(blocks, 1):
            begun = f"{begun} {_plain(block)}".strip()
            if begun == text:
                return blocks[turn:]
            if not text.startswith(begun):
                break
    return blocks


def _plain(text: str) -> str:
    """The words alone, however they are marked up."""
    return " ".join(to_plain(text).split())

"""A table says less than the schedule formats: what it has no column for is taken from the draft, before the import."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from summit.core.texts import Texts
from summit.programme.values import Programme, Session, Speaker, Stage, Theme

Named = TypeVar("Named", Stage, Theme)
_NOTHING: Mapping[str, str] = {}


def completed(table: Programme, draft: Programme | None, slug: str) -> Programme:
    """The table's sessions within the draft's programme; where there is no draft yet, the slug serves as a title.

    Stages, themes and speakers stand in a table by their names alone, so they are known again by these.
    """
    if draft is None:
        return msgspec.structs.replace(table, title=Texts.of(slug))
    stages, of_stage = known_again(table.stages, draft.stages)
    themes, of_theme = known_again(table.themes, draft.themes)
    people, of_person = _people_known_again(table.speakers, draft.speakers)
    before = {session.guid: session for session in draft.sessions}
    guids = {session.code: session.guid for session in draft.sessions}
    sessions = tuple(
        msgspec.structs.replace(
            _with_the_rest(session, before.get(guid)),
            guid=guid,
            stage=of_stage.get(session.stage, session.stage),
            theme=of_theme.get(session.theme, session.theme),
            speakers=tuple(of_person.get(guid, guid) for guid in session.speakers),
        )
        for session in table.sessions
        # A row without a guid has one that nobody knows: its code says more.
        for guid in [session.guid if session.guid in before else guids.get(session.code, session.guid)]
    )
    return msgspec.structs.replace(draft, stages=stages, themes=themes, speakers=people, sessions=sessions)


def _with_the_rest(session: Session, before: Session | None) -> Session:
    if before is None:
        return session
    return msgspec.structs.replace(
        session,
        number=before.number,
        slug=before.slug,
        links=before.links,
        logo=before.logo,
        licence=before.licence,
        do_not_record=before.do_not_record,
        features=session.features or before.features,
    )


def known_again(
    new: Iterable[Named], old: tuple[Named, ...], others: Mapping[str, str] = _NOTHING
) -> tuple[tuple[Named, ...], Mapping[str, str]]:
    """Both together, and for each new slug the one it has in the draft.

    They are known by any of their names, and by `others`, which are slugs by further names.
    """
    by_name = {**others, **{name: one.slug for one in old for name in one.name.values()}}
    slugs: dict[str, str] = {}
    together = list(old)
    for one in new:
        if str(one.name) in by_name:
            slugs[one.slug] = by_name[str(one.name)]
        else:
            together.append(one)
    return tuple(together), slugs


def _people_known_again(
    new: Iterable[Speaker], old: tuple[Speaker, ...]
) -> tuple[tuple[Speaker, ...], Mapping[str, str]]:
    by_name = {one.name: one.guid for one in old}
    guids = {one.guid: by_name[one.name] for one in new if one.name in by_name}
    return (*old, *(one for one in new if one.guid not in guids)), guids

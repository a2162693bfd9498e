"""All that the API can do: the one table that its addresses and its description are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct

from summit.people.tokens import WRITE, Scope
from summit.programme.api import reading, resources, writing, writing_speakers, writing_stages
from summit.programme.api.answers import Endpoint
from summit.programme.api.asking import JSON, MERGE_PATCH
from summit.programme.api.bodies import NewSession, NewSpeaker, NewStage, SessionChange, SpeakerChange, StageChange
from summit.programme.api.queries import (
    DraftPagedQuery,
    DraftQuery,
    NoQuery,
    PagedQuery,
    SessionsQuery,
    SpeakersQuery,
)
from summit.programme.api.viewing import PATH

Method = Literal["get", "post", "patch", "put", "delete"]


@dataclass(frozen=True)
class Operation:
    """What one method does at one address.

    `answers` has the types that it may answer with, by status; `body` is what it takes, as one of `kinds`.
    """

    method: Method
    path: str
    run: Endpoint
    name: str
    summary: str
    answers: Mapping[int, tuple[Any, ...]]
    query: type[NoQuery] = NoQuery
    body: type[Struct] | None = None
    kinds: tuple[str, ...] = ()
    scope: Scope | None = None
    about: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    """Other operations that take the code of what was made, by the name of the link."""

    @property
    def has_draft(self) -> bool:
        """Whether it can be asked for the draft."""
        return "draft" in self.query.__struct_fields__

    @property
    def is_list(self) -> bool:
        """Whether it answers page by page."""
        return issubclass(self.query, PagedQuery)


_SUMMIT = f"{PATH}/summits/{{summit}}"
_SESSIONS, _SPEAKERS = f"{_SUMMIT}/sessions", f"{_SUMMIT}/speakers"
_SESSION, _SPEAKER = f"{_SESSIONS}/{{code}}", f"{_SPEAKERS}/{{code}}"
_STAGES = f"{_SUMMIT}/stages"
_STAGE = f"{_STAGES}/{{stage}}"
_DRAFT = "Goes into the draft; the public sees it when an organiser releases."
_PATCHED = f"{_DRAFT} What is not sent stays, null empties (RFC 7396); texts are merged by language."


def _reads(path: str, run: Endpoint, summary: str, *answers: Any, query: type[NoQuery] = NoQuery) -> Operation:
    return Operation("get", path, run, run.__name__, summary, {200: answers}, query)


OPERATIONS: tuple[Operation, ...] = (
    _reads(PATH, reading.index, "Where to begin", resources.Index),
    _reads(
        f"{PATH}/summits", reading.summits, "All released summits", resources.Page[resources.Summit], query=PagedQuery
    ),
    _reads(_SUMMIT, reading.summit, "A summit", resources.Summit, query=DraftQuery),
    _reads(
        _SESSIONS,
        reading.sessions,
        "The sessions of a summit",
        resources.Page[resources.Session],
        resources.Page[resources.DraftSession],
        query=SessionsQuery,
    ),
    Operation(
        "post",
        _SESSIONS,
        writing.make_session,
        "make_session",
        "A new session",
        {201: (resources.DraftSession,)},
        body=NewSession,
        kinds=(JSON,),
        scope=WRITE,
        about=_DRAFT,
        links={"session": "session", "change": "change_session", "delete": "delete_session"},
    ),
    _reads(_SESSION, reading.session, "A session", resources.Session, resources.DraftSession, query=DraftQuery),
    Operation(
        "patch",
        _SESSION,
        writing.patch_session,
        "change_session",
        "Change a session",
        {200: (resources.DraftSession,)},
        body=SessionChange,
        kinds=(MERGE_PATCH, JSON),
        scope=WRITE,
        about=_PATCHED,
    ),
    Operation(
        "delete",
        _SESSION,
        writing.delete_session,
        "delete_session",
        "Cancel or remove a session",
        {200: (resources.DraftSession,), 204: ()},
        scope=WRITE,
        about="One that was ever released is cancelled, so that calendars hear of it (200, with what it is now). "
        "One that was not is removed from the draft for good (204).",
    ),
    _reads(
        _SPEAKERS,
        reading.speakers,
        "Who appears",
        resources.Page[resources.Speaker],
        resources.Page[resources.DraftSpeaker],
        query=SpeakersQuery,
    ),
    Operation(
        "post",
        _SPEAKERS,
        writing_speakers.make_speaker,
        "make_speaker",
        "A new speaker",
        {201: (resources.DraftSpeaker,)},
        body=NewSpeaker,
        kinds=(JSON,),
        scope=WRITE,
        about=_DRAFT,
        links={"speaker": "speaker", "change": "change_speaker", "delete": "delete_speaker", "photo": "put_photo"},
    ),
    _reads(_SPEAKER, reading.speaker, "A speaker", resources.Speaker, resources.DraftSpeaker, query=DraftQuery),
    Operation(
        "patch",
        _SPEAKER,
        writing_speakers.patch_speaker,
        "change_speaker",
        "Change a speaker",
        {200: (resources.DraftSpeaker,)},
        body=SpeakerChange,
        kinds=(MERGE_PATCH, JSON),
        scope=WRITE,
        about=_PATCHED,
    ),
    Operation(
        "delete",
        _SPEAKER,
        writing_speakers.delete_speaker,
        "delete_speaker",
        "Remove a speaker",
        {204: ()},
        scope=WRITE,
        about="From the draft, and from all sessions in it.",
    ),
    Operation(
        "put",
        f"{_SPEAKER}/photo",
        writing_speakers.put_photo,
        "put_photo",
        "The picture of a speaker",
        {200: (resources.DraftSpeaker,)},
        kinds=writing_speakers.PICTURES,
        scope=WRITE,
        about=f"It becomes a square of at most 512 pixels, without metadata. {_DRAFT}",
    ),
    _reads(_STAGES, reading.stages, "The stages", resources.Page[resources.Stage], query=DraftPagedQuery),
    Operation(
        "post",
        _STAGES,
        writing_stages.make_stage,
        "make_stage",
        "A new stage",
        {201: (resources.Stage,)},
        body=NewStage,
        kinds=(JSON,),
        scope=WRITE,
        about=_DRAFT,
    ),
    _reads(_STAGE, reading.stage, "A stage", resources.Stage, query=DraftQuery),
    Operation(
        "patch",
        _STAGE,
        writing_stages.patch_stage,
        "change_stage",
        "Change a stage",
        {200: (resources.Stage,)},
        body=StageChange,
        kinds=(MERGE_PATCH, JSON),
        scope=WRITE,
        about=_PATCHED,
    ),
    _reads(f"{_SUMMIT}/themes", reading.themes, "The themes", resources.Page[resources.Theme], query=DraftPagedQuery),
    _reads(
        f"{_SUMMIT}/types",
        reading.types,
        "The types of sessions",
        resources.Page[resources.SessionType],
        query=DraftPagedQuery,
    ),
    _reads(
        f"{_SUMMIT}/releases",
        reading.releases,
        "The releases, newest first",
        resources.Page[resources.Release],
        query=PagedQuery,
    ),
)

"""What our own exports carry beside the fields of the schedule formats: the other side of `beyond`."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from summit.core.texts import Texts
from summit.programme.exchange.beyond import Beyond, Languages, OfSession, OfSpeaker, OfStage, OfTheme
from summit.programme.exchange.fitting import Sheet
from summit.programme.exchange.reading import tag, words
from summit.programme.plain import plain
from summit.programme.values import Link, Session, Speaker, Stage, Theme, Value

T = TypeVar("T", bound=Value)
V = TypeVar("V")

# Of a text by language, the one that stands in the file itself.
_IN_THE_FILE = ""


def gathered(sheet: Sheet, *, biographies: bool) -> dict[str, object]:
    """What to carry of a programme that was made to fit, as plain JSON values.

    `biographies` says that the format has no field for them.
    """
    programme, was = sheet.programme, sheet.original
    named = {guid for session in programme.sessions for guid in session.speakers}
    dates = (was.starts_on, was.ends_on)
    whole = Beyond(
        home=sheet.home,
        whole=True,
        title=Texts() if programme.title.keys() <= {""} else programme.title,
        acronym=programme.acronym,
        zone=programme.zone,
        tagline=programme.tagline,
        description=programme.description,
        languages=programme.languages,
        hosts=programme.hosts,
        accent=programme.accent,
        logo=programme.logo,
        code_of_conduct=programme.code_of_conduct,
        privacy=programme.privacy,
        url=_unlike(words(was.url), programme.url),
        dates=dates if None in dates else None,
        days=_unlike(was.days, programme.days),
        stages={sheet.rooms[one.slug]: _of_stage(sheet, one) for one in programme.stages},
        themes={sheet.tracks[one.slug]: _of_named(one, sheet.tracks[one.slug], OfTheme) for one in programme.themes},
        types=programme.types,
        others=tuple(_with_its_own(one, sheet.originals[one.guid]) for one in sheet.others),
    )
    kept = _without_empty(plain(whole))
    if not isinstance(kept, dict):
        return {}
    # These keep even those that have nothing to say: their order says something.
    sessions = {guid: OfSession() for guid in sheet.originals}
    sessions |= {one.guid: _of_session(one, sheet.originals[one.guid]) for one in programme.sessions}
    people = {one.guid: _of_speaker(sheet, one, biographies, one.guid in named) for one in programme.speakers}
    for field, those in (("speakers", people), ("sessions", sessions)):
        if those:
            kept[field] = {guid: _without_empty(plain(one)) for guid, one in those.items()}
    return kept


def _of_session(session: Session, was: Session) -> OfSession:
    fields = {
        field: _other_languages(getattr(session, field), session.language) for field in Languages.__struct_fields__
    }
    links, attachments = ([one for one in session.links if one.kind == kind] for kind in ("link", "attachment"))
    return OfSession(
        texts=Languages(**fields),
        level=session.level,
        capacity=session.capacity,
        accessibility=session.accessibility,
        features=session.features,
        language=_unlike(words(was.language), session.language),
        slug=_unlike(words(was.slug), session.slug),
        url=_unlike(words(was.url), session.url),
        logo=_unlike(words(was.logo), session.logo),
        links=_unlike(_cleaned(was.links), (*links, *attachments)),
    )


def _unlike(was: V, written: V) -> V | None:
    """What it was, where the file has something else."""
    return None if was == written else was


def _other_languages(texts: Texts, language: str) -> dict[str, str]:
    if texts.keys() <= {tag(language)}:
        return {}
    written = texts.best(language).lang
    return {lang: _IN_THE_FILE if lang == written else text for lang, text in texts.items()}


def _with_its_own(session: Session, was: Session) -> Session:
    own = {field: words(getattr(was, field)) for field in ("language", "slug", "url", "logo")}
    unreleased = {"sequence": 0, "changed_at": None, "published_at": None}
    return replace(session, **own, **unreleased, links=_cleaned(was.links), day=was.day)


def _cleaned(links: Iterable[Link]) -> tuple[Link, ...]:
    """As texts that JSON can hold."""
    return tuple(replace(one, url=words(one.url), title=words(one.title), type=words(one.type)) for one in links)


def _of_stage(sheet: Sheet, stage: Stage) -> OfStage:
    was = next((one.guid for one in sheet.original.stages if one.slug == stage.slug), stage.guid)
    return replace(_of_named(stage, sheet.rooms[stage.slug], OfStage), guid=_unlike(was, stage.guid))


def _of_named(one: Stage | Theme, name: str, kind: type[T]) -> T:
    whole = _part(one, kind)
    return replace(whole, name=Texts()) if one.name == Texts.of(name) else whole


def _of_speaker(sheet: Sheet, speaker: Speaker, biographies: bool, appears: bool) -> OfSpeaker:
    whole = replace(_part(speaker, OfSpeaker), photo=words(sheet.photos[speaker.guid]))
    if not appears:
        return whole
    known = not biographies and speaker.biography.keys() <= {""}
    return replace(whole, name="", number=None, biography=Texts() if known else speaker.biography)


def _part(one: Value, kind: type[T]) -> T:
    return kind(**{field: getattr(one, field) for field in kind.__struct_fields__})


def _without_empty(value: object) -> object:
    """Not the empty texts: they stand for the one in the file. An empty list says that there is none of something."""
    if isinstance(value, dict):
        kept = {key: _without_empty(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part != {}}
    return value

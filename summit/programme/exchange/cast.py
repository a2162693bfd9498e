"""Stages, themes and speakers, as they turn up while a file is read: each once, with a stable id."""

from collections.abc import Mapping

from msgspec.structs import replace

from summit.core.slugs import slugify, untaken
from summit.programme.exchange.beyond import OfSpeaker, OfStage, OfTheme
from summit.programme.exchange.identity import code_of, derived, guid_of, unused
from summit.programme.exchange.reading import address, name, number, passage, texts, words
from summit.programme.values import Speaker, Stage, Theme


class Stages:
    """The stages of a file, by name. `space` keeps the ids apart from those of another programme's stages."""

    def __init__(self, space: str, beyond: Mapping[str, OfStage]) -> None:
        self._space, self._beyond = space, beyond
        self._stages: dict[str, Stage] = {}
        self._slugs: set[str] = set()
        self._guids: set[str] = set()

    def slug(self, value: object, guid: object = None) -> str:
        """The slug of the stage with that name, which is added where it is new; nothing for no name."""
        called = name(value)
        key = str(called)
        if not key:
            return ""
        if key not in self._stages:
            more = self._beyond.get(key, OfStage())
            self._stages[key] = Stage(
                name=more.name or called,
                guid=more.guid if more.guid is not None else self._guid(key, guid),
                slug=untaken(slugify(more.slug or key), self._slugs),
                description=more.description,
                capacity=more.capacity,
                address=more.address,
                latitude=more.latitude,
                longitude=more.longitude,
            )
            self._slugs.add(self._stages[key].slug)
            self._guids.add(self._stages[key].guid)
        return self._stages[key].slug

    def _guid(self, key: str, said: object) -> str:
        guid = guid_of(words(said)) or derived(self._space, "room", key)
        return unused(guid, self._guids)

    def describe(self, value: object) -> None:
        """Takes in a room that is described apart from the days."""
        if not isinstance(value, dict):
            self.slug(value)
        elif self.slug(value, value.get("guid")):
            key = str(name(value))
            stage = self._stages[key]
            described = texts(value.get("description"), passage)
            capacity = value.get("capacity")
            self._stages[key] = replace(
                stage,
                description=stage.description or described,
                capacity=stage.capacity if stage.capacity is not None else number(capacity),
            )

    def slugs(self) -> dict[str, str]:
        """By the slug that Summit carried along, the one it has here."""
        return {one.slug: self._stages[key].slug for key, one in self._beyond.items() if key in self._stages}

    def all(self) -> tuple[Stage, ...]:
        return tuple(self._stages.values())


class Themes:
    """The themes of a file, by name. A look that the file has none of is given on import."""

    def __init__(self, beyond: Mapping[str, OfTheme]) -> None:
        self._beyond = beyond
        self._themes: dict[str, Theme] = {}
        self._slugs: set[str] = set()

    def slug(self, value: object) -> str:
        """The slug of the theme with that name, which is added where it is new; nothing for no name."""
        called = name(value)
        key = str(called)
        if not key:
            return ""
        if key not in self._themes:
            said = words(value.get("slug")) if isinstance(value, dict) else ""
            more = self._beyond.get(key, OfTheme())
            self._themes[key] = Theme(
                name=more.name or called,
                slug=untaken(slugify(more.slug or said or key), self._slugs),
                colour=more.colour,
                shape=more.shape,
            )
            self._slugs.add(self._themes[key].slug)
        return self._themes[key].slug

    def slugs(self) -> dict[str, str]:
        """By the slug that Summit carried along, the one it has here."""
        return {one.slug: self._themes[key].slug for key, one in self._beyond.items() if key in self._themes}

    def all(self) -> tuple[Theme, ...]:
        return tuple(self._themes.values())


class Speakers:
    """The speakers of a file: known again by guid, else by code, number or name."""

    def __init__(self, space: str, base_url: str, beyond: Mapping[str, OfSpeaker]) -> None:
        self._space, self._base_url, self._beyond = space, base_url, beyond
        self._speakers: dict[str, Speaker] = {}

    def guid(self, value: object) -> str:
        """The guid of the person, who is added where new; nothing for one without a name."""
        person: Mapping[str, object] = value if isinstance(value, dict) else {"name": value}
        called = next(filter(None, (words(person.get(key)) for key in ("name", "public_name", "full_public_name"))), "")
        if not called:
            return ""
        speaker = self._speaker(person, called)
        known = self._speakers.get(speaker.guid)
        if known is not None:
            gaps = {field: getattr(speaker, field) for field in speaker.__struct_fields__ if not getattr(known, field)}
            speaker = replace(known, **gaps)
        self._speakers[speaker.guid] = speaker
        return speaker.guid

    def all(self) -> tuple[Speaker, ...]:
        """In the order that Summit carried along, those it did not know last; also those who appear nowhere."""
        for guid, one in self._beyond.items():
            if one.name and guid not in self._speakers:
                self._speakers[guid] = self._speaker({"guid": guid, "id": one.number}, one.name)
        known = {guid: turn for turn, guid in enumerate(self._beyond)}
        return tuple(sorted(self._speakers.values(), key=lambda one: known.get(one.guid, len(known))))

    def _speaker(self, person: Mapping[str, object], called: str) -> Speaker:
        code, numbered = words(person.get("code")), words(person.get("id"))
        guid = guid_of(words(person.get("guid")))
        if not guid:
            guid = derived(self._space, "person", code or numbered or called)
            # Files exist where everybody has the number 0.
            if guid in self._speakers and self._speakers[guid].name != called:
                guid = derived(guid, called)
        more = self._beyond.get(guid, OfSpeaker())
        return Speaker(
            name=called,
            guid=guid,
            code=more.code or code_of(code),
            number=number(person.get("id")),
            pronouns=more.pronouns,
            organisation=more.organisation,
            biography=more.biography or texts(person.get("biography"), passage),
            photo=more.photo or address(person.get("avatar") or person.get("photo"), self._base_url),
        )

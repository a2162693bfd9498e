"""Changes of a programme in words, in the reader's language, for pages, feeds and mail."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from summit.core.i18n import _, clock_time, locale, ngettext, short_date
from summit.core.texts import Localised, Texts
from summit.programme.changes import Changes, Field, Kind, SessionChange, Slot
from summit.programme.changes_around import About
from summit.programme.kinds import kind_name
from summit.programme.languages import language_name
from summit.programme.wording import field_name

LinkTo = Callable[[str], str]
"""The address of the session with that code."""


@dataclass(frozen=True)
class Sentence:
    """A sentence with its values: plain, or as HTML with the title of a session leading to it."""

    template: str
    values: Mapping[str, Localised]

    def __str__(self) -> str:
        return self.template % {name: value.text for name, value in self.values.items()}

    def html(self, address: str = "") -> Markup:
        """What is in another language than the reader's is marked as such (WCAG 2.2 SC 3.1.2)."""
        values = {name: _marked(value) for name, value in self.values.items()}
        if address and "title" in values:
            values["title"] = Markup('<a href="{}">{}</a>').format(address, values["title"])
        return escape(self.template) % values


@dataclass(frozen=True)
class Told:
    """One change: what happened, and what else is different. `code` is the session's; empty for what is none."""

    said: Sentence
    details: tuple[Sentence, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Group:
    """Changes of one kind under their heading."""

    key: str
    name: str
    told: tuple[Told, ...]


def groups(changes: Changes, zone: ZoneInfo) -> list[Group]:
    """All changes by kind, with times in that zone; kinds without any are left out."""
    names: list[tuple[Kind, str]] = [
        ("new", _("New")),
        ("moved", _("Moved")),
        ("changed", _("Changed")),
        ("cancelled", _("Cancelled")),
        ("restored", _("Taking place after all")),
    ]
    found = [Group(kind, name, tuple(told(one, zone) for one in changes.of(kind))) for kind, name in names]
    found.append(Group("about", _("About the summit"), tuple(Told(*_about(one)) for one in changes.about)))
    return [group for group in found if group.told]


def counted(changes: Changes) -> str:
    """``2 new, 1 moved, 1 cancelled``."""
    counts = {group: len(changes.of(group)) for group in ("new", "moved", "changed", "cancelled", "restored")}
    said = (
        (ngettext("%(num)s new session", "%(num)s new sessions", counts["new"]), counts["new"]),
        (ngettext("%(num)s moved", "%(num)s moved", counts["moved"]), counts["moved"]),
        (ngettext("%(num)s changed", "%(num)s changed", counts["changed"]), counts["changed"]),
        (ngettext("%(num)s cancelled", "%(num)s cancelled", counts["cancelled"]), counts["cancelled"]),
        (
            ngettext("%(num)s taking place after all", "%(num)s taking place after all", counts["restored"]),
            counts["restored"],
        ),
        (ngettext("%(num)s about the summit", "%(num)s about the summit", len(changes.about)), len(changes.about)),
    )
    return ", ".join(text % {"num": count} for text, count in said if count)


def told(change: SessionChange, zone: ZoneInfo) -> Told:
    """One session's change, with times in that zone."""
    template, values = _happened(change, zone)
    title = change.session.title.best(locale())
    details = [*_new_address(change), *_details(change)]
    if change.kind in ("cancelled", "restored") and change.before and change.before.start:
        was = when(change.before, zone)
        if was != when(change.after, zone):
            details.insert(0, _sentence(_("It was planned for %(when)s."), when=was))
    return Told(Sentence(template, values | {"title": title}), tuple(details), change.session.code)


def when(slot: Slot, zone: ZoneInfo, *, beside: Slot | None = None) -> str:
    """``Tue 10 Nov 10:00–10:45, Main``; without the day where that is the one of the slot `beside`."""
    if slot.start is None or slot.end is None:
        return slot.name.best(locale()).text
    start = slot.start.astimezone(zone)
    same_day = beside is not None and beside.start is not None and beside.start.astimezone(zone).date() == start.date()
    span = f"{clock_time(slot.start, zone)}–{clock_time(slot.end, zone)}"
    day = span if same_day else f"{short_date(start.date())} {span}"
    return ", ".join(filter(None, (day, slot.name.best(locale()).text)))


def _happened(change: SessionChange, zone: ZoneInfo) -> tuple[str, dict[str, Localised]]:
    slot = {"when": _plain(when(change.after, zone))}
    is_placed = change.after.start is not None
    match change.kind:
        case "new":
            return (_("“%(title)s”: %(when)s.") if is_placed else _("“%(title)s”, at a time to come.")), slot
        case "cancelled":
            return (_("“%(title)s” is cancelled: %(when)s.") if is_placed else _("“%(title)s” is cancelled.")), slot
        case "restored":
            after_all = _("“%(title)s” takes place after all: %(when)s.")
            return (after_all if is_placed else _("“%(title)s” takes place after all, at a time to come.")), slot
        case "changed":
            return (_("“%(title)s” (%(when)s):") if is_placed else _("“%(title)s”:")), slot
    assert change.before is not None
    return _moved(change.before, change.after, zone)


def _moved(before: Slot, after: Slot, zone: ZoneInfo) -> tuple[str, dict[str, Localised]]:
    was, now = _plain(when(before, zone)), _plain(when(after, zone))
    if after.start is None:
        if before.start is None and _is_elsewhere(before, after):
            return _elsewhere(before, after, zone)
        if before.start is None:
            stages = {"was": before.name.best(locale()), "now": after.name.best(locale())}
            return _("“%(title)s” moves to another stage: %(now)s."), stages
        return _("“%(title)s” has no time any longer. It was planned for %(was)s."), {"was": was}
    if before.start is None:
        return _("“%(title)s” has got its time: %(now)s."), {"now": now}
    if _is_elsewhere(before, after):
        return _elsewhere(before, after, zone)
    if before.start == after.start and before.stage == after.stage:
        return _("“%(title)s” now takes place %(now)s, not %(was)s."), {"now": now, "was": _plain(_clock(before, zone))}
    if (before.start, before.end) == (after.start, after.end):
        stages = {"was": _place(before), "now": _place(after), "when": _plain(_day_and_clock(after, zone))}
        return _("“%(title)s” (%(when)s) moves from %(was)s to %(now)s."), stages
    if before.stage == after.stage:
        was = _plain(_day_and_clock(before, zone))
    return _("“%(title)s” moves from %(was)s to %(now)s."), {
        "was": was,
        "now": _plain(when(after, zone, beside=before)),
    }


def _is_elsewhere(before: Slot, after: Slot) -> bool:
    """Whether nothing is different but where the stage is."""
    return before != after and replace(before, where=after.where) == after


def _elsewhere(before: Slot, after: Slot, zone: ZoneInfo) -> tuple[str, dict[str, Localised]]:
    found = {"when": _plain(when(after, zone)), "was": _plain(before.where), "now": _plain(after.where)}
    if not before.where:
        return _("“%(title)s” (%(when)s) can be visited on the spot: %(now)s."), found
    if not after.where:
        return _("“%(title)s” (%(when)s) can no longer be visited on the spot. It was to be at %(was)s."), found
    return _("“%(title)s” (%(when)s) moves from %(was)s to %(now)s."), found


def _clock(slot: Slot, zone: ZoneInfo) -> str:
    return f"{clock_time(slot.start, zone)}–{clock_time(slot.end, zone)}" if slot.start and slot.end else ""


def _day_and_clock(slot: Slot, zone: ZoneInfo) -> str:
    return f"{short_date(slot.start.astimezone(zone).date())} {_clock(slot, zone)}" if slot.start else ""


def _place(slot: Slot) -> Localised:
    found = slot.name.best(locale())
    return found if found.text else _plain(_("no stage"))


def _new_address(change: SessionChange) -> Iterator[Sentence]:
    """Where to go, where that has changed beside time or stage, too, and so is not said yet."""
    before, after = change.before, change.after
    if change.kind == "cancelled" or before is None or before.where == after.where:
        return
    if change.kind == "moved" and _is_elsewhere(before, after):
        return
    yield _from_to(Field("address"), Texts.of(before.where), Texts.of(after.where))


def _details(change: SessionChange) -> Iterator[Sentence]:
    for one in change.fields:
        if one.before is not None and one.after is not None:
            yield _from_to(one, one.before, one.after)
    others = [_label(one.name) for one in change.fields if one.before is None]
    if others:
        yield _sentence(_("Changed: %(fields)s."), fields=", ".join(others))


def _from_to(one: Field, before: Texts, after: Texts) -> Sentence:
    values = {"field": _plain(_label(one.name)), "was": _value(one.name, before), "now": _value(one.name, after)}
    if values["was"].text == values["now"].text:
        # Another language of it was changed.
        return _sentence(_("Changed: %(fields)s."), fields=_label(one.name))
    if not before:
        return Sentence(_("%(field)s: %(now)s."), values)
    if not after:
        return Sentence(_("%(field)s: no longer %(was)s."), values)
    return Sentence(_("%(field)s: %(now)s, not %(was)s."), values)


def _value(name: str, texts: Texts) -> Localised:
    found = texts.best(locale())
    if name == "language":
        return _plain(language_name(found.text))
    if name == "type" and not found.lang:
        return _plain(kind_name(found.text))
    is_quoted = found.text and name in ("title", "subtitle")
    return Localised(_("“%(text)s”") % {"text": found.text} if is_quoted else found.text, found.lang)


def _about(one: About) -> tuple[Sentence, tuple[Sentence, ...]]:
    if one.thing == "summit" and one.act == "changed":
        fields = ", ".join(_label(name) for name in one.fields)
        return _sentence(_("Changed about the summit: %(fields)s."), fields=fields), ()
    template = _ABOUT[f"{one.thing} {one.act}"]()
    said = Sentence(template, {"name": one.name.best(locale()), "was": one.was.best(locale())})
    fields = ", ".join(_label(name) for name in one.fields)
    return said, (_sentence(_("Changed: %(fields)s."), fields=fields),) if fields else ()


_ABOUT: dict[str, Callable[[], str]] = {
    "summit renamed": lambda: _("The summit is now called “%(name)s”, not “%(was)s”."),
    "stage added": lambda: _("New stage: %(name)s."),
    "stage renamed": lambda: _("The stage %(was)s is now called %(name)s."),
    "stage changed": lambda: _("The stage %(name)s has new details."),
    "stage removed": lambda: _("The stage %(name)s is gone."),
    "theme added": lambda: _("New theme: %(name)s."),
    "theme renamed": lambda: _("The theme %(was)s is now called %(name)s."),
    "theme changed": lambda: _("The theme %(name)s has a new look."),
    "theme removed": lambda: _("The theme %(name)s is gone."),
    "type added": lambda: _("New type of sessions: %(name)s."),
    "type renamed": lambda: _("The type %(was)s is now called %(name)s."),
    "type changed": lambda: _("The type %(name)s has new details."),
    "type removed": lambda: _("The type %(name)s is gone."),
    "speaker added": lambda: _("New among the speakers: %(name)s."),
    "speaker renamed": lambda: _("The speaker %(was)s is now called %(name)s."),
    "speaker changed": lambda: _("There is something new about %(name)s."),
    "speaker removed": lambda: _("%(name)s is no longer among the speakers."),
}


def _label(name: str) -> str:
    own = {
        "recording": _("Recording"),
        "other": _("Details"),
        "dates": _("Days"),
        "look": _("Look"),
    }
    return own.get(name) or field_name(name)


def _sentence(template: str, **values: str) -> Sentence:
    return Sentence(template, {name: _plain(value) for name, value in values.items()})


def _plain(text: str) -> Localised:
    return Localised(text, "")


def _marked(value: Localised) -> Markup:
    if value.lang and value.lang != locale():
        return Markup('<span lang="{}">{}</span>').format(value.lang, value.text)
    return escape(value.text)

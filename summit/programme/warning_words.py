"""Warnings in the reader's language."""

from datetime import datetime, tzinfo

from summit.core.i18n import _, clock_time, locale, ngettext, short_date
from summit.core.texts import Texts
from summit.programme.warnings import Kind, Warning


def kind_name(kind: Kind) -> str:
    """What warnings of that kind are about, as a heading."""
    return {
        "stage_twice": _("Stage booked twice"),
        "speaker_twice": _("Speaker in two places"),
        "moderator_twice": _("Moderator in two places"),
        "unavailable": _("Speaker not available"),
        "outside_hours": _("Outside the opening hours"),
        "no_stage": _("No stage"),
        "short_break": _("Short break"),
        "over_capacity": _("More places than the stage has"),
        "no_speaker": _("No speaker"),
        "no_theme": _("No theme"),
        "no_captions": _("No captions"),
    }[kind]


def said(warning: Warning, zone: tzinfo, *, with_day: bool = False) -> str:
    """The warning as a sentence, with times in that zone; `with_day` puts the date before them."""
    titles = [_text(title) for title in warning.titles]
    about: dict[str, object] = {
        "one": titles[0],
        "other": titles[-1],
        "who": _text(warning.subject),
        "when": _when(warning.start, warning.end, zone, with_day=with_day),
        "num": warning.amount,
        "limit": warning.limit,
    }
    return _sentence(warning) % about


def _sentence(warning: Warning) -> str:
    match warning.kind:
        case "stage_twice":
            return _("%(who)s has “%(one)s” and “%(other)s” at the same time, %(when)s.")
        case "speaker_twice":
            return _("%(who)s is in “%(one)s” and “%(other)s” at the same time, %(when)s.")
        case "moderator_twice":
            return _("%(who)s moderates “%(one)s” and “%(other)s” at the same time, %(when)s.")
        case "unavailable":
            return _("%(who)s is not available for “%(one)s”, %(when)s.")
        case "outside_hours":
            return _("“%(one)s” is outside the opening hours, %(when)s.")
        case "no_stage":
            return _("“%(one)s” has a time but no stage, %(when)s.")
        case "short_break" if warning.amount:
            return ngettext(
                "Only %(num)s minute between “%(one)s” and “%(other)s”, %(who)s, %(when)s.",
                "Only %(num)s minutes between “%(one)s” and “%(other)s”, %(who)s, %(when)s.",
                warning.amount,
            )
        case "short_break":
            return _("No break between “%(one)s” and “%(other)s”, %(who)s, %(when)s.")
        case "over_capacity":
            return _("“%(one)s” takes %(num)s people, but %(who)s only holds %(limit)s.")
        case "no_speaker":
            return _("“%(one)s” has no speaker.")
        case "no_theme":
            return _("“%(one)s” has no theme.")
        case "no_captions":
            return _("“%(one)s” has no captions: the stream of %(who)s has none, and no live captions are planned.")


def _when(start: datetime | None, end: datetime | None, zone: tzinfo, *, with_day: bool) -> str:
    if start is None or end is None:
        return ""
    clocks = list(dict.fromkeys((clock_time(start, zone), clock_time(end, zone))))
    day = f"{short_date(start.astimezone(zone).date())} " if with_day else ""
    return day + "–".join(clocks)


def _text(texts: Texts) -> str:
    return texts.best(locale()).text

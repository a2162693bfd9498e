"""What the calendar of a part of a programme is called."""

from summit.core.i18n import locale, long_date
from summit.programme.features import feature_name
from summit.programme.filters import Filters
from summit.programme.kinds import type_name
from summit.programme.languages import language_name
from summit.programme.published import Published, days_of


def name_of(summit: Published, filters: Filters) -> str:
    """The summit's title, and what of it is in the calendar, in the language spoken right now."""
    title = summit.programme.title.best(locale()).text
    parts = parts_of(summit, filters)
    return f"{title}: {', '.join(parts)}" if parts else title


def parts_of(summit: Published, filters: Filters) -> list[str]:
    """What the filters leave of the programme, in words; nothing where that is all of it."""
    stage, theme = summit.stage(filters.stage), summit.theme(filters.theme)
    speaker = summit.speaker(filters.speaker) if filters.speaker else None
    day = next((one for one in days_of(summit.programme) if str(one) == filters.by_day), None)
    parts = (
        long_date(day) if day else "",
        theme.name.best(locale()).text if theme else "",
        stage.name.best(locale()).text if stage else "",
        type_name(summit.programme, filters.type) if filters.type else "",
        language_name(filters.language) if filters.language else "",
        feature_name(filters.access) if filters.access else "",
        speaker.name if speaker else "",
        f"“{filters.q}”" if filters.q else "",
    )
    return [part for part in parts if part]

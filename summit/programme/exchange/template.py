"""An example of a table, for people who begin in a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from summit.core.i18n import _, locale

COLUMNS = (
    "title", "subtitle", "start", "minutes", "stage", "theme", "language", "type", "level", "speakers", "abstract",
    "description", "capacity", "features", "accessibility", "url", "code",
)  # fmt: skip


def example(on: date, languages: Sequence[str]) -> bytes:
    """A header and two sessions of that day, as UTF-8 with a byte order mark, in the reader's language.

    In Swedish, ``;`` parts the cells: that is what spreadsheets expect there.
    """
    lang, *others = (languages or (locale(),))[:2]
    rows = [
        {
            "title": _("Welcome"),
            "start": f"{on.isoformat()} 09:00",
            "minutes": "30",
            "stage": _("Main stage"),
            "language": lang,
            "type": "opening",
            "speakers": "Ada Exempel",
            "abstract": _("We begin together."),
        },
        {
            "title": _("Try it yourself"),
            "subtitle": _("A workshop for everybody"),
            "start": f"{on.isoformat()} 10:00",
            "minutes": "60",
            "stage": _("Workshop room"),
            "theme": _("Learning"),
            "language": lang,
            "type": "workshop",
            "level": _("Beginners"),
            "speakers": "Bo Exempel; Cia Exempel",
            "capacity": "30",
            "features": "live_captions; sign_language",
        },
    ]
    out = io.StringIO()
    columns = [COLUMNS[0], *(f"title_{other}" for other in others), *COLUMNS[1:]]
    table = csv.DictWriter(out, columns, lineterminator="\r\n", delimiter=";" if locale() == "sv" else ",")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode("utf-8-sig")

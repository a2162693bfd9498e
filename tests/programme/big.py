"""A programme as large as those of the largest meetings: a thousand sessions, eight hundred speakers, four days."""

from datetime import timedelta
from functools import cache

from summit.core.texts import Texts
from summit.programme.values import COLOURS, SHAPES, Programme, Session, SessionType, Speaker, Stage, Theme
from tests.programme.factories import DAY, NINE, a_programme, guid

SESSIONS, SPEAKERS, STAGES, THEMES, DAYS = 1_000, 800, 20, 8, 4
_FIRST = (
    *("Åsa", "Bo", "Cecilia", "Dan", "Eva", "Filip", "Göran", "Hanna", "Ines", "Jón"),
    *("Karin", "Lars", "Märta", "Nils", "Örjan", "Petra", "Ronja", "Sven", "Tove", "Ulla"),
)
_LAST = (
    *("Ek", "Berg", "Lind", "Ström", "Ñuñez", "Öberg", "Åkesson", "Nyström", "Sjö", "Holm"),
    *("Dahl", "Fors", "Gran", "Hed", "Ljung", "Moberg", "Nord", "Palm", "Rask", "Sand"),
)
_KINDS = ("talk", "panel", "workshop", "lightning_talk")
_ABOUT = (
    "We look at what worked in {place}, what it cost and who paid, and at what others can take home from it.",
    "A conversation with those who began it in {place}: what they would do again, and what they would rather not.",
    "Bring a question of your own. In small groups we try the method from {place} on it, step by step.",
)


@cache
def big_programme() -> Programme:
    """The same each time. Each stage has a session every 40 minutes; each speaker has one or two."""
    return a_programme(
        *(_session(n) for n in range(SESSIONS)),
        ends_on=DAY + timedelta(days=DAYS - 1),
        stages=tuple(Stage(name=Texts.of(f"Stage {n + 1}"), slug=f"stage-{n + 1}") for n in range(STAGES)),
        themes=tuple(
            Theme(
                name=Texts(sv=f"Tema {n + 1}", en=f"Theme {n + 1}"),
                slug=f"theme-{n + 1}",
                colour=COLOURS[n % len(COLOURS)],
                shape=SHAPES[n % len(SHAPES)],
            )
            for n in range(THEMES)
        ),
        types=tuple(SessionType(key=kind, name=Texts(sv=kind.title(), en=kind.title())) for kind in _KINDS),
        speakers=tuple(_speaker(n) for n in range(SPEAKERS)),
    )


def _session(n: int) -> Session:
    day, place = divmod(n, SESSIONS // DAYS)
    row, stage = divmod(place, STAGES)
    about = _ABOUT[n % len(_ABOUT)].format(place=f"{_LAST[n % 20]}stad")
    return Session(
        guid=guid(f"session {n}"),
        code=f"S{n:05}",
        title=Texts(
            sv=f"Vad {_LAST[n % 20]}stad lärde oss, del {n}", en=f"What {_LAST[n % 20]}stad taught us, part {n}"
        ),
        abstract=Texts(sv=about, en=about),
        type=_KINDS[n % len(_KINDS)],
        language="sv" if n % 3 else "en",
        stage=f"stage-{stage + 1}",
        theme=f"theme-{n % THEMES + 1}",
        start=NINE + timedelta(days=day, minutes=40 * row),
        minutes=35,
        speakers=(guid(f"speaker {n % SPEAKERS}"), guid(f"speaker {(n * 7 + 3) % SPEAKERS}")),
        features=("live_captions",) if n % 4 == 0 else (),
    )


def _speaker(n: int) -> Speaker:
    first, last = _FIRST[n % len(_FIRST)], _LAST[n // len(_FIRST) % len(_LAST)]
    middle = f" {chr(65 + n // 400)}." if n >= 400 else ""
    return Speaker(
        name=f"{first}{middle} {last}",
        guid=guid(f"speaker {n}"),
        code=f"P{n:05}",
        organisation=f"{last}s kommun",
        biography=Texts.of(f"{first} arbetar med hur {last}s kommun möter sina invånare."),
    )

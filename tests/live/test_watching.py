"""What the stage of a room shows one reader, and what it truly saves to do without the picture."""

from datetime import timedelta
from typing import Any

import pytest

from summit.core.texts import Texts
from summit.live.following import following, minutes_until
from summit.live.watching import Watching, watching, wishes
from summit.programme.values import Link, Session, Stage, Stream
from tests.support.clocks import NOW
from tests.support.factories import a_session

HLS, FILM, SOUND = "/static/live.m3u8", "/static/second.mp4", "/static/sound.m4a"
FOREIGN, TUBE = "https://cdn.example.org/live.m3u8", "https://youtu.be/aqz-KE-bpKQ"
RECORDED = a_session(links=(Link(url="/static/slides.pdf"), Link(url=FILM, type="recording")))


def seen(
    stream: Stream | None = None,
    *,
    session: Session | None = None,
    state: Any = "live",
    choice: str = "main",
    mode: str = "picture",
    wanted: str = "",
    host: str = "",
) -> Watching:
    """What a reader gets on a stage with that stream."""
    stage = Stage(name=Texts.of("Main"), slug="main", stream=stream)
    return watching(stage, session or a_session(), state, choice, wishes(mode, wanted, host))


def test_the_stages_own_stream_plays_and_the_backup_is_offered() -> None:
    main = seen(Stream(url=HLS, backup=FILM))
    assert (main.shown, main.showing, main.player.source, main.others) == ("player", "main", HLS, ("backup",))
    second = seen(Stream(url=HLS, backup=FILM), wanted="backup")
    assert (second.shown, second.showing, second.player.source, second.others) == ("player", "backup", FILM, ("main",))


def test_a_backup_that_does_not_exist_is_neither_offered_nor_shown() -> None:
    found = seen(Stream(url=HLS), wanted="backup")
    assert (found.showing, found.player.source, found.others) == ("main", HLS, ())


def test_the_moderators_choice_holds_for_everybody_who_made_none() -> None:
    stream = Stream(url=HLS, backup=FILM)
    assert seen(stream, choice="backup").player.source == FILM
    assert seen(stream, choice="backup", wanted="main").player.source == HLS
    other = seen(stream, choice="/static/other.mp4")
    assert (other.showing, other.player.source, other.others) == ("other", "/static/other.mp4", ("main", "backup"))
    assert seen(None, choice="/static/other.mp4").player.source == "/static/other.mp4"
    assert seen(stream, choice="/static/other.mp4", wanted="main").default == "other"


def test_a_backup_of_a_kind_that_only_was_stated_is_played_as_the_main_stream_is() -> None:
    stream = Stream(url="https://moten.example.se/A", kind="jitsi", backup="https://moten.example.se/B")
    assert seen(stream, wanted="backup").player.kind == "jitsi"
    assert seen(Stream(url="https://moten.example.se/A", kind="jitsi", backup=FILM), wanted="backup").player.kind == (
        "mp4"
    )


def test_nothing_of_another_host_is_loaded_before_the_reader_chose_that_very_host() -> None:
    stream = Stream(url=FOREIGN, backup=TUBE)
    assert (seen(stream).shown, seen(stream).sources) == ("offer", {})
    chosen = seen(stream, host="cdn.example.org")
    assert (chosen.shown, list(chosen.sources)) == ("player", ["media-src", "connect-src"])
    assert seen(stream, choice="backup", host="cdn.example.org").shown == "offer"
    assert seen(stream, choice="backup", host="youtube.com").shown == "player"


@pytest.mark.parametrize("url", [HLS, FILM, FOREIGN, TUBE])
def test_for_text_only_there_is_no_player_and_no_other_host(url: str) -> None:
    found = seen(Stream(url=url), mode="text", host="youtube.com")
    assert (found.shown, found.sources, found.has_modes) == ("text", {}, True)


@pytest.mark.parametrize(
    ("stream", "sound", "source"),
    [
        (Stream(url=HLS, audio=SOUND), "alone", SOUND),
        (Stream(url=TUBE, audio="https://radio.example.org/stream"), "alone", "https://radio.example.org/stream"),
        (Stream(url=HLS, audio="/static/sound.m3u8"), "alone", "/static/sound.m3u8"),
        (Stream(url=HLS), "lowest", HLS),
        (Stream(url=FILM), "whole", FILM),
        (Stream(url=TUBE), "theirs", TUBE),
        (Stream(url=HLS, audio="javascript:alert(1)"), "lowest", HLS),
    ],
)
def test_sound_only_claims_no_more_than_it_does(stream: Stream, sound: str, source: str) -> None:
    found = seen(stream, mode="sound", host="youtube.com")
    assert (found.sound, found.player.source) == (sound, source)


def test_the_sound_of_another_host_is_asked_for_like_its_picture() -> None:
    found = seen(Stream(url=HLS, audio="https://radio.example.org/a.mp3"), mode="sound")
    assert (found.shown, found.player.host, found.sources) == ("offer", "radio.example.org", {})


def test_who_asks_for_the_backup_in_sound_only_gets_the_backup() -> None:
    stream = Stream(url=HLS, backup=FILM, audio=SOUND)
    assert seen(stream, mode="sound", choice="backup").player.source == SOUND
    assert seen(stream, mode="sound", choice="backup").others == ("backup",)
    asked = seen(stream, mode="sound", wanted="backup")
    assert (asked.sound, asked.player.source) == ("whole", FILM)


def test_a_session_that_is_over_shows_its_recording_and_the_stage_only_on_demand() -> None:
    stream = Stream(url=HLS, backup="/static/b.mp4")
    over = seen(stream, session=RECORDED, state="ended")
    assert (over.showing, over.player.source, over.others) == ("recording", FILM, ("main", "backup"))
    again = seen(stream, session=RECORDED, state="ended", wanted="main")
    assert (again.showing, again.player.source, again.others) == ("main", HLS, ("recording", "backup"))
    assert seen(stream, session=RECORDED, state="live").showing == "main"


def test_a_session_that_is_over_without_a_recording_plays_nothing_of_the_next() -> None:
    over = seen(Stream(url=HLS), state="ended", choice="backup")
    assert (over.shown, over.showing, over.player.kind, over.has_modes) == ("over", "", "none", False)
    assert (over.live, over.others) == ("main", ("main",))


def test_a_recording_at_an_address_that_cannot_be_trusted_is_none() -> None:
    session = a_session(links=(Link(url="javascript:alert(1)", type="recording"),))
    assert seen(Stream(url=HLS), session=session, state="ended").shown == "over"


def test_what_makes_no_sense_is_no_choice() -> None:
    assert wishes("loud", "third", None) == wishes(None, None, None)
    assert watching(None, a_session(), "live", "main", wishes(None, None, None)).shown == "nothing"
    assert seen(Stream(url="https://example.org/page")).shown == "link"


def test_minutes_to_the_start_count_the_begun_one() -> None:
    assert minutes_until(NOW + timedelta(minutes=12), NOW) == 12
    assert minutes_until(NOW + timedelta(minutes=11, seconds=1), NOW) == 12
    assert minutes_until(NOW + timedelta(seconds=1), NOW) == 1
    assert minutes_until(NOW - timedelta(minutes=3), NOW) == 0
    assert minutes_until(None, NOW) is None


def at(minutes: int, name: str, stage: str = "main", **other: Any) -> Session:
    start = NOW + timedelta(minutes=minutes)
    return a_session(name, code=name.upper()[:6], stage=stage, start=start, minutes=30, day=start.date(), **other)


def test_what_comes_next_is_on_the_same_stage_else_in_the_programme() -> None:
    this, beside, later = at(-10, "this"), at(25, "beside", "studio"), at(60, "later")
    assert following([this, beside, later], this, NOW) == later
    assert following([this, beside], this, NOW) == beside
    assert following([this], this, NOW) is None


def test_what_runs_beside_is_cancelled_or_is_over_does_not_come_next() -> None:
    this = at(-10, "this")
    others = [at(0, "parallel", "studio"), at(40, "off", state="cancelled"), at(45, "on", "studio")]
    assert following([this, *others], this, NOW) == others[2]
    much_later = NOW + timedelta(minutes=80)
    assert following([this, *others], this, much_later) is None


def test_after_the_last_session_of_a_stage_that_day_the_programme_goes_on_elsewhere() -> None:
    this, evening, tomorrow = at(-10, "this"), at(120, "evening", "studio"), at(24 * 60, "tomorrow")
    assert following([this, evening, tomorrow], this, NOW) == evening

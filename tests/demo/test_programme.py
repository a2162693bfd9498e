"""The demo summit: whole in both languages, free of clashes, the same every time, and its clip plays."""

import re
import subprocess
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from shutil import which
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from summit.core.paths import folder
from summit.demo.programme import demo_programme
from summit.live.streams import chosen_stream, content_sources, player_for, sound_of
from summit.live.watching import recording_of
from summit.programme.values import COLOURS, Session, Stage

DEMO = demo_programme()
MEDIA = folder("static") / "media" / "summit"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
TYPES = {"Opening", "Keynote", "Panel", "Talk", "Lightning talks", "Workshop", "Mingle", "Closing"}


def ends(session: Session) -> tuple[datetime, datetime]:
    assert session.start is not None
    assert session.end is not None
    return session.start, session.end


def overlap(one: Session, other: Session) -> bool:
    return ends(one)[0] < ends(other)[1] and ends(other)[0] < ends(one)[1]


def test_it_is_the_real_summit_on_its_real_dates() -> None:
    assert (DEMO.starts_on, DEMO.ends_on) == (date(2020, 11, 10), date(2020, 11, 11))
    assert [host.name for host in DEMO.hosts] == [
        "Jönköping University",
        "Luleå tekniska universitet",
        "Malmö universitet",
        "Umeå universitet",
        "Örebro universitet",
    ]
    assert {(theme.name["sv"], theme.shape, theme.colour) for theme in DEMO.themes} == {
        ("Barnens rätt", "circle", "copper"),
        ("Digital inkludering", "wave", "fjord"),
        ("Omställning och nya kunskaper", "arch", "heather"),
        ("Trygghet i det offentliga rummet", "leaf", "moss"),
    }
    assert {theme.colour for theme in DEMO.themes} <= set(COLOURS)
    assert len(DEMO.stages) == 3
    assert 28 <= len(DEMO.sessions) <= 36


def test_every_text_is_there_in_swedish_and_in_english() -> None:
    texts = [DEMO.title, DEMO.tagline, DEMO.description]
    texts += [theme.name for theme in DEMO.themes]
    texts += [text for stage in DEMO.stages for text in (stage.name, stage.description)]
    texts += [speaker.biography for speaker in DEMO.speakers]
    for session in DEMO.sessions:
        texts += [session.title, session.abstract]
        texts += [text for text in (session.subtitle, session.description, session.accessibility) if text]
    for text in texts:
        assert set(text) == {"sv", "en"}, text
        assert "\n" not in text["sv"].replace("\n\n", "").replace("\n- ", ""), text
        assert text["sv"].count("\n\n") == text["en"].count("\n\n"), text


def test_nothing_clashes_on_a_stage_nor_for_a_speaker() -> None:
    for one, other in combinations(DEMO.sessions, 2):
        if overlap(one, other):
            assert one.stage != other.stage, (one.code, other.code)
            assert not set(one.speakers) & set(other.speakers), (one.code, other.code)


def test_sessions_are_placed_within_their_day_and_as_long_as_a_session_is() -> None:
    for session in DEMO.sessions:
        start, end = ends(session)
        day = next(day for day in DEMO.days if day.date == session.day)
        assert day.start <= start < end <= day.end
        assert 25 <= session.minutes <= 90
        assert session.minutes % 5 == start.minute % 5 == 0
    for day in DEMO.days:
        assert day.start == datetime(day.date.year, day.date.month, day.date.day, 9, tzinfo=STOCKHOLM)
        assert timedelta(hours=7, minutes=30) <= day.end - day.start <= timedelta(hours=8)


def test_during_the_day_there_is_usually_a_choice() -> None:
    running = Counter(
        sum(session.is_on(day.start + timedelta(minutes=minute)) for session in DEMO.sessions)
        for day in DEMO.days
        for minute in range(0, 8 * 60, 5)
    )
    choice = sum(count for number, count in running.items() if number > 1)
    assert choice > 1.5 * running[1]
    assert running[0] * 5 < 2 * 70, "minutes of breaks in two days"


def test_all_that_sessions_name_exists_and_all_speakers_have_a_session() -> None:
    stages, themes = {stage.slug for stage in DEMO.stages}, {theme.slug for theme in DEMO.themes}
    for session in DEMO.sessions:
        assert session.stage in stages
        assert session.theme in themes | {""}
        assert session.type in TYPES
        assert session.language in DEMO.languages
        assert session.speakers
    named = {guid for session in DEMO.sessions for guid in session.speakers}
    assert named == {speaker.guid for speaker in DEMO.speakers}
    assert {session.theme for session in DEMO.sessions} > themes


def test_about_a_third_is_in_english_and_workshops_have_a_limit() -> None:
    english = [session for session in DEMO.sessions if session.language == "en"]
    assert 0.25 <= len(english) / len(DEMO.sessions) <= 0.4
    assert all(session.capacity for session in DEMO.sessions if session.type == "Workshop")


def test_identities_are_unique_and_the_same_every_time() -> None:
    again = demo_programme(date(2031, 5, 6))
    for now, then in zip(DEMO.sessions, again.sessions, strict=True):
        assert (now.guid, now.code, now.number, now.slug) == (then.guid, then.code, then.number, then.slug)
        assert re.fullmatch("[0-9A-Z]{6}", now.code)
        assert re.fullmatch("[a-z0-9_]{4,}-[a-z0-9_-]{4,}", now.slug)
    assert [session.number for session in DEMO.sessions] == list(range(1, len(DEMO.sessions) + 1))
    for values in (
        [session.code for session in DEMO.sessions],
        [session.slug for session in DEMO.sessions],
        [speaker.code for speaker in DEMO.speakers],
        [
            *(one.guid for one in DEMO.sessions),
            *(one.guid for one in DEMO.speakers),
            *(one.guid for one in DEMO.stages),
        ],
    ):
        assert len(set(values)) == len(values)
    assert all(re.fullmatch("[A-Z]{6}", speaker.code) for speaker in DEMO.speakers)
    # A change here would turn every bookmark and calendar entry of the demo into a stranger.
    shop = next(session for session in DEMO.sessions if session.code == "BYBUTK")
    assert UUID(shop.guid).version == 5
    assert shop.guid == "4f641749-4521-5a96-aae3-c743af6dfba3"


def test_links_lead_to_secure_addresses_or_to_our_own_files_and_say_where() -> None:
    links = [link for session in DEMO.sessions for link in session.links]
    assert links
    assert all(link.title for link in links)
    ours = [link.url for link in links if not link.url.startswith("https://")]
    assert ours
    assert all((folder("static") / url.removeprefix("/static/")).is_file() for url in ours)


def test_one_stage_has_a_backup_and_its_sound_alone_and_one_session_a_recording() -> None:
    [stream] = [stage.stream for stage in DEMO.stages if stage.stream and stage.stream.backup]
    assert chosen_stream(stream, "backup")[0] == "backup"
    assert player_for(chosen_stream(stream, "backup")[1]).kind == "mp4"
    sound = MEDIA / "sound.m4a"
    assert sound_of(stream).source.endswith(sound.name)
    assert sound.stat().st_size < 60_000
    [recorded] = [session for session in DEMO.sessions if recording_of(session)]
    assert not recorded.do_not_record


@pytest.mark.parametrize("stage", DEMO.stages, ids=lambda stage: stage.slug)
def test_each_stage_plays_our_own_clip_with_captions_in_both_languages(stage: Stage) -> None:
    player = player_for(stage.stream)
    assert player.kind == "hls"
    assert content_sources(player) == {}
    assert [caption.lang for caption in player.captions] == ["sv", "en"]
    for url in (player.source, *(caption.url for caption in player.captions)):
        assert (folder("static") / url.removeprefix("/static/")).is_file()


def test_every_file_that_the_playlists_name_is_there() -> None:
    renditions = [line for line in (MEDIA / "master.m3u8").read_text().splitlines() if line and line[0] != "#"]
    assert len(renditions) == 2
    for rendition in renditions:
        playlist = (MEDIA / rendition).read_text()
        assert "#EXT-X-ENDLIST" in playlist
        named = re.findall(r'^(?!#)(\S+)$|URI="([^"]+)"', playlist, re.MULTILINE)
        assert len(named) == 8
        assert all(((MEDIA / rendition).parent / (part or start)).stat().st_size > 1000 for part, start in named)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_captions_cover_the_clip_one_after_the_other(lang: str) -> None:
    text = (MEDIA / f"captions.{lang}.vtt").read_text()
    assert text.startswith("WEBVTT\n\n")
    cues = [
        tuple(int(minutes) * 60 + float(seconds) for minutes, seconds in re.findall(r"00:(\d\d):([\d.]+)", line))
        for line in text.splitlines()
        if "-->" in line
    ]
    assert len(cues) >= 5
    assert all(start < end for start, end in cues)
    assert all(one[1] <= other[0] for one, other in pairwise(cues))
    assert cues[0][0] < 1
    assert 27 < cues[-1][1] <= 28


def test_the_media_are_small() -> None:
    size = sum(path.stat().st_size for path in MEDIA.parent.rglob("*") if path.is_file())
    assert size < 1_200_000


@pytest.mark.skipif(which("ffprobe") is None, reason="ffprobe is not installed")
@pytest.mark.parametrize("name", ["clip.mp4", "360p/index.m3u8", "180p/index.m3u8"])
def test_picture_and_sound_are_of_a_kind_that_browsers_play(name: str) -> None:
    entries = "stream=codec_name:format=duration"
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "csv=p=0", MEDIA / name],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"h264", "aac"} <= set(shown)
    assert float(shown[-1]) == pytest.approx(28, abs=0.2)

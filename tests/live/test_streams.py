"""Players: each address finds its player, and no address gets anything into the page but what it stands for."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summit.core.security import content_policy
from summit.live.streams import Player, content_sources, iframe_permissions, player_for
from summit.programme.values import Caption, Stream

YT = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
SHORT = "kkGMgK9ZtnKfYAgnEtQxbv"
SOURCE = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


def play(url: str, kind: str = "") -> Player:
    return player_for(Stream(url=url, kind=kind))


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/static/media/summit/master.m3u8", "hls"),
        ("/static/media/summit/clip.MP4?v=2", "mp4"),
        ("https://cdn.example.org/live/master.m3u8?token=a;b", "hls"),
        ("https://cdn.example.org:8443/film.webm", "mp4"),
        ("http://cdn.example.org/film.mp4#t=10", "mp4"),
    ],
)
def test_a_film_or_a_live_stream_is_played_by_the_page_itself(url: str, kind: str) -> None:
    player = play(url, "")
    assert (player.kind, player.source, player.embed) == (kind, url, "")
    assert iframe_permissions(player) == ""


def test_an_address_without_a_telling_end_is_played_as_the_kind_that_was_stated() -> None:
    assert play("https://cdn.example.org/stream/42", "hls").kind == "hls"
    assert play("https://cdn.example.org/stream/42", "mp4").kind == "mp4"
    assert play("https://cdn.example.org/stream/42").kind == "link"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
        "https://youtube.com/watch?feature=share&v=aqz-KE-bpKQ&t=10s",
        "https://m.youtube.com/watch?v=aqz-KE-bpKQ",
        "https://youtu.be/aqz-KE-bpKQ?si=abc",
        "https://www.youtube.com/live/aqz-KE-bpKQ?feature=share",
        "https://www.youtube.com/shorts/aqz-KE-bpKQ",
        "https://www.youtube.com/embed/aqz-KE-bpKQ",
        "http://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
        "HTTPS://WWW.YouTube.com/watch?v=aqz-KE-bpKQ",
        "  https://www.youtube.com/watch?v=aqz-KE-bpKQ\n",
    ],
)
def test_every_address_of_a_youtube_film_becomes_the_frame_without_cookies(url: str) -> None:
    player = play(url)
    assert (player.kind, player.embed, player.host, player.is_foreign) == ("youtube", YT, "youtube.com", True)
    assert content_sources(player) == {"frame-src": ["https://www.youtube-nocookie.com"]}


def test_a_youtube_channels_live_frame_keeps_its_channel() -> None:
    channel = "UCabcdefghijklmnopqrstuv"
    player = play(f"https://www.youtube.com/embed/live_stream?channel={channel}")
    assert player.embed == f"https://www.youtube-nocookie.com/embed/live_stream?channel={channel}"
    assert play("https://www.youtube.com/embed/live_stream?channel=x%22onload").kind == "link"


@pytest.mark.parametrize(
    ("url", "embed"),
    [
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/8272103f6e", "https://player.vimeo.com/video/76979871?h=8272103f6e&dnt=1"),
        ("https://vimeo.com/76979871?h=8272103f6e", "https://player.vimeo.com/video/76979871?h=8272103f6e&dnt=1"),
        ("https://player.vimeo.com/video/76979871?h=82", "https://player.vimeo.com/video/76979871?h=82&dnt=1"),
        ("https://www.vimeo.com/channels/staffpicks/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871?h=%22%3E%3Cscript", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/event/4154130", "https://vimeo.com/event/4154130/embed"),
        ("https://vimeo.com/event/4154130/ab12cd", "https://vimeo.com/event/4154130/embed/ab12cd"),
    ],
)
def test_vimeo_is_asked_not_to_track_and_keeps_the_hash_of_an_unlisted_film(url: str, embed: str) -> None:
    player = play(url)
    assert (player.kind, player.embed, player.host) == ("vimeo", embed, "vimeo.com")


@pytest.mark.parametrize("path", [f"w/{SHORT}", f"videos/watch/{UUID}", f"w/{SHORT}?start=10s", f"videos/embed/{UUID}"])
def test_peertube_is_found_on_any_host(path: str) -> None:
    player = play(f"https://video.example.net/{path}")
    video = UUID if UUID in path else SHORT
    assert (player.kind, player.embed) == ("peertube", f"https://video.example.net/videos/embed/{video}")
    assert content_sources(player) == {"frame-src": ["https://video.example.net"]}
    assert player.host == "video.example.net"


@pytest.mark.parametrize(
    ("url", "stated", "kind"),
    [
        ("https://meet.jit.si/SummitVerkstaden", "", "jitsi"),
        ("https://moten.example.se/Verkstaden#config.startWithAudioMuted=true", "jitsi", "jitsi"),
        ("https://bbb.example.org/b/ada-k3x-9qz", "", "bigbluebutton"),
        ("https://bbb.example.org/rooms/ada-k3x-9qz-w2w/join", "", "bigbluebutton"),
        ("https://bbb.example.org/gl/b/ada-k3x-9qz", "", "bigbluebutton"),
        ("https://bbb.example.org/html5client/join?sessionToken=1", "BigBlueButton", "bigbluebutton"),
    ],
)
def test_a_meeting_room_may_ask_for_camera_and_microphone(url: str, stated: str, kind: str) -> None:
    player = play(url, stated)
    assert (player.kind, player.embed) == (kind, url)
    assert iframe_permissions(player) == (
        "autoplay; fullscreen; picture-in-picture; camera; microphone; display-capture"
    )


def test_a_film_in_a_frame_gets_neither_camera_nor_microphone() -> None:
    assert iframe_permissions(play("https://youtu.be/aqz-KE-bpKQ")) == "autoplay; fullscreen; picture-in-picture"


@pytest.mark.parametrize(
    ("url", "stated"),
    [
        ("https://example.org/webinar", ""),
        ("https://example.org/webinar", "youtube"),
        ("https://www.youtube.com/@somebody", ""),
        ("https://www.youtube.com/watch?v=short", ""),
        ("https://www.youtube.com/watch?v=aqz-KE-bpKQ", "vimeo"),
        ("https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ", ""),
        ("https://evil.example/youtube.com/watch?v=aqz-KE-bpKQ", ""),
        ("https://notvimeo.com/76979871", ""),
        ("https://meet.jit.si.evil.example/Room", ""),
        ("https://meet.jit.si/", ""),
        ("/help/stream", ""),
        ("/watch?v=aqz-KE-bpKQ", "youtube"),
    ],
)
def test_what_no_player_knows_is_only_a_link_and_opens_nothing(url: str, stated: str) -> None:
    player = play(url, stated)
    assert (player.kind, player.source, player.embed) == ("link", url, "")
    assert content_sources(player) == {}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//.m3u8",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "blob:https://example.org/1",
        "file:///etc/passwd",
        "ftp://example.org/film.mp4",
        "rtmp://example.org/live",
        "//evil.example/film.mp4",
        "/\\evil.example/film.mp4",
        "/\t/evil.example/film.mp4",
        "\\\\evil.example\\film.mp4",
        "film.mp4",
        "https:film.mp4",
        "https:///film.mp4",
        "https://",
        "https://user:secret@example.org/film.mp4",
        "https://youtube.com@evil.example/watch?v=aqz-KE-bpKQ",
        "https://@example.org/film.mp4",
        "https://example.org\\@evil.example/film.mp4",
        "https://example.org;script-src * /film.mp4",
        "https://example.org;script-src/film.mp4",
        "https://example.org,evil.example/film.mp4",
        "https://*/film.mp4",
        "https://*.example.org/film.mp4",
        "https://'self'/film.mp4",
        "https://exa mple.org/film.mp4",
        "https://example.org\r\nSet-Cookie: a=b/film.mp4",
        "https://example.org:99999/film.mp4",
        "https://example.org:port/film.mp4",
        "https://example.org:/film.mp4\x00",
        "https://[::1]/film.mp4",
        "https://[::1/film.mp4",
        "https://example..org/film.mp4",
        "https://-example.org/film.mp4",
        "https://%65vil.example/film.mp4",
        'https://example.org/"onerror="alert(1).mp4',
        "https://example.org/<script>.mp4",
        "https://" + "a" * 300 + ".org/film.mp4",
    ],
)
@pytest.mark.parametrize("kind", ["", "hls", "youtube", "jitsi", "bigbluebutton"])
def test_a_hostile_or_broken_address_plays_nothing(url: str, kind: str) -> None:
    player = play(url, kind)
    assert player == Player("none")
    assert content_sources(player) == {}
    assert iframe_permissions(player) == ""


def test_without_a_stream_nothing_plays() -> None:
    assert player_for(None) == Player("none")


def test_a_stream_of_this_site_opens_the_page_to_no_other_host() -> None:
    player = play("/static/media/summit/master.m3u8")
    assert not player.is_foreign
    assert player.host == ""
    assert content_sources(player) == {}


def test_a_stream_of_another_host_opens_the_page_to_that_origin_alone() -> None:
    player = play("https://CDN.example.org:8443/live/master.m3u8")
    assert player.is_foreign
    assert player.host == "cdn.example.org"
    assert content_sources(player) == {
        "media-src": ["https://cdn.example.org:8443"],
        "connect-src": ["https://cdn.example.org:8443"],
    }


def test_a_host_with_national_letters_is_named_in_ascii() -> None:
    player = play("https://möten.example.se/film.mp4")
    assert content_sources(player)["media-src"] == ["https://xn--mten-5qa.example.se"]


def test_captions_come_from_here_or_from_where_the_stream_comes_from() -> None:
    here = Caption(url="/static/media/summit/captions.sv.vtt", lang="sv", label="Svenska")
    there = Caption(url="https://cdn.example.org/en.vtt", lang="en", label="English")
    elsewhere = Caption(url="https://evil.example/en.vtt", lang="en", label="English")
    script = Caption(url="javascript:alert(1)", lang="en", label="English")
    stream = Stream(url="https://cdn.example.org/a.m3u8", captions=(here, there, elsewhere, script))
    assert player_for(stream).captions == (here, there)
    own = Stream(url="/static/a.m3u8", captions=(here, there))
    assert player_for(own).captions == (here,)


@given(
    st.one_of(
        st.text(max_size=60),
        st.tuples(st.sampled_from(["https://", "http://", "//", "/"]), st.text(max_size=60)).map("".join),
        st.tuples(st.just("https://"), st.text(max_size=20), st.sampled_from(["/a.m3u8", "/w/" + SHORT, "/b/a-b"])).map(
            "".join
        ),
    ),
    st.sampled_from(["", "hls", "mp4", "youtube", "peertube", "jitsi", "bigbluebutton", "nonsense"]),
)
@example("https://a.example;/a.m3u8", "")
@example("https://a.example\u3002b/a.m3u8", "")
def test_no_address_at_all_can_write_into_the_policy(url: str, kind: str) -> None:
    player = play(url, kind)
    sources = content_sources(player)
    for named in sources.values():
        assert all(SOURCE.fullmatch(source) for source in named)
    assert player.kind == "none" or player.source.startswith(("https://", "http://", "/"))
    assert not player.source.startswith("//")
    policy = content_policy(**{name.replace("-", "_"): named for name, named in sources.items()})
    assert policy.count(";") == content_policy().count(";") + ("frame-src" in sources)

"""What a recording is after publishing, and which recordings are refused. No database, no Django."""

import array
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.audio import accept, measure
from portal.audio import publish as publishing
from portal.audio.ffmpeg import probe, reading
from portal.audio.publish import BELL_AFTER_MS, BELL_SECONDS, Published, publish
from portal.audio.refusals import CannotPublish, ToolMissing
from portal.audio.stated_length import mp3_breaks_off, mp3_ms, wav_ms

pytestmark = [
    pytest.mark.long,  # ffmpeg encodes
    pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed"),
]

# Something like speech: a tone that comes and goes, with a sharp peak now and then.
TALK = "aevalsrc='0.08*sin(2*PI*220*t)*gt(sin(2*PI*1.5*t),0)+0.5*lt(mod(t,1),0.002)':d={seconds}:s=22050"


def make(path: Path, lavfi: str, *options: str) -> Path:
    """A sound file made by ffmpeg itself."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", lavfi, *options, str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="module", autouse=True)
def short_ones_too() -> Iterator[None]:
    """Sounds of a few seconds are cheap; how short a lesson may be is tested in test_accept.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accept, "SHORTEST_MS", 1000)
        yield


@pytest.fixture(scope="module")
def talk(short_ones_too: None, tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("talk")
    source = make(folder / "talk.wav", TALK.format(seconds=6), "-ac", "2")
    return publish(source, target_dir=folder / "out", bell=False)


def refused(source: Path, tmp_path: Path) -> str:
    """The sentence of the refusal; and nothing may be left behind."""
    with pytest.raises(CannotPublish) as refusal:
        publish(source, target_dir=tmp_path / "out", bell=True)
    assert not any((tmp_path / "out").glob("*"))
    return str(refusal.value)


def test_text_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "lesson.mp3"
    source.write_text("This is not a sound. " * 500)
    assert refused(source, tmp_path).startswith("lesson.mp3 is not an audio file that we can read.")


def test_a_playlist_that_names_another_file_is_not_followed(tmp_path: Path) -> None:
    secret = make(tmp_path / "secret.wav", TALK.format(seconds=2))
    playlist = tmp_path / "lesson.m4a"
    playlist.write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    assert "not an audio file" in refused(playlist, tmp_path)


def test_a_small_file_of_very_long_silence_is_not_decoded_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "LONGEST_S", 60)
    silence = make(tmp_path / "long.flac", "anullsrc=r=8000:cl=mono:d=600")
    measure.decode(reading(silence), tmp_path / "decoded.wav", name="long.flac")
    assert measure.length(tmp_path / "decoded.wav") == 90_000
    assert refused(silence, tmp_path).startswith("long.flac lasts 10:00, but a lesson can last at most 1 min")


def test_a_web_server_of_the_same_group_may_read_what_is_published(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        published = publish(
            make(tmp_path / "talk.wav", TALK.format(seconds=2)), target_dir=tmp_path / "out", bell=False
        )
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "out", published.path)]
    assert [oct(mode) for mode in modes] == ["0o750", "0o640"]


def test_a_picture_without_sound_is_refused(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", "testsrc=d=2:s=64x64")
    assert refused(film, tmp_path).startswith("film.mp4 has no sound in it.")


def test_silence_is_refused(tmp_path: Path) -> None:
    silent = make(tmp_path / "silent.wav", "anullsrc=r=44100:cl=mono", "-t", "3")
    assert refused(silent, tmp_path).startswith("silent.wav is silent, or nearly so.")


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("m4a", ["-movflags", "+faststart"]),
        *(
            ("wav", []),
            ("mp3", []),
            ("mp3", ["-q:a", "5", "-id3v2_version", "3", "-metadata", "title=Floor"]),
        ),
    ],
)
def test_a_copy_that_broke_off_is_refused(tmp_path: Path, kind: str, options: list[str]) -> None:
    whole = make(tmp_path / f"whole.{kind}", "sine=d=20", *options)
    broken = tmp_path / f"broken.{kind}"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    assert refused(broken, tmp_path).startswith(f"broken.{kind} says it lasts 0:20, but only 0:0")


@pytest.mark.parametrize(
    ("kind", "options"),
    [("wav", []), ("wav", ["-ac", "2", "-c:a", "pcm_f32le"]), ("mp3", []), ("mp3", ["-write_xing", "0"])],
)
def test_a_whole_one_says_how_long_it_is_or_nothing(tmp_path: Path, kind: str, options: list[str]) -> None:
    stated = probe(make(tmp_path / f"whole.{kind}", "sine=d=20", *options)).stated_ms
    assert stated == (None if "-write_xing" in options else pytest.approx(20_000, abs=60))


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEfmt ", b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\xff"]
)
def test_a_header_that_states_no_length_is_no_error(tmp_path: Path, content: bytes) -> None:
    odd = tmp_path / "odd.wav"
    odd.write_bytes(content)
    assert (wav_ms(odd), mp3_ms(odd), mp3_breaks_off(odd)) == (None, None, False)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.wav", tmp_path) == "File not found: gone.wav."


def test_a_machine_without_ffmpeg_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "talk.wav", "sine=d=2")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="ffprobe is not installed"):
        publish(source, target_dir=tmp_path / "out", bell=False)


def test_it_is_as_loud_as_the_others(talk: Published) -> None:
    assert measure.loudness(talk.path).lufs == pytest.approx(-16, abs=1)


def test_no_peak_is_above_the_limit_after_encoding(talk: Published) -> None:
    assert measure.loudness(talk.path).true_peak <= -1.5


def test_when_the_encoder_stays_too_loud_the_last_bearable_round_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A little quiet, peaks kept, rather than three decibels below all other lessons."""
    found = [(-21.0, -4.9), (-16.1, 0.4), (-16.6, -1.9), (-16.3, -1.3), (-16.2, -1.4)]
    heard = iter([measure.Loudness(*one) for one in found])
    used: list[float] = []
    monkeypatch.setattr(measure, "loudness", lambda _: next(heard))
    monkeypatch.setattr(measure, "length", lambda _: 60_000)
    monkeypatch.setattr(publishing, "_encode", lambda *_, gain, **__: used.append(gain))
    publishing._level(tmp_path / "a.wav", tmp_path / "b.m4a", bell=False, name="a.wav")
    assert used[-1] == used[1] != used[2]


def test_every_browser_plays_it(talk: Published) -> None:
    shown = ["-show_entries", "stream=codec_name,profile,sample_rate,channels", "-of", "csv=p=0"]
    said = subprocess.run(["ffprobe", "-v", "error", *shown, str(talk.path)], capture_output=True, check=True)
    assert said.stdout.decode().strip() == "aac,LC,44100,1"


def test_the_index_comes_before_the_sound(talk: Published) -> None:
    content = talk.path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_length_is_measured_in_milliseconds(talk: Published) -> None:
    assert talk.duration_ms == pytest.approx(6000, abs=30)


def test_the_bell_is_part_of_the_file_and_sounds(tmp_path: Path) -> None:
    source = make(tmp_path / "talk.wav", TALK.format(seconds=3))
    rung = publish(source, target_dir=tmp_path / "out", bell=True)
    assert rung.duration_ms == pytest.approx(3000 + BELL_AFTER_MS + BELL_SECONDS * 1000, abs=60)
    assert rms(rung.path, 4.3, 1) > 20 * rms(rung.path, 3.1, 1)  # it rings at 4.2 s, after a second of quiet


def test_the_quiet_between_words_is_not_lifted(tmp_path: Path) -> None:
    """Ten seconds of a room at −70 dB after the words rise by the file's one gain and no more."""
    words = "0.06*sin(2*PI*220*t)*lt(t,6)+0.9*lt(mod(t,2),0.001)*lt(t,6)"
    source = make(tmp_path / "room.wav", f"aevalsrc='{words}+0.0004*sin(2*PI*90*t)':d=16:s=44100")
    made = publish(source, target_dir=tmp_path / "out", bell=False)
    assert rms(made.path, 0, 6) / rms(made.path, 8, 7) > 110  # loudnorm alone: 73


def rms(path: Path, start: float, seconds: float) -> float:
    """Root mean square of a stretch, in units of 16 bits."""
    stretch = ["-ss", str(start), "-t", str(seconds), "-i", str(path)]
    raw = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", *stretch, "-f", "s16le", "-"], capture_output=True, check=True
    ).stdout
    samples = array.array("h", raw)
    return (sum(s * s for s in samples) / len(samples)) ** 0.5


def test_the_same_recording_gets_the_same_name(talk: Published, tmp_path: Path) -> None:
    source = make(tmp_path / "talk.wav", TALK.format(seconds=6), "-ac", "2")
    again = publish(source, target_dir=tmp_path / "out", bell=False)
    assert (again.path.name, again.size) == (f"{talk.sha256}.m4a", talk.path.stat().st_size)

"""Which sound files are accepted, and which are refused with what sentence. No database, no Django."""

import array
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.audio import accept as acceptance
from portal.audio import measure
from portal.audio.accept import accept
from portal.audio.ffmpeg import ffmpeg
from portal.audio.refusals import CannotPublish, DiskFull, ToolStopped
from portal.audio.stated_length import wav_ms

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")

LEAST_MS = acceptance.SHORTEST_MS
SECONDS = 8
VOICE = "0.2*sin(2*PI*220*t)*gt(sin(2*PI*1.5*t),0)"
TWO = f"aevalsrc='{VOICE}|{VOICE}':d={SECONDS}:s=44100"
PICTURE = "-map 1:v -c:v mjpeg -disposition:v attached_pic"

# What ffmpeg makes of the same eight seconds: each is a file that people send.
ACCEPTED = {
    "usual.wav": "-c:a pcm_s16le",
    "mono.wav": "-af pan=mono|c0=c0 -c:a pcm_s16le -ar 22050",
    "24 bit.wav": "-c:a pcm_s24le -ar 48000",
    "rf64.wav": "-c:a pcm_s16le -rf64 always",
    "dictation machine.wav": "-c:a adpcm_ms",
    "constant.mp3": "-af pan=mono|c0=c0 -b:a 64k",
    "variable.mp3": "-q:a 6",
    "variable without a header.mp3": "-q:a 6 -write_xing 0 -id3v2_version 0",
    "with cover.mp3": f"{PICTURE} -b:a 64k",
    "usual.flac": "-c:a flac",
    "with cover.flac": f"{PICTURE} -c:a flac",
    "usual.aiff": "-c:a pcm_s16be",
    "aac.m4a": "-c:a aac -b:a 48k",
    "apple lossless.m4a": "-c:a alac",
    "with cover.m4a": f"{PICTURE} -c:a aac -b:a 48k",
    "voice memo.m4a": "-af pan=mono|c0=c0 -c:a aac -b:a 64k -ar 48000 -metadata title=Floor -f ipod",
    "opus.ogg": "-c:a libopus -b:a 32k",
    "browser.webm": "-c:a libopus -b:a 32k -live 1 -f webm",
    "browser.mp4": "-c:a aac -b:a 48k -movflags frag_keyframe+empty_moov+default_base_moof",
    # Not broken, though their container lasts longer than their sound, or their sum is silence.
    "begins late.m4a": "-af asetpts=PTS+3/TB -c:a aac -b:a 48k",
    "begins late.webm": "-af asetpts=PTS+3/TB -c:a libopus -b:a 32k",
    "film that lasts longer.mov": "-map 2:v -c:v mpeg4 -c:a aac -b:a 48k",
    "film that lasts longer.mkv": "-map 2:v -c:v mpeg4 -c:a flac",
    "channels in opposite phase.flac": "-af pan=stereo|c0=c0|c1=-1*c1 -c:a flac",
    "channels in opposite phase.m4a": "-af pan=stereo|c0=c0|c1=-1*c1 -c:a aac",
    "one channel only.wav": "-af pan=stereo|c0=c0|c1=0*c1",
}


@pytest.fixture(scope="module", autouse=True)
def five_seconds_are_enough() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acceptance, "SHORTEST_MS", 5_000)
        yield


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all files of the table, made by one run of ffmpeg."""
    folder = tmp_path_factory.mktemp("sounds")
    sources = (TWO, "color=size=64x64:rate=1:d=1", f"color=size=64x64:rate=2:d={SECONDS + 5}")
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    for source in sources:
        command += ["-f", "lavfi", "-i", source]
    for name, options in ACCEPTED.items():
        command += ["-map", "0:a", *options.split(), str(folder / name)]
    subprocess.run(command, check=True)
    return folder


def decoded(source: Path, tmp_path: Path) -> tuple[float, float]:
    """The length in seconds of what was accepted, and how loud it is (root mean square, 1 is full scale)."""
    accept(source, tmp_path / "decoded.wav", name=source.name)
    with wave.open(str(tmp_path / "decoded.wav")) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (1, 44_100)
        samples = array.array("h", sound.readframes(sound.getnframes()))
    some = samples[::7]
    return len(samples) / 44_100, (sum(one * one for one in some) / len(some)) ** 0.5 / 32_768


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_is_accepted_whole_and_audible(sounds: Path, tmp_path: Path, name: str) -> None:
    seconds, loud = decoded(sounds / name, tmp_path)
    assert seconds == pytest.approx(SECONDS, abs=0.15)
    assert loud == pytest.approx(0.05 if "one channel" in name else 0.1, rel=0.1)


def test_it_is_its_content_that_counts_and_not_its_name(sounds: Path, tmp_path: Path) -> None:
    named_wrong = shutil.copy(sounds / "usual.wav", tmp_path / "lesson.mp3")
    assert decoded(named_wrong, tmp_path)[0] == pytest.approx(SECONDS, abs=0.15)


def refused(source: Path, tmp_path: Path) -> str:
    with pytest.raises(CannotPublish) as refusal:
        accept(source, tmp_path / "decoded.wav", name="my voice")
    return str(refusal.value)


SAYS = "my voice says it lasts 0:08, but only 0:0"
BREAKS_OFF = "my voice breaks off in the middle of a sound, after 0:0"
NO_INDEX = "my voice is incomplete: its index is missing"


@pytest.mark.parametrize(
    ("name", "why"),
    {
        "usual.wav": SAYS,
        "24 bit.wav": SAYS,
        "rf64.wav": SAYS,
        "dictation machine.wav": SAYS,
        "constant.mp3": SAYS,
        "with cover.mp3": SAYS,
        "variable without a header.mp3": BREAKS_OFF,
        "opus.ogg": BREAKS_OFF,
        "usual.flac": SAYS,
        "usual.aiff": SAYS,
        "begins late.webm": SAYS,
        "aac.m4a": NO_INDEX,
    }.items(),
)
def test_a_copy_that_broke_off_is_refused(sounds: Path, tmp_path: Path, name: str, why: str) -> None:
    content = (sounds / name).read_bytes()
    (tmp_path / "broken").write_bytes(content[: 3 * len(content) // 5 + 1])
    assert refused(tmp_path / "broken", tmp_path).startswith(why)


def test_the_long_size_of_an_rf64_file_is_read(sounds: Path) -> None:
    """Its usual place for the size holds only 32 bits."""
    assert wav_ms(sounds / "rf64.wav") == pytest.approx(SECONDS * 1000, abs=1)


def test_the_last_two_seconds_may_not_be_missing(sounds: Path, tmp_path: Path) -> None:
    content = (sounds / "usual.wav").read_bytes()
    (tmp_path / "broken").write_bytes(content[: -2 * 4 * 44_100])
    assert refused(tmp_path / "broken", tmp_path).startswith("my voice says it lasts 0:08, but only 0:06")


def test_a_tag_behind_the_last_frame_is_no_break(sounds: Path, tmp_path: Path) -> None:
    content = (sounds / "variable without a header.mp3").read_bytes()
    (tmp_path / "tagged.mp3").write_bytes(content + b"TAG" + bytes(125))
    assert decoded(tmp_path / "tagged.mp3", tmp_path)[0] == pytest.approx(SECONDS, abs=0.15)


def test_what_a_browser_recorded_before_it_crashed_is_kept(sounds: Path, tmp_path: Path) -> None:
    """Its recorder hands over pieces that may end anywhere."""
    content = (sounds / "browser.webm").read_bytes()
    (tmp_path / "crashed.webm").write_bytes(content[: 3 * len(content) // 4 + 1])
    assert decoded(tmp_path / "crashed.webm", tmp_path)[0] == pytest.approx(SECONDS * 3 / 4, abs=1)


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_wav_written_into_a_pipe_states_no_length(sounds: Path, tmp_path: Path, size: int) -> None:
    content = bytearray((sounds / "mono.wav").read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = size.to_bytes(4, "little")
    (tmp_path / "piped.wav").write_bytes(content)
    assert decoded(tmp_path / "piped.wav", tmp_path)[0] == pytest.approx(SECONDS, abs=0.15)


def test_where_its_time_jumps_there_is_silence(tmp_path: Path) -> None:
    """As in a browser's recording of a tab that was asleep: else it would be shorter than it says."""
    gap = tmp_path / "gap.webm"
    apart = ["-af", "aselect='not(between(t,3,5))'", "-c:a", "libopus", "-b:a", "32k", str(gap)]
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", TWO, *apart], check=True)
    assert decoded(gap, tmp_path)[0] == pytest.approx(SECONDS, abs=0.15)


def test_too_short_is_refused(sounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "SHORTEST_MS", LEAST_MS)
    assert refused(sounds / "usual.wav", tmp_path).startswith(
        "my voice lasts only 0:08. A lesson lasts at least 0:30; please"
    )


def test_five_hours_are_refused_with_their_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what could be a lesson is decoded: here two minutes, because an hour takes a second."""
    monkeypatch.setattr(measure, "LONGEST_S", 120)
    long = tmp_path / "long.flac"
    silence = ["-f", "lavfi", "-i", "anullsrc=r=1000:cl=mono:d=18000", "-frame_size", "60000", str(long)]
    subprocess.run(["ffmpeg", "-v", "error", *silence], check=True)
    assert refused(long, tmp_path).startswith(
        "my voice lasts 5:00:00, but a lesson can last at most 2 minutes. Please divide it"
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "my voice is empty."),
        (b"%PDF-1.7 " + b"words " * 2000, "my voice is not an audio file that we can read."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "my voice is not an audio file that we can read."),
    ],
)
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "voice.mp3").write_bytes(content)
    assert refused(tmp_path / "voice.mp3", tmp_path).startswith(why)


def test_a_full_disk_is_told_from_a_broken_recording(tmp_path: Path) -> None:
    with pytest.raises(DiskFull):
        ffmpeg("-f", "lavfi", "-i", "sine=d=2", "-f", "wav", "/dev/full", refusal=CannotPublish("broken"))


def test_a_title_does_not_look_like_a_full_disk(tmp_path: Path) -> None:
    titled = ["-metadata", "title=No space left on device", str(tmp_path / "titled.flac")]
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", *titled, refusal=CannotPublish("broken"))
    said = ffmpeg("-i", str(tmp_path / "titled.flac"), "-f", "null", "-", refusal=CannotPublish("broken"))
    assert "No space left on device" in said


@pytest.mark.parametrize(
    "ends",
    ["kill -KILL $$", "echo 'Exiting normally, received signal 15.' >&2; exit 255"],
    ids=["killed", "asked to end, as ffmpeg answers"],
)
def test_a_killed_tool_is_told_from_a_broken_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    (tmp_path / "ffmpeg").write_text(f"#!/bin/sh\n{ends}\n")
    (tmp_path / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ToolStopped):
        ffmpeg("-i", "a.wav", "-f", "null", "-", refusal=CannotPublish("broken"))

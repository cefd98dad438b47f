"""`python -m tools.bells`: make the bells of the exercise timer again, into portal/content/bells/.

Each file is MP3 frames of one size and nothing else, so that the timer's sound can be put together from them
(`portal/exercises/engine/track.py`): 24 ms a frame, and no frame needs the one before it.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "portal" / "content" / "bells"
RATE, BITRATE = 24_000, "24k"
ENCODING = ("-ar", str(RATE), "-ac", "1", "-c:a", "libmp3lame", "-b:a", BITRATE, "-reservoir", "0")
BARE = ("-write_xing", "0", "-id3v2_version", "0", "-map_metadata", "-1", "-fflags", "+bitexact")


def bowl(hertz: float, at: float = 0.0, loud: float = 0.5) -> str:
    """Return one soft stroke on a small bowl: three partials high enough for the speaker of a phone."""
    t = f"max(0,t-{at:g})"
    return (
        f"{loud:g}*gte(t,{at:g})*min(1,{t}*80)*("
        f"exp(-1.1*{t})*(sin(2*PI*{hertz:g}*{t})+0.5*sin(2*PI*{hertz + 1.2:g}*{t}))*0.55"
        f"+0.4*exp(-2.2*{t})*sin(2*PI*{hertz * 2.71:g}*{t})+0.12*exp(-4*{t})*sin(2*PI*{hertz * 5.15:g}*{t}))"
    )


#: Name → seconds, and what sounds: high to begin, low to let go, twice to turn over or to end.
SOUNDS = {
    "silence": (1.2, "0"),
    "hold": (3.0, bowl(587)),
    "rest": (3.0, bowl(392)),
    "switch": (4.0, f"{bowl(392)}+{bowl(494, 0.6)}"),
    "end": (4.0, f"{bowl(587, 0.0, 0.4)}+{bowl(392, 0.7)}"),
}


def write(folder: Path = FOLDER) -> None:
    """Write all files. The last 0.4 seconds of each fade out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (seconds, sound) in SOUNDS.items():
        source = f"aevalsrc='{sound}':s={RATE}:d={seconds},afade=t=out:st={seconds - 0.4:g}:d=0.4"
        command = ["ffmpeg", "-hide_banner", "-v", "error", "-y", "-f", "lavfi", "-i", source]
        subprocess.run([*command, *ENCODING, *BARE, str(folder / f"{name}.mp3")], check=True)


if __name__ == "__main__":
    write()
    print(f"written: {FOLDER}")

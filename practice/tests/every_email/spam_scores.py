"""The points that SpamAssassin gives an email by the rules that ask no network."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from mailbox import mbox
from pathlib import Path

Rules = dict[str, float]
PROGRAM = "spamassassin"
#: Each rule that fired, with its points, in a header of its own; the email stays as it is.
REPORT = ("report_safe 0", "add_header all Points _TESTSSCORES(,)_")
#: It sorts the emails by their date, so each has its number in a header.
NUMBER = "X-Number"
#: SpamAssassin's own test of itself (https://spamassassin.apache.org/gtube/): 1,000 points.
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


def version() -> str:
    """Return the program's version; "" where it is not installed."""
    try:
        said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        return ""
    return said.splitlines()[0].rpartition(" ")[2]


def points_of(emails: Sequence[bytes], folder: Path) -> list[Rules]:
    """Return for each email the rules that fired, with their points. `folder`: empty, for its files."""
    box = mbox(folder / "emails.mbox")
    for number, raw in enumerate(emails):
        box.add(f"{NUMBER}: {number}\n".encode() + raw.replace(b"\r\n", b"\n"))
    box.close()
    options = ["--local", "--test-mode", "--prefspath=/dev/null", *(f"--cf={line}" for line in REPORT)]
    with (folder / "judged.mbox").open("wb") as file:
        subprocess.run(
            [PROGRAM, *options, "--mbox", str(folder / "emails.mbox")],
            stdout=file,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
            check=True,
        )
    heads = [BytesHeaderParser().parsebytes(one.as_bytes()) for one in mbox(folder / "judged.mbox")]
    found = {int(head[NUMBER]): rules_in(head["X-Spam-Points"]) for head in heads}
    return [found[number] for number in range(len(emails))]


def rules_in(header: str) -> Rules:
    """Return the rules of a header NAME=POINTS,NAME=POINTS."""
    pairs = [one.partition("=") for one in "".join(header.split()).split(",") if "=" in one]
    return {name: float(points) for name, _, points in pairs}

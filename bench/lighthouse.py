"""A measurement of the booking pages on a phone with Lighthouse: types, times, and the booking form.

    make lighthouse                                   (beside `make run`)
    make lighthouse SITE=http://localhost:8001 SLOWDOWN=1

Lighthouse comes from npm in one pinned version, into `var/lighthouse/`, and drives the Chromium on PATH. The
site must be a demo: a time is kept for the form, and given back. All four scores are to be 95 or more.

Lighthouse makes a telephone of a desktop by a processor four times slower. *Machine* is its own measure of
the one it runs on: where it says less than 500, that is a telephone already, and SLOWDOWN=1 is right.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VERSION = "12.8.2"
FOLDER = ROOT / "var" / "lighthouse"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = "/book/session/"
ZONE = "America/Denver"  # the demo's: whoever is elsewhere sees the times load once more, in their zone
# Nobody is to find the form of somebody's kept time: it says so to crawlers, and is not marked down for it.
PRIVATE = "--skip-audits=is-crawlable"


def install() -> Path:
    """Return Lighthouse's program, installed by npm when this version is missing."""
    manifest = FOLDER / "node_modules" / "lighthouse" / "package.json"
    if not manifest.exists() or json.loads(manifest.read_text())["version"] != VERSION:
        FOLDER.mkdir(parents=True, exist_ok=True)
        words = ("install", "--ignore-scripts", "--no-fund", "--no-audit", "--prefix", str(FOLDER))
        subprocess.run(["npm", *words, f"lighthouse@{VERSION}"], check=True, stdout=subprocess.DEVNULL)
    return FOLDER / "node_modules" / ".bin" / "lighthouse"


class Site:
    """A client of the practice that is measured."""

    def __init__(self, address: str) -> None:
        self.address, self.host = address.rstrip("/"), urlsplit(address).netloc

    def ask(self, method: str, path: str, **fields: str) -> tuple[str, str]:
        """Send one request as a browser on this site does; return its redirect and its page."""
        connection = HTTPConnection(self.host, timeout=60)
        headers = {"Origin": self.address, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.getheader("Location", ""), page

    def keep(self) -> str:
        """Hold the first free time and return the address of its form."""
        _, page = self.ask("GET", TIMES)
        fields = dict(reversed(re.findall(r'name="(press|practitioner|tz|start)" value="([^"]*)"', page)))
        form, _ = self.ask("POST", f"{TIMES}hold/", **fields)
        if not form:
            raise SystemExit(f"No time can be kept at {self.address}{TIMES}: is this the demo?")
        return form


def scores(program: Path, address: str, *options: str) -> dict[str, int]:
    """Return the score of each category, 0 to 100, and Lighthouse's measure of this machine."""
    only = f"--only-categories={','.join(CATEGORIES)}"
    command = [str(program), address, "--quiet", "--output=json", only, f"--chrome-flags={FLAGS}", *options]
    browser = {"CHROME_PATH": shutil.which("chromium") or "", "TZ": ZONE}
    done = subprocess.run(command, env={**os.environ, **browser}, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    scored = {name: round(found["categories"][name]["score"] * 100) for name in CATEGORIES}
    return {**scored, "machine": round(found["environment"]["benchmarkIndex"])}


def main() -> None:
    """Print the table."""
    program, site, slowdown = (
        install(),
        Site(sys.argv[1]),
        f"--throttling.cpuSlowdownMultiplier={sys.argv[2]}",
    )
    form = site.keep()
    print(f"Lighthouse {VERSION}, mobile, processor {sys.argv[2]} times slower; {site.address}")
    print(f"{'page':8}" + "".join(f"{name:>16}" for name in (*CATEGORIES, "machine")))
    try:
        for name, path, *more in (("types", "/book/"), ("times", TIMES), ("details", form, PRIVATE)):
            found = scores(program, site.address + path, slowdown, *more)
            print(f"{name:8}" + "".join(f"{number:16d}" for number in found.values()))
    finally:
        site.ask("POST", f"{urlsplit(form).path}let-go/")


if __name__ == "__main__":
    main()

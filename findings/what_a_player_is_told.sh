#!/usr/bin/env bash
# WebKitGTK 2.50.6: after a jump within what is loaded it says seeking, waiting and seeked, and never playing.
# Firefox 153.8.0 ESR without a sound card: it says error (OnMediaSinkAudioError), and plays on.
#
# What the HTML standard promises: once a jump is over and the sound goes on, readyState is HAVE_FUTURE_DATA or
# more again, and "playing" is fired; an error of the media is fatal, and nothing plays any more. A player that
# waits for "playing" stands still in the one, and one that trusts "error" stops in the other.
# Needs what `tools/debian browsers` installs, and ffmpeg.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
port=${PORT:-8377}
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
ffmpeg -loglevel error -f lavfi -i "sine=frequency=330:duration=60" -c:a aac -movflags +faststart "$folder/tone.m4a"
cat >"$folder/index.html" <<'HTML'
<button>Play</button><audio src="tone.m4a"></audio><script>
window.said = [];
const audio = document.querySelector("audio");
for (const name of ["playing", "seeking", "waiting", "seeked", "error"]) {
    audio.addEventListener(name, () => window.said.push(name));
}
document.querySelector("button").onclick = () => audio.play();
</script>
HTML
(cd "$folder" && exec python3 -m http.server "$port" --bind 127.0.0.1 >/dev/null 2>&1) &
server=$!

cat >"$folder/listen.py" <<'PY'
import sys

from practice.tests.browser.browser_programs import firefox, webkit
from practice.tests.browser.other_browsers import until

PASSED = "return document.querySelector('audio').currentTime > arguments[0]"
with webkit() as browser:
    browser.open(sys.argv[1])
    browser.click("button")
    until(browser, PASSED, 1)
    browser.run("window.said = []; document.querySelector('audio').currentTime = 20")
    until(browser, PASSED, 23)
    after_a_jump = browser.run("return window.said")
with firefox(has_sound_card=False) as browser:
    browser.open(sys.argv[1])
    browser.click("button")
    until(browser, PASSED, 3)
    without_a_card = browser.run("return window.said")
print("WebKit after a jump:", *after_a_jump, "| Firefox without a sound card:", *without_a_card)
raise SystemExit("playing" in after_a_jump or "error" not in without_a_card)
PY

cd "$root"
PYTHONPATH=$root .venv/bin/python "$folder/listen.py" "http://127.0.0.1:$port/" || { echo "This has changed."; exit 1; }

"""Ask a web server how it is, for a container's health check: `python probe.py livez http://127.0.0.1:8000`.

`livez`: whether it answers, and was not told to stop. Any other word: whether that part of `/healthz` is
well, such as `beat` for a worker: whether ticks are worked off. The answer is the exit code, with a line why
not. A program of its own, run by its path: it loads nothing of ours, twice a minute in each container.
"""

import http.client
import json
import os
import sys
from urllib.parse import urlsplit

PATIENCE = 5.0  # seconds
LIVES = "livez"


def why_not(part: str, address: str) -> str:
    """Return why it is not well, or ""."""
    asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        # By the name of the site: an unknown one is refused.
        host = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
        asked.request("GET", "/livez" if part == LIVES else "/healthz", headers={"Host": host})
        answer = asked.getresponse()
        said = json.loads(answer.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"no answer: {error}"
    finally:
        asked.close()
    if part == LIVES:
        return "" if answer.status == http.HTTPStatus.OK else str(said.get("says", answer.status))
    found = said.get("parts", {}).get(part)
    if found is None:
        return f"nothing is said of {part}"
    return "" if found["ok"] else str(found["says"])


if __name__ == "__main__":
    if trouble := why_not(*sys.argv[1:]):
        sys.exit(trouble)

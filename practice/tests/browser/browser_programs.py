"""Starts Firefox and WebKit, each in a folder of its own, with a sound card that leads nowhere.

`make test` leaves out a browser that is not installed and says what is missing; `make prove` installs them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from glob import glob
from pathlib import Path

from practice.tests.browser.other_browsers import WAITS, Firefox, WebKit
from practice.tests.processes.up_runner import free_port, wait_for

MINI_BROWSER = next(iter(glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")), "")
#: What each browser needs, as a program that is found or not.
NEEDS = {
    "firefox": {"firefox-esr": shutil.which("firefox-esr"), "pulseaudio": shutil.which("pulseaudio")},
    "webkit": {
        "webkit2gtk-driver": shutil.which("WebKitWebDriver") and MINI_BROWSER,
        "pulseaudio": shutil.which("pulseaudio"),
        "xvfb": shutil.which("Xvfb"),
    },
}
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


def missing(name: str) -> list[str]:
    """The packages of Debian that this browser lacks here."""
    return [package for package, found in NEEDS[name].items() if not found]


@contextlib.contextmanager
def program(*command: str, folder: Path, environ: dict[str, str], keep: int = -1) -> Iterator[None]:
    """A program that runs until the end; what it says is in the folder. `keep`: a pipe it may write to."""
    fds = [keep] if keep >= 0 else []
    with (folder / Path(command[0]).name).open("w") as said:
        process = subprocess.Popen(command, env=environ, stdout=said, stderr=said, pass_fds=fds)
    try:
        yield
    finally:
        process.terminate()
        process.wait(WAITS)


@contextlib.contextmanager
def own_folder() -> Iterator[tuple[Path, dict[str, str]]]:
    """A home for a browser, and the environment in which its programs run."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as name:
        home = {"HOME": name, "XDG_RUNTIME_DIR": name, "PULSE_SERVER": f"unix:{name}/sound"}
        yield Path(name), {**os.environ, **home}


@contextlib.contextmanager
def sound_card(folder: Path, environ: dict[str, str]) -> Iterator[None]:
    """A sound card that leads nowhere, in real time: without one a browser may not play at all."""
    line = f"module-native-protocol-unix socket={folder}/sound auth-anonymous=1"
    command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
    command += ["--disable-shm=yes", "--load=module-null-sink", f"--load={line}"]
    with program(*command, folder=folder, environ=environ):
        wait_for((folder / "sound").exists, seconds=WAITS)
        yield


@contextlib.contextmanager
def screen(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    """The number of a screen that nobody sees."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with program(*command, folder=folder, environ=environ, keep=writes):
        os.close(writes)
        yield f":{os.read(reads, 20).decode().strip()}"
    os.close(reads)


@contextlib.contextmanager
def firefox(*, has_sound_card: bool = True) -> Iterator[Firefox]:
    """Firefox without windows."""
    with contextlib.ExitStack() as stack:
        folder, environ = stack.enter_context(own_folder())
        if has_sound_card:
            stack.enter_context(sound_card(folder, environ))
        profile, port = folder / "profile", free_port()
        profile.mkdir()
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()
        ]
        (profile / "user.js").write_text("\n".join(lines))
        command = ["firefox-esr", "--headless", "--no-remote", f"--remote-debugging-port={port}"]
        stack.enter_context(
            program(*command, "--profile", str(profile), "about:blank", folder=folder, environ=environ)
        )
        wait_for((profile / "WebDriverBiDiServer.json").exists, seconds=WAITS)
        browser = Firefox(port)
        stack.callback(browser.end)
        yield browser


@contextlib.contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKitGTK's MiniBrowser on a screen that nobody sees."""
    with contextlib.ExitStack() as stack:
        folder, environ = stack.enter_context(own_folder())
        stack.enter_context(sound_card(folder, environ))
        environ["DISPLAY"] = stack.enter_context(screen(folder, environ))
        environ["WEBKIT_DISABLE_COMPOSITING_MODE"] = "1"
        port = free_port()
        command = ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"]
        stack.enter_context(program(*command, folder=folder, environ=environ))
        browser = WebKit(port, MINI_BROWSER)
        stack.callback(browser.end)
        yield browser


STARTS = {"firefox": firefox, "webkit": webkit}

"""A measurement of recordings: publishing an hour of sound, and serving it, each beside its measure.

An hour is published beside ffmpeg's own two passes of `loudnorm` (the second one encodes). A range handed to
nginx is asked for beside a bare view that only authorizes by session, both with all our middleware, in turns.
Whole files are fetched from a real web process without a proxy, beside WhiteNoise in the same process, whose
memory is read too. On SQLite in a temporary folder. `bench/recordings.py [minutes of sound]`.
"""

from __future__ import annotations

import http.client
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory(prefix="portal-bench-")
os.environ |= {"VAR_DIR": f"{FOLDER.name}/var", "RATE_LIMITS": "off", "DATABASE_URL": ""}
os.environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402

from portal.audio.publish import publish  # noqa: E402
from portal.models import Assignment, Lesson, LessonAudio  # noqa: E402
from practice.models import Practice, Practitioner, User  # noqa: E402

SPEECH = ROOT / "portal/content/lessons/let-the-floor-hold-you/audio.m4a"
TWO_PASSES = (
    "-af loudnorm=print_format=json -f null -",
    "-af loudnorm=I=-16:TP=-1.5:measured_I=-17:measured_TP=-3:measured_LRA=5:measured_thresh=-27:linear=true "
    "-ar 44100 -ac 1 -c:a aac -b:a 48k -movflags +faststart",
)
ROUNDS, ASKED = 10, 15
SIZES = {"small": 2_000_000, "whole": 20_000_000, "large": 200_000_000}
TIMES = 6


def processor_time(act: Callable[[], object]) -> float:
    """Return the seconds of processor time that programs started by `act` took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def publishing(minutes: int) -> None:
    """Print what publishing costs, beside ffmpeg's own two passes over the same file."""
    folder = Path(FOLDER.name)
    wav = folder / "hour.wav"
    cut = ["-stream_loop", "20", "-i", str(SPEECH), "-t", str(minutes * 60), "-ac", "1", "-ar", "44100"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *cut, str(wav)], check=True)

    def two_passes() -> None:
        for number, options in enumerate(TWO_PASSES):
            target = [str(folder / "two.m4a")] if number else []
            command = ["ffmpeg", "-loglevel", "error", "-y", "-i", str(wav), *options.split(), *target]
            subprocess.run(command, check=True)

    ours = processor_time(lambda: publish(wav, target_dir=folder / "out", bell=True))
    theirs = processor_time(two_passes)
    print(f"publish {minutes} min of WAV: {ours:.0f} s, two passes of ffmpeg {theirs:.0f} s", end="")
    print(f": {ours / theirs:.2f} x (goal 1.2)")


def seed() -> tuple[User, Lesson]:
    """Create a client with an assigned lesson, and recordings of each size on it."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    Practice(name="Bench", zone="UTC").save()
    tess = User.objects.create_user("tess@bench.example", name="Tess", role="practitioner")
    ann = User.objects.create_user("ann@bench.example", name="Ann", role="client")
    lesson = Lesson.objects.create(slug="floor", title="Floor", position="lying", is_published=True)
    by = Practitioner.objects.create(user=tess, slug="tess", zone="UTC")
    Assignment.objects.create(client=ann, assigned_by=by, lesson=lesson)
    for number, (name, size) in enumerate(SIZES.items()):
        file = Path(settings.MEDIA_ROOT) / "lessons" / f"{name}.m4a"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as content:
            for _ in range(size // 1_000_000):
                content.write(os.urandom(1_000_000))
        LessonAudio.objects.create(
            lesson=lesson,
            sha256=f"{number}" * 64,
            file=f"lessons/{name}.m4a",
            size=size,
            duration_ms=1000,
            is_current=name == "whole",
        )
    return ann, lesson


def bare(request: HttpRequest) -> HttpResponse:
    """Answer whoever is signed in; the middleware has asked who it is."""
    return HttpResponse(str(request.user.pk))


urlpatterns = [path("bare/", bare), path("", include("practice.urls"))]


def address(number: int) -> str:
    """Return the address of a recording."""
    return f"/lessons/floor/audio/{str(number) * 64}.m4a"


def ranges(ann: User) -> None:
    """Print what a range costs that nginx sends, beside a bare view."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(ann)
    asked = {"ours": (address(1), {"range": "bytes=1000000-1065535"}), "bare": ("/bare/", {})}
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    with override_settings(ROOT_URLCONF=__name__, X_ACCEL="/protected/"):
        for _ in range(ROUNDS):
            for name, (url, headers) in asked.items():
                begun = time.process_time()
                for _ in range(ASKED):
                    assert client.get(url, headers=headers).status_code == 200
                took[name].append((time.process_time() - begun) / ASKED * 1000)
    ours, theirs = min(took["ours"]), min(took["bare"])
    ratio = statistics.median(a / b for a, b in zip(took["ours"], took["bare"], strict=True))
    print(f"a range with X_ACCEL: {ours:.2f} ms, a bare view {theirs:.2f} ms", end="")
    print(f": {ours / theirs:.2f} x, median of the ratios {ratio:.2f} (goal 1.3)")


@contextmanager
def served(port: int) -> Iterator[int]:
    """Run one real web process; yield the process id of its worker."""
    call_command("collectstatic", verbosity=0, interactive=False)
    (Path(settings.STATIC_ROOT) / "bench.m4a").write_bytes(os.urandom(SIZES["whole"]))
    gunicorn = [sys.executable, "-m", "gunicorn", "practice.wsgi", "--bind", f"127.0.0.1:{port}"]
    options = "--worker-class gthread --workers 1 --threads 4 --no-control-socket --log-level error".split()
    parent = subprocess.Popen([*gunicorn, *options], cwd=ROOT)
    try:
        while True:
            try:
                fetch(port, "/livez", "")
                break
            except OSError:
                time.sleep(0.2)
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text()
        yield int(children.split()[0])
    finally:
        parent.terminate()
        parent.wait()


def fetch(port: int, url: str, cookie: str) -> int:
    """Fetch it whole; return its bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", url, headers={"Cookie": cookie, "Host": settings.SITE.netloc})
    answer, size = connection.getresponse(), 0
    while piece := answer.read(1 << 20):
        size += len(piece)
    connection.close()
    return size


def highest(pid: int, act: Callable[[], object]) -> int:
    """Return the most memory, in kB, that a process had while `act` ran."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    act()
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def whole_files(ann: User, port: int) -> None:
    """Print how fast whole files are without a proxy, and how much memory they take."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(ann)
    cookie = f"session={client.cookies['session'].value}"
    with served(port) as pid:
        assert fetch(port, address(0), cookie) == SIZES["small"]
        took: dict[str, list[float]] = {"ours": [], "WhiteNoise": []}
        for _ in range(TIMES):
            for name, url in {"ours": address(1), "WhiteNoise": "/static/bench.m4a"}.items():
                begun = time.perf_counter()
                assert fetch(port, url, cookie) == SIZES["whole"], (name, url)
                took[name].append(time.perf_counter() - begun)
        rates = {name: SIZES["whole"] / min(times) / 1e6 for name, times in took.items()}
        print(f"whole files: {rates['ours']:.0f} MB/s, WhiteNoise {rates['WhiteNoise']:.0f} MB/s", end="")
        print(f": {rates['ours'] / rates['WhiteNoise']:.2f} of its rate (goal 0.5)")
        small, large = (highest(pid, partial(fetch, port, address(number), cookie)) for number in (0, 2))
        print(f"memory of a 200 MB file beside a 2 MB one: {(large - small) / 1000:+.1f} MB (goal below 5)")


def main() -> None:
    """Measure all of it."""
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    ann, _lesson = seed()
    ranges(ann)
    whole_files(ann, port=settings.PORT + 77 if isinstance(settings.PORT, int) else 8077)
    publishing(minutes)


if __name__ == "__main__":
    main()

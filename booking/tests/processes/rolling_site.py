"""A practice on several machines, played on one: web servers behind nginx, workers, visitors."""

from __future__ import annotations

import datetime as dt
import http.client
import itertools
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from booking.tests.processes.web_server import CAST
from practice.site.processes import programs
from practice.tests.mail.server import MailServer, mail_server
from practice.tests.processes.forked import CELERY, Forked
from practice.tests.processes.forked_web import ForkedWeb, post
from practice.tests.processes.ports import reserved_port
from practice.tests.processes.practice_site import CelerySite, celery_site_in
from practice.tests.processes.real_nginx import nginx_before
from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN
from practice.tests.processes.waiting import soon

TEN = TUESDAY_AT_TEN.astimezone(ZoneInfo("America/Denver"))
FIRST_DAY, A_DAY = 5, 9
SECONDS = 90  # on a machine that is busy with other tests
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '{}'"
BOOKED = "SELECT count(*) FROM booking_appointment WHERE state = 'booked'"
CONFIRMED = "SELECT count(*) FROM practice_letter WHERE kind = 'confirmation'"
STILL_TO_GO = "SELECT count(*) FROM practice_letter WHERE kind = 'confirmation' AND state <> 'sent'"
SENT = "SELECT message_id FROM practice_letter WHERE kind = 'confirmation'"
PAGES = ("/", "/book/", "/book/of-60/")


class RollingSite:
    """Two web servers, two workers with a clock each, one nginx."""

    def __init__(self, site: CelerySite, smtp: MailServer, ports: list[int]) -> None:
        self.site, self.smtp, self.front = site, smtp, 0
        self.numbers = itertools.count()
        self.broker = site.broker()
        (site.folder / "static").symlink_to(
            Path(os.environ["PYTEST_VAR"], "static")
        )  # collected for all tests
        site.inside(CAST, "from practice.site.preload import preload", "preload()")
        self.webs = [ForkedWeb(site, port, name=f"web{number}") for number, port in enumerate(ports)]
        self.workers = [self.worker(number) for number in range(2)]

    def worker(self, number: int) -> Forked:
        """Start a worker."""
        argv = list(programs.worker(clock=self.site.folder / f"clock-{number}").argv)
        return self.site.fork(CELERY.format(argv=argv))

    def has_in_hand(self, web: ForkedWeb) -> bool:
        """Whether a web server soon is in the middle of a booking, while nobody can write an email."""
        return soon(lambda: self.site.sql(WAITS.format(web.name))[0][0], SECONDS)

    def book(self) -> int:
        """Book a time that nobody else wants: the status. Once; a real visitor would press again."""
        number = next(self.numbers)
        day, hour = divmod(number, A_DAY)
        wish = {
            "session_type": "of-60",
            "practitioner": "tess",
            "start": (TEN + dt.timedelta(days=FIRST_DAY + day, hours=hour)).isoformat(),
            "name": f"Vi{number}",
            "email": f"vi{number}@example.com",
            "consent": True,
        }
        return post(self.front, "/api/v1/appointments", wish)[0]

    def read(self, path: str) -> int:
        """The status of a page; 0 when the connection broke."""
        line = http.client.HTTPConnection("127.0.0.1", self.front, timeout=SECONDS)
        try:
            line.request("GET", path, headers={"Host": "localhost"})
            answer = line.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def count(self, question: str) -> int:
        """What the database counts."""
        return int(self.site.sql(question)[0][0])


class Visitors:
    """Four who book again and again, and one who reads. `booked`, `read`: the statuses they got."""

    def __init__(self, site: RollingSite) -> None:
        self.site = site
        self.booked, self.read = Counter[int](), Counter[int]()
        self.done = threading.Event()
        self.threads = [threading.Thread(target=self.books) for _ in range(4)]
        self.threads.append(threading.Thread(target=self.reads))

    def books(self) -> None:
        """Book until it is over."""
        while not self.done.wait(0.2):
            self.booked[self.site.book()] += 1

    def reads(self) -> None:
        """Read until it is over."""
        for path in itertools.cycle(PAGES):
            if self.done.wait(0.1):
                return
            self.read[self.site.read(path)] += 1


@contextmanager
def visited(site: RollingSite) -> Iterator[Visitors]:
    """Visitors while the block runs; after it, the last of them has an answer."""
    visitors = Visitors(site)
    for thread in visitors.threads:
        thread.start()
    try:
        yield visitors
    finally:
        visitors.done.set()
        for thread in visitors.threads:
            thread.join()


@contextmanager
def rolling_site(folder: Path) -> Iterator[RollingSite]:
    """All of it while the block runs."""
    with ExitStack() as stack:
        smtp = stack.enter_context(mail_server())
        env = {"EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}", "RATE_LIMITS": "off", "TRUSTED_PROXY_COUNT": "1"}
        site = stack.enter_context(celery_site_in(folder, **env))
        ports = [stack.enter_context(reserved_port()) for _ in range(2)]
        it = RollingSite(site, smtp, ports)
        it.front = stack.enter_context(nginx_before(folder / "nginx", ports))
        yield it

"""What goes wrong: workers, web and broker killed every day, a moody mail server, a backup put back."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from pathlib import Path
from random import Random

from tools.year.booking_people import Booker
from tools.year.copies import put_back, take_copy
from tools.year.diary import Span
from tools.year.mail import FAULTS
from tools.year.scale import DAY
from tools.year.session import Session
from tools.year.staff import Staff
from tools.year.world import World


class Misfortunes:
    """Each day's, drawn by the seed; and the one of the fall."""

    def __init__(self, world: World, staff: Staff, bookers: list[Booker], folder: Path) -> None:
        self.world, self.staff, self.bookers, self.folder = world, staff, bookers, folder
        self.random = Random(f"{world.scale.seed}:misfortunes")
        self.kept: dict[str, Session] = {}

    def plan(self) -> None:
        """Put all of them on the agenda."""
        scale = self.world.scale
        for day in range(scale.days):
            for what in (self.kills_sender, self.kills_web, self.kills_broker, self.spoils_mail):
                self.world.at(scale.day(day + self.random.random() / 2), what)
            if self.random.random() < 0.3:
                self.world.at(scale.day(day + self.random.random()), self.mail_server_away)
        self.world.at(scale.end - DAY / 2, self.calms_down)
        self.world.at(scale.day(scale.backup_day), self.takes_backup)
        self.world.at(scale.day(scale.backup_day + self.random.uniform(0.2, 0.6)), self.puts_back)

    def kills_sender(self) -> None:
        """Have the next worker that delivers die over it."""
        self.world.beat.senders_to_kill = 1

    def kills_web(self) -> None:
        """Have the next request of a client that changes something end without an answer."""
        self.world.web_to_kill = 1

    def calms_down(self) -> None:
        """Kill no web process any more, so that whoever got no answer can ask again before the end."""
        self.world.web_to_kill = 0

    def kills_broker(self) -> None:
        """No tick is taken until it is back: minutes, rarely hours."""
        minutes = self.random.choice((1, 5, 20, 20, 60, 200))
        until = self.world.now + timedelta(minutes=minutes)
        self.world.beat.away_until = until
        self.world.diary.away.append(Span("broker", self.world.now, until))
        self.world.done["broker killed"] += 1

    def spoils_mail(self) -> None:
        """Spoil one of the next emails."""
        what = self.random.choice(list(FAULTS))
        self.world.mail.do_to_next(what, 1)

    def mail_server_away(self) -> None:
        """Have the mail server hang up on everybody for half an hour."""
        until = self.world.now + timedelta(minutes=30)
        self.world.mail.is_away = True
        self.world.diary.away.append(Span("mail server", self.world.now, until))
        self.world.done["mail server hung up on every connection"] += 1

        def is_back() -> None:
            self.world.mail.is_away = False

        self.world.at(until, is_back)

    def takes_backup(self) -> None:
        """Take a backup, and keep what the clients know of their sessions then."""
        take_copy(self.folder)
        self.backup_at = self.world.now
        self.kept = {one.of: copy(one) for booker in self.bookers for one in booker.sessions.values()}
        self.gone = {booker.person.address for booker in self.bookers if booker.is_gone}

    def puts_back(self) -> None:
        """Put the backup back; everybody learns that what came after it is lost."""
        put_back(self.folder)
        self.world.diary.restored.append((self.world.now, self.backup_at))
        self.world.ids.clear()
        self.world.beat.not_before.clear()
        self.world.done["backup restored"] += 1
        for booker in self.bookers:
            booker.is_gone = booker.person.address in self.gone
            for session in list(booker.sessions.values()):
                self.as_in_backup(booker, session)

    def as_in_backup(self, booker: Booker, session: Session) -> None:
        """Have a client know their session as the backup does; one booked after it is gone."""
        before = self.kept.get(session.of)
        if before is None:
            session.stands = False
            del booker.sessions[session.of]
            return
        vars(session).update(vars(before))
        if session.stands and session.ends > self.world.now - DAY:
            self.staff.expect(booker, session)


def faults_done(world: World) -> None:
    """Count what the mail server did, in the words of the table."""
    for what, words in FAULTS.items():
        world.done[words] += world.mail.done[what]

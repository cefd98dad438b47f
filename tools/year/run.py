"""One run: people, the practice and its misfortunes, until the end of its days; then what the oracle says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings
from django.test import override_settings

from practice.celery import app
from tools.year.at_home import AtHome
from tools.year.beat import TIMES_A_DAY
from tools.year.booking_people import Booker
from tools.year.house import make_people, open_house
from tools.year.leaving import asks_to_be_erased
from tools.year.mail import years_mail_server
from tools.year.misfortunes import Misfortunes, faults_done
from tools.year.owner import Owner, zones_of_before
from tools.year.scale import Scale
from tools.year.staff import Staff
from tools.year.till import Till
from tools.year.world import World

UNHASHED = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


#: Nobody acts any more; what was planned until then is sent, tried again, or given up.
AFTERWARD = timedelta(days=2)
WEEK = 7  # days


def run(scale: Scale, folder: Path) -> World:
    """Return the world after its last day: a quiet day follows, in which what waits is settled."""
    with the_world(scale) as world, zones_of_before():
        house = open_house()
        people = make_people(world.diary, scale.clients, world.random)
        homes: dict[str, AtHome] = {}
        staff = Staff(world, house, lambda booker: homes[booker.person.address].was_given())
        bookers = [Booker(world, person, number, staff.expect) for number, person in enumerate(people)]
        homes |= {one.person.address: AtHome(world, one, number) for number, one in enumerate(bookers)}
        misfortunes = Misfortunes(world, staff, bookers, folder)
        owner = Owner(staff, bookers)
        world.reads = lambda email: homes[email.to].reads(email) if email.to in homes else None
        misfortunes.plan()
        plan_great_events(world, owner, list(homes.values()))
        till = Till(staff)
        for day in range(3, scale.days, WEEK if scale.days > 60 else 3):
            world.at(scale.day(day + 0.6), till.is_gone_through)
        for one in bookers:
            one.begins()
        world.run_until(scale.end)
        world.rests_until(scale.end + AFTERWARD)
        faults_done(world)
        return world


def plan_great_events(world: World, owner: Owner, homes: list[AtHome]) -> None:
    """Put on the agenda what happens once, or now and then."""
    scale = world.scale
    world.at(scale.day(scale.address_day), owner.moves_house)
    world.at(scale.day(scale.zones_day), owner.has_new_rules)
    for day in range(2, scale.days - 5, 30 if scale.days > 60 else 6):
        world.at(scale.day(day + 0.5), owner.closes_days)
    for name, times in TIMES_A_DAY.items():
        for number in range(int(scale.days * times)):
            world.at(scale.day(number / times), partial(world.beat.tick, name))
    leaving = world.random.sample(homes, max(1, len(homes) // 40))
    for home in leaving:
        when = scale.day(scale.days * world.random.uniform(0.1, 0.45))
        world.at(when, partial(asks_to_be_erased, home))
    buying = world.random.sample(homes, max(1, len(homes) // 10))
    for home in buying:
        when = scale.day(scale.days * world.random.uniform(0.3, 0.7))
        world.at(home.booker.waking(when), partial(owner.sells_package, home.booker))


@contextmanager
def the_world(scale: Scale) -> Iterator[World]:
    """Yield the world of a run, whose clock stands still but where the agenda moves it."""
    with time_machine.travel(scale.first, tick=False) as clock, years_mail_server() as mail:

        def travel_to(when: datetime) -> None:
            clock.move_to(when, tick=False)

        own: dict[str, Any] = {
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": mail.port,
            "STORAGES": settings.STORAGES | {"staticfiles": UNHASHED},
        }
        with override_settings(**own):
            app.loader.import_default_modules()  # the tasks, as a worker finds them
            yield World(scale, mail, travel_to)

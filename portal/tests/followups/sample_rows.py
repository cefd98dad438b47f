"""Ann as rows: a session with Tess on Monday, January 11, 2027, over at 2 PM, one lesson, letters wanted."""

import datetime as dt
import uuid

import pytest
from django.core import mail

from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from portal.followups.queue import plan_letters
from portal.models import ClientProfile, FollowUp, PracticeEntry
from portal.testing import assign, make_lesson
from portal.tests.followups.sample_facts import SESSION, denver
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import make_practice, make_practitioner, make_user

State = Letter.State
HOUR = dt.timedelta(hours=1)


def utc(words):
    """The instant that is written in UTC."""
    return dt.datetime.fromisoformat(words).replace(tzinfo=dt.UTC)


class Scenario:
    """Juniper Street on the day of Ann's session."""

    def __init__(self):
        self.practice = make_practice()
        self.tess = make_practitioner()
        self.kind = make_session_type(self.tess)
        self.ann = make_user("Ann Lee", zone="America/Denver")
        self.lesson = make_lesson("floor", title="Let the back be heavy")
        self.assignment = assign(self.lesson, self.ann, by=self.tess, dosage="every second day")
        agree_to_letters(self.ann, now=SESSION)
        self.session = self.meet(self.ann, SESSION - HOUR, state=Appointment.State.COMPLETED)

    def meet(self, client, start, **fields):
        """An appointment with Tess."""
        return make_appointment(
            session_type=self.kind, practitioner=self.tess, start=start, client=client, **fields
        )

    def practise(self, at, *, finished=True, **fields):
        """She practised, and stopped then."""
        return PracticeEntry.objects.create(
            **{
                "uid": uuid.uuid4(),
                "client": self.ann,
                "lesson": self.lesson,
                "since": at - HOUR,
                "started_at": at - HOUR / 2,
                "last_at": at,
                "finished_at": at if finished else None,
                **fields,
            }
        )

    def page(self, **fields):
        """Her own page."""
        return ClientProfile.objects.keep(self.ann, **fields)


@pytest.fixture
def scenario(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return Scenario()


@pytest.fixture
def planned(scenario):
    """The default plan, made when the session was over."""
    return plan_letters(scenario.session, now=SESSION)


def send_until(moment):
    """The worker's turns at that time, until nothing is due. What went, as (subject, to)."""
    before = len(mail.outbox)
    while deliver.step(now=moment):
        pass
    return mail.outbox[before:]


def letter_at(place=0):
    """The letter of that place, as it stands now."""
    return Letter.objects.get(follow_up__place=place)


def row(place=0):
    """The follow-up of that place, as it stands now."""
    return FollowUp.objects.get(place=place)


def state_and_reason(place=0):
    """State and reason of that letter."""
    letter = letter_at(place)
    return letter.state, letter.reason


__all__ = ["SESSION", "Scenario", "State", "User", "denver", "planned", "scenario"]

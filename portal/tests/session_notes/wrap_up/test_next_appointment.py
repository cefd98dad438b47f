"""After the wrap-up there is a way on: to a time for the same client, to whoever comes next, to the day."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from booking.models import Appointment, SessionType
from booking.testing import make_appointment, make_session_type
from portal.testing import assign, make_exercise
from portal.tests.session_notes.wrap_up.steps import note_page, page_of, signed
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def way_to_a_time(session, user) -> str:
    page = at_work(user).get(page_of(session)).content.decode()
    return re.search(r'href="([^"]*)">Book the next session', page)[1].replace("&amp;", "&")


def comes(session, tess, name="Ben Hart", **fields) -> Appointment:
    client = make_user(name)
    return make_appointment(session_type=session.session_type, practitioner=tess, client=client, **fields)


def after_signing(session, tess) -> str:
    signed(session, tess, foundation="Quiet.")
    page = at_work(tess.user).get(note_page(session)).content.decode()
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_a_next_time_is_looked_for_at_the_desk_with_all_of_it_filled_in(session, tess, ann) -> None:
    make_session_type(tess, slug="longer", name="Longer", who="new")
    SessionType.objects.filter(pk=session.session_type_id).update(order=5)
    wanted = f"client={ann.pk}&type={session.session_type.slug}&practitioner={tess.slug}&day=2027-03-16"
    assert way_to_a_time(session, tess.user) == f"/workspace/book/?{wanted}"


def test_after_a_first_session_what_comes_next_is_not_a_first_one(session, tess) -> None:
    make_session_type(tess, slug="longer", name="Longer", order=9)
    assert "type=longer" in way_to_a_time(session, tess.user)


def test_the_way_leads_to_times_for_that_client(session, tess, ann) -> None:
    answer = at_work(tess.user).get(way_to_a_time(session, tess.user))
    assert f'<input type="hidden" name="client" value="{ann.pk}">' in answer.content.decode()


def test_after_signing_it_says_who_comes_next_and_leads_back_to_today(session, tess, now) -> None:
    comes(session, tess, start=now + 3 * HOUR)
    said = after_signing(session, tess)
    assert "Next: Ben Hart at 1:07 PM." in said
    assert "Back to today" in said


def test_nobody_is_next_who_comes_tomorrow_or_canceled_or_to_a_colleague(session, tess, jonah, now) -> None:
    comes(session, tess, start=now + 24 * HOUR)
    comes(session, tess, "Cleo Moss", start=now + HOUR, state=Appointment.State.CANCELLED, occupies=False)
    comes(session, jonah, "Zoe Hill", start=now + 2 * HOUR)
    assert "Next:" not in after_signing(session, tess)


def test_the_page_speaks_of_what_is_filled_in_only_where_something_is(session, tess, ann) -> None:
    carried = "The current assignments are filled in."
    seen = [carried in at_work(tess.user).get(page_of(session)).content.decode()]
    assign(make_exercise("tilt"), ann, by=tess)
    seen.append(carried in at_work(tess.user).get(page_of(session)).content.decode())
    assert seen == [False, True]

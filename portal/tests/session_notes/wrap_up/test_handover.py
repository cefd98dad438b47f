"""A session is given to a colleague while its note is a draft: the words stay with who wrote them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.appointments.actions.move import move
from booking.attendees.actions.confirm import confirm
from booking.errors import HandedOver
from booking.models import Appointment
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.time_off.actions.hand_over import hand_over
from portal.models import SessionNote
from portal.session_notes.actions.wrap_up import WrapUp, keep_draft, sign
from portal.tests.session_notes.wrap_up.steps import SECRET, autosave, kept, page_of, posted, signed
from portal.workspace.attention import not_wrapped_up
from practice.models import AccessLog, Practitioner, User
from practice.testing import at_work, make_practitioner

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
DAY = dt.timedelta(days=1)


@pytest.fixture
def kai(tess: Practitioner, jonah: Practitioner) -> Practitioner:
    """A colleague of Jonah's; both are open every day, and Tess is the owner."""
    kai = make_practitioner("Kai Soto", role=User.Role.PRACTITIONER, order=2)
    open_every_day(jonah)
    open_every_day(kai)
    return kai


@pytest.fixture
def anns(jonah: Practitioner, kai: Practitioner, ann: User, now: dt.datetime) -> Appointment:
    """Ann's session with Jonah, tomorrow at ten, which she confirmed; he has drafted before it."""
    start = (now + DAY).replace(hour=17, minute=0, second=0, microsecond=0)
    kind = make_session_type(jonah, kai)
    made = make_appointment(session_type=kind, practitioner=jonah, start=start, client=ann, confirmed_at=now)
    keep_draft(
        made,
        {"foundation": SECRET},
        touched={"pelvis": 2},
        rest={"plan": f"{SECRET}, every morning"},
        by=jonah.user,
        version=0,
        now=now,
    )
    return made


def given(anns: Appointment, to: Practitioner, tess: Practitioner, way: str = "handed over") -> Appointment:
    """With Kai, and confirmed anew by Ann: the record is open to him."""
    if way == "moved":
        after = move(anns, start=anns.starts_at + dt.timedelta(hours=1), to=to, by=tess.user)
    else:
        after = hand_over(anns, to=to, by=tess.user)
    confirm(after, now=timezone.now())
    return Appointment.objects.select_related("practitioner__user", "client").get(pk=after.pk)


@pytest.mark.parametrize("way", ["handed over", "moved"])
def test_a_colleague_reads_nothing_of_the_draft_and_is_told_that_it_is_there(anns, tess, kai, way) -> None:
    kais = given(anns, kai, tess, way)
    browser = at_work(kai.user)
    page = browser.get(page_of(kais)).text

    assert "Jonah started a note before this session went to Kai and has not signed it." in page
    assert 'value="0"' in page
    assert SECRET not in page
    in_the_back_office = reverse("admin:portal_sessionnote_change", args=[SessionNote.objects.get().pk])
    assert SECRET not in browser.get(in_the_back_office, follow=True).text


def test_what_the_colleague_signs_is_theirs_and_the_draft_stays_its_authors(anns, tess, jonah, kai) -> None:
    kais = given(anns, kai, tess)
    autosave(at_work(kai.user), kais, foundation="Kai's own.")
    sign(kais, WrapUp(foundation="Kai's own."), by=kai.user, now=kais.ends_at)

    rows = SessionNote.objects.order_by("pk").values_list("author", "signed_by", "foundation")
    assert list(rows) == [(jonah.pk, None, SECRET), (kai.pk, kai.user_id, "Kai's own.")]
    page = at_work(kai.user).get(f"/workspace/clients/{kais.client_id}/").text
    assert SECRET not in page


def test_its_author_and_the_owner_read_it_and_ann_reads_that_they_did(anns, tess, jonah, kai) -> None:
    given(anns, kai, tess)
    page = reverse("admin:portal_sessionnote_change", args=[SessionNote.objects.get().pk])
    pages = [at_work(person.user).get(page).text for person in (jonah, tess)]

    assert [(SECRET in one, f"{SECRET}, every morning" in one) for one in pages] == [(True, True)] * 2
    read = AccessLog.objects.filter(whose=anns.client, code="access:note")
    assert set(read.values_list("reader", flat=True)) == {jonah.user_id, tess.user_id}
    assert page in at_work(tess.user).get(page_of(anns)).text


def test_given_back_it_continues_where_it_stopped(anns, tess, jonah, kai) -> None:
    back = given(given(anns, kai, tess), jonah, tess)
    page = at_work(jonah.user).get(page_of(back)).text

    assert SECRET in page
    assert "started a note before" not in page


def test_anyone_who_writes_while_it_is_handed_over_neither_signs_nor_writes_for_the_colleague(
    anns, tess, jonah, kai
) -> None:
    seen = Appointment.objects.select_related("practitioner__user").get(pk=anns.pk)
    given(anns, kai, tess)
    kept(seen, jonah, version=1, foundation="Later.")

    with pytest.raises(HandedOver):
        sign(seen, WrapUp(foundation=SECRET), by=jonah.user, now=seen.ends_at)
    assert list(SessionNote.objects.values_list("author", "foundation", "signed_at")) == [
        (jonah.pk, "Later.", None)
    ]


def test_a_draft_of_a_colleague_is_read_by_nobody_on_the_clients_page(session, tess, jonah, ann, now) -> None:
    """Jonah may open the record: Ann comes to him too."""
    make_appointment(session_type=session.session_type, practitioner=jonah, start=now - DAY, client=ann)
    kept(session, tess, foundation=SECRET)
    path = f"/workspace/clients/{ann.pk}/"
    colleague, author = at_work(jonah.user).get(path).text, at_work(tess.user).get(path).text

    assert ("A draft, not signed" in colleague, SECRET in colleague, SECRET in author) == (True, False, True)


def test_an_own_draft_left_behind_is_found_on_the_clients_page_by_its_author_alone(
    session, tess, jonah, ann, now
) -> None:
    kind = make_session_type(jonah, slug="his")
    make_appointment(
        session_type=kind, practitioner=jonah, start=now - 9 * DAY, client=ann, state="completed"
    )
    left = SessionNote.objects.create(appointment=session, author=jonah, foundation=SECRET)
    path, link = f"/workspace/clients/{ann.pk}/", f"/portal/sessionnote/{left.pk}/change/"
    his, hers = at_work(jonah.user).get(path).text, at_work(tess.user).get(path).text
    assert (link in his, "given to Tess" in his, SECRET in his) == (True, True, False)
    assert (link in hers, "You began a note" in hers) == (False, False)


def test_a_draft_left_behind_neither_asks_twice_nor_hides_that_the_session_waits(
    session, tess, jonah, now
) -> None:
    SessionNote.objects.create(appointment=session, author=jonah, foundation="Left.")
    assert not_wrapped_up([tess], now=now) == [session]
    kept(session, tess, foundation="Own.")
    assert not_wrapped_up([tess], now=now) == [session]
    at_work(tess.user).post(page_of(session), posted(version="1"))
    assert not_wrapped_up([tess], now=now) == []


def test_signed_for_a_colleague_the_clients_page_says_who_did(tess, jonah, ann, now) -> None:
    kind = make_session_type(jonah)
    his = make_appointment(session_type=kind, practitioner=jonah, start=now - DAY, client=ann)
    signed(his, tess, foundation="In his place.")

    assert f"Signed by {tess.user.name}" in at_work(jonah.user).get(f"/workspace/clients/{ann.pk}/").text

"""The owner's pages for services: money as people write it, nothing lost, nothing overwritten unseen."""

from __future__ import annotations

import pytest

from booking.models import SessionType
from booking.services.actions import ServiceError, delete_service, save_service, web_address
from booking.services.forms import ServiceForm
from booking.testing import make_appointment, make_session_type
from booking.tests.people import TEN
from practice.models import Practice, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
LIST = "/workspace/practice/services/"


def typed(kind: SessionType, **changed) -> dict[str, object]:
    """What a browser sends when the form is saved unchanged, but for `changed`."""
    form = ServiceForm(instance=SessionType.objects.get(pk=kind.pk))
    sent = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in {**sent, **changed}.items() if value is not None and value is not False
    }


def page_of(kind: SessionType) -> str:
    return f"{LIST}{kind.pk}/"


def test_a_price_is_typed_as_money_and_existing_appointments_keep_theirs(session, tess):
    booked = make_appointment(session_type=session, practitioner=tess, start=TEN, client=make_user("Ann Lee"))
    answer = at_work(tess.user).post(page_of(session), typed(session, price="$1,250.00"), follow=True)
    assert "Existing appointments keep their length and price." in answer.content.decode()
    session.refresh_from_db()
    booked.refresh_from_db()
    assert (session.price_cents, booked.price_cents) == (125000, 9500)


def test_a_price_that_could_be_two_is_asked_about_and_all_else_is_kept(session, tess):
    sent = typed(session, price="12,50", name="Long session", notice="3", notice_unit="days", daily_limit="x")
    answer = at_work(tess.user).post(page_of(session), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean $12.50? Then enter 12.50." in page
    for kept in ('value="12,50"', 'value="Long session"', 'value="3"', 'value="x"'):
        assert kept in page
    assert page.count('<details class="form__more" open>') == 1
    assert SessionType.objects.get().price_cents == 9500


def test_saving_unchanged_changes_nothing(session, tess):
    before = SessionType.objects.values().get()
    answer = at_work(tess.user).post(page_of(session), typed(session))
    assert answer.status_code == 302
    assert SessionType.objects.values().get() == before


@pytest.mark.parametrize(("number", "unit", "hours"), [("12", "hours", 12), ("2", "days", 48)])
def test_notice_is_hours_or_days(session, tess, number, unit, hours):
    at_work(tess.user).post(page_of(session), typed(session, notice=number, notice_unit=unit))
    session.refresh_from_db()
    assert session.notice_hours == hours
    shown = ServiceForm(instance=session)
    assert (str(shown["notice"].value()), shown["notice_unit"].value()) == (number, unit)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", "4"),
        ("minutes", "99999"),
        ("notice", "-1"),
        ("notice", "99999999999"),
        ("horizon_days", "40000"),
        ("buffer_before", "40000"),
        ("step", "0"),
        ("daily_limit", "0"),
        ("place", "moon"),
        ("practitioners", "999"),
        ("practitioners", ""),
        ("slug", "a b"),
        ("video_link", "http://call.example"),
        ("name", ""),
        ("name", "x\x00"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(session, tess, field, value):
    form = ServiceForm(typed(session, **{field: value}), instance=session)
    assert list(form.errors) == [field]


def test_a_service_by_video_needs_a_link(session, tess):
    form = ServiceForm(typed(session, place="video"), instance=session)
    assert form.errors == {"video_link": ["Enter a link: Tess Marlow has none of their own."]}


def test_the_second_of_two_who_save_at_once_is_told_and_may_insist(session, tess):
    desk, opened = at_work(tess.user), typed(session, name="Mine")
    SessionType.objects.update(name="Theirs")
    answer = desk.post(page_of(session), opened)
    assert answer.status_code == 422
    assert "Someone else changed this service" in answer.content.decode()
    assert SessionType.objects.get().name == "Theirs"
    again = {**opened, "seen": answer.context["form"]["seen"].value()}
    assert desk.post(page_of(session), again).status_code == 302
    assert SessionType.objects.get().name == "Mine"


def test_a_change_of_who_gives_it_counts_as_a_change(session, tess, jonah):
    opened = typed(session)
    session.practitioners.add(jonah)
    with pytest.raises(ServiceError) as refused:
        save_service(session, values={"name": "Mine"}, practitioners=[tess], seen=str(opened["seen"]))
    assert refused.value.code == "changed"


@pytest.mark.parametrize(
    ("name", "taken", "address"),
    [
        ("First session, 90 min", [], "first-session-90-min"),
        ("Session", ["session", "session-2"], "session-3"),
        ("指圧", [], "service"),
        ("指圧", ["service"], "service-2"),
        ("x" * 80, ["x" * 46], "x" * 46 + "-2"),
        ("--- ---", [], "service"),
    ],
)
def test_a_web_address_is_made_from_the_name(name, taken, address):
    assert web_address(name, taken) == address
    assert len(address) <= 50


def test_a_new_service_is_last_in_the_list_and_has_an_address_of_its_own(session, tess):
    sent = typed(session, name="Session", price="80", slug="", seen="")
    assert at_work(tess.user).post(f"{LIST}new/", sent).status_code == 302
    made = SessionType.objects.get(slug="session-2")
    assert (made.order, made.price_cents, list(made.practitioners.all())) == (1, 8000, [tess])


def test_a_new_name_leaves_the_address_as_it_was(session, tess):
    at_work(tess.user).post(page_of(session), typed(session, name="Another name", slug=""))
    assert SessionType.objects.values_list("name", "slug").get() == ("Another name", "session")


def test_two_services_never_share_an_address(session, tess):
    make_session_type(tess, slug="other")
    answer = at_work(tess.user).post(page_of(session), typed(session, slug="other"))
    assert answer.context["form"].errors == {"slug": ["Another service has this web address."]}


def test_services_move_up_and_down_and_no_further_than_the_ends(session, tess):
    other = make_session_type(tess, slug="other")  # both have order 0
    desk = at_work(tess.user)

    def order_after(pk: int, to: str) -> list[int]:
        desk.post(f"{LIST}{pk}/move/", {"to": to})
        return list(SessionType.objects.values_list("pk", flat=True))

    assert order_after(other.pk, "up") == [other.pk, session.pk]
    assert order_after(other.pk, "up") == [other.pk, session.pk]
    assert order_after(other.pk, "down") == [session.pk, other.pk]
    assert order_after(other.pk, "down") == [session.pk, other.pk]


def test_what_was_booked_is_never_deleted(session, tess):
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=make_user("Ann Lee"))
    with pytest.raises(ServiceError):
        delete_service(session.pk)
    assert "Delete this service" not in at_work(tess.user).get(page_of(session)).content.decode()
    unused = make_session_type(tess, slug="unused")
    at_work(tess.user).post(f"{LIST}{unused.pk}/delete/")
    assert list(SessionType.objects.all()) == [session]


def test_reminders_are_checkboxes_and_other_hours_are_kept(session, tess):
    Practice.objects.update(reminder_hours=[30, 2])
    desk = at_work(tess.user)
    page = desk.get(LIST).content.decode()
    assert "30 hours before" in page
    assert "2 days before" in page
    desk.post(f"{LIST}reminders/", {"hours": ["2", "48", "30"]})
    assert Practice.objects.get().reminder_hours == [48, 30, 2]
    refused = desk.post(f"{LIST}reminders/", {"hours": ["168", "72", "48", "24", "4", "2"]})
    assert "Choose up to 5." in refused.content.decode()
    assert Practice.objects.get().reminder_hours == [48, 30, 2]
    desk.post(f"{LIST}reminders/", {})
    assert Practice.objects.get().reminder_hours == []


@pytest.mark.parametrize("path", ["", "new/", "{pk}/", "{pk}/move/", "{pk}/delete/", "reminders/"])
def test_services_are_the_owners_alone(session, tess, path):
    address = LIST + path.format(pk=session.pk)
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    for user in (jonah.user, make_user("Fay Front", role=User.Role.FRONT_DESK)):
        browser = at_work(user)
        assert browser.get(address).status_code == 404
        assert browser.post(address, typed(session, name="Stolen")).status_code == 404
    assert SessionType.objects.get().name == "Session"


def test_the_list_asks_as_much_for_thirty_as_for_one(session, tess, django_assert_max_num_queries):
    for number in range(29):
        make_session_type(tess, slug=f"s{number}")
    desk = at_work(tess.user)
    with django_assert_max_num_queries(9):
        desk.get(LIST)

"""Who works here: there is always an owner, nobody locks themselves out, and nobody else comes near it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.testing import make_appointment
from booking.tests.people import TEN
from practice.accounts.actions.staff import StaffError, change_role, end_access
from practice.models import AccessLog, Letter, Practitioner, Room, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines("booking.staff.actions")]
LIST = "/workspace/practice/people/"


@pytest.fixture
def ola(tess) -> User:
    """A second owner."""
    return make_user("Ola Owner", role=User.Role.OWNER)


def details(**changed) -> dict[str, object]:
    """What a browser sends about a practitioner."""
    known = {"bio": "Hello.", "zone": "America/Denver", "is_bookable": "on", "slug": "", "notices": "digest"}
    return {**known, **changed}


def page_of(user: User, part: str = "") -> str:
    return f"{LIST}{user.pk}/{part}"


def test_the_last_owner_stays_one(tess, ola):
    ola.is_active = False
    ola.save(update_fields=["is_active"])
    with pytest.raises(StaffError):
        change_role(tess.user, "front_desk", by=ola, now=timezone.now())
    assert User.objects.owners().get() == tess.user


def test_two_owners_cannot_both_take_the_role_from_each_other(tess, ola):
    change_role(tess.user, "practitioner", by=ola, now=timezone.now())
    with pytest.raises(StaffError, match="no longer an owner"):
        change_role(ola, "practitioner", by=tess.user, now=timezone.now())
    assert User.objects.owners().get() == ola


@pytest.mark.parametrize(("part", "sent"), [("role/", {"role": "front_desk"}), ("access/", {"do": "end"})])
def test_no_one_locks_themselves_out(tess, ola, part, sent):
    answer = at_work(ola).post(page_of(ola, part), sent, follow=True)
    assert "can’t change your own role" in answer.content.decode()
    assert User.objects.owners().count() == 2


def test_someone_new_is_emailed_and_has_their_role(tess):
    sent = {"name": "Faye Front", "email": " Faye@Example.com ", "role": "front_desk"}
    answer = at_work(tess.user).post(LIST, sent)
    faye = User.objects.get(name="Faye Front")
    assert answer.url == page_of(faye)
    assert (faye.email, faye.role, faye.is_staff) == ("faye@example.com", "front_desk", True)
    assert Letter.objects.get(user=faye).subject == "You can now sign in to the workspace"
    assert AccessLog.objects.get(whose=faye).words == "role changed to front desk"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"email": "ann@example.com"}, "email"),
        ({"email": "TESS@example.com"}, "email"),
        ({"email": "faye"}, "email"),
        ({"name": " "}, "name"),
        ({"role": "client"}, "role"),
        ({"role": ""}, "role"),
    ],
)
def test_what_cannot_be_added_is_kept_in_the_form(tess, sent, field):
    make_user("Ann Lee")
    full = {"name": "Faye Front", "email": "faye@example.com", "role": "front_desk", **sent}
    answer = at_work(tess.user).post(LIST, full)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["email"].value() == full["email"]
    assert User.objects.count() == 2
    assert not Letter.objects.exists()


def test_ended_access_signs_out_at_once_and_names_who_is_booked(tess, session):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    make_appointment(session_type=session, practitioner=jonah, start=TEN, client=make_user("Ann Lee"))
    his, desk = at_work(jonah.user), at_work(tess.user)
    assert his.get("/workspace/").status_code == 200
    page = desk.get(page_of(jonah.user)).content.decode()
    assert "Ann Lee" in page
    assert "/workspace/practice/days-off/?practitioner=jonah" in page
    desk.post(page_of(jonah.user, "access/"), {"do": "end"})
    jonah.refresh_from_db()
    assert his.get("/workspace/").status_code != 200
    assert jonah.is_bookable is False
    assert session.appointments.get().state == "booked"
    desk.post(page_of(jonah.user, "access/"), {"do": "give"})
    assert User.objects.get(pk=jonah.user_id).is_staff
    words = [line.words for line in AccessLog.objects.filter(whose=jonah.user).order_by("pk")]
    assert words == ["access to the workspace ended", "access to the workspace restored"]


def test_no_client_is_here(tess):
    ann, desk = make_user("Ann Lee"), at_work(tess.user)
    assert "Ann Lee" not in desk.get(LIST).content.decode()
    for part in ("", "role/", "access/"):
        assert desk.post(page_of(ann, part), {"role": "owner", "do": "end"}).status_code == 404
    assert User.objects.get(pk=ann.pk).role == "client"


def test_details_make_someone_a_practitioner_with_a_room_and_an_address(tess, session):
    jo = make_user("Tess Other", email="other@example.com", role=User.Role.PRACTITIONER)
    at_work(tess.user).post(page_of(jo), details(new_room="Attic", services=[session.pk]))
    made = Practitioner.objects.get(user=jo)
    assert (made.slug, made.room.name, made.bio) == ("tess-2", "Attic", "Hello.")
    assert list(made.session_types.all()) == [session]
    assert Room.objects.count() == 2


def test_a_practitioners_page_leads_to_their_hours_while_they_work_here(tess):
    jo, desk = make_practitioner("Jo Reyes", role=User.Role.PRACTITIONER), at_work(tess.user)
    hours = reverse("workspace_hours_of", args=["jo"])
    assert f'href="{hours}"' in desk.get(page_of(jo.user)).text
    assert desk.get(hours).status_code == 200
    desk.post(page_of(jo.user, "access/"), {"do": "end"})
    assert f'href="{hours}"' not in desk.get(page_of(jo.user)).text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"slug": "tess"}, "slug"),
        ({"slug": "a b"}, "slug"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"room": "99"}, "room"),
        ({"video_link": "javascript:alert(1)"}, "video_link"),
        ({"since": "-1"}, "since"),
        ({"new_room": "x" * 81}, "new_room"),
        ({"services": ["99"]}, "services"),
    ],
)
def test_wrong_details_are_said_at_their_field_and_kept(tess, sent, field):
    jo = make_user("Jo Other", role=User.Role.PRACTITIONER)
    answer = at_work(tess.user).post(page_of(jo), details(**sent))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["bio"].value() == "Hello."
    assert not Practitioner.objects.filter(user=jo).exists()


def test_the_front_desk_is_never_bookable(tess):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    at_work(tess.user).post(page_of(jonah.user, "role/"), {"role": "front_desk"})
    jonah.refresh_from_db()
    assert jonah.is_bookable is False


@pytest.mark.parametrize("role", [User.Role.FRONT_DESK, User.Role.PRACTITIONER])
@pytest.mark.parametrize("part", ["", "{pk}/", "{pk}/role/", "{pk}/access/"])
def test_roles_are_the_owners_alone(tess, role, part):
    other = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER).user
    me = make_user("Me Myself", role=role)
    browser, address = at_work(me), LIST + part.format(pk=other.pk)
    sent = {"name": "X", "email": "x@example.com", "role": "owner", "do": "end"}
    assert browser.get(address).status_code == 404
    assert browser.post(address, sent).status_code == 404
    assert set(User.objects.filter(role="owner")) == {tess.user}
    assert User.objects.get(pk=other.pk).is_active


def test_an_ended_owner_counts_no_longer(tess, ola):
    end_access(ola, by=tess.user, now=timezone.now())
    assert User.objects.owners().get() == tess.user


@pytest.mark.parametrize("choice", ["at_once", "digest", "none"])
def test_how_news_comes_is_chosen_on_the_page(tess, jonah, choice):
    at_work(tess.user).post(page_of(jonah.user), details(notices=choice))
    jonah.refresh_from_db()
    assert jonah.notices == choice


def test_a_practitioner_who_is_new_begins_with_the_daily_email(tess):
    jo = make_user("Jo Lark", role="practitioner")
    html = at_work(tess.user).get(page_of(jo)).text
    assert '<option value="digest" selected>' in html

"""The back office by role: nobody finds there what the workspace rightly hides."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Field, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from booking.models import Appointment, Closure, OpeningHours, Package
from booking.testing import make_appointment
from portal.models import Assignment, FollowUp, SessionNote
from practice.access import roles
from practice.models import AccessLog, Article, Consent, Letter, Practice, Practitioner, Suppression, User
from practice.testing import at_work
from practice.tests.routes.back_office_rows import add_rows, models_without_rows
from practice.tests.routes.route_sweep import World
from practice.tests.routes.sample_practice import make_sample_practice

pytestmark = pytest.mark.usefixtures("module_db")
MARK = "Ann"
#: Models of which a practitioner sees no row of a colleague's client, and of nobody else in this world.
OF_PEOPLE = (
    *(Appointment, Package, Consent, AccessLog, Letter, Assignment, FollowUp, SessionNote),
    *(OpeningHours, Suppression),
)


@pytest.fixture(scope="module")
def scenario(module_db: None) -> World:
    """One of everything, and it is Ann's, who comes to Tess. Jonah is a colleague, Faye the front desk."""
    world = make_sample_practice()
    add_rows(world)
    ann = world.people["client"]
    assert ann is not None
    Suppression.objects.create(address=ann.email, cause="bounce")
    assert models_without_rows() == set()
    return world


@pytest.fixture
def jonah(scenario: World) -> Client:
    person = scenario.people["colleague"]
    assert person is not None
    return at_work(person)


@pytest.fixture
def faye(scenario: World) -> Client:
    person = scenario.people["front_desk"]
    assert person is not None
    return at_work(person)


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def of_anns(model: type[Model], ann: User) -> list[Any]:
    """The rows of a model that point at Ann, or at something of hers, or are hers."""
    if model is User:
        return [ann.pk]
    found: set[Any] = set()
    for field in model._meta.get_fields():
        if isinstance(field, Field) and field.related_model is User:
            found |= set(model._base_manager.filter(**{field.name: ann}).values_list("pk", flat=True))
        if isinstance(field, Field) and field.related_model is Appointment:
            rows = model._base_manager.filter(**{f"{field.name}__client": ann})
            found |= set(rows.values_list("pk", flat=True))
    return sorted(found)


def choices(page: admin.ModelAdmin[Any], request: Any) -> Iterator[tuple[str, Any]]:
    """Each choice of each field of the form for a new row."""
    form = page.get_form(request)()
    for name, field in form.fields.items():
        for choice in getattr(field, "queryset", None) or ():
            yield name, choice


def test_another_practitioner_sees_no_row_of_a_colleagues_client_on_any_page(
    scenario: World, jonah: Client
) -> None:
    ann = scenario.people["client"]
    assert ann is not None
    looked_at = []
    for model in admin.site._registry:
        listed = jonah.get(address(model, "changelist"))
        shown = {row.pk for row in listed.context_data["cl"].queryset} if listed.status_code == 200 else set()
        for pk in of_anns(model, ann):
            looked_at.append(model._meta.label)
            assert pk not in shown, (model, "list")
            for page in ("change", "history", "delete"):
                answer = jonah.get(address(model, page, pk))
                assert answer.status_code in (302, 403), (model, page)

    print("looked at:", *sorted(set(looked_at)))
    assert {model._meta.label for model in OF_PEOPLE if of_anns(model, ann)} <= set(looked_at)


def test_nor_in_a_choice_of_a_field_or_its_search(scenario: World, jonah: Client) -> None:
    ann, person = scenario.people["client"], scenario.people["colleague"]
    assert ann is not None
    request = RequestFactory().get("/")
    request.user = person  # type: ignore[assignment]
    looked_at = set()
    for model, page in admin.site._registry.items():
        if not page.has_add_permission(request):
            continue
        for name, choice in choices(page, request):
            looked_at.add(f"{model._meta.model_name}.{name}")
            assert choice.pk not in of_anns(type(choice), ann), (model, name)
        for name in page.autocomplete_fields:
            asked = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
            }
            found = jonah.get(reverse("admin:autocomplete"), {**asked, "term": MARK})
            assert MARK not in found.content.decode(), (model, name)

    print("looked at:", *sorted(looked_at))
    assert {"appointment.practitioner", "openinghours.practitioner", "closure.practitioner"} <= looked_at


def test_a_practitioners_own_client_is_in_the_list_of_the_form(scenario: World, jonah: Client) -> None:
    ben, person = scenario.people["other"], scenario.people["colleague"]
    assert person is not None
    with_jonah = Practitioner.objects.get(user=person)
    kind = Appointment.objects.filter(client__isnull=False)[0].session_type
    start = Appointment.objects.order_by("-starts_at")[0].starts_at + dt.timedelta(days=1)
    make_appointment(session_type=kind, practitioner=with_jonah, start=start, client=ben)
    form = jonah.get(address(Appointment, "add")).context_data["adminform"].form

    assert [one.name for one in form.fields["client"].queryset] == ["Ben"]
    assert [one.slug for one in form.fields["practitioner"].queryset] == ["jonah"]


def test_a_practitioner_cannot_become_another_one(scenario: World, jonah: Client) -> None:
    me, tess = Practitioner.objects.get(slug="jonah"), Practitioner.objects.get(slug="tess")
    form = {"slug": "tess", "zone": "America/Denver", "notices": "none", "bio": "", "order": "0"}
    theirs = jonah.post(address(Practitioner, "change", tess.pk), {**form, "user": me.user_id})
    jonah.post(address(Practitioner, "change", me.pk), {**form, "user": tess.user_id, "bio": "Mine."})
    kept = {one.slug: (one.user_id, one.notices) for one in Practitioner.objects.all()}

    assert theirs.status_code == 403
    assert kept == {"tess": (tess.user_id, "at_once"), "jonah": (me.user_id, "none")}


def test_nor_can_the_owner_give_a_practitioners_clients_to_someone_else(scenario: World) -> None:
    tess, jonah = Practitioner.objects.get(slug="tess"), Practitioner.objects.get(slug="jonah")
    form = {"slug": "jonah", "zone": "America/Denver", "notices": "none", "bio": "", "order": "0"}
    at_work(tess.user).post(
        address(Practitioner, "change", jonah.pk), {**form, "user": User.objects.get(name="Dora").pk}
    )

    assert Practitioner.objects.values_list("user", "notices").get(pk=jonah.pk) == (jonah.user_id, "none")


def test_nothing_is_changed_in_a_list_where_rows_of_others_are(scenario: World, jonah: Client) -> None:
    tess = Practitioner.objects.get(slug="tess")
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": tess.pk, "form-0-order": "7"}
    jonah.post(address(Practitioner, "changelist"), {**rows, "_save": "Save"})

    assert Practitioner.objects.values_list("order", flat=True).get(pk=tess.pk) == tess.order


@pytest.mark.parametrize("who", ["colleague", "front_desk"])
@pytest.mark.parametrize("thing", ["practice", "offer", "practitioners"])
def test_only_the_owner_changes_the_practice_and_what_it_offers(
    scenario: World, who: str, thing: str
) -> None:
    person = scenario.people[who]
    assert person is not None
    browser = at_work(person)
    for label in roles.RESOURCES[thing].models:
        model = next((one for one in admin.site._registry if one._meta.label_lower == label), None)
        row = model._base_manager.exclude(**own(label, person)).first() if model else None
        if model is None or row is None:
            continue
        page = browser.get(address(model, "change", row.pk))
        assert page.status_code == 200, label
        assert browser.post(address(model, "change", row.pk), {}).status_code == 403, label
        assert browser.get(address(model, "add")).status_code == 403, label
        assert browser.get(address(model, "delete", row.pk)).status_code == 403, label


def own(label: str, person: User) -> dict[str, Any]:
    return {"user": person} if label == "practice.practitioner" else {"pk": None}


def test_the_late_fee_stays_as_it_is(scenario: World, jonah: Client) -> None:
    before = Practice.objects.get().late_percent
    jonah.post(address(Practice, "change", 1), {"late_percent": "1"})
    assert Practice.objects.get().late_percent == before


def test_a_practitioner_closes_their_own_days_and_no_others(scenario: World, jonah: Client) -> None:
    day = {"first_day": "2027-04-01", "last_day": "2027-04-01", "reason": "", "opens": "", "closes": ""}
    for whose in (Practitioner.objects.get(slug="tess").pk, "", Practitioner.objects.get(slug="jonah").pk):
        jonah.post(address(Closure, "add"), {**day, "practitioner": whose})

    found = Closure.objects.filter(first_day=dt.date(2027, 4, 1))
    assert [one.practitioner and one.practitioner.slug for one in found] == ["jonah"]


def test_an_article_is_changed_by_the_person_who_wrote_it(scenario: World, jonah: Client) -> None:
    made = Article.objects.create(
        slug="tess", title="T", body="B", author=Practitioner.objects.get(slug="tess")
    )
    assert jonah.post(address(Article, "change", made.pk), {"title": "Mine"}).status_code == 403


def test_what_people_wrote_about_a_body_is_not_shown_to_the_front_desk(scenario: World, faye: Client) -> None:
    booked = Appointment.objects.filter(changes__isnull=False)[0]
    booked.override_note = "She cannot sit"
    booked.save(update_fields=["override_note"])
    closed = Closure.objects.create(
        first_day=dt.date(2027, 5, 1), last_day=dt.date(2027, 5, 1), reason="Own operation"
    )
    addresses = (
        f"/workspace/appointments/{booked.uid}/",
        address(Appointment, "change", booked.pk),
        "/backoffice/booking/appointmentchange/",
        f"/backoffice/booking/appointmentchange/{booked.changes.all()[0].pk}/change/",
        "/backoffice/booking/closure/",
        address(Closure, "change", closed.pk),
        address(Package, "change", Package.objects.get().pk),
        f"/workspace/clients/{booked.client_id}/packages/",
    )
    pages = "".join(faye.get(one).content.decode() for one in addresses)
    owner = at_work(Practitioner.objects.get(slug="tess").user)
    seen = "".join(owner.get(one).content.decode() for one in addresses)
    words = ("She cannot sit", "Own operation", "Asked for.", "Cash in an envelope")

    assert [one for one in words if one in seen] == list(words)
    assert [one for one in words if one in pages] == []


@pytest.mark.parametrize("whose", ["", "tess", "jonah"])
def test_why_a_day_is_closed_is_read_by_whose_day_it_is_and_the_owner(
    scenario: World, jonah: Client, whose: str
) -> None:
    """Why the whole practice is closed may be the owner's own operation; that it is, all see."""
    closed = Closure.objects.create(
        practitioner=Practitioner.objects.filter(slug=whose).first(),
        first_day=dt.date(2027, 7, 1), last_day=dt.date(2027, 7, 1), reason="Own operation",
    )  # fmt: skip
    addresses = ("/backoffice/booking/closure/", address(Closure, "change", closed.pk))
    owner = at_work(Practitioner.objects.get(slug="tess").user)

    assert ["Own operation" in owner.get(one).text for one in addresses] == [True, True]
    assert {"Own operation" in jonah.get(one, follow=True).text for one in addresses} == {whose == "jonah"}
    assert ("July 1, 2027" in jonah.get(addresses[0]).text) is (whose != "tess")


def test_what_the_front_desk_wrote_it_reads_again(scenario: World, faye: Client) -> None:
    person, booked = scenario.people["front_desk"], Appointment.objects.filter(state="booked")[0]
    booked.changes.create(what="moved", by=person, starts_at=booked.starts_at, note="Bus is late")

    assert "Bus is late" in faye.get(f"/workspace/appointments/{booked.uid}/").content.decode()


def test_closing_a_day_the_front_desk_overwrites_nobodys_reason(scenario: World, faye: Client) -> None:
    closed = Closure.objects.create(
        first_day=dt.date(2027, 6, 1), last_day=dt.date(2027, 6, 1), reason="Own operation"
    )
    day = {"first_day": "2027-06-01", "last_day": "2027-06-02", "practitioner": "", "reason": "-"}
    faye.post(address(Closure, "change", closed.pk), {**day, "opens": "", "closes": ""})
    closed = Closure.objects.get(pk=closed.pk)

    assert (closed.last_day, closed.reason) == (dt.date(2027, 6, 2), "Own operation")


@pytest.mark.parametrize(
    "kind", ["notice_pain", "notice_question", "notice_intake", "answered", "erasure_asked"]
)
def test_the_front_desk_does_not_see_that_someone_hurts_or_asks(
    scenario: World, faye: Client, kind: str
) -> None:
    tess = Practitioner.objects.get(slug="tess").user
    made = Letter.objects.create(
        key=kind, message_id=f"<{kind}@x>", kind=kind, category="notice", to_address=tess.email, user=tess,
        subject="A client noted something", text="t", html="h", state="failed",
    )  # fmt: skip
    pages = ("/workspace/letters/", "/workspace/", "/backoffice/practice/letter/")

    assert [one for one in pages if "A client noted" in faye.get(one).content.decode()] == []
    assert faye.get(f"/workspace/letters/{made.pk}/").status_code == 404
    assert at_work(tess).get(f"/workspace/letters/{made.pk}/").status_code == 200


@pytest.mark.parametrize("model", [Assignment, FollowUp, SessionNote, Consent])
def test_a_list_that_shows_words_of_a_record_writes_down_who_read_it(
    scenario: World, model: type[Model]
) -> None:
    tess, ann = Practitioner.objects.get(slug="tess").user, scenario.people["client"]
    before = AccessLog.objects.filter(reader=tess, whose=ann).count()
    at_work(tess).get(address(model, "changelist"))

    assert AccessLog.objects.filter(reader=tess, whose=ann).count() == before + 1


def test_the_list_of_changes_does_so_only_where_it_shows_why(scenario: World, faye: Client) -> None:
    reader = scenario.people["front_desk"]
    faye.get("/backoffice/booking/appointmentchange/")
    tess = Practitioner.objects.get(slug="tess").user
    at_work(tess).get("/backoffice/booking/appointmentchange/")

    assert AccessLog.objects.filter(reader=reader).count() == 0
    assert AccessLog.objects.filter(reader=tess, code="access:appointment_changes").count() == 1


def test_a_practitioner_makes_nobody_new_in_the_back_office(scenario: World, jonah: Client) -> None:
    assert jonah.get(address(User, "add")).status_code == 403


def test_a_name_is_not_found_by_asking_the_search(scenario: World, jonah: Client) -> None:
    asked = {"app_label": "practice", "model_name": "practitioner", "field_name": "user", "term": MARK}
    found = jonah.get(reverse("admin:autocomplete"), asked)

    assert found.status_code in (200, 403)
    assert found.status_code == 403 or json.loads(found.content)["results"] == []

"""The client's own pages: a greeting, one thing to do, when they come next."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from booking.links import appointment_token
from booking.testing import make_appointment, make_session_type
from portal.home.views import greeting
from portal.testing import assign, make_lesson, make_recording
from practice.models import Practice
from practice.testing import at_work, make_practice, make_practitioner, make_user

POLICY = {"free_hours": 24, "locked_hours": 2, "late_percent": 50, "moves_allowed": 2}


@pytest.fixture
def tess(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess, client):
    ann = make_user("Ann Field")
    client.force_login(ann)
    return ann


def book(tess, client, *, hours, **fields):
    kind = tess.session_types.first() or make_session_type(tess)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=hours)
    return make_appointment(
        session_type=kind, practitioner=tess, start=start, client=client, **{"policy": POLICY, **fields}
    )


def page(client, path="/portal/"):
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/portal/", "/portal/lessons/", "/portal/appointments/"])
def test_closed_to_the_person_who_is_not_signed_in(client, db, path):
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", ["/portal/", "/portal/lessons/", "/portal/appointments/"])
def test_staff_are_sent_to_the_workspace(client, tess, path):
    at_work(tess.user, client)
    assert client.get(path).headers["Location"] == "/workspace/"


@pytest.mark.parametrize("path", ["/portal/", "/portal/history/", "/portal/exercises/"])
def test_what_the_header_leaves_out_is_in_the_foot_of_each_page(client, ann, path):
    above, _, foot = page(client, path).partition("<footer")
    ways = ("/portal/history/", "/portal/questions/", "/portal/preferences/", "/portal/data/")
    assert [way for way in ways if f'href="{way}"' not in foot] == []
    assert 'href="/portal/appointments/"' in above


def test_nobody_sees_what_is_someone_elses(client, tess, ann):
    zoe = make_user("Zoe")
    lesson = make_lesson("hips", title="Let the hips be wide")
    make_recording(lesson)
    assign(lesson, ann, by=tess)
    token = appointment_token(book(tess, ann, hours=72))
    client.force_login(zoe)
    pages = [page(client, path) for path in ("/portal/", "/portal/lessons/", "/portal/appointments/")]
    assert not [html for html in pages if "Let the hips be wide" in html or token in html]


def test_the_one_thing_to_do_is_the_first_lesson_given(client, tess, ann):
    for order, title in ((2, "Second"), (1, "First")):
        lesson = make_lesson(title.lower(), title=title)
        make_recording(lesson, title.encode())
        assign(lesson, ann, by=tess, order=order, dosage="every second day")
    html = page(client)
    assert (html.count('class="button"'), 'class="button" href="/portal/lessons/first/"' in html) == (1, True)


def test_without_one_given_it_is_the_free_lesson(client, tess, ann):
    make_recording(make_lesson("floor", is_free=True))
    assert 'class="button" href="/portal/lessons/floor/"' in page(client)


def test_a_lesson_still_to_be_recorded_is_not_offered(client, tess, ann):
    assign(make_lesson("hips"), ann, by=tess)
    assert "/portal/lessons/hips/" not in page(client)


def test_an_ended_assignment_is_not_offered(client, tess, ann):
    lesson = make_lesson("hips")
    make_recording(lesson)
    assign(lesson, ann, by=tess, ended_at=timezone.now())
    assert "/portal/lessons/hips/" not in page(client)


def test_nothing_yet_is_said_kindly_and_leads_on(client, ann):
    html = page(client)
    assert ("Nothing here yet, and that’s fine." in html, 'class="button" href="/book/"' in html) == (
        True,
        True,
    )


def test_the_next_appointment_can_be_moved_canceled_and_kept(client, tess, ann):
    token = appointment_token(book(tess, ann, hours=72))
    html = page(client)
    ways = [f'href="/appointments/{token}/{way}"' in html for way in ("move/", "cancel/", "calendar.ics")]
    assert ways == [True, True, True]


def test_the_soonest_is_shown_and_a_canceled_one_is_not(client, tess, ann):
    book(tess, ann, hours=24, state="cancelled", occupies=False)
    later, soon = book(tess, ann, hours=96), book(tess, ann, hours=48)
    html = page(client)
    assert [appointment_token(one) in html for one in (soon, later)] == [True, False]


def test_one_that_has_begun_is_still_next(client, tess, ann):
    token = appointment_token(book(tess, ann, hours=0))
    assert token in page(client)


@pytest.mark.parametrize(
    ("hours", "words", "may"),
    [
        (72, "Free to move or cancel until", True),
        (20, "Canceling now costs $47.50", True),
        (1, "call us", False),
    ],
)
def test_what_a_change_means_now(client, tess, ann, hours, words, may):
    token = appointment_token(book(tess, ann, hours=hours))
    html = page(client)
    assert (words in html, f"/appointments/{token}/move/" in html) == (True, may)


@pytest.mark.parametrize("free", [{"policy": {**POLICY, "late_percent": 0}}, {"price_cents": 0}])
def test_late_hours_without_a_fee_are_called_free(client, tess, ann, free):
    token = appointment_token(book(tess, ann, hours=20, **free))
    html = " ".join(page(client).split())
    assert "Free to move or cancel until Wednesday, March 3 at 4:00 AM." in html
    assert ("costs $" in html, f"/appointments/{token}/cancel/" in html) == (False, True)


@pytest.mark.parametrize(
    ("hours", "email", "words"),
    [
        (1, "hello@example.com", "If something comes up now, email us: hello@example.com."),
        (1, "", "If something comes up now, please contact us."),
        (20, "", "on, please contact us."),
        (20, "hello@example.com", "on, please email us: hello@example.com."),
    ],
)
def test_without_a_number_nobody_is_asked_to_call(client, tess, ann, hours, email, words):
    Practice.objects.update(phone="", email=email)
    book(tess, ann, hours=hours)
    html = page(client)
    assert (words in html, "call us" in html) == (True, False)


def test_a_time_is_said_in_ones_own_zone_and_the_practices(client, tess, ann):
    ann.zone = "Asia/Tokyo"
    ann.save(update_fields=["zone"])
    start = book(tess, ann, hours=72).starts_at
    html = page(client).replace("\N{NO-BREAK SPACE}", " ")
    assert [
        f"{local.hour % 12 or 12}:00 {local:%p %Z}" in html
        for local in (start.astimezone(ZoneInfo("Asia/Tokyo")), start.astimezone(ZoneInfo("America/Denver")))
    ] == [True, True]


def test_in_the_same_zone_no_zone_is_named(client, tess, ann):
    book(tess, ann, hours=72)
    assert "At the practice:" not in page(client)


def test_a_zone_nobody_knows_is_the_practices(client, tess, ann):
    type(ann).objects.filter(pk=ann.pk).update(zone="Mars/Olympus")
    assert client.get("/portal/").status_code == 200


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (4, "Good evening, Ann."),
        (5, "Good morning, Ann."),
        (11, "Good morning, Ann."),
        (12, "Good afternoon, Ann."),
        (18, "Good evening, Ann."),
    ],
)
def test_greeting(hour, words):
    local = dt.datetime(2026, 3, 3, hour, 59, tzinfo=ZoneInfo("America/Denver"))
    assert greeting("Ann", local, locale="en-us").words == words


def test_someone_without_a_name_is_greeted_too():
    local = dt.datetime(2026, 3, 3, 9, tzinfo=ZoneInfo("America/Denver"))
    assert greeting("", local, locale="en-us").words == "Good morning."


def test_appointments_coming_and_past(client, tess, ann):
    book(tess, ann, hours=72)
    book(tess, ann, hours=-72, state="completed")
    book(tess, ann, hours=30, state="cancelled", occupies=False)
    html = page(client, "/portal/appointments/")
    past = html[html.index('id="past"') :]
    found = html.count("calendar.ics"), past.count("Session with Tess"), past.count(", canceled")
    assert found == (1, 2, 1)


def test_lessons_given_and_for_everyone_each_once(client, tess, ann):
    given, free = make_lesson("hips", title="Hips"), make_lesson("floor", title="Floor", is_free=True)
    assign(given, ann, by=tess)
    assign(free, ann, by=tess)
    html = page(client, "/portal/lessons/")
    assert [html.count(f'href="/portal/lessons/{slug}/"') for slug in ("hips", "floor")] == [1, 1]


@pytest.mark.parametrize("count", [1, 30])
def test_the_first_page_costs_the_same_for_many(client, tess, ann, django_assert_num_queries, count):
    kind = make_session_type(tess)
    for number in range(count):
        lesson = make_lesson(f"n{number}")
        make_recording(lesson, f"{number}".encode())
        assign(lesson, ann, by=tess)
        start = timezone.now() + dt.timedelta(days=30 + number)
        make_appointment(session_type=kind, practitioner=tess, start=start, client=ann)
        make_appointment(
            session_type=kind,
            practitioner=tess,
            start=start - dt.timedelta(days=2000),
            client=ann,
            state="completed",
            occupies=False,
        )
    # session, user, practice (view, page); pain, last practice; next appointment, answers, noticing,
    # passkeys; what is given, its recordings, last session, practice since, where one stopped, the plan
    with django_assert_num_queries(18):
        client.get("/portal/")

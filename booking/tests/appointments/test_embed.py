"""Booking inside another site's frame: only as a guest, only there, and no link of it leads astray."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from booking.models import Appointment
from booking.tests.people import TEN
from booking.tests.web_client import ANN_TYPES, browser, hidden, starts_on
from practice.models import Letter, Practice
from practice.testing import as_it_leaves, at_work, make_user
from practice.web.frame_ancestors import framing_sites, site_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(TEN.replace(day=8), tick=False)


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])[1]


def links(answer):
    """Every address of a page, with whether it opens beside the frame."""
    found = re.findall(r"<(?:a|form)\b[^>]*>", answer.content.decode())
    return [
        (match[1], "_blank" in tag)
        for tag in found
        if (match := re.search(r'(?:href|action)="([^"]*)"', tag)) and "calendar" not in match[1]
    ]


@pytest.mark.parametrize("path", ["/", "/book/", "/book/session/", "/accounts/login/", "/workspace/"])
def test_a_page_of_ours_is_framed_by_nobody(session, path):
    answer = browser().get(path)
    assert ancestors(answer) == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_frames_own_pages_may_be_framed(session):
    answer = browser().get("/embed/book/")
    assert ancestors(answer) == "*"
    assert "X-Frame-Options" not in answer.headers


def test_by_the_sites_the_owner_names(session):
    Practice.objects.update(embed_sites="https://Example.com/\n\nhttps://www.example.org:8443")
    answer = browser().get("/embed/book/session/")
    assert ancestors(answer) == "https://example.com https://www.example.org:8443"


@pytest.mark.parametrize("path", ["/embed/book/", "/embed/book/session/", "/embed/book/session/wait/"])
def test_every_link_stays_in_the_frame_or_opens_beside_it(session, path):
    answer = browser().get(path)
    stray = [
        address
        for address, beside in links(answer)
        if not beside and not address.startswith(("/embed/", "?", "#", "tel:", "mailto:"))
    ]
    assert answer.status_code == 200
    assert stray == []


def booked_in_the_frame():
    """All steps, as a frame's visitor takes them: the answers of each."""
    visitor = browser()
    times = visitor.get("/embed/book/session/")
    sent = {**hidden(times), "start": starts_on(times)[-1]}
    held = visitor.post("/embed/book/session/hold/", sent)
    details = visitor.get(held.url)
    done = visitor.post(held.url.partition("?")[0], {**ANN_TYPES, "tz": "America/Denver"})
    return visitor, held, details, done


def test_all_steps_stay_in_the_frame_and_end_in_an_appointment(session):
    visitor, held, details, done = booked_in_the_frame()
    assert held.url.startswith("/embed/book/session/held/")
    assert 'action="/embed/book/session/held/' in details.content.decode()
    assert done.url.startswith("/embed/appointments/")
    assert "You’re booked." in visitor.get(done.url).content.decode()
    assert Appointment.objects.filter(state="booked").count() == 1


def test_its_email_leads_to_our_own_site(session):
    booked_in_the_frame()
    letter = as_it_leaves(Letter.objects.get(kind="confirmation"))
    assert "/appointments/" in letter.text
    assert "/embed/" not in letter.text + letter.html


def test_no_step_sets_a_cookie(session):
    visitor, _held, _details, done = booked_in_the_frame()
    visitor.get(done.url)
    assert not visitor.cookies


def test_anyone_who_is_signed_in_is_a_guest_there(session):
    ann = make_user("Ann Lee")
    signed_in = browser()
    signed_in.force_login(ann)
    assert "ann@example.com" in signed_in.get("/book/session/wait/").content.decode()
    assert "ann@example.com" not in signed_in.get("/embed/book/session/wait/").content.decode()


def test_another_sites_form_is_refused_there_too(session):
    answer = Client(headers={"origin": "https://elsewhere.example"}).post("/embed/book/session/hold/", {})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/embed/", "/embed/workspace/", "/embed/portal/", "/embed/book/nothing/"])
def test_nothing_else_is_under_it(session, path):
    assert browser().get(path).status_code == 404


@pytest.mark.parametrize(
    "line",
    [
        "example.com",
        "https://",
        "https://a b",
        "https://example.com/path",
        "javascript:alert(1)",
        "https://example.com; script-src *",
        "'self'",
        "*",
        "https://exa\nmple.com",
    ],
)
def test_what_is_no_site_comes_into_no_header(line):
    assert site_in(line) is None


def test_a_list_of_nonsense_is_no_permission():
    assert framing_sites("nonsense") == ["'none'"]


def test_a_page_in_the_frame_tells_its_height_and_others_do_not(session):
    assert "js/embedded" in browser().get("/embed/book/").content.decode()
    assert "js/embedded" not in browser().get("/book/").content.decode()


def test_only_the_script_for_other_sites_may_be_loaded_by_them(client):
    def policy(name):
        return client.get(f"/static/js/{name}").headers["Cross-Origin-Resource-Policy"]

    assert policy("embed.js") == "cross-origin"
    assert policy("embedded.js") == "same-origin"


def test_the_owner_copies_one_line_and_names_the_sites(session, tess):
    desk = at_work(tess.user)
    page = desk.get("/workspace/settings/embed/").content.decode()
    assert "/embed/book/&quot; title=" in page or '/embed/book/" title=' in page
    assert '/static/js/embed.js" async&gt;&lt;/script&gt;' in page
    desk.post("/workspace/settings/embed/", {"sites": "https://Example.com/"})
    assert Practice.objects.get().embed_sites == "https://example.com"
    wrong = desk.post("/workspace/settings/embed/", {"sites": "example"})
    assert wrong.status_code == 422
    assert "is not a website address" in wrong.content.decode()

"""Doors: strangers are told nothing, forms come from our own pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from practice.access.pages import origin_checked, owner_only, staff_only
from practice.models import User
from practice.testing import make_practitioner, make_user

DOORS = ("/workspace/", "/backoffice/", "/backoffice/practice/user/", "/backoffice/login/")


def fine(request, **kwargs):
    return HttpResponse("fine")


def request(method: str = "get", user=None, **headers: str):
    made = getattr(RequestFactory(), method)("/x/", headers=headers)
    made.user = user or AnonymousUser()
    return made


@pytest.mark.parametrize("role", [User.Role.CLIENT, None])
def test_staff_pages_do_not_exist_for_others(role):
    user = User(role=role) if role else None
    with pytest.raises(Http404):
        staff_only(fine)(request(user=user))


@pytest.mark.parametrize("role", [User.Role.PRACTITIONER, User.Role.OWNER, User.Role.FRONT_DESK])
def test_staff_pages_open_for_staff(role):
    assert staff_only(fine)(request(user=User(role=role))).status_code == 200


@pytest.mark.parametrize("role", [User.Role.PRACTITIONER, User.Role.FRONT_DESK, User.Role.CLIENT])
def test_pages_of_the_owner_do_not_exist_for_others(role):
    with pytest.raises(Http404):
        owner_only(fine)(request(user=User(role=role)))


def test_staff_who_left_are_strangers():
    with pytest.raises(Http404):
        staff_only(fine)(request(user=User(role=User.Role.OWNER, is_active=False)))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost:8000"},
        {"origin": "http://testserver"},
        {"referer": "http://testserver/book/session/"},
    ],
)
def test_a_form_of_ours_passes(headers):
    assert origin_checked(fine)(request("post", **headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "https://testserver"},
        {"origin": "http://[::1"},
        {"referer": "https://evil.example/?http://testserver/"},
        {"origin": "https://evil.example", "referer": "http://testserver/"},
    ],
)
def test_a_form_of_anothers_does_not(headers):
    with pytest.raises(PermissionDenied):
        origin_checked(fine)(request("post", **headers))


def test_reading_needs_no_origin():
    assert origin_checked(fine)(request()).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", DOORS)
def test_anonymous_visitors_are_sent_to_sign_in(client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_clients_cannot_open_staff_pages(client, path, method):
    client.force_login(make_user("Ann"))

    assert getattr(client, method)(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", DOORS)
def test_staff_are_sent_to_the_second_factor_first(client, path):
    client.force_login(make_practitioner("Tess Marlow").user)

    assert client.get(path).url.startswith("/accounts/2fa/?next=/")


@pytest.mark.django_db
def test_ADMIN_PATH_renames_the_back_office_and_no_other_address_opens_it(client):
    assert client.get("/admin/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
        "https://testserver@evil.example/",
        "https://evil.example\\@testserver/",
    ],
)
def test_no_redirect_leads_to_another_site(evil):
    ann = make_user("Ann")
    inside = Client()
    inside.force_login(ann)
    for answer in (
        inside.get("/accounts/login/", {"next": evil}),
        inside.post("/accounts/logout/", {"next": evil}),
        Client().post("/accounts/login/", {"login": "zoe@example.com", "next": evil}),
        Client().get("/portal/", {"next": evil}),
    ):
        where = answer.headers.get("Location", "/")
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))

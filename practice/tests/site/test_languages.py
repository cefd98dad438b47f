"""A language can be chosen only if pages and emails are written in it."""

from __future__ import annotations

import pytest

from practice.models import User
from practice.testing import at_work, make_practitioner

pytestmark = pytest.mark.django_db


def person_page(user: User) -> str:
    return at_work(user).get(f"/backoffice/practice/user/{user.pk}/change/").content.decode()


def test_with_one_language_there_is_nothing_to_choose() -> None:
    assert 'name="language"' not in person_page(make_practitioner().user)


def test_of_two_languages_both_can_be_chosen_and_no_third(settings: object) -> None:
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]  # type: ignore[attr-defined]
    tess = make_practitioner().user
    page = person_page(tess).partition('name="language"')[2].partition("</select>")[0]
    assert page.count("<option") == 2
    form = {"name": tess.name, "email": tess.email, "role": "owner", "is_active": "on", "language": "fr"}
    answer = at_work(tess).post(f"/backoffice/practice/user/{tess.pk}/change/", form)
    assert answer.status_code == 200
    tess.refresh_from_db()
    assert tess.language == "en"

"""The back office offers the languages in which pages and emails are written, and no other."""

from __future__ import annotations

import pytest

from practice.testing import at_work, make_practitioner

pytestmark = pytest.mark.django_db


def test_of_two_languages_both_can_be_chosen_and_no_third() -> None:
    tess = make_practitioner().user
    html = at_work(tess).get(f"/backoffice/practice/user/{tess.pk}/change/").content.decode()
    page = html.partition('name="language"')[2].partition("</select>")[0]
    assert page.count("<option") == 2
    form = {"name": tess.name, "email": tess.email, "role": "owner", "is_active": "on", "language": "fr"}
    answer = at_work(tess).post(f"/backoffice/practice/user/{tess.pk}/change/", form)
    assert answer.status_code == 200
    tess.refresh_from_db()
    assert tess.language == "en"

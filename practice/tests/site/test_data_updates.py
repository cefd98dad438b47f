"""What a practice has from before keeps its meaning after an update."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from practice.models import Article, Consent, Practice
from practice.testing import make_practice, make_user

pytestmark = pytest.mark.django_db


def apps_at(name: str) -> Any:
    """The models as a migration of this app sees them."""
    return MigrationLoader(connection).project_state(("practice", name)).apps


@pytest.mark.parametrize(("agreed_to", "version"), [("As it is now.", 1), ("As it was.", 2)])
def test_who_agreed_to_words_that_were_changed_since_is_asked_again(agreed_to: str, version: int) -> None:
    make_practice(treatment_consent="As it is now.")
    Consent.objects.create(user=make_user("Ann"), kind="booking", text=agreed_to)
    name = "0023_a_new_version_of_changed_consents"
    import_module(f"practice.migrations.{name}").count_changed_words(apps_at(name), None)
    assert Practice.objects.get().consent_version == version


def test_the_article_that_was_the_doctors_page_by_its_address_is_flagged() -> None:
    for slug in ("other", "when-to-see-a-doctor-first"):
        Article.objects.create(slug=slug, title=slug, body="Words.")
    name = "0022_doctors_page_and_home_page"
    import_module(f"practice.migrations.{name}").flag_the_doctors_page(apps_at(name), None)
    assert Article.objects.get(is_doctors_page=True).slug == "when-to-see-a-doctor-first"

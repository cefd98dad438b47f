"""An owner writes a service in Spanish too, and clients who read Spanish find it so."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import SessionType
from booking.testing import make_session_type, open_every_day
from practice.consents.actions.consent import ConsentSubmission, NotSigned, publish, sign
from practice.consents.queries import current_text, unsigned
from practice.models import Consent, Practice, Practitioner, TranslatedText
from practice.other_language.actions import SentText, save_translations
from practice.other_language.queries import translatable
from practice.other_language.registry import kind_named
from practice.shipped_texts import reading_in
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.other_language.actions")]
LIST = reverse("workspace_other_language")
NAME, SPANISH = "First session", "Primera sesión"


@pytest.fixture
def tess() -> Practitioner:
    make_practice(treatment_consent="I come of my own choice.")
    found = make_practitioner()
    open_every_day(found)
    return found


@pytest.fixture
def service(tess: Practitioner) -> SessionType:
    return make_session_type(tess, name=NAME, description="We talk first.", slug="first")


@pytest.fixture
def owner(tess: Practitioner) -> Client:
    browser = at_work(tess.user)
    browser.post(LIST, {"do": "begin"})
    return browser


def page_of(key: str, pk: int) -> str:
    return reverse("workspace_other_texts", args=[key, pk])


def form_of(browser: Client, address: str, **typed: str) -> dict[str, str]:
    """The fields of the page's form as a browser would send them, with what was typed in some."""
    form = browser.get(address).context["form"]
    found = {bound.html_name: bound.value() or "" for bound in form}
    return {**found, **{f"text_{name}": text for name, text in typed.items()}}


def in_spanish(browser: Client, address: str) -> str:
    return browser.get(address, headers={"accept-language": "es"}).text


def save(key: str, thing: Any, **texts: str) -> None:
    """Save translations of a thing's texts as they are now."""
    kind = kind_named(key)
    assert kind
    found = translatable(kind, thing, "es")
    sent = {one.name: SentText(texts[one.name], one.of) for one in found.texts if one.name in texts}
    save_translations(kind, thing.pk, sent, language="es", seen=found.seen, now=timezone.now())


def test_a_client_who_reads_spanish_books_the_service_by_its_spanish_name(
    owner: Client, service: SessionType, client: Client
) -> None:
    address = page_of("services", service.pk)
    owner.post(address, form_of(owner, address, name=SPANISH))
    page = in_spanish(client, reverse("book"))
    assert SPANISH in page
    assert NAME not in page
    assert NAME in client.get(reverse("book")).text


def test_what_is_not_translated_is_marked_as_english_for_screen_readers(
    owner: Client, service: SessionType, client: Client
) -> None:
    address = page_of("services", service.pk)
    owner.post(address, form_of(owner, address, name=SPANISH))
    page = in_spanish(client, reverse("book"))
    assert ' lang="en">We talk first.' in page
    assert f' lang="en">{SPANISH}' not in page


def test_the_embedded_booking_page_has_it_too(owner: Client, service: SessionType, client: Client) -> None:
    save("services", service, name=SPANISH)
    assert SPANISH in client.get("/embed/es/book/").text


def test_the_api_gives_names_as_they_were_written_unless_a_language_is_asked_for(
    owner: Client, service: SessionType, client: Client
) -> None:
    save("services", service, name=SPANISH)
    address = reverse("api:session_types")
    assert client.get(address).json()[0]["name"] == NAME
    assert client.get(address, headers={"accept-language": "es"}).json()[0]["name"] == SPANISH


def test_a_practice_at_home_in_spanish_gives_the_api_spanish_names_by_default(
    service: SessionType, owner: Client, client: Client
) -> None:
    Practice.objects.update(home_locale="es-es")
    kind = kind_named("services")
    assert kind
    found = translatable(kind, service, "en")
    sent = {"name": SentText("In English", found.texts[0].of)}
    save_translations(kind, service.pk, sent, language="en", seen=found.seen, now=timezone.now())
    address = reverse("api:session_types")
    assert client.get(address).json()[0]["name"] == NAME
    assert client.get(address, headers={"accept-language": "en"}).json()[0]["name"] == "In English"


def test_the_booking_page_asks_no_more_queries(
    owner: Client, service: SessionType, client: Client, django_assert_max_num_queries: Any
) -> None:
    save("services", service, name=SPANISH)
    in_spanish(client, reverse("book"))
    with django_assert_max_num_queries(12):
        assert SPANISH in in_spanish(client, reverse("book"))


def test_the_list_says_what_is_missing_and_what_needs_another_look(
    owner: Client, service: SessionType
) -> None:
    assert "2 texts are missing" in owner.get(LIST).text
    save("services", service, name=SPANISH, description="Primero hablamos.")
    assert page_of("services", service.pk) not in owner.get(LIST).text.partition("<details>")[0]
    SessionType.objects.update(description="We talk and look.")
    assert "1 text needs another look" in owner.get(LIST).text


def test_saving_a_text_that_was_checked_ends_the_note(owner: Client, service: SessionType) -> None:
    save("services", service, name=SPANISH)
    SessionType.objects.update(name="The first session")
    address = page_of("services", service.pk)
    assert "The original was changed since" in owner.get(address).text
    owner.post(address, form_of(owner, address))
    assert "The original was changed since" not in owner.get(address).text


def test_an_original_that_changed_while_it_was_translated_needs_another_look(
    owner: Client, service: SessionType
) -> None:
    address = page_of("services", service.pk)
    typed = form_of(owner, address, name=SPANISH)
    SessionType.objects.update(name="The first session")
    owner.post(address, typed)
    assert "The original was changed since" in owner.get(address).text


def test_of_two_who_translate_at_once_the_second_is_told_and_can_save_again(
    owner: Client, service: SessionType
) -> None:
    address = page_of("services", service.pk)
    first, second = form_of(owner, address, name=SPANISH), form_of(owner, address, name="Otra")
    owner.post(address, first)
    told = owner.post(address, second)
    assert told.status_code == 422
    assert "Someone else changed these texts" in told.text
    assert TranslatedText.objects.get(field="name").text == SPANISH
    owner.post(address, {**second, "seen": told.context["form"]["seen"].value()})
    assert TranslatedText.objects.get(field="name").text == "Otra"


def test_an_emptied_field_is_no_translation(owner: Client, service: SessionType) -> None:
    save("services", service, name=SPANISH)
    address = page_of("services", service.pk)
    owner.post(address, form_of(owner, address, name=""))
    assert not TranslatedText.objects.exists()


def test_a_deleted_service_takes_its_texts_with_it(owner: Client, service: SessionType) -> None:
    save("services", service, name=SPANISH)
    service.delete()
    assert not TranslatedText.objects.exists()


def test_a_practice_that_stops_shows_originals_and_keeps_what_was_written(
    owner: Client, service: SessionType, client: Client
) -> None:
    save("services", service, name=SPANISH)
    owner.post(LIST, {"do": "stop"})
    assert NAME in in_spanish(client, reverse("book"))
    owner.post(LIST, {"do": "begin"})
    assert SPANISH in in_spanish(client, reverse("book"))


def test_who_writes_in_one_language_is_not_bothered(tess: Practitioner, service: SessionType) -> None:
    browser = at_work(tess.user)
    assert "other-language/services" not in browser.get(reverse("workspace_service", args=[service.pk])).text
    assert browser.get(page_of("services", service.pk)).status_code == 302


def test_html_in_a_translation_is_shown_as_text(owner: Client, service: SessionType, client: Client) -> None:
    save("services", service, name="<script>alert(1)</script>")
    page = in_spanish(client, reverse("book"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("size", [81, 1_000_000])
def test_a_name_longer_than_its_original_may_be_is_refused(
    owner: Client, service: SessionType, size: int
) -> None:
    address = page_of("services", service.pk)
    assert owner.post(address, form_of(owner, address, name="x" * size)).status_code in (413, 422)
    assert not TranslatedText.objects.exists()


def test_markdown_is_previewed_and_nothing_is_saved(owner: Client) -> None:
    Practice.objects.update(approach="## Rest\n\nFirst.")
    address = page_of("words", 1)
    seen = owner.post(address, {**form_of(owner, address, approach="## Descanso"), "do": "preview"})
    assert '<div class="both__seen text" lang="es"><h2>Descanso</h2></div>' in seen.text
    assert not TranslatedText.objects.exists()


def test_a_colleague_translates_no_service(owner: Client, service: SessionType) -> None:
    jonah = at_work(make_practitioner("Jonah Reyes", role="practitioner").user)
    assert jonah.get(page_of("services", service.pk)).status_code == 404


# --- What clients agree to ---------------------------------------------------------------------------
def test_a_consent_signed_in_spanish_keeps_the_spanish_words_when_the_text_changes(owner: Client) -> None:
    text, ann = publish("treatment", "I come.", now=timezone.now()), make_user("Ann", language="es")
    save("consents", text, text="Vengo.")
    with reading_in("es"):
        agreed = ConsentSubmission(
            "Ann",
            {one.kind: one.version for one in unsigned(ann)},
            {"treatment": current_text("treatment").shown_as},
        )
        sign(ann, agreed, now=timezone.now())
    publish("treatment", "I come of my own choice.", now=timezone.now())
    signed = Consent.objects.get(kind="treatment")
    assert (signed.text, signed.language, signed.version) == ("Vengo.", "es", 1)
    with reading_in("es"):
        now = {one.kind: one for one in unsigned(ann)}["treatment"]
        assert (now.text, now.language) == ("I come of my own choice.", "en")


def test_no_one_signs_other_words_than_were_shown(owner: Client) -> None:
    text, ann = publish("treatment", "I come.", now=timezone.now()), make_user("Ann", language="es")
    save("consents", text, text="Vengo.")
    with reading_in("es"):
        versions = {one.kind: one.version for one in unsigned(ann)}
        shown = {"treatment": current_text("treatment").shown_as}
    save("consents", text, text="Vengo por decisión propia.")
    with reading_in("es"), pytest.raises(NotSigned):
        sign(ann, ConsentSubmission("Ann", versions, shown), now=timezone.now())
    assert not Consent.objects.exists()


def test_a_new_translation_of_what_is_agreed_to_when_booking_asks_again(owner: Client) -> None:
    before = Practice.objects.get().consent_version
    save("policies", Practice.objects.get(), treatment_consent="Vengo por decisión propia.")
    assert Practice.objects.get().consent_version == before + 1
    save("policies", Practice.objects.get(), treatment_consent="Vengo por decisión propia.")
    assert Practice.objects.get().consent_version == before + 1

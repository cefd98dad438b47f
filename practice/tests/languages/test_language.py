"""The language of an answer: the account's behind the sign-in, else the chosen one, else the browser's."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from practice.models import User
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.web.language import LanguageMiddleware, compressed
from tools.catalogs import ROOT

pytestmark = pytest.mark.django_db
CHOOSE = "/accounts/language/"


@pytest.fixture
def tess(db: None) -> User:
    make_practice()
    return make_practitioner().user


@pytest.fixture
def ann(tess: User) -> User:
    return make_user("Ann Lee", language="es")


def language(browser: Client, path: str = "/", **headers: str) -> str:
    """The language a page says it is in."""
    html = browser.get(path, headers=headers).content.decode()
    return html.partition('<html lang="')[2].partition('"')[0]


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_behind_the_sign_in_the_account_rules_over_the_browser(ann: User) -> None:
    assert language(signed_in(ann), "/portal/", **{"accept-language": "en"}) == "es"


def test_what_was_chosen_before_signing_in_gives_way_to_the_account(ann: User) -> None:
    browser = signed_in(ann)
    browser.get("/?lang=en")
    browser.get("/portal/")
    assert language(browser, "/") == "es"


@pytest.mark.parametrize(
    ("accepts", "expected"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de,fr;q=0.5", "en"),
        ("en-GB", "en"),
        ("", "en"),
        ("*,,;q=x", "en"),
    ],
)
def test_a_visitors_browser_says_which_language_it_reads(tess: User, accepts: str, expected: str) -> None:
    assert language(Client(), "/", **{"accept-language": accepts}) == expected


def test_the_chosen_language_is_kept(tess: User) -> None:
    browser = Client()
    browser.get("/?lang=es")
    assert language(browser, "/privacy/", **{"accept-language": "en"}) == "es"


@pytest.mark.parametrize("path", ["/", "/?lang=xx", "/?lang=en", "/?lang=%00es"])
def test_nothing_is_kept_without_a_choice(tess: User, path: str) -> None:
    browser = Client()
    browser.get(path)
    assert not browser.cookies


def test_caches_know_that_a_page_differs_by_the_browser_and_by_the_choice(tess: User) -> None:
    assert {"Accept-Language", "Cookie"} <= set(Client().get("/")["Vary"].split(", "))


def test_the_header_names_the_language_that_the_page_is_in(ann: User) -> None:
    answer = signed_in(ann).get("/portal/", headers={"accept-language": "en"})
    assert (answer["Content-Language"], 'lang="es"' in answer.content.decode()) == ("es", True)


def test_a_refusal_is_in_the_readers_language_too(tess: User) -> None:
    answer = Client().get("/nothing/here/", headers={"accept-language": "es"})
    assert (answer.status_code, 'lang="es"' in answer.content.decode()) == (404, True)


def test_at_work_the_account_rules_as_well(tess: User) -> None:
    User.objects.filter(pk=tess.pk).update(language="es")
    tess.refresh_from_db()
    assert language(at_work(tess), "/workspace/") == "es"


def test_whoever_is_signed_in_chooses_for_good_and_comes_back_to_the_page(ann: User) -> None:
    browser = signed_in(ann)
    answer = browser.post(CHOOSE, {"language": "en", "page": "/portal/lessons/?length=20"})
    assert answer.headers["Location"] == "/portal/lessons/?length=20"
    assert User.objects.get(pk=ann.pk).language == language(browser, "/portal/") == "en"


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/" * 600, ""]
)
def test_a_choice_never_leads_to_another_site(ann: User, page: str) -> None:
    assert signed_in(ann).post(CHOOSE, {"language": "en", "page": page}).headers["Location"] == "/"


@pytest.mark.parametrize("unknown", ["xx", "", "es-mx", "../en"])
def test_a_language_without_texts_is_refused_and_nothing_is_changed(ann: User, unknown: str) -> None:
    assert signed_in(ann).post(CHOOSE, {"language": unknown}).status_code == 400
    assert User.objects.get(pk=ann.pk).language == "es"


def test_the_page_offers_the_other_language_and_keeps_what_it_shows(tess: User) -> None:
    html = Client().get("/lessons/?region=pelvis&lang=es").content.decode()
    assert 'href="?region=pelvis&amp;lang=en" lang="en"' in html


def test_the_answer_to_a_form_has_no_other_address_and_offers_no_language(tess: User) -> None:
    assert "hreflang" not in Client().post("/accounts/login/", {"login": ""}).content.decode()


def test_a_compressed_page_ends_its_sentences_too() -> None:
    words = "A las <time>4:22 p.m.</time>. " * 50

    @compressed
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(words)

    request = RequestFactory().get("/", headers={"accept-encoding": "gzip", "accept-language": "es"})
    answer = LanguageMiddleware(page)(request)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert isinstance(answer, HttpResponse)
    assert gzip.decompress(answer.content).decode() == words.replace("</time>.", "</time>")


def test_no_page_is_compressed_where_its_sentences_cannot_be_ended() -> None:
    users = [path for part in ("practice", "booking", "portal") for path in (ROOT / part).rglob("*.py")]
    direct = {str(path.relative_to(ROOT)) for path in users if "import gzip_page\n" in path.read_text()}
    assert direct == {"practice/web/language.py"}

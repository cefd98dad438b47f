"""What holds for every answer: headers, cookies, clean input, known hosts, silent logs."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings as shipped
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import FakePayload
from django.urls import path
from structlog.dev import ConsoleRenderer
from structlog.stdlib import ProcessorFormatter

from booking.links import appointment_token, appointment_url
from booking.models import Appointment
from practice.access.pages import origin_checked
from practice.core.input_checks import InvalidInput, check_json
from practice.core.log_redaction import KEYS, without_keys
from practice.models import Letter, User
from practice.security.crypto import Unreadable, decrypt, encrypt, rotate
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.routes.route_sweep import routes
from practice.web.middleware import NoStoreMiddleware

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/articles/", "/privacy/", "/lessons/", "/book/"]


def broken(request):
    raise RuntimeError("a secret sentence")


def away(request):
    raise OperationalError("connection refused by 10.0.0.7")


def echo(request, **kwargs):
    return HttpResponse("fine")


for view in (broken, away, echo):
    view.login_required = False

urlpatterns = [
    path("broken/", broken),
    path("api/broken/", broken),
    path("away/", away),
    path("api/away/", away),
    path("echo/", origin_checked(echo)),
    path("echo/<str:token>/", echo),
]
handler400 = "practice.web.errors.bad_request"
handler403 = "practice.web.errors.forbidden"
handler404 = "practice.web.errors.not_found"
handler500 = "practice.web.errors.server_error"


@pytest.fixture
def odd_pages(settings):
    """A few routes that break, or say yes to everything."""
    from practice import urls

    settings.ROOT_URLCONF = __name__
    urlpatterns.extend(one for one in urls.urlpatterns if one not in urlpatterns)
    return Client(raise_request_exception=False)


def headers_hold(answer) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for words in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert words in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


# --- Headers ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 200),
        ("/accounts/login/", 200),
        ("/nothing/here/", 404),
        ("/portal/", 302),
        ("/workspace/", 302),
        ("/healthz", 503),
        ("/livez", 200),
        ("/api/v1/nothing", 404),
        ("/\x00", 400),
    ],
)
def test_headers_are_on_every_answer(client, url, status):
    answer = client.get(url)

    assert answer.status_code == status
    headers_hold(answer)


def test_headers_are_on_static_files(client):
    answer = client.get(staticfiles_storage.url("css/tokens.css"))

    assert answer.status_code == 200
    headers_hold(answer)


def test_headers_are_on_our_own_mistakes_which_tell_nothing(odd_pages):
    answer = odd_pages.get("/broken/")

    assert answer.status_code == 500
    assert "a secret sentence" not in answer.text
    headers_hold(answer)


def test_while_the_database_is_away_a_page_says_to_try_again_and_nothing_else(odd_pages):
    answer = odd_pages.get("/away/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "We’re having trouble right now" in answer.text
    assert "10.0.0.7" not in answer.text
    headers_hold(answer)


def test_while_the_database_is_away_a_program_is_told_so(odd_pages):
    answer = odd_pages.get("/api/away/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.json()["error"]["code"] == "away"


def test_a_mistake_in_the_api_is_json(odd_pages):
    answer = odd_pages.get("/api/broken/")

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "our_mistake"


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"content-type": "application/json"}])
def test_a_script_that_asks_for_json_is_refused_in_json(client, headers):
    assert client.get("/nothing/", headers=headers).json()["error"]["code"] == "not_found"


def test_a_browser_that_takes_json_too_gets_a_page(client):
    assert "<h1" in client.get("/nothing/", headers={"accept": "text/html,application/json;q=0.1"}).text


def test_a_page_that_is_not_in_the_api_is_json_too(client):
    assert client.get("/api/v1/nothing").json()["error"]["code"] == "not_found"


def test_hsts_and_the_redirect_follow_the_scheme(client, settings):
    assert "Strict-Transport-Security" not in client.get("/livez").headers
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    plain, safe = Client().get("/articles/"), Client().get("/articles/", secure=True)

    assert plain.url.startswith("https://")
    headers_hold(plain)
    assert safe.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("url", ["/privacy/", "/portal/data/"])
def test_pages_say_that_the_key_is_kept_apart_only_where_it_is(client, settings, tmp_path, url):
    client.force_login(make_user("Ann"))
    apart = "kept apart from the database"
    assert apart in client.get(url).text
    settings.VAR_DIR = tmp_path
    (tmp_path / "field_keys").touch()

    assert apart not in client.get(url).text
    assert "stored encrypted" in client.get(url).text


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_api_over_plain_http_is_refused_and_not_redirected(client, settings, method):
    settings.SECURE_SSL_REDIRECT = True
    answer = getattr(client, method)("/api/v1/slots")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert "use https" in answer.json()["error"]["message"]
    headers_hold(answer)


@pytest.mark.parametrize(
    ("host", "url", "status"),
    [
        ("127.0.0.1:8000", "/livez", 200),
        ("localhost", "/livez", 200),
        ("127.0.0.1:8000", "/", 400),
        ("evil.example", "/livez", 400),
        ("127.0.0.1.evil.example", "/livez", 400),
    ],
)
def test_a_probe_on_the_machine_itself_is_answered_on_https_too(client, settings, host, url, status):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["localhost.example"], True
    settings.SITE = settings.SITE._replace(netloc="localhost.example")

    assert client.get(url, headers={"host": host}).status_code == status


@pytest.mark.parametrize("url", PUBLIC)
def test_pages_for_everyone_set_no_cookie(client, url):
    make_practice()
    answer = client.get(url)

    assert answer.status_code == 200
    assert not answer.cookies


def test_no_third_party_is_asked_by_a_page_for_everyone(client):
    make_practice()
    for url in [*PUBLIC, "/accounts/login/"]:
        text = client.get(url).text
        loaded = re.findall(
            r"""<(?:script|link|img|iframe|source|audio|video)\b[^>]*?(?:src|href)="([^"]+)""", text
        )
        assert [one for one in loaded if not one.startswith(("/", "#"))] == []
        assert not re.search(r"\sstyle=|<style|\son\w+=", text)


def test_nothing_behind_login_is_kept_by_a_browser(client):
    client.force_login(make_user("Ann"))
    for url in ("/", "/portal/", "/accounts/email/", "/nothing/here/"):
        assert client.get(url).headers["Cache-Control"] == "no-store, private"


def test_a_page_under_a_private_link_is_kept_by_nobody(odd_pages):
    assert odd_pages.get("/echo/sometoken/").headers["Cache-Control"] == "no-store, private"


def test_audio_behind_login_keeps_its_own_word(client):
    request = RequestFactory().get("/")
    request.COOKIES[shipped.SESSION_COOKIE_NAME] = "x"
    request.user = make_user("Ann")
    request.resolver_match = None
    audio = HttpResponse(content_type="audio/mp4", headers={"Cache-Control": "private, no-cache"})

    assert NoStoreMiddleware(lambda _: audio)(request).headers["Cache-Control"] == "private, no-cache"


# --- Input -----------------------------------------------------------------------------------------------
def post_json(browser, body: str | bytes):
    return browser.post("/api/v1/holds", body, content_type="application/json")


@pytest.mark.parametrize(
    "url", ["/a\x00b/", "/articles/a\x00/", "/book/\x00/", "/?q=%00", "/?%00=1", "/static/a%00.css"]
)
def test_nul_in_an_address_is_400_in_words(client, url):
    answer = client.get(url.replace("\x00", "%00"))

    assert answer.status_code == 400
    assert "that we can’t store" in answer.text


def test_nul_in_a_form_is_400(client):
    assert client.post("/accounts/login/", {"login": "a\x00@example.com"}).status_code == 400


def test_nul_in_the_name_of_a_file_is_400(odd_pages):
    head = b"Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''a%00.png"
    body = b"--x\r\n" + head + b"\r\n\r\nhello\r\n--x--\r\n"
    answer = odd_pages.post("/echo/", body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code in (400, 403)  # the parser may blank the name itself
    assert answer.status_code != 500


def test_nul_hidden_in_a_cookie_is_400(client):
    client.cookies[shipped.SESSION_COOKIE_NAME] = "a\x00b"

    assert client.get("/portal/").status_code == 400


def test_a_form_in_broken_utf8_is_no_mistake_of_ours(client):
    answer = client.post(
        "/accounts/login/",
        b"login=%ED%A0%80%FF@example.com",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a\\u0000b"}',
        '{"a\\u0000": 1}',
        '{"name": "\\ud800"}',
        '["\\udfff"]',
        "{",
        b"\xff\xfe\x00",
        '{"n": NaN}',
        '{"n": -Infinity}',
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_json_that_no_database_could_hold_is_400_in_words(client, body):
    answer = post_json(client, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b'{"n": 1e999, "e": "\\ud83d\\ude00"}', b'{"n": 1' + b"0" * 30 + b"}"])
def test_large_numbers_and_whole_characters_are_left_to_the_view(body):
    check_json(body)


def test_a_body_whose_length_is_not_said_is_400_in_words(client):
    """It would be read as empty, and the answer would be that each field is missing."""
    body = FakePayload(b'{"session_type": "session"}')
    answer = client.request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/api/v1/holds",
            "CONTENT_TYPE": "application/json",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": body,
        }
    )

    assert answer.status_code == 400
    assert "Content-Length" in answer.json()["error"]["message"]


def test_the_refusal_names_its_kind():
    with pytest.raises(InvalidInput, match="depth"):
        check_json(b"[" * 100_000)


def test_a_form_of_a_thousand_fields_is_400(client):
    fields = {f"f{n}": "x" for n in range(1000)}

    assert client.post("/accounts/login/", fields).status_code == 400


def test_a_body_of_two_megabytes_is_refused(client):
    answer = post_json(client, json.dumps({"name": "x" * 2_000_000}))

    assert (answer.status_code, "too large" in answer.text) == (413, True)


class Read(Exception):
    """Somebody read the body."""


class NeverRead:
    """A body that says so when somebody begins to read it."""

    def read(self, *size: int) -> bytes:
        raise Read

    readline = read


def sends_a_film(browser, path, size=150_000_000):
    kind = "multipart/form-data; boundary=x"
    about = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(size), "wsgi.input": NeverRead()}
    return browser.generic("POST", path, **about).status_code


RECORDINGS = "/backoffice/portal/lesson/add/"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/static/css/tokens.css", "/api/v1/holds", "/nowhere/", RECORDINGS]
)
def test_150_megabytes_are_refused_before_a_byte_is_read(client, path):
    assert sends_a_film(client, path) == 413


def test_only_staff_with_their_second_factor_may_send_a_recording_and_only_to_its_page():
    tess, ann = make_practitioner().user, make_user("Ann")
    once = Client()
    once.force_login(tess)
    client = Client()
    client.force_login(ann)

    assert [sends_a_film(one, RECORDINGS) for one in (client, once)] == [413, 413]
    assert sends_a_film(at_work(tess), "/backoffice/portal/exercise/add/") == 413
    assert sends_a_film(at_work(tess), RECORDINGS, size=502_000_000) == 413
    with pytest.raises(Read):
        sends_a_film(at_work(tess), RECORDINGS)


def test_nginx_lets_through_what_the_portal_takes_and_no_more():
    conf = (Path(__file__).parents[3] / "deploy/nginx.conf").read_text(encoding="utf-8")
    sizes = [int(size) << 20 for size in re.findall(r"client_max_body_size (\d+)m;", conf)]
    most, upload, imported, video = sizes

    assert shipped.DATA_UPLOAD_MAX_MEMORY_SIZE <= most < shipped.UPLOAD_BYTES < upload
    assert shipped.IMPORT_BYTES + shipped.DATA_UPLOAD_MAX_MEMORY_SIZE // 4 < imported < shipped.UPLOAD_BYTES
    assert shipped.VIDEO_BYTES < video < upload
    assert upload >> 20 == shipped.UPLOAD_BYTES // 1_000_000  # the number people read is one
    assert re.findall(r"location ~ (\S+) \{\s+client_max_body_size 5", conf) == [
        r"^/(backoffice/portal/lesson/|workspace/practice/lessons/[^/]+/recording/)"
    ]


@pytest.mark.parametrize("url", ["/", "/portal/", "/static/css/tokens.css", "/livez"])
def test_an_unknown_host_is_400(client, url):
    answer = client.get(url, headers={"host": "evil.example"})

    assert answer.status_code == 400
    headers_hold(answer)


def test_a_form_without_its_token_is_403_in_our_words():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.com"})

    assert answer.status_code == 403
    assert "be sure it was you" in answer.text


def test_ten_thousand_characters_are_a_message(client):
    answer = client.post("/accounts/login/", {"login": "a" * 10_000 + "@example.com"})

    assert answer.status_code == 200
    assert not Letter.objects.exists()


# --- Secrets -----------------------------------------------------------------------------------------------
def test_what_is_encrypted_comes_back_and_differs_each_time():
    assert decrypt(encrypt("pain 7")) == "pain 7"
    assert encrypt("pain 7") != encrypt("pain 7")


def test_an_old_key_still_opens_and_a_lost_one_says_so(settings):
    from cryptography.fernet import Fernet

    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    sealed = encrypt("pain 7")
    settings.FIELD_KEYS = [new, old]
    assert decrypt(sealed) == "pain 7"
    turned = rotate(sealed)
    settings.FIELD_KEYS = [new]
    assert decrypt(turned) == "pain 7"
    with pytest.raises(Unreadable):
        decrypt(sealed)


KEY = "MTIzNDU2Nzg5MA:1vXyzA:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /appointments/{KEY}/",
        f"POST /book/session/held/{KEY}/let-go/",
        f"Not Found: /enter/{KEY}/",
        f"GET /accounts/login/?next=/appointments/{KEY}/",
        f"GET /offers/{KEY.replace(':', '-')}/accept/",
        f"POST /intake/{KEY.replace(':', '.')}/where/",
        f"GET /email/{KEY}/",
        f"GET /nowhere?key={KEY}",
    ],
)
def test_keys_of_links_are_blanked_in_logs(line):
    assert KEY[20:40] not in without_keys(line)


@pytest.mark.parametrize(
    "line",
    [
        "referrer https://elsewhere.example/out?to={key}",
        "referrer https://elsewhere.example/{key}/",
        "GET /nowhere?next=%2Fnowhere%2F{key}%2F",
        "BadSignature: {key}",
        "KeyError: '{key}'",
        "intake {key}.",
    ],
)
@pytest.mark.parametrize("address", ["ann@example.com", ""])
@pytest.mark.parametrize("link", [appointment_token, appointment_url])
def test_a_link_of_a_booking_is_blanked_wherever_it_is(line, address, link):
    """A real one: its form is what `booking/links.py` makes today."""
    key = link(Appointment(client=User(email=address))).rstrip("/").rpartition("/")[2]
    written = without_keys(line.format(key=key))
    row, mark, signature = key[:32], key[33:45], key[46:]

    assert [part for part in (row, mark, signature) if part in written] == []


@pytest.mark.parametrize(
    "line",
    [
        *("GET /workspace/search/?q={words}", "GET /workspace/search/suggest/?to=book&q={words} 200"),
        *(
            "referrer: http://x/workspace/clients/?name={words}&page=2",
            "next=%2Fworkspace%2Fsearch%2F%3Fq%3D{words}",
        ),
    ],
)
@pytest.mark.parametrize("words", ["Ann+Lee", "%2B1+720+555+0123", "ann%40example.com", "O’Brien"])
def test_what_somebody_searches_for_is_in_no_log(line, words):
    assert words not in without_keys(line.format(words=words))


def test_the_key_of_every_route_that_has_one_is_blanked_however_it_looks():
    secret = "kQ3zRw8vNp2LxTb7YcMs"  # as of a calendar feed: no colon, no dot
    keyed = [route for route in routes() if set(KEYS) & set(route.arguments)]
    lines = [
        re.sub(r"<(?:\w+:)?(?:token|key)>|\(\?P<key>[^)]*\)", secret, f"/{one.pattern}") for one in keyed
    ]

    assert len(lines) > 15
    assert [line for line in lines if secret not in line] == []
    assert [line for line in lines if secret in without_keys(f"GET {line}")] == []


@pytest.mark.parametrize(
    "line",
    ["GET /articles/low-back-pain-the-order-we-work-in/", "GET /portal/appointments/", "09:41:16 started"],
)
def test_other_words_are_left_as_they_are(line):
    assert without_keys(line) == line


@pytest.fixture
def written():
    """What the console would have got, as the settings format it."""
    console = next(one for one in logging.root.handlers if isinstance(one.formatter, ProcessorFormatter))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(console.formatter)
    logging.root.addHandler(handler)
    yield stream
    logging.root.removeHandler(handler)


@pytest.mark.parametrize("renderer", ["JSON", "console"])
def test_a_mistake_is_logged_with_its_place_but_no_key_and_no_variable(written, renderer):
    """Also what Django and Celery log: as JSON its place was lost, and the console told its variables."""
    if renderer == "console":
        chain = shipped.LOGGING["formatters"]["line"]["foreign_pre_chain"]
        formatter = ProcessorFormatter(processor=ConsoleRenderer(), foreign_pre_chain=chain)
        next(one for one in logging.root.handlers if getattr(one, "stream", None) is written).setFormatter(
            formatter
        )
    word = "".join(["nu", "mb"])
    try:
        raise RuntimeError(f"no page /appointments/{KEY}/ for {len(word)}")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error")
    lines = written.getvalue()

    assert "test_security.py" in lines
    assert KEY[20:40] not in lines
    assert word not in lines


def test_neither_codes_nor_keys_of_links_reach_the_log(client, written):
    make_user("Ann")
    client.post("/accounts/login/", {"login": "ann@example.com"})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", Letter.objects.get().text, re.M)[1]
    client.post("/accounts/login/code/confirm/", {"code": f"{code}x"})
    client.get(f"/enter/{KEY}/")
    client.get(f"/appointments/{KEY}/")
    logging.getLogger("practice").warning("refused /appointments/%s/", KEY)
    lines = written.getvalue()

    assert lines.count("/appointments/") == 2
    assert code not in lines
    assert KEY[20:40] not in lines

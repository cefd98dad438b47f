"""Audio over HTTP: one table, asked of our own responder and of nginx in front of it."""

import pytest
from django.test import override_settings

from portal.tests.audio_servers import CONTENT, InProcess, N, make_people, real_servers

WHOLE = (200, CONTENT, None)
REFUSED = (416, None, f"bytes */{N}")


# long: gunicorn and nginx before one recording, whole and in parts. Their practice is on SQLite whatever the
# tests run on; so they have the mark `sqlite`: or the part on PostgreSQL would migrate a file just for them.
pytestmark = pytest.mark.long


def part(first, last):
    return 206, CONTENT[first : last + 1], f"bytes {first}-{last}/{N}"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with real_servers(tmp_path_factory.mktemp("servers")) as fronts:
        yield fronts


@pytest.fixture(scope="module", autouse=True)  # before the transaction of a test begins
def in_process(module_db, tmp_path_factory):
    """One cast for all that is asked in this process, and where its recordings are: nothing changes them."""
    media = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=media):
        return InProcess(make_people()), media


@pytest.fixture(
    params=[
        pytest.param("in process", marks=pytest.mark.django_db),
        pytest.param("gunicorn", marks=[pytest.mark.processes, pytest.mark.once, pytest.mark.sqlite]),
        pytest.param("nginx", marks=[pytest.mark.processes, pytest.mark.once, pytest.mark.sqlite]),
    ]
)
def front(request, settings, in_process):
    if request.param == "in process":
        front, settings.MEDIA_ROOT = in_process
        return front
    fronts = request.getfixturevalue("servers")
    if request.param not in fronts:
        pytest.fail("nginx is not on PATH: apt-get install nginx-light")
    return fronts[request.param]


def said(answer):
    """Status, body and place of the answer, as the table writes them."""
    body = None if answer.status == 416 else answer.body
    return answer.status, body, answer.headers.get("content-range")


TABLE = {
    "bytes=0-0": [part(0, 0)],
    "bytes=0-1": [part(0, 1)],
    "bytes=0-": [part(0, N - 1)],
    f"bytes={N - 1}-{N - 1}": [part(N - 1, N - 1)],
    "bytes=65535-131072": [part(65535, 131072)],
    "bytes=-500": [part(N - 500, N - 1)],
    f"bytes=-{N + 1}": [part(0, N - 1)],
    f"bytes={N}-": [REFUSED],
    f"bytes=100-{N + 5000}": [part(100, N - 1)],
    "bytes=5-2": [WHOLE, REFUSED],
    "bytes=abc": [WHOLE, REFUSED],
    "abc": [WHOLE, REFUSED],
    "items=0-1": [WHOLE, REFUSED],
}


@pytest.mark.parametrize("asked", TABLE)
def test_ranges(front, asked):
    assert said(front.ask(front.cast.free, Range=asked)) in TABLE[asked]


def test_without_a_range_the_whole_file(front):
    answer = front.ask(front.cast.free)
    assert said(answer) == WHOLE
    assert {
        name: answer.headers.get(name) for name in ("etag", "accept-ranges", "content-type", "content-length")
    } == {
        "etag": front.cast.etag,
        "accept-ranges": "bytes",
        "content-type": "audio/mp4",
        "content-length": str(N),
    }


def test_a_part_says_which_file_it_is_of(front):
    answer = front.ask(front.cast.free, Range="bytes=0-99")
    assert (answer.headers["etag"], answer.headers["content-length"]) == (front.cast.etag, "100")


def test_several_ranges(front):
    answer = front.ask(front.cast.free, Range="bytes=0-1,10-19")
    several = answer.status == 206 and answer.headers["content-type"].startswith("multipart/byteranges")
    assert said(answer) == WHOLE or several


def test_a_refusal_is_kept_by_no_cache(front):
    """Else one request for bytes that are not there silences the lesson for all behind the same cache."""
    answer = front.ask(front.cast.free, Range=f"bytes={N}-")
    assert (answer.status, "immutable" in answer.headers.get("cache-control", "")) == (416, False)


@pytest.mark.parametrize("count", [1000, 3000])
def test_very_many_ranges_are_answered_quickly(front, count):
    front.ask(front.cast.free)  # a server's first answer costs more: it loads what it needs
    before = front.cpu()
    answer = front.ask(front.cast.free, Range="bytes=" + ",".join(f"{i}-{i}" for i in range(count)))
    assert answer.status in (200, 206, 400, 416, 431)
    assert front.cpu() - before < 2  # seconds of processor time, whatever else the machine does


def test_if_range_that_is_current_gets_the_part(front):
    assert said(front.ask(front.cast.free, Range="bytes=0-9", If_Range=front.cast.etag)) == part(0, 9)


@pytest.mark.parametrize("weak", ["W/", ""], ids=["weak", "stale"])
def test_if_range_that_is_weak_or_stale_gets_the_whole(front, weak):
    name = f"{weak}{front.cast.etag}" if weak else '"another"'
    assert said(front.ask(front.cast.free, Range="bytes=0-9", If_Range=name)) == WHOLE


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"another", {}', "*"])
def test_what_is_known_is_not_sent_again(front, shape):
    answer = front.ask(front.cast.free, If_None_Match=shape.format(front.cast.etag))
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", front.cast.etag)
    assert answer.headers.get("content-length", str(N)) == str(N)


def test_what_is_not_known_is_sent(front):
    assert said(front.ask(front.cast.free, If_None_Match='"another"')) == WHOLE


def test_head_says_what_get_would(front):
    named = ("etag", "accept-ranges", "content-type", "content-length", "cache-control")
    got, head = front.ask(front.cast.free), front.ask(front.cast.free, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {name: head.headers.get(name) for name in named} == {name: got.headers.get(name) for name in named}


@pytest.mark.parametrize("asked", ["", "bytes=0-999"])
def test_never_compressed(front, asked):
    headers = {"Accept_Encoding": "gzip, br, zstd", **({"Range": asked} if asked else {})}
    assert "content-encoding" not in front.ask(front.cast.free, **headers).headers


def test_a_free_recording_may_be_kept_by_everyone(front):
    answer = front.ask(front.cast.free)
    kept = answer.headers["cache-control"], "set-cookie" in answer.headers
    assert kept == ("public, max-age=31536000, immutable", False)


def test_a_given_recording_is_kept_by_one_and_asked_for_again(front):
    assert front.ask(front.cast.given, who="ann").headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("ann", 206), ("ben", 404), ("zoe", 404), ("tess", 206)]
)
def test_who_may_hear_what_is_given(front, who, status):
    answer = front.ask(front.cast.given, who=who, Range="bytes=0-9")
    assert (answer.status, CONTENT[:10] == answer.body) == (status, status == 206)


@pytest.mark.parametrize("who", ["", "ann", "ben", "zoe", "tess"])
def test_everyone_may_hear_what_is_free(front, who):
    assert said(front.ask(front.cast.free, who=who, Range="bytes=0-9")) == part(0, 9)


@pytest.mark.parametrize(("who", "status"), [("", 404), ("ann", 404), ("tess", 200)])
def test_before_it_is_published_only_staff_hear_it(front, who, status):
    assert front.ask(front.cast.hidden, who=who).status == status


def test_signed_out_is_told_without_a_detour(front):
    answer = front.ask(front.cast.given)
    assert (answer.status, "location" in answer.headers, answer.headers["cache-control"]) == (
        401,
        False,
        "no-store",
    )


@pytest.mark.parametrize(
    "known", [{"If_None_Match": "*"}, {"If_None_Match": "etag"}, {"Range": f"bytes={N}-"}]
)
def test_a_stranger_learns_nothing_by_asking_otherwise(front, known):
    sent = {name: front.cast.etag if value == "etag" else value for name, value in known.items()}
    assert front.ask(front.cast.given, who="zoe", **sent).status == 404


def test_a_hash_that_is_no_recording_is_not_found(front):
    assert front.ask(front.cast.free.replace(front.cast.etag.strip('"'), "0" * 64)).status == 404


def test_a_lost_file_is_not_found_and_no_error(front):
    assert front.ask(front.cast.gone).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_can_only_be_read(front, method):
    assert front.ask(front.cast.free, method=method).status in (403, 405)


@pytest.mark.processes
@pytest.mark.once
@pytest.mark.sqlite
def test_the_inner_address_of_nginx_is_closed(servers):
    front = servers["nginx"]
    inner = f"/protected/lessons/{front.cast.etag.strip(chr(34))}.m4a"
    assert front.ask(inner).status == 404


@pytest.mark.processes
@pytest.mark.once
@pytest.mark.sqlite
def test_nginx_sends_the_bytes_itself(servers):
    """The control: if Django sent them, nginx would have no word of its own in the answer."""
    assert "last-modified" in servers["nginx"].ask(servers["nginx"].cast.free).headers

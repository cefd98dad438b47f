"""Audio from a bucket of a real S3 server: the same table, by links to it and through the portal."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import timezone

from portal.models import Assignment
from portal.tests.audio.test_audio import CONTENT, REFUSED, TABLE, WHOLE, N, part, said
from portal.tests.audio_servers import Front, InProcess, Led, make_people
from practice.storage.storage_settings import Bucket
from practice.tests.storage import s3

pytestmark = [pytest.mark.processes, pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def fronts(module_db: None) -> dict[str, tuple[Front, Bucket]]:
    """One cast, whose recordings are in one bucket: with links to it, and without."""
    linked = s3.new_bucket()
    plain = Bucket(linked.name, linked.access, gives_links=False)
    with override_settings(S3=linked):
        cast = make_people()
    return {"by link": (Led(cast), linked), "through the portal": (InProcess(cast), plain)}


@pytest.fixture(params=["by link", "through the portal"])
def front(request: pytest.FixtureRequest, settings: Any, fronts: Any) -> Front:
    front, settings.S3 = fronts[request.param]
    return front


@pytest.fixture
def led(settings: Any, fronts: Any) -> Front:
    front, settings.S3 = fronts["by link"]
    return front


@pytest.fixture
def portal(settings: Any, fronts: Any) -> Front:
    """The portal's own answer, with links on: not followed."""
    front, settings.S3 = fronts["by link"]
    return InProcess(front.cast)


@pytest.mark.parametrize("asked", TABLE)
def test_ranges(front: Front, asked: str) -> None:
    expected = TABLE[asked]
    if isinstance(front, Led):  # Swift's 416 does not say how long the file is
        expected = [*expected, *((416, None, None) for one in expected if one == REFUSED)]
    assert said(front.ask(front.cast.free, Range=asked)) in expected


def test_without_a_range_the_whole_file(front: Front) -> None:
    answer = front.ask(front.cast.free)
    assert said(answer) == WHOLE
    assert {name: answer.headers[name] for name in ("accept-ranges", "content-type", "content-length")} == {
        "accept-ranges": "bytes",
        "content-type": "audio/mp4",
        "content-length": str(N),
    }


def test_a_part_goes_on_with_the_content_that_it_names(front: Front) -> None:
    """Swift does not look at If-Range (findings/swift_ranges.sh): another content has another name."""
    mark = front.ask(front.cast.free, Range="bytes=0-99").headers["etag"]
    assert said(front.ask(front.cast.free, Range="bytes=0-9", If_Range=mark)) == part(0, 9)
    stale = said(front.ask(front.cast.free, Range="bytes=0-9", If_Range='"another"'))
    assert stale in ([part(0, 9), WHOLE] if isinstance(front, Led) else [WHOLE])


def test_a_refusal_is_kept_by_no_cache(front: Front) -> None:
    answer = front.ask(front.cast.free, Range=f"bytes={N}-")
    assert said(answer) in [REFUSED, (416, None, None)]
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("asked", ["", "bytes=0-999"])
def test_never_compressed(front: Front, asked: str) -> None:
    headers = {"Accept_Encoding": "gzip, br, zstd", **({"Range": asked} if asked else {})}
    assert "content-encoding" not in front.ask(front.cast.free, **headers).headers


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("ann", 206), ("ben", 404), ("zoe", 404), ("tess", 206)]
)
def test_who_may_hear_what_is_given(front: Front, who: str, status: int) -> None:
    answer = front.ask(front.cast.given, who=who, Range="bytes=0-9")
    assert (answer.status, CONTENT[:10] == answer.body) == (status, status == 206)


def test_a_lost_file_is_not_found_and_no_error(front: Front) -> None:
    assert front.ask(front.cast.gone).status == 404


def test_the_way_to_it_is_kept_by_nobody_and_ends(portal: Front) -> None:
    answer = portal.ask(portal.cast.given, who="ann")
    link = answer.headers["location"]
    assert (answer.status, answer.headers["cache-control"]) == (302, "no-store, private")
    assert link.startswith(f"{django_settings.S3.origin}/")
    ends = dict(pair.split("=", 1) for pair in urlsplit(link).query.split("&"))["X-Amz-Expires"]
    assert int(ends) == 2590  # seconds: 21:08 at the slowest speed, and a quarter of an hour
    assert s3.ask(link, Range="bytes=0-9")[0] == 206


def test_unassigned_the_next_way_to_it_is_closed(portal: Front) -> None:
    """And the one that was given before ends by itself."""
    given = Assignment.objects.filter(lesson__slug="given", client__email__startswith="ann", ended_at=None)
    assert portal.ask(portal.cast.given, who="ann", Range="bytes=0-9").status == 302
    given.update(ended_at=timezone.now())
    assert portal.ask(portal.cast.given, who="ann", Range="bytes=10-19").status == 404
    assert portal.ask(portal.cast.given, who="ann", method="HEAD").status == 404


@pytest.mark.parametrize("shape", ["{}", "W/{}", "*"])
def test_what_is_known_is_not_sent_again(portal: Front, shape: str) -> None:
    answer = portal.ask(portal.cast.free, If_None_Match=shape.format(portal.cast.etag))
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", portal.cast.etag)


def test_who_asks_whether_it_is_there_is_answered_by_the_portal(portal: Front) -> None:
    """The player does when the sound stops: signed out, taken back, or only away?"""
    answer = portal.ask(portal.cast.given, who="ann", method="HEAD")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", str(N))


def test_a_copy_for_a_device_comes_from_the_portal(portal: Front) -> None:
    """A script reads it, which a bucket without a word about other sites refuses."""
    assert said(portal.ask(f"{portal.cast.free}?copy")) == WHOLE


@pytest.mark.parametrize("how", ["down", "wrong key", "gone"])
@pytest.mark.parametrize("links", [True, False])
def test_a_bucket_that_cannot_be_used_is_a_trouble_of_ours_that_passes(
    fronts: Any, settings: Any, how: str, links: bool
) -> None:
    front, bucket = fronts["by link" if links else "through the portal"]
    settings.S3 = s3.away(bucket, how)
    answer = front.ask(front.cast.free)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert front.ask(front.cast.given, who="zoe").status == 404

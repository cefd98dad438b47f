"""Photos and the logo: who may change them, where they are shown, and that nothing old is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from practice.models import Practice, Practitioner, User
from practice.pictures.actions import set_logo, set_photo
from practice.pictures.engine import prepare
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.pictures.samples import SVG, encoded, from_a_phone, halves

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
OWN, LOOK = reverse("workspace_own_photo"), reverse("workspace_branding")
Captured = Callable[..., object]


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def tess() -> Practitioner:
    make_practice()
    return make_practitioner(bio="I look for what holds.", since=2011)


@pytest.fixture
def jonah(tess) -> Practitioner:
    return make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, bio="Slowly.", since=2022)


def page_of(person: Practitioner) -> str:
    return reverse("workspace_person_photo", args=[person.user_id])


def sent(content: bytes, name: str = "photo", **more: str) -> dict[str, object]:
    return {name: SimpleUploadedFile("me.jpg", content, content_type="image/jpeg"), **more}


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("**/*") if path.is_file())


def test_everyone_with_their_face_on_the_home_page_named_by_their_name(tess, jonah) -> None:
    set_photo(tess, prepare.photo(from_a_phone()))
    set_photo(jonah, prepare.photo(encoded(halves(), "PNG")))
    home = Client().get("/").text
    for person, said in ((tess, "Myopractor since 2011."), (jonah, "With the practice since 2022.")):
        assert f'alt="{person.user.name}"' in home
        assert f"/pictures/people/{person.photo}-512.webp" in home
        assert person.bio in home
        assert said in home


def test_a_person_without_a_photo_is_there_without_an_empty_frame(tess, jonah) -> None:
    home = Client().get("/").text
    assert "Jonah Reyes" in home
    assert "/pictures/people/" not in home


def test_a_photo_is_kept_for_a_year_and_sets_no_cookie(tess) -> None:
    at_work(tess.user).post(OWN, sent(from_a_phone()))
    tess.refresh_from_db()
    answer = Client().get(f"/pictures/people/{tess.photo}-192.webp")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    known = Client().get(f"/pictures/people/{tess.photo}-192.webp", headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 304


def test_nginx_is_told_where_the_file_is(tess, settings) -> None:
    settings.X_ACCEL = "/protected/"
    set_photo(tess, prepare.photo(from_a_phone()))
    answer = Client().get(f"/pictures/people/{tess.photo}-192.webp")
    assert answer["X-Accel-Redirect"] == f"/protected/people/{tess.photo}-192.webp"
    assert not answer.content


@pytest.mark.parametrize("name", ["secret", "0" * 32 + "-192", "0" * 32, "..-192"])
def test_no_other_file_can_be_asked_for(tess, media, name: str) -> None:
    (media / "people").mkdir()
    (media / "people" / "secret.webp").write_bytes(b"secret")
    assert Client().get(f"/pictures/people/{name}.webp").status_code == 404


def test_the_files_of_an_old_photo_are_gone(
    tess, jonah, media, django_capture_on_commit_callbacks: Captured
) -> None:
    browser = at_work(tess.user)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        set_photo(jonah, prepare.photo(from_a_phone()))
        browser.post(OWN, sent(from_a_phone()))
        browser.post(OWN, sent(encoded(halves(), "PNG")))
    tess.refresh_from_db()
    kept = sorted(f"{key}-{side}.webp" for key in (tess.photo, jonah.photo) for side in (192, 512))
    assert files_in(media) == kept
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        browser.post(OWN, {"remove": "1"})
    assert files_in(media) == [f"{jonah.photo}-192.webp", f"{jonah.photo}-512.webp"]


def test_the_same_photo_sent_twice_stays(tess, media, django_capture_on_commit_callbacks: Captured) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            set_photo(tess, prepare.photo(from_a_phone()))
    assert len(files_in(media)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear Tess", "This is not an image."),
        (SVG, "SVG files can contain programs"),
        (b"", "This file is empty."),
        (from_a_phone()[:1500], "damaged or incomplete"),
        (b"\xff\xd8\xff" + b"0" * prepare.MOST_BYTES, "larger than 15 MB"),
    ],
    ids=["text", "SVG", "empty", "half", "large"],
)
def test_a_refused_file_says_why_and_the_old_photo_stays(tess, content: bytes, said: str) -> None:
    set_photo(tess, prepare.photo(from_a_phone()))
    before = tess.photo
    answer = at_work(tess.user).post(OWN, sent(content))
    assert answer.status_code == 422
    assert said in answer.text
    tess.refresh_from_db()
    assert tess.photo == before


def test_nothing_chosen_is_asked_for(tess) -> None:
    assert "Please choose a file first." in at_work(tess.user).post(OWN, {}).text


def test_a_practitioner_changes_their_own_photo_and_no_one_elses(tess, jonah) -> None:
    theirs = at_work(jonah.user)
    assert theirs.post(OWN, sent(from_a_phone())).status_code == 302
    assert theirs.post(page_of(jonah), {"remove": "1"}).status_code == 302
    assert theirs.get(page_of(tess)).status_code == 404
    assert theirs.post(page_of(tess), sent(from_a_phone())).status_code == 404
    assert not Practitioner.objects.exclude(photo="").exists()


@pytest.mark.parametrize("role", [User.Role.FRONT_DESK, User.Role.CLIENT])
def test_no_one_else_changes_photos_or_the_look(tess, role: str) -> None:
    browser = at_work(make_user("Faye", role=role))
    for address in (OWN, page_of(tess), LOOK):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"remove": "1", "do": "no_logo"}).status_code == 404


def test_only_the_owner_changes_the_look(jonah) -> None:
    assert at_work(jonah.user).post(LOOK, {"accent": "#224488", "dark_auto": "on"}).status_code == 404


def test_the_owner_gives_everyone_a_photo(tess, jonah) -> None:
    at_work(tess.user).post(page_of(jonah), sent(from_a_phone()))
    jonah.refresh_from_db()
    assert jonah.photo


def test_a_logo_stands_in_the_masthead_instead_of_the_mark(tess) -> None:
    at_work(tess.user).post(LOOK, sent(encoded(halves(size=(100, 100)), "PNG"), "logo", do="logo"))
    name = Practice.objects.get().logo
    assert name.endswith("-100x100")
    home = Client().get("/").text
    assert f'src="/pictures/look/{name}.webp" width="100" height="100" alt=""' in home
    assert "#mark" not in home
    assert Client().get(f"/pictures/look/{name}.webp")["Cache-Control"].startswith("public")


def test_a_logo_with_the_name_in_it_stands_alone_and_is_still_named(tess) -> None:
    set_logo(prepare.logo(encoded(halves(size=(400, 80)), "PNG")))
    assert '<span class="unseen">Juniper Street Myopractic</span>' in Client().get("/").text


def test_a_removed_logo_is_gone(tess, media, django_capture_on_commit_callbacks: Captured) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        set_logo(prepare.logo(encoded(halves(), "PNG")))
        at_work(tess.user).post(LOOK, {"do": "no_logo"})
    assert (Practice.objects.get().logo, files_in(media)) == ("", [])
    assert "#mark" in Client().get("/").text


def test_a_refused_logo_says_why_and_changes_no_color(tess) -> None:
    Practice.objects.update(accent="#224488")
    answer = at_work(tess.user).post(LOOK, sent(SVG, "logo", do="logo"))
    assert answer.status_code == 422
    assert "SVG files can contain programs" in answer.text
    assert 'value="#224488"' in answer.text

"""The pages of an import: what the owner sees at each step, and that nobody else sees any of it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Appointment, Import, SessionType
from booking.moving_in.actions.work import work_on_next
from booking.testing import make_session_type
from booking.tests.moving_in.conftest import Upload, checked, imported
from booking.tests.people import denver
from practice.models import Practitioner, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
TIMES = "Client,Date,Calendar,Type\nAnn Lee,3/4/2027 10:00 AM,Tess Marlow,Session\n"


@pytest.fixture
def desk(tess: Practitioner) -> Browser:
    return at_work(tess.user)


def send(desk: Browser, kind: str, content: bytes, name: str = "export.csv") -> object:
    """The file is uploaded on the page."""
    return desk.post(
        reverse("workspace_import"), {"kind": kind, "file": SimpleUploadedFile(name, content)}, follow=True
    )


def fields(answer: object) -> dict[str, str]:
    """What the page's two forms say, as a browser would send it."""
    found = {}
    for form in (answer.context["reading"], answer.context["columns"]):  # type: ignore[attr-defined]
        for one in form:
            value = one.value()
            if value not in (None, False):
                found[one.html_name] = value
    return found


@pytest.mark.parametrize("role", ["client", "front_desk", "practitioner"])
def test_nobody_but_the_owner_finds_any_of_it(tess: Practitioner, upload: Upload, role: str) -> None:
    job = checked(upload("clients", "name\nAnn\n"))
    somebody = make_user("Zoe") if role == "client" else make_practitioner("Jo", role=role).user
    browser = at_work(somebody)
    pages = [reverse("workspace_import")]
    pages += [reverse(f"workspace_import_{name}", args=[job.pk]) for name in ("one", "failed")]
    answers = [browser.get(page).status_code for page in pages]
    answers += [browser.post(pages[1], {"do": "import"}).status_code]
    assert answers == [404] * 4
    job.refresh_from_db()
    assert job.state == "checked"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "Save it as CSV"),
        (b"", "empty"),
        (b"name\n", "no rows"),
        (b'name\n"Ann\nBen', "never closed"),
        (b"name,Name\nAnn,Lee\n", "Two columns are called"),
    ],
)
def test_a_file_that_can_not_be_imported_is_refused_in_a_sentence(
    desk: Browser, content: bytes, words: str
) -> None:
    answer = send(desk, "clients", content)
    assert (answer.status_code, Import.objects.count()) == (422, 0)  # type: ignore[attr-defined]
    assert words in answer.content.decode()  # type: ignore[attr-defined]


def test_a_file_larger_than_a_form_is_taken_up_to_its_own_limit(desk: Browser, settings: Any) -> None:
    large = b"name,note\n" + b"Ann,%s\n" % (b"x" * 1500) * 1000
    assert send(desk, "clients", large).status_code == 200  # type: ignore[attr-defined]
    settings.IMPORT_BYTES = 1_000_000
    assert "larger than 1 MB" in send(desk, "clients", large).content.decode()  # type: ignore[attr-defined]


def test_from_file_to_appointments_by_the_pages_alone(
    desk: Browser, tess: Practitioner, session: SessionType
) -> None:
    answer = send(desk, "appointments", TIMES.encode("utf-16"))
    page = reverse("workspace_import_one", args=[Import.objects.get().pk])
    assert "Please choose" in answer.content.decode()  # type: ignore[attr-defined]
    unclear = desk.post(page, fields(answer) | {"do": "check"})
    assert "Please choose how days are written." in unclear.content.decode()
    looked = desk.post(page, fields(answer) | {"order": "dmy", "do": "look"})
    assert "Saturday, April 3, 2027 at 10:00" in looked.content.decode()
    looked = desk.post(page, fields(looked) | {"order": "mdy", "do": "look"})
    assert "Thursday, March 4, 2027 at 10:00" in looked.content.decode()
    desk.post(page, fields(looked) | {"order": "mdy", "do": "check"})
    assert "Checking the rows" in desk.get(page).content.decode()
    work_on_next()
    assert "Import 1 appointment" in desk.get(page).content.decode()
    assert not Appointment.objects.exists()
    desk.post(page, {"do": "import"})
    work_on_next()
    assert Appointment.objects.get().starts_at == denver("2027-03-04 10:00")
    desk.post(page, {"do": "undo"})
    work_on_next()
    assert "Everything that it added is removed." in desk.get(page).content.decode()
    assert not User.objects.clients().exists()


def test_another_separator_shows_other_columns_at_once(desk: Browser) -> None:
    answer = send(desk, "clients", b"name;email\nLee, Ann;ann@x.com\nHart, Ben;b@x.com\n")
    page = reverse("workspace_import_one", args=[Import.objects.get().pk])
    comma = desk.post(page, fields(answer) | {"separator": ",", "do": "look"}, follow=True)
    assert [row.says[0] for row in comma.context["sample"]] == ["", ""]
    back = desk.post(page, fields(comma) | {"separator": ";", "do": "look"}, follow=True)
    assert back.context["sample"][0].says[:2] == ["Lee, Ann", "ann@x.com"]


def test_names_of_practitioners_and_session_types_are_asked_where_they_are_not_known(
    desk: Browser, tess: Practitioner, session: SessionType
) -> None:
    jonah = make_practitioner("Jonah Reyes", role="practitioner")
    other = make_session_type(jonah, slug="other", name="Other")
    answer = send(desk, "appointments", TIMES.replace("Tess Marlow", "JR").replace("3/4", "3/24").encode())
    sent = fields(answer)
    assert (sent.get("practitioner-0"), sent["session_type-0"]) == ("-", str(session.pk))
    page = reverse("workspace_import_one", args=[Import.objects.get().pk])
    chosen = {"practitioner-0": str(jonah.pk), "session_type-0": str(other.pk), "do": "check"}
    desk.post(page, sent | chosen)
    work_on_next()
    desk.post(page, {"do": "import"})
    work_on_next()
    made = Appointment.objects.get()
    assert (made.practitioner, made.session_type) == (jonah, other)


def test_a_column_that_is_chosen_twice_or_lacking_keeps_what_was_chosen(desk: Browser) -> None:
    answer = send(desk, "clients", b"name,email\nAnn,ann@x.com\n")
    page = reverse("workspace_import_one", args=[Import.objects.get().pk])
    twice = desk.post(page, fields(answer) | {"column-phone": "1", "do": "check"})
    assert (twice.status_code, "use each column once" in twice.content.decode()) == (422, True)
    lacking = desk.post(page, fields(answer) | {"column-name": "-", "do": "check"})
    assert "Please choose a column for: Full name" in lacking.content.decode()


def test_the_list_of_failed_rows_has_reasons_and_no_formula(desk: Browser, upload: Upload) -> None:
    job = imported(upload("clients", "name,email\nAnn,a@x.com\n=1+1,b@\n"))
    answer = desk.get(reverse("workspace_import_failed", args=[job.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert list(csv.reader(io.StringIO(text))) == [
        ["#", "name", "email", "Reason"],
        ["3", "'=1+1", "b@", "The email address isn’t complete."],
    ]


def test_the_bar_says_how_far_it_is_and_the_page_can_stop_it(desk: Browser, upload: Upload) -> None:
    job = checked(upload("clients", "name\n" + "".join(f"Person {n}\n" for n in range(500))))
    page = reverse("workspace_import_one", args=[job.pk])
    desk.post(page, {"do": "import"})
    work_on_next(portions=1)
    shown = desk.get(page).content.decode()
    assert ("250 of 500 rows" in shown, 'value="50"' in shown) == (True, True)
    desk.post(page, {"do": "stop"})
    assert "Continue the import" in desk.get(page).content.decode()


def test_a_button_that_comes_too_late_changes_nothing(desk: Browser, upload: Upload) -> None:
    job = imported(upload("clients", "name\nAnn\n"))
    page = reverse("workspace_import_one", args=[job.pk])
    answer = desk.post(page, {"do": "import"}, follow=True)
    assert "has changed in the meantime" in answer.content.decode()
    assert User.objects.clients().count() == 1


def test_a_lost_key_closes_neither_the_list_nor_a_result(
    desk: Browser, upload: Upload, settings: Any
) -> None:
    job, waiting = imported(upload("clients", "name\nAnn\n")), upload("clients", "name\nBen\n")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert "clients.csv" in desk.get(reverse("workspace_import")).content.decode()
    assert desk.get(reverse("workspace_import_one", args=[job.pk])).status_code == 200
    answer = desk.get(reverse("workspace_import_one", args=[waiting.pk]), follow=True)
    assert "key that opens this file is lost" in answer.content.decode()


def test_a_page_of_rows_takes_the_same_queries_however_many_there_are(desk: Browser, upload: Upload) -> None:
    counts = []
    for many in (1, 30):
        job = checked(upload("clients", "name\n" + "".join(f"Person {n}\n" for n in range(many))))
        desk.get(reverse("workspace_import_one", args=[job.pk]))
        with CaptureQueriesContext(connection) as seen:
            desk.get(reverse("workspace_import_one", args=[job.pk]))
        counts.append(len(seen))
    assert counts[0] == counts[1]

"""The pages of payments: who sees them, what they keep when something is wrong, and what they add up."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from booking.models import LedgerEntry, Receipt
from booking.payments.actions.fee import waive
from booking.payments.actions.receipt import issue
from booking.payments.actions.record import record
from booking.tests.payments.conftest import session_of
from booking.tests.people import denver
from portal.erasure.actions.erase import erase
from practice.models import Practice, User
from practice.testing import at_work, make_user

NOON = denver("2027-03-02 10:07")


def page_of(one: Any, name: str = "") -> str:
    return f"/workspace/appointments/{one.uid}/payments/{name}"


def said(prefix: str, **fields: str) -> dict[str, str]:
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def test_an_amount_is_read_as_people_write_it_and_a_slip_stays_on_the_page(one, faye) -> None:
    browser = at_work(faye)
    wrong = browser.post(page_of(one, "record/"), said("payment", amount="12,50", how="cash", key="k"))
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert 'value="12,50"' in text
    assert "Did you mean $12.50?" in text
    good = browser.post(page_of(one, "record/"), said("payment", amount="$95.00", how="cash", key="k"))
    assert good.status_code == 302
    assert LedgerEntry.objects.get().cents == 9500


def test_a_double_click_pays_once_and_says_recorded_both_times(one, faye) -> None:
    browser, form = at_work(faye), said("payment", amount="95", how="card", tip="5", key="same")
    for _ in range(2):
        assert (
            "Payment recorded." in browser.post(page_of(one, "record/"), form, follow=True).content.decode()
        )
    assert LedgerEntry.objects.count() == 2


def test_a_refund_that_is_too_large_is_refused_beside_its_field(one, faye) -> None:
    record(one, cents=5000, how="cash", by=faye, key="k", now=NOON)
    answer = at_work(faye).post(page_of(one, "refund/"), said("refund", amount="50.01", how="cash"))
    assert answer.status_code == 422
    assert "Only $50 was paid" in answer.content.decode()


def test_waiving_and_charging_after_all(one, faye) -> None:
    browser = at_work(faye)
    assert browser.post(page_of(one, "waive/"), said("waiver", reason="")).status_code == 422
    browser.post(page_of(one, "waive/"), said("waiver", reason="A gift"))
    assert "$95 was waived." in browser.get(page_of(one)).content.decode()
    for _ in range(2):
        browser.post(page_of(one, "charge/"))
    assert "$95 is outstanding." in browser.get(page_of(one)).content.decode()
    assert LedgerEntry.objects.count() == 2


def test_an_entry_of_another_session_is_not_taken_back_from_here(one, faye, session, tess) -> None:
    other = session_of(session, tess, make_user("Ben"), "2027-03-01 09:00", state="completed")
    (entry,) = record(other, cents=100, how="cash", by=faye, key="k", now=NOON)
    browser = at_work(faye)
    assert browser.post(page_of(one, f"{entry.pk}/take-back/")).status_code == 404
    assert browser.post(page_of(other, f"{entry.pk}/take-back/")).status_code == 302
    assert LedgerEntry.objects.count() == 2


def test_a_colleague_sees_and_records_nothing_of_it(one, jonah) -> None:
    browser = at_work(jonah.user)
    record(one, cents=9500, how="cash", by=one.practitioner.user, key="k", now=NOON)
    issued = issue(one, to="Ann Lee", by=one.practitioner.user, now=NOON)
    assert browser.get(page_of(one)).status_code == 404
    assert browser.post(page_of(one, "record/"), said("payment", amount="1")).status_code == 404
    assert browser.get(f"/workspace/receipts/{issued.number}/").status_code == 404
    assert "Ann Lee" not in browser.get("/workspace/practice/payments/").content.decode()
    assert "Ann Lee" not in browser.get("/workspace/practice/payments/payments.csv").content.decode()


def test_the_front_desk_sees_that_it_was_waived_and_not_why(one, faye, tess) -> None:
    waive(one, reason="Her mother died", by=tess.user, key="w", now=NOON)
    for path in (page_of(one), f"/workspace/appointments/{one.uid}/"):
        assert "Her mother died" not in at_work(faye).get(path).content.decode()
        assert "Her mother died" in at_work(tess.user).get(path).content.decode()


def test_a_day_adds_up_by_way_of_paying_and_says_what_is_outstanding(one, faye, session, tess) -> None:
    session_of(session, tess, make_user("Ben Okafor"), "2027-03-01 09:00", state="completed")
    record(one, cents=5000, tip_cents=500, how="cash", by=faye, key="k", now=NOON)
    record(one, cents=4500, how="card", by=faye, key="l", now=NOON)
    page = at_work(faye).get("/workspace/practice/payments/")
    assert [(total.name, total.sum) for total in page.context["totals"]] == [
        ("cash", "$55"),
        ("card reader", "$45"),
        ("", "$100"),
    ]
    assert [(row.who, row.sum) for row in page.context["outstanding"]] == [("Ben Okafor", "$95")]
    before = at_work(faye).get("/workspace/practice/payments/?day=2027-03-01")
    assert before.context["rows"] == []


def test_a_payment_before_midnight_counts_for_that_day_in_the_practices_zone(one, faye) -> None:
    record(one, cents=9500, how="cash", by=faye, key="k", now=denver("2027-02-28 23:59"))
    browser = at_work(faye)
    assert len(browser.get("/workspace/practice/payments/?day=2027-02-28").context["rows"]) == 1
    assert len(browser.get("/workspace/practice/payments/month/?month=2027-02").context["rows"]) == 1
    assert browser.get("/workspace/practice/payments/month/?month=2027-03").context["rows"] == []


@pytest.mark.parametrize("query", ["?day=nonsense", "?day=0001-01-01", "?day=2027-02-30", "?month=2027-13"])
@pytest.mark.parametrize("path", ["", "month/", "payments.csv"])
def test_a_day_that_does_not_exist_shows_today(one, faye, path, query) -> None:
    assert at_work(faye).get(f"/workspace/practice/payments/{path}{query}").status_code == 200


def test_what_receipts_say_is_the_owners_to_change(one, faye, tess) -> None:
    form = {
        "tax_name": "VAT",
        "tax_rate": "8.1",
        "tax_number": "CHE-1",
        "receipt_note": "",
        "payments_since": "",
    }
    path = "/workspace/practice/payments/receipts/"
    assert at_work(faye).post(path, form).status_code == 404
    assert at_work(tess.user).post(path, form | {"tax_name": ""}).status_code == 422
    assert at_work(tess.user).post(path, form | {"receipt_note": "ありがとう"}).status_code == 422
    assert at_work(tess.user).post(path, form).status_code == 302
    assert str(Practice.objects.get().tax_rate) == "8.10"


def test_a_client_downloads_their_own_receipt_and_nobody_elses(one, tess, ann, client: Client) -> None:
    record(one, cents=9500, how="cash", by=tess.user, key="k", now=NOON)
    issued = issue(one, to="Ann Lee", by=tess.user, now=NOON)
    client.force_login(ann)
    path = f"/portal/receipts/{issued.number}/"
    assert path in client.get("/portal/appointments/").content.decode()
    assert client.get(path)["Content-Type"] == "application/pdf"
    client.force_login(make_user("Ben"))
    assert client.get(path).status_code == 404
    assert path not in client.get("/portal/appointments/").content.decode()


def test_after_an_erasure_number_and_sum_stay_and_the_file_is_gone(one, tess, ann) -> None:
    record(one, cents=9500, how="cash", by=tess.user, key="k", now=NOON)
    issued = issue(one, to="Ann Lee", by=tess.user, now=NOON)
    erase(User.objects.get(pk=ann.pk), now=denver("2027-03-02 12:30"))
    kept = Receipt.objects.get(pk=issued.pk)
    assert (kept.number, kept.cents, kept.content, kept.payer) == (1, 9500, {}, None)
    assert LedgerEntry.objects.get().cents == 9500
    browser = at_work(tess.user)
    assert browser.get(f"/workspace/receipts/{kept.number}/").status_code == 404
    for path in (page_of(one), "/workspace/practice/payments/?day=2027-03-02"):
        one.refresh_from_db()
        assert "Ann Lee" not in browser.get(path if "day" in path else page_of(one)).content.decode()

"""What a wrap-up says about money: signed in one click, paid once, by a package, later, or a fee waived."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from booking.models import Appointment, LedgerEntry, PackageUse
from booking.packages.actions import sell
from booking.payments.accounts import account_of
from booking.payments.actions.record import record
from portal.models import SessionNote
from portal.tests.session_notes.wrap_up.steps import autosave, page_of, posted
from practice.testing import at_work

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def paid(**fields: str) -> dict[str, Any]:
    return posted(**{f"pay-{name}": said for name, said in fields.items()})


def rows() -> list[tuple[str, str, int]]:
    return list(LedgerEntry.objects.order_by("pk").values_list("what", "how", "cents"))


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_a_session_that_is_paid_later_is_signed_in_one_click(session, tess) -> None:
    browser = at_work(tess.user)
    assert "$95 is outstanding." in text_of(browser.get(page_of(session)))
    browser.post(page_of(session), posted())
    assert SessionNote.objects.get().signed_at
    assert (rows(), account_of(session).outstanding) == ([], 9500)


@pytest.mark.parametrize("why", ["free", "paid"])
def test_where_nothing_is_to_pay_no_sum_is_asked_and_it_is_signed_in_one_click(session, tess, why) -> None:
    if why == "free":
        Appointment.objects.update(price_cents=0)
    else:
        record(session, cents=9500, how="cash", by=tess.user, key="k")
    browser = at_work(tess.user)
    assert 'name="pay-how"' not in text_of(browser.get(page_of(session)))
    browser.post(page_of(session), posted())
    assert SessionNote.objects.get().signed_at


def test_a_payment_with_a_tip_is_recorded_once_though_it_is_sent_twice(session, tess) -> None:
    browser = at_work(tess.user)
    for _ in range(2):
        browser.post(page_of(session), paid(how="card", amount="95", tip="$10", key="k"))
    assert rows() == [("payment", "card", 9500), ("tip", "card", 1000)]


def test_a_sum_beyond_what_is_outstanding_signs_nothing_and_keeps_what_was_typed(session, tess) -> None:
    answer = at_work(tess.user).post(
        page_of(session), paid(how="cash", amount="120") | {"foundation": "Left SI slow."}
    )
    assert answer.status_code == 422
    assert "Only $95 is outstanding" in text_of(answer)
    assert 'value="120"' in text_of(answer)
    assert "Left SI slow." in text_of(answer)
    assert (rows(), SessionNote.objects.filter(signed_at__isnull=False).exists()) == ([], False)
    session.refresh_from_db()
    assert session.state == "booked"


def test_what_somebody_else_recorded_meanwhile_is_not_recorded_again(session, tess) -> None:
    browser = at_work(tess.user)
    browser.get(page_of(session))
    record(session, cents=9500, how="cash", by=tess.user, key="desk")
    answer = browser.post(page_of(session), paid(how="cash", amount="95.00", key="mine"))
    assert "Nothing is outstanding" in text_of(answer)
    assert "It’s paid already." in text_of(answer)
    browser.post(page_of(session), paid(how="later"))
    assert SessionNote.objects.get().signed_at
    assert len(rows()) == 1


def test_a_sum_that_cannot_be_read_does_not_keep_a_draft_from_being_saved(session, tess) -> None:
    browser = at_work(tess.user)
    assert autosave(browser, session, **{"pay-how": "cash", "pay-amount": "12,5,0"}).status_code == 200
    answer = browser.post(page_of(session), paid(how="cash", amount="12,5,0") | {"version": "1"})
    assert answer.status_code == 422
    assert 'value="12,5,0"' in text_of(answer)


def test_a_draft_keeps_the_choice_only_while_the_same_sum_is_outstanding(session, tess) -> None:
    browser = at_work(tess.user)
    autosave(browser, session, **{"pay-how": "cash", "pay-amount": "95", "pay-of": "9500"})
    assert json.loads(SessionNote.objects.get().draft)["pay-how"] == "cash"
    assert browser.get(page_of(session)).context["form"].paid["how"].value() == "cash"
    record(session, cents=5000, how="cash", by=tess.user, key="desk")
    paid_now = browser.get(page_of(session)).context["form"].paid
    assert (paid_now["how"].value(), paid_now["amount"].value()) == ("later", "45.00")


def test_a_package_is_offered_where_one_is_left_and_pays_when_it_is_chosen(session, tess, ann) -> None:
    browser = at_work(tess.user)
    assert 'value="package"' not in text_of(browser.get(page_of(session)))
    sell(session.session_type, client=ann, sessions=2, price_cents=17000, by=tess.user, now=timezone.now())
    assert "Package, 2 left" in text_of(browser.get(page_of(session)))
    browser.post(page_of(session), paid(how="package"))
    assert PackageUse.objects.get().appointment == session
    assert (rows(), account_of(session).outstanding) == ([], 0)


def test_the_fee_of_a_missed_session_is_outstanding_or_waived_with_a_reason(session, tess) -> None:
    Appointment.objects.update(policy={"late_percent": 50, "free_hours": 24, "locked_hours": 2})
    session.refresh_from_db()
    browser = at_work(tess.user)
    assert "Charge $47.50" in text_of(browser.get(page_of(session)))
    refused = browser.post(page_of(session), paid(fee="waive", reason="") | {"came": "no"})
    assert refused.status_code == 422
    assert "Please say why." in text_of(refused)
    browser.post(page_of(session), paid(fee="waive", reason="Snow", how="cash", amount="95") | {"came": "no"})
    assert rows() == [("waived", "", 0)]
    session.refresh_from_db()
    assert (session.state, account_of(session).outstanding) == ("no_show", 0)


def test_a_missed_session_whose_fee_is_charged_owes_it(session, tess) -> None:
    Appointment.objects.update(policy={"late_percent": 50, "free_hours": 24, "locked_hours": 2})
    at_work(tess.user).post(page_of(session), paid(fee="charge", how="cash", amount="95") | {"came": "no"})
    session.refresh_from_db()
    assert (rows(), account_of(session).outstanding) == ([], 4750)

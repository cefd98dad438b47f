"""The list of what is outstanding, as the owner goes through it: paid, waived, given back, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from django.http import HttpResponse

from booking.tests.web_client import sent_by
from tools.year.staff import FOUND, Staff, in_cents

PAYMENTS = "/workspace/practice/payments/"
LISTED = re.compile(r'href="/workspace/appointments/([0-9a-f-]{36})/payments/"')
TAKE_BACK = re.compile(
    r'/payments/(\d+)/take-back/".*?<span class="unseen">: (\w+)[^<]*?([\d,.]+)</span>', re.S
)
RECEIPT = re.compile(r'href="/workspace/receipts/(\d+)/"')
A_DAY = 24 * 60  # minutes
TIP, BACK = 1000, 2000  # cents


class Till:
    """The list of what is outstanding, and one session's page of payments after another."""

    def __init__(self, staff: Staff) -> None:
        self.staff, self.world = staff, staff.world
        self.random = Random(f"{self.world.scale.seed}:till")

    def is_gone_through(self) -> None:
        """Open the list; of some sessions something is recorded, the others wait for next week."""
        listed = self.staff.opened("tess", PAYMENTS).content.decode()
        for uid in sorted(set(LISTED.findall(listed))):
            chance = self.random.random()
            if chance < 0.6:
                self.takes(uid)
            elif chance < 0.75:
                self.decides(uid, "waive", "waived", {"waiver-reason": "An illness."})

    def takes(self, uid: str) -> None:
        """Take what is outstanding or half of it, sometimes with a tip; look at it again another day."""
        page = self.page_of(uid)
        if "payment-amount" not in page:
            return
        cents = in_cents(page["payment-amount"])
        cents = cents if self.random.random() < 0.7 else cents // 2
        tip = TIP if self.random.random() < 0.2 else 0
        said = {"payment-amount": typed(cents), "payment-tip": typed(tip), "payment-how": "transfer"}
        self.sends(uid, "record", page | said, lambda: self.told("paid", uid, cents=cents, tip=tip))
        self.world.after(self.random.uniform(1, 6) * A_DAY, lambda: self.looks_again(uid))

    def looks_again(self, uid: str) -> None:
        """Write a receipt; now and then give money back, take an entry back or charge what was waived."""
        if self.random.random() < 0.6:
            self.writes_receipt(uid)
        if self.random.random() < 0.3:
            change = self.random.choice((self.gives_back, self.takes_back))
            # Each when the one before is done, also if it got no answer and was sent again.
            self.world.after(5, lambda: change(uid))
            self.world.after(10, lambda: self.writes_receipt(uid))

    def gives_back(self, uid: str) -> None:
        """Give some of the money back, where so much was paid."""
        said = {"refund-amount": typed(BACK), "refund-how": "cash"}
        self.sends(uid, "refund", self.page_of(uid) | said, lambda: self.told("refunded", uid, cents=BACK))

    def takes_back(self, uid: str) -> None:
        """Take back the entry that was made last."""
        page = self.staff.opened("tess", path_of(uid)).content.decode()
        found = {
            int(number): (what.lower(), in_cents(sum_)) for number, what, sum_ in TAKE_BACK.findall(page)
        }
        if found:
            number, (what, cents) = max(found.items())
            then = partial(self.told, "taken back", uid, entry=what, cents=cents)
            self.sends(uid, f"{number}/take-back", {}, then)

    def decides(self, uid: str, path: str, what: str, said: dict[str, str]) -> None:
        """Waive what is outstanding; some days later it is charged after all, or not."""
        page = self.staff.opened("tess", path_of(uid))
        if f"{path_of(uid)}{path}/" not in page.content.decode():
            return
        self.sends(uid, path, sent_by(page) | said, lambda: self.told(what, uid))
        if what == "waived" and self.random.random() < 0.3:
            self.world.after(3 * A_DAY, lambda: self.decides(uid, "charge", "charged", {}))

    def writes_receipt(self, uid: str) -> None:
        """Issue a receipt of what was paid so far."""
        page = self.page_of(uid)
        if "receipt-to" not in page:
            return

        def issued() -> None:
            shown = self.staff.opened("tess", path_of(uid)).content.decode()
            self.told("receipt", uid, number=max(map(int, RECEIPT.findall(shown))))

        self.sends(uid, "receipt", page, issued)

    def page_of(self, uid: str) -> dict[str, str]:
        """Return what the forms of a session's page of payments would send; nothing if it is gone."""
        answer = self.staff.opened("tess", path_of(uid))
        return sent_by(answer) if answer.status_code == 200 else {}

    def sends(self, uid: str, path: str, said: dict[str, str], then: Callable[[], None]) -> None:
        """Send a form; without an answer the same form once more, as a browser does."""

        def send() -> HttpResponse:
            return self.staff.sent("tess", f"{path_of(uid)}{path}/", said)

        if self.world.killed_over(send):
            self.world.after(1, lambda: self.sends(uid, path, said, then))
        elif (answer := send()).status_code == FOUND:
            then()
        else:
            self.world.done[f"{path} refused ({answer.status_code})"] += 1

    def told(self, what: str, uid: str, **facts: Any) -> None:
        """Write down what was recorded."""
        self.world.diary.note(self.world.now, what, of=uid.replace("-", ""), **facts)
        self.world.done[what] += 1


def path_of(uid: str) -> str:
    """Return the path of a session's page of payments."""
    return f"/workspace/appointments/{uid}/payments/"


def typed(cents: int) -> str:
    """Return a sum as somebody types it; nothing for none."""
    return f"{cents / 100:.2f}" if cents else ""

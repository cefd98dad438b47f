"""PURE. Money: what was paid is recorded once, what is owed follows the policy, and receipts say both.

From BOOKING.md (price as booked, free and late windows, late fees) and what the pages of payments say: with a
package no money is owed, a mistake is taken back by an entry of its own, receipts are numbered without gaps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tools.year.diary import Deed, Diary
from tools.year.oracle.sessions import BEGINS, ENDS, Told, as_told, erased_at
from tools.year.oracle.stored import Judgment, Stored

PAID = "what was paid for a session is what was recorded, once"
OWED = "what is still owed is the price or the late fee, without what was paid or waived"
PACKAGES = "a package pays for each session once"
RECEIPTS = "receipts have no gap, and each says what was paid until then"
#: What the practice agreed with everybody: until when canceling is free, and what it costs after that.
FREE, LATE_PERCENT = timedelta(hours=24), 50
#: Who got no answer asks again some minutes later: so near to the limit, nobody knows which one counted.
NEAR = timedelta(minutes=10)
MONEY = {"paid": 1, "refunded": -1}


@dataclass
class Account:
    """A session's money in cents, as those know it who took it. `due`: None where nobody can say."""

    paid: int = 0
    tips: int = 0
    due: int | None = None
    is_waived: bool = False
    receipts: dict[int, int] = field(default_factory=dict)  # number -> what was received until then

    @property
    def outstanding(self) -> int | None:
        """Return what is still to be paid; None where nobody can say."""
        if self.due is None:
            return None
        return 0 if self.is_waived else max(0, self.due - self.paid)

    def enter(self, deed: Deed) -> None:
        """Enter what was done at the till."""
        cents = deed.facts.get("cents", 0)
        if deed.what in MONEY:
            self.paid += MONEY[deed.what] * cents
            self.tips += deed.facts.get("tip", 0)
        elif deed.what == "taken back" and deed.facts["entry"] == "tip":
            self.tips -= cents
        elif deed.what == "taken back":
            self.paid += cents if deed.facts["entry"] == "refund" else -cents
        elif deed.what in ("waived", "charged"):
            self.is_waived = deed.what == "waived"
        elif deed.what == "receipt":
            self.receipts[deed.facts["number"]] = self.paid + self.tips


def judge_money(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at the account of each session, at packages and at receipts."""
    told, gone = as_told(diary), erased_at(diary)
    accounts = {of: account_of(told.get(of), deeds) for of, deeds in by_session(diary).items()}
    # Of who was erased, the sums stay, under another name of the session, which nobody here knows.
    renamed = {one.of for one in stored.sessions if not one.client}
    renamed |= {of for of in accounts if of in told and told[of].who in gone}
    for of in sorted((accounts.keys() | stored.paid.keys() | stored.tips.keys()) - renamed):
        mine = accounts.get(of, Account())
        expected, found = (mine.paid, mine.tips), (stored.paid.get(of, 0), stored.tips.get(of, 0))
        judgment.look(PAID, "" if expected == found else f"{of}: {found} is kept, {expected} was paid")
    buyers = {one.who for one in diary.standing("package")}
    for of, mine in sorted(accounts.items()):
        who = told[of].who if of in told else ""
        if mine.outstanding is None or not who or of in renamed or (who in buyers and mine.due != 0):
            continue
        found_owed = stored.outstanding.get(of, 0)
        right = found_owed == mine.outstanding
        judgment.look(OWED, "" if right else f"{of}: {found_owed} is owed, expected was {mine.outstanding}")
    judge_packages(diary, stored, judgment, set(gone))
    judge_receipts(accounts, stored, judgment, renamed)


def by_session(diary: Diary) -> dict[str, list[Deed]]:
    """Return what was done with each session, in its order, without what a restored backup undid."""
    found: dict[str, list[Deed]] = {}
    for one in diary.deeds:
        if one.of and not diary.lost(one.at):
            found.setdefault(one.of, []).append(one)
    return found


def account_of(told: Told | None, deeds: Iterable[Deed]) -> Account:
    """Return a session's account; of one that nobody was told of, only its money."""
    account, limit = Account(), Limit()
    for one in deeds:
        limit.see(one)
        account.enter(one)
        if told is None:
            continue
        if one.what == "came":
            account.due = 0 if one.facts["how"] == "package" else told.price
            account.paid += one.facts["cents"]
        elif one.what == "stayed away":
            account.due = told.price * LATE_PERCENT // 100
        elif one.what in ENDS:
            late = limit.is_late(one.at) if one.what == "canceled" else False
            account.due = None if late is None else told.price * LATE_PERCENT // 100 * late
        elif one.what == "brought back":
            account.due = None
    return account


@dataclass
class Limit:
    """Until when canceling is free. A move in the late hours does not bring the free ones back."""

    until: datetime | None = None
    is_known: bool = True

    def see(self, deed: Deed) -> None:
        """Learn of a booking or a move."""
        if deed.what in (*BEGINS, "moved"):
            ends = deed.facts["start"] - FREE
            self.is_known = self.is_known and self.is_late(deed.at) is not None
            keeps = deed.what == "moved" and self.until is not None and deed.at > self.until
            self.until = min(ends, self.until) if keeps and self.until else ends
        elif deed.what == "kept its hour":
            self.is_known = False

    def is_late(self, at: datetime) -> bool | None:
        """Return whether canceling at that instant is late; None where it is too near to tell."""
        if not self.is_known:
            return None
        if self.until is None:
            return False
        return None if abs(at - self.until) < NEAR else at > self.until


def judge_packages(diary: Diary, stored: Stored, judgment: Judgment, gone: set[str]) -> None:
    """Look at what was paid for packages, and at how many sessions each has paid for."""
    sold = sum(one.facts["cents"] for one in diary.standing("package"))
    right = sold == stored.paid_for_packages
    judgment.look(PAID, "" if right else f"packages: {stored.paid_for_packages}, paid was {sold}")
    used: dict[str, int] = {}
    for one in diary.standing("came"):
        if one.facts["how"] == "package":
            used[one.who] = used.get(one.who, 0) + 1
    for who in sorted({*used, *stored.package_sessions} - gone):
        found = stored.package_sessions.get(who, 0)
        enough = found >= used.get(who, 0)
        judgment.look(PACKAGES, "" if enough else f"{who}: {used.get(who, 0)} sessions, {found} are used")


def judge_receipts(
    accounts: dict[str, Account], stored: Stored, judgment: Judgment, renamed: set[str]
) -> None:
    """Look at the numbers of all receipts, and at the sum on each."""
    numbers = sorted(stored.receipts)
    whole = numbers == list(range(1, len(numbers) + 1))
    judgment.look(RECEIPTS, "" if whole else f"their numbers are {numbers}")
    issued = {number: (of, cents) for of, mine in accounts.items() for number, cents in mine.receipts.items()}
    for number in sorted(issued.keys() | stored.receipts.keys()):
        expected, found = (
            ("" if one and one[0] in renamed else one and one[0], one and one[1])
            for one in (issued.get(number), stored.receipts.get(number))
        )
        says = f"{number} says {found}, paid was {expected}"
        judgment.look(RECEIPTS, "" if expected == found else says)

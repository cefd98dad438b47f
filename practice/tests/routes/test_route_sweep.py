"""The sweep: every route × method × person, against a stored table; nobody moves another client's rows.

A new route needs a line in `sweep_matrix.txt`: run
`SWEEP=write pytest practice/tests/routes/test_route_sweep.py`, then read the lines it made as if someone else
had written them. Arguments of a new kind go to `sample_practice.py`.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from practice.tests.routes.route_sweep import METHODS, ROLES, World, browser, cookies_of, routes, send_request
from practice.tests.sampling import PROVE, SEED

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MATRIX = Path(__file__).with_name("sweep_matrix.txt")
HEAD = f"{'route':<38} {'who':<13} " + " ".join(f"{method:<7}" for method in METHODS).rstrip()
SAFE = ("GET", "HEAD", "OPTIONS")

# Open without sign-in, each with its reason. Everything else is closed by default.
OPEN = {
    "for everybody": """home articles article privacy how_long lessons lesson lesson_copy lesson_floor
        lesson_audio lesson_collection book book_type robots healthz livez look_css picture_people
        picture_look service_worker manifest offline offline_state""",
    "as a guest; writing asks for our own Origin": "hold_new hold hold_let_go wait lesson_ask",
    "the link is the key; what is written opens it to its writer only": "intake intake_step intake_onward",
    "the link is the key": """appointment appointment_move appointment_cancel appointment_bring_back
        appointment_confirm appointment_calendar series_cancel calendar_feed wish offer enter set_up
        test_email address_back email_wishes email_wishes_unslashed""",
    "booking as a guest, in another site's frame": """embed:book embed:book_type embed:hold_new embed:hold
        embed:hold_let_go embed:wait embed:appointment""",
    "signed by the gateway for text messages; closed without one": "text_incoming text_status",
    "the public API": """api_docs api:openapi-json api:session_types api:slots api:explain api:new_hold
        api:end_hold api:new_appointment api:api-root""",
    "a client's; signed out it answers 401, since a player can't follow to the sign-in page": """
        portal_exercise_bells portal_exercise_media""",
    "a program that shows a token or asks from a listed address; closed without a setting": "metrics",
    "a provider, which proves who it is; closed without a setting": "email_events email_replies",
    "signing in": """account_login account_logout account_inactive account_signup
        account_email_verification_sent account_reset_password account_confirm_login_code
        account_confirm_password_reset_code account_complete_password_reset account_password_reset_completed
        account_request_login_code mfa_authenticate mfa_login_webauthn""",
}
# What one client may not do to another's; the answer must be 404 and no row may change.
OF_ONE_CLIENT = (
    *("portal_lesson", "portal_heard", "portal_words", "portal_guidelines", "portal_ask", "lesson_audio"),
    *("portal_lesson_copy", "lesson_copy", "portal_collection"),
    *("workspace_client", "workspace_record", "workspace_looked", "workspace_they_answered"),
    *("workspace_let_be", "workspace_permit", "workspace_permit_end", "workspace_client_home"),
    *("workspace_client_note", "workspace_rehearsal", "workspace_client_emails"),
    *(
        "workspace_question",
        "workspace_wrap_up",
        "workspace_note",
        "workspace_exercise_sheet",
        "workspace_intake",
        "workspace_intake_looked",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
    ),
)


# PUT, PATCH, DELETE and OPTIONS are refused before anybody is looked at, or answer everybody who is signed
# in alike: `make test` asks them as a visitor and as the owner, `make prove` as everybody. HEAD is answered
# by the view of GET: it is asked also as another client, to whom these pages are shut. Of these five, `make
# test` asks each route one, drawn by the commit: a fault in them comes from a guard, a decorator or
# middleware that many routes share. One on twenty of them escapes with a probability of 0.01 (0.8 ** 20).
EVERYTHING = PROVE or os.environ.get("SWEEP") == "write"
ALL_METHODS = ROLES if EVERYTHING else ("nobody", "owner")
WITH_HEAD = ROLES if EVERYTHING else ("nobody", "other", "owner")


def is_asked(method: str, *, who: str, route: str) -> bool:
    """Return whether this person asks this route by this method; else the stored answer stands."""
    if method in ("GET", "POST"):
        return True
    others = [one for one in METHODS if one not in ("GET", "POST")]
    if not EVERYTHING and method != Random(f"{SEED} {route}").choice(others):
        return False
    return who in (WITH_HEAD if method == "HEAD" else ALL_METHODS)


def stored() -> dict[tuple[str, str], list[str]]:
    """Return the table: (route, who) → the answers by method."""
    table = {}
    for line in MATRIX.read_text(encoding="utf-8").splitlines()[1:]:
        name, who, *words = line.split()
        table |= {(name, one): words for one in (ROLES if who == "everybody" else (who,))}
    return table


def swept(world: World) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    """(route, who) → the answers by method; and what wrote although it should only read.

    A method that is not asked is taken from the stored table.
    """
    known = stored()
    table: dict[tuple[str, str], list[str]] = {}
    wrong: list[str] = []
    for who, person in world.people.items():
        cookies = cookies_of(browser(person))
        for route in routes():
            if route.is_back_office:
                continue
            address = world.address(route)
            words = []
            for place, method in enumerate(METHODS):
                if not is_asked(method, who=who, route=route.name):
                    words += known.get((route.name, who), ["?"] * len(METHODS))[place : place + 1]
                    continue
                word, wrote = send_request(cookies, method, address)
                words.append(word)
                if wrote and method in SAFE:
                    wrong.append(f"{who} {method} {address} wrote: {wrote}")
                if wrote and who == "other" and route.name in OF_ONE_CLIENT:
                    wrong.append(f"another client's {method} {address} wrote: {wrote}")
                if word.startswith("5") and route.name != "healthz":
                    wrong.append(f"{who} {method} {address} → {word}")
            table[route.name, who] = words
    return table, wrong


def as_text(table: dict[tuple[str, str], list[str]]) -> str:
    """The table as it is stored: one line where everybody gets the same, else one for each."""
    lines = [HEAD]
    for name in dict.fromkeys(name for name, _ in table):
        rows = {who: " ".join(f"{word:<7}" for word in table[name, who]).rstrip() for who in ROLES}
        if len(set(rows.values())) == 1:
            lines.append(f"{name:<38} {'everybody':<13} {rows['nobody']}")
        else:
            lines += [f"{name:<38} {who:<13} {row}" for who, row in rows.items()]
    return "\n".join(lines) + "\n"


def test_every_route_answers_as_the_table_says_and_reading_changes_nothing(world):
    table, wrong = swept(world)
    made = as_text(table)
    if os.environ.get("SWEEP") == "write":
        MATRIX.write_text(made, encoding="utf-8")
    before, now = (MATRIX.read_text(encoding="utf-8").splitlines(), made.splitlines())

    assert wrong == []
    assert [line for line in now if line not in before] == [], "answers the table does not have"
    assert [line for line in before if line not in now] == [], "lines of the table that hold no more"


def test_the_table_itself_lets_nobody_in_where_he_should_not_be():
    for (name, who), words in stored().items():
        if name.startswith("workspace"):
            if who in ("other", "client"):
                assert set(words) == {"404"}, name
            if who == "nobody":
                assert set(words) == {"login"}, name
        if name in OF_ONE_CLIENT and who == "other":
            assert set(words[:-1]) <= {"404", "405", "login"}, name  # OPTIONS only names the methods


def test_what_is_open_without_sign_in_is_listed_with_its_reason():
    listed = {name for names in OPEN.values() for name in names.split()}
    found = {route.name for route in routes() if not route.closed and not route.is_back_office}
    for reason, names in OPEN.items():
        print(f"open, {reason}: {' '.join(names.split())}")

    assert found - listed == set(), "open without a reason"
    assert listed - found == set(), "listed, but there no more"

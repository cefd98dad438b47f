"""How emails about accounts, answers and follow-ups are planned."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.conf import settings
from django.utils import translation

from portal.erasure.actions.request import request_erasure
from portal.first_steps.letters import test_email as plan_test_email
from portal.followups.engine.stages import TEXTS, Stage
from portal.followups.letters import words_when_sent
from portal.followups.loading import live_assignments, load_facts
from portal.followups.queue import plan_letters
from portal.letters import answered
from portal.models import ClientProfile, VisitorQuestion
from portal.visitor_questions.letters import answer_visitor
from practice.accounts.account_notice_texts import NOTICES, send_notice
from practice.accounts.actions.sign_in_address import change_address
from practice.accounts.adapter import AccountAdapter
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.email_texts.actions import send_to_me
from practice.email_texts.queries import Text
from practice.email_texts.registry import email_named
from practice.mail.post import post
from practice.mail.unsubscribe import unsubscribe_headers
from practice.mail_events.round_trip.letters import to_ourselves
from practice.models import Letter, User
from practice.tests.every_email.scene import DAY, Compose, Scene, State
from practice.tests.every_email.to_staff import question

OWN_PLAN = "After breakfast, on the rug <in the living room>."
OBSTACLE = "If the floor is cold & hard, two blankets."


def code(scene: Scene) -> None:
    """A sign-in code."""
    AccountAdapter().send_mail(
        "account/email/login_code", scene.zoe.email or "", {"code": "K7QM-2RTX", "user": scene.zoe}
    )


def notice(name: str, scene: Scene) -> None:
    """Something about the account."""
    link = f"{settings.SITE_URL}/accounts/address/abc/" if name == "account/email/email_changed" else ""
    send_notice(name, scene.zoe.email or "", user=scene.zoe, act_url=link)


def changed_by_owner(scene: Scene) -> None:
    """The practice changed the sign-in address."""
    change_address(scene.zoe, "new@example.com", by=scene.tess.user, now=scene.now)


def erasure(scene: Scene) -> None:
    """The client asked to be erased."""
    request_erasure(scene.zoe, now=scene.now)


def test(scene: Scene) -> None:
    """The owner's test email."""
    plan_test_email(scene.tess.user, now=scene.now)


def to_itself(scene: Scene) -> None:
    """The site's email to itself, in its owner's language."""
    User.objects.owners().update(language=scene.tess.user.language)
    to_ourselves("bounces@juniper.example", now=scene.now)


def own_words(scene: Scene) -> None:
    """A text of the owner's, sent to themselves."""
    email = email_named("confirmation")
    assert email
    language = scene.tess.user.language
    text = Text("See you {{ day }}", {"opening": "Hello {{ first_name }}.\n\nMy own words & yours."})
    send_to_me(email, text, language=language, me=scene.tess.user, now=scene.now)


def answer(scene: Scene) -> None:
    """A client's question was answered."""
    answered(question(scene), by=scene.tess.user, now=scene.now)


def visitor_answer(scene: Scene) -> None:
    """A visitor's question was answered: the answer is in the email."""
    asked = VisitorQuestion.objects.create(
        lesson=scene.lesson,
        email="vera@example.com",
        name="Vera “V” Lindqvist",
        text="On a bed?",
        answer="A firm bed is fine.\n\nA rug is better & <cheaper>.",
        language=scene.zoe.language,
    )
    with translation.override(asked.language):
        answer_visitor(asked, by=scene.tess.user, now=scene.now)


def follow_up(scene: Scene) -> None:
    """A follow-up through its plan and all its guards."""
    agree_to_letters(scene.zoe, now=scene.now - 2 * DAY)
    one = scene.session(days=-1, state=State.COMPLETED, occupies=False)
    plan_letters(one, now=one.ends_at)
    Letter.objects.exclude(follow_up__place=0).delete()


def variant(stage: Stage, name: str, scene: Scene) -> None:
    """A variant of a follow-up: with a plan of the client's own, or about an exercise without one."""
    with_plan = name.endswith("a")
    if with_plan:
        ClientProfile.objects.keep(scene.zoe, plan=OWN_PLAN, obstacle=OBSTACLE)
    one = scene.session(days=-3, state=State.COMPLETED, occupies=False)
    known = load_facts(one, scene.zoe, steps=(), made_at=one.ends_at, now=scene.now)
    about = next(each for each in live_assignments(scene.zoe) if bool(each.exercise_id) is not with_plan)
    words = words_when_sent(
        known, about, stage, name, now=scene.now, following=scene.now + dt.timedelta(days=4)
    )
    post(
        "follow_up",
        key=f"variant:{name}",
        to=scene.zoe,
        context={},
        words=words,
        headers=unsubscribe_headers(scene.zoe),
        from_name=scene.tess.user.name,
        now=scene.now,
    )


CASES: tuple[Compose, ...] = (
    *(code, changed_by_owner, erasure, test, to_itself, own_words, answer, visitor_answer, follow_up),
    *(partial(notice, name) for name in NOTICES),
)
#: Posted past the guards, which are others' business: they go as they are on their row.
VARIANTS: tuple[Compose, ...] = tuple(
    partial(variant, stage, name) for stage, names in TEXTS.items() for name in names
)

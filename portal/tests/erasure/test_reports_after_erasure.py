"""What providers report about the emails of an erased client is taken in silence, and brings nothing back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.erasure.actions.erase import erase
from practice.models import EmailEvent, Suppression
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import make_letter
from practice.tests.mail_events.webhooks import (
    MAILGUN,
    bounce,
    mailgun,
    mailgun_body,
    mailgun_reply,
    taking,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engines("portal.erasure.actions.erase")]


def test_a_bounce_a_complaint_and_an_answer_get_200_and_leave_nothing():
    make_practice()
    ann = make_user("Ann Hale", email="ann@example.com")
    known = make_letter("follow_up", state="sent", user=ann).message_id
    erase(ann, now=timezone.now())
    answer = {"From": "ann@example.com", "Message-ID": "<a@example.com>", "In-Reply-To": known}
    with taking(MAILGUN):
        answers = [
            mailgun(bounce(known)),
            mailgun(mailgun_body("complained", known)),
            mailgun_reply(answer),
        ]

    assert [(one.status_code, one.content) for one in answers] == [(200, b"")] * 3
    assert not EmailEvent.objects.exists()
    assert not Suppression.objects.exists()

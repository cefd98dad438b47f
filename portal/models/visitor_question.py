"""The model of questions that visitors ask about a free lesson, and of what the practice shows of them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.lesson import Lesson
from practice.core.locales.readers import LANGUAGES
from practice.models import User
from practice.models.encrypted import EncryptedTextField
from practice.models.language import language_of_this_page


class VisitorQuestion(models.Model):
    """A question from somebody without an account. It is answered by email; nothing is shown by itself.

    `shown_question` and `shown_answer` are what everybody may read on the lesson's page, in the words of the
    practice; they are empty unless the visitor agreed and somebody here chose to show them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ANSWERED = "answered", _("answered")
        SET_ASIDE = "set_aside", _("set aside")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, help_text="Of the form: sent twice, it is one.")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="visitor_questions")
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    language = models.CharField(max_length=10, default=language_of_this_page, choices=LANGUAGES)
    text = EncryptedTextField(_("question"), blank=True, default="")
    may_show = models.BooleanField(_("may be shown without the name"), default=False)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    answer = EncryptedTextField(_("answer"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    shown_question = models.TextField(_("question, as everyone reads it"), blank=True)
    shown_answer = models.TextField(_("answer, as everyone reads it"), blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = [
            models.Index(
                fields=["asked_at"], name="visitor_question_open", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["lesson"], name="visitor_question_shown", condition=models.Q(shown_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shown_at=None) | models.Q(may_show=True), name="shown_only_if_allowed"
            )
        ]

    def __str__(self) -> str:
        return f"visitor question {self.pk}"

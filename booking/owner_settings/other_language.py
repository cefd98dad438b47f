"""The texts of this app that can be written in the practice's other language."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.models import IntakeQuestion, SessionType
from practice.models import Practice
from practice.other_language.registry import TranslatedKind

KINDS = (
    TranslatedKind(
        key="services",
        label=_("Services"),
        rows=SessionType.objects.all,
        fields={"name": _("Name"), "description": _("Description"), "preparation": _("How to prepare")},
        page=lambda kind: reverse("workspace_service", args=[kind.pk]),
        title=lambda kind: kind.name,
    ),
    TranslatedKind(
        key="questions",
        label=_("Your own questions in the intake"),
        rows=IntakeQuestion.objects.all,
        fields={"text": _("Question"), "help_text": _("Hint")},
        page=lambda _question: reverse("workspace_other_language"),
        title=lambda question: question.text,
    ),
    TranslatedKind(
        key="receipts",
        label=_("Receipts"),
        rows=Practice.objects.all,
        fields={"tax_name": _("Name of the tax"), "receipt_note": _("Last line")},
        page=lambda _practice: reverse("workspace_payments"),
        title=lambda _practice: str(_("Receipts")),
    ),
)

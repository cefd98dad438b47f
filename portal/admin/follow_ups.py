"""Admin pages of follow-up plans (when to write after a session), and of the emails that came of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.shared import ClientRecordAdmin
from portal.followups.engine.facts import DEFAULT_STEPS
from portal.models import FollowUp, FollowUpPlan, FollowUpStep
from practice.admin.shared import OwnRowsAdmin, ReadOnlyAdmin


class PlanForm(forms.ModelForm):
    """A form for a plan's name, and whether it is used unless another is chosen."""

    class Meta:
        model = FollowUpPlan
        fields = ("name", "is_default")

    def clean_is_default(self) -> bool:
        """Return the choice; refuse a second default in words, before the database refuses it."""
        wished = bool(self.cleaned_data["is_default"])
        other = FollowUpPlan.objects.filter(is_default=True).exclude(pk=self.instance.pk).first()
        if wished and other:
            raise ValidationError(
                _("“%(name)s” is already the standard plan. Uncheck it there first."),
                params={"name": other.name},
            )
        return wished


class StepsFormSet(forms.BaseInlineFormSet):
    """The steps of one plan, no two of them on one day."""

    def clean(self) -> None:
        super().clean()
        days: set[int] = set()
        for form in self.forms:
            data: dict[str, Any] = getattr(form, "cleaned_data", {})
            if data.get("DELETE") or data.get("days") is None:
                continue
            if data["days"] in days:
                raise ValidationError(
                    _("Two steps are on the same day. One email a day is the most a plan can send.")
                )
            days.add(data["days"])


class StepInline(admin.TabularInline):
    """The emails of a plan, by day."""

    model = FollowUpStep
    formset = StepsFormSet
    extra = 1
    fields = ("days", "at")


def built_in_plan() -> str | None:
    """Return a sentence about the built-in plan; None where a plan of the practice is the standard one."""
    if FollowUpPlan.objects.filter(is_default=True).exists():
        return None
    return _(
        "The standard plan is built in: an email %(days)s days after a session, held back where the client "
        "practices, asks or books. To replace it, add a plan and make it the standard plan."
    ) % {"days": ", ".join(str(step.days) for step in DEFAULT_STEPS)}


@admin.register(FollowUpPlan)
class FollowUpPlanAdmin(OwnRowsAdmin):
    """The admin of plans. A plan is copied when used: a change here moves no email that waits."""

    form = PlanForm
    list_display = ("name", "is_default", "days")
    search_fields = ("name",)
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUpPlan]:
        """Return the practice's plans; one of a client is on the client's page."""
        return super().get_queryset(request).filter(client=None)

    def save_model(self, request: HttpRequest, obj: FollowUpPlan, form: Any, change: bool) -> None:
        """Save the plan as a new version, so that a page that is open elsewhere notices."""
        obj.version += 1
        super().save_model(request, obj, form, change)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the plans, and above them the built-in one while it is at work."""
        return super().changelist_view(request, {"subtitle": built_in_plan(), **(extra_context or {})})

    @admin.display(description=gettext_lazy("Days after the session"))
    def days(self, plan: FollowUpPlan) -> str:
        """Return the days after the session, such as "1, 4, 11"."""
        return ", ".join(str(step.days) for step in plan.steps.all())


@admin.register(FollowUp)
class FollowUpAdmin(ClientRecordAdmin, ReadOnlyAdmin):
    """The read-only list of every step of every session's plan, its email, and the reason."""

    opens = "access:follow_ups"
    list_display = ("client", "appointment", "place", "days", "letter_state", "stage", "asks_human")
    list_filter = ("asks_human",)
    search_fields = ("client__name", "client__email")
    list_select_related = ("client", "appointment", "letter")
    exclude = ("letter", "why")
    readonly_fields = ("letter_state", "letter_reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        """Return the rows without the words of their emails, which nobody needs here."""
        return (
            super()
            .get_queryset(request)
            .select_related("letter")
            .defer("letter__text", "letter__html", "letter__word")
        )

    @admin.display(description=gettext_lazy("Email"))
    def letter_state(self, follow_up: FollowUp) -> str:
        """Return the state of the email."""
        return str(follow_up.letter.get_state_display()) if follow_up.letter else _("none")

    @admin.display(description=gettext_lazy("Result"))
    def letter_reason(self, follow_up: FollowUp) -> str:
        """Return the reason for the state, in a sentence."""
        return follow_up.letter.reason if follow_up.letter else follow_up.reason

"""The form of the wrap-up: all of one session on one page, filled in with a guess."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.payments.accounts import Account
from portal.followups.choosing import plan_for
from portal.followups.loading import is_superseded
from portal.followups.wrap_up_preview import EmailQuestion
from portal.models import FollowUpPlan, SessionNote
from portal.session_notes.actions.wrap_up import WORDS, WrapUp
from portal.session_notes.assignable import given_to, home_mark
from portal.session_notes.forms.home import HomeForm, LinesField
from portal.session_notes.forms.paid import PaidForm
from practice.core import body_map
from practice.models import User

STAYS = {"came", "letters"}  # of a draft that a later wrap-up has overtaken
OF_HOME = ("what_", "dosage_", "word_", "home_seen")


class WrapUpForm(HomeForm):
    """The form of a wrap-up. It refuses lengths and unknown choices; the actions judge the rest."""

    field_order = ("came", *WORDS, "plan", "obstacle", "letters", "follow_up_plan")

    came = forms.ChoiceField(
        label=gettext_lazy("How it went"),
        widget=forms.RadioSelect,
        choices=[("yes", ""), ("no", "")],
        error_messages={"required": gettext_lazy("Please say whether the session took place.")},
    )
    foundation = LinesField(gettext_lazy("Foundation"), help_text=gettext_lazy("Pelvis, sacrum, SI joints."))
    low_back = LinesField(gettext_lazy("Low back"), rows=1)
    whole_body = LinesField(
        gettext_lazy("Whole body"), help_text=gettext_lazy("Knees, ankles, ribs, shoulders, neck.")
    )
    next_time = LinesField(gettext_lazy("For next time"), rows=1)
    letters = forms.ChoiceField(
        label=gettext_lazy("Emails that will follow"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("yes", ""), ("no", "")],
    )
    follow_up_plan = forms.ModelChoiceField(
        label=gettext_lazy("Plan"),
        required=False,
        queryset=FollowUpPlan.objects.shared(),
        empty_label=gettext_lazy("The standard plan"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        data: Any = None,
        *,
        client: User | None,
        note: SessionNote | None,
        asks: EmailQuestion = EmailQuestion.NOTHING,
        account: Account | None = None,
    ) -> None:
        """Set up the fields. `account`: of the session; a draft is saved without it."""
        self.asks = asks
        drafted_before = drafted(note, client)
        self.paid = PaidForm(data, account=account, drafted=drafted_before) if account else None
        self.touched_before = body_map.from_text(note.touched) if note else {}
        super().__init__(data, client=client, beside=answered(asks), drafted=drafted_before)
        self._choices("came", _("%(name)s came"), _("%(name)s did not come"))
        self._choices(
            "letters", _("%(name)s agrees to these emails."), _("No emails for %(name)s; I will call.")
        )
        self._choose_plan(client)

    def _choose_plan(self, client: User | None) -> None:
        """Offer the practice's plans, the one that this client's emails follow anyway first."""
        if not FollowUpPlan.objects.shared().exists():
            del self.fields["follow_up_plan"]
            return
        theirs = plan_for(client) if client else None
        field = self.fields["follow_up_plan"]
        assert isinstance(field, forms.ModelChoiceField)
        if theirs:
            field.empty_label = _("As for this client: %(name)s") % {"name": theirs.name}

    def _choices(self, name: str, yes: str, no: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, words % {"name": self.name}) for value, words in (("yes", yes), ("no", no))]

    @property
    def version_seen(self) -> int:
        """Return the version the page began from; -1 for an unreadable one."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else int(version)

    def touched(self) -> dict[str, int]:
        """Return the body map's present marks."""
        if not self.is_bound:
            return self.touched_before
        return body_map.read_marks(self.data, known_only=True)

    def words(self) -> dict[str, str]:
        """Return the fields of the note."""
        return {name: self.cleaned_data[name] for name in WORDS}

    def rest(self) -> dict[str, Any]:
        """Return all else on the page, as it was sent."""
        names = [name for name in self.fields if name not in (*WORDS, "version")]
        return {name: self.data.get(name, "") for name in (*names, *PaidForm.DRAFTED)}

    def may_be_signed(self) -> bool:
        """Return whether everything needed to sign is there; add an error where not. A draft needs less."""
        said = self.cleaned_data
        if self.asks is not EmailQuestion.NOTHING and said["came"] == "yes" and not said["letters"]:
            sentence = _("Ask %(name)s whether emails like these are welcome between sessions, then choose.")
            self.add_error("letters", sentence % {"name": self.name})
        try:
            body_map.read_marks(self.data)
        except ValueError:
            self.add_error(None, _("We couldn’t read one of the marks on the body. Please check them again."))
        is_payable = self.paid is None or self.paid.is_valid()
        return not self.errors and is_payable

    def wrap_up(self) -> WrapUp:
        """Return the page as a value."""
        said = self.cleaned_data
        return WrapUp(
            came=said["came"] == "yes",
            **self.words(),
            touched=self.touched(),
            home=self.home(),
            plan=said["plan"],
            obstacle=said["obstacle"],
            plan_seen=said["plan_seen"],
            home_seen=said["home_seen"],
            letters=self.asks is not EmailQuestion.NOTHING and said["letters"] == "yes",
            follow_up_plan=said.get("follow_up_plan"),
            payment=self.paid.payment() if self.paid else None,
        )


def answered(asks: EmailQuestion) -> dict[str, Any]:
    """Return the suggested values beside the client's assignments and plan.

    Whether emails are welcome is not guessed: it is what was answered, if anybody ever asked.
    """
    letters = {EmailQuestion.AGAIN_YES: "yes", EmailQuestion.AGAIN_NO: "no"}.get(asks, "")
    return {"came": "yes", "letters": letters, "version": 0}


def drafted(note: SessionNote | None, client: User | None) -> dict[str, Any]:
    """Return the page as it was last saved.

    Where a later session was wrapped up since, the assignments and the plan are as that one left them; where
    the assignments were changed on the client's page since, they are as they were left there.
    """
    if note is None:
        return {}
    rest = json.loads(note.draft) if note.draft else {}
    if rest and is_superseded(note.appointment):
        rest = {name: rest[name] for name in rest.keys() & STAYS}
    elif client and rest.get("home_seen") and rest["home_seen"] != home_mark(given_to(client)):
        rest = {name: said for name, said in rest.items() if not name.startswith(OF_HOME)}
    return rest | {name: getattr(note, name) for name in WORDS} | {"version": note.version}

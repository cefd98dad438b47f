"""How tests of the intake write: by the letter's link, in a browser of their own, or signed in."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from booking.intake.answers import SIGNS, Answers, read
from booking.links import intake_path
from booking.models import Intake
from booking.tests.web_client import browser
from practice.consents import queries as consents_queries
from practice.models import User

NO_SIGNS = dict.fromkeys(SIGNS, "no")


class IntakeWriter:
    """Somebody at one intake's pages."""

    def __init__(self, intake: Intake, client: Client | None = None) -> None:
        self.intake, self.client = intake, client or browser()
        self.path = intake_path(intake)

    def begin(self) -> IntakeWriter:
        """Press the button of the entrance."""
        self.client.post(self.path)
        return self

    def page(self, step: str = "") -> HttpResponse:
        """Read a page."""
        return self.client.get(f"{self.path}{step}/" if step else self.path)

    def write(self, step: str, said: dict[str, Any], **more: Any) -> HttpResponse:
        """Send a step's form, from the version that stands unless said otherwise."""
        said = {"version": Intake.objects.get(pk=self.intake.pk).version, **said}
        return self.client.post(f"{self.path}{step}/", said, **more)

    def save(self, step: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """As the page saves itself."""
        answer = self.write(step, said, headers={"accept": "application/json"})
        return answer.status_code, json.loads(answer.content)

    def hand_in(self, name: str = "Ann Lee", **changes: Any) -> HttpResponse:
        """Tick both texts, type the name, press."""
        ticked = {f"agree_{text.kind}": str(text.version) for text in consents_queries.current_texts()}
        return self.client.post(f"{self.path}consent/", {**ticked, "signed_name": name, **changes})


def signed_in(user: User) -> Client:
    """The client's own browser, after the code."""
    made = browser()
    made.force_login(user)
    return made


def saved_answers(intake: Intake) -> Answers:
    """What stands now."""
    return read(Intake.objects.get(pk=intake.pk).answers)


def version_on(answer: HttpResponse) -> str:
    """The version a page began from."""
    return re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]  # type: ignore[index]

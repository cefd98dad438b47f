"""How the tests keep, sign and send a wrap-up."""

from __future__ import annotations

from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from booking.models import Appointment
from portal.models import (
    SessionNote,
)
from portal.session_notes.actions.wrap_up import WrapUp, keep_draft, sign
from practice.models import Practitioner

SECRET = "Sacroiliac-marker"


def kept(session: Appointment, tess: Practitioner, *, version: int = 0, **words: str) -> SessionNote:
    return keep_draft(session, words, touched={}, rest={}, by=tess.user, version=version, now=timezone.now())


def signed(session: Appointment, tess: Practitioner, **fields: Any) -> SessionNote:
    return sign(session, WrapUp(**fields), by=tess.user, now=timezone.now())


def posted(**fields: Any) -> dict[str, Any]:
    """The form as the page sends it."""
    return {"came": "yes", "letters": "yes", "version": "0"} | fields


def page_of(session: Appointment) -> str:
    return f"/workspace/appointments/{session.uid}/wrap-up/"


def note_page(session: Appointment) -> str:
    return f"/workspace/appointments/{session.uid}/note/"


def autosave(browser: Browser, session: Appointment, **fields: Any) -> Any:
    return browser.post(page_of(session), posted(draft="1", **fields), headers={"accept": "application/json"})

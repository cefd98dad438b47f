"""The person who comes to a session, as a value: made from a form, the API, a client or a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from django.db.models import Model

from booking.attendees.questions import NAMES, QUESTIONS, answer_in, kept_by
from booking.models import Appointment, Place, WaitlistEntry
from practice.core.plain_text import is_same_name
from practice.models import User

#: The two answers of a client to "Who is it for?".
ME, OTHER = "me", "other"
#: What a form asks to tell for whom it is, beside the questions about the attendee.
FOR_WHOM = ("whom", "for_name")


@dataclass(frozen=True)
class Attendee:
    """The person who comes, with an attribute for each of `QUESTIONS`.

    `email`: the booker's, empty only when staff book. `zone`: the reader's, an IANA name. `is_other`: the
    form said that it is for somebody else, whatever the name; `booker`: the name of the person who books.
    `address`: where a session at the client's is, in lines; it is not kept for other places.
    """

    name: str
    email: str = ""
    phone: str = ""
    zone: str = ""
    _: KW_ONLY
    is_other: bool = False
    booker: str = ""
    address: str = ""

    @classmethod
    def from_answers(cls, said: Mapping[str, Any], *, client: User | None = None, zone: str = "") -> Attendee:
        """Return the person that the answers of a form or of the API describe.

        What was not asked is filled in from the record of a known `client`. Another name than the booker's is
        somebody else.
        """
        told = _first_of(said, on_record(client) if client else {})
        other = said.get("for_name", "")
        if other and not is_same_name(other, told["name"]):
            return cls(**{**told, "name": other}, zone=zone, is_other=True, booker=told["name"])
        return cls(**told, zone=zone, is_other=said.get("whom") == OTHER)

    @classmethod
    def from_entry(cls, entry: WaitlistEntry, said: Mapping[str, str] | None = None) -> Attendee:
        """Return the person who waits, as given when joining, by the name they have now.

        What is missing comes from `said`, else from their record.
        """
        kept = {one.name: answer_in(entry, one) for one in kept_by(WaitlistEntry)}
        told = _first_of(kept, said or {}, on_record(entry.client))
        return cls(**{**told, "name": entry.who}, zone=entry.zone)

    @classmethod
    def from_appointment(cls, made: Appointment, *, client: User, zone: str) -> Attendee:
        """Return the person of this appointment, for another one like it, by the name they have now."""
        visited = made.place == Place.CLIENT
        kept: dict[str, Any] = {
            one.name: answer_in(made, one)
            for one in kept_by(Appointment)
            if visited or not one.only_for_place
        }
        # A client who was renamed since is still the same person.
        own = "" if made.attendee_unclear else client.name
        return cls(**{**kept, "name": own or made.attendee_name, "email": client.email or ""}, zone=zone)

    def answers(self) -> dict[str, str]:
        """Return the answer to each of `QUESTIONS`."""
        return {name: getattr(self, name) for name in NAMES}

    def columns(self, model: type[Model]) -> dict[str, str]:
        """Return the answers that a row of this model keeps, by its columns."""
        return {one.kept_as: getattr(self, one.name) for one in kept_by(model)}

    def with_answers(self, **answers: str) -> Attendee:
        """Return the same person with other answers."""
        return replace(self, **answers)  # type: ignore[arg-type]  # only texts are answers


def on_record(person: User) -> dict[str, str]:
    """Return the answers that the record of a person has already."""
    return {"name": person.name, "email": person.email or "", "phone": str(person.phone or "")}


def _first_of(*sources: Mapping[str, Any]) -> dict[str, Any]:
    """Return for each question the first answer that one of the sources has."""
    return {
        one.name: next((found[one.name] for found in sources if found.get(one.name)), "") for one in QUESTIONS
    }

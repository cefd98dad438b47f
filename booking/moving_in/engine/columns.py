"""PURE. What each kind of file can say, and which column says it: guessed from the headings.

A preset is listed only where the maker of the other system shows the headings itself, with the source beside
it. For all other files the words of the headings decide, and a person corrects them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CLIENTS, APPOINTMENTS, PACKAGES = "clients", "appointments", "packages"
KINDS = (CLIENTS, APPOINTMENTS, PACKAGES)

PEOPLE = ("name", "first_name", "last_name", "email", "phone")
FIELDS: Mapping[str, tuple[str, ...]] = {
    CLIENTS: PEOPLE,
    APPOINTMENTS: (*PEOPLE, "start", "time", "practitioner", "session_type", "status"),
    PACKAGES: (*PEOPLE, "session_type", "left", "valid_until"),
}
#: Of each of these groups one column has to be chosen.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    CLIENTS: (("name", "first_name", "last_name"),),
    APPOINTMENTS: (("name", "first_name", "last_name"), ("start",)),
    PACKAGES: (("name", "first_name", "last_name", "email"), ("left",)),
}
#: Columns with days, by which the order of day and month is guessed.
DAYS: Mapping[str, tuple[str, ...]] = {CLIENTS: (), APPOINTMENTS: ("start",), PACKAGES: ("valid_until",)}

#: Headings that mean a field, folded (`folded`); the earlier, the surer.
WORDS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *(
            "name",
            "full name",
            "client name",
            "customer name",
            "patient name",
            "client",
            "customer",
            "patient",
        ),
        *("invitee name", "attendee", "nombre completo"),
    ),
    "first_name": ("first name", "given name", "client first name", "forename", "first", "nombre"),
    "last_name": ("last name", "family name", "surname", "client last name", "last", "apellido", "apellidos"),
    "email": (
        *("email", "e mail", "email address", "client email", "customer email", "patient email"),
        *("invitee email", "e mail 1 value", "correo electronico", "correo"),
    ),
    "phone": (
        *(
            "phone",
            "phone number",
            "mobile",
            "mobile phone",
            "mobile number",
            "cell",
            "cell phone",
            "telephone",
        ),
        *("client phone", "customer phone", "phone 1 value", "home phone", "telefono"),
    ),
    "start": (
        *("start", "starts at", "start at", "start time", "start date time", "start date", "date time"),
        *("appointment date", "appointment time", "date", "day", "fecha", "inicio"),
    ),
    "time": ("time", "start time", "appointment time", "hour", "hora"),
    "practitioner": (
        *("practitioner", "staff", "staff member", "staff name", "provider", "therapist", "calendar"),
        *("agent", "employee", "team member", "user name", "with"),
    ),
    "session_type": (
        *("session type", "appointment type", "service", "service name", "treatment", "treatment name"),
        *("event type name", "type", "package", "servicio"),
    ),
    "status": ("status", "state", "appointment status", "canceled", "cancelled", "estado"),
    "left": (
        *("sessions left", "left", "remaining", "sessions remaining", "remaining sessions", "balance"),
        *("credits", "credits left", "uses left"),
    ),
    "valid_until": ("valid until", "expires", "expires at", "expiration date", "expiry date", "expiration"),
}


@dataclass(frozen=True)
class Preset:
    """The headings of one export. `fields`: which of them says what; `headings`: by which it is known."""

    code: str
    name: str
    kind: str
    headings: tuple[str, ...]
    fields: Mapping[str, str]
    order: str = ""
    clock: str = ""


#: Source of the first: Cal.com, `getCsvData` of its insights (packages/features/insights, "Download as CSV").
#: Its `attendee1` is "Name (email)", its times are ISO 8601 in UTC.
#: Source of the others: LatePoint, lib/controllers/bookings_controller.php and customers_controller.php.
PRESETS = (
    Preset(
        "cal_com",
        "Cal.com",
        APPOINTMENTS,
        ("uid", "title", "timeStatus", "eventLength", "startTime", "endTime", "userEmail", "attendee1"),
        {
            "name": "attendee1",
            "start": "startTime",
            "session_type": "title",
            "practitioner": "userEmail",
            "status": "timeStatus",
        },
        order="ymd",
        clock="24",
    ),
    Preset(
        "latepoint_bookings",
        "LatePoint",
        APPOINTMENTS,
        ("ID", "Service", "Start Date & Time", "Duration", "Customer", "Customer Email", "Agent", "Status"),
        {
            "name": "Customer",
            "email": "Customer Email",
            "phone": "Customer Phone",
            "start": "Start Date & Time",
            "practitioner": "Agent",
            "session_type": "Service",
            "status": "Status",
        },
    ),
    Preset(
        "latepoint_customers",
        "LatePoint",
        CLIENTS,
        ("ID", "Name", "Phone", "Email", "Total Appointments", "Registered On"),
        {"name": "Name", "email": "Email", "phone": "Phone"},
    ),
)


def folded(heading: str) -> str:
    """Return a heading without capitals, signs and accents: "start date time" for "Start_Date & Time"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    plain = spaced.casefold().translate(str.maketrans("áéíóúñ", "aeioun"))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def preset_of(headings: Sequence[str], kind: str) -> Preset | None:
    """Return the preset whose headings are all there, or None."""
    there = set(headings)
    return next((one for one in PRESETS if one.kind == kind and there.issuperset(one.headings)), None)


def guess_columns(headings: Sequence[str], kind: str) -> dict[str, int]:
    """Return for each field the number of its column: by a preset, else by the words of the headings.

    A column is used once; a whole name is not taken beside a first and a last one.
    """
    if preset := preset_of(headings, kind):
        return {field: headings.index(name) for field, name in preset.fields.items() if name in headings}
    known = [folded(one) for one in headings]
    found: dict[str, int] = {}
    for field in FIELDS[kind]:
        if (column := _column(field, known, taken=found.values())) is not None:
            found[field] = column
    if "first_name" in found and "last_name" in found:
        found.pop("name", None)
    if "start" not in found and "time" in found:
        del found["time"]
    return found


def _column(field: str, known: Sequence[str], *, taken: object) -> int | None:
    for word in WORDS[field]:
        for number, heading in enumerate(known):
            if heading == word and number not in taken:  # type: ignore[operator]
                return number
    return None


def missing(columns: Mapping[str, int], kind: str) -> list[tuple[str, ...]]:
    """Return the groups of fields of which no column was chosen."""
    return [group for group in NEEDED[kind] if not any(field in columns for field in group)]

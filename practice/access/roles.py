"""The table of roles: who may see and change what. `docs/roles.md` shows the same table to people.

Pages, API, feeds and the back office ask this module whether somebody may at all; which rows are somebody's
own is said once for each model, in `practice/access/rows.py` and where the apps register with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

Verb = Literal["see", "change"]


class Role(StrEnum):
    """A person's role. The values are those of `User.Role`; a visitor has not signed in."""

    VISITOR = "visitor"
    CLIENT = "client"
    FRONT_DESK = "front_desk"
    PRACTITIONER = "practitioner"
    OWNER = "owner"


class Scope(IntEnum):
    """The share of a kind of thing that somebody may see or change."""

    NOTHING = 0
    OWN = 1
    ALL = 2


@dataclass(frozen=True)
class Grant:
    """The two scopes, see and change, that one role has on one kind of thing."""

    see: Scope
    change: Scope

    @property
    def words(self) -> str:
        """Return the grant in the words of the table in the documents."""
        return WORDS[self]


NOTHING = Grant(Scope.NOTHING, Scope.NOTHING)
SEE_OWN = Grant(Scope.OWN, Scope.NOTHING)
OWN = Grant(Scope.OWN, Scope.OWN)
SEE_ALL = Grant(Scope.ALL, Scope.NOTHING)
SEE_ALL_CHANGE_OWN = Grant(Scope.ALL, Scope.OWN)
ALL = Grant(Scope.ALL, Scope.ALL)
WORDS = {
    NOTHING: "nothing",
    SEE_OWN: "see own",
    OWN: "own",
    SEE_ALL: "see all",
    SEE_ALL_CHANGE_OWN: "see all, change own",
    ALL: "all",
}


@dataclass(frozen=True)
class Resource:
    """A row of the table: a kind of thing. `models`: the database models that belong to it, as app.model."""

    visitor: Grant
    client: Grant
    front_desk: Grant
    practitioner: Grant
    owner: Grant
    models: tuple[str, ...] = ()

    def grant(self, role: str) -> Grant:
        """Return what this role may do with it; an unknown role may do nothing."""
        known: Mapping[str, Grant] = {
            Role.VISITOR: self.visitor,
            Role.CLIENT: self.client,
            Role.FRONT_DESK: self.front_desk,
            Role.PRACTITIONER: self.practitioner,
            Role.OWNER: self.owner,
        }
        return known.get(role, NOTHING)


RESOURCES: Mapping[str, Resource] = {
    "practice": Resource(
        SEE_ALL, SEE_ALL, SEE_ALL, SEE_ALL, ALL, ("practice.practice", "practice.consenttext")
    ),
    "offer": Resource(
        *(SEE_ALL, SEE_ALL, SEE_ALL, SEE_ALL, ALL),
        ("booking.sessiontype", "booking.intakequestion", "practice.room"),
    ),
    "practitioners": Resource(SEE_ALL, SEE_ALL, SEE_ALL, SEE_ALL_CHANGE_OWN, ALL, ("practice.practitioner",)),
    "articles": Resource(SEE_ALL, SEE_ALL, SEE_ALL, SEE_ALL_CHANGE_OWN, ALL, ("practice.article",)),
    "teaching": Resource(
        *(SEE_OWN, SEE_OWN, SEE_ALL, ALL, ALL),
        (
            *("portal.lesson", "portal.lessonaudio", "portal.recordingupload", "portal.exercise"),
            *("portal.collection", "portal.collectionlesson", "portal.lessonchange"),
            "portal.exercisemedia",
        ),
    ),
    "plans": Resource(NOTHING, NOTHING, NOTHING, ALL, ALL, ("portal.followupplan", "portal.followupstep")),
    "people": Resource(NOTHING, OWN, OWN, OWN, ALL, ("practice.user", "practice.searchword")),
    "sign_in": Resource(NOTHING, OWN, OWN, OWN, ALL, ("practice.addresschange",)),
    "imports": Resource(NOTHING, NOTHING, NOTHING, NOTHING, ALL, ("booking.import", "booking.importrow")),
    "roles": Resource(NOTHING, NOTHING, NOTHING, NOTHING, ALL),
    "hours": Resource(NOTHING, NOTHING, SEE_ALL, OWN, ALL, ("booking.openinghours",)),
    "closures": Resource(NOTHING, NOTHING, ALL, OWN, ALL, ("booking.closure", "booking.blockedtime")),
    "calendars": Resource(
        *(NOTHING, OWN, NOTHING, OWN, ALL),
        ("booking.importedcalendar", "booking.busytime", "booking.calendarfeed"),
    ),
    "appointments": Resource(OWN, OWN, ALL, OWN, ALL, ("booking.appointment", "booking.appointmentchange")),
    "waitlist": Resource(OWN, OWN, ALL, OWN, ALL, ("booking.waitlistentry", "booking.offer")),
    "packages": Resource(NOTHING, SEE_OWN, ALL, OWN, ALL, ("booking.package", "booking.packageuse")),
    "payments": Resource(NOTHING, SEE_OWN, ALL, OWN, ALL, ("booking.ledgerentry", "booking.receipt")),
    "translations": Resource(SEE_ALL, SEE_ALL, SEE_ALL, SEE_ALL, ALL, ("practice.translatedtext",)),
    "email_texts": Resource(NOTHING, NOTHING, NOTHING, NOTHING, ALL, ("practice.emailtext",)),
    "emails": Resource(NOTHING, SEE_OWN, OWN, OWN, ALL, ("practice.letter", "practice.emailevent")),
    "silent_addresses": Resource(NOTHING, OWN, ALL, OWN, ALL, ("practice.suppression",)),
    "reasons": Resource(NOTHING, NOTHING, OWN, OWN, ALL),
    "consents": Resource(NOTHING, OWN, NOTHING, SEE_OWN, ALL, ("practice.consent", "practice.textnumber")),
    "text_costs": Resource(NOTHING, NOTHING, NOTHING, NOTHING, ALL, ("practice.textmessage",)),
    "records": Resource(
        *(OWN, OWN, NOTHING, OWN, ALL),
        (
            *(
                "booking.intake",
                "portal.clientprofile",
                "portal.practiceentry",
                "portal.segment",
                "portal.question",
            ),
            *("portal.guidelinesread", "portal.assignment", "portal.followup", "portal.erasurerequest"),
            *("portal.recordmerge", "portal.activityrating"),
        ),
    ),
    "visitor_questions": Resource(NOTHING, NOTHING, NOTHING, ALL, ALL, ("portal.visitorquestion",)),
    "notes": Resource(
        *(NOTHING, NOTHING, NOTHING, OWN, ALL),
        ("portal.sessionnote", "portal.noteamendment", "portal.recordnote"),
    ),
    "permissions": Resource(NOTHING, SEE_OWN, NOTHING, OWN, ALL, ("portal.recordpermission",)),
    "access_log": Resource(NOTHING, SEE_OWN, NOTHING, SEE_OWN, SEE_ALL, ("practice.accesslog",)),
}
RESOURCE_OF = {model: name for name, thing in RESOURCES.items() for model in thing.models}


def scope(role: str, thing: str, verb: Verb = "see") -> Scope:
    """Return how much of a thing this role may see or change. Raises KeyError for an unknown thing."""
    grant = RESOURCES[thing].grant(role)
    return grant.see if verb == "see" else grant.change


def may(role: str, thing: str, verb: Verb = "see") -> bool:
    """Return whether this role may see, or change, anything of a thing at all."""
    return scope(role, thing, verb) > Scope.NOTHING


def may_all(role: str, thing: str, verb: Verb = "see") -> bool:
    """Return whether this role may see, or change, all of a thing, whoever it belongs to."""
    return scope(role, thing, verb) is Scope.ALL


def scope_of_model(role: str, model: str, verb: Verb) -> Scope:
    """Return the scope of a database model ("booking.package"); one in no row of the table is the owner's."""
    name = RESOURCE_OF.get(model)
    if name is None:
        return Scope.ALL if role == Role.OWNER else Scope.NOTHING
    return scope(role, name, verb)


AT_WORK = (Role.FRONT_DESK, Role.PRACTITIONER, Role.OWNER)


def works_here(role: str) -> bool:
    """Return whether a role is the owner's, a practitioner's or the front desk's."""
    return role in AT_WORK


def is_owner(role: str) -> bool:
    """Return whether a role is the owner's."""
    return role == Role.OWNER

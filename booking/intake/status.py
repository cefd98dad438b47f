"""The state of a client's intake and consents before they come.

Nothing of the intake's answers is read for it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking.intake import queries as intake_queries
from practice.consents import queries as consents_queries
from practice.core.formatting import day_in_words
from practice.models import Consent, ConsentText, User


@dataclass(frozen=True)
class Signature:
    """The state of one text for a client, as a sentence. `holds`: signed in its current version."""

    holds: bool
    words: str


@dataclass(frozen=True)
class IntakeStatus:
    """The state of a client's intake and consents before a session.

    `asked`: they were asked for an intake, or began one. `signed`: both texts, in their current version.
    """

    asked: bool
    handed_in: bool
    signed: bool

    @property
    def words(self) -> list[str]:
        """Return what is missing, as sentences; empty when nothing is."""
        missing = []
        if self.asked and not self.handed_in:
            missing.append(_("The intake is not submitted yet."))
        if not self.signed:
            missing.append(_("The consent is not signed."))
        return missing


def intake_status(clients: Collection[int]) -> dict[int, IntakeStatus]:
    """Return the state for each of these client ids, in three queries; none for nobody."""
    if not clients:
        return {}
    state, unsigned = intake_queries.state_for(clients), consents_queries.unsigned_by(clients)
    return {
        client: IntakeStatus(client in state, state.get(client, False), client not in unsigned)
        for client in clients
    }


def signatures_of(client: User, zone: ZoneInfo, locale: str) -> list[Signature]:
    """Return one line for each text: signed when and as whom, outdated, withdrawn, or not signed."""
    signed = consents_queries.signatures(client)
    return [_signature(one, signed.get(one.kind), zone, locale) for one in consents_queries.current_texts()]


def _signature(text: ConsentText, signed: Consent | None, zone: ZoneInfo, locale: str) -> Signature:
    what = str(text.get_kind_display()).capitalize()
    if signed is None:
        return Signature(False, _("%(what)s: not signed.") % {"what": what})
    if signed.withdrawn_at:
        when = day_in_words(signed.withdrawn_at.astimezone(zone).date(), locale=locale)
        return Signature(False, _("%(what)s: withdrawn on %(when)s.") % {"what": what, "when": when})
    said = {
        "what": what,
        "name": signed.signed_name,
        "when": day_in_words(signed.given_at.astimezone(zone).date(), locale=locale),
    }
    if signed.version != text.version:
        return Signature(False, _("%(what)s: an older text was signed, “%(name)s”, %(when)s.") % said)
    return Signature(True, _("%(what)s: signed “%(name)s”, %(when)s.") % said)

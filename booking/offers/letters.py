"""Emails to people who wait: that their wish is noted, and each time that is offered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from booking.letters.context import in_clocks
from booking.links import offer_named, offer_url, waitlist_entry_named, waitlist_url
from booking.models import Offer, WaitlistEntry
from booking.offers.wording import which_days, which_times, with_whom
from booking.places.wording import announced, opened, still_asked
from booking.policy.settlement import priced
from booking.policy.wording import price_words, windows_of
from booking.time_zones.clocks import Clocks, clocks_for
from practice.contact import please_call
from practice.core import formatting
from practice.core.reasons import because
from practice.mail.channels.text_messages.table import texts_are_on
from practice.mail.composing.render import Rendered, render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter
from practice.queries import the_practice, zone_of
from practice.shipped_texts import reading_in
from practice.texting.hours import texts_are_quiet
from practice.texting.words import text_words


def wish_noted(entry: WaitlistEntry, *, now: datetime) -> Letter | None:
    """Plan the email that the wish is noted, how offers work, and how to leave."""
    return post(
        "wish_noted",
        key=f"wish:{entry.uid}:noted",
        to=entry.client,
        context={},
        words=_words_of_wish(entry),
        about=f"wish:{entry.uid}",
        now=now,
    )


def _words_of_wish(entry: WaitlistEntry) -> Rendered:
    practice, client = the_practice(), entry.client
    with reading_in(client.language or settings.LANGUAGE_CODE):
        context = {
            "first_name": client.first_name,
            "session": entry.session_type.name,
            "length": formatting.minutes_in_words(entry.session_type.minutes, locale=practice.locale),
            "with_whom": with_whom(entry),
            "days": which_days(entry, practice.locale),
            "times": which_times(entry, practice.locale),
            "minutes": practice.offer_minutes,
            "act_url": waitlist_url(entry),
            "act_words": _("See your request or leave the list"),
            "why": _("You’re receiving this because this email address was put on our waitlist."),
        }
    return render("wish_noted", {"to": client, "sender": "", **context}, language=client.language)


def check_waitlist_confirmation(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only while they still wait."""
    entry = waitlist_entry_named(letter.about.removeprefix("wish:"))
    if entry is None or entry.state != WaitlistEntry.State.WAITING:
        return Cancel(because("left_waitlist"))
    return Send(Fresh(_words_of_wish(entry)))


def offered(offer: Offer, *, now: datetime) -> Letter | None:
    """Plan the email of an offer, and until when it holds. Its link books nothing: the page there asks.

    Who confirmed a number gets a text message, too: an offer holds for an hour, so both go at once.
    """
    if texts_are_on():
        _text(offer, now)
    return post(
        "offer",
        key=f"offer:{offer.uid}",
        to=offer.entry.client,
        context={},
        words=_words_of_offer(offer, now),
        about=f"offer:{offer.uid}",
        not_after=offer.expires_at,
        from_name=offer.appointment.practitioner.user.name,
        now=now,
    )


def _words_of_offer(offer: Offer, now: datetime) -> Rendered:
    held, client = offer.appointment, offer.entry.client
    with reading_in(client.language or settings.LANGUAGE_CODE):
        context = _about_offer(offer, now)
    sender = held.practitioner.user.name
    return render("offer", {"to": client, "sender": sender, **context}, language=client.language)


def _text(offer: Offer, now: datetime) -> None:
    post(
        "text_offer",
        key=f"offer:{offer.uid}:text",
        to=offer.entry.client,
        channel=Letter.Channel.TEXT,
        context={},
        words=_text_of_offer(offer),
        about=f"offer:{offer.uid}",
        not_after=offer.expires_at,
        now=now,
    )


def _text_of_offer(offer: Offer) -> Rendered:
    client = offer.entry.client
    with reading_in(client.language):
        clocks = _clocks_of(offer)
        context = {
            "begins": clocks.moment(offer.appointment.starts_at),
            "until": clocks.moment(offer.expires_at),
            "link": offer_url(offer),
        }
    return text_words("text_offer", context, language=client.language)


def _clocks_of(offer: Offer) -> Clocks:
    practice = the_practice()
    zone = offer.entry.client.zone or offer.entry.zone or offer.appointment.zone
    return clocks_for(offer.appointment, zone_of(zone, practice=practice), practice)


def _about_offer(offer: Offer, now: datetime) -> dict[str, Any]:
    held, entry, practice = offer.appointment, offer.entry, the_practice()
    clocks = _clocks_of(offer)
    return {
        "first_name": entry.client.first_name,
        "practitioner": held.practitioner,
        **in_clocks(held, clocks),
        "announced": announced(held.place, held.practitioner.first_name),
        "still_asked": still_asked(
            held.place, phone=str(entry.phone or entry.client.phone or ""), address=opened(entry)
        ),
        "length": formatting.minutes_in_words(held.minutes, locale=practice.locale),
        "price": price_words(priced(held), locale=practice.locale),
        "until": clocks.moment(offer.expires_at),
        "swaps": clocks.span(entry.swaps.starts_at, entry.swaps.ends_at) if entry.swaps else "",
        "windows": windows_of(held, clocks, call=please_call(practice), settlement=priced(held), now=now),
        "act_url": offer_url(offer),
        "act_words": _("See it and answer"),
        "sign": held.practitioner.first_name,
        "why": _("You’re receiving this because you’re on our waitlist."),
    }


def check_offer(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only while they can still take the time."""
    offer = offer_named(letter.about.removeprefix("offer:"))
    if offer is None or offer.state != Offer.State.OPEN or offer.expires_at <= now:
        return Cancel(because("offer_over"))
    return Send(Fresh(_words_of_offer(offer, now), from_name=offer.appointment.practitioner.user.name))


def check_text_of_offer(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the text message may leave: only while they can take the time, and not at night."""
    offer = offer_named(letter.about.removeprefix("offer:"))
    if offer is None or offer.state != Offer.State.OPEN or offer.expires_at <= now:
        return Cancel(because("offer_over"))
    if texts_are_quiet(offer.entry.client, now):
        return Cancel(because("text_too_late"))
    return Send(Fresh(_text_of_offer(offer)))


CHECKS = {
    "offer": Check(check_offer),
    "text_offer": Check(check_text_of_offer),
    "wish_noted": Check(check_waitlist_confirmation),
}

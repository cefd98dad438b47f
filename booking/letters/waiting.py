"""To those who wait: that their wish is noted, and each time that is offered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from booking.letters.about import when, zone_of
from booking.links import offer_url, wish_url
from booking.models import Offer, WaitlistEntry
from booking.policy_words import windows_of
from booking.wish_words import which_days, which_times, with_whom
from practice import text
from practice.clock import zone_named
from practice.mail.judgement import CallOff, Send, Verdict
from practice.mail.post import post
from practice.models import Letter
from practice.queries import the_practice


def wish_noted(entry: WaitlistEntry, *, now: datetime) -> Letter | None:
    """That we write as soon as something that suits is free, one after the other; and the way to leave."""
    practice = the_practice()
    return post(
        "wish_noted",
        key=f"wish:{entry.uid}:noted",
        to=entry.client,
        context={
            "first_name": entry.client.first_name,
            "session": entry.session_type.name,
            "length": text.minutes_in_words(entry.session_type.minutes, locale=practice.locale),
            "with_whom": with_whom(entry),
            "days": which_days(entry, practice.locale),
            "times": which_times(entry, practice.locale),
            "minutes": practice.offer_minutes,
            "act_url": wish_url(entry),
            "act_words": _("See your wish, or leave the list"),
            "why": _("You get this because somebody put this address on our waitlist."),
        },
        about=f"wish:{entry.uid}",
        now=now,
    )


def offered(offer: Offer, *, now: datetime) -> Letter | None:
    """A time is free and kept for them alone, until then. Its link books nothing: the page there asks."""
    held, entry, practice = offer.appointment, offer.entry, the_practice()
    held.zone = entry.zone or held.zone
    zone = zone_of(held)
    there = zone_named(practice.zone)
    words: dict[str, Any] = {
        "first_name": entry.client.first_name,
        "practitioner": held.practitioner,
        "when": when(held, zone, practice),
        "there": ""
        if when(held, zone, practice) == when(held, there, practice)
        else text.moment(held.starts_at, there, locale=practice.locale, name_zone=True),
        "day": text.day_in_words(held.starts_at.astimezone(zone).date(), locale=practice.locale),
        "time": text.clock_time(held.starts_at, zone, locale=practice.locale),
        "length": text.minutes_in_words(held.minutes, locale=practice.locale),
        "price": text.money(held.price_cents, held.currency, locale=practice.locale),
        "until": text.moment(offer.expires_at, zone, locale=practice.locale),
        "swaps": when(entry.swaps, zone, practice) if entry.swaps else "",
        "windows": windows_of(held, zone, practice.locale, phone=practice.phone, now=now),
        "act_url": offer_url(offer),
        "act_words": _("See it and answer"),
        "sign": held.practitioner.first_name,
        "why": _("You get this because you are on our waitlist."),
    }
    return post(
        "offer",
        key=f"offer:{offer.uid}",
        to=entry.client,
        context=words,
        about=f"offer:{offer.uid}",
        not_after=offer.expires_at,
        from_name=held.practitioner.user.name,
        now=now,
    )


def judge_offer(letter: Letter, now: datetime) -> Verdict:
    """Asked when the letter is about to go: is the time still theirs to take?"""
    uid = letter.about.removeprefix("offer:")
    offer = Offer.objects.filter(uid=uid).first()
    if offer is None or offer.state != Offer.State.OPEN or offer.expires_at <= now:
        return CallOff(_("The offer does not stand any more."))
    return Send()

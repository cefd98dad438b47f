"""Checks before news of an appointment leaves: that it is still true and in order; and its final words.

News of one appointment reaches its reader in the order in which things happened. News that later news has
overtaken is canceled, whatever delayed it; so a confirmation that the mail server put off never comes after
the cancel or the move, and no calendar shows a session that does not exist. An email that a sender holds at
this moment is waited for: that ends within its lease, and an email whose sender died is canceled like any
other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from booking.letters import series, to_client, to_practitioner, zone_changed
from booking.letters.context import fresh, sent_about, words_to_practitioner
from booking.letters.event import EmailFacts, Wording, appointment_of, facts_of
from booking.models import Appointment
from practice.core.reasons import Reasons, because
from practice.mail.composing.render import Rendered
from practice.mail.queries import NEVER_WENT, OtherEmail, read_about
from practice.mail.send_check import Cancel, Check, Fresh, Postpone, Send, Verdict
from practice.models import Letter, Practitioner

State = Appointment.State
Sending = Letter.State
#: The pause after which an email is judged again that waits for one just being sent.
A_MOMENT = timedelta(seconds=10)

TO_CLIENTS: Mapping[str, Wording] = {**to_client.WORDINGS, **zone_changed.WORDINGS}
NOTICES = to_practitioner.WORDINGS
WORDINGS: Mapping[str, Wording] = {**TO_CLIENTS, **NOTICES}
MOVES = ("moved", "notice_moved")
#: Kinds that may also report an earlier move they replace.
MAY_MOVE = ("handed_over", "length_changed")
#: Kinds that may say that the session went to a colleague.
HANDS = (*MOVES, "handed_over", "notice_handed_over")
SERIES_KINDS = tuple(series.NAMED)


def check_news(letter: Letter, now: datetime) -> Verdict:
    """Decide whether an email about a change of an appointment may leave."""
    if not letter.event:
        return Send()  # planned before events were stored: its stored words are sent
    appointment = appointment_of(letter)
    if appointment is None:
        return Cancel(because("appointment_gone"))
    others = to_same_reader(letter, [appointment])
    reader = EmailFacts(appointment, now, letter.event).reader
    if (
        why := why_untrue(letter, appointment, now)
        or why_overtaken(letter, others)
        or why_unwanted(letter, reader)
    ):
        return Cancel(why)
    if cancel_earlier_news(letter, others):
        others = to_same_reader(letter, [appointment])  # a sender may just have claimed one of them
    if is_held(earlier(letter, others)):
        return postpone(now)
    before = earlier_news(letter, others)
    known = last_known_start(before)
    facts = as_reader_knows(facts_of(letter, appointment, now), known, moves=letter.kind in MAY_MOVE)
    if letter.kind in MOVES:
        facts = with_known_practitioner(facts, previous_practitioner_known(before))
        if known == appointment.starts_at and not facts.was_with:
            return Cancel(because("knows_this_time"))
    return Send(fresh_news(letter, facts))


def check_series(letter: Letter, now: datetime) -> Verdict:
    """Decide whether an email about sessions booked or canceled together may leave."""
    if "sessions" not in letter.event:
        return Send()
    together = series.named_in(letter)
    if not together:
        return Cancel(because("all_out_of_date"))
    if why := why_unwanted(letter, together[0].practitioner):
        return Cancel(why)
    if is_held(earlier(letter, to_same_reader(letter, together))):
        return postpone(now)
    return Send(series.fresh_series(letter, together, now))


def fresh_news(letter: Letter, facts: EmailFacts) -> Fresh:
    """Return the words and the file of news that leaves now."""
    if letter.kind in TO_CLIENTS:
        return fresh(letter.kind, facts, TO_CLIENTS[letter.kind])
    return Fresh(words_to_practitioner(letter.kind, facts, NOTICES[letter.kind]))


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email would say if it left now; None: it would not, or in the words of its row."""
    appointment = appointment_of(letter) if letter.event else None
    if appointment is None or why_untrue(letter, appointment, now):
        return None
    return fresh_news(letter, facts_of(letter, appointment, now)).words


def series_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what an email about several sessions would say if it left now; None: as `words_when_due`."""
    together = series.named_in(letter) if "sessions" in letter.event else []
    return series.fresh_series(letter, together, now).words if together else None


# Is it still true?


def why_untrue(letter: Letter, appointment: Appointment, now: datetime) -> Reasons:
    """Return why the email is not true any more; nothing when it is."""
    gave, ended = letter.event.get("reader"), appointment.state == State.CANCELLED
    if gave and gave == appointment.practitioner_id:
        return because("has_it_again")
    if gave and ended:
        return []  # the one who gave it away gets no other news of the end
    if not WORDINGS[letter.kind].is_true_of(appointment):
        return what_became_of(appointment)
    if ended:
        return []
    if not gave and start_in(letter) != appointment.starts_at:
        return because("appointment_moved")
    return because("session_over") if appointment.ends_at <= now else []


def what_became_of(appointment: Appointment) -> Reasons:
    """Return why news of another state is outdated."""
    if appointment.state == State.CANCELLED:
        return because("appointment_canceled")
    if appointment.state == State.BOOKED:
        return because("appointment_booked")
    return because("session_over")


def why_unwanted(letter: Letter, reader: Practitioner) -> Reasons:
    """Return why a notice is not wanted any more; nothing when it is."""
    if letter.category != Letter.Category.NOTICE:
        return []
    if letter.user_id != reader.user_id:
        return because("colleague_has_it")
    wanted = reader.notices != Practitioner.Notices.NONE
    return [] if wanted else because("notices_off")


# Is it this email's turn?


def to_same_reader(letter: Letter, together: Sequence[Appointment]) -> list[OtherEmail]:
    """Return the other emails to its reader about these appointments, alone or together, the oldest first.

    One query. Rows are written in the order of events.
    """
    found = read_about(*sent_about(together))
    return [one for one in found if one.user_id == letter.user_id and one.pk != letter.pk]


def is_news(letter: Letter, other: OtherEmail) -> bool:
    """Return whether another email to the same reader tells them of the same appointment."""
    kinds = TO_CLIENTS if letter.kind in TO_CLIENTS else NOTICES
    return other.about == letter.about and other.kind in kinds


def why_overtaken(letter: Letter, others: Sequence[OtherEmail]) -> Reasons:
    """Return why the email comes too late (later news was or will be sent); nothing when it does not."""
    later = (one for one in others if is_news(letter, one) and one.pk > letter.pk)
    return because("newer_email") if any(one.state not in NEVER_WENT for one in later) else []


def earlier_news(letter: Letter, others: Sequence[OtherEmail]) -> list[OtherEmail]:
    """Return the earlier news of the same appointment, the oldest first."""
    return [one for one in others if is_news(letter, one) and one.pk < letter.pk]


def cancel_earlier_news(letter: Letter, others: Sequence[OtherEmail]) -> bool:
    """Cancel earlier news that has not left: this one replaces it. Return whether there was any."""
    waiting = [one.pk for one in earlier_news(letter, others) if one.state == Sending.PLANNED]
    if waiting:
        Letter.objects.filter(pk__in=waiting, state=Sending.PLANNED).update(
            state=Sending.CANCELLED, why=because("newer_email")
        )
    return bool(waiting)


def earlier(letter: Letter, others: Sequence[OtherEmail]) -> list[OtherEmail]:
    """Return the earlier emails about these appointments, alone or together."""
    to_client = letter.category == Letter.Category.APPOINTMENT
    kinds = {*(TO_CLIENTS if to_client else NOTICES), *SERIES_KINDS}
    return [one for one in others if one.pk < letter.pk and one.kind in kinds]


def is_held(letters: Sequence[OtherEmail]) -> bool:
    """Return whether a sender holds one of these emails: it may arrive at any moment."""
    return any(one.state == Sending.CLAIMED for one in letters)


def postpone(now: datetime) -> Postpone:
    """Postpone the email for a moment."""
    return Postpone(now + A_MOMENT, because("earlier_on_its_way"))


def last_that_went(before: Sequence[OtherEmail]) -> OtherEmail | None:
    """Return the last news that was or may have been sent."""
    went = (Sending.SENT, Sending.UNKNOWN)
    return next((one for one in reversed(before) if one.state in went), None)


def last_known_start(before: Sequence[OtherEmail]) -> datetime | None:
    """Return the start that the reader expects, by the last news that was or may have been sent."""
    last = last_that_went(before)
    if last is None or not last.event or WORDINGS[last.kind].true_in == State.CANCELLED:
        return None
    return start_in(last)


def previous_practitioner_known(before: Sequence[OtherEmail]) -> int | None:
    """Return the id of the practitioner who had it when the reader last heard of it.

    None: it went to no colleague since the last news that left.
    """
    last = last_that_went(before)
    since = (one for one in before if one.kind in HANDS and one.pk > (last.pk if last else 0))
    return next((one.event["was_with"] for one in since if one.event.get("was_with")), None)


def with_known_practitioner(facts: EmailFacts, giver: int | None) -> EmailFacts:
    """Return the event with the practitioner the reader knows of as the earlier one, or with none."""
    if giver is None:
        return facts
    event = {name: value for name, value in facts.event.items() if name != "was_with"}
    changed = giver != facts.appointment.practitioner_id
    return replace(facts, event={**event, "was_with": giver} if changed else event)


def start_in(letter: Letter | OtherEmail) -> datetime:
    """Return the start that an email names."""
    return datetime.fromisoformat(letter.event["start"])


def as_reader_knows(facts: EmailFacts, known: datetime | None, *, moves: bool) -> EmailFacts:
    """Return the event as a move from the time its reader knows: times in between were never told.

    `moves`: it tells of another time even if the event itself was no move.
    """
    if known is None or not (facts.was or (moves and known != facts.appointment.starts_at)):
        return facts
    minutes = timedelta(minutes=facts.appointment.minutes)
    was = [known.isoformat(), (known + minutes).isoformat()]
    return replace(facts, event={**facts.event, "was": was})


CHECKS: Mapping[str, Check] = {
    **{kind: Check(check_news, words_when_due) for kind in WORDINGS},
    **{kind: Check(check_series, series_when_due) for kind in SERIES_KINDS},
}

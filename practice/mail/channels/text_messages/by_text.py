"""Text messages as a channel: numbers that were consented to, and one handing over at most."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from practice.core.texts.gateway_address import LOCAL, gateway_at
from practice.mail.channels.text_messages.gateway import Report, TextGateway
from practice.mail.channels.text_messages.table import gateway, texts_are_on
from practice.mail.channels.transport import Block, NoAnswer, Recipient
from practice.models import Letter, TextMessage, TextNumber, User

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
Status = TextMessage.Status


class TextMessages:
    """The transport of text messages."""

    def recipient(self, user: User) -> Recipient:
        """Return the user with the number they confirmed, if texts may go there."""
        found = TextNumber.objects.reachable().filter(user=user).first()
        return Recipient(user.name, found.number if found else "", user)

    def usable_address(self, recipient: Recipient) -> str:
        """Return the number in E.164; an empty text for anything else, and without a gateway."""
        return recipient.address if texts_are_on() and E164.fullmatch(recipient.address) else ""

    def is_blocked(self, address: str) -> Block | None:
        """Return whether it replied STOP, or nothing arrives there, and nobody confirmed it since."""
        current = TextNumber.objects.filter(number=address, withdrawn_at=None)
        if not current.filter(stopped_at__isnull=False).exists():
            return None
        works = current.filter(stopped_at=None, given_at__isnull=False).exists()
        return None if works else Block.BOUNCED

    def block(self, address: str, *, detail: str) -> None:
        """Stop texts to this number. `detail`: the gateway's answer, which begins with its code."""
        stop_number(address, why=TextNumber.Stopped.REPLY if "21610" in detail else TextNumber.Stopped.DEAD)

    def message_id(self, key: str) -> str:
        """Return the reference of the message with this key, which reveals nothing of it."""
        return f"text-{salted_hmac('practice.texts', key, algorithm='sha256').hexdigest()[:32]}"

    def headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return nothing: a text message has no head."""
        return {}

    def reply_to(self) -> str:
        """Return nothing: an answer goes to the number that it came from."""
        return ""

    def line(self) -> TextLine:
        """Return the way to the gateway."""
        return TextLine(gateway())


class TextLine:
    """The way to the gateway, for the messages of one worker."""

    def __init__(self, to: TextGateway | None) -> None:
        self.gateway = to

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Do nothing: each request has its own connection."""

    def send(self, letter: Letter) -> None:
        """Hand a message over, unless the gateway has it. Raises NoAnswer, Later, Refused or Unsure."""
        if self.gateway is None:
            raise NoAnswer("texts_off")
        text = letter.text.strip()
        if went_already(letter):
            return
        if letter.attempts > 1 and (found := self._taken_before(self.gateway, letter, text)):
            keep_report(found, letter)
            return
        report = self.gateway.send(to=letter.to_address, text=text, report_to=report_address(letter))
        keep_report(report, letter)

    def _taken_before(self, to: TextGateway, letter: Letter, text: str) -> Report | None:
        """Return the message of an earlier try, whose answer we never got. None: there is none."""
        found = to.look_for(to=letter.to_address, text=text, since=letter.created_at)
        known = set(
            TextMessage.objects.filter(sid__in=[one.sid for one in found]).values_list("sid", flat=True)
        )
        return next((one for one in found if one.sid not in known and one.status != Status.FAILED), None)


def went_already(letter: Letter) -> bool:
    """Return whether the gateway has this message and did not give up on it.

    Its report may have come though its answer did not.
    """
    return letter.text_messages.exclude(status=Status.FAILED).exists()


def keep_report(report: Report, letter: Letter | None) -> TextMessage:
    """Keep what the gateway says of a message for the first time; its later reports may be here already."""
    found, _fresh = TextMessage.objects.get_or_create(
        sid=report.sid,
        defaults={
            "letter": letter,
            "status": report.status,
            "segments": report.segments,
            "price": report.price,
            "currency": report.currency,
            "error": report.error,
        },
    )
    if report.segments and not found.segments:
        TextMessage.objects.filter(pk=found.pk).update(segments=report.segments)
    return found


def report_address(letter: Letter) -> str:
    """Return where the gateway says how a message went; "" where it could not reach us."""
    address, host = gateway_at(settings.TEXT_MESSAGES_URL), urlsplit(settings.SITE_URL).hostname
    if address is None or (host in LOCAL and address.host not in LOCAL):
        return ""
    return settings.SITE_URL + reverse("text_status", args=[letter.message_id], urlconf=settings.ROOT_URLCONF)


def stop_number(number: str, *, why: str) -> int:
    """Send no more texts to a number, whoever entered it; return how many rows say so now."""
    current = TextNumber.objects.filter(number=number, withdrawn_at=None, stopped_at=None)
    return current.update(stopped_at=timezone.now(), stopped_why=why)

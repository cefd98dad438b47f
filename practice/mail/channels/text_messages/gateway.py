"""What a gateway for text messages must be able to do, whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from practice.models import TextMessage

Status = TextMessage.Status


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a gateway says of one message. `price`: None until it knows; `error`: its own code, or ""."""

    sid: str
    status: str = Status.TAKEN
    segments: int = 0
    price: Decimal | None = None
    currency: str = ""
    error: str = ""


class TextGateway(Protocol):
    """A gateway. Every method raises NoAnswer, Later, Refused or Unsure, as `channels/transport.py` says."""

    def send(self, *, to: str, text: str, report_to: str) -> Report:
        """Hand over a message. `report_to`: the address where it says how it went; "" for nowhere."""

    def look_for(self, *, to: str, text: str, since: datetime) -> list[Report]:
        """Return messages to this number in these words that it took since then, whatever became of them."""

    def read(self, sid: str) -> Report:
        """Return what it says of a message by now."""

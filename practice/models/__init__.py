"""The models of the practice. Import them from here."""

from practice.models.article import Article
from practice.models.business import Practice, Room
from practice.models.door import DoorOpening
from practice.models.email_event import EmailEvent
from practice.models.email_text import EmailText
from practice.models.lease import Lease
from practice.models.letter import Letter, Suppression
from practice.models.people import AddressChange, Practitioner, User, tidy_email
from practice.models.records import AccessLog, Consent, ConsentText, Erasure, Heartbeat, UsageCount
from practice.models.search import SearchWord
from practice.models.text_messages import TextMessage, TextNumber
from practice.models.translated_text import TranslatedText

__all__ = [
    "AccessLog",
    "AddressChange",
    "Article",
    "Consent",
    "ConsentText",
    "DoorOpening",
    "EmailEvent",
    "EmailText",
    "Erasure",
    "Heartbeat",
    "Lease",
    "Letter",
    "Practice",
    "Practitioner",
    "Room",
    "SearchWord",
    "Suppression",
    "TextMessage",
    "TextNumber",
    "TranslatedText",
    "UsageCount",
    "User",
    "tidy_email",
]

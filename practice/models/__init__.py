"""The models of the practice. Import them from here."""

from practice.models.article import Article
from practice.models.business import Practice, Room
from practice.models.letter import Letter, Suppression
from practice.models.people import AddressChange, Practitioner, User, tidy_email
from practice.models.records import AccessLog, Consent, ConsentText, Heartbeat, UsageCount
from practice.models.search import SearchWord

__all__ = [
    "AccessLog",
    "AddressChange",
    "Article",
    "Consent",
    "ConsentText",
    "Heartbeat",
    "Letter",
    "Practice",
    "Practitioner",
    "Room",
    "SearchWord",
    "Suppression",
    "UsageCount",
    "User",
    "tidy_email",
]

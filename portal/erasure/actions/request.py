"""A client's own request to be erased: made, withdrawn, and carried out on its day.

Between the request and its day lie seven days: an erasure cannot be undone, and the person at an open browser
is not always the client. An email tells them at once, and leads to the page that withdraws the request.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.erasure.actions.erase import NotErased, erase, must_be_a_client
from portal.models import ErasureRequest
from practice.accounts.account_notice_texts import Notice
from practice.core import formatting
from practice.mail.post import post
from practice.models import User
from practice.queries import the_practice, zone_of
from practice.retention.periods import ERASURE_WAITS
from practice.shipped_texts import reading_in

log = structlog.get_logger(__name__)
WAITS = ERASURE_WAITS


@transaction.atomic
def request_erasure(client: User, *, now: dt.datetime) -> ErasureRequest:
    """Record the request and email the client. Asked twice: the first one stands. Raises WorksHere."""
    must_be_a_client(client)
    request, is_new = ErasureRequest.objects.get_or_create(
        client=client, defaults={"asked_at": now, "due_at": now + WAITS}
    )
    if is_new:
        _tell(request, client, now=now)
    return request


def _tell(request: ErasureRequest, client: User, *, now: dt.datetime) -> None:
    with reading_in(client.language):
        notice = Notice(
            subject=_("Your record will be erased"),
            happened=_(
                "You asked us to erase everything we keep about you. This will happen on %(day)s and "
                "can’t be undone afterward. Until then, you can cancel the request in your portal."
            )
            % {"day": day_of(request, client)},
            act=_("See or cancel the request"),
            page="portal_data",
        )
    act_url = settings.SITE_URL + reverse(notice.page)
    words = {"notice": notice, "email": client.email, "act_url": act_url}
    post("erasure_asked", key=f"erasure:{request.pk}:{now:%Y%m%dT%H%M%S}", to=client, context=words, now=now)


def day_of(request: ErasureRequest, client: User) -> str:
    """Return the day of the erasure, on the client's calendar."""
    practice = the_practice()
    zone = zone_of(client.zone, practice=practice)
    return formatting.day_in_words(request.due_at.astimezone(zone).date(), locale=practice.locale)


@transaction.atomic
def withdraw_request(client: User) -> bool:
    """Withdraw the request; return whether there was one. False also when the client is erased already."""
    if not User.objects.select_for_update().filter(pk=client.pk).exists():
        return False
    return bool(ErasureRequest.objects.filter(client=client).delete()[0])


def erase_due(now: dt.datetime, *, dry: bool = False) -> int:
    """Erase the clients whose day has come, and return how many; one refused is tried again in an hour."""
    due = ErasureRequest.objects.filter(due_at__lte=now).select_related("client")
    if dry:
        return due.count()
    done = 0
    for request in due:
        try:
            erase(request.client, now=now, if_asked=True)
        except NotErased as error:
            log.warning("an erasure waits", client=request.client_id, why=type(error).__name__)
        else:
            done += 1
    return done

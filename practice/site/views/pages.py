"""The practice's own pages: home, articles, privacy. No cookie, no account."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking import queries as bookable
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.holds.actions.hold_once import new_page_key
from portal import queries as lessons
from practice import queries
from practice.articles import doctor_page
from practice.articles.markdown import render as markdown
from practice.articles.markdown import sections
from practice.contact import please_call
from practice.core import formatting
from practice.core.body import BY_SLUG, REGIONS, Region, in_order
from practice.mail.channels.text_messages.table import texts_are_on
from practice.models import Article, Practice, Practitioner
from practice.retention.page import public_sections
from practice.security.crypto import keys_beside_the_database

LOOK_AHEAD = dt.timedelta(days=21)


@dataclass(frozen=True)
class RegionLabel:
    """A region of the body with its name in the reader's language."""

    slug: str
    name: str


def region_label(region: Region) -> RegionLabel:
    """Return a region as pages show it."""
    return RegionLabel(region.slug, _(region.label))


@dataclass(frozen=True)
class ArticlePage:
    """An article as its page shows it."""

    slug: str
    title: str
    standfirst: str
    html: SafeString
    regions: list[RegionLabel]
    author: Practitioner | None
    published: dt.datetime | None
    minutes: int
    art: str
    is_doctors_page: bool
    url: str


def article_page(article: Article) -> ArticlePage:
    """Return an article as pages show it."""
    return ArticlePage(
        slug=article.slug,
        title=article.title,
        standfirst=article.standfirst,
        html=markdown(article.body),
        regions=[region_label(region) for region in in_order(article.regions)],
        author=article.author,
        published=article.published_at,
        minutes=article.minutes,
        art=article.art,
        is_doctors_page=doctor_page.is_it(article),
        url=article.get_absolute_url(),
    )


def next_slots(now: dt.datetime) -> dict[str, Any]:
    """Return up to three next free times of the first session type, at most one a day; or why none.

    Each is a button that holds exactly this start with this person.
    """
    first_type = bookable.first_type()
    if first_type is None:
        return {}
    people = bookable.practitioners_of(first_type)
    seen = listing.load_availability(first_type, people, first=now, until=now + LOOK_AHEAD, now=now)
    practice = queries.the_practice()
    zone = queries.practice_zone(practice)
    days: dict[dt.date, listing.FreeStart] = {}
    for slot in seen.free():
        days.setdefault(slot.start.astimezone(zone).date(), slot)
    why, call = None if days else seen.why_none(), please_call(practice)
    return {
        "session_type": first_type,
        "press": new_page_key(),
        "times": [
            {"start": slot.start, "value": slot.start.isoformat(), "practitioner": slot.practitioner}
            for _day, slot in sorted(days.items())[:3]
        ],
        "why_none": availability_wording.sentence(why, zone=zone, locale=practice.locale, call=call)
        if why
        else "",
    }


def free_lesson() -> dict[str, Any] | None:
    """Return title, minutes and address of the first free lesson that can be heard; None without one."""
    lesson = lessons.first_free_lesson()
    if lesson is None:
        return None
    return {"title": lesson.title, "minutes": lesson.minutes, "url": lesson.get_absolute_url()}


def first_type(practice: Practice) -> dict[str, Any] | None:
    """Return minutes and price of the first session type, for "come in"; None without one."""
    kind = bookable.first_type()
    if kind is None:
        return None
    return {
        "name": kind.name,
        "minutes": kind.minutes,
        "price": formatting.money(kind.price_cents, practice.currency, locale=practice.locale),
    }


def home_page(practice: Practice, *, now: dt.datetime) -> dict[str, Any]:
    """Return what the home page shows, with the words of this practice, which may be unsaved."""
    return {
        "next": next_slots(now),
        "articles": [article_page(article) for article in queries.published_articles(now)[:4]],
        "free_lesson": free_lesson(),
        "approach": sections(practice.approach),
        "practitioners": [
            {"name": person.user.name, "bio": person.bio, "since": person.since, "photo": person.photo}
            for person in queries.practitioners()
        ],
    }


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page: the free lesson, the next free times, how a session goes, what to read."""
    answer = render(request, "pages/home.html", home_page(queries.the_practice(), now=timezone.now()))
    answer["Cache-Control"] = "private, no-cache"  # each page has a press of its own, and times do not keep
    return answer


@login_not_required
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Show all articles, or those about one region of the body."""
    region = BY_SLUG.get(request.GET.get("region", ""))
    found = queries.published_articles(timezone.now())
    return render(
        request,
        "pages/articles.html",
        {
            "articles": [article_page(one) for one in found if region is None or region.slug in one.regions],
            "regions": [region_label(one) for one in REGIONS],
            "region": region and region_label(region),
        },
    )


@login_not_required
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one article; an unpublished one only to staff."""
    now = timezone.now()
    found = queries.article(slug, now=now, drafts=request.user.is_authenticated and request.user.is_staff)
    if found is None:
        raise Http404
    return render(request, "pages/article.html", article_context(found, now=now))


def article_context(found: Article, *, now: dt.datetime) -> dict[str, Any]:
    """Return what the page of an article shows; the article may be unsaved."""
    return {
        "article": article_page(found),
        "related": [article_page(one) for one in queries.related_articles(found, now)],
        "free_lesson": free_lesson(),
        "first_type": first_type(queries.the_practice()),
    }


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy page: what is kept about people, and for how long."""
    kept = {
        "how_long": [line for _section, lines in public_sections(queries.the_practice()) for line in lines],
        "keys_apart": not keys_beside_the_database(),
        "texts": texts_are_on(),
    }
    return render(request, "pages/privacy.html", kept)

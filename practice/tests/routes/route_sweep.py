"""For the sweep: every route of the URLconf, who knocks, with what, and whether a row changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from practice.access.pages import SECOND_FACTOR
from practice.models import User

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = ("nobody", "other", "client", "front_desk", "colleague", "owner")
ORIGIN = {"origin": "http://testserver"}
# Rows that may change while somebody only reads: sessions, counters, the log of who read what.
NOT_DOMAIN = re.compile(
    r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "?'
    r"(?:django_session|practice_cache|practice_tally|practice_accesslog|usersessions_usersession|django_admin_log)\b"
)
BACK_OFFICE_MODEL = re.compile(r"/(practice|booking|portal|admin)/(\w+)/<path:object_id>/")
FRAMED = "embed:"
WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.I)


@dataclass(frozen=True)
class Route:
    """One line of the URLconf."""

    name: str
    pattern: str
    closed: bool  # asks for sign-in by LoginRequiredMiddleware

    @property
    def is_back_office(self) -> bool:
        """Django's admin."""
        return self.pattern.startswith(f"{settings.ADMIN_PATH}/")

    @property
    def arguments(self) -> list[str]:
        """What stands in its address."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)


@dataclass
class World:
    """The cast, and what each argument of an address is filled with: things of Ann's, the client."""

    people: dict[str, User | None]
    samples: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, route: Route) -> str:
        """The route's address for Ann's things; KeyError for an argument nobody has thought of."""
        if route.is_back_office:
            return self._in_the_back_office(route)
        known = self.known(route)
        table = settings.EMBED_URLCONF if route.name.startswith(FRAMED) else settings.ROOT_URLCONF
        arguments = {name: known[name] for name in route.arguments}
        return reverse(route.name.removeprefix(FRAMED), kwargs=arguments, urlconf=table)

    @staticmethod
    def _in_the_back_office(route: Route) -> str:
        """The address with the first row of the route's model."""
        pattern = re.sub(r"\(\?P<app_label>[^)]*\)/\$", "practice/", route.pattern)
        pattern = pattern.replace("(?P<url>.*)$", "nowhere")
        found = BACK_OFFICE_MODEL.search(pattern)
        row = apps.get_model(*found.groups())._base_manager.first() if found else None
        return "/" + re.sub(r"<[^>]+>", str(row.pk) if row else "1", pattern)

    def known(self, route: Route) -> dict[str, Any]:
        """What the arguments of the route are filled with."""
        return {**self.samples["*"], **self.samples.get(route.name.removeprefix(FRAMED), {})}


def routes() -> list[Route]:
    """All of them, in the URLconf's order; then those inside another site's frame."""
    framed = [one for one in _walk(get_resolver(settings.EMBED_URLCONF)) if one.pattern.startswith("embed/")]
    return [*_walk(get_resolver()), *(replace(one, name=FRAMED + one.name) for one in framed)]


def _walk(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern).removeprefix("^")
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, pattern, inner)
        else:
            name = f"{space}{one.name}" if one.name else pattern
            yield Route(name, pattern, getattr(one.callback, "login_required", True))


def browser(user: User | None, *, second_factor: bool = True, **options: Any) -> Client:
    """Somebody's browser; those who work here have used their second factor."""
    made = Client(raise_request_exception=False, **options)
    if user is None:
        return made
    made.force_login(user)
    if user.is_staff and second_factor:
        session = made.session
        session[SECOND_FACTOR] = str(user.pk)
        session.save()
    return made


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements meanwhile that changed a domain row."""
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        if WRITE.match(sql) and not NOT_DOMAIN.match(sql.strip()):
            seen.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@cache
def _one_client() -> Client:
    """One for all: each new one would load the middleware and list the static files again."""
    return Client(raise_request_exception=False)


def send_request(cookies: dict[str, str], method: str, address: str, **headers: str) -> tuple[str, list[str]]:
    """Ask once, say what came back in a word, and put the database back as it was."""
    asking = _one_client()
    asking.cookies.clear()
    asking.cookies.load(cookies)
    with transaction.atomic():
        with writes() as seen:
            answer = asking.generic(method, address, headers={**ORIGIN, **headers})
        transaction.set_rollback(True)
    where = answer.headers.get("Location", "")
    if where.startswith("/accounts/login/?next="):
        return "login", seen
    return str(answer.status_code), seen


def cookies_of(made: Client) -> dict[str, str]:
    """What a browser would send again."""
    return {name: morsel.value for name, morsel in made.cookies.items()}

"""Every address of the site, which other sites and emails rely on.

Change one only with a redirect and a line in CHANGELOG.
"""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from practice.core.log_redaction import register_routes

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.urls")),  # with the recordings first, see there
    path("", include("booking.urls")),
    path("", include("practice.site.urls")),
    path("accounts/", include("allauth.urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
]


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Yield every route as it is written, its arguments in brackets."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        else:
            yield route


register_routes(addresses(urlpatterns))

handler400 = "practice.web.errors.bad_request"
handler403 = "practice.web.errors.forbidden"
handler404 = "practice.web.errors.not_found"
handler429 = "practice.web.errors.too_many"  # allauth's limits look for this name
handler500 = "practice.web.errors.server_error"

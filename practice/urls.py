"""Every address of the site. The contract with the outside: change one only with a redirect and a line in CHANGELOG."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("practice.views.urls")),
    path("", include("booking.urls")),
    path("", include("portal.urls")),
    path("accounts/", include("allauth.urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
]

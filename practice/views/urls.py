"""The addresses of the practice's own pages."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from practice.views import enter, health, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("articles/", pages.articles, name="articles"),
    path("articles/<slug:slug>/", pages.article, name="article"),
    path("privacy/", pages.privacy, name="privacy"),
    path("enter/<str:token>/", enter.enter, name="enter"),
    path("set-up/<str:token>/", enter.set_up, name="set_up"),
    path("healthz", health.healthz, name="healthz"),
    path("livez", health.livez, name="livez"),
]

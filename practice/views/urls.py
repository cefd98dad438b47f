"""The addresses of the practice's own pages."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from practice.views import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("articles/", pages.articles, name="articles"),
    path("articles/<slug:slug>/", pages.article, name="article"),
    path("privacy/", pages.privacy, name="privacy"),
]

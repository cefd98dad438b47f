"""Load what several programs need once, in the process that they are forked from: they share its memory."""

from __future__ import annotations

import gc
from importlib import import_module

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from practice.storage import bucket

MODULES = (
    *("practice.celery", "practice.tasks", "booking.tasks", "portal.tasks"),
    *("celery.bin.celery", "celery.apps.worker", "celery.concurrency.thread", "kombu.transport.redis"),
    *("gunicorn.app.wsgiapp", "practice.site.processes.web_worker"),
)


def preload() -> None:
    """Load the pages, the tasks, and the programs behind them. Opens no connection and starts no thread."""
    for module in MODULES:
        import_module(module)
    if settings.S3:  # what describes S3 takes 20 MB, and every program will ask
        assert bucket.storage(settings.S3.access, settings.S3.name).connection
    assert get_resolver().url_patterns
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("")


def freeze() -> None:
    """Take what is loaded out of the search for garbage, which would write to the memory that forks share."""
    gc.collect()
    gc.freeze()

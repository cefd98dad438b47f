"""PURE. Reports of errors to a collector with Sentry's protocol: what failed and where, no word of anybody.

An event is made anew from what is named here: what a later version of the SDK adds is left out, unless
somebody decides otherwise. The SDK is loaded only if there is a collector.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import structlog

#: Of an event, a frame and an exception. A frame has no variables and no lines of source; an exception no
#: message, which may quote what was typed or a row of the database.
EVENT = ("event_id", "timestamp", "platform", "level", "release", "environment", "sdk", "logger")
FRAME = ("filename", "function", "module", "lineno", "in_app")
EXCEPTION = ("type", "module")
#: Of lines of these loggers, the name of the event is a word of ours.
OUR_LOGGERS = ("practice.", "booking.", "portal.")
#: It says what Django says too, in a line that has no traceback any more.
SAID_TWICE = "django_structlog.middlewares.request"


def start(dsn: str) -> None:
    """Report errors to the collector at `dsn` from now on. Raises ModuleNotFoundError without the SDK.

    Whatever fails in a page or a task leaves a line at ERROR: these lines are all that is listened to.
    """
    sdk = import_module("sentry_sdk")
    parts = {
        name: import_module(f"sentry_sdk.integrations.{name}")
        for name in ("logging", "excepthook", "threading", "dedupe", "atexit")
    }
    parts["logging"].ignore_logger(SAID_TWICE)
    sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        # Beside errors nothing is sent: no sessions of visitors, no counts, no traces, no logs.
        auto_session_tracking=False,
        send_client_reports=False,
        # The others would add what a program was started with, its packages, each request with its headers.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            parts["logging"].LoggingIntegration(level=None, sentry_logs_level=None),
            parts["excepthook"].ExcepthookIntegration(),
            parts["threading"].ThreadingIntegration(propagate_scope=False),
            parts["dedupe"].DedupeIntegration(),
            parts["atexit"].AtexitIntegration(callback=lambda _pending, _timeout: None),
        ],
        before_send=without_words,
        before_breadcrumb=lambda _crumb, _hint: None,
    )


def without_words(event: Mapping[str, Any], hint: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event with nothing that anybody wrote: kinds of errors, places in the code, and ids."""
    kept: dict[str, Any] = {name: event[name] for name in EVENT if event.get(name)}
    # Of our own lines, structlog has made a text of the exception.
    errors = event.get("exception", {}).get("values") or _present_error()
    if errors:
        kept["exception"] = {"values": [_exception(one) for one in errors]}
    line = getattr(hint.get("log_record"), "msg", None)
    if str(event.get("logger")).startswith(OUR_LOGGERS) and isinstance(line, Mapping):
        kept["message"] = str(line.get("event", ""))
    around = structlog.contextvars.get_contextvars()
    kept["tags"] = {name: str(around[name]) for name in ("request_id", "task") if name in around}
    return kept


def _present_error() -> list[dict[str, Any]]:
    kind, error, _trace = sys.exc_info()
    if kind is None or error is None:
        return []
    frames = [
        {
            "filename": frame.f_globals.get("__name__", "").replace(".", "/"),
            "function": frame.f_code.co_name,
            "module": frame.f_globals.get("__name__", ""),
            "lineno": line,
        }
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return [{"type": kind.__name__, "module": kind.__module__, "stacktrace": {"frames": frames}}]


def _exception(error: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: error[name] for name in EXCEPTION if error.get(name)}
    frames = (error.get("stacktrace") or {}).get("frames") or []
    kept["stacktrace"] = {"frames": [{name: one[name] for name in FRAME if name in one} for one in frames]}
    return kept

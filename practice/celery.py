"""The Celery app and the one table of ticks. Celery is the clock and the workers; the database is the queue.

Named on the command line (`celery -A practice.celery`): importing it from `practice/__init__.py` would make
every pure module load Celery.
"""

import os
import warnings
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

from practice.worker.clock import add_clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
# Said once, and calmly, in deploy/README.md.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("practice", task_cls="practice.worker.tasks:LaneTask")
add_clock(app)
app.conf.update(
    task_ignore_result=True,
    accept_content=["json"],
    task_serializer="json",
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # for ever: a broker that comes back finds us waiting
    broker_transport_options={"socket_connect_timeout": 5, "socket_keepalive": True, "max_retries": 3},
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    task_time_limit=600,
    task_soft_time_limit=540,
    task_default_queue="letters",
    task_routes={
        "portal.publish_*": {"queue": "media"},
        "portal.find_silences": {"queue": "media"},
        "booking.read_calendars": {"queue": "media"},
        "booking.work_on_imports": {"queue": "media"},
        "practice.read_text_prices": {"queue": "media"},
        "practice.read_bounces": {"queue": "media"},
        "practice.backup": {"queue": "media"},
    },
    timezone="UTC",
    beat_scheduler="practice.worker.leased_scheduler:LeasedScheduler",  # of several clocks, one ticks
    # Name → what, every how many seconds, and after how many seconds a tick nobody took is worth nothing.
    # Wall-clock times are ours, through zoneinfo: no crontab here.
    beat_schedule={
        "deliver": {"task": "practice.deliver", "schedule": 5.0, "options": {"expires": 10}},
        "recordings": {
            "task": "portal.publish_waiting",
            "schedule": 10.0,
            "options": {"expires": 10, "queue": "media"},
        },
        "silences": {
            "task": "portal.find_silences",
            "schedule": 30.0,
            "options": {"expires": 30, "queue": "media"},
        },
        "videos": {
            "task": "portal.publish_exercise_videos",
            "schedule": 10.0,
            "options": {"expires": 10, "queue": "media"},
        },
        "holds": {"task": "booking.release_holds", "schedule": 60.0, "options": {"expires": 60}},
        "reminders": {"task": "booking.follow_the_owner", "schedule": 300.0, "options": {"expires": 300}},
        "requests": {"task": "booking.decline_unanswered", "schedule": 60.0, "options": {"expires": 60}},
        "waitlist": {"task": "booking.waitlist", "schedule": 30.0, "options": {"expires": 30}},
        "calendars": {
            "task": "booking.read_calendars",
            "schedule": 60.0,
            "options": {"expires": 60, "queue": "media"},
        },
        "imports": {
            "task": "booking.work_on_imports",
            "schedule": 5.0,
            "options": {"expires": 5, "queue": "media"},
        },
        "bounces": {
            "task": "practice.read_bounces",
            "schedule": 300.0,
            "options": {"expires": 300, "queue": "media"},
        },
        "backup": {
            "task": "practice.backup",
            "schedule": 60.0,
            "options": {"expires": 60, "queue": "media"},
        },
        "zones": {"task": "booking.check_zones", "schedule": 3600.0, "options": {"expires": 3600}},
        "keys": {"task": "booking.forget_keys", "schedule": 3600.0, "options": {"expires": 3600}},
        "text-prices": {
            "task": "practice.read_text_prices",
            "schedule": 1800.0,
            "options": {"expires": 1800, "queue": "media"},
        },
        "tidy": {"task": "practice.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
    },
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["practice", "booking", "portal"])


@setup_logging.connect(weak=False)
def keep_our_log(**more: Any) -> None:
    """Keep the log as the settings set it up: Celery would silence every line below its own level."""


@task_prerun.connect(weak=False)
def begin_lines(task_id: str, task: Any, **more: Any) -> None:
    """Name the task in its log lines, and in the rows it causes, as a request is named in its own."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=task_id, task=task.name)


@task_postrun.connect(weak=False)
def end_lines(**more: Any) -> None:
    """Forget the task."""
    structlog.contextvars.clear_contextvars()

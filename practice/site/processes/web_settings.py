"""gunicorn's settings: `gunicorn --config python:practice.site.processes.web_settings practice.wsgi`.

Of `up`, of the units for several machines, and of the containers: each adds where to listen.
"""

import os
import sys
from pathlib import Path

from practice.core.env import BadSetting, Env, read_env_file

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn opens a file there that nobody else can name)
#: Seconds for the requests in hand. With the longest DRAIN_SECONDS it is below the 40 of `up`, and the 60
#: that systemd and Docker are told to wait.
FINISH = 20

try:
    read_env_file(Path(__file__).resolve().parents[3] / ".env", os.environ)
    env = Env()
    DRAIN_SECONDS = env.number("DRAIN_SECONDS", 0, low=0, high=15)
    workers = env.number("WEB_CONCURRENCY", 2, low=1, high=64)
except BadSetting as problem:
    sys.exit(f"\nThe web server cannot start.\n{problem}\n")

worker_class = "practice.site.processes.web_worker.DrainingWorker"
preload_app = True  # nobody is let in before everything is loaded, and the workers share its memory
threads = 4
timeout = 60
graceful_timeout = DRAIN_SECONDS + FINISH
keepalive = 5
max_requests, max_requests_jitter = 20_000, 2_000
limit_request_line, limit_request_fields, limit_request_field_size = 4094, 60, 8190
control_socket_disable = True  # it would lie in the home folder, and serve nobody
loglevel = "error"
if os.access(SHARED_MEMORY, os.W_OK):
    worker_tmp_dir = str(SHARED_MEMORY)  # a heartbeat must not wait for a slow disk

"""OpenStack Swift with its S3 interface, as one process: a real object store, small enough for every run.

python -m practice.tests.storage.swift FOLDER PORT     its parts listen on ports of their own

Providers run it at scale. It checks signatures and their end, speaks ranges, preconditions, multipart uploads
and CORS, and keeps objects with their metadata on disk. Its parts are usually one process each.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import eventlet

eventlet.monkey_patch(all=False, socket=True, select=True)

from eventlet import wsgi  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring import RingData  # noqa: E402
from swift.common.wsgi import SwiftHttpProtocol, loadapp  # noqa: E402

#: The user whose key and secret sign requests, and another one, who owns nothing.
KEY, SECRET, STRANGER = "practice:portal", "a-secret-for-tests", "elsewhere:stranger"
CONF = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
log_level = ERROR
hash_path_suffix = tests
account_autocreate = true
[pipeline:main]
pipeline = {pipeline}
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[app:account]
use = egg:swift#account
[app:container]
use = egg:swift#container
[app:object]
use = egg:swift#object
[app:mem_object]
use = egg:swift#mem_object
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
cors_preflight_allow_origin = *
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_practice_portal = {secret} .admin
user_elsewhere_stranger = {secret} .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:copy]
use = egg:swift#copy
"""
PROXY = "catch_errors gatekeeper listing_formats s3api tempauth copy slo dlo proxy-server"


def serve(folder: Path, port: int) -> None:
    """Serve until the process is ended."""
    (folder / "devices" / "d1" / "tmp").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = tests\n[storage-policy:0]\nname = one\ndefault = yes\n"
    )
    utils.validate_configuration = lambda: None
    utils.HASH_PATH_SUFFIX = b"tests"
    parts = {name: eventlet.listen(("127.0.0.1", 0)) for name in ("account", "container", "object")}
    for name, sock in parts.items():
        device = {"id": 0, "region": 1, "zone": 0, "device": "d1", "ip": "127.0.0.1", "weight": 1.0}
        RingData([[0, 0]], [device | {"port": sock.getsockname()[1]}], 31).save(
            str(folder / f"{name}.ring.gz")
        )
    if not keeps_attributes(folder):
        parts["mem_object"] = parts.pop("object")
    for name, sock in parts.items():
        eventlet.spawn(answer, sock, app(folder, name, name))
    answer(eventlet.listen(("127.0.0.1", port)), app(folder, "proxy", PROXY))


def keeps_attributes(folder: Path) -> bool:
    """Return whether this file system keeps what Swift notes beside an object; else memory keeps both."""
    try:
        os.setxattr(folder, "user.tried", b"yes")
    except OSError:
        return False
    return True


def app(folder: Path, name: str, pipeline: str) -> Any:
    """Return one of its programs."""
    file = folder / f"{name}.conf"
    file.write_text(CONF.format(folder=folder, pipeline=pipeline, secret=SECRET))
    return loadapp(str(file), global_conf={"log_name": name})


def answer(sock: Any, program: Any) -> None:
    """Answer what comes to a socket."""
    wsgi.server(sock, program, utils.NullLogger(), protocol=SwiftHttpProtocol, socket_timeout=60)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))

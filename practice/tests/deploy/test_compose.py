"""What the containers of `deploy/compose.yml` promise. They are not started here: that takes Docker.

The file keeps to the schema of the Compose specification, which was checked by hand when it was written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from practice.core.env import Env
from practice.site.processes import programs
from practice.tests.code.test_docs import settings_read

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web-1", "web-2", "worker-1", "worker-2", "upgrade")
ALL = sorted(SERVICES)
NOT_OURS = {"PROMETHEUS_MULTIPROC_DIR"}  # read by prometheus-client


def test_who_is_there() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "nginx"}


@pytest.mark.parametrize("name", ALL)
def test_each_container_has_few_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not re.match(r"(0|root)\b", service["user"])
    assert not service.get("privileged")
    assert "/var/run/docker.sock" not in str(service)


@pytest.mark.parametrize("name", [name for name in ALL if name != "upgrade"])
def test_each_container_says_how_it_is(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert {"test", "interval", "timeout", "retries"} <= set(check)
    if name in OURS:
        probe = next(word for word in re.findall(r"[\w/]+\.py", str(check["test"])))
        assert (ROOT / probe).exists()


@pytest.mark.parametrize("name", ALL)
def test_each_image_has_a_version(name: str) -> None:
    image, _, version = SERVICES[name]["image"].partition(":")
    assert image
    assert version.startswith("${VERSION:?") or re.match(r"\d+\.\d+", version)


def test_the_dockerfile_has_versions_and_no_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert all(re.search(r":\d+\.\d+\.\d+-", line) for line in re.findall(r"^FROM (.*)$", text, re.MULTILINE))
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE)[-1] == SERVICES["web-1"]["user"]
    assert "--require-hashes" in text
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "*.env", "var", "var-keys", ".git"} <= set(left_out)


def test_pg_dump_is_of_the_servers_version() -> None:
    (client,) = re.findall(r"postgresql-client-(\d+)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    assert SERVICES["postgres"]["image"].startswith(f"postgres:{client}.")


def test_the_file_holds_no_secret() -> None:
    written = {name: one.get("environment", {}) for name, one in SERVICES.items()}
    named = {key for values in written.values() for key in values}
    assert not {key for key in named if re.search("PASSWORD|SECRET|KEY|TOKEN|DATABASE_URL|EMAIL_URL", key)}
    assert all("portal.env" in SERVICES[name]["env_file"] for name in OURS)
    assert SERVICES["postgres"]["env_file"] == ["postgres.env"]  # and none of our keys


def test_every_setting_exists() -> None:
    named = {key for name in OURS for key in SERVICES[name]["environment"]}
    assert named - NOT_OURS <= settings_read()
    Env(SERVICES["web-1"]["environment"]).number("TRUSTED_PROXY_COUNT", 0, low=1, high=10)


def test_web_servers_and_workers_are_those_of_up(tmp_path: Path) -> None:
    for name in ("web-1", "web-2"):
        assert tuple(SERVICES[name]["command"][:4]) == programs.GUNICORN
    ours = list(programs.worker(clock=tmp_path).argv)
    for name in ("worker-1", "worker-2"):
        command = list(SERVICES[name]["command"])
        assert sorted(command[:-1]) == sorted(ours[:-1])
        assert "--clock" in command  # each has a clock; the lease says whose turn it is


def test_a_worker_has_time_to_finish_its_email() -> None:
    assert {SERVICES[name]["stop_grace_period"] for name in OURS} == {"60s"}


def test_the_upgrade_runs_only_when_it_is_asked_for() -> None:
    upgrade = SERVICES["upgrade"]
    assert upgrade["profiles"] == ["upgrade"]
    assert upgrade["restart"] == "no"
    assert upgrade["command"][2] in get_commands()
    assert "--rolling" in upgrade["command"]


def test_redis_forgets_nothing() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_data_outlive_the_containers() -> None:
    kept = {mount.partition(":")[0] for one in SERVICES.values() for mount in one.get("volumes", [])}
    assert set(COMPOSE["volumes"]) == {name for name in kept if not name.startswith(".")}
    assert "media:/srv/portal-media:ro" in SERVICES["nginx"]["volumes"]


def test_only_nginx_can_be_reached_and_the_databases_reach_nobody() -> None:
    assert [name for name in ALL if "ports" in SERVICES[name]] == ["nginx"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {name for name in ALL if set(SERVICES[name]["networks"]) == {"inside"}} == {"postgres", "redis"}


def test_nginx_knows_the_addresses_of_the_web_servers() -> None:
    given = {SERVICES[name]["networks"]["inside"]["ipv4_address"] for name in ("web-1", "web-2")}
    assert {one.removesuffix(":8000") for one in SERVICES["nginx"]["environment"]["SERVERS"].split()} == given
    assert set(re.findall(r"http://(172[\d.]+):8000", str(SERVICES["worker-1"]["healthcheck"]))) == given

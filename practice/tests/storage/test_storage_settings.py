"""Settings of object storage: half of them, or some that contradict each other, stop the start by name."""

from __future__ import annotations

import pytest

from practice.core.env import BadSetting, Env
from practice.storage import storage_settings as s3

KEYS = {"S3_ACCESS_KEY_ID": "id", "S3_SECRET_ACCESS_KEY": "secret"}
AMAZON = {**KEYS, "S3_REGION": "eu-central-1", "S3_BUCKET": "portal-files"}
OWN = {**KEYS, "S3_ENDPOINT_URL": "https://s3.example.com/", "S3_BUCKET": "portal-files"}
SITE = "https://portal.example"


def read(settings: dict[str, str], *, site: str = SITE) -> s3.Bucket | None:
    """Read the settings as `practice/settings.py` does."""
    env = Env(settings)
    reached = s3.access(env, "S3_")
    media = s3.media_bucket(
        env,
        reached=reached,
        site=site,
        folder=env.text("MEDIA_ROOT"),
        x_accel=env.text("X_ACCEL", "off"),
    )
    own = s3.access(env, "BACKUP_S3_")
    s3.must_fit(env, media=media, backups=env.text("BACKUP_TO"), reached=own or reached, own=own is not None)
    return media


def test_without_any_files_are_kept_in_a_folder() -> None:
    assert read({}) is None


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        (AMAZON, "https://portal-files.s3.eu-central-1.amazonaws.com"),
        (OWN, "https://s3.example.com"),
        ({**OWN, "S3_ENDPOINT_URL": "https://s3.example.com:9000"}, "https://s3.example.com:9000"),
    ],
)
def test_links_lead_to_one_origin(settings: dict[str, str], origin: str) -> None:
    found = read(settings)
    assert found is not None
    assert (found.origin, found.gives_links) == (origin, True)


def test_no_key_is_in_what_is_printed() -> None:
    assert "secret" not in repr(read(AMAZON)).replace("secret=", "")


@pytest.mark.parametrize(
    ("settings", "name", "remedy"),
    [
        ({"S3_BUCKET": "portal-files"}, "S3_BUCKET", "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY"),
        ({**AMAZON, "S3_SECRET_ACCESS_KEY": ""}, "S3_SECRET_ACCESS_KEY", "both or neither"),
        ({**AMAZON, "S3_ACCESS_KEY_ID": " "}, "S3_ACCESS_KEY_ID", "both or neither"),
        ({"S3_REGION": "eu-central-1"}, "S3_REGION", "both or neither"),
        ({**AMAZON, "S3_REGION": ""}, "S3_REGION", "eu-central-1"),
        ({**AMAZON, "S3_REGION": "eu central"}, "S3_REGION", "eu-central-1"),
        ({**AMAZON, "S3_BUCKET": ""}, "S3_ACCESS_KEY_ID", "set S3_BUCKET too"),
        ({**AMAZON, "S3_BUCKET": "Portal_Files"}, "S3_BUCKET", "small letters"),
        ({**AMAZON, "S3_BUCKET": "portal.files"}, "S3_BUCKET", "small letters"),
        ({**AMAZON, "S3_BUCKET": "s3://portal-files"}, "S3_BUCKET", "small letters"),
        ({**OWN, "S3_ENDPOINT_URL": "s3.example.com"}, "S3_ENDPOINT_URL", "https://s3.example.com"),
        (
            {**OWN, "S3_ENDPOINT_URL": "https://s3.example.com/portal"},
            "S3_ENDPOINT_URL",
            "without the bucket",
        ),
        (
            {**OWN, "S3_ENDPOINT_URL": "https://id:key@s3.example.com"},
            "S3_ENDPOINT_URL",
            "without the bucket",
        ),
        ({**OWN, "S3_ENDPOINT_URL": "http://10.0.0.4:9000"}, "S3_ENDPOINT_URL", "S3_SIGNED_LINKS=off"),
        ({**OWN, "MEDIA_ROOT": "/srv/media"}, "MEDIA_ROOT", "one of the two"),
        ({**OWN, "X_ACCEL": "/protected/"}, "X_ACCEL", "off"),
        ({**OWN, "S3_SIGNED_LINKS": "sometimes"}, "S3_SIGNED_LINKS", "on"),
        ({"S3_SIGNED_LINKS": "off"}, "S3_SIGNED_LINKS", "S3_BUCKET"),
        ({"BACKUP_TO": "s3://backups"}, "BACKUP_TO", "S3_ACCESS_KEY_ID"),
        ({**OWN, "BACKUP_TO": "s3://portal-files/backups"}, "BACKUP_TO", "another bucket"),
        (
            {"BACKUP_S3_ACCESS_KEY_ID": "id", "BACKUP_TO": "s3://backups"},
            "BACKUP_S3_SECRET_ACCESS_KEY",
            "both or neither",
        ),
        (
            {**{f"BACKUP_{name}": value for name, value in AMAZON.items()}, "BACKUP_TO": "/mnt/backups"},
            "BACKUP_S3_ACCESS_KEY_ID",
            "BACKUP_TO=s3",
        ),
        (
            {**AMAZON, "S3_BUCKET": "", **{f"BACKUP_{name}": value for name, value in AMAZON.items()}}
            | {"BACKUP_TO": "s3://backups"},
            "S3_ACCESS_KEY_ID",
            "S3_BUCKET",
        ),
    ],
)
def test_half_of_them_is_refused_by_name_with_the_remedy(
    settings: dict[str, str], name: str, remedy: str
) -> None:
    with pytest.raises(BadSetting) as refusal:
        read(settings)
    assert (refusal.value.name, remedy in str(refusal.value)) == (name, True)
    assert all(value not in str(refusal.value) for value in ("id:key", "secret "))


@pytest.mark.parametrize(
    "settings",
    [
        {**OWN, "S3_ENDPOINT_URL": "http://10.0.0.4:9000", "S3_SIGNED_LINKS": "off"},
        {**OWN, "BACKUP_TO": "s3://portal-backups/portal"},
        {**OWN, "BACKUP_TO": "/mnt/backups"},
    ],
)
def test_these_go_together(settings: dict[str, str]) -> None:
    assert read(settings) is not None


def test_backups_alone_can_be_in_a_bucket() -> None:
    assert read({**OWN, "S3_BUCKET": "", "BACKUP_TO": "s3://portal-backups"}) is None

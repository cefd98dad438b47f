"""PURE. The settings of object storage, refused by name when they are wrong or half there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from practice.core.env import BadSetting, Env

#: What a bucket may be called so that its name can stand before the host; dots break the certificate there.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
NAMES = "3 to 63 small letters, digits and hyphens, the name of a bucket that exists"
ADDRESS = "https://s3.example.com, or empty for Amazon; without the bucket"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
REGION_OF_NONE = "us-east-1"  # what providers without regions sign by
SCHEME = "s3://"
COPIES_ITSELF = "is the bucket of S3_BUCKET, and a backup would copy itself."
SECRETS = ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
MORE = ("ENDPOINT_URL", "REGION")
OF_BACKUPS = tuple(f"BACKUP_S3_{name}" for name in (*SECRETS, *MORE))
#: All settings, as people write them.
SETTINGS = ("S3_BUCKET", "S3_SIGNED_LINKS", *(f"S3_{name}" for name in (*SECRETS, *MORE)), *OF_BACKUPS)


@dataclass(frozen=True)
class Access:
    """How an S3 provider is reached. `endpoint`: its address; `by_path`: the bucket is named in the path."""

    endpoint: str
    region: str
    by_path: bool
    key_id: str = field(repr=False)
    secret: str = field(repr=False)

    def origin(self, bucket: str) -> str:
        """Return scheme, host and port of the links to what lies in a bucket."""
        parts = urlsplit(self.endpoint)
        return (
            f"{parts.scheme}://{parts.netloc}"
            if self.by_path
            else f"{parts.scheme}://{bucket}.{parts.netloc}"
        )


@dataclass(frozen=True)
class Bucket:
    """The bucket in which files are kept. `gives_links`: browsers get audio and video from there."""

    name: str
    access: Access
    gives_links: bool = True

    @property
    def origin(self) -> str:
        """Return scheme, host and port of its links."""
        return self.access.origin(self.name)


def access(env: Env, begin: str) -> Access | None:
    """Return how the provider of `S3_…` (or of another beginning) is reached; None when no key is set.

    Raises BadSetting when it is half set.
    """
    values = {name: env.text(f"{begin}{name}") for name in (*SECRETS, *MORE)}
    missing = [name for name in SECRETS if not values[name]]
    if len(missing) == len(SECRETS):
        if given := [name for name in MORE if values[name]]:
            raise BadSetting(f"{begin}{given[0]}", "it is set without any key.", _all_of(begin))
        return None
    if missing:
        raise BadSetting(f"{begin}{missing[0]}", "it is missing, and the other key is set.", _all_of(begin))
    endpoint = _endpoint(f"{begin}ENDPOINT_URL", values["ENDPOINT_URL"])
    region = values["REGION"]
    if not endpoint and not region:
        raise BadSetting(f"{begin}REGION", "Amazon needs one.", "such as eu-central-1; or set the endpoint")
    if not re.fullmatch(r"[a-z0-9-]*", region):
        raise BadSetting(f"{begin}REGION", f"{region!r} is no region.", "such as eu-central-1")
    return Access(
        endpoint=endpoint or f"https://s3.{region}.amazonaws.com",
        region=region or REGION_OF_NONE,
        by_path=bool(endpoint),
        key_id=values["ACCESS_KEY_ID"],
        secret=values["SECRET_ACCESS_KEY"],
    )


def _all_of(begin: str) -> str:
    return f"{begin}ACCESS_KEY_ID and {begin}SECRET_ACCESS_KEY, both or neither"


def _endpoint(name: str, raw: str) -> str:
    """Return the provider's address without a slash at its end."""
    parts = urlsplit(raw)
    if raw and (parts.scheme not in ("https", "http") or not parts.hostname):
        raise BadSetting(name, f"{raw!r} is no address.", ADDRESS)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadSetting(name, "it says more than scheme, host and port.", ADDRESS)
    return raw.rstrip("/")


def media_bucket(env: Env, *, reached: Access | None, site: str, folder: str, x_accel: str) -> Bucket | None:
    """Return the bucket of S3_BUCKET; None where files are kept in a folder. Raises BadSetting.

    `folder`: MEDIA_ROOT as it was set, and `x_accel` X_ACCEL: neither goes together with a bucket.
    """
    name = env.text("S3_BUCKET")
    links = env.flag("S3_SIGNED_LINKS", True)
    if not name:
        if "S3_SIGNED_LINKS" in env.environ and env.text("S3_SIGNED_LINKS"):
            raise BadSetting("S3_SIGNED_LINKS", "there is no S3_BUCKET.", "empty, or set S3_BUCKET too")
        return None
    if not NAME.fullmatch(name):
        raise BadSetting("S3_BUCKET", f"{name!r} does not fit.", NAMES)
    if reached is None:
        raise BadSetting("S3_BUCKET", "it is set without its keys.", _all_of("S3_"))
    if folder:
        raise BadSetting("MEDIA_ROOT", "S3_BUCKET is set too.", "one of the two, the other empty")
    if x_accel != "off":
        raise BadSetting("X_ACCEL", "the recordings are in S3_BUCKET, where nginx finds no files.", "off")
    found = Bucket(name, reached, links)
    if links and site.startswith("https://") and not _is_safe(found.origin):
        raise BadSetting(
            "S3_ENDPOINT_URL",
            "browsers load nothing over http on a page that came over https.",
            "an https:// address, or S3_SIGNED_LINKS=off: then the portal itself sends the recordings",
        )
    return found


def _is_safe(origin: str) -> bool:
    return origin.startswith("https://") or urlsplit(origin).hostname in LOOPBACK


def must_fit(env: Env, *, media: Bucket | None, backups: str, reached: Access | None, own: bool) -> None:
    """Raise BadSetting for keys that nothing uses, and for backups that have no keys or lie with the media.

    `backups`: BACKUP_TO; `reached`: by which keys; `own`: whether these are those of BACKUP_S3_….
    """
    in_bucket = is_bucket(backups)
    if in_bucket and reached is None:
        raise BadSetting("BACKUP_TO", "a bucket needs keys.", f"a folder, or set {_all_of('S3_')}")
    if own and not in_bucket:
        raise BadSetting("BACKUP_S3_ACCESS_KEY_ID", "BACKUP_TO is no bucket.", "empty, or BACKUP_TO=s3://…")
    if env.text("S3_ACCESS_KEY_ID") and media is None and (own or not in_bucket):
        raise BadSetting("S3_ACCESS_KEY_ID", "nothing is kept there.", "empty, or set S3_BUCKET too")
    if is_of_media(backups, media=media, reached=reached):
        raise BadSetting("BACKUP_TO", f"{backups} {COPIES_ITSELF}", "another bucket")


def is_of_media(backups: str, *, media: Bucket | None, reached: Access | None) -> bool:
    """Return whether an address for backups names the bucket in which the files lie that are backed up."""
    if media is None or reached is None or not is_bucket(backups):
        return False
    return (media.name, media.access.endpoint) == (bucket_and_prefix(backups)[0], reached.endpoint)


def is_bucket(address: str) -> bool:
    """Return whether an address for backups names a bucket."""
    return address.startswith(SCHEME)


def bucket_and_prefix(address: str) -> tuple[str, str]:
    """Return what `s3://bucket/folder` names."""
    name, _, prefix = address.removeprefix(SCHEME).partition("/")
    return name, prefix.strip("/")

"""Notes of erasures beside the backups: who is gone, as numbers, so that a restore erases them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from practice.backup.engine.manifest import name_for
from practice.backup.places import BackupPlace
from practice.models import Erasure

FOLDER = "erased"


@dataclass(frozen=True)
class ErasedRecord:
    """A record that was erased: its number, and the hash that tells it from a later one."""

    number: int
    proof: str

    @classmethod
    def read(cls, name: str) -> ErasedRecord:
        """Return what the name of a note says."""
        _at, number, proof = name.rpartition("/")[2].split("_")
        return cls(int(number), proof)


def _name(one: Erasure) -> str:
    return f"{FOLDER}/{name_for(one.at)}_{one.number}_{one.proof}"


def note_all(place: BackupPlace, *, oldest: datetime) -> int:
    """Write a note for every erasure that has none in this place yet; return how many were written.

    `oldest`: when the oldest backup there was begun; what was erased before is in none of them.
    """
    if Erasure._meta.db_table not in connection.introspection.table_names():  # before an upgrade
        return 0
    there = set(place.names(FOLDER))
    new = [name for name in map(_name, Erasure.objects.filter(at__gte=oldest)) if name not in there]
    for name in new:
        place.write(name, b"")
    return len(new)


def any_since(moment: datetime) -> bool:
    """Return whether anybody was erased after that."""
    return Erasure.objects.filter(at__gte=moment).exists()


def since(place: BackupPlace, made_at: datetime) -> list[ErasedRecord]:
    """Return what was erased after a backup was begun, in that order."""
    first = f"{FOLDER}/{name_for(made_at)}"
    return [ErasedRecord.read(name) for name in sorted(place.names(FOLDER)) if name >= first]


def forget_before(place: BackupPlace, oldest: datetime) -> None:
    """Remove the notes in this place of what none of its backups holds any more."""
    first = f"{FOLDER}/{name_for(oldest)}"
    place.remove([name for name in place.names(FOLDER) if name < first])

"""Of several servers named in DATABASE_URL, `pg_dump` asks the one that the portal is connected to."""

from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.conninfo import conninfo_to_dict

from practice.backup.postgres import conninfo


def reached(**options: str) -> dict[str, object]:
    settings = {"NAME": "portal", "USER": "portal", "PASSWORD": "secret", "HOST": "", "PORT": ""}
    words, _environ = conninfo(DatabaseWrapper({**settings, "OPTIONS": options, "TIME_ZONE": None}))
    return conninfo_to_dict(words)


def test_a_backup_is_read_from_the_server_that_takes_writes():
    found = reached(host="db-east,db-west", target_session_attrs="read-write")
    assert (found["host"], found["target_session_attrs"]) == ("db-east,db-west", "read-write")


def test_with_one_server_nothing_is_asked_of_it():
    assert reached(host="db-east") == {"host": "db-east", "user": "portal", "dbname": "portal"}

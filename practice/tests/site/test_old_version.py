"""`upgrade --rolling` goes ahead only with migrations that programs of the old version can live with."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

from practice.management.commands import upgrade
from practice.site.old_version import troubles


def before() -> ProjectState:
    """An app with one model."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField("name", max_length=10)),
        ("size", models.IntegerField()),
    ]
    state.add_model(ModelState("inn", "Room", fields))
    return state


def migration(*operations: object, **attributes: object) -> migrations.Migration:
    made = migrations.Migration("0002_next", "inn")
    made.operations = list(operations)
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


HARMLESS = {
    "a new table": migrations.CreateModel("Bed", [("id", models.BigAutoField(primary_key=True))]),
    "a column that may be empty": migrations.AddField("Room", "view", models.TextField(null=True)),
    "a column that the database fills": migrations.AddField("Room", "view", models.TextField(db_default="")),
    "a table between two": migrations.AddField("Room", "near", models.ManyToManyField("inn.Room")),
    "an index": migrations.AddIndex("Room", models.Index(fields=["size"], name="by_size")),
    "other words": migrations.AlterField(
        "Room", "name", models.CharField("title", max_length=10, blank=True)
    ),
    "another default of Python": migrations.AlterField("Room", "size", models.IntegerField(default=2)),
    "only Django's own knowledge": migrations.SeparateDatabaseAndState(
        state_operations=[migrations.RemoveField("Room", "size")]
    ),
}
HARMFUL = {
    "a column less": migrations.RemoveField("Room", "size"),
    "a table less": migrations.DeleteModel("Room"),
    "another name": migrations.RenameField("Room", "size", "beds"),
    "a column that it does not fill": migrations.AddField("Room", "view", models.TextField(default="")),
    "a shorter column": migrations.AlterField("Room", "name", models.CharField("name", max_length=5)),
    "a column elsewhere": migrations.AlterField("Room", "size", models.IntegerField(db_column="beds")),
    "a rule": migrations.AddConstraint(
        "Room", models.CheckConstraint(condition=models.Q(size__gt=0), name="not_empty")
    ),
    "whatever SQL does": migrations.RunSQL("DROP TABLE inn_room"),
    "whatever Python does": migrations.RunPython(migrations.RunPython.noop),
    "a column less, said twice": migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RemoveField("Room", "size")]
    ),
}


@pytest.mark.parametrize("operation", HARMLESS.values(), ids=HARMLESS)
def test_what_is_added_and_left_empty_is_harmless(operation: object) -> None:
    assert troubles([migration(operation)], before()) == []


@pytest.mark.parametrize("operation", HARMFUL.values(), ids=HARMFUL)
def test_what_is_taken_away_or_asked_for_is_named(operation: object) -> None:
    (line,) = troubles([migration(operation)], before())
    assert line.startswith("inn.0002_next: ")


def test_a_later_migration_is_judged_by_what_an_earlier_one_left() -> None:
    wider = migrations.AlterField("Room", "name", models.CharField("name", max_length=99))
    again = migrations.AlterField("Room", "name", models.CharField("title", max_length=99))
    assert len(troubles([migration(wider), migration(again)], before())) == 1


def test_an_author_who_has_thought_about_it_may_say_so() -> None:
    assert (
        troubles([migration(HARMFUL["whatever SQL does"], old_version_can_live_with_it=True)], before()) == []
    )


@pytest.fixture
def migrates(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `upgrade` does to the database, which is only noted."""
    done: list[str] = []
    monkeypatch.setattr(upgrade.Command, "migrate_and_check", lambda _self: done.append("migrated"))
    return done


def upgraded() -> str:
    said = StringIO()
    call_command("upgrade", rolling=True, yes=True, no_backup=True, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_rolling_upgrade_leaves_the_site_open_and_says_what_comes_next(migrates: list[str]) -> None:
    said = upgraded()
    assert migrates == ["migrated"]
    assert "The site stays open" in said
    assert "one after the other: docs/several-machines.md" in said
    assert "closed for" not in said
    assert "/set-up/" in said  # nobody owns this practice yet, and no `up` prints the link


@pytest.mark.django_db
def test_a_rolling_upgrade_refuses_what_the_old_version_cannot_live_with(
    migrates: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [(migration(migrations.RemoveField("practice", "name")), False)]
    steps[0][0].app_label = "practice"
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_args, **_more: steps)
    with pytest.raises(CommandError, match=r"practice\.0002_next: Remove field name from practice"):
        upgraded()
    assert migrates == []

"""The product reads its own pinned time zone data, in each of its processes, and says which and how old."""

from __future__ import annotations

import ast
import datetime as dt
import os
import re
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import DateTimeField

from booking.calendars.importing.sandbox import read_in_sandbox
from practice import checks
from practice.core import zone_data
from practice.health import zone_data_age
from practice.testing import OLD_RULES, make_practice, old_rules
from practice.tests.code.reading_order import ROOT, sources

IN_DECEMBER = dt.datetime(2026, 12, 15, 20, tzinfo=dt.UTC)
ASK = (
    "import datetime, zoneinfo; there = zoneinfo.ZoneInfo('America/Vancouver'); "
    "print(datetime.datetime(2026, 12, 15, 12, tzinfo=there).isoformat())"
)
#: How each program of ours begins; `manage.py shell` stands for every command.
PROGRAMS = {
    "the web": ["-c", f"import practice.wsgi; {ASK}"],
    "a worker, and beat": ["-c", f"import practice.celery; {ASK}"],
    "a command": ["manage.py", "shell", "--no-imports", "-c", ASK],
    "a bench": ["-c", f"import booking.availability.engine.slots; {ASK}"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_reads_the_pinned_rules_on_a_machine_with_old_ones(program, tmp_path):
    said = subprocess.run(
        [sys.executable, *PROGRAMS[program]],
        cwd=ROOT,
        # What `up` starts is told to read no other; here the program is alone with the machine.
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PYTHONTZPATH": str(OLD_RULES)},
        capture_output=True,
        text=True,
    )

    assert said.stdout.strip() == "2026-12-15T12:00:00-07:00", said.stderr


def test_a_calendar_is_read_by_the_pinned_rules_in_the_process_that_reads_it():
    lines = [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a"),
        *("DTSTART;TZID=America/Vancouver:20261215T120000", "DTEND;TZID=America/Vancouver:20261215T130000"),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    week = dt.timedelta(days=7)
    found = read_in_sandbox(
        "\r\n".join(lines).encode(), first=IN_DECEMBER - week, until=IN_DECEMBER + week, zone=ZoneInfo("UTC")
    )

    assert [start.hour for start, _end in found.busy] == [19]


def test_the_tests_read_them_too_and_so_do_the_processes_they_start():
    assert IN_DECEMBER.astimezone(ZoneInfo("America/Vancouver")).hour == 13
    assert os.environ["PYTHONTZPATH"] == ""


def test_old_rules_are_old_while_a_test_asks_for_them():
    with old_rules():
        assert IN_DECEMBER.astimezone(ZoneInfo("America/Vancouver")).hour == 12
        assert zone_data.version() == "unknown"
    assert IN_DECEMBER.astimezone(ZoneInfo("America/Vancouver")).hour == 13


# Nothing computes a day or an hour where other data are read


#: What has a database compute a local time, by its own data.
IN_THE_DATABASE = re.compile(
    r"\b(?:Trunc|Extract)(?:Date|Time|Year|IsoYear|Quarter|Month|Week|WeekDay|IsoWeekDay|Day|Hour|Minute)?\b"
    r"|__(?:date|time|year|iso_year|quarter|month|week|week_day|iso_week_day|day|hour|minute)\b"
    r"|\.(?:dates|datetimes)\(|at time zone|date_trunc|current_date|localtimestamp",
    re.I,
)
#: Python's own ways past `zoneinfo`: the C library's data.
BY_THE_MACHINE = re.compile(
    r"\.astimezone\(\)|time\.localtime|datetime\.now\(\)|date\.today\(\)|utcfromtimestamp"
)
BY_THE_BROWSER = re.compile(
    r"toLocale(?:Date|Time)?String|\.get(?:Hours|Minutes|Date|Day|Month|FullYear|Timezone)"
)


def offenders(texts, pattern):
    """Return the modules in whose code (not in its words) the pattern is found."""
    return sorted(name for name, text in texts.items() if pattern.search(code_of(text)))


def code_of(text):
    """Return a module's text without its docstrings."""
    module = ast.parse(text)
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body[0].value.value = ""
    return ast.unparse(module)


def ours():
    """Return the texts of all code but tests."""
    found = {name: text for name, text in sources().items() if ".tests" not in name}
    for folder in ("bench", "tools"):
        found |= {str(path): path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")}
    return found


def test_no_query_computes_a_local_day_or_hour_in_the_database():
    # The first counts seconds, which are the same in every zone; the second asks PostgreSQL, to compare.
    assert offenders(ours(), IN_THE_DATABASE) == ["booking.models.seconds", "practice.health.zone_data_age"]


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(starts_at__date=day)",
        "rows.annotate(day=TruncDate('at', tzinfo=zone))",
        "cursor.execute('SELECT at AT TIME ZONE %s')",
        "rows.datetimes('at', 'day')",
        "rows.filter(**{'at__hour': 9})",
    ],
)
def test_such_a_query_is_found(line):
    assert offenders({"planted": line}, IN_THE_DATABASE) == ["planted"]


def test_no_code_asks_the_machine_for_a_local_time():
    assert offenders(ours(), BY_THE_MACHINE) == []


def test_no_list_of_the_back_office_lets_the_database_divide_instants_into_days():
    divided = {
        str(model.model._meta): model.date_hierarchy
        for model in admin.site._registry.values()
        if model.date_hierarchy and isinstance(model.opts.get_field(model.date_hierarchy), DateTimeField)
    }
    assert divided == {}


def test_no_page_computes_a_local_time_in_the_browser():
    scripts = [
        path for config in apps.get_app_configs() for path in (ROOT / config.label).rglob("static/js/*.js")
    ]
    assert scripts
    assert [path.name for path in scripts if BY_THE_BROWSER.search(path.read_text(encoding="utf-8"))] == []


# Which version, and how old


def test_the_version_is_the_pinned_one():
    assert re.fullmatch(r"20\d\d[a-z]+", zone_data.version())


def test_the_day_of_the_pinned_release_is_known():
    year, number = re.search(
        r"^tzdata==(\d+)\.(\d+)", (ROOT / "requirements.lock").read_text(), re.M
    ).groups()
    assert f"{year}{chr(ord('a') + int(number) - 1)}" in zone_data.RELEASED


@pytest.mark.parametrize(
    ("later", "earlier"), [("2026f", "2026a"), ("2027a", "2026f"), ("2026za", "2026z"), ("2026a", "unknown")]
)
def test_versions_are_put_in_the_order_in_which_they_came_out(later, earlier):
    assert zone_data.is_newer(later, earlier)
    assert not zone_data.is_newer(earlier, later)
    assert not zone_data.is_newer(later, later)


@pytest.mark.parametrize(("name", "line"), [("+VERSION", "2027a\n"), ("tzdata.zi", "# version 2027a\nR d\n")])
def test_a_folder_of_zones_names_its_version(tmp_path, name, line):
    (tmp_path / name).write_text(line)
    assert zone_data.version_in([tmp_path / "none", tmp_path]) == "2027a"


def test_data_are_old_a_year_after_they_came_out(monkeypatch):
    monkeypatch.setitem(zone_data.RELEASED, zone_data.version(), dt.date(2026, 10, 28))
    assert not zone_data.is_old(dt.datetime(2027, 10, 28, 23, tzinfo=dt.UTC))
    assert zone_data.is_old(dt.datetime(2027, 10, 29, tzinfo=dt.UTC))


@pytest.mark.django_db
def test_newer_data_in_the_system_are_said_on_the_health_page_which_stays_as_it_was(client, monkeypatch):
    monkeypatch.setattr(zone_data, "system_version", lambda: "2099a")
    monkeypatch.setattr(zone_data_age, "database_differs", lambda _day: ())
    before = client.get("/healthz").status_code
    said = client.get("/healthz").json()["time_zones"]

    assert said["version"] == zone_data.version()
    assert len(said["warnings"]) == 1
    assert "2099a" in said["warnings"][0]
    monkeypatch.setattr(zone_data, "system_version", lambda: None)
    assert client.get("/healthz").json()["time_zones"]["warnings"] == []
    assert client.get("/healthz").status_code == before


@pytest.mark.django_db
def test_data_a_year_old_are_a_warning_of_the_system_checks_with_a_database_only(monkeypatch):
    monkeypatch.setattr(zone_data, "is_old", lambda _now: True)
    monkeypatch.setattr(zone_data, "system_version", lambda: None)
    monkeypatch.setattr(zone_data_age, "database_differs", lambda _day: ())

    assert [one.id for one in checks.zone_data_is_fresh(databases=["default"])] == ["practice.W011"]
    assert checks.zone_data_is_fresh() == []


@pytest.mark.engines
@pytest.mark.django_db
def test_rules_that_only_the_database_knows_are_named(monkeypatch):
    """PostgreSQL names no version: it is asked for known changes, and then for the zones in use."""
    make_practice(zone="America/Vancouver")
    zone_data_age.database_differs.cache_clear()
    theirs = {probe[:2]: probe[2] for probe in zone_data_age.KNOWN_SINCE_2026}

    def of_tomorrow(probes):
        return [
            theirs.get(probe, 3600 if probe[0] == "America/Vancouver" else zone_data_age.offset_of(*probe))
            for probe in probes
        ]

    monkeypatch.setattr(zone_data_age.connection, "vendor", "postgresql")
    monkeypatch.setattr(zone_data_age, "offsets_in_database", of_tomorrow)
    try:
        assert zone_data_age.database_differs("2027-03-02") == ("America/Vancouver",)
    finally:
        zone_data_age.database_differs.cache_clear()


@pytest.mark.engines
@pytest.mark.django_db
def test_a_database_with_older_data_is_no_reason_to_warn(monkeypatch):
    make_practice(zone="America/Vancouver")
    zone_data_age.database_differs.cache_clear()
    if zone_data_age.connection.vendor == "postgresql":  # really asked; a zone that nobody knows is no error
        assert zone_data_age.offsets_in_database([("UTC", IN_DECEMBER), ("Asia/Tokyo", IN_DECEMBER)]) == [
            0,
            32400,
        ]
        assert zone_data_age.offsets_in_database([("Mars/Olympus", IN_DECEMBER)]) is None
    monkeypatch.setattr(zone_data_age, "KNOWN_SINCE_2026", (("America/Vancouver", IN_DECEMBER, 1),))
    assert zone_data_age.database_differs("2027-03-02") == ()
    zone_data_age.database_differs.cache_clear()

"""From bytes to rows, and from a row to what it means: tables of what exports look like."""

from __future__ import annotations

import csv
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from booking.moving_in.engine import cells, columns, dates, encodings, table
from booking.moving_in.engine.drafts import Draft, Reading, read_row
from booking.moving_in.engine.duplicates import first_of_each
from booking.moving_in.engine.table import NoTable, Row, guess_separator, must_be_text, read_table

DENVER = ZoneInfo("America/Denver")
NAMES = "name\nJosé Núñez\nZoë Müller\nAnn-Marie O’Neill\n"


@pytest.mark.parametrize("encoding", encodings.ENCODINGS)
@pytest.mark.parametrize("text", [NAMES, "NAME\nJOSÉ MUÑOZ\n", "name\nFrançois Lefèvre\n"])
def test_each_encoding_is_guessed_and_read(encoding: str, text: str) -> None:
    content = text.encode(encoding)
    guessed = encodings.guess(content)
    assert (guessed, encodings.decode(content, guessed)) == (encoding, text)


def test_plain_english_is_utf_8() -> None:
    assert encodings.guess(b"name\nAnn Lee\n") == encodings.UTF_8


def test_a_wrong_choice_is_refused_and_not_read_as_rubbish() -> None:
    with pytest.raises(encodings.Undecodable):
        encodings.decode("José".encode("cp1252"), encodings.UTF_8)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("name,email\nAnn Lee,ann@x.com\n", ","),
        ("name;note\nLee;Tea, milk, sugar\nHart;A, b, c\n", ";"),
        ("name\temail\nAnn, Lee\tann@x.com\n", "\t"),
        ('name,note\n"Lee; Ann","a;b;c"\n', ","),
        ("sep=;\nname;email\nAnn;a@x.com\n", ";"),
        ("name\nAnn\n", ","),
    ],
)
def test_the_separator_is_the_one_that_cuts_all_lines_alike(text: str, separator: str) -> None:
    assert guess_separator(text) == separator


def test_rows_keep_the_number_a_spreadsheet_shows() -> None:
    read = read_table('name,note\n\nAnn,"two\nlines"\n,\nBen,\n', ",")
    assert [(row.number, row.cells) for row in read.rows] == [(3, ("Ann", "two\nlines")), (5, ("Ben", ""))]


def test_the_line_that_names_the_separator_is_no_heading() -> None:
    assert read_table("sep=;\r\nname;email\r\nAnn;a@x.com\r\n", ";").headings == ("name", "email")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('name\n"Ann\nBen\n', "file_quotes"),
        ('name\n"Ann"x\n', "file_quotes"),
        ("name\nAnn\0\n", "file_zero"),
        ("name\n", "file_only_headings"),
        ("name,email\n,\n", "file_only_headings"),
        ("\nAnn\n", "file_no_headings"),
        ("name,Name \nAnn,Lee\n", "file_same_heading"),
        (",".join(f"c{n}" for n in range(201)) + "\n", "file_too_many_columns"),
        ("name\n" + "Ann\n" * 50_001, "file_too_many_rows"),
        (f"name\n{'x' * (csv.field_size_limit() + 1)}\n", "file_quotes"),
    ],
)
def test_what_is_wrong_with_a_whole_file_is_said_by_a_code(text: str, code: str) -> None:
    with pytest.raises(NoTable) as caught:
        read_table(text, ",")
    assert caught.value.code == code


def test_fifty_thousand_rows_are_not_too_many() -> None:
    assert len(read_table("name\n" + "Ann\n" * 50_000, ",").rows) == 50_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \r\n", "file_empty"),
        (b"PK\x03\x04\x14\x00", "file_no_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "file_no_csv"),
        (b"%PDF-1.7", "file_no_csv"),
    ],
)
def test_a_workbook_is_told_by_its_first_bytes(content: bytes, code: str) -> None:
    with pytest.raises(NoTable) as caught:
        must_be_text(content)
    assert caught.value.code == code


# --- Days and hours -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "order", "sure"),
    [
        (["3/4/2027", "3/5/2027"], "mdy", False),
        (["3/4/2027", "3/25/2027"], "mdy", True),
        (["3/4/2027", "25/3/2027"], "dmy", True),
        (["3/25/2027", "25/3/2027"], "mdy", False),
        (["04.03.2027 9:00", "16.03.2027 9:00"], "dmy", True),
        (["2027-03-04", "2027-12-31T10:00:00Z"], "ymd", True),
        (["March 4, 2027", "Tue, 4 March 2027"], "mdy", True),
        ([""], "mdy", True),
    ],
)
def test_one_row_tells_the_order_for_all_and_in_doubt_none_does(
    values: list[str], order: str, sure: bool
) -> None:
    assert dates.guess_order(values) == dates.Guess(order, sure)


@pytest.mark.parametrize(
    ("values", "clock", "sure"),
    [
        (["3/4/2027 2:30 PM"], "12", True),
        (["10:00", "14:30"], "24", True),
        (["10:00", "2:30"], "24", False),
        (["9:00", "10:00"], "24", True),
    ],
)
def test_hours_to_12_or_to_24_are_told_by_all_rows(values: list[str], clock: str, sure: bool) -> None:
    assert dates.guess_clock(values) == dates.Guess(clock, sure)


@pytest.mark.parametrize(
    ("text", "order", "wall"),
    [
        ("3/4/2027 2:30 PM", "mdy", "2027-03-04T14:30"),
        ("3/4/2027 2:30 PM", "dmy", "2027-04-03T14:30"),
        ("04.03.27 14:30", "dmy", "2027-03-04T14:30"),
        ("2027-03-04 14:30", "dmy", "2027-03-04T14:30"),
        ("March 4, 2027 at 2:30 pm", "dmy", "2027-03-04T14:30"),
        ("Thu, 4 Mar 2027, 14h30", "mdy", "2027-03-04T14:30"),
        ("3/4/2027 12:00 AM", "mdy", "2027-03-04T00:00"),
        ("3/4/2027 12:15 p.m.", "mdy", "2027-03-04T12:15"),
        ("13/13/2027 10:00", "mdy", None),
        ("2/29/2027 10:00", "mdy", None),
        ("3/4/2027 25:00", "mdy", None),
        ("3/4/2027 13:00 PM", "mdy", None),
        ("3/4/2027", "mdy", None),
        ("next Tuesday", "mdy", None),
    ],
)
def test_a_moment_is_read_in_its_order(text: str, order: str, wall: str | None) -> None:
    found = dates.read_moment(text, order, "24")
    assert (found and found.wall) == (dt.datetime.fromisoformat(wall) if wall else None)


def test_by_a_clock_to_twelve_an_hour_without_its_half_is_not_known() -> None:
    assert dates.read_time("2:30", "12") is None


# --- Rows ---------------------------------------------------------------------------------------------


def person(**said: str) -> Draft:
    """What a row of clients says."""
    reading = Reading("clients", {name: n for n, name in enumerate(said)}, "mdy", "12", DENVER, "US")
    return read_row(Row(2, tuple(said.values())), reading)


def appointment(start: str, time: str | None = None) -> Draft:
    """What a row of appointments says."""
    found = {"name": 0, "start": 1} | ({"time": 2} if time is not None else {})
    return read_row(
        Row(2, ("Ann", start, time or "")), Reading("appointments", found, "mdy", "12", DENVER, "US")
    )


@pytest.mark.parametrize(
    "typed", ["(303) 555-0142", "303.555.0142", "+1 303 555 0142", "'3035550142", "tel:303-555-0142"]
)
def test_a_phone_number_is_kept_in_one_form_however_it_was_typed(typed: str) -> None:
    assert person(name="Ann", phone=typed).phone == "+13035550142"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": " "}, "row_no_name"),
        ({"name": "x" * 151}, "row_long_name"),
        ({"name": "Ann", "email": "ann@"}, "row_email"),
        ({"name": "Ann", "email": "a@b.c, d@e.f"}, "row_email"),
        ({"name": "Ann", "phone": "555 0142"}, "row_phone"),
        ({"name": "Ann", "phone": "call me"}, "row_phone"),
        ({"name": "x" * 2001}, "row_long_cell"),
        ({"name": "Ann\ud800"}, "row_characters"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_by_a_code_without_its_cells(
    said: dict[str, str], code: str
) -> None:
    draft = person(**said)
    assert draft.problem == code
    assert not set(draft.params.values()) & set(said.values())


def test_a_name_comes_from_one_column_from_two_or_with_its_address() -> None:
    assert person(first_name="Ann", last_name=" Lee ").name == "Ann Lee"
    both = person(name="Ann Lee (Ann@X.com)")
    assert (both.name, both.email) == ("Ann Lee", "ann@x.com")


def test_a_formula_is_a_name_like_any_other() -> None:
    assert person(name="=cmd|' /C calc'!A0").name == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("start", "time", "instant"),
    [
        ("3/16/2027 10:00 AM", None, "2027-03-16T16:00+00:00"),
        ("3/16/2027", "10:00 AM", "2027-03-16T16:00+00:00"),
        ("3/16/2027 12:00 AM", "10:00 AM", "2027-03-16T16:00+00:00"),
        ("2027-03-16T16:00:00.000Z", "", "2027-03-16T16:00+00:00"),
        ("2027-03-16T10:00:00-06:00", None, "2027-03-16T16:00+00:00"),
    ],
)
def test_a_start_is_on_the_practices_clock_unless_it_says_otherwise(
    start: str, time: str | None, instant: str
) -> None:
    assert appointment(start, time).start == dt.datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("3/14/2027 2:30 AM", "row_no_such_time"),
        ("11/7/2027 1:30 AM", "row_time_twice"),
        ("soon", "row_start"),
        ("", "row_no_start"),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_an_error_of_the_row(start: str, code: str) -> None:
    assert appointment(start).problem == code


def test_a_row_with_words_beside_the_headings_is_not_trusted() -> None:
    (row,) = read_table("name,phone\nLee, Ann,303 555 0142\n", ",").rows
    reading = Reading("clients", {"name": 0}, "mdy", "12", DENVER, "US")
    assert read_row(row, reading).problem == "row_more_cells"


def test_rows_of_one_person_are_told_by_email_or_by_name_and_phone() -> None:
    people = [
        Draft(2, "Ann Lee", "ann@x.com", "+13035550101"),
        Draft(3, "A. Lee", "ann@x.com"),
        Draft(4, "ANN  LEE", "", "+13035550101"),
        Draft(5, "Ben Lee", "", "+13035550101"),
        Draft(6, "Ann Lee"),
        Draft(7, "ann lee"),
        Draft(8, "Ann Lee", "ann@x.com", problem="row_phone"),
    ]
    assert first_of_each(people) == {3: 2, 4: 2, 7: 6}


# --- Columns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", columns.PRESETS, ids=lambda one: one.code)
def test_a_preset_finds_its_own_file_and_all_that_its_kind_needs(preset: columns.Preset) -> None:
    headings = list(dict.fromkeys((*preset.headings, *preset.fields.values())))
    assert columns.preset_of(headings, preset.kind) is preset
    assert columns.missing(columns.guess_columns(headings, preset.kind), preset.kind) == []


@pytest.mark.parametrize(
    ("headings", "kind", "found"),
    [
        ("First Name|Last Name|E-mail|Mobile", "clients", "first_name last_name email phone"),
        ("Nombre|Apellidos|Correo electrónico|Teléfono", "clients", "first_name last_name email phone"),
        ("client_name|startTime|Service", "appointments", "name start session_type"),
        ("Client|Date|Time|Staff Member", "appointments", "name start time practitioner"),
        ("Shoe size", "clients", ""),
    ],
)
def test_columns_are_guessed_by_their_headings(headings: str, kind: str, found: str) -> None:
    expected = {field: number for number, field in enumerate(found.split())}
    assert columns.guess_columns(headings.split("|"), kind) == expected


def test_what_is_needed_and_not_there_is_named() -> None:
    assert columns.missing({"email": 0}, "appointments") == [("name", "first_name", "last_name"), ("start",)]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_of_the_list_of_failed_rows_is_a_formula(cell: str) -> None:
    (line,) = cells.lines([[cell]])
    assert next(csv.reader([line.removeprefix("\ufeff")]))[0] == f"'{cell}"


def test_what_is_no_formula_stays() -> None:
    assert cells.defused("Ann-Marie") == "Ann-Marie"


def test_the_limits_are_what_the_pages_say() -> None:
    assert (table.MOST_ROWS, table.LONGEST_CELL) == (50_000, 2_000)

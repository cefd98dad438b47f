"""The owner's reports: who reads them, what they say when there is nothing, and what the file holds."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from booking.models import Appointment, LedgerEntry
from booking.payments.actions.record import record
from portal.tests.practice_day import Scenario, denver, make_scenario, page
from practice.models import Practice
from practice.testing import at_work, make_practice, make_practitioner

PAGE, FILE = "/workspace/practice/reports/", "/workspace/practice/reports/file/"


@pytest.fixture
def scenario(db: None) -> Scenario:
    """Ann paid for a session in February and practiced; she comes next week again."""
    made = make_scenario()
    session = made.came(made.ann, "2027-02-02 09:00")
    made.came(made.ann, "2027-02-16 09:00")
    made.heard(made.ann, "2027-02-10 08:00", minutes=21)
    record(session, cents=9500, how="cash", by=made.tess.user, key="k", now=denver("2027-02-02 10:00"))
    return made


def lines(answer) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def numbers(text: str) -> dict[str, str]:
    """The figures of a page: name → number."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd class=\"figures__number\">(.*?)</dd>", text))


@pytest.mark.parametrize("path", [PAGE, FILE, f"{PAGE}?month=2027-02"])
def test_only_the_owner_reads_reports(scenario, path) -> None:
    assert at_work(scenario.tess.user).get(path).status_code == 200
    for user in (scenario.jonah.user, scenario.faye):
        assert at_work(user).get(path).status_code == 404
    stranger = Client()
    stranger.force_login(scenario.ann)
    assert stranger.get(path).status_code == 404
    assert Client().get(path).status_code in (302, 404)


def test_a_month_says_each_number_and_names_no_one(scenario) -> None:
    text = page(scenario.tess.user, f"{PAGE}?month=2027-02")
    assert "February 2027" in text
    found = numbers(text)
    assert (found["Booked"], found["Took place"], found["No-shows"]) == ("2 hr", "2 hr", "0")
    assert (found["New clients"], found["Returning clients"]) == ("1", "0")
    assert (found["Cash"], found["Total"]) == ("$95", "$95")
    assert (found["Clients who practiced"], found["Time listened"]) == ("1 of 1", "21 min")
    assert "Ann" not in text
    assert "Let the floor" not in text
    assert "%" not in re.sub(r"<[^>]+>", "", text)


def test_each_drawing_has_a_text_and_a_table_with_the_same_twelve_months(scenario) -> None:
    text = page(scenario.tess.user, f"{PAGE}?month=2027-02")
    assert text.count('class="chart chart--wide"') == text.count('class="chart chart--tall"') == 3
    assert text.count('role="img"') == 6
    for table in re.findall(r"<tbody>.*?</tbody>", text, re.DOTALL):
        months = re.findall(r'<th scope="row">(.*?)</th>', table)
        assert (len(months), months[0], months[-1]) == (12, "February 2027", "March 2026")
    known = re.findall(r'id="(.*?)"', text)
    assert len(known) == len(set(known))
    for said in re.findall(r'aria-labelledby="(.*?)"', text):
        assert set(said.split()) <= set(known)
    assert "style=" not in text


def test_a_new_practice_reads_a_calm_sentence_and_is_led_nowhere(db) -> None:
    make_practice()
    tess = make_practitioner()
    text = page(tess.user, PAGE)
    assert "Nothing to report yet" in text
    assert '<svg class="chart' not in text
    assert "The month before" not in text
    assert at_work(tess.user).get(FILE).status_code == 200


def test_an_empty_month_says_so_and_keeps_the_months_before_it(scenario) -> None:
    Appointment.objects.filter(starts_at__gte=denver("2027-03-01 00:00")).delete()
    text = page(scenario.tess.user, PAGE)
    assert "Nothing was recorded in this month" in text
    assert "Show as a table" in text
    assert not numbers(text)


@pytest.mark.parametrize("said", ["2027-04", "9999-99", "x", "2027-02-30", "0000-01"])
def test_an_address_that_is_no_month_shows_this_one(scenario, said) -> None:
    text = page(scenario.tess.user, f"{PAGE}?month={said}")
    assert "March 2027" in text
    assert "The month after" not in text


def test_the_first_month_of_all_leads_no_further_back(scenario) -> None:
    text = page(scenario.tess.user, f"{PAGE}?month=2000-01")
    assert "The month before" not in text
    assert "The month after" in text


def test_the_file_has_a_line_for_each_month_with_plain_numbers(scenario) -> None:
    answer = at_work(scenario.tess.user).get(f"{FILE}?month=2027-02")
    assert answer["Content-Disposition"] == 'attachment; filename="reports-2027-02.csv"'
    found = lines(answer)
    assert (len(found), found[-1]["Month"], found[0]["Month"]) == (12, "2027-02", "2026-03")
    assert (found[-1]["Booked minutes"], found[-1]["Minutes listened"]) == ("120", "21")
    assert found[-1]["Received, cash, USD"] == "95.00"
    assert found[0]["Received, cash, USD"] == "0.00"


def test_no_heading_of_the_file_is_a_formula_whatever_a_way_is_called(scenario, monkeypatch) -> None:
    monkeypatch.setattr("portal.reports.spreadsheet._", lambda words: f"={words}")
    head = at_work(scenario.tess.user).get(FILE).content.decode("utf-8-sig").splitlines()[0]
    assert all(cell.startswith("'=") for cell in next(csv.reader([head])))


def test_money_is_shown_in_each_currency_by_itself(scenario) -> None:
    LedgerEntry.objects.create(
        appointment=Appointment.objects.first(),
        what="payment",
        how="card",
        cents=8000,
        currency="EUR",
        at=denver("2027-02-03 09:00"),
        key="eur",
    )
    text = page(scenario.tess.user, f"{PAGE}?month=2027-02")
    assert "€80" in text
    assert text.count('id="year-received-eur"') == text.count('id="year-received-usd"') == 1


def test_reports_speak_in_the_practices_locale(scenario) -> None:
    Practice.objects.update(home_locale="de-de")
    assert "Februar 2027" in page(scenario.tess.user, f"{PAGE}?month=2027-02")


def test_the_page_costs_at_most_twelve_queries(scenario, django_assert_max_num_queries) -> None:
    browser = at_work(scenario.tess.user)
    browser.get(PAGE)
    with django_assert_max_num_queries(12):
        browser.get(f"{PAGE}?month=2027-02")

"""The practice's own color: readable everywhere, or refused with one that is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from practice.business.engine import colors
from practice.business.engine.contrast import LEAST, nearest_readable, ratio, shown_ratio
from practice.models import Practice
from practice.testing import at_work, make_practice, make_practitioner

LOOK = reverse("workspace_branding")
TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#777777", "#FFFFFF", 4.48),
        ("#767676", "#FFFFFF", 4.54),
        ("#000000", "#FFFFFF", 21.0),
        ("#FFFFFF", "#FFFFFF", 1.0),
        ("#FF0000", "#FFFFFF", 4.0),
        ("#0000FF", "#FFFFFF", 8.59),
        ("#949494", "#FFFFFF", 3.03),
    ],
)
def test_the_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert round(ratio(one, other), 2) == round(ratio(other, one), 2) == expected


def test_a_ratio_that_is_not_enough_never_looks_like_enough() -> None:
    assert shown_ratio(4.4999) == "4.4:1"


@pytest.mark.parametrize(("theme", "rules"), [(colors.LIGHT, "/* Morning */"), (colors.DARK, "/* Evening.")])
def test_the_surfaces_are_those_of_the_pages(theme: colors.Theme, rules: str) -> None:
    block = TOKENS.partition(rules)[2]
    for name, value in {"clay": theme.accent, **theme.surfaces}.items():
        assert re.search(rf"--{name}: (#\w+);", block)[1] == value  # type: ignore[index]


@pytest.mark.parametrize("hue", ["#FF0000", "#FFFF00", "#00FF00", "#00FFFF", "#0000FF", "#FF00FF", "#FFFFFF"])
@pytest.mark.parametrize("theme", [colors.LIGHT, colors.DARK], ids=["light", "dark"])
def test_what_is_proposed_can_be_read_pressed_or_not(hue: str, theme: colors.Theme) -> None:
    proposed = colors.readable(hue, theme)
    for one in (proposed, colors.pressed(proposed, theme)):
        assert min(ratio(one, under) for under in theme.surfaces.values()) >= LEAST


def test_a_readable_color_stays_and_an_unreadable_one_moves_no_further_than_needed() -> None:
    assert nearest_readable("#767676", on=("#FFFFFF",)) == "#767676"
    assert 4.5 <= ratio(nearest_readable("#999999", on=("#FFFFFF",)) or "", "#FFFFFF") < 4.65


def test_where_no_color_of_a_hue_can_be_read_none_is_proposed() -> None:
    assert nearest_readable("#FF0000", on=("#FFFFFF", "#000000"), least=10) is None


@pytest.fixture
def owner(db: None) -> Client:
    make_practice()
    return at_work(make_practitioner().user)


def sent(browser: Client, **changed: str) -> dict[str, str]:
    return {"seen": browser.get(LOOK).context["form"]["seen"].value(), "dark_auto": "on", **changed}


def sheet(page: str) -> str:
    """The address of the practice's own stylesheet on a page; "" where none is linked."""
    found = re.search(r'<link rel="stylesheet" href="(/look\.css[^"]*)">', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_without_own_colors_no_stylesheet_is_linked(owner: Client) -> None:
    assert sheet(Client().get("/").text) == ""


def test_an_own_color_is_on_every_page_and_its_stylesheet_is_for_everyone(owner: Client) -> None:
    owner.post(LOOK, sent(owner, accent="#1d4f91"))
    answer = Client().get(sheet(Client().get("/articles/").text))
    assert "--clay:#1d4f91" in answer.text
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_the_booking_in_another_sites_frame_has_the_color_too(owner: Client) -> None:
    owner.post(LOOK, sent(owner, accent="#1d4f91"))
    assert sheet(Client().get("/embed/book/").text).startswith("/look.css?light=1d4f91&")


def test_another_color_has_another_address(owner: Client) -> None:
    owner.post(LOOK, sent(owner, accent="#1d4f91"))
    before = sheet(Client().get("/").text)
    owner.post(LOOK, sent(owner, accent="#1d4f92"))
    assert sheet(Client().get("/").text) != before


def test_its_partner_for_the_dark_is_chosen_and_can_be_read(owner: Client) -> None:
    owner.post(LOOK, sent(owner, accent="#1d4f91"))
    assert Practice.objects.get().accent_dark == ""
    dark = sheet(Client().get("/").text).partition("dark=")[2]
    assert colors.problem(f"#{dark}", colors.DARK) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"accent": "#d9966f"},
            "This is 1.8:1 on the darker parts of a page and needs 4.5:1. #965028 would do.",
        ),
        ({"accent": "#ffff00"}, "and needs 4.5:1. #"),
        ({"accent": "red"}, "Choose a color such as #9E4926."),
        ({"accent": "#12345g"}, "Choose a color such as #9E4926."),
        ({"accent": ""}, "Please fill this in."),
        ({"accent": "#1d4f91", "accent_dark": "#1d4f91", "dark_auto": ""}, "on the lighter parts of a page"),
        ({"accent": "#1d4f91", "accent_dark": "", "dark_auto": ""}, "Choose a color such as #E8976F."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_would_do(owner: Client, typed, said: str) -> None:
    answer = owner.post(LOOK, sent(owner, **typed))
    assert answer.status_code == 422
    assert said in answer.text
    assert Practice.objects.get().accent == ""


def test_what_is_proposed_is_taken(owner: Client) -> None:
    refused = owner.post(LOOK, sent(owner, accent="#d9966f")).text
    proposed = re.search(r"(#\w{6}) would do", refused)[1]  # type: ignore[index]
    assert owner.post(LOOK, sent(owner, accent=proposed)).status_code == 302


def test_a_preview_shows_both_themes_in_the_new_color_and_saves_nothing(owner: Client) -> None:
    page = owner.post(LOOK, sent(owner, accent="#1d4f91", preview="1")).text
    assert 'class="sample" data-theme="light"' in page
    assert 'class="sample" data-theme="dark"' in page
    rules = Client().get(sheet(page)).text
    assert '.sample[data-theme="light"]{--clay:#1d4f91' in rules
    assert ":root" not in rules
    assert Practice.objects.get().accent == ""


def test_back_to_the_original_color_links_nothing(owner: Client) -> None:
    owner.post(LOOK, sent(owner, accent="#1d4f91"))
    owner.post(LOOK, sent(owner, accent="#1d4f91", original="1"))
    assert sheet(Client().get("/").text) == ""


def test_of_two_tabs_the_second_is_told(owner: Client) -> None:
    first, second = sent(owner, accent="#1d4f91"), sent(owner, accent="#26522d")
    owner.post(LOOK, first)
    answer = owner.post(LOOK, second)
    assert "Someone else changed these settings" in answer.text
    assert Practice.objects.get().accent == "#1D4F91"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "light=1d4f91", "light=1d4f91&dark=}*{color:red", "light=1d4f9&dark=1d4f91"]
)
def test_a_stylesheet_holds_nothing_but_colors(query: str) -> None:
    assert Client().get(f"/look.css?{query}").status_code == 404

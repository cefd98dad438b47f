"""The look: fields that say what they want, links that know where they are, files that obey our policy."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import ResolverMatch

from practice.templatetags import look

ROOT = Path(settings.BASE_DIR)
STYLES = sorted((ROOT / "practice/static/css").glob("*.css"))
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "emails")


class Coming(forms.Form):
    """A form with one field of each kind."""

    email = forms.EmailField(label="Email", help_text="The letter goes there.")
    phone = forms.CharField(label="Phone", required=False)
    often = forms.ChoiceField(
        label="How often?", choices=[("1", "Once"), ("2", "Twice")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="It is fine with me.")


def shown(template: str, **context: object) -> str:
    return Template("{% load look %}" + template).render(Context(context))


@pytest.fixture
def wrong() -> Coming:
    return Coming({"email": "ann@nowhere"})


def test_a_wrong_field_points_to_its_help_and_to_what_is_wrong(wrong: Coming) -> None:
    html = shown("{% field form.email %}", form=wrong)
    assert 'aria-describedby="id_email_help id_email_wrong"' in html
    assert 'id="id_email_help"' in html
    assert 'id="id_email_wrong"' in html


def test_a_wrong_field_keeps_what_was_typed(wrong: Coming) -> None:
    assert 'value="ann@nowhere"' in shown("{% field form.email %}", form=wrong)


def test_only_a_field_one_may_leave_out_says_so() -> None:
    html = shown("{% field form.phone %}{% field form.email %}", form=Coming())
    assert html.count("(optional)") == 1


def test_the_list_names_each_wrong_field_and_links_to_it(wrong: Coming) -> None:
    html = shown("{% wrongs form %}", form=wrong)
    targets = set(re.findall(r'href="#([^"]+)"', html))
    fields = shown("{% for bound in form %}{% field bound %}{% endfor %}", form=wrong)
    assert targets == {"id_email", "id_often_0", "id_agree"}
    assert all(f'id="{target}"' in fields for target in targets)


def test_nothing_wrong_shows_no_list() -> None:
    assert shown("{% wrongs form %}", form=Coming()).strip() == ""


def test_typed_text_is_escaped_in_the_list() -> None:
    form = Coming({})
    form.add_error(None, "<b>bold</b>")
    assert "<b>" not in shown("{% wrongs form %}", form=form)


@pytest.mark.parametrize(
    ("number", "link"),
    [("303 555 0142", "tel:+13035550142"), ("+49 30 901820", "tel:+4930901820"), ("call", "tel:")],
)
def test_a_number_becomes_a_link_a_phone_can_dial(number: str, link: str) -> None:
    assert look.tel(number) == link


def test_a_drawing_that_does_not_exist_leaves_the_page_standing() -> None:
    assert look.art_if_any("no-such-drawing") == ""


def on_page(name: str, route: str, **user: object) -> Context:
    """The context of a page with this url name and route."""
    request = type(
        "Request", (), {"resolver_match": ResolverMatch(print, (), {}, url_name=name, route=route)}
    )()
    return Context({"request": request, "user": type("Somebody", (), user)()})


@pytest.mark.parametrize(
    ("name", "route", "user", "side"),
    [
        ("articles", "articles/", {"is_authenticated": True, "is_staff": True}, "public"),
        ("portal", "portal/", {"is_authenticated": True, "is_staff": False}, "client"),
        ("workspace", "workspace/", {"is_authenticated": True, "is_staff": True}, "practitioner"),
        ("workspace", "workspace/", {"is_authenticated": True, "is_staff": False}, "client"),
        ("account_email", "accounts/email/", {"is_authenticated": True, "is_staff": False}, "client"),
        ("account_email", "accounts/email/", {"is_authenticated": True, "is_staff": True}, "practitioner"),
        ("account_login", "accounts/login/", {"is_authenticated": False}, "public"),
    ],
)
def test_the_page_frame_shows_public_client_or_workspace(
    name: str, route: str, user: dict[str, bool], side: str
) -> None:
    assert look.side(on_page(name, route, **user)) == side


def test_a_page_below_another_marks_the_way_but_not_the_place() -> None:
    context = on_page("article", "articles/<slug:slug>/")
    assert look.here(context, "articles", "article") == ' aria-current="true"'


def test_all_pages_whose_address_begins_alike_mark_their_way() -> None:
    context = on_page("workspace_hours", "workspace/practice/hours/")
    assert look.here(context, "workspace_practice", "workspace/practice/") == ' aria-current="true"'
    assert look.here(context, "workspace_clients", "workspace/clients/") == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [("500", "Something went wrong on our side"), ("503", "We’re having trouble right now")],
)
def test_our_own_failure_can_be_told_without_anything_but_files(code: str, words: str) -> None:
    assert f"<h1>{words}</h1>" in render_to_string(f"{code}.html")


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "429"])
def test_an_error_can_be_told_before_there_is_a_context(code: str) -> None:
    assert "<h1>" in render_to_string(f"{code}.html")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_carries_a_style_or_a_script_inline(path: Path) -> None:
    """Our policy for contents would refuse it; the browser would say so only in its console."""
    html = path.read_text()
    assert not re.findall(
        r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*(?:src=|type="application/json"))""", html
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_says_what_a_validator_refuses(path: Path) -> None:
    """A time that only people can read; what a browser shall fill in, of a box to tick."""
    html = path.read_text()
    assert not re.findall(r"<time>|<input type=\"(?:checkbox|radio)\"[^>]*autocomplete", html)


@pytest.mark.parametrize(
    "path", [path for path in STYLES if path.name != "tokens.css"], ids=lambda path: path.name
)
def test_colors_have_names(path: Path) -> None:
    """A hex value stands in tokens.css only; paper, also on a screen, is black and white by nature."""
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    allowed = {"#000", "#fff", "#333", "#444", "#666", "#999", "#ccc", "#e8e8e8", "#d8d8d8", "#f4f4f4"}
    found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[\s;,)])", css))
    assert found <= (allowed if path.name in ("print.css", "sheet.css") else set())


def test_dark_colors_are_the_same_by_choice_and_by_system() -> None:
    """The dark values stand twice in tokens.css, because one of the two cannot be said in the other."""
    css = (ROOT / "practice/static/css/tokens.css").read_text()
    by_system = re.search(r":root:not\(\[data-theme=\"light\"\]\) \{(.*?)\}", css, re.S)
    by_wish = re.search(r"\n\[data-theme=\"dark\"\] \{(.*?)\}", css, re.S)
    assert by_system
    assert by_wish
    assert by_system[1].split() == by_wish[1].split()


def test_every_variable_used_is_defined() -> None:
    css = "\n".join(path.read_text() for path in STYLES)
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", css))
    assert used - set(re.findall(r"(--[a-z0-9-]+):", css)) == set()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+13035550117", "303\u00a0555\u00a00117"),
        ("303-555-0117", "303\u00a0555\u00a00117"),
        ("+49 30 901820", "+49\u00a030\u00a0901820"),
        ("ask at the desk", "ask at the desk"),
    ],
)
def test_a_phone_number_is_said_as_here_and_in_one_piece(number: str, said: str) -> None:
    assert look.phone(number) == said

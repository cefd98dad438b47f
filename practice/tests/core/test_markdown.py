"""Markdown becomes HTML that is safe to show."""

import pytest

from practice.articles.markdown import Section, render, sections


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,AAAA)",
        "![a](javascript:alert(1))",
        "<style>p{}</style>",
        '[a](/x "title" onclick=alert(1))',
        "<svg/onload=alert(1)>",
        "<a href='x' style='color:red'>a</a>",
    ],
)
def test_nothing_runs(text):
    html = render(text)
    tags = [part.split(">")[0].lower() for part in html.split("<")[1:]]
    assert not [
        tag
        for tag in tags
        if "script" in tag or "on" in tag.split("=")[0] or "style" in tag or "data:" in tag
    ]


def test_raw_html_is_shown_as_text():
    assert render("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>"


def test_headings_begin_at_the_second_level():
    assert render("# One\n\n## Two") == "<h2>One</h2>\n<h3>Two</h3>"


def test_headings_that_begin_at_the_second_level_stay():
    assert render("## One\n\n### Two") == "<h2>One</h2>\n<h3>Two</h3>"


def test_headings_never_go_deeper_than_six():
    assert render("# One\n\n###### Six") == "<h2>One</h2>\n<h6>Six</h6>"


def test_a_link_of_ours_is_a_plain_link():
    assert render("[read](/articles/)") == '<p><a href="/articles/">read</a></p>'


def test_our_own_address_written_in_full_is_ours(settings):
    settings.SITE_URL = "https://juniper.example"
    assert (
        render("[b](https://juniper.example/book/)") == '<p><a href="https://juniper.example/book/">b</a></p>'
    )


@pytest.mark.parametrize("address", ["https://elsewhere.example/a", "//elsewhere.example/a"])
def test_a_foreign_link_is_not_followed(address):
    assert render(f"[there]({address})") == f'<p><a href="{address}" rel="nofollow noopener">there</a></p>'


@pytest.mark.parametrize(
    "source", ["https://elsewhere.example/p.png", "//elsewhere.example/p.png", "data:image/png;base64,AA"]
)
def test_a_picture_from_elsewhere_is_left_out(source):
    assert "<img" not in render(f"before ![alt]({source}) after")


def test_a_picture_inside_a_foreign_link_is_left_out():
    assert "<img" not in render("[![alt](https://elsewhere.example/p.png)](https://elsewhere.example/)")


def test_a_picture_of_ours_stays():
    assert render("![a drawing](/static/a.svg)") == '<p><img src="/static/a.svg" alt="a drawing"></p>'


def test_mail_and_phone_are_links():
    assert 'href="tel:+13035550142"' in render("[ring](tel:+13035550142)")


def test_a_broken_address_is_no_error():
    assert "x" in render("[x](http://[::1/)")


def test_nothing_is_nothing():
    assert render("") == ""


def test_sections_are_cut_at_headings():
    assert sections("## Slowly\n\nSo slowly.\n\n## Less\n\nStop.") == [
        Section("Slowly", render("So slowly.")),
        Section("Less", render("Stop.")),
    ]


def test_text_before_the_first_heading_is_kept():
    assert sections("First.\n\n# Then\n\nMore.")[0] == Section("", render("First."))


def test_no_headings_is_one_section():
    assert sections("Only text.") == [Section("", render("Only text."))]


def test_a_phone_number_is_not_cut_at_the_end_of_a_line():
    said = render("Call (303) 555 0142, or 303 555 0142.")
    assert said == "<p>Call (303)&nbsp;555&nbsp;0142, or 303&nbsp;555&nbsp;0142.</p>"


def test_other_numbers_stay_as_they_are():
    assert render("1234 555 0142 and 303 5550142") == "<p>1234 555 0142 and 303 5550142</p>"

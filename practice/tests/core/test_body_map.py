"""The body map: what was marked is kept, said in the order of work, and drawn where it was marked."""

import re

import pytest
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from practice.core.body import REGIONS
from practice.core.body_map import (
    LABELS,
    ONLY_BEHIND,
    ONLY_IN_FRONT,
    PARTS,
    TOUCHED,
    from_text,
    marks_in_words,
    read_marks,
    to_text,
)
from practice.tests.code.reading_order import ROOT
from tools.bodymap.drawing import seen_in
from tools.bodymap.writing import files

DRAWN = dict(files())
DRAWING = "templates/includes/_bodymap_drawing.html"
maps = st.dictionaries(st.sampled_from(PARTS), st.sampled_from([1, 2, 3]))
posted = st.lists(st.tuples(st.sampled_from([f"strength-{part}" for part in PARTS]), st.text(max_size=3)))


def rendered(source, **context):
    return Template("{% load body_map %}" + source).render(Context(context))


@given(maps)
def test_what_is_kept_comes_back_in_the_order_of_work(marked):
    again = from_text(to_text(marked))
    assert again == marked
    assert list(again) == sorted(marked, key=PARTS.index)


@given(st.lists(st.sampled_from(PARTS)), posted)
def test_every_checked_part_is_read_whatever_its_strength_says(parts, strengths):
    post = QueryDict(mutable=True)
    post.setlist("region", parts)
    for name, value in strengths:
        post.appendlist(name, value)
    found = read_marks(post)
    assert found.keys() == set(parts)
    assert set(found.values()) <= {1, 2, 3}


@pytest.mark.parametrize(
    ("post", "found"),
    [
        ("", {}),
        ("strength-neck=3", {}),
        ("region=neck", {"neck": 2}),
        ("region=neck&strength-neck=3", {"neck": 3}),
        ("region=neck&region=neck&strength-neck=", {"neck": 2}),
        ("region=neck&strength-neck=٣", {"neck": 2}),
        ("region=neck&region=pelvis&strength-neck=1", {"pelvis": 2, "neck": 1}),
    ],
)
def test_a_strength_counts_only_beside_its_checked_part(post, found):
    assert read_marks(QueryDict(post)) == found


@pytest.mark.parametrize("part", ["", "tail", "neck ", "Neck", "neck\0", "neck:3"])
def test_a_place_that_is_not_on_the_map_is_refused_and_not_repeated(part):
    post = QueryDict(mutable=True)
    post.setlist("region", ["head", part])
    with pytest.raises(ValueError, match=r"^A place that is not on the body map\.$"):
        read_marks(post)


@pytest.mark.parametrize("text", ["tail:1", "neck", "neck:", "neck:4", "neck:0", "neck:1:2", "neck:²"])
def test_a_text_nobody_wrote_is_refused(text):
    with pytest.raises(ValueError):
        from_text(text)


@pytest.mark.parametrize("marked", [{"tail": 1}, {"neck": 0}, {"neck": 4}])
def test_nothing_is_kept_that_could_not_be_read(marked):
    with pytest.raises(ValueError):
        to_text(marked)


def test_it_is_said_foundation_first():
    marked = {"head": 1, "knee-left": 1, "pelvis": 3}
    assert marks_in_words(marked) == [
        "pelvis and sacrum, a lot",
        "left knee, a little",
        "head and jaw, a little",
    ]
    assert marks_in_words({"low-back": 2}, TOUCHED) == ["low back, for a while"]


def test_every_region_is_on_the_map_with_all_of_its_parts():
    assert {part for region in REGIONS for part in region.parts} <= set(LABELS)
    assert sorted(PARTS) == sorted(LABELS)


def test_every_part_is_drawn_where_it_can_be_seen():
    drawn = seen_in()
    assert {part for part, views in drawn.items() if views == {"front"}} == set(ONLY_IN_FRONT)
    assert {part for part, views in drawn.items() if views == {"back"}} == set(ONLY_BEHIND)


def test_the_drawing_calls_its_parts_by_the_names_of_the_regions():
    found = dict(re.findall(r'data-part="([^"]*)" data-region="([^"]*)"', DRAWN[DRAWING]))
    assert found.keys() == set(LABELS)
    assert {part: slug for part, slug in found.items() if slug} == {
        part: region.slug for region in REGIONS for part in region.parts
    }


@pytest.mark.parametrize("path", sorted(DRAWN))
def test_drawing_again_gives_the_committed_file(path):
    assert (ROOT / path).read_text(encoding="utf-8") == DRAWN[path]


def test_it_needs_no_style_or_script_inside_the_page():
    page = rendered("{% body_map touched %}{% body_map_small touched %}", touched={"neck": 1, "ribs-left": 3})
    assert re.findall(r"<style|<script|\sstyle=|\son\w+=", page) == []


def test_colors_are_tokens():
    assert re.findall(r"#[0-9a-f]{3,8}\b(?!-)|rgba?\(", DRAWN["practice/static/css/bodymap.css"]) == []


def test_a_form_sent_back_untouched_says_what_it_was_given():
    touched = {"pelvis": 3, "knee-left": 1, "head": 2}
    page = rendered("{% body_map touched %}", touched=touched)
    assert read_marks(as_a_browser_sends(page)) == touched


def as_a_browser_sends(page):
    post = QueryDict(mutable=True)
    for name, value in re.findall(r'name="([^"]+)" value="([^"]+)" checked', page):
        post.appendlist(name, value)
    return post


def test_several_maps_on_a_page_share_shapes_and_no_name():
    page = rendered(
        "{% body_map now %}{% body_map then prefix='then' %}{% body_map_small now %}",
        now={"neck": 1},
        then={"hip-left": 2},
    )
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r'<label class="choice" for="([^"]+)"', page)) <= set(ids)


def test_a_map_inside_an_included_template_knows_of_the_one_outside():
    page = Template("{% load body_map %}{% body_map %}{% include inner %}").render(
        Context({"inner": Template("{% load body_map %}{% body_map_small 'neck:1' %}")})
    )
    assert page.count('class="bm-shapes"') == 1


def test_each_page_has_the_shapes_again():
    page = Template("{% load body_map %}{% body_map_small 'neck:1' %}")
    assert [page.render(Context()).count('class="bm-shapes"') for _ in range(2)] == [1, 1]


def test_the_small_one_says_in_words_what_it_shows():
    page = rendered("{% body_map_small 'abdomen:1 low-back:3' words='touched' %}")
    assert re.findall(r"<li>(.*?)</li>", page) == ["Low back, for a long time", "Belly, briefly"]
    assert re.findall(r'bm-part-(\d)" href="#bm-([\w-]+)"', page) == [
        ("1", "front-abdomen"),
        ("3", "back-low-back"),
    ]
    assert "Nothing is marked." in rendered("{% body_map_small '' %}")

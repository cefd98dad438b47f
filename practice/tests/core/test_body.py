"""The regions of the body, in the order of work."""

import pytest

from practice.core import body


def test_the_vocabulary_in_the_order_of_work():
    assert [region.slug for region in body.REGIONS] == [
        *("pelvis-sacrum", "low-back", "hips", "knees", "ankles-feet", "ribs", "shoulders", "neck")
    ]


def test_the_foundation_comes_first_and_the_whole_body_last():
    stages = list(dict.fromkeys(region.stage for region in body.REGIONS))

    assert stages == list(body.Stage)


def test_regions_marked_in_any_order_come_back_in_the_order_of_work():
    found = body.in_order(["neck", "pelvis-sacrum", "knees", "neck"])

    assert [region.slug for region in found] == ["pelvis-sacrum", "knees", "neck"]


def test_an_unknown_region_is_refused():
    with pytest.raises(KeyError):
        body.in_order(["elbow"])


@pytest.mark.parametrize(("part", "slug"), [("foot-left", "ankles-feet"), ("pelvis", "pelvis-sacrum")])
def test_a_part_of_the_drawing_belongs_to_a_region(part, slug):
    assert body.region_of(part).slug == slug


def test_a_part_outside_the_vocabulary_has_no_region():
    assert body.region_of("thigh-left") is None

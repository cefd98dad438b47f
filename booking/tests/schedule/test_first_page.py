"""The page that opens first: each person's choice on a computer, always Today on a phone, and no circle."""

import pytest

from practice.testing import at_work

pytestmark = pytest.mark.django_db
FIRST, TODAY, WEEK = "/workspace/first/", "/workspace/", "/workspace/week/"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def desk(tess, session):
    return at_work(tess.user)


def test_it_is_today_until_somebody_chooses(desk):
    assert desk.get(FIRST, headers={"user-agent": FIREFOX}).url == TODAY


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"user-agent": FIREFOX}, WEEK),
        ({"user-agent": IPHONE}, TODAY),
        ({"user-agent": FIREFOX, "sec-ch-ua-mobile": "?1"}, TODAY),
        ({"user-agent": IPHONE, "sec-ch-ua-mobile": "?0"}, WEEK),
    ],
)
def test_who_chose_the_week_gets_it_except_on_a_phone(headers, page, desk):
    assert desk.post(FIRST, {"page": "week"}).url == WEEK
    assert desk.get(FIRST, headers=headers).url == page


def test_today_itself_never_leads_elsewhere(desk):
    desk.post(FIRST, {"page": "week"})
    assert desk.get(TODAY).status_code == 200


def test_an_unknown_choice_changes_nothing(desk, tess):
    desk.post(FIRST, {"page": "week"})
    desk.post(FIRST, {"page": "https://elsewhere.example"})
    tess.user.refresh_from_db()
    assert tess.user.opens_first == "week"


def test_the_week_offers_the_other_choice(desk):
    assert b"Open the week first on a computer" in desk.get(WEEK).content
    desk.post(FIRST, {"page": "week"})
    assert b"Open Today first" in desk.get(WEEK).content

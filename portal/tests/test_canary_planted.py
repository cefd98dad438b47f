"""The canary's control: a word planted in each place is found there; and a mistake of ours tells nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache

from portal.lessons.views import self_report as words_view
from portal.testing import assign
from portal.tests.canary import CANARIES, Walk, found_words, new_walk
from practice.models import AccessLog
from practice.testing import make_user
from practice.tests.mail.builders import make_letter


@pytest.fixture
def walk(db: None, tmp_path: Path) -> Iterator[Walk]:
    with new_walk(tmp_path) as made:
        yield made


# --- That the bird sings ------------------------------------------------------------------------------
BIRD = CANARIES["noticing"]


def in_a_session(walk: Walk) -> None:
    session = walk.home.session
    session["typed"] = BIRD
    session.save()


PLANTS = {
    "statement": lambda _: logging.getLogger("django.db.backends").debug("UPDATE %s", BIRD),
    "log": lambda _: logging.getLogger("celery.worker").debug("took %s", BIRD),
    "line": lambda walk: walk.home.get(f"/portal/?q={BIRD}"),
    "broker": lambda walk: walk.published.append(BIRD),
    "access log": lambda walk: AccessLog.objects.create(reader=walk.tess.user, whose=walk.ann, what=BIRD),
    "session": in_a_session,
    "cache": lambda _: cache.set("last", BIRD),
    "head of confirmation": lambda _: make_letter(subject=BIRD),
    "words of confirmation": lambda _: make_letter(text=BIRD),
    "head on the wire": lambda _: mail.EmailMessage(BIRD, "", to=["ann@example.com"]).send(),
    "table practice_user.name": lambda _: make_user(BIRD, email="b@example.com"),
}


@pytest.mark.parametrize("place", PLANTS)
def test_planted_there_it_is_found_there(walk: Walk, place: str) -> None:
    assert walk.found_words() == set()
    PLANTS[place](walk)
    assert (place, "noticing") in walk.found_words()


@pytest.mark.parametrize("how", ["write_down", "ask"])
def test_a_mistake_of_ours_tells_nobody_what_was_typed(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("broken")

    assign(walk.floor, walk.ann, by=walk.tess)
    monkeypatch.setattr(words_view, how, broken)
    walk.post = lambda browser, path, said, **more: browser.post(path, said, **more)  # type: ignore[method-assign]
    walk.practise()
    assert 500 in {answer.status_code for answer in walk.home.answers}
    assert any("RuntimeError: broken" in line for line in walk.recorder.lines)
    told = [
        f"{one.subject} {one.body} {one.alternatives}" for one in mail.outbox if "admin@example.com" in one.to
    ]
    assert found_words(("mail to admins", text) for text in told) == set()
    assert walk.found_words() == set()

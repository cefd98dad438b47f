"""The drawn figures are what their generator draws, move only for whom it suits, and need nobody else."""

import re

import pytest

from portal.exercises.figures import FIGURES, moving, still
from practice.tests.code.reading_order import ROOT
from tools.figures import at_rest
from tools.figures.writing import FOLDER, files

DRAWN = dict(files())
every_file = pytest.mark.parametrize("path", sorted(DRAWN))


def test_every_named_figure_is_drawn_still_and_moving():
    assert {f"figures/{path}" for path in DRAWN} == {f(name) for name in FIGURES for f in (still, moving)}


@every_file
def test_drawing_again_gives_the_committed_file(path):
    assert (FOLDER / path).read_bytes() == DRAWN[path].encode()


@pytest.mark.parametrize(("path", "drawn"), list(at_rest.files()))
def test_sitting_and_standing_figures_share_one_style_and_the_page_colors(path, drawn):
    assert (at_rest.FOLDER / path).read_text(encoding="utf-8") == drawn
    assert re.findall(r"#[0-9a-f]{3,6}|currentColor|style|url\(", drawn) == []


def test_no_file_is_left_that_nobody_draws():
    assert {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.svg")} == set(DRAWN)


@every_file
def test_a_figure_moves_only_where_less_motion_was_not_asked_for(path):
    running = "@media (prefers-reduced-motion:no-preference){.m{animation-play-state:running}}"
    assert (running in DRAWN[path]) == path.startswith("moving/")
    assert ("@keyframes" in DRAWN[path]) == path.startswith("moving/")


@every_file
def test_a_figure_asks_nobody_for_anything(path):
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import|<script| style=", DRAWN[path]) == []


def test_the_colors_are_those_of_the_other_drawings():
    tokens = (ROOT / "practice/static/css/tokens.css").read_text(encoding="utf-8")
    inside = DRAWN["heel-slide.svg"]
    light, dark = inside.split("prefers-color-scheme:dark", 1)
    for name in ("line", "skin", "wash", "cloth", "light", "dark"):
        values = re.findall(rf"--art-{name}: (#[0-9A-F]{{6}})", tokens)
        assert f"--{name}:{values[0].lower()}" in light
        assert f"--{name}:{values[1].lower()}" in dark

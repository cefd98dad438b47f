"""How a lesson is begun, and its places: read from what people and addresses say."""

import pytest

from portal.audio.position import at_place, is_of, read_place
from portal.lessons.posture import Posture, posture_of
from portal.lessons.posture_wording import WORDING

LONG = 1_260_500


@pytest.mark.parametrize(
    ("position", "posture"),
    [
        ("lying on the back", "lying"),
        ("sitting on a chair", "sitting"),
        ("Sitting, on the floor", "sitting"),
        ("standing, then lying on the back", "standing"),
        ("  standing", "standing"),
        ("on all fours", "lying"),
        ("", "lying"),
        (" , ", "lying"),
    ],
)
def test_the_first_word_says_how_it_is_begun(position, posture):
    assert posture_of(position) == posture


@pytest.mark.parametrize("posture", Posture)
def test_each_has_words_of_its_own(posture):
    words = {str(value) for name, value in vars(WORDING[posture]).items() if name != "posture"}
    others = {str(value) for one in Posture if one != posture for value in vars(WORDING[one]).values()}
    assert (len(words), words & others) == (12, set())


@pytest.mark.parametrize(
    "garbled", ["", "0", "-1", "7:40", "460.5", "1e3", "²", "٤٦٠", " 460", "460 ", "9999999", "<b>", "\x00"]
)
def test_what_is_no_place_is_none(garbled):
    assert read_place(garbled, duration_ms=LONG) is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("460", 460), ("1259", 1259), ("1260", 1259), ("999999", 1259)]
)
def test_a_place_is_within_the_recording(text, seconds):
    assert read_place(text, duration_ms=LONG) == seconds


def test_in_a_recording_of_nothing_there_is_no_place():
    assert read_place("460", duration_ms=0) is None


@pytest.mark.parametrize(
    ("at_ms", "address"),
    [(None, "/x/"), (0, "/x/"), (999, "/x/"), (1000, "/x/?at=1"), (460_900, "/x/?at=460")],
)
def test_an_address_carries_whole_seconds(at_ms, address):
    assert at_place("/x/", at_ms) == address


def test_an_address_in_an_email_names_its_recording():
    address = at_place("/x/", 460_000, sha256="1a2b3c4d5e6f")

    assert address == "/x/?at=460&of=1a2b3c4d"
    assert is_of("1a2b3c4d", "1a2b3c4d5e6f")


@pytest.mark.parametrize("mark", ["", "1a2b", "1a2b3c4d5", "1A2B3C4D", "ffffffff"])
def test_anything_else_names_no_recording(mark):
    assert not is_of(mark, "1a2b3c4d5e6f")


def test_a_place_of_a_replaced_recording_is_found_in_its_chapter():
    known = [(0, 0), (600_000, 900_000), (1_200_000, 1_260_000)]

    assert read_place("300", duration_ms=LONG, known=known) == 450
    assert read_place("999999", duration_ms=LONG, known=known) == 1259

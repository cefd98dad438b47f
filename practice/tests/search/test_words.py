"""The words of people and of queries: what is written in many ways is found in each of them."""

import pytest

from practice.search.words import LONGEST, person_words, query_words

ZOE = {"name": "Zoë O’Brien-Weiß", "email": "zoe.brien@work.example.com", "phone": "+17205550123;ext=4"}


def finds(query: str, *, region: str = "US", **person: str) -> bool:
    """Whether each word of the query is the beginning of a word of the person."""
    words = person_words(**{"name": "", **person})
    asked = query_words(query, region=region)
    return bool(asked) and all(any(one.startswith(tuple(word)) for one in words) for word in asked)


@pytest.mark.parametrize(
    "query",
    [
        *("zoe", "ZOË", "zo\u0065\u0308", "o'brien", "O’Br", "obrien", "brien", "o brien"),
        *("weiss", "weiß", "WEISS", "brien-weiss", "obrienweiss", "weiss, zoe", "brien zoe"),
    ],
)
def test_a_name_is_found_with_and_without_accents_apostrophes_and_hyphens(query):
    assert finds(query, **ZOE)


@pytest.mark.parametrize(
    "query", ["zoeb", "rien", "zoe smith", "o'brian", "eiss", "", " ", "'", "-", "%", "_"]
)
def test_what_is_in_no_name_finds_nobody(query):
    assert not finds(query, **ZOE)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *((query, "Jan Müller") for query in ("müller", "mu\u0308ller", "muller", "mueller", "MÜLLER")),
        *((query, "Jan Mueller") for query in ("müller", "mueller")),
    ],
)
def test_an_umlaut_is_found_in_each_spelling(query, name):
    assert finds(query, name=name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("odegard", "Ødegård"), ("oedegaard", "Ødegård"), ("lukasz", "Łukasz"), ("isik", "Işık")),
        *(("nguyen", "Nguyễn"), ("jp", "J.P. Miller"), ("j.p.", "J.P. Miller"), ("王", "王小明")),
        *(("иван", "Иван"), ("st john", "Ann St. John"), ("annalena", "Anna-Lena"), ("lena", "Anna-Lena")),
    ],
)
def test_letters_that_others_have_no_key_for_are_found_without_them(query, name):
    assert finds(query, name=name)


@pytest.mark.parametrize(
    "query",
    [
        *("720", "7205", "(720) 555-0123", "720.555.0123", "+1 720 555 0123", "1-720-555-0123"),
        *("001 720 555 0123", "720\u00a0555\u20110123", "0123", "5550123", "zoe 0123", "zoe (720) 555-0123"),
        *("720 555 0123 x4", "720…"),
    ],
)
def test_a_phone_number_is_found_in_every_notation_and_by_its_end(query):
    assert finds(query, **ZOE)


@pytest.mark.parametrize("query", ["721", "7205550124", "+44 720 555 0123", "23", "01", "room 720"])
def test_another_number_or_two_digits_find_nobody(query):
    assert not finds(query, **ZOE)


@pytest.mark.parametrize("query", ["0170 1234567", "0170/123 45 67", "+49 170 1234567", "+49 (0)170 1234567"])
def test_a_number_is_found_as_dialed_in_its_own_country(query):
    assert finds(query, region="DE", phone="+491701234567")


def test_a_number_that_could_not_be_read_is_found_by_its_digits():
    assert finds("+1 303 555 0101", phone="303-555-0101")
    assert finds("555 0101", phone="call Ann: 555 0101")


@pytest.mark.parametrize(
    "query",
    ["zoe.brien@work.example.com", "ZOE.BRIEN@", "brien@work", "zoe.b", "work.ex", "@work", "<brien@work"],
)
def test_an_address_is_found_from_each_of_its_parts_on(query):
    assert finds(query, **ZOE)


def test_the_last_part_of_an_address_finds_nobody():
    assert not finds("com", **ZOE)


def test_words_fit_their_column_and_a_longer_query_still_finds_them():
    name = "ﷺ" * 75 + " " + "x" * 74
    assert max(map(len, person_words(name=name))) == LONGEST
    assert finds("x" * 74, name=name)

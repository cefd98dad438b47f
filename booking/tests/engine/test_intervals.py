"""Half-open intervals, held against sets of whole numbers."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.availability.engine.intervals import between, common, holding, subtract, union, within

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)
exactly = settings(max_examples=200, derandomize=True, database=None, deadline=None)


def members(intervals):
    return {number for start, end in intervals for number in range(start, end)}


def is_a_set(intervals):
    """Sorted, none empty, none touching the next."""
    ends = [end for interval in intervals for end in interval]
    return all(one < other for one, other in pairwise(ends))


@exactly
@given(pairs)
def test_a_union_is_sorted_and_nothing_in_it_touches(intervals):
    merged = union(intervals)

    assert members(merged) == members(intervals)
    assert is_a_set(merged)


@exactly
@given(pairs, pairs)
def test_subtracting_and_sharing_agree_with_sets(left, right):
    one, other = union(left), union(right)

    assert members(subtract(one, other)) == members(one) - members(other)
    assert members(common(one, other)) == members(one) & members(other)
    assert is_a_set(subtract(one, other))
    assert is_a_set(common(one, other))


@exactly
@given(pairs, st.integers(-1, 41), st.integers(-1, 41))
def test_what_lies_between_two_moments_is_what_is_in_both(intervals, begin, end):
    whole = union(intervals)

    assert between(whole, begin, end) == common(whole, union([(begin, end)]))


@exactly
@given(pairs, st.integers(-1, 41))
def test_holding_finds_the_one_interval(intervals, number):
    assert (holding(union(intervals), number) is not None) == (number in members(intervals))


def test_an_empty_interval_vanishes():
    assert union([(3, 3), (5, 6)]) == [(5, 6)]


def test_what_was_taken_long_before_takes_nothing():
    assert subtract([(10, 20)], [(0, 2), (4, 6), (12, 14)]) == [(10, 12), (14, 20)]


def test_what_is_taken_one_after_the_other_is_all_taken():
    assert subtract([(0, 20)], [(2, 4), (6, 8)]) == [(0, 2), (4, 6), (8, 20)]
    assert subtract([(3, 10)], [(0, 1), (4, 5)]) == [(3, 4), (5, 10)]


def test_an_interval_cut_by_the_other_list_stays_cut():
    assert common([(0, 10)], [(2, 4), (4, 6)]) == [(2, 4), (4, 6)]


def test_moments_within_a_set_include_its_beginnings_and_not_its_ends():
    assert within([0, 2, 3, 4, 8], [(2, 4), (6, 8)]) == [2, 3]


def test_what_only_touches_has_nothing_in_common():
    assert common([(0, 5)], [(5, 8)]) == []

"""Half-open intervals, held against sets of whole numbers."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.scheduling.intervals import common, holding, subtract, union

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)
exactly = settings(max_examples=200, derandomize=True, database=None)


def members(intervals):
    return {number for start, end in intervals for number in range(start, end)}


@exactly
@given(pairs)
def test_a_union_is_sorted_and_nothing_in_it_touches(intervals):
    merged = union(intervals)

    assert members(merged) == members(intervals)
    assert all(one[1] < other[0] for one, other in pairwise(merged))


@exactly
@given(pairs, pairs)
def test_subtracting_and_sharing_agree_with_sets(left, right):
    one, other = union(left), union(right)

    assert members(subtract(one, other)) == members(one) - members(other)
    assert members(common(one, other)) == members(one) & members(other)


@exactly
@given(pairs, st.integers(-1, 41))
def test_holding_finds_the_one_interval(intervals, number):
    assert (holding(union(intervals), number) is not None) == (number in members(intervals))

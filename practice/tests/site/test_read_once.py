"""What many emails share is read once within a context, and anew outside and in the next one."""

from practice.queries import read_once, reading_once


def reader():
    """A reading that counts, and what was read."""
    asked = []

    def read():
        asked.append(1)
        return len(asked)

    return asked, read


def test_outside_it_is_read_each_time():
    _asked, read = reader()
    assert [read_once("a", read), read_once("a", read)] == [1, 2]


def test_within_it_each_key_is_read_once_and_the_next_context_reads_anew():
    asked, read = reader()
    with reading_once():
        assert [read_once("a", read), read_once("a", read), read_once("b", read)] == [1, 1, 2]
        with reading_once():
            assert read_once("a", read) == 1
        assert read_once("a", read) == 1
    with reading_once():
        assert read_once("a", read) == 3
    assert read_once("a", read) == 4
    assert len(asked) == 4


def test_what_failed_is_read_again_and_that_there_is_none_is_kept():
    def fails():
        raise ZeroDivisionError

    with reading_once():
        try:
            read_once("a", fails)
        except ZeroDivisionError:
            pass
        assert read_once("a", lambda: None) is None
        assert read_once("a", lambda: "later") is None

"""A reserved port goes to the server it is meant for, and to nobody else."""

import socket
from contextlib import ExitStack

import pytest

from practice.site.processes.programs import can_bind
from practice.tests.processes.ports import reserved_port

pytestmark = [pytest.mark.processes, pytest.mark.once]


def port_of(one):
    return one.getsockname()[1]


def bound_to(port, *, reuse):
    """A socket of somebody's who asks for that port, or for any with 0."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    try:
        one.bind(("127.0.0.1", port))
    except OSError:
        one.close()
        raise
    return one


def test_a_server_can_listen_on_it_and_again_after_its_end():
    with reserved_port() as port:
        for _ in range(2):
            with bound_to(port, reuse=True) as server:
                server.listen()
                with socket.create_connection(("127.0.0.1", port)), server.accept()[0]:
                    assert not can_bind(port)
            assert can_bind(port)


def test_until_then_nobody_answers_there():
    with reserved_port() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize("reuse", [False, True])
def test_who_asks_for_any_port_does_not_get_it(reuse):
    with reserved_port() as port:
        for _ in range(4):
            with ExitStack() as held:
                others = [held.enter_context(bound_to(0, reuse=reuse)) for _ in range(250)]
                assert port not in {port_of(one) for one in others}


def test_who_connects_does_not_get_it():
    with reserved_port() as port, bound_to(0, reuse=True) as server:
        server.listen()
        for _ in range(1000):
            with socket.create_connection(server.getsockname()) as one, server.accept()[0]:
                assert port_of(one) != port


def test_who_asks_for_it_by_number_without_knowing_is_refused():
    with reserved_port() as port, pytest.raises(OSError):
        bound_to(port, reuse=False)


def taken_by_another():
    """Whether somebody else gets a port between looking it up and using it."""
    with bound_to(0, reuse=False) as probe:
        port = port_of(probe)
    try:
        with bound_to(port, reuse=False) as stranger:
            stranger.listen()
            return not can_bind(port)
    except OSError:
        return True  # a stranger of this machine was quicker than ours


def test_control_a_port_that_was_only_looked_up_can_be_taken():
    assert taken_by_another()

"""Ports are looked at before anything starts."""

from __future__ import annotations

import socket

import pytest

from senet.config.environment import Environment
from senet.shared.errors import Conflict
from senet.workers.ports import Port, check_ports, list_ports
from tests.support.processes import free_port


def test_free_ports_pass() -> None:
    check_ports([Port(free_port(), "SENET_PORT", "the app", "127.0.0.1")])


def test_a_port_in_use_is_told_with_the_setting_that_moves_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(Conflict, match=f"Port {number}, for the door, is in use. Set SENET_DOOR_PORT to"):
            check_ports([Port(number, "SENET_DOOR_PORT", "the door", "127.0.0.1")])


def test_the_port_of_returned_mails_is_looked_at_where_one_is_set() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        url = f"lmtp://127.0.0.1:{taken.getsockname()[1]}"
        ports = list_ports(Environment(bounce_listen=url, port=free_port(), door_port=free_port()), demo=False)
        with pytest.raises(
            Conflict, match=r"for returned mails, is in use.*SENET_BOUNCE_LISTEN=lmtp://127\.0\.0\.1:\d+"
        ):
            check_ports(ports)
    assert len(list_ports(Environment(bounce_listen="nonsense"), demo=False)) == 2


def test_one_port_for_two_things_is_told() -> None:
    number = free_port()
    with pytest.raises(Conflict, match="SENET_PORT and SENET_DOOR_PORT are both"):
        check_ports([Port(number, "SENET_PORT", "a", "127.0.0.1"), Port(number, "SENET_DOOR_PORT", "b", "127.0.0.1")])


def test_every_obstacle_is_told_at_once() -> None:
    with socket.socket() as one, socket.socket() as two:
        for taken in (one, two):
            taken.bind(("127.0.0.1", 0))
            taken.listen()
        ports = [Port(taken.getsockname()[1], name, "x", "127.0.0.1") for taken, name in ((one, "A"), (two, "B"))]
        with pytest.raises(Conflict) as error:
            check_ports(ports)
    assert "Set A to" in str(error.value)
    assert "Set B to" in str(error.value)

"""Looks whether the ports are free before anything starts."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from senet.config.environment import Environment
from senet.shared.errors import Conflict


@dataclass(frozen=True, slots=True)
class Port:
    """A port that Senet is about to listen on, and the setting that moves it."""

    number: int
    setting: str
    what: str
    host: str
    form: str = "{}"  # how the setting writes a port


def list_ports(environment: Environment, *, demo: bool) -> list[Port]:
    """Return the ports that `senet up` needs."""
    ports = [
        Port(environment.port, "SENET_PORT", "the app", environment.host),
        Port(environment.door_port, "SENET_DOOR_PORT", "the door", environment.host),
    ]
    if demo:
        ports += [
            Port(environment.mailbox_port, "SENET_MAILBOX_PORT", "the mailbox's page", environment.host),
            Port(environment.mailbox_smtp_port, "SENET_MAILBOX_SMTP_PORT", "the mailbox's SMTP server", "127.0.0.1"),
        ]
    if (listening := _read_listener(environment.bounce_listen)) is not None:
        ports.append(listening)
    return ports


def _read_listener(url: str) -> Port | None:
    """Return where returned mails are taken; an address that cannot be read is the listener's own to refuse."""
    try:
        parts = urlsplit(url)
        number = parts.port
    except ValueError:
        return None
    if not number or not parts.hostname:
        return None
    return Port(
        number, "SENET_BOUNCE_LISTEN", "returned mails", parts.hostname, f"{parts.scheme}://{parts.hostname}:{{}}"
    )


def check_ports(ports: list[Port]) -> None:
    """Raise Conflict with a sentence a port that is in use or named twice."""
    sentences = []
    seen: dict[int, Port] = {}
    for port in ports:
        twin = seen.setdefault(port.number, port)
        if twin is not port:
            sentences.append(f"{twin.setting} and {port.setting} are both {port.number}. Give each its own port.")
        elif why := _find_obstacle(port):
            sentences.append(
                f"Port {port.number}, for {port.what}, {why}. Set {port.setting} to a free port, "
                f"for example {port.setting}={port.form.format(_find_free_port())}."
            )
    if sentences:
        raise Conflict("\n".join(sentences))


def _find_obstacle(port: Port) -> str:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except PermissionError:
            return "needs more rights than this user has"
        except OverflowError:
            return "is not a port number"
        except OSError as error:
            return (
                "is in use"
                if error.errno == errno.EADDRINUSE
                else f"cannot be opened on {port.host} ({error.strerror})"
            )
    return ""


def _find_free_port() -> int:
    with socket.socket(socket.AF_INET) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

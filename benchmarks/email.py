"""Sends a 22 kB personal mail to many people, end to end, beside clients that do less.

Ours: rows in the outbox → claim → render → SMTP → results and interactions in PostgreSQL, with two sender processes and
a sink on loopback. Beside it, in the same run and against the same kind of sink: a bare pipelined client that
sends ready-made bytes of the same size and knows nothing of anybody, and `EmailMessage` over smtplib. Then with
SIGKILL: senders are killed at random and started again, and every mail is accounted for.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import psutil

SIZE = 100_000
SENDERS = 2
TARGETS = {"of_bare_client": 0.30, "over_smtplib": 20.0, "lost": 0, "memory_growth": 0.15}
_CHUNK = 25_000
_BARE = 20_000
_SAMPLE = 2_000  # half of it before ours and half behind, because a machine changes its speed meanwhile
_KILLED = 50_000
_SIGNED = 20_000
_COMMANDS = b"MAIL FROM:<news@shop.example.com>\r\nRCPT TO:<p1@example.com>\r\nDATA\r\n"

Figures = dict[str, Any]


def run(size: int, options: dict[str, Any]) -> Figures:
    """Return figures and ratios for `size` messages (0: 100,000). `kill`: False leaves the killed run out."""
    folder = Path(options.get("data_dir") or tempfile.mkdtemp(prefix="senet-bench-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    environment = {
        **os.environ,
        "SENET_DATA": str(folder / "data"),
        "SENET_LOG_LEVEL": "warning",
        "DJANGO_SETTINGS_MODULE": "senet.config.settings",
        "DATABASE_URL": _find_database(folder),
    }
    wanted = {"size": size or SIZE, "kill": options.get("kill", True), "senders": options.get("senders", SENDERS)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.email", json.dumps(wanted)],
        env=environment,
        cwd=Path(__file__).resolve().parent.parent,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _find_database(folder: Path) -> str:
    from senet.embedded.postgres import start_postgres

    return os.environ.get("SENET_BENCH_DATABASE_URL") or start_postgres(folder / "postgres", tied=True)


def measure(size: int, *, kill: bool, senders: int) -> Figures:
    """Run everything on the database of the settings. Runs in a process of its own."""
    _make_people(max(size, _KILLED if kill else 0))
    email_id, version_id = _make_email()
    enqueue_seconds = _enqueue(1, size, email_id, version_id)
    content = _render_one(version_id)
    with _sink() as port:
        bare = max(_run_bare(port, content, clients) for clients in (1, senders))
        before = _run_smtplib(port, _SAMPLE // 2)
        ours = _run_senders(port, size, senders)
        plain = _SAMPLE / (before + _run_smtplib(port, _SAMPLE // 2))
        signed = _run_signed(port, min(size, _SIGNED), senders, email_id, version_id)
    figures: Figures = {
        "messages": size,
        "message_bytes": len(content),
        "senders": senders,
        "enqueue_microseconds_a_message": round(enqueue_seconds / size * 1e6, 1),
        "bare_client_per_second": round(bare),
        "smtplib_per_second": round(plain),
        **ours,
        **signed,
    }
    ratios = {
        "of_bare_client": round(ours["per_second"] / bare, 3),
        "over_smtplib": round(ours["per_second"] / plain, 1),
        "memory_growth": ours["memory_growth"],
        "signed_of_unsigned": round(signed["signed_per_second"] / ours["per_second"], 3),
    }
    within = (
        ratios["of_bare_client"] >= TARGETS["of_bare_client"]
        and ratios["over_smtplib"] >= TARGETS["over_smtplib"]
        and ratios["memory_growth"] <= TARGETS["memory_growth"]
    )
    if kill:
        killed = _run_killed(min(size, _KILLED), senders, email_id, version_id)
        figures["killed"] = killed
        within = within and killed["lost"] == 0 and killed["sent_twice"] <= killed["may_be_sent_twice"]
    return {**figures, "ratios": ratios, "targets": TARGETS, "within_target": within}


# -- what is sent ------------------------------------------------------------------------------------------------------


def _make_people(count: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE contact, message, message_queue, interaction, sender, email CASCADE")
        cursor.execute("ALTER SEQUENCE contact_id_seq RESTART")
        cursor.execute("INSERT INTO business_unit (name) SELECT 'Main' WHERE NOT EXISTS (SELECT FROM business_unit)")
        cursor.execute(
            "INSERT INTO contact (first_name, last_name, email, city, country, custom, business_unit_id)"
            " SELECT 'First' || n, 'Last' || n, md5(n::text) || '@d' || n %% 997 || '.example.com', 'City' || n %% 50,"
            " (ARRAY['DE','US','FR','JP'])[1 + n %% 4], jsonb_build_object('plan', n %% 3),"
            " (SELECT min(id) FROM business_unit) FROM generate_series(1, %s) AS n",
            [count],
        )
        cursor.execute("VACUUM ANALYZE contact")


def _make_email() -> tuple[int, int]:
    from django.db import connection, transaction

    from benchmarks.render import make_html
    from senet.content.actions import create_email, go_live_email
    from senet.content.models import Email

    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM business_unit")
        unit = cursor.fetchone()[0]
    with transaction.atomic():
        email_id = create_email(
            business_unit_id=unit,
            owner_id=None,
            name="Spring",
            subject="Spring is here, {{ contact.first_name }}",
            from_name="The Shop",
            from_address="news@shop.example.com",
            source=make_html(),
        )
        go_live_email(email_id, now=datetime.now(UTC))
    return email_id, int(Email.objects.get(pk=email_id).live_version_id or 0)


def _enqueue(tile: int, count: int, email_id: int, version_id: int) -> float:
    from django.db import connection, transaction

    from senet.messages.actions import enqueue_cohort

    seconds = 0.0
    for first in range(1, count + 1, _CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY) ON COMMIT DROP")
            last = min(count, first + _CHUNK - 1)
            cursor.execute("INSERT INTO cohort SELECT * FROM generate_series(%s::bigint, %s)", [first, last])
            cursor.execute("ANALYZE cohort")
            started = time.perf_counter()
            enqueue_cohort(
                journey_id=1,
                iteration=1,
                tile=tile,
                email_id=email_id,
                email_version_id=version_id,
                content_settings_id=None,
                now=datetime.now(UTC),
            )
            seconds += time.perf_counter() - started
    return seconds


def _render_one(version_id: int) -> bytes:
    from senet.delivery.rendering import Preparer, Renderers
    from senet.messages.values import ClaimedMessage, Result

    now = datetime.now(UTC)
    message = ClaimedMessage(1, 1, 1, 1, version_id, None, "p1@example.com", "example.com", 0, now, True)
    rendered = Renderers().render(Preparer().prepare([message], now)[0], now)
    assert not isinstance(rendered, Result), rendered
    return rendered.content


# -- the others --------------------------------------------------------------------------------------------------------


@contextmanager
def _sink(record: Path | None = None) -> Iterator[int]:
    command = [sys.executable, "-m", "senet.demo.smtp_sink", "--drop"]
    if record is not None:
        command += ["--record", str(record)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().split()[1])
        finally:
            process.terminate()
            process.stdout.read()


def _run_bare(port: int, content: bytes, clients: int) -> float:
    path = Path(os.environ["SENET_DATA"]) / "ready.eml"
    path.write_bytes(content)
    share = _BARE // clients
    command = [sys.executable, "-m", "benchmarks.email", "bare", str(port), str(share), str(path)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(clients)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()  # it is connected
    started = time.perf_counter()
    for process in processes:
        process.communicate(b"\n")
    return share * clients / (time.perf_counter() - started)


def send_bare(port: int, count: int, content: bytes) -> None:
    """Send the same bytes again and again, pipelined, and count the replies' lines."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def wait(lines: int) -> None:
        while lines > 0:
            lines -= client.recv(65_536).count(b"\n")

    wait(1)
    client.sendall(b"HELO bench\r\n")
    wait(1)
    client.sendall(_COMMANDS)
    wait(3)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    block = content + b".\r\n" + _COMMANDS
    for _ in range(count):
        client.sendall(block)
        wait(4)
    client.close()


def _run_smtplib(port: int, count: int) -> float:
    """Send as a program without a compiler does: Liquid, links and `EmailMessage` for each person, then smtplib.

    Units: seconds.
    """
    from liquid import Environment

    from benchmarks.render import SETTINGS, make_html
    from senet.content.plain_text import make_plain_text
    from senet.shared.tokens import LinkToken, sign_link

    html = Environment(autoescape=True).from_string(make_html())
    text = Environment().from_string(make_plain_text(make_html()))
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(count):
            contact = {"first_name": f"First{number}", "last_name": f"Last{number}", "city": "Zürich"}
            scope = {"contact": contact, "company": {}, "content_settings": SETTINGS}
            links = iter(range(1, 100))

            def redirect(_: re.Match[str], number: int = number, links: Iterator[int] = links) -> str:
                token = sign_link(LinkToken(number, 1, next(links)), purpose="redirect")
                return f'href="https://links.example.com/r/{token}"'

            message = EmailMessage(policy=SMTP)
            message["From"], message["To"] = "The Shop <news@shop.example.com>", f"p{number}@example.com"
            message["Subject"] = f"Spring is here, First{number}"
            message.set_content(text.render(**scope))
            message.add_alternative(re.sub(r'href="https?:[^"]*"', redirect, html.render(**scope)), subtype="html")
            client.send_message(message)
    return time.perf_counter() - started


# -- ours --------------------------------------------------------------------------------------------------------------


def _start_sender(port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SENET_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none"}
    return subprocess.Popen([sys.executable, "-m", "senet", "sender"], env=environment, start_new_session=True)


def _stop(senders: list[subprocess.Popen[bytes]]) -> None:
    for sender in senders:
        sender.send_signal(signal.SIGTERM)
    for sender in senders:
        sender.wait(30)


def _ask(sql: str) -> Any:  # one value of any kind
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _count_left() -> int:
    return int(_ask("SELECT count(*) FROM message_queue"))


def _memory(senders: list[subprocess.Popen[bytes]]) -> float:
    return sum(psutil.Process(sender.pid).memory_info().rss for sender in senders) / 2**20


def _run_senders(port: int, size: int, count: int) -> Figures:
    senders = [_start_sender(port) for _ in range(count)]
    memory: list[float] = []
    while (left := _count_left()) > 0:
        if left < size * 0.9:
            memory.append(_memory(senders))
        time.sleep(0.5)
    processor = sum(sum(psutil.Process(sender.pid).cpu_times()[:2]) for sender in senders)
    _stop(senders)
    seconds = float(_ask("SELECT extract(epoch FROM max(sent_at) - min(sent_at)) FROM message"))
    delivered = int(_ask("SELECT count(*) FROM message WHERE state = 'delivered'"))
    assert delivered == size, f"{delivered} of {size} were delivered"
    early = sum(memory[:3]) / max(len(memory[:3]), 1)
    late = sum(memory[-3:]) / max(len(memory[-3:]), 1)
    return {
        "seconds": round(seconds, 2),
        "per_second": round(size / seconds),
        "sender_microseconds_a_message": round(processor / size * 1e6),
        "memory_mb": round(max(memory, default=0.0), 1),
        "memory_growth": round(late / early - 1, 3) if early else 0.0,
    }


def _run_signed(port: int, size: int, senders: int, email_id: int, version_id: int) -> Figures:
    """Send once more, signed with RSA (DKIM) and with a return path a message; and time a signature alone."""
    from django.db import connection

    from senet.delivery.domains.actions import create_domain, delete_domain
    from senet.delivery.domains.keyring import Keyring
    from senet.delivery.domains.signing import sign

    now = datetime.now(UTC)
    made = create_domain(
        "shop.example.com",
        bounce_domain="bounces.shop.example.com",
        business_unit_id=None,
        with_ed25519=False,
        signs=True,
        now=now,
    )
    keyring = Keyring()
    keyring.refresh(now)
    domain, content = keyring.find("news@shop.example.com"), _render_one(version_id)
    assert domain is not None
    started = time.perf_counter()
    for _ in range(500):
        sign(content, domain.keys, at=0)
    alone = (time.perf_counter() - started) / 500
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE message, message_queue, interaction")
    _enqueue(1, size, email_id, version_id)
    signed = _run_senders(port, size, senders)
    delete_domain(made)
    return {"signed_per_second": signed["per_second"], "signature_microseconds": round(alone * 1e6)}


def _run_killed(size: int, count: int, email_id: int, version_id: int) -> Figures:
    """Kill a sender about every second, which is as long as one needs to start, until everything is sent."""
    from senet.delivery.sender import WINDOW

    record = Path(os.environ["SENET_DATA"]) / "received.txt"
    record.write_text("")
    _enqueue(2, size, email_id, version_id)
    kills, dice = 0, random.Random(20260301)
    with _sink(record) as port:
        senders = [_start_sender(port) for _ in range(count)]
        started = time.perf_counter()
        while _count_left() == size:
            time.sleep(0.05)
        while _count_left() > 0:
            time.sleep(dice.uniform(0.3, 1.5))
            victim = dice.randrange(count)
            if _count_left() > 0:
                senders[victim].kill()
                senders[victim].wait()
                senders[victim] = _start_sender(port)
                kills += 1
        seconds = time.perf_counter() - started
        _stop(senders)
    received = Counter(record.read_text().splitlines())
    return {
        "messages": size,
        "kills": kills,
        "seconds": round(seconds, 1),
        "lost": size - len(received),
        "sent_twice": sum(received.values()) - len(received),
        "may_be_sent_twice": kills * WINDOW,
        "not_delivered": size - int(_ask("SELECT count(*) FROM message WHERE tile = 2 AND state = 'delivered'")),
    }


def main() -> None:
    """Run a part of the benchmark in a process of its own."""
    if sys.argv[1] == "bare":
        send_bare(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]).read_bytes())
        return
    import django

    django.setup()
    wanted = json.loads(sys.argv[1])
    print(json.dumps(measure(wanted["size"], kill=wanted["kill"], senders=wanted["senders"])))


if __name__ == "__main__":
    main()

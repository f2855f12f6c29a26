"""A real Postfix and a real Dovecot for tests: each run's own, on loopback, from a folder of its own, always ended.

Postfix takes everything and knows then what to do with it: mailboxes that exist, that do not, that are full, domains
that it may not write to or cannot reach. Its own bounces go where a test wants them: to a listener, or to the mailbox
that Dovecot shows.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import free_port, wait_for

GOOD, FULL, MISSING = "ada@good.example", "full@good.example", "nobody@good.example"
BLOCKED, UNREACHABLE = "ada@blocked.example", "ada@unreachable.example"
LISTENED, FETCHED = "bounces.shop.example", "returns.shop.example"  # domains of return paths
USER, PASSWORD = "returns", "secret-words"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.good.example
mydestination =
mynetworks = 127.0.0.0/8
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
alias_maps =
alias_database =
relay_domains = bounces.shop.example, blocked.example, unreachable.example
transport_maps = inline:{{ {{ bounces.shop.example = lmtp:inet:127.0.0.1:{listener} }},
    {{ blocked.example = error:5.7.1 Service unavailable; client blocked using zen.spamhaus.org }},
    {{ unreachable.example = smtp:[127.0.0.1]:{closed} }} }}
virtual_mailbox_domains = good.example, returns.shop.example
virtual_mailbox_base = {folder}/mailboxes
virtual_mailbox_maps = inline:{{ ada@good.example=ada/, full@good.example=full, @returns.shop.example=returns/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 200000
message_size_limit = 100000
maximal_queue_lifetime = {lifetime}
bounce_queue_lifetime = {lifetime}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{mailbox}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running Postfix."""

    folder: Path
    port: int

    def log(self) -> str:
        """What it has logged."""
        path = self.folder / "mail.log"
        return path.read_text(errors="replace")[-8000:] if path.exists() else ""

    def mails_of(self, name: str) -> list[bytes]:
        """The mails in a mailbox."""
        return [path.read_bytes() for path in sorted((self.folder / "mailboxes" / name / "new").glob("*"))]


@contextmanager
def running_postfix(listener_port: int = 9, *, lifetime: str = "0") -> Iterator[Postfix]:
    """Run a Postfix whose bounces to LISTENED go to a port by LMTP, and those to FETCHED to a mailbox.

    `lifetime`: how long it tries, its own bounces as well; 0: once.
    """
    command = _find("postfix")
    owner = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="senet-postfix-"))
    folder.chmod(0o755)
    port = free_port()
    values = {"folder": folder, "listener": listener_port, "closed": free_port(), "port": port, "uid": owner.pw_uid}
    values["lifetime"] = lifetime
    (folder / "main.cf").write_text(_MAIN.format(**values, gid=owner.pw_gid))
    (folder / "master.cf").write_text(_MASTER.format(**values).lstrip())
    for name in ("queue", "data", "mailboxes"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mailboxes", owner.pw_uid, owner.pw_gid)
    full = folder / "mailboxes" / "full"
    full.write_bytes(b"From x\n\n" + b"x" * 199_999)
    shutil.chown(full, owner.pw_uid, owner.pw_gid)
    server = Postfix(folder, port)
    log = (folder / "start.log").open("wb")
    process = subprocess.Popen([command, "-c", str(folder), "start-fg"], stdout=log, stderr=log, start_new_session=True)
    log.close()
    try:
        wait_for(
            lambda: _greets(port), seconds=20, what=(folder / "start.log").read_text(errors="replace") + server.log()
        )
        yield server
    finally:
        subprocess.run([command, "-c", str(folder), "stop"], check=False, capture_output=True)
        _end(process)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_dovecot(mailbox: Path) -> Iterator[int]:
    """Run a Dovecot that shows a Maildir to USER with PASSWORD; gives its port."""
    command = _find("dovecot")
    owner = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="senet-dovecot-"))
    folder.chmod(0o755)
    (folder / "home").mkdir()
    shutil.chown(folder / "home", owner.pw_uid, owner.pw_gid)
    port = free_port()
    values = {"folder": folder, "mailbox": mailbox, "port": port, "uid": owner.pw_uid, "gid": owner.pw_gid}
    (folder / "dovecot.conf").write_text(_DOVECOT.format(**values, password=PASSWORD))
    process = subprocess.Popen([command, "-F", "-c", str(folder / "dovecot.conf")], start_new_session=True)
    try:
        wait_for(lambda: _greets(port), seconds=20, what="Dovecot answers")
        yield port
    finally:
        _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _find(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert found, f"{name} is not installed; run tools/ensure-mail-servers"
    return found


def _greets(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as peer:
        return bool(peer.recv(10))
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)


def hand_in(port: int, sender: str, recipient: str, mail: bytes, *, lmtp: bool = False) -> None:
    """Hand a mail to a server. Raises: smtplib's errors when it is refused."""
    make = smtplib.LMTP if lmtp else smtplib.SMTP
    with make("127.0.0.1", port, timeout=20) as client:
        client.sendmail(sender, [recipient], mail)

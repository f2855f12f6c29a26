"""Every setting an operator can make, typed, read once from environment variables that start with SENET_.

`DATABASE_URL` and `CLICKHOUSE_URL` keep their usual names. Empty means: the embedded engine in the data folder.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """The operator's settings."""

    model_config = SettingsConfigDict(env_prefix="SENET_", extra="ignore")

    data: Path = Field(default=Path(".senet"), description="Folder of everything that Senet keeps.")
    database_url: str = Field(
        default="", validation_alias="DATABASE_URL", description="PostgreSQL 15 or newer; empty: the embedded one."
    )
    clickhouse_url: str = Field(
        default="",
        validation_alias="CLICKHOUSE_URL",
        description="A ClickHouse server, clickhouse://user:password@host:8123/database; empty: the embedded one.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the app and the door listen on.")
    port: int = Field(default=8000, description="Port of the app: web pages and API.")
    door_port: int = Field(default=8001, description="Port of the public door: links, beacons, forms.")
    mailbox_port: int = Field(default=8002, description="Port of the demo mailbox's page.")
    mailbox_smtp_port: int = Field(default=8025, description="Port of the demo mailbox's SMTP server.")
    app_url: str = Field(default="", description="The app's address as people see it; empty: from host and port.")
    door_url: str = Field(
        default="", description="The door's address as written into mails; empty: from host and port."
    )
    smtp_url: str = Field(default="", description="smtp://user:password@host:port?tls=starttls; empty: the mailbox.")
    providers: str = Field(
        default="",
        description="Providers before SENET_SMTP_URL, the preferred one first, with the from domains that each serves: "
        "mailgun://KEY@shop.example?webhook=SECRET&domains=shop.example smtp://user:password@host?domains=news.example",
    )
    dns: str = Field(
        default="system",
        description="Who is asked about the domains that mails come from: system, off, or a name server's host:port.",
    )
    dkim_selectors: str = Field(
        default="senet", description="Names of the DKIM keys that mails are signed with: senet,relay1."
    )
    bounce_domain: str = Field(
        default="",
        description="Domain of the return paths, whose mails reach SENET_BOUNCE_LISTEN or SENET_BOUNCE_IMAP; empty: "
        "mails carry their from address as return path.",
    )
    require_sending_domain: bool = Field(
        default=False, description="Send only from the sending domains that are set up; block everything else."
    )
    bounce_listen: str = Field(
        default="", description="Where returned mails are taken: smtp://0.0.0.0:2525 or lmtp://127.0.0.1:2424."
    )
    bounce_imap: str = Field(
        default="", description="A mailbox of returned mails: imaps://user:password@host/INBOX?done=Read."
    )
    domain_rates: str = Field(
        default="", description="Mails a second to recipient domains, by all senders: gmail.com=20,example.org=5."
    )
    monthly_mails: int = Field(
        default=0,
        ge=0,
        description="Mails that may be queued in a month (UTC); 0: no limit. Beyond it, they are blocked.",
    )
    senders: int = Field(default=0, description="Sender processes; 0: one a core.")
    secret_key: str = Field(default="", description="Signs sessions and links; empty: made once in the data folder.")
    demo: bool = Field(default=False, description="Fill the data folder with the demo and play its audience.")
    debug: bool = Field(default=False, description="Developers only: Django's debug mode.")
    log_format: str = Field(default="console", description="How log lines are written: console or json.")
    log_level: str = Field(
        default="", description="debug, info, warning or error; empty: warning under `senet up`, else info."
    )
    metrics_token: str = Field(default="", description="Opens /metrics to other machines, as a bearer token.")
    ui: Path = Field(default=Path("ui/dist"), description="Folder of the built user interface.")
    database_pool: int = Field(default=0, description="Pooled connections of a web process; 0: one a request.")
    interaction_days: int = Field(default=7, description="Days of shipped interactions PostgreSQL keeps.")
    workflow_call_days: int = Field(
        default=30, ge=1, le=36_500, description="Days that workflow calls are kept which succeeded or were given up."
    )
    profiling_consent: int = Field(
        default=5, ge=0, le=5, description="Consent from which a person's own opens choose the hour of their mails."
    )
    verdict_seconds: int = Field(
        default=600, ge=1, description="Seconds between two looks for robots among the opens and clicks of late."
    )
    upload_megabytes: int = Field(default=1000, description="The largest file that an import takes.")
    actions: str = Field(
        default="", description="Modules with Python actions that workflows may call: shop.actions,shop.loyalty."
    )
    webhook_allow_private: bool = Field(
        default=False, description="Let webhooks reach this machine and private networks; never link-local addresses."
    )
    webhook_networks: str = Field(
        default="",
        description="Networks that webhooks may reach although they are not public: 10.1.0.0/16,192.168.4.7.",
    )
    segment_seconds: int = Field(default=10, description="Seconds between two looks for changed segment members.")
    segment_full_seconds: int = Field(default=3600, description="Seconds after which a segment is evaluated whole.")
    mailbox_messages: int = Field(default=10_000, description="Messages that the demo mailbox keeps.")
    audience_delay_seconds: float = Field(
        default=45, description="How long the demo's readers usually take to react; 0: nobody reads."
    )

    @property
    def local_url(self) -> str:
        """The app's address on this machine."""
        return _address(self.host, self.port)

    @property
    def public_app_url(self) -> str:
        """The app's address as people see it."""
        return self.app_url.rstrip("/") or self.local_url

    @property
    def public_door_url(self) -> str:
        """The door's address as mails carry it."""
        return self.door_url.rstrip("/") or _address(self.host, self.door_port)


def _address(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{reachable}:{port}"


def read_environment() -> Environment:
    """Return the settings as they stand in the process's environment."""
    return Environment()


def read_domain_rates(text: str) -> dict[str, float]:
    """Return the mails a second that recipient domains take, from "gmail.com=20,example.org=5".

    Raises: ValueError with a sentence for the operator.
    """
    rates: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        domain, _, rate = part.partition("=")
        try:
            rates[domain.strip().lower()] = float(rate)
        except ValueError:
            rate = "0"
        if not domain.strip() or not 0 < float(rate) < float("inf"):
            raise ValueError(f"SENET_DOMAIN_RATES: write domain=mails a second, above zero; not {part!r}.")
    return rates

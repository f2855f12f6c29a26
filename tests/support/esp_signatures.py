"""Webhooks as Amazon SNS, SendGrid, Resend and Mandrill send them, signed with keys of the test's own."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from senet.delivery.esp.client import METADATA
from senet.delivery.esp.registry import read_esp_url
from senet.delivery.esp.values import EspSettings
from tests.support.esp import token_of

Headers = Sequence[tuple[bytes, bytes]]
Webhook = tuple[Headers, bytes]
JSON = (b"content-type", b"application/json")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:senet"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abc.pem"
SUBSCRIBE = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
DOOR = "https://links.shop.example"


@dataclass
class Amazon:
    """SNS with a key of its own; `asked` is what was fetched from its hosts."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65_537, 2048))
    asked: list[str] = field(default_factory=list)

    @property
    def provider(self) -> EspSettings:
        return read_esp_url(f"ses://AKID:secret@eu-west-1?webhook={TOPIC}")

    def fetch(self, url: str) -> bytes:
        """Answer as Amazon's hosts do."""
        self.asked.append(url)
        if url != CERTIFICATE:
            return b"<ConfirmSubscriptionResponse/>"
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def notify(self, event: dict[str, Any], *, at: datetime, **other: str) -> Webhook:
        """Return a notification of an event of SES."""
        return self.send("Notification", json.dumps(event), at=at, **other)

    def send(self, kind: str, text: str, *, at: datetime, **other: str) -> Webhook:
        """Return a message of a kind, signed."""
        message = {
            "Type": kind,
            "MessageId": "22b80b92",
            "TopicArn": TOPIC,
            "Message": text,
            "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "SignatureVersion": "2",
            "SigningCertURL": CERTIFICATE,
            **({"Token": "t", "SubscribeURL": SUBSCRIBE} if kind != "Notification" else {}),
            **other,
        }
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        digest = hashes.SHA1() if message["SignatureVersion"] == "1" else hashes.SHA256()  # noqa: S303  Amazon's first
        message["Signature"] = base64.b64encode(self.key.sign(signed.encode(), padding.PKCS1v15(), digest)).decode()
        headers = [JSON, (b"x-amz-sns-message-type", kind.encode()), (b"x-amz-sns-message-id", b"22b80b92")]
        return headers, json.dumps(message).encode()


def ses_event(kind: str, message_id: int, **fields: Any) -> dict[str, Any]:
    """What SES publishes of a mail."""
    metadata = json.dumps({METADATA: token_of(message_id)})
    mail = {
        "messageId": "0102",
        "destination": ["ada@example.com"],
        "headers": [{"name": "X-Metadata", "value": metadata}],
    }
    return {"eventType": kind, "mail": mail, kind.lower(): fields}


@dataclass
class SendGrid:
    """SendGrid's signed event webhook."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def provider(self) -> EspSettings:
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return read_esp_url(f"sendgrid://SG.key@?webhook={quote(base64.b64encode(public).decode(), safe='+/=')}")

    def send(self, *events: dict[str, Any], at: datetime) -> Webhook:
        body, stamp = json.dumps(events).encode(), str(int(at.timestamp())).encode()
        signature = base64.b64encode(self.key.sign(stamp + body, ec.ECDSA(hashes.SHA256())))
        name = b"x-twilio-email-event-webhook-"
        return [JSON, (name + b"signature", signature), (name + b"timestamp", stamp)], body


def sendgrid_event(kind: str, message_id: int, **fields: Any) -> dict[str, Any]:
    """One of SendGrid's events; what was sent along stands beside its own fields."""
    return {
        "event": kind, "email": "ada@example.com", "timestamp": 1_772_000_000, "sg_event_id": f"e-{kind}",
        METADATA: token_of(message_id), **fields,
    }  # fmt: skip


@dataclass
class Resend:
    """Resend's webhooks, which Svix signs."""

    secret: bytes = b"0123456789abcdef01234567"

    @property
    def provider(self) -> EspSettings:
        return read_esp_url(f"resend://re_key@?webhook=whsec_{base64.b64encode(self.secret).decode()}")

    def send(self, kind: str, message_id: int, *, at: datetime, **fields: Any) -> Webhook:
        metadata = {"name": "X-Metadata", "value": json.dumps({METADATA: token_of(message_id)})}
        data = {"email_id": "56761188", "to": ["ada@example.com"], "headers": [metadata], **fields}
        body = json.dumps({"type": kind, "created_at": "2026-03-01T09:00:00.000Z", "data": data}).encode()
        stamp = str(int(at.timestamp())).encode()
        signature = base64.b64encode(hmac.digest(self.secret, b"msg_1." + stamp + b"." + body, "sha256"))
        return [JSON, (b"svix-id", b"msg_1"), (b"svix-timestamp", stamp), (b"svix-signature", b"v1," + signature)], body


@dataclass
class Mandrill:
    """Mandrill's webhooks: a form, signed together with the address that it is sent to."""

    key: str = "mandrill-key"
    url: str = f"{DOOR}/esp/mandrill"

    @property
    def provider(self) -> EspSettings:
        return read_esp_url(f"mandrill://md-key@?webhook={self.key}")

    def send(self, *events: dict[str, Any]) -> Webhook:
        text = json.dumps(events)
        signed = f"{self.url}mandrill_events{text}".encode()
        signature = base64.b64encode(hmac.digest(self.key.encode(), signed, "sha1"))
        form = (b"content-type", b"application/x-www-form-urlencoded")
        return [form, (b"x-mandrill-signature", signature)], urlencode({"mandrill_events": text}).encode()


def mandrill_event(kind: str, message_id: int, *, at: datetime, **fields: Any) -> dict[str, Any]:
    """One of Mandrill's events."""
    message = {"email": "ada@example.com", "metadata": {METADATA: token_of(message_id)}, **fields}
    return {"event": kind, "_id": "exampleid", "ts": int(at.timestamp()), "msg": message}

"""Writes a published version of an email down: what was compiled, its source, and its links."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db.models import Max

from senet.content.models import Email, EmailLink, EmailVersion
from senet.content.values import CompiledEmail, EmailSource


def publish_version(
    email: Email, source: EmailSource, compiled: CompiledEmail, *, now: datetime, by: int | None
) -> EmailVersion:
    """Keep a compiled email as its next version. The caller holds the email's row."""
    number = (email.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = EmailVersion.objects.create(
        email=email,
        number=number,
        compiled=compiled.as_json(),
        source={**asdict(source), "name": email.name},
        published_at=now,
        published_by=by,
    )
    EmailLink.objects.bulk_create(
        EmailLink(
            version=version, number=link.number, url=link.url, label=link.label, kind=link.kind, dynamic=link.dynamic
        )
        for link in compiled.links
    )
    return version

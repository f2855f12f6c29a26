"""Figures for Prometheus at `/metrics`: this process's own, and every component's from its heartbeat."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from senet.shared.clock import utc_now
from senet.workers.heartbeats import list_heartbeats

REQUEST_SECONDS = Histogram("senet_request_seconds", "Time the app took to answer.", ["part", "method", "status"])


class HeartbeatCollector(Collector):
    """Reads the heartbeats when asked."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield each component's age and the numbers it told."""
        now = utc_now()
        age = GaugeMetricFamily(
            "senet_heartbeat_age_seconds", "Time since a component was heard.", labels=["component", "host", "pid"]
        )
        told = GaugeMetricFamily(
            "senet_component", "A number a component told.", labels=["component", "host", "pid", "figure"]
        )
        for heartbeat in list_heartbeats():
            labels = [heartbeat.name, heartbeat.host, str(heartbeat.pid)]
            age.add_metric(labels, (now - heartbeat.beat_at).total_seconds())
            for figure, value in heartbeat.detail.items():
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    told.add_metric([*labels, figure], value)
        return [age, told]


REGISTRY.register(HeartbeatCollector())


def may_read(request: HttpRequest) -> bool:
    """Say whether a request may see the metrics: by SENET_METRICS_TOKEN, or without one from this machine itself."""
    if settings.METRICS_TOKEN:
        return hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
        )
    through_proxy = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not through_proxy


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus."""
    if not may_read(request):
        return HttpResponse("Set SENET_METRICS_TOKEN and send it as a bearer token.\n", status=403)
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)

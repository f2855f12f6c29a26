"""The app's addresses: composition only."""

from django.urls import URLPattern, URLResolver, path

from senet.api.api import api
from senet.workers.health import healthz
from senet.workers.metrics import metrics
from senet.workers.remote import answer_internal

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("healthz", healthz),
    path("metrics", metrics),
    path("internal/<slug:act>", answer_internal),
]

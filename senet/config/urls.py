"""The app's addresses: composition only."""

from django.urls import URLPattern, URLResolver, path

from senet.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]

"""The registry of KPIs: each is a value, and its words are the glossary's."""

from __future__ import annotations

from senet.insights.kpis.email import EMAIL_KPIS
from senet.insights.kpis.outside import OUTSIDE_KPIS
from senet.insights.kpis.tile import TILE_KPIS
from senet.insights.kpis.values import Kpi

KPIS: dict[str, Kpi] = {kpi.key: kpi for kpi in (*EMAIL_KPIS, *OUTSIDE_KPIS, *TILE_KPIS)}

__all__ = ["EMAIL_KPIS", "KPIS", "OUTSIDE_KPIS", "TILE_KPIS", "Kpi"]

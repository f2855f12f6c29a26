"""Senet: customer journeys, marketing email and exact insights on your own machine."""

__version__ = "0.1.0"

"""Tracking clients from the registries, unmodified, pointed at the real server by their own options."""

from tests.browser.conftest import stage

__all__ = ["stage"]

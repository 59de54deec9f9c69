"""The browser clients, as a website uses them that bundles its own JavaScript."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.clients.browser.conftest import Bundle
from tests.support.stage import Stage

SEGMENT, CUSTOMERIO = "@segment/analytics-next", "@customerio/cdp-analytics-browser"


class Client(NamedTuple):
    """A package of the registry; ``options`` are its own, beside the site key and the ``cdnURL``."""

    name: str
    package: str
    options: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    def tag(self, stage: Stage, bundle: Bundle) -> str:
        """What loads it, and says nothing yet, in the pages of the stage's website."""
        settings = json.dumps({"writeKey": stage.site_key, "cdnURL": stage.server.url})
        stage.website.pages["/client.js"] = bundle(self.package)
        return (
            "<script src=/client.js></script><script>"
            f"analytics = client.AnalyticsBrowser.load({settings}, {json.dumps(self.options)})</script>"
        )

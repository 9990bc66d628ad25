"""A town whose shops are visited while somebody listens."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shops
from front import Desk, Ran
from loopback import Answer, Site
from month import day_of, model_ids
from receiver import Receiver

TESTS = Path(__file__).parent
MODELS = model_ids()
FIRST, SECOND = MODELS[:2]
LIMITS = """[freshness.limits]
price = { warn = 2, error = 4 }
limit = { warn = 20, error = 40 }
lifecycle = { warn = 20, error = 40 }
"""


class Town:
    """Two shops with a page each, a receiver, and a desk from which they are visited."""

    def __init__(self, sites: list[Site], receiver: Receiver, folder: Path) -> None:
        self.sites, self.receiver = sites, receiver
        spec = {
            f"shop_{n}": {"url": site.url("/p/"), "count": 1, "provider": provider}
            for n, (site, provider) in enumerate(zip(sites, ("groq", "mistral"), strict=True))
        }
        shops.define(spec)
        path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
        installed = {"CARDWATCH_SPIDERS": "shops", "SHOPS": json.dumps(spec), "PYTHONPATH": path}
        self.desk = Desk(folder, environment=installed)
        self.settle()
        self.listen(receiver.address)
        for shop in range(2):
            self.sell(shop)

    def settle(self, notify: str = "") -> None:
        """Write the settings, with a line for the section about notifications."""
        self.desk.settings(f"allow_private = true\n[compare]\nneighbours = 0\n{LIMITS}[notify]\n{notify}\n")

    def listen(self, *addresses: str) -> None:
        """Put addresses into the environment, in place of those that were there."""
        self.desk.environment["CARDWATCH_NOTIFY_URLS"] = "  ".join(addresses)

    def sell(self, shop: int = 0, price: str = "1", *more: Mapping[str, str], **told: str) -> None:
        """Let a shop offer the first model at a price, and what else it lists."""
        base = {"model": FIRST, "output_price": "40", "context_window": "8192"}
        offers = [{**base, "input_price": price, **told}, *({**base, **other} for other in more)]
        self.sites[shop].put("/p/0", Answer(json.dumps({"offers": offers})))

    def fail(self, shop: int = 0) -> None:
        self.sites[shop].put("/p/0", Answer("out of order", 500))

    def refresh(self, day: int, *options: str, code: int = 0) -> Ran:
        """Visit both shops on a day, with the code in this process."""
        return self.desk.inside(*self.run(day), *options, code=code)

    def run(self, day: int) -> list[str]:
        return ["refresh", "shop_0", "shop_1", "--all", "--json", "--now", day_of(day).isoformat()]

    def untold(self, day: int) -> Any:
        return self.desk.reads("notify", "--dry-run", "--now", day_of(day).isoformat())

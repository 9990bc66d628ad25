"""A world whose hosts are visited while somebody listens."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support import simulated_sources
from support.cli_home import CliHome, CommandResult
from support.loopback import Answer, LoopbackSite
from support.message_receiver import MessageReceiver
from support.simulated_world import day_of, model_ids

TESTS = Path(__file__).parent.parent
MODELS = model_ids()
FIRST, SECOND = MODELS[:2]
LIMITS = """[freshness.limits]
price = { warn = 2, error = 4 }
limit = { warn = 20, error = 40 }
lifecycle = { warn = 20, error = 40 }
"""


class NotifiedWorld:
    """Two hosts with a page each, a receiver, and a home from which they are visited."""

    def __init__(self, sites: list[LoopbackSite], receiver: MessageReceiver, folder: Path) -> None:
        self.sites, self.receiver = sites, receiver
        spec = {
            f"shop_{n}": {"url": site.url("/p/"), "count": 1, "provider": provider}
            for n, (site, provider) in enumerate(zip(sites, ("groq", "mistral"), strict=True))
        }
        simulated_sources.define_sources(spec)
        path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
        installed = {
            "CARDWATCH_SPIDERS": "support.simulated_sources",
            "SHOPS": json.dumps(spec),
            "PYTHONPATH": path,
        }
        self.cli_home = CliHome(folder, environment=installed)
        self.configure()
        self.listen(receiver.address)
        for host in range(2):
            self.put_offer(host)

    def configure(self, notify: str = "") -> None:
        """Write the settings, with a line for the section about notifications."""
        self.cli_home.settings(
            f"allow_private = true\n[compare]\nneighbours = 0\n{LIMITS}[notify]\n{notify}\n"
        )

    def listen(self, *addresses: str) -> None:
        """Put addresses into the environment, in place of those that were there."""
        self.cli_home.environment["CARDWATCH_NOTIFY_URLS"] = "  ".join(addresses)

    def put_offer(self, host: int = 0, price: str = "1", *more: Mapping[str, str], **values: str) -> None:
        """Let a host offer the first model at a price, and what else it lists."""
        base = {"model": FIRST, "output_price": "40", "context_window": "8192"}
        offers = [{**base, "input_price": price, **values}, *({**base, **other} for other in more)]
        self.sites[host].put("/p/0", Answer(json.dumps({"offers": offers})))

    def fail(self, host: int = 0) -> None:
        self.sites[host].put("/p/0", Answer("out of order", 500))

    def refresh(self, day: int, *options: str, code: int = 0) -> CommandResult:
        """Visit both hosts on a day, with the code in this process."""
        return self.cli_home.run_in_process(*self.run(day), *options, code=code)

    def run(self, day: int) -> list[str]:
        return ["refresh", "shop_0", "shop_1", "--all", "--json", "--now", day_of(day).isoformat()]

    def untold(self, day: int) -> Any:
        return self.cli_home.reads("notify", "--dry-run", "--now", day_of(day).isoformat())

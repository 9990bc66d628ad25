"""A made-up Hub through the whole way on loopback, shard by shard: seconds, bytes and memory of each stage.

    python benchmarks/hub_scale.py [CARDS [SHARD]]

CARDS cards of 6 KB by as many authors as there are thousands, SHARD of them a run (2,000 and 1,000 unless told
otherwise; the table in docs/explanation/scale.md has 100,000 and 10,000). The Hub answers as the real one does: a
listing of a thousand repositories a page that goes on at its Link header, cards behind a redirect. Every stage is
the installed command; seconds are of the clock, "processor" is the command's own, without the Hub's. Then three
cards in a hundred change, and one more run says what that costs.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from aiohttp import web

from cardwatch.crawler.formats.hub import HubSelection, HubSite
from cardwatch.crawler.spiders.huggingface_cards import HuggingfaceCards

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from sides import served_beside, tell
from support.made_up_hub import MadeUpHub, Repository

COMMAND = Path(sys.executable).with_name("cardwatch")
AN_AUTHOR = 1000
PROSE = "The model was trained on text and code, takes a long context and calls tools when asked to. " * 12
BEGUN = datetime(2026, 10, 1, 6, tzinfo=UTC)
SETTINGS = """
[crawl]
contact = "me@acme.example"
delay_seconds = 0
allow_private = true
budget = 10000000
host_allowance = 10000000
[compare]
neighbours = {neighbours}
[huggingface]
requests = 10000000
authors = {authors}
"""


class MadeUpCards(HuggingfaceCards):
    """The cards of the made-up Hub."""

    name = "huggingface_made_up"
    site = HubSite(os.environ.get("MADE_UP_HUB", "http://127.0.0.1:9"))
    selection = HubSelection(among=frozenset())
    url = site.url
    page_urls = site.page_urls
    index = ()
    quotas = ()
    ids = ""


@dataclass
class MadeUpRepository(Repository):
    """A model whose card is written anew for each answer, since a hundred thousand would not fit."""

    def card(self) -> str:
        name = self.id.partition("/")[2]
        number = int(name.split("-")[1])
        scores = "\n".join(
            f"| {test} | {40 + (number * k + self.commits) % 55}.{k} |" for k, test in enumerate(TESTS, 1)
        )
        return (
            f"---\nlicense: {LICENSES[number % 4]}\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n"
            f"# {name}\n\n{PROSE}\n\n## Model Overview\n\n- Number of Parameters: {number % 70 + 1}.{number % 10}B\n"
            f"- Context Length: {2 ** (number % 5 + 3)}K\n\n{PROSE}\n\n## Evaluation\n\n| Benchmark | {name} |\n|---|---|\n"
            f"{scores}\n\n{PROSE}\n\n```sh\nvllm serve {self.id} --tool-call-parser hermes\n```\n\n{PROSE}\n\n{PROSE}\n"
        )


TESTS = ("MMLU-Pro", "GPQA Diamond", "IFEval", "LiveCodeBench", "AIME 2025", "SWE-bench Verified")
HEADINGS = "| stage | s | processor s | MB memory | MB on disk |\n|---|---:|---:|---:|---:|"
LICENSES = ("apache-2.0", "mit", "llama3.1", "gemma")


class Stage(NamedTuple):
    """What one stage took."""

    name: str
    seconds: float
    processor: float
    memory: int
    size: int

    def line(self) -> str:
        """Return it as a row of the table."""
        return f"| {self.name} | {self.seconds:.1f} | {self.processor:.1f} | {self.memory} | {self.size / 1e6:.0f} |"


def author(number: int) -> str:
    return f"lab-{number:04d}"


def serve(cards: int, pipe: Connection) -> None:
    """Be the Hub. `/-/counts` tells what it was asked since it last told, and has every n-th card change if told to."""
    hub = MadeUpHub("", page_size=AN_AUTHOR)
    for number in range(cards):
        name = f"{author(number // AN_AUTHOR)}/model-{number}-{number % 70 + 1}b"
        hub.repositories[name] = MadeUpRepository(name)
    counts = {"bytes": 0, "requests": 0}

    async def answer(request: web.Request) -> web.Response:
        found = hub.answer(request.path_qs, request.headers)
        counts["bytes"] += len(found.body)
        counts["requests"] += 1
        return web.Response(status=found.status, headers=dict(found.headers), body=found.body)

    async def count(request: web.Request) -> web.Response:
        if every := int(request.query.get("change", 0)):
            for name in [*hub.repositories][::every]:
                hub.repositories[name].commit()
        body = json.dumps(counts)
        counts.update(bytes=0, requests=0)
        return web.Response(text=body)

    async def run() -> None:
        site = web.Application()
        site.router.add_get("/-/counts", count)
        site.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        pipe.send(hub.url)
        await asyncio.Event().wait()

    asyncio.run(run())


def count(hub: str, change: int = 0) -> Mapping[str, int]:
    with urlopen(f"{hub}/-/counts?change={change}") as answer:
        counts: Mapping[str, int] = json.load(answer)
    return counts


class HubRuns:
    """A home in which stages are run and measured."""

    def __init__(self, folder: Path, hub: str) -> None:
        self.folder, self.hub = folder, hub
        self.stages: list[Stage] = []
        here = str(Path(__file__).parent)
        self.environment = {
            **os.environ,
            "CARDWATCH_SPIDERS": "hub_scale",
            "PYTHONPATH": here,
            "MADE_UP_HUB": hub,
        }

    def run(
        self, name: str, *arguments: str, day: int, authors: Iterable[str] = (), neighbours: int = 0
    ) -> None:
        """Run one command as a stage of its own."""
        settings = SETTINGS.format(neighbours=neighbours, authors=json.dumps([*authors]))
        (self.folder / "cardwatch.toml").write_text(settings)
        command = [str(COMMAND), *arguments, "--now", (BEGUN + timedelta(days=day)).isoformat()]
        begun = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr
        errors = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{name}: exit {process.returncode}: {errors[-2000:]}")
        processor = used.ru_utime + used.ru_stime
        self.stages.append(
            Stage(name, time.monotonic() - begun, processor, used.ru_maxrss // 1024, self.size())
        )
        tell(self.stages[-1].line())

    def size(self) -> int:
        """Bytes of the archive, the catalog and the site so far."""
        return sum(each.stat().st_size for each in (self.folder / "var").rglob("*") if each.is_file())


def main(cards: int, shard: int) -> None:
    authors = [author(number) for number in range(-(-cards // AN_AUTHOR))]
    shards = [authors[at : at + shard // AN_AUTHOR] for at in range(0, len(authors), shard // AN_AUTHOR)]
    with served_beside(serve, cards) as hub, tempfile.TemporaryDirectory() as folder:
        runs = HubRuns(Path(folder), hub)
        tell(f"{cards:,} cards, {len(shards)} shards\n\n{HEADINGS}")
        for number, those in enumerate(shards):
            runs.run(f"crawl {number}", "crawl", "huggingface_made_up", day=0, authors=those)
            runs.run(f"normalize {number}", "normalize", day=0, authors=those)
        whole = count(hub)
        tell(f"{whole['requests']:,} requests, {whole['bytes']:,} bytes")
        runs.run("compare", "compare", "--all", day=0, neighbours=2)
        runs.run("export", "export", day=0, neighbours=2)
        count(hub, change=33)
        for number, those in enumerate(shards):
            runs.run(
                f"refresh {number} again",
                "refresh",
                "huggingface_made_up",
                day=1,
                authors=those,
                neighbours=2,
            )
        again = count(hub)
        tell(f"{again['requests']:,} requests, {again['bytes']:,} bytes")
        for name in dict.fromkeys(stage.name.rstrip(" 0123456789") for stage in runs.stages):
            tell(
                total(
                    name, [stage for stage in runs.stages if stage.name.rstrip(" 0123456789") == name]
                ).line()
            )


def total(name: str, stages: Sequence[Stage]) -> Stage:
    """Return what a stage took over all shards."""
    return Stage(
        name,
        sum(stage.seconds for stage in stages),
        sum(stage.processor for stage in stages),
        max(stage.memory for stage in stages),
        stages[-1].size,
    )


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:]]
    main(*sizes, *(2000, 1000)[len(sizes) :])

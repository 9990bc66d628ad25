"""A fresh clone with an environment of its own that has our dependencies, but no other copy of our code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from test_walks import LEFT_BEHIND, ROOT

from support.loopback import Answer, LoopbackSite
from support.recorded_pages import spiders

ACME = '''
class AcmePrices(Source):
    """A made-up price list."""

    name = "acme_prices"
    title = "Acme prices"
    kind = "JSON file"
    authority = Authority.PROVIDER_API
    url = "{url}"
    max_age = timedelta(days=2)
    expected_rows = range(1, 10)
    terms = "ours"
    providers = ("groq",)

    def rows(self, response):
        for number, offer in enumerate(load_json(response.text, where=response.url)["offers"]):
            yield RawRow("offer", offer["model"], f"/offers/{{number}}",
                         {{"input_price": Cell(offer["input_price"], "usd/1M tokens")}}, provider="groq")
'''
IMPORTS = """from datetime import timedelta
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.crawler.formats.json_listing import load_json
from cardwatch.crawler.source import Source
"""
COMMANDS = {
    "cardwatch": "cardwatch.cli",
    "scrapyd": "scrapyd.__main__",
    "scrapyd-client": "scrapyd_client.__main__",
    "scrapyd-deploy": "scrapyd_client.deploy",
}
QUICK = """[crawl]
contact = "me@acme.example"
allow_private = true
delay_seconds = 0
backoff_seconds = 0.01
[compare]
neighbours = 1
"""


def acme_prices(*prices: str) -> Answer:
    """Return Acme's page with these prices."""
    models = ["gpt-4.1", "gpt-4o", "o3"]
    listed = [{"model": model, "input_price": price} for model, price in zip(models, prices, strict=False)]
    return Answer(json.dumps({"offers": listed}), headers={"Content-Type": "application/json"}, etag=True)


def make_environment(folder: Path, *ours: Path) -> Path:
    """Make an environment with our dependencies and the code in `ours`, and return its folder of commands.

    The folder that a .pth file names is searched, but no .pth file in it, such as that of an editable install.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (packages / "found.pth").write_text(
        "".join(f"{path}\n" for path in (*ours, sysconfig.get_path("purelib")))
    )
    for name, module in COMMANDS.items():
        path = folder / "bin" / name
        path.write_text(f"#!{folder / 'bin' / 'python'}\nfrom {module} import main\nmain()\n")
        path.chmod(0o755)
    return folder / "bin"


def run_command(*command: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing in the environment but what is given."""
    return subprocess.run(
        [*map(str, command)], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


class InstalledClone:
    """A clone whose only enabled source is Acme's price list on a loopback site, ready to run from anywhere."""

    def __init__(self, folder: Path, site: LoopbackSite) -> None:
        self.folder, self.home, self.bin = folder, folder / "var", folder / ".venv" / "bin"
        shutil.copytree(ROOT, folder, symlinks=True, ignore=LEFT_BEHIND)
        url = site.put("/acme.json", acme_prices("1", "2"))
        source = IMPORTS + ACME.format(url=url)
        (folder / "crawler" / "spiders" / "acme_prices.py").write_text(source, encoding="utf-8")
        self.settings()
        make_environment(folder / ".venv", folder)

    def settings(self, *, acme: str = "enabled = true") -> None:
        """Switch off all sources but Acme's."""
        off = "".join(f"[sources.{name}]\nenabled = false\n" for name in spiders())
        text = f"{QUICK}{off}[sources.acme_prices]\n{acme}\n"
        (self.folder / "cardwatch.toml").write_text(text, encoding="utf-8")

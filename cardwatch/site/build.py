"""One export, from the catalog to the folder that others see."""

from __future__ import annotations

from pathlib import Path

from cardwatch.app import App
from cardwatch.progress import bar
from cardwatch.site import lists
from cardwatch.site.content import Content, read
from cardwatch.site.data import catalog_jsonl, prices_csv
from cardwatch.site.freshness import Judge
from cardwatch.site.litellm import litellm_json
from cardwatch.site.model_page import models
from cardwatch.site.models_dev import models_dev_json
from cardwatch.site.pair_page import pairs
from cardwatch.site.site import Site
from cardwatch.site.sitemap import sitemap
from cardwatch.site.templates import ASSETS, asset
from cardwatch.site.tree import Counts, Tree, tree
from cardwatch.stage import settings_of

LISTS = (lists.index, lists.changes, lists.conflicts, lists.stale, lists.holds, lists.sources)


def export(app: App, dest: Path, base_url: str) -> Counts:
    """Bring the site at `dest` up to date with the catalog; it is replaced whole or not at all.

    Raises UsageError, HomeBusyError or CardwatchError as `tree` does, and what opening the catalog raises.
    """
    with app.reading() as catalog:
        content = read(app, catalog)
    site = Site(content, settings_of(app), Judge(app.now().date(), app.limits), base_url)
    with tree(dest) as made:
        fill(site, made)
        made.publish()
    return made.counts


def fill(site: Site, made: Tree) -> None:
    """Write every file of the site."""
    for name in ASSETS:
        made.put(f"assets/{name}", asset(name))
    with bar("exporting", len(site.places.models) + len(site.places.pairs)) as step:
        models(site, made, step)
        pairs(site, made, step)
    for write in LISTS:
        write(site, made)
    data(site.content, made)
    made.put("sitemap.xml", sitemap(site))


def data(content: Content, made: Tree) -> None:
    """Write the catalog in the shapes that other programs read."""
    made.put("catalog.jsonl", catalog_jsonl(content.cards))
    made.put("prices.csv", prices_csv(content.cards))
    made.put("api.json", models_dev_json(content.cards))
    made.put("litellm.json", litellm_json(content.cards))

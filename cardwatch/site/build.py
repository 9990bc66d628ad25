"""One export, from the catalog to the folder that others see."""

from __future__ import annotations

from pathlib import Path

from cardwatch.app import App
from cardwatch.run.comparison_stage import compare_settings
from cardwatch.run.progress import progress_bar
from cardwatch.site import lists
from cardwatch.site.content import SiteContent, read_content
from cardwatch.site.data_files import catalog_jsonl, prices_csv
from cardwatch.site.export_context import Site
from cardwatch.site.freshness import FreshnessGrader
from cardwatch.site.litellm import litellm_json
from cardwatch.site.model_page import write_model_pages
from cardwatch.site.models_dev import models_dev_json
from cardwatch.site.pair_page import write_pair_pages
from cardwatch.site.sitemap import write_sitemap
from cardwatch.site.templates import ASSETS, read_asset
from cardwatch.site.tree import FileCounts, SiteTree, open_tree

LISTS = (
    lists.write_index,
    lists.write_changes,
    lists.write_conflicts,
    lists.write_stale,
    lists.write_holds,
    lists.write_sources,
    lists.write_coverage,
)


def export_site(app: App, dest: Path, base_url: str) -> FileCounts:
    """Bring the site at `dest` up to date with the catalog; it is replaced whole or not at all.

    Raises UsageError, HomeBusyError or CardwatchError as `tree` does, and what opening the catalog raises.
    """
    with app.reading() as catalog:
        content = read_content(app, catalog)
    now = app.now()
    site = Site(content, compare_settings(app), FreshnessGrader(now.date(), app.limits), base_url)
    with open_tree(dest) as made:
        write_site(site, made)
        made.publish(now)
    return made.counts


def write_site(site: Site, made: SiteTree) -> None:
    """Write every file of the site."""
    for name in ASSETS:
        made.put(f"assets/{name}", read_asset(name))
    with progress_bar("exporting", len(site.places.models) + len(site.places.pairs)) as step:
        write_model_pages(site, made, step)
        write_pair_pages(site, made, step)
    for write in LISTS:
        write(site, made)
    write_data_files(site.content, made)
    made.put("404.html", site.render("404.html", "", "", file="404.html", root=site.base_url))
    write_sitemap(site, made)


def write_data_files(content: SiteContent, made: SiteTree) -> None:
    """Write the catalog in the shapes that other programs read."""
    made.put("catalog.jsonl", catalog_jsonl(content.cards))
    made.put("prices.csv", prices_csv(content.cards))
    made.put("api.json", models_dev_json(content.cards))
    made.put("litellm.json", litellm_json(content.cards))

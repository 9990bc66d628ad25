"""One export, from the catalog to the folder that others see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from cardwatch.app import App
from cardwatch.compare.render.review import ReviewDay
from cardwatch.run.comparison_stage import compare_settings
from cardwatch.run.progress import progress_bar
from cardwatch.run.worker_choice import find_workers
from cardwatch.site import lists
from cardwatch.site.content import SiteContent, read_content
from cardwatch.site.data_files import catalog_jsonl, prices_csv
from cardwatch.site.export_context import Site
from cardwatch.site.freshness import FreshnessGrader
from cardwatch.site.litellm import litellm_json
from cardwatch.site.model_page import ModelPage
from cardwatch.site.models_dev import models_dev_json
from cardwatch.site.pair_page import PairPage, write_pair_list
from cardwatch.site.places import Pair
from cardwatch.site.sitemap import write_sitemap
from cardwatch.site.templates import ASSETS, read_asset
from cardwatch.site.tree import FileCounts, SiteTree, open_tree

Subject = str | Pair
"""What a page is about: a model by its id, or a pair."""
MakePages = Callable[[Site, Sequence[Subject]], Iterable[Sequence[bytes]]]
LISTS = (
    write_pair_list,
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
    now = app.now()
    with reading_site(app, base_url) as (site, make), open_tree(dest) as made:
        write_site(site, made, make)
        made.publish(now)
    return made.counts


@contextmanager
def reading_site(app: App, base_url: str) -> Iterator[tuple[Site, MakePages]]:
    """Yield what an export has to say, and what makes its pages: this process, or the workers of the settings."""
    if (workers := find_workers(app)) is None:
        yield read_site(app, base_url), make_pages
        return
    from cardwatch.cluster.blocks import take_snapshot, work_in_blocks

    with app.reading() as catalog, take_snapshot(app, catalog) as snapshot:
        work = partial(make_block_of_pages, base_url=base_url)
        yield read_site(snapshot, base_url), lambda _, due: work_in_blocks(workers, work, snapshot, due)


def read_site(app: App, base_url: str) -> Site:
    """Return what an export of the catalog as it is now has to say."""
    with app.reading() as catalog:
        content = read_content(app, catalog)
    return Site(
        content, compare_settings(app), FreshnessGrader(ReviewDay(app.now().date(), app.limits)), base_url
    )


def write_site(site: Site, made: SiteTree, make: MakePages) -> None:
    """Write every file of the site."""
    for name in ASSETS:
        made.put(f"assets/{name}", read_asset(name))
    write_pages(site, made, make)
    for write in LISTS:
        write(site, made)
    write_data_files(site.content, made)
    made.put("404.html", site.render("404.html", "", "", file="404.html", root=site.base_url))
    write_sitemap(site, made)


def write_pages(site: Site, made: SiteTree, make: MakePages) -> None:
    """Write the pages of all models and pairs; those that stand already, made from the same, are not made."""
    subjects: list[Subject] = [*site.places.models, *site.places.pairs]
    with progress_bar("exporting", len(subjects)) as step:
        pages = {subject: page_of(site, subject) for subject in subjects}
        due = [subject for subject, page in pages.items() if not made.keep(page.paths, page.key)]
        step("", len(subjects) - len(due))
        for subject, files in zip(due, make(site, due), strict=True):
            page = pages[subject]
            for path, content in zip(page.paths, files, strict=True):
                made.put(path, content, page.key)
            step("", 1)


def page_of(site: Site, subject: Subject) -> ModelPage | PairPage:
    """Return the page of a model or a pair."""
    return ModelPage(site, subject) if isinstance(subject, str) else PairPage(site, subject)


def make_pages(site: Site, due: Sequence[Subject]) -> Iterator[Sequence[bytes]]:
    """Yield the files of each of these pages."""
    return (page_of(site, subject).files() for subject in due)


def make_block_of_pages(app: App, due: Sequence[Subject], base_url: str) -> list[Sequence[bytes]]:
    """Return the same, made by a worker from a snapshot of the catalog, which it reads once for all its blocks."""
    key = (app.home.root, app.now(), base_url)
    if key not in _read_sites:
        _read_sites.clear()
        _read_sites[key] = read_site(app, base_url)
    return [*make_pages(_read_sites[key], due)]


_read_sites: dict[tuple[Path, datetime, str], Site] = {}
"""The snapshot that a worker has read, by where, when and for which address."""


def write_data_files(content: SiteContent, made: SiteTree) -> None:
    """Write the catalog in the shapes that other programs read."""
    made.put_parts("catalog.jsonl", catalog_jsonl(content.cards))
    made.put("prices.csv", prices_csv(content.cards))
    made.put("api.json", models_dev_json(content.cards))
    made.put("litellm.json", litellm_json(content.cards))

"""Where an answer leads: the next page of its listing, and the further pages it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, Protocol

from scrapy.http import TextResponse

from cardwatch.crawler.bounded_worker import BoundedWorker
from cardwatch.crawler.bounds import BoundExceededError, page_bounds
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.page_checks import READING_ERRORS, located_error_line, page_problem, to_text_response


class LinkingSource(Protocol):
    """What of a source says where its pages lead."""

    @property
    def name(self) -> str: ...

    @property
    def content_types(self) -> tuple[str, ...]: ...

    def next_page(self, response: TextResponse) -> str | None: ...

    def discover(self, response: TextResponse) -> Iterable[PageRequest]: ...


class FetchedPage(NamedTuple):
    """An answer as it came; `asked` is the URL before any redirect."""

    url: str
    asked: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


class PageLinks(NamedTuple):
    """Where a page leads; `problem` says why it could not be read, "" if it could."""

    following: str | None = None
    further: tuple[PageRequest, ...] = ()
    problem: str = ""


class LinkFinder:
    """Asks sources where their pages lead, in a worker, so that no page can end the crawl."""

    def __init__(self, sources: Iterable[Callable[[], LinkingSource]]) -> None:
        made = [make_source() for make_source in sources]
        self._worker = BoundedWorker(partial(_find_links, {source.name: source for source in made}))

    def find(self, source: str, page: FetchedPage) -> PageLinks:
        """Return where a page of `source` leads. Raises WorkerDiedError."""
        (links,) = self._worker(source, page)
        return links

    def close(self) -> None:
        """End the worker."""
        self._worker.close()


def _find_links(sources: Mapping[str, LinkingSource], name: str, page: FetchedPage) -> Iterator[PageLinks]:
    source = sources[name]
    try:
        with page_bounds():
            response = to_text_response(page.url, page.body, page.headers)
            if page_problem(response, page.asked, source.content_types):
                yield PageLinks()
                return
            yield PageLinks(source.next_page(response), tuple(source.discover(response)))
    except (*READING_ERRORS, BoundExceededError) as error:
        yield PageLinks(problem=located_error_line(error, page.url))

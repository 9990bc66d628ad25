"""A source that is a maker's release notes: titles or bullets under the day on which a model came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.release_notes import ReleaseNote, read_bullets, read_notes, release_rows
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority


class ReleaseSource(Source):
    """Release notes in Markdown. A subclass implements `names`; another page implements `came`.

    `bulleted` says that a model is announced by a bullet, with the lines it goes on over, instead of by a title.
    """

    kind = "release notes"
    authority = Authority.FIRST_PARTY
    bulleted: ClassVar[bool] = False

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return release_rows(self.came(response), where=response.url)

    def came(self, response: TextResponse) -> Iterator[tuple[str, ReleaseNote]]:
        """Yield each model that came, with the note that says so."""
        titles = (note for note in read_notes(response.text) if note.is_title)
        for note in read_bullets(response.text) if self.bulleted else titles:
            yield from ((name, note) for name in self.names(note.text))

    def names(self, text: str) -> Iterable[str]:
        """Return the models that the text of one note announces."""
        raise NotImplementedError

"""YAML front matter and YAML files, every scalar as the text it is written in."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

import yaml

from cardwatch.crawler.documents import PageChangedError

Yaml = str | list["Yaml"] | dict[str, "Yaml"]
BLOCK = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)

BRACKETS = re.compile(r"[\[\]{}]")
DEEPEST = 50
NULLS = frozenset({"null", "Null", "NULL", "~"})
"""How YAML writes that there is no value, where the word stands without quotes."""


class FrontMatter(NamedTuple):
    """The block between the two `---` at the top of a page, as printed; the top of a page that has none."""

    text: str
    is_there: bool = True
    locator: str = "/front-matter"
    under: str = ""
    row_count: int = 0

    def mapping(self) -> dict[str, Yaml]:
        """Return what the block says. Raises PageChangedError when there is none, and when it is no YAML mapping."""
        if not self.is_there:
            wanted = "a block between ---"
            raise PageChangedError("front matter", wanted=wanted, found=self.text, where=self.locator)
        found = load_yaml(self.text, where=self.locator)
        if not isinstance(found, dict):
            wanted = "a YAML mapping between ---"
            raise PageChangedError("front matter", wanted=wanted, found=found, where=self.locator)
        return found


def find_front_matter(page: str) -> FrontMatter:
    """Return the block at the top of a page; one that says nothing where the page has none."""
    block = BLOCK.match(page)
    return FrontMatter(block[1]) if block else FrontMatter(page[:40], is_there=False)


def _deepest_list(text: str) -> int:
    """Return how deep brackets stand in a text; a reader of YAML looks at all open ones at each word."""
    steps = ((character in "[{") - (character in "]}") for character in BRACKETS.findall(text))
    return max(accumulate(steps), default=0)


class _TextLoader(yaml.BaseLoader):
    """Texts, lists and mappings; null, and a list or mapping with a tag, are none of them and read as nothing."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Yaml:
        plain = (self.DEFAULT_SCALAR_TAG, self.DEFAULT_SEQUENCE_TAG, self.DEFAULT_MAPPING_TAG)
        if isinstance(node, yaml.CollectionNode) and node.tag not in plain:
            return ""
        if isinstance(node, yaml.ScalarNode) and not node.style and node.value in NULLS:
            return ""
        found: Yaml = super().construct_object(node, deep)
        return found


def load_yaml(text: str, *, where: str) -> Yaml:
    """Read YAML without its types (`no` stays "no", 1.10 stays "1.10") and without tags or objects.

    Raises PageChangedError for what is no YAML, and for anchors: no page we read uses them.
    """
    if _deepest_list(text) > DEEPEST:
        wanted = f"lists and mappings at most {DEEPEST} deep"
        raise PageChangedError("YAML", wanted=wanted, found="brackets within brackets", where=where)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.BaseLoader)):
            raise PageChangedError("YAML", wanted="no aliases", found="an alias", where=where)
        found: Yaml = yaml.load(text, Loader=_TextLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise PageChangedError("YAML", wanted="a document", found=str(error), where=where) from error
    return found

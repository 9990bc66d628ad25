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


class FrontMatter(NamedTuple):
    """The block between the two `---` at the top of a page, as printed."""

    text: str
    locator: str = "/front-matter"
    under: str = ""
    row_count: int = 0

    def mapping(self) -> dict[str, Yaml]:
        """Return what the block says. Raises PageChangedError when it is no YAML mapping."""
        found = load_yaml(self.text, where=self.locator)
        if not isinstance(found, dict):
            wanted = "a YAML mapping between ---"
            raise PageChangedError("front matter", wanted=wanted, found=found, where=self.locator)
        return found


def find_front_matter(page: str, *, where: str) -> FrontMatter:
    """Return the block at the top of a page. Raises PageChangedError without one."""
    if block := BLOCK.match(page):
        return FrontMatter(block[1])
    raise PageChangedError("front matter", wanted="a block between ---", found=page[:40], where=where)


def _deepest_list(text: str) -> int:
    """Return how deep brackets stand in a text; a reader of YAML looks at all open ones at each word."""
    steps = ((character in "[{") - (character in "]}") for character in BRACKETS.findall(text))
    return max(accumulate(steps), default=0)


class _TextLoader(yaml.BaseLoader):
    """Texts, lists and mappings; a list or mapping with a tag is none of them and reads as nothing."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Yaml:
        plain = (self.DEFAULT_SCALAR_TAG, self.DEFAULT_SEQUENCE_TAG, self.DEFAULT_MAPPING_TAG)
        if isinstance(node, yaml.CollectionNode) and node.tag not in plain:
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

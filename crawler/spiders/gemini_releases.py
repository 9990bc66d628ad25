from __future__ import annotations

import re
from datetime import timedelta

from cardwatch.crawler.release_source import ReleaseSource

ID = r"(?:gemini|gemma)-[a-z0-9.-]*[a-z0-9]"
TITLE = r"Gemini \d[\d.]*(?: (?:Pro|Flash|Flash-Lite))(?: Preview)?(?=[],.:(]| *$)"
CAME = re.compile(rf"[-*] +Released (?:the )?\[?(?:({ID})(?: \([^)]*\))?(?:,? and \[?({ID}))?\b|({TITLE}))")


class GeminiReleases(ReleaseSource):
    """The release notes of the Gemini API: "Released" with the id or the title of a model; features are left out.

    An id of its own is a release of its own: a preview and the version that is generally available are two.
    """

    name = "gemini_releases"
    title = "Gemini API release notes"
    url = "https://ai.google.dev/gemini-api/docs/changelog.md.txt"
    page_urls = r"https://ai\.google\.dev/gemini-api/docs/changelog(?:\.md)?(?:\?hl=en)?"
    max_age = timedelta(days=7)
    expected_rows = range(3, 300)
    providers = ("google-gemini",)
    developers = ("google",)
    terms = "Documentation under CC BY 4.0."

    bulleted = True

    def names(self, text: str) -> list[str]:
        found = CAME.match(text)
        return [name for name in found.groups() if name] if found else []

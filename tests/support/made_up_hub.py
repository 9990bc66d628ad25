"""A made-up Hugging Face Hub that answers as the real one does: listings in parts, cards behind a redirect, quotas."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlencode, urlsplit

PLAIN = {"id", "modelId", "private", "tags", "likes", "downloads", "pipeline_tag"}
"""What an entry of a listing has unless `expand[]` asks for other fields."""


class HubAnswer(NamedTuple):
    """What the Hub answers."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Repository:
    """A model on the Hub: its card, and how often the repository has changed."""

    id: str
    text: str = "---\nlicense: mit\npipeline_tag: text-generation\n---\n# A model\n"
    task: str = "text-generation"
    downloads: int = 0
    likes: int = 0
    commits: int = 1

    def card(self) -> str:
        """Return what its card says now."""
        return self.text

    @property
    def sha(self) -> str:
        return sha1(f"{self.id} {self.commits}".encode()).hexdigest()

    def commit(self, text: str | None = None) -> None:
        """Change the repository: its card, or another file of it."""
        self.text, self.commits = text or self.text, self.commits + 1

    def entry(self, expanded: set[str]) -> dict[str, Any]:
        """Return what a listing says of it."""
        whole = {
            "id": self.id,
            "modelId": self.id,
            "author": self.id.partition("/")[0],
            "sha": self.sha,
            "lastModified": f"2026-01-{self.commits:02d}T00:00:00.000Z",
            "private": False,
            "tags": [],
            "likes": self.likes,
            "downloads": self.downloads,
            "pipeline_tag": self.task,
        }
        return {
            name: value for name, value in whole.items() if name in ({"id"} | expanded if expanded else PLAIN)
        }


@dataclass
class MadeUpHub:
    """The Hub at `url`. `left` are the requests that a bucket still allows, without end where it is not named."""

    url: str
    page_size: int = 1000
    repositories: dict[str, Repository] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    window: int = 1
    asked: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, **fields: Any) -> Repository:
        """Put up a model."""
        return self.repositories.setdefault(name, Repository(name, **fields))

    def answer(self, url: str, headers: Mapping[str, str]) -> HubAnswer:
        """Answer one request; `url` may begin with the Hub's own."""
        parts = urlsplit(url)
        self.asked[parts.path] += 1
        if parts.path == "/robots.txt":
            return HubAnswer(200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n")
        bucket = (
            "api"
            if parts.path.startswith("/api/models")
            else "resolvers"
            if "resolve" in parts.path
            else "pages"
        )
        left = self.left.get(bucket, 3000)
        sent = {"ratelimit": f'"{bucket}";r={max(left - 1, 0)};t={self.window}'}
        if left <= 0:
            self.left.pop(bucket)  # the next window begins
            return HubAnswer(429, sent, b"slow down")
        if bucket in self.left:
            self.left[bucket] = left - 1
        found = self._found(parts.path, parse_qs(parts.query), headers)
        return found._replace(headers={"Content-Type": "text/plain; charset=utf-8", **found.headers, **sent})

    def _found(self, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> HubAnswer:
        if path == "/api/models":
            return self._listing(query)
        if asked := re.fullmatch(r"/api/resolve-cache/models/([^/]+/[^/]+)/[^/]+/README\.md", path):
            return self._file(asked[1], headers)
        if (asked := re.fullmatch(r"/([^/]+/[^/]+)/resolve/main/README\.md", path)) and asked[
            1
        ] in self.repositories:
            model = self.repositories[asked[1]]
            at = f"/api/resolve-cache/models/{model.id}/{model.sha}/README.md?{quote(path, safe='')}=&etag=%22x%22"
            return HubAnswer(307, {"Location": at, "X-Repo-Commit": model.sha}, b"Temporary Redirect")
        if (asked := re.fullmatch(r"/api/models/([^/]+/[^/]+)", path)) and asked[1] in self.repositories:
            model = self.repositories[asked[1]]
            body = json.dumps(model.entry({"sha", "author", "lastModified", "pipeline_tag", "private"}))
            return HubAnswer(200, {"Content-Type": "application/json"}, body.encode())
        return HubAnswer(404, {"X-Error-Code": "EntryNotFound"}, b"Entry not found")

    def _file(self, name: str, headers: Mapping[str, str]) -> HubAnswer:
        if name not in self.repositories:
            return HubAnswer(404, {"X-Error-Code": "RepoNotFound"}, b"Repository not found")
        body = self.repositories[name].card().encode()
        tag = f'"{sha1(body).hexdigest()}"'
        sent = {"ETag": tag, "X-Repo-Commit": self.repositories[name].sha}
        return (
            HubAnswer(304, sent, b"") if headers.get("If-None-Match") == tag else HubAnswer(200, sent, body)
        )

    def _listing(self, query: Mapping[str, list[str]]) -> HubAnswer:
        author, task = query.get("author", [""])[0], query.get("pipeline_tag", [""])[0]
        found = [
            each for each in self.repositories.values()
            if (not author or each.id.startswith(f"{author}/")) and (not task or each.task == task)
        ]  # fmt: skip
        if key := query.get("sort", [""])[0]:
            found.sort(key=lambda each: -getattr(each, key))
        start, size = int(query.get("cursor", ["0"])[0]), min(int(query["limit"][0]), self.page_size)
        body = [each.entry({*query.get("expand[]", [])}) for each in found[start : start + size]]
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if start + size < len(found):
            again = [(name, value) for name, values in query.items() if name != "cursor" for value in values]
            rest = urlencode([*again, ("cursor", start + size)], quote_via=quote)
            headers["Link"] = f'<{self.url}/api/models?{rest}>; rel="next"'
        return HubAnswer(200, headers, json.dumps(body).encode())

"""A real web server on loopback whose answers a test writes down, and which remembers what it was asked."""

from __future__ import annotations

import gzip
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import NamedTuple, Self


@dataclass(frozen=True)
class Answer:
    """What the server does when it is asked.

    `etag` adds one over the body and answers 304 to whoever knows it. `drop` closes the connection after so
    many bytes of the answer. `wait` is in seconds.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: bool = False
    drop: int | None = None
    wait: float = 0


class Asked(NamedTuple):
    """One request, as the server saw it."""

    method: str
    url: str
    headers: Mapping[str, str]
    at: float


Script = Answer | Callable[[Asked], Answer]


def json_page(body: str | bytes, **more: object) -> Answer:
    """Return an answer of JSON."""
    return Answer(body, headers={"Content-Type": "application/json"}, **more)  # type: ignore[arg-type]


def gzip_answer(body: bytes, *, cut: int = 0, **headers: str) -> Answer:
    """Return an answer sent as gzip, `cut` bytes short but complete as far as HTTP can tell."""
    packed = gzip.compress(body)
    return Answer(packed[: len(packed) - cut], headers={"Content-Encoding": "gzip", **headers})


class Handler(BaseHTTPRequestHandler):
    """Answers from its server's script."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    origin = ""

    def do_GET(self) -> None:
        asked = Asked(self.command, self.origin + self.path, dict(self.headers), time.monotonic())
        answer = self.server.site.answer(asked)
        time.sleep(answer.wait)
        self.send(answer, asked)

    def send(self, answer: Answer, asked: Asked) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"Content-Type": "text/plain; charset=utf-8", **answer.headers}
        status = answer.status
        if answer.etag:
            headers["ETag"] = f'"{md5(body).hexdigest()}"'
            if asked.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if status != 304 or name != "Content-Length":
                self.send_header(name, value)
        if answer.drop is not None:
            self.close_connection = True
            if answer.drop:
                self.end_headers()
                self.wfile.write(body[: answer.drop])
            return
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the site keeps its own log."""


class Server(ThreadingHTTPServer):
    """Serves until it is shut down; a connection lost is the test's own doing."""

    daemon_threads = True
    block_on_close = True
    request_queue_size = 128
    site: LoopbackSite

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class LoopbackSite:
    """Answers by path. A path with several answers gives them in turn, the last one from then on."""

    handler: type[Handler] = Handler

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.log: list[Asked] = []
        self._answers: dict[str, deque[Script]] = {}
        self._lock = Lock()
        self._host = host
        self._server = Server((host, 0), self.handler)
        self._server.site = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        """Return the address of a path."""
        return f"http://{self._host}:{self.port}{path}"

    def put(self, path: str, *answers: Script) -> str:
        """Write down what a path answers, in place of what it answered, and return its address."""
        with self._lock:
            self._answers[path] = deque(answers)
        return self.url(path)

    def answer(self, asked: Asked) -> Answer:
        """Return what the script says, 404 where it says nothing."""
        with self._lock:
            self.log.append(asked)
            script = self._script(asked.url)
        return script(asked) if callable(script) else script

    def _script(self, url: str) -> Script:
        answers = self._answers.get(url)
        if not answers:
            return Answer("not here", 404)
        return answers.popleft() if len(answers) > 1 else answers[0]

    def asked(self, path: str) -> list[Asked]:
        """Return the requests for a path so far."""
        return [asked for asked in self.log if asked.url == path]

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, robots.txt left out."""
        return [asked.url for asked in self.log if not asked.url.endswith("/robots.txt")]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

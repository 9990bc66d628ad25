"""Somebody who takes notifications on loopback, and remembers what was said."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from support.loopback import Answer, Asked, Handler, LoopbackSite


class MessageHandler(Handler):
    """Takes what is posted, and answers from the script."""

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        site = self.server.site
        assert isinstance(site, MessageReceiver)
        asked = Asked(self.command, self.path.partition("?")[0], dict(self.headers), 0)
        site.heard.append(json.loads(body))
        answer = site.answer(asked)
        time.sleep(answer.wait)
        if answer.status == 200:
            site.taken.append(site.heard[-1])
        self.send(answer, asked)


class MessageReceiver(LoopbackSite):
    """Takes every message until it is `down`; `heard` is what reached it, `taken` what it answered 200 to."""

    handler = MessageHandler

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.taken: list[Any] = []
        self.up()

    def up(self) -> None:
        self.put("/in", Answer("thanks"))

    def down(self) -> None:
        self.put("/in", Answer("not now", 503))

    @property
    def address(self) -> str:
        """The address as Apprise wants it, with a key in it."""
        return f"json://me:{KEY}@127.0.0.1:{self.port}/in"

    def texts(self) -> list[str]:
        """Return what was taken since it was last asked, a heading and a text in one, folded lines joined."""
        messages = [f"{message['title']}\n{message['message']}" for message in self.taken]
        self.taken.clear()
        return [re.sub(r"\n  (?! )", " ", message) for message in messages]


KEY = "a-key-nobody-may-see"

"""Recorded pages spoiled as networks, redesigns and hostile hosts spoil them; same seed, same page."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

# Tokens of the formats read here, then numbers and marks that mean something to a reader of prices.
SCRAPS = (
    *rb"""| --- ` ** - \| ``` <table> </table> <tr> <td> </td> <th>x</th> <br> <sup> <h2>
    <!-- </script> &lt; &#0; { } [ ] " , : {} [] "" null true NaN 1e999 -1 0 $ $0.5 1,000 1.299,00
    999999999999999999999 &a *a""".split(),
    *"\u20ac \u5143 \u200b".encode().split(),
    *(b"\n", b"\r", b"\t", b"\x00", b"\xff\xfe", b"\xf0\x9f", b"\xc2\xa0", b" / MTok", b"# "),
    *(b"## Model\n", b"| a | b |\n|---|---|\n", b'<td rowspan="99999">', b'<td colspan="0">'),
    *(b"<astro-island props='{'>", b"!!python/name:x"),
)


TOKEN = re.compile(rb'"[^"\n]*"|(?<=>)[^<]+(?=<)|(?<=[|])[^|\n]+(?=[|])|-?\d[\d.,]*|true|false|null')
VALUES = (b"null", b"true", b"{}", b"[]", b'""', b"0", b"-1", b'"x"', b"[null]", b'{"x": 1}', b"1e999")


def mutate_page(page: bytes, seed: int) -> bytes:
    """Return the page after one to four spoilings drawn from `seed`."""
    dice = Random(seed)
    for _ in range(dice.randint(1, 4)):
        page = dice.choice(SPOILINGS)(page, dice)
    return page


def _span(page: bytes, dice: Random) -> tuple[int, int]:
    start = dice.randrange(len(page) + 1)
    return start, min(len(page), start + dice.choice((1, 2, 5, 20, 100, 1000)))


def _cut(page: bytes, dice: Random) -> bytes:
    start, end = _span(page, dice)
    return page[:start] + page[end:]


def _truncate(page: bytes, dice: Random) -> bytes:
    return page[: dice.randrange(len(page) + 1)]


def _insert(page: bytes, dice: Random) -> bytes:
    start, _ = _span(page, dice)
    return page[:start] + dice.choice(SCRAPS) * dice.choice((1, 1, 1, 2, 40)) + page[start:]


def _repeat(page: bytes, dice: Random) -> bytes:
    start, end = _span(page, dice)
    return page[:end] + page[start:end] * dice.choice((1, 2, 5)) + page[end:]


def _move(page: bytes, dice: Random) -> bytes:
    (start, end), (other, _) = _span(page, dice), _span(page, dice)
    rest = page[:start] + page[end:]
    return rest[:other] + page[start:end] + rest[other:]


def _flip(page: bytes, dice: Random) -> bytes:
    spoiled = bytearray(page)
    for _ in range(dice.randint(1, 8) if page else 0):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled)


def _swap(page: bytes, dice: Random) -> bytes:
    """Put one value, cell or key of the page in the place of another, so that its grammar still holds."""
    found = list(TOKEN.finditer(page))
    if not found:
        return page
    token = dice.choice(found)
    other = dice.choice(VALUES) if dice.random() < 0.4 else dice.choice(found)[0]
    return page[: token.start()] + other + page[token.end() :]


SPOILINGS: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(_cut, _truncate, _insert, _insert, _repeat, _move, _flip),
    *(_swap,) * 7,
)

"""Which hosts and addresses a run may reach: an allow-list of names, and public addresses only."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from errno import EACCES
from functools import cache
from socket import AF_UNSPEC, AddressFamily
from urllib.parse import urlsplit
from urllib.request import getproxies

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from scrapy.exceptions import IgnoreRequest
from yarl import URL

from cardwatch.crawler.url_host import host_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_SPECIAL_PURPOSE = tuple(
    map(
        ipaddress.ip_network,
        (
            *("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20"),
        ),
    )
)
"""What the IANA registries of special-purpose addresses set apart, also where `ipaddress` calls it global."""
_AMBIGUOUS_URL = re.compile(r"[\\\s\x00-\x1f\x7f]")
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
"""No name ends so; programs differ in whether they take it for an address, such as 2130706433 for 127.0.0.1."""


class HostRefusedError(IgnoreRequest):
    """A URL leads where this run may not go; says where and why."""


@dataclass(frozen=True, slots=True)
class HostRules:
    """Names that may be asked, whether private addresses are among them, and the proxies on the way."""

    allowed: frozenset[str]
    allow_private: bool = False
    proxies: frozenset[str] = frozenset()

    @classmethod
    def of(cls, urls: Iterable[str], hosts: Iterable[str] = (), *, allow_private: bool = False) -> HostRules:
        """Allow the hosts of `urls` and the names in `hosts`; take the proxies from the environment."""
        names = {*map(host_of, urls), *(name.lower() for name in hosts)} - {""}
        proxies = {host_of(url) for url in getproxies().values()} - {""}
        return cls(frozenset(names), allow_private, frozenset(proxies))

    def with_hosts(self, urls: Iterable[str], hosts: Iterable[str]) -> HostRules:
        """Return these rules with the hosts of `urls` and the names in `hosts` allowed, too."""
        more = HostRules.of(urls, hosts).allowed
        return replace(self, allowed=self.allowed | more)

    def refusal(self, url: str) -> str:
        """Return why this run must not ask for `url`, "" if it may."""
        try:
            return self._refusal(url)
        except ValueError as error:
            return f"not a URL: {url!r} ({error})"

    def _refusal(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return f"{parts.scheme or 'no'} scheme: wanted http or https, at {url}"
        host = host_of(url)
        half_an_address = _ENDS_IN_NUMBER.search(host) and not is_address(host)
        if _AMBIGUOUS_URL.search(url) or "@" in parts.netloc or URL(url).host != host or half_an_address:
            return f"a URL that two readers may read differently: {url!r}"
        if host not in self.allowed:
            return f"host {host} is not on the list of hosts, at {url}"
        return self.address_refusal(host, host) if is_address(host) else ""

    def address_refusal(self, host: str, address: str) -> str:
        """Return why `host` must not be reached at `address`, "" if it may."""
        if self.allow_private or is_public(ipaddress.ip_address(address.partition("%")[0])):
            return ""
        return f"host {host} is at {address}, which is not a public address"


@cache
def is_address(host: str) -> bool:
    """Say whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@cache
def is_loopback(host: str) -> bool:
    """Say whether a host names this machine."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def is_public(address: Address) -> bool:
    """Say whether an address is one of the open internet, also behind a mapping or a tunnel."""
    return all(map(_is_ordinary, _reachable_addresses(address)))


def _is_ordinary(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _SPECIAL_PURPOSE)


def _reachable_addresses(address: Address) -> Iterator[Address]:
    """Yield every address that packets to `address` may end at; a tunnelled one stands for 0.0.0.0."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
    elif address.ipv4_mapped or address.sixtofour or address.teredo or int(address) < 1 << 32:
        yield ipaddress.IPv4Address(0)
    elif address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses one that has any address this run may not reach."""

    def __init__(self, rules: HostRules) -> None:
        self._rules = rules
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if host not in self._rules.proxies:
            for result in found:
                if refusal := self._rules.address_refusal(host, result["host"]):
                    raise OSError(EACCES, refusal)
        return found

    async def close(self) -> None:
        await self._resolver.close()

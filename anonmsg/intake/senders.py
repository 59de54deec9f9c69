"""Who sends calls, as far as suspicion needs to know: the website that a browser names, and the address as a hash.

The address is never stored or logged. Its hash is made with a salt that each process draws for itself and that is gone
with the process; of IPv6 the first half stands for the whole, since one sender has all of the other.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Sender:
    """``origin`` is the website's, as its visitor's browser says, empty for servers. ``is_own``: it is the very host
    that the calls came to, as with the demo shop. ``address`` is a hash, empty where the address is not known."""

    origin: str = ""
    is_own: bool = False
    address: bytes = b""


class Senders:
    """Tells senders apart. ``proxies`` is how many stand in front, None: nobody said."""

    def __init__(self, proxies: int | None) -> None:
        self._proxies = proxies
        self._salt = secrets.token_bytes(16)

    def of(self, environ: WSGIEnvironment) -> Sender:
        origin, own = environ.get("HTTP_ORIGIN", ""), environ.get("HTTP_HOST")
        is_own = bool(own) and origin.partition("://")[2] == own
        return Sender(origin, is_own, self._hash(address_of(environ, self._proxies)))

    def _hash(self, address: Address | None) -> bytes:
        if address is None:
            return b""
        network = address.packed if address.version == 4 else address.packed[:8]
        return hashlib.blake2b(network, key=self._salt, digest_size=8).digest()


def address_of(environ: WSGIEnvironment, proxies: int | None) -> Address | None:
    """The address that a request comes from; None where it cannot be told.

    Each of our proxies adds to ``X-Forwarded-For`` by whom it was asked; what stands before their additions anybody can
    have written. If nobody said how many there are, an address of no public network is taken for a proxy's.
    """
    connected = _parsed(environ.get("REMOTE_ADDR") or "")
    if proxies is None:
        return connected if connected and connected.is_global else None
    hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")[-proxies:] if proxies else []
    # Who came past the proxies has not enough of them, and is who is connected.
    return _parsed(hops[0].strip()) if hops and hops[0].strip() and len(hops) == proxies else connected


def _parsed(text: str) -> Address | None:
    """Some proxies add the port."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address

"""Lists of addresses that a gateway sends from: an extra beside the signature, never the proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cuadre.errors import ArgumentInvalidError

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?")


class AddressList:
    """The addresses that may call.

    Args:
        entries: Addresses and networks, IPv4 or IPv6: "34.230.185.20", "2001:db8::/32".

    Raises:
        ArgumentInvalidError: argument_invalid, for an empty list or an entry that is neither.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        if isinstance(entries, (str, bytes)):
            raise ArgumentInvalidError("addresses are a list of texts; put the one in a list")
        self._networks = [_network(entry) for entry in entries]
        if not self._networks:
            raise ArgumentInvalidError("a list without addresses allows nobody; give at least one")

    def allows(self, remote: str, forwarded: str | Sequence[str] | None = None, trusted_hops: int = 0) -> bool:
        """Whether the caller is on the list.

        Args:
            remote: The address of the connection itself.
            forwarded: X-Forwarded-For as it came: one value, or the values of several headers in their order.
            trusted_hops: How many proxies of your own stand in between. 0: ``forwarded`` is not looked at. 1: ``remote`` is your proxy and the
                right-most address is the caller, and so on. What stands further left is the sender's own word and never counts.

        Returns:
            False for anything that is not plainly an address.

        Raises:
            ArgumentInvalidError: argument_invalid, for a negative number of hops.
        """
        if isinstance(trusted_hops, bool) or not isinstance(trusted_hops, int) or trusted_hops < 0:
            raise ArgumentInvalidError(f"trusted_hops is the number of your own proxies, 0 or more, not {trusted_hops!r}")
        chain: list[object] = [remote]
        if trusted_hops and forwarded is not None:
            lines = [forwarded] if isinstance(forwarded, str) else list(forwarded)
            chain = [part for line in lines for part in (line.split(",") if isinstance(line, str) else [line])] + chain
        if len(chain) <= trusted_hops:
            return False
        known = [_address(part) for part in chain[-trusted_hops - 1 :]]
        caller = known[0]
        return None not in known and caller is not None and any(caller in network for network in self._networks)

    def __repr__(self) -> str:
        return f"AddressList({[str(network) for network in self._networks]})"


def _network(entry: str) -> IPv4Network | IPv6Network:
    import ipaddress  # only where it is used

    try:
        if not isinstance(entry, str):
            raise ValueError
        network = ipaddress.ip_network(entry)
    except ValueError:
        raise ArgumentInvalidError(
            f'{entry!r} is no address or network; write "34.230.185.20" or "2001:db8::/32", without host bits'
        ) from None
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= 96:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return ipaddress.IPv4Network((mapped, network.prefixlen - 96))
    return network


def _address(text: object) -> IPv4Address | IPv6Address | None:
    import ipaddress  # only where it is used

    if not isinstance(text, str) or not text.isascii():
        return None
    text = text.strip(" \t")
    ported = _WITH_PORT.fullmatch(text)
    text = text if ported is None else ported[1] or ported[2]
    if "%" in text:  # a zone is a word of one machine
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped is None else address.ipv4_mapped

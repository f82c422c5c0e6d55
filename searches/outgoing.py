"""Which address this server calls from: vendors ask for it before they let anybody in."""

import ipaddress
import socket

# Of a network that is kept for documents (RFC 5737): the route there is the default one, and nobody is reached.
SOMEWHERE = ("192.0.2.1", 9)


def outgoing_address() -> str | None:
    """This server's own address on its way to the internet, None when it has none. Nothing is sent.

    Behind a NAT or a proxy the outside sees another one.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Of a datagram's socket this asks for the route only.
            probe.connect(SOMEWHERE)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    found = ipaddress.ip_address(address)
    return None if found.is_loopback or found.is_unspecified else address

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest WebSocket server: answers 101, then sends back what comes.

websocket.py PORT: for nginx, which passes upgrades on but cannot answer them
itself. Single text frames of up to 125 bytes (RFC 6455), and the end.
"""

import asyncio
import base64
import hashlib
import re
import sys

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


async def serve(reader, writer):
    head = await reader.readuntil(b"\r\n\r\n")
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head).group(1)
    accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
    writer.write(b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    while True:
        try:
            kind, size = await reader.readexactly(2)
            mask = await reader.readexactly(4)
            body = await reader.readexactly(size & 0x7F)
        except asyncio.IncompleteReadError:
            break
        text = bytes(byte ^ mask[i % 4] for i, byte in enumerate(body))
        writer.write(bytes([kind, len(text)]) + text)
        await writer.drain()
        if kind & 0x0F == 8:
            break
    writer.close()


async def main(port):
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

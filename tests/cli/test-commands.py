#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that are printed for what is in the store, and what they give."""

import subprocess
import sys
import tempfile

from cli import FINE, PROBLEM, USAGE, check, main, openssl, same  # pylint: disable=unused-import

PARTS = ("request", "self-sign", "sign", "verify", "test", "convert")
NAMES = ("--subject", "O=it's $(touch pwned)", "--alt-name", "email:steve@example.com")
ASKED = ("req", "-noout", "-subject", "-reqopt", "no_pubkey,no_sigdump", "-text")


def sh(folder, script):
    command = ["sh", "-e", "-c", script]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def request(world):
    """What they make asks for the same as what was made here, and has a key of its own."""
    _, path = world.request("steve@example.com", *NAMES)
    with tempfile.TemporaryDirectory() as folder:
        sh(folder, world.expect(FINE, "commands", "steve@example.com", "--for", "request").text)
        theirs = f"{folder}/steve@example.com.csr"
        same(openssl(*ASKED, "-in", theirs), openssl(*ASKED, "-in", path), "what is asked for")
        keys = {openssl("req", "-in", each, "-noout", "-pubkey") for each in (theirs, path)}
        same(len(keys), 2, "keys")


def parts(world):
    everything = world.expect(FINE, "commands", "steve@example.com").text
    for part in PARTS:
        one = world.expect(FINE, "commands", "--for", part, "steve@example.com").text
        check(one in everything, f"{part} is not among all")
        check(f"(--for {part})" in everything, f"no heading of {part}")
        check("PRIVATE KEY" not in one and "\x1b" not in one, one)


def address(world):
    def said(url):
        return world.expect(FINE, "commands", "--for", "test", "--address", url, "steve").text

    name, _ = world.request("steve")
    check("-connect '[::1]:8443'" in said("[::1]:8443"), "IPv6")
    check("mosquitto_" in said("mqtts://broker.example.com"), "MQTT")
    check("Upgrade: websocket" in said("wss://example.com/a?b=$c"), "WebSocket")
    check("'https://example.com:443/a?b=$c'" in said("https://example.com/a?b=$c"), "quoted")
    check("--address" in world.expect(USAGE, "commands", "--for", "test", "--address", "http://x", name).err, "http")


def consumer(world):
    """How the consumer connects, and what it may publish, where nothing else is known."""
    world.request("device.example.com", "--profile", "thingsboard")
    said = world.expect(FINE, "commands", "--for", "test", "device.example.com").text
    for words in ("-connect server.example.com:8883", "--capath /etc/ssl/certs", "v1/devices/me/telemetry", "'{\"temperature\":25}'"):
        check(words in said, f"no {words} in {said}")


def misuse(world):
    for arguments, word in (
        ((), "Name one"),
        (("a", "b"), "Name one"),
        (("nobody",), "nobody"),
        (("--for", "x", "steve"), "--for"),
    ):
        result = world.expect(USAGE, "commands", *arguments)
        check(word in result.err and not result.out, (arguments, result.err))


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/commands/request", request),
                ("/cli/commands/parts", parts),
                ("/cli/commands/address", address),
                ("/cli/commands/consumer", consumer),
                ("/cli/commands/misuse", misuse),
            )
        )
    )

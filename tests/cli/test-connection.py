#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""certwright-cli test: what it takes, what it prints, what it keeps.

What it finds out of servers of all kinds is in tests/probe.
"""

import signal
import ssl
import sys

from cli import FINE, PROBLEM, ROOT, UNREADABLE, USAGE, check, main, same

sys.path.insert(0, str(ROOT / "tests" / "probe"))

# pylint: disable=wrong-import-position
import raw
from pki import Pki

PASSPHRASE = "correct horse"
NOT_KEPT = "The result is not kept"


class Broker:
    """An MQTT broker that keeps what is published to it."""

    def __init__(self):
        self.packets = []

    def __call__(self, tls):
        raw.read_packet(tls)
        tls.sendall(raw.CONNACK + b"\0")
        while True:
            kind, body = raw.read_packet(tls)
            if kind & 0xF0 == raw.PUBLISH:
                size = int.from_bytes(body[:2], "big")
                self.packets.append((kind & 6, body[2 : 2 + size], body[4 + size :]))
                tls.sendall(raw.PUBACK + body[2 + size : 4 + size])


class Servers:
    """Made when the first test needs them: a PKI, and servers that want our certificate."""

    def __init__(self, folder):
        self.pki = Pki(folder / "pki")
        self.pki.server("good")
        self.steve = self.pki.client("steve")
        self.broker = Broker()
        self._servers = [
            raw.RawServer(raw.over_tls(self._context(), raw.answers(raw.OK))),
            raw.RawServer(raw.silent),
            raw.RawServer(raw.over_tls(self._context(), self.broker)),
            raw.ClosedPort(),
        ]
        ports = [server.port for server in self._servers]
        self.address = f"https://localhost:{ports[0]}/"
        self.silent = f"https://localhost:{ports[1]}/"
        self.mqtt = f"mqtts://localhost:{ports[2]}"
        self.closed = f"https://localhost:{ports[3]}/"

    def _context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf = self.pki.servers["good"]
        context.load_cert_chain(leaf.chain, leaf.key)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.pki.root.certificate)
        return context

    @property
    def files(self):
        return ("--key", self.steve.key, "--cert", self.steve.chain, *self.cas)

    @property
    def cas(self):
        return "--server-cas", self.pki.server_root.certificate


def servers(world):
    if not hasattr(world, "servers"):
        world.servers = Servers(world.folder)
    return world.servers


def trusted(world):
    """The environment in which the system trusts the CA of the servers."""
    return {"env": {"SSL_CERT_FILE": str(servers(world).pki.server_root.certificate)}}


def usage(world):
    here = servers(world)
    for arguments, words in (
        ((), "Give the address"),
        (("a", "b", "c"), "“c” is too much"),
        (("--key", here.steve.key, "x", here.address), "is too much"),
        (("nothing", here.address), "There is no certificate “nothing”"),
        (("http://localhost/",), "http"),
        (("--timeout", "0", here.address), "--timeout"),
        (("--payload", "1", here.mqtt), "--topic"),
        (("--publish", here.mqtt), "--profile"),
        (("--topic", "a", here.address), "mqtts://"),
        (("--profile", "nobody", here.address), "nobody"),
        (("--cert", here.steve.chain, here.address), "--key"),
        (("--key", here.steve.key, here.address), "--cert"),
        (("--server-cas", "reply", "--key", here.steve.key, "--cert", here.steve.certificate,
          here.address), "--server-cas"),
    ):  # fmt: skip
        result = world.run("test", *arguments)
        check(result.status in (USAGE, PROBLEM), (arguments, result.status))
        check(result.status == USAGE or words == "http", (arguments, result.err))
        check(words in result.err, f"{arguments}: {result.err}")
        same(result.out, b"", "standard output")


def unreadable(world):
    here = servers(world)
    nothing, none = world.file("nothing.pem", "nothing"), world.folder / "none"
    for key, cas in ((nothing, "system"), (none, "system"), (here.steve.key, nothing)):
        files = ("--key", key, "--cert", here.steve.chain, "--server-cas", cas)
        result = world.expect(UNREADABLE, "test", *files, here.address)
        same(result.out, b"", "standard output")


def files(world):
    """The verdict stands first, then the evidence."""
    here = servers(world)
    text = world.expect(FINE, "test", *here.files, here.address).text
    first, _, rest = text.partition("\n\n")
    check(first.startswith("Good: "), text)
    check("localhost" in rest and "Good: " in rest, text)
    answer = world.expect(FINE, "test", *here.files, "--json", here.address).json
    same(answer["verdict"]["id"], "works", "verdict")
    check(answer["works"] and answer["version"] == 1, answer)
    same(answer["address"], here.address.rstrip("/"), "address")
    same(answer["presented"][0]["subject"], "CN = localhost", "presented")
    same(len(answer["presented"]), 2, "presented")
    check("workingChoice" not in answer and "offeredCa" not in answer, answer)


def failing(world):
    here = servers(world)
    text = world.expect(PROBLEM, "test", *here.files, here.closed).text
    check(text.startswith("Problem: "), text)
    answer = world.expect(PROBLEM, "test", *here.files, "--json", here.closed).json
    same(answer["verdict"]["id"], "refused", "verdict")
    check(not answer["works"], answer)


def server_alone(world):
    here = servers(world)
    answer = world.expect(FINE, "test", *here.cas, "--json", here.address).json
    same(answer["verdict"]["id"], "no-certificate", "verdict")
    check(not answer["works"], answer)


def encrypted(world):
    """A key with a passphrase, and all of it in one file."""
    here = servers(world)
    bundle = world.pkcs12("steve.p12", PASSPHRASE, here.steve.key, here.steve.chain)
    passphrase, wrong = world.file("right", PASSPHRASE), world.file("wrong", "wrong")
    command = ("test", "--cert", bundle, *here.cas, here.address)
    world.expect(FINE, *command, "--passphrase-file", passphrase)
    world.expect(FINE, *command, "--passphrase-fd", 0, input=PASSPHRASE.encode())
    world.expect(UNREADABLE, *command, "--passphrase-file", wrong)
    world.expect(UNREADABLE, *command)
    screen = world.terminal(*command)
    screen.expect("Passphrase")
    screen.type(PASSPHRASE + "\n")
    same(screen.end(), FINE, "status")
    check(PASSPHRASE not in screen.said, screen.said)


def publish(world):
    here = servers(world)
    packets = here.broker.packets
    world.expect(FINE, "test", *here.files, "--topic", "a/b", "--payload", "x y", here.mqtt)
    same(packets, [(2, b"a/b", b"x y")], "what was published")
    packets.clear()
    bare = here.mqtt.replace("mqtts://", "")
    world.expect(FINE, "test", *here.files, "--profile", "thingsboard", "--publish", bare)
    same(packets, [(2, b"v1/devices/me/telemetry", b'{"temperature":25}')], "of the profile")
    packets.clear()
    world.expect(FINE, "test", *here.files, "--profile", "thingsboard", bare)
    same(packets, [], "without being asked")


def kept(world):
    return world.row("stored@example.com", "address, test_verdict, test_severity")


def stored(world):
    """The result is kept with the entry, if it is about what was chosen for it."""
    here = servers(world)
    _, request = world.request("stored@example.com")
    pending = world.expect(PROBLEM, "test", "stored@example.com", here.address)
    check("no certificate yet" in pending.err, pending.err)

    leaf = world.folder / "stored.pem"
    here.pki.inter.sign(request, leaf)
    chain = here.pki.join("stored-chain.pem", leaf, here.pki.inter.certificate,
                          here.pki.root.certificate)  # fmt: skip
    world.expect(FINE, "import", chain)
    unknown = world.expect(USAGE, "test", "stored@example.com")
    check("is not known yet" in unknown.err, unknown.err)

    other = world.expect(FINE, "test", "stored@example.com", here.address, *here.cas)
    check(NOT_KEPT in other.err, other.err)
    same(kept(world), (None, None, 0), "after a test with other CAs")

    world.expect(FINE, "test", "stored@example.com", here.address, **trusted(world))
    same(kept(world)[:2], (here.address.rstrip("/"), "works"), "what is kept")
    same(kept(world)[2], 0, "severity")
    check("Worked on " in world.expect(FINE, "list").text, "list")
    (entry,) = world.expect(FINE, "list", "--json").json["identities"]
    same((entry["address"], entry["testVerdict"]), (here.address.rstrip("/"), "works"), "JSON")


def stored_again(world):
    """Its address needs not be typed again; another one is not kept."""
    here = servers(world)
    world.expect(FINE, "test", "stored@example.com", **trusted(world))
    elsewhere = world.expect(PROBLEM, "test", "stored@example.com", here.closed, **trusted(world))
    check(NOT_KEPT in elsewhere.err, elsewhere.err)
    unverified = world.expect(FINE, "test", "stored@example.com", "--no-verify")
    check(NOT_KEPT in unverified.err, unverified.err)
    same(kept(world)[1], "works", "verdict")
    world.expect(PROBLEM, "test", "stored@example.com")  # the system does not trust that CA
    check(kept(world)[1].startswith("server-") and kept(world)[2] == 3, kept(world))
    check("Did not work on " in world.expect(FINE, "list").text, "list")


def interrupted(world):
    """Ctrl-C ends it at once; until then it says what it does."""
    here = servers(world)
    screen = world.terminal("test", *here.files, here.silent)
    screen.expect("Connecting to localhost")
    screen.type("\x03")
    same(screen.end(), -signal.SIGINT, "status")
    check("Problem" not in screen.said, screen.said)


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/connection/usage", usage),
                ("/cli/connection/unreadable", unreadable),
                ("/cli/connection/files", files),
                ("/cli/connection/failing", failing),
                ("/cli/connection/server-alone", server_alone),
                ("/cli/connection/encrypted", encrypted),
                ("/cli/connection/publish", publish),
                ("/cli/connection/stored", stored),
                ("/cli/connection/stored-again", stored_again),
                ("/cli/connection/interrupted", interrupted),
            )
        )
    )

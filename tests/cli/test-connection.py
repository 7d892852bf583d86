#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""certwright-cli test: what it takes, what it prints, what it keeps.

What it finds out of servers of all kinds is in tests/probe.
"""

import shlex
import signal
import ssl
import subprocess
import sys

from cli import FINE, PROBLEM, ROOT, UNREADABLE, USAGE, check, main, openssl, same

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
            raw.RawServer(raw.over_tls(self._context(with_root=True), raw.answers(raw.OK))),
            raw.RawServer(raw.over_tls(self._context(ssl.CERT_NONE), raw.answers(raw.OK))),
        ]
        ports = [server.port for server in self._servers]
        self.address = f"https://localhost:{ports[0]}/"
        self.silent = f"https://localhost:{ports[1]}/"
        self.mqtt = f"mqtts://localhost:{ports[2]}"
        self.closed = f"https://localhost:{ports[3]}/"
        self.presenting = f"https://localhost:{ports[4]}/"
        self.not_asking = f"https://localhost:{ports[5]}/"

    def _context(self, mode=ssl.CERT_REQUIRED, with_root=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf = self.pki.servers["good"]
        root = (self.pki.server_root.certificate,) if with_root else ()
        context.load_cert_chain(self.pki.join("sent.pem", leaf.chain, *root), leaf.key)
        context.verify_mode = mode
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
        (("--keep", here.address), f"There is no certificate “{here.address}”"),
        (("--keep", "localhost"), "There is no certificate “localhost”"),
        (("--keep", "--key", here.steve.key, here.address), "--keep"),
        (("--keep", "--no-verify", "x", here.address), "--no-verify"),
        (("--keep", "--profile", "placeos", "x", here.address), "--profile"),
        (("--force", here.address), "--save-server-ca"),
        (("--save-server-ca", "-", here.address), "--save-server-ca"),
        (("--server-cas", "reply", "--key", here.steve.key, "--cert", here.steve.certificate,
          here.address), "--server-cas"),
    ):  # fmt: skip
        result = world.run("test", *arguments)
        check(result.status in (USAGE, PROBLEM), (arguments, result.status))
        check(result.status == USAGE or words == "http", (arguments, result.err))
        check(words in " ".join(result.err.split()), f"{arguments}: {result.err}")
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


def mistyped(world):
    """What is no host could have been meant for an entry; what has a dot could not."""
    text = " ".join(world.expect(PROBLEM, "test", "no-such-entry").err.split())
    check("There is no certificate “no-such-entry” either" in text, text)
    same(world.expect(PROBLEM, "test", "no-such-host.invalid").err, "", "of a host")
    same(world.expect(PROBLEM, "test", "https://no-such-host").err, "", "of an address")
    same(world.expect(PROBLEM, "test", servers(world).closed).err, "", "of a host that there is")


def fingerprint(path):
    return openssl("x509", "-in", path, "-noout", "-fingerprint", "-sha256").strip().split("=")[1]


def offered(world):
    """The CA that a server presents: shown, to be compared, and saved only where that is said."""
    here = servers(world)
    root = here.pki.server_root.certificate
    command = ("test", "--key", here.steve.key, "--cert", here.steve.chain, here.presenting)
    text = world.expect(PROBLEM, *command).text
    check("“Server Root CA”" in text and "compare" in text and fingerprint(root) in text, text)
    lines = [line.strip() for line in text.splitlines()]
    check("--save-server-ca server-ca.pem" in lines, text)
    same(lines[-1], "--server-cas server-ca.pem", "the option")
    check(fingerprint(root) not in world.expect(FINE, *command, *here.cas).text, "it is verified")

    path = world.folder / "it's presented.pem"
    text = world.expect(PROBLEM, *command, "--save-server-ca", path).text
    same(fingerprint(path), fingerprint(root), "what is saved")
    same(world.run(*command, "--save-server-ca", path).out, b"", "of a file that is there")
    path.write_text("")
    answer = world.expect(PROBLEM, *command, "--json", "--save-server-ca", path, "--force").json
    same(answer["offeredCa"], fingerprint(path).replace(":", "").lower(), "what is saved again")
    check("--save-server-ca" not in text, text)
    world.expect(FINE, *command, *shlex.split(text.splitlines()[-1]))


def offered_as_system(world):
    """A file may be called as a choice is."""
    here = servers(world)
    text = world.expect(PROBLEM, "test", "--save-server-ca", "system", here.presenting, cwd=world.folder).text
    option = shlex.split(text.splitlines()[-1])
    world.expect(FINE, "test", *here.files[:4], *option, here.presenting, cwd=world.folder)


def nothing_offered(world):
    here = servers(world)
    path = world.folder / "none.pem"
    command = ("test", "--save-server-ca", path)
    for more in ((*here.files, here.presenting), (here.address,), (here.closed,)):
        result = world.expect(PROBLEM, *command, *more)
        check("No CA was saved" in result.err and result.text, more)
        check(not path.exists(), more)


def other_choice(world):
    here = servers(world)
    result = world.expect(PROBLEM, "test", *here.files[:4], "--server-cas", here.pki.root.certificate,
                          here.address, **trusted(world))  # fmt: skip
    same(result.text.splitlines()[-1].strip(), "--server-cas system", "the option")


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
    same(elsewhere.err, "", "of what was not reached")
    unverified = world.expect(FINE, "test", "stored@example.com", "--no-verify")
    check(NOT_KEPT in unverified.err, unverified.err)
    same(kept(world)[1], "works", "verdict")
    world.expect(PROBLEM, "test", "stored@example.com")  # the system does not trust that CA
    check(kept(world)[1].startswith("server-") and kept(world)[2] == 3, kept(world))
    check("Did not work on " in world.expect(FINE, "list").text, "list")


def stored_hint(world):
    """What would verify the server is kept too, or else no output has it; said before the rest."""
    here = servers(world)
    command = ("test", "stored@example.com", "--server-cas")
    result = world.expect(PROBLEM, *command, here.pki.root.certificate, here.address,
                          stderr=subprocess.STDOUT, **trusted(world))  # fmt: skip
    said = result.text.partition("certwright-cli: " + NOT_KEPT)[0]
    check(said != result.text and said.startswith("Problem: "), result.text)
    same(said.splitlines()[-1].strip(), "--server-cas system --keep", "the choice")
    before = world.row("stored@example.com", CHOICES)
    text = world.expect(PROBLEM, *command, "system", here.presenting).text
    lines = [line.strip() for line in text.splitlines()]
    check("--save-server-ca server-ca.pem" in lines, text)
    same(lines[-1], "--server-cas server-ca.pem --keep", "the CA that it presents")
    text = world.expect(PROBLEM, *command, "system", "--profile", "placeos", here.presenting).text
    same(text.splitlines()[-1].strip(), "--server-cas server-ca.pem", "with what refuses --keep")
    same(world.row("stored@example.com", CHOICES), before, "choices")


CHOICES = "address, server_cas, server_cas_pem, test_verdict"


def keep(world):
    """An address and CAs that work become the entry's; others do not."""
    here = servers(world)
    before = world.row("stored@example.com", CHOICES)
    for address, more in ((here.closed, here.cas), (here.not_asking, here.cas),
                          (here.presenting, ("--server-cas", "reply"))):  # fmt: skip
        result = world.expect(PROBLEM, "test", "stored@example.com", address, *more, "--keep")
        check("Nothing new is kept with “stored@example.com”" in result.err, result.err)
        check(NOT_KEPT not in result.err and result.text, result.err)
        same(world.row("stored@example.com", CHOICES), before, f"choices after {address}")

    result = world.expect(FINE, "test", "stored@example.com", here.presenting, *here.cas, "--keep")
    check("are kept with “stored@example.com”" in result.err, result.err)
    address, choice, pem, verdict = world.row("stored@example.com", CHOICES)
    same((address, choice, verdict), (here.presenting.rstrip("/"), 2, "works"), "choices")
    same(fingerprint(world.file("kept.pem", pem)), fingerprint(here.cas[1]), "the CA that is kept")
    same(world.expect(FINE, "test", "stored@example.com").err, "", "without any option")

    world.expect(FINE, "test", "stored@example.com", here.address, "--keep")
    same(world.row("stored@example.com", CHOICES)[:3], (here.address.rstrip("/"), 2, pem), "address")
    world.expect(FINE, "test", "stored@example.com", "--server-cas", "system", "--keep", **trusted(world))
    same(world.row("stored@example.com", CHOICES)[1:], (0, pem, "works"), "the system's CAs")


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
                ("/cli/connection/mistyped", mistyped),
                ("/cli/connection/offered", offered),
                ("/cli/connection/offered-as-system", offered_as_system),
                ("/cli/connection/nothing-offered", nothing_offered),
                ("/cli/connection/other-choice", other_choice),
                ("/cli/connection/encrypted", encrypted),
                ("/cli/connection/publish", publish),
                ("/cli/connection/stored", stored),
                ("/cli/connection/stored-again", stored_again),
                ("/cli/connection/stored-hint", stored_hint),
                ("/cli/connection/keep", keep),
                ("/cli/connection/interrupted", interrupted),
            )
        )
    )

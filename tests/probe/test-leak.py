#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a connection test lets the private key be: in memory, and nowhere else.

Looked for are the secret numbers of the key (its scalar, its primes and exponents)
as bytes, as hexadecimal digits and as base64, in pieces: on the wire and in what a
server decrypts, in what is printed, in files, in all that is written by system call,
and in what others can see of the process.
"""

import base64
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import raw
from peers import Peers
from pki import EC, RSA, openssl
from tap import Skip, Tap

PROGRAM = os.environ["CERTWRIGHT_CLI"]
SECRETS = ("priv", "privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient")
PIECE = 12  # bytes or characters in a row: never by chance
WRITES = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,vmsplice"
OPENS = "open,openat,openat2,creat,memfd_create"
MADE = r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|memfd_create|creat\("


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def secret_numbers(key):
    text = openssl("pkey", "-in", key, "-noout", "-text")
    found = re.findall(rf"^(?:{'|'.join(SECRETS)}):\n((?: +[0-9a-f:]+\n)+)", text, re.M)
    check(found, text)
    return [bytes.fromhex(re.sub(r"[\s:]", "", number)).lstrip(b"\0") for number in found]


def encodings(number):
    yield number
    yield number.hex().encode()
    yield number.hex().upper().encode()
    yield number.hex(":").encode()
    yield str(int.from_bytes(number, "big")).encode()
    for shift in range(3):
        # Without what depends on its neighbours.
        yield base64.b64encode(bytes(shift) + number)[4:-4]
        yield base64.urlsafe_b64encode(bytes(shift) + number)[4:-4]


class Search:
    """Looks for any piece of a key."""

    def __init__(self, key):
        texts = [text for number in secret_numbers(key) for text in encodings(number)]
        self._pieces = {
            text[i : i + PIECE] for text in texts for i in range(len(text) - PIECE + 1)
        }

    def finds(self, data):
        """A window of the data that is one, or None."""
        for i in range(len(data) - PIECE + 1):
            if bytes(data[i : i + PIECE]) in self._pieces:
                return bytes(data[i : i + PIECE])
        return None


class Listener:
    """Keeps what a server gets to read, decrypted."""

    def __init__(self, act):
        self.data = bytearray()
        self._act = act

    def __call__(self, tls):
        self._act(_Heard(tls, self.data))


class _Heard:
    def __init__(self, tls, data):
        self._tls, self._data = tls, data

    def recv(self, size):
        part = self._tls.recv(size)
        self._data += part
        return part

    def __getattr__(self, name):
        return getattr(self._tls, name)


class World:
    """The peers, a client of each kind of key, and the program in a home of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.peers = Peers(self.folder / "peers")
        self.peers.start_nginx(["on", "tls12", "plain"])
        self.peers.start_mosquitto()
        self.peers.start_raw()
        self.peers.wait()
        pki = self.peers.pki
        self.clients = {"ec": pki.client("leak-ec", key=EC), "rsa": pki.client("leak-rsa", key=RSA)}
        self.searches = {kind: Search(leaf.key) for kind, leaf in self.clients.items()}
        self._servers = []

    def close(self):
        for server in self._servers:
            server.close()
        self.peers.stop()

    def serve(self, server):
        self._servers.append(server)
        return server.port

    def environment(self, **more):
        keep = ("PATH", "LC_ALL", "G_DEBUG", "LD_LIBRARY_PATH")
        env = {name: value for name, value in os.environ.items()
               if name in keep or name.endswith("SAN_OPTIONS")}  # fmt: skip
        # dconf, where the proxy's settings are read from, makes files of its own.
        env.update(HOME=str(self.home), TMPDIR=str(self.home), SSL_CERT_FILE="/dev/null",
                   GSETTINGS_BACKEND="memory", **more)  # fmt: skip
        return env

    def command(self, kind, address, *options):
        leaf = self.clients[kind]
        command = [PROGRAM, "test", "--key", leaf.key, "--cert", leaf.chain, *options]
        return list(map(str, [*command, "--server-cas", self.peers.pki.server_root.certificate, address]))

    def run(self, kind, address, *options, before=(), **env):
        return subprocess.run(
            [*before, *self.command(kind, address, *options)], env=self.environment(**env),
            stdin=subprocess.DEVNULL, capture_output=True, cwd=self.home, timeout=100, check=False,
        )  # fmt: skip

    def forbid(self, kind, data, where):
        found = self.searches[kind].finds(data)
        check(found is None, f"{where} has {found!r} of the {kind} key")

    def addresses(self):
        """(address, options) for each protocol."""
        ports = self.peers.ports
        yield f"https://localhost:{ports['on']}/", ()
        yield f"https://localhost:{ports['tls12']}/", ()
        yield f"wss://localhost:{ports['on']}/socket", ()
        yield f"mqtts://localhost:{ports['mqtt']}", ("--topic", "a", "--payload", "b")


def search_finds(world, kind):
    """The search itself: it finds the key wherever it is, and not its public half."""
    leaf, search = world.clients[kind], world.searches[kind]
    noise = os.urandom(5)
    der = subprocess.run(
        ["openssl", "pkey", "-in", str(leaf.key), "-outform", "DER"], capture_output=True, check=True
    ).stdout
    text = openssl("pkey", "-in", leaf.key, "-noout", "-text").encode()
    for data in (leaf.key.read_bytes(), der, text, der.hex().encode(), base64.b64encode(noise + der)):
        check(search.finds(noise + data + noise), data)
        check(search.finds(data[: len(data) * 2 // 3]), "a part of it is not found")
    check(search.finds(leaf.chain.read_bytes()) is None, "it finds the certificate")
    check(search.finds(text.split(b"modulus")[0] if kind == "rsa" else b"") is None, "by chance")


def wire(world, kind):
    """Nothing of it passes a wire: neither a server's, nor one that is no TLS."""
    for address, options in world.addresses():
        scheme, port = re.match(r"(\w+)://localhost:(\d+)", address).groups()
        recorder = raw.Recorder(int(port))
        world.serve(recorder)
        result = world.run(kind, address.replace(port, str(recorder.port)), *options)
        check(result.returncode == 0, f"{scheme}: {result.stdout.decode()}{result.stderr.decode()}")
        check(len(recorder.data) > 1000, f"{scheme} does not pass the recorder")
        world.forbid(kind, recorder.data, f"the wire of {scheme}")
        world.forbid(kind, result.stdout + result.stderr, f"the report of {scheme}")
    recorder = raw.Recorder(world.peers.ports["plain"])
    world.serve(recorder)
    world.run(kind, f"https://localhost:{recorder.port}/")
    check(recorder.data, "nothing was said to the plain server")
    world.forbid(kind, recorder.data, "what a plain server hears")


def heard(world, kind):
    """Nor is it in what the server decrypts."""
    context = world.peers.context()
    for scheme, act, mark in (
        ("https", raw.answers(raw.OK), b"GET "),
        ("mqtts", raw.connack(0), b"MQTT"),
    ):
        listener = Listener(act)
        port = world.serve(raw.RawServer(raw.over_tls(context, listener)))
        world.run(kind, f"{scheme}://localhost:{port}/", "--json")
        check(mark in listener.data, f"{scheme}: {listener.data}")
        world.forbid(kind, listener.data, f"what is said by {scheme}")


def printed(world, kind):
    """Nor in what is printed, even with all that GLib would tell."""
    for options in ((), ("--json",)):
        for port in ("on", "closed", "refuse-bad-certificate"):
            address = f"https://localhost:{world.peers.ports[port]}/"
            result = world.run(kind, address, *options, G_MESSAGES_DEBUG="all")
            check(result.stdout, result.stderr)
            world.forbid(kind, result.stdout + result.stderr, f"the report of {port}")


def files_below(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def on_disk(world, kind):
    """No file is left in the home or the temporary folder that has it."""
    for address, options in world.addresses():
        world.run(kind, address, *options)
    for path, data in files_below(world.home).items():
        world.forbid(kind, data, path)


def unescape(line):
    strings = re.findall(r'"((?:\\x[0-9a-f]{2})*)"', line)
    return b"".join(bytes.fromhex(string.replace("\\x", "")) for string in strings)


def system_calls(world, kind):
    """It writes it nowhere, and opens no file to write to, not even one that is deleted."""
    strace = shutil.which("strace")
    if not strace:
        raise Skip("strace is not installed")
    log = world.folder / "strace"
    asan = os.environ.get("ASAN_OPTIONS", "")
    for address, options in world.addresses():
        trace = [strace, "-f", "-qq", "-xx", "-s", "1000000", "-o", log, "-e", f"trace={WRITES},{OPENS}"]
        result = world.run(kind, address, *options, before=map(str, trace),
                           ASAN_OPTIONS=f"{asan}:detect_leaks=0")  # fmt: skip
        if b"ptrace" in result.stderr or b"PTRACE" in result.stderr:
            raise Skip("strace may not trace here")
        check(result.returncode == 0, result.stdout + result.stderr)
        lines = log.read_text().splitlines()
        written = b"".join(unescape(line) for line in lines if not re.search(r"\bopen", line))
        check(len(written) > 1000, "strace saw nothing written")
        world.forbid(kind, written, f"a system call for {address}")
        made = [line for line in lines if re.search(MADE, line) and unescape(line) not in HARMLESS]
        check(not made, "files opened to be written:\n" + "\n".join(made[:5]))


HARMLESS = (b"/dev/null", b"/dev/tty")


def proc(world, kind):
    """What others can see of the process while it waits for a server."""
    port = world.peers.ports["silent"]
    with subprocess.Popen(
        world.command(kind, f"https://localhost:{port}/", "--timeout", "60"),
        env=world.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            folder = pathlib.Path("/proc", str(process.pid))
            wait_for_connection(port)
            for name in ("cmdline", "environ", "comm"):
                world.forbid(kind, (folder / name).read_bytes(), name)
            limits = (folder / "limits").read_text()
            core = re.search(r"Max core file size +(\S+) +(\S+)", limits).groups()
            check(core == ("0", "0"), f"core dumps: {core}")
            open_files = [os.readlink(link) for link in (folder / "fd").iterdir()]
            left = [name for name in open_files if str(world.clients[kind].key) in name]
            check(not left, f"the key's file is still open: {left}")
        finally:
            process.kill()


def wait_for_connection(port):
    """Until somebody is connected to it."""
    wanted = f"0100007F:{port:04X}"
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            if line.split()[1] == wanted and line.split()[3] == "01":
                return
        time.sleep(0.05)
    raise AssertionError("it does not connect")


def main():
    tap = Tap()
    if not shutil.which("openssl"):
        tap.skip_rest("the openssl command is not installed")
        return tap.end()
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        world = World(folder)
        try:
            for test in (search_finds, wire, heard, printed, on_disk, system_calls, proc):
                for kind in world.clients:
                    tap.run(f"/probe/leak/{test.__name__.replace('_', '-')}/{kind}", test, world, kind)
        finally:
            world.close()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

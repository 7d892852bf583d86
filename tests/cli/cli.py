# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of certwright-cli share: a session, the program, a CA, a terminal.

Each test-*.py here is a program of its own, since one process can use one session.
"""

import contextlib
import json
import os
import pathlib
import pty
import re
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
for _name in ("session", "interop"):
    sys.path.insert(0, str(ROOT / "tests" / _name))

# pylint: disable=wrong-import-position
from authority import Authority, openssl
from session import Session
from tap import Skip, Tap  # pylint: disable=unused-import

PROGRAM = os.environ["CERTWRIGHT_CLI"]
PROFILES = os.environ["CERTWRIGHT_TEST_PROFILES"]
FINE, PROBLEM, USAGE, UNREADABLE = range(4)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def same(got, wanted, what):
    check(got == wanted, f"{what}: {got!r} instead of {wanted!r}")


# The random numbers' state in the thread that made the key lies on the secure heap, where the leak
# sanitizer does not look for what is still in use.
SIGNING = (("request",), ("self-sign",), ("ca",))


class Result:
    """How a run of the program ended."""

    def __init__(self, process):
        self.status = process.returncode
        self.out = process.stdout or b""
        self.err = (process.stderr or b"").decode()

    @property
    def text(self):
        return self.out.decode()

    @property
    def json(self):
        check(self.out.isascii(), "the JSON is not ASCII")
        return json.loads(self.out)


def take_terminal():
    """In the child: the terminal is its own, and no signal is ignored, as in the background."""
    os.close(os.open(os.ttyname(0), os.O_RDWR))
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, session, command):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command,
            env={**session.env, "TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=take_terminal,
        )
        os.close(slave)
        self.said = ""

    def expect(self, text, limit=60):
        end = time.monotonic() + limit
        while text not in self.said:
            ready = select.select([self.master], [], [], max(0, end - time.monotonic()))[0]
            if not ready:
                raise AssertionError(f"no {text!r} in {self.said!r}")
            try:
                part = os.read(self.master, 4096)
            except OSError:
                part = b""
            check(part, f"it ended without {text!r}: {self.said!r}")
            self.said += part.decode()

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self, limit=60):
        """Its exit status, as subprocess gives it."""
        with contextlib.suppress(OSError):
            while select.select([self.master], [], [], limit)[0]:
                part = os.read(self.master, 4096)
                if not part:
                    break
                self.said += part.decode()
        status = self.process.wait(limit)
        os.close(self.master)
        return status


class World:
    """A session with the program, a folder for files, and a CA of two levels."""

    def __init__(self, **session):
        self._stack = contextlib.ExitStack()
        self.folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        data = self.folder / "share"
        (data / "certwright").mkdir(parents=True)
        (data / "certwright" / "profiles").symlink_to(PROFILES)
        env = {"XDG_DATA_DIRS": f"{data}:/usr/local/share:/usr/share"}
        self.session = self._stack.enter_context(Session(env=env, **session))
        self._authorities = None
        self._count = 0

    def close(self):
        self._stack.close()

    # The program

    def run(self, *arguments, **more):
        """Runs it without a terminal."""
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        if "input" in more:
            del more["stdin"]
        command = [PROGRAM, *map(str, arguments)]
        if arguments[:1] in SIGNING:
            asan = os.environ.get("ASAN_OPTIONS", "")
            more["env"] = {"ASAN_OPTIONS": f"{asan}:detect_leaks=0", **more.get("env", {})}
        return Result(
            self.session.run(
                command, timeout=120, check=False, **more
            )
        )

    def expect(self, status, *arguments, **more):
        """Runs it, and it has to end like this."""
        result = self.run(*arguments, **more)
        what = f"status of {' '.join(map(str, arguments))}\n{result.out.decode()}{result.err}"
        same(result.status, status, what)
        return result

    def terminal(self, *arguments, shell=None):
        """Runs it on a terminal; the shell's line, if there is one, gets it as "$@"."""
        command = [PROGRAM, *map(str, arguments)]
        if arguments[:1] in SIGNING and not shell:
            shell = 'ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" exec "$@"'
        return Terminal(self.session, ["sh", "-c", shell, "sh", *command] if shell else command)

    # Files

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @property
    def authorities(self):
        """(root, intermediate), made when they are first needed."""
        if self._authorities is None:
            root = Authority(self.folder / "root", "Example Root CA")
            self._authorities = (root, Authority(self.folder / "inter", "Example CA", root))
        return self._authorities

    def sign(self, request, name):
        """The CA's answer: leaf, intermediate and root in one file."""
        root, inter = self.authorities
        leaf = self.folder / ("leaf-" + name)
        inter.sign(request, leaf)
        parts = (leaf, inter.certificate, root.certificate)
        return self.file(name, "".join(part.read_text() for part in parts))

    def client(self, name, subject="/CN=steve@example.com/O=Example", names="email:a@example.com"):
        """A key, its request and the CA's answer, made by openssl: three files."""
        key, request = self.folder / f"{name}.key", self.folder / f"{name}.csr"
        command = ("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        command += ("-nodes", "-utf8", "-config", self.authorities[0].config, "-subj", subject)
        command += ("-addext", f"subjectAltName={names}")
        command += ("-addext", "extendedKeyUsage=clientAuth")
        command += ("-addext", "keyUsage=critical,digitalSignature")
        openssl(*command, "-keyout", key, "-out", request)
        return key, request, self.sign(request, f"{name}.pem")

    def pkcs12(self, name, passphrase, key, chain):
        path = self.folder / name
        command = ("pkcs12", "-export", "-inkey", key, "-in", chain, "-out", path)
        openssl(*command, "-passout", f"pass:{passphrase}")
        return path

    # The store

    @property
    def database(self):
        return self.session.root / "data" / "certwright" / "certificates.db"

    def rows(self, columns):
        if not self.database.exists():
            return []
        uri = f"file:{self.database}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=5)) as db:
            return db.execute(f"SELECT {columns} FROM identity ORDER BY created_at, id").fetchall()

    def ids(self):
        return [row[0] for row in self.rows("id")]

    def row(self, title, columns):
        """The only row with that title."""
        (row,) = [row[1:] for row in self.rows(f"title, {columns}") if row[0] == title]
        return row

    def request(self, name, *more):
        """Makes a request with the program; its id and its file."""
        before = set(self.ids())
        self._count += 1
        path = self.folder / f"request-{self._count}.csr"
        kind = () if "--key-kind" in more else ("--key-kind", "ec-p256")
        self.expect(FINE, "request", "--common-name", name, "-o", path, *kind, *more)
        (new,) = set(self.ids()) - before
        return new, path


def public_key_hash(kind, path, *more):
    """SHA-256 of the public key in a file, as openssl sees it."""
    if kind == "pkey":
        pem = openssl("pkey", "-in", path, "-pubout", *more)
    else:
        pem = openssl(kind, "-in", path, "-noout", "-pubkey", *more)
    command = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    der = subprocess.run(command, input=pem.encode(), capture_output=True, check=True).stdout
    command = ["openssl", "dgst", "-sha256", "-r"]
    return subprocess.run(command, input=der, capture_output=True, check=True).stdout.split()[0].decode()


def blocks(text, word):
    return re.findall(rf"-----BEGIN {word}-----.*?-----END {word}-----\n", text, re.DOTALL)


def main(tests, **session):
    """Runs each test with one world: (name, function) in order."""
    tap = Tap()
    world = World(**session)
    try:
        for name, function in tests:
            tap.run(name, function, world)
    finally:
        world.close()
    return tap.end()

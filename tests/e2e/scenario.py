# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios share: a session with the program in it, a CA, and a person's steps.

Each test-*.py here is a program of its own, since one process can use one session.
"""

import contextlib
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
for _name in ("session", "interop"):
    sys.path.insert(0, str(ROOT / "tests" / _name))

# pylint: disable=wrong-import-position
from authority import Authority, Reply, openssl
from driver import App
from session import Session, SessionError
from tap import Skip, Tap

COLUMNS = "id, title, profile_id, step, request, key_fingerprint, csr, certificate, issuers"
EMPTY_HOME = "Get a Certificate"
VALID = "This certificate will work with PlaceOS."


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def same(got, wanted, what):
    check(got == wanted, f"{what}: {got!r} instead of {wanted!r}")


def fingerprint_of_csr(der):
    """SHA-256 of the public key in a request, as the openssl command sees it."""
    command = ["openssl", "req", "-inform", "DER", "-noout", "-pubkey"]
    pem = subprocess.run(command, input=der, capture_output=True, check=True).stdout
    return _hash_of_public_key(pem)


def fingerprint_of_key(pem):
    command = ["openssl", "pkey", "-pubout"]
    return _hash_of_public_key(
        subprocess.run(command, input=pem, capture_output=True, check=True).stdout
    )


def _hash_of_public_key(pem):
    command = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    der = subprocess.run(command, input=pem, capture_output=True, check=True).stdout
    command = ["openssl", "dgst", "-sha256", "-r"]
    text = subprocess.run(command, input=der, capture_output=True, check=True).stdout
    return text.split()[0].decode()


def blocks(text, word):
    """The PEM blocks of one kind in a text, without what surrounds them."""
    pattern = rf"-----BEGIN {word}-----.*?-----END {word}-----"
    found = re.findall(pattern, text, re.DOTALL)
    return ["\n".join(line.strip() for line in block.splitlines()) for block in found]


class World:
    """A session, the program, a folder for files, and a CA of two levels."""

    def __init__(self, env=None, **session):
        self.env = env or {}
        self.session = Session(display=session.pop("display", True), env=self.env, **session)
        self.app = None
        self.folder = None
        self._stack = contextlib.ExitStack()
        self._authorities = None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.session)
            self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self.app = App(self.session, env=self.env)
            stack.callback(self.end)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def end(self):
        if self.app.running:
            self.app.kill()

    # The CA

    @property
    def authorities(self):
        """(root, intermediate), made when they are first needed."""
        if self._authorities is None:
            root = Authority(self.folder / "root", "Example Root CA")
            self._authorities = (root, Authority(self.folder / "inter", "Example CA", root))
        return self._authorities

    def sign(self, request, name="leaf.pem"):
        certificate = self.folder / name
        self.authorities[1].sign(request, certificate)
        return certificate

    def chain_file(self, certificate, name="all.pem"):
        """One file with certificate, intermediate and root."""
        root, inter = self.authorities
        path = self.folder / name
        parts = (certificate, inter.certificate, root.certificate)
        path.write_text("".join(pathlib.Path(part).read_text() for part in parts))
        return path

    # The store

    @property
    def data(self):
        """$XDG_DATA_HOME as the program has it."""
        return self.session.root / "data"

    @property
    def database(self):
        return self.data / "certwright" / "certificates.db"

    def rows(self, columns=COLUMNS):
        """Every identity in the database; nothing yet is no identities."""
        if not self.database.exists():
            return []
        uri = f"file:{self.database}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=5)) as db:
            return db.execute(f"SELECT {columns} FROM identity ORDER BY created_at, id").fetchall()

    def write_csr(self, title, name="request.csr"):
        """The request out of the database, as PEM."""
        der = dict(self.rows("title, csr"))[title]
        path = self.folder / name
        command = ["openssl", "req", "-inform", "DER", "-out", str(path)]
        subprocess.run(command, input=der, check=True, capture_output=True)
        return path

    def check_keys(self):
        """Invariant 1: every request in the store has its key in the keyring."""
        kept = {item.get("spki-sha256") for item in self.session.keyring_items()}
        count = 0
        for title, fingerprint, csr in self.rows("title, key_fingerprint, csr"):
            if csr is None:
                continue
            real = fingerprint_of_csr(csr)
            same(fingerprint, real, f"fingerprint of {title}")
            check(real in kept, f"{title} has a request and no key: {kept}")
            count += 1
        return count

    def private_key(self, identity):
        """The key's PEM out of the keyring, as another program would get it."""
        # pylint: disable=import-outside-toplevel
        from gi.repository import Gio, GLib

        flags = Gio.DBusConnectionFlags
        address = self.session.env["DBUS_SESSION_BUS_ADDRESS"]
        kind = flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION
        bus = Gio.DBusConnection.new_for_address_sync(address, kind, None, None)

        def call(method, arguments):
            name = ("org.freedesktop.secrets", "/org/freedesktop/secrets")
            interface = "org.freedesktop.Secret.Service"
            none = Gio.DBusCallFlags.NONE
            return bus.call_sync(*name, interface, method, arguments, None, none, 20000, None)

        plain = GLib.Variant("(sv)", ("plain", GLib.Variant("s", "")))
        channel = call("OpenSession", plain)[1]
        items = call("SearchItems", GLib.Variant("(a{ss})", ({"identity": identity},)))[0]
        found = call("GetSecrets", GLib.Variant("(aoo)", (items, channel)))[0]
        bus.close_sync(None)
        same(len(found), 1, "keys of the identity")
        return bytes(list(found.values())[0][2])

    # A person's steps

    def start(self):
        if self.app.process is None:
            self.app.start()
        elif not self.app.running:
            self.app.restart()
        return self.app

    def begin(self):
        """From home to the page that asks who it is for."""
        app = self.app
        self.begin_purpose()
        app.click("button", "Next")
        app.find("label", "Who Is It For?")

    def begin_purpose(self):
        """From home, with or without a list, to the first page."""
        app = self.app
        ways = (EMPTY_HOME, "Get a Client Certificate")
        there = app.wait_for(
            lambda: next((name for name in ways if app.exists("button", name)), None),
            "the way to a new certificate",
        )
        app.click("button", there)
        app.find("label", "What Is It For?")

    def choose_key(self, kind):
        app = self.app
        app.says("The keyring “")
        if not app.exists("check", kind):
            app.point(app.find("label", "More Kinds"))
        check_button = app.find("check", kind)
        if not check_button.checked:
            app.point(check_button)
        app.wait_for(lambda: app.find("check", kind).checked, f"{kind} chosen")

    def make_request(self, name, kind="EC P-256"):
        """From home to the request; quick: what is typed goes in at once."""
        app = self.app
        self.begin()
        app.set_text("Name or e-mail address", name)
        app.click("button", "Next")
        self.choose_key(kind)
        app.click("button", "Next")
        app.find("label", "Review")
        app.click("button", "Create Request")
        app.find("label", "Send the Request", limit=40)

    def row_menu(self, title, item):
        """Chooses from the menu at the end of a row of the list."""
        app = self.app
        row = app.wait_for(
            lambda: next((n for n in app.all("row") if title in n.labels()), None),
            f"row of {title}",
        )
        app.click("button", "More", within=row)
        app.click("menu-item", item)

    def home(self):
        """Back to the list, from any page."""
        app = self.app
        for _ in range(8):
            if app.exists("button", "Main Menu"):
                return
            app.click("button", "Back")
            time.sleep(0.3)
        raise SessionError("no way home")

    def open(self, title):
        """Opens a row of the list."""
        app = self.app
        app.find("button", "Main Menu")
        app.point(app.find("label", title))

    def open_reply(self, title):
        self.open(title)
        self.app.find("label", "The Reply")

    def choose_files(self, *paths):
        self.app.click("button", "Choose Files…")
        if len(paths) == 1:
            self.app.choose_file(paths[0], "Open")
        else:
            self.app.choose_many_files(paths, "Open")

    def import_files(self, *paths):
        """From home; the menu's "I Already Have Files…"."""
        self.app.key("ctrl+o")
        self.app.find("label", "Import Your Files")
        if paths:
            self.choose_files(*paths)

    def skip_test(self):
        """From the accepted certificate past the connection test, to what is pasted."""
        self.app.find("label", "Does It Work?")
        self.app.click("button", "Next")
        self.app.says("Where to Paste It")

    def respond_unlock(self, passphrase):
        app = self.app
        app.type_passphrase("Passphrase", passphrase)
        app.click("button", "Unlock")

    def quiet(self):
        """Nothing in its output may be a warning."""
        text = self.app.output()
        check(not re.search(r"WARNING|CRITICAL|ERROR", text), text)

    def quit(self):
        same(self.app.quit(), 0, "exit status")
        self.quiet()


def installed():
    """Why the installed program is not the built one; None if it is."""
    prefix = os.environ.get("CERTWRIGHT_PREFIX")
    built = os.environ.get("CERTWRIGHT_BUILT")
    program = pathlib.Path(prefix or ROOT / "build" / "prefix") / "bin" / "certwright"
    if not program.exists():
        return f"{program} is not there: run meson install first"
    if built and program.stat().st_mtime < pathlib.Path(built).stat().st_mtime:
        return f"{program} is older than {built}: run meson install first"
    return None


def wrap(world, name, function):
    """The test, with a look at the screen if it fails."""

    def run():
        try:
            function(world)
        except Skip:
            raise
        except Exception as error:
            folder = os.environ.get("CERTWRIGHT_PICTURES")
            if folder and world.app.running:
                path = pathlib.Path(folder) / (name.strip("/").replace("/", "-") + ".png")
                with contextlib.suppress(Exception):
                    world.app.picture(path)
            output = ""
            with contextlib.suppress(Exception):
                output = world.app.output()
            raise AssertionError(f"{error}\nIts output:\n{output}") from error

    return run


def main(groups):
    """Runs the group that the command line names: {group: (session's arguments, tests)}.

    A group has one session, whose arguments may be a function that gives them, or
    that raises Skip. Its tests are (name, function) and run in order; each
    finds what the one before left. After a failure nobody knows where the program
    stands, so the rest of the group is not run.
    """
    tap = Tap()
    reason = installed()
    if reason:
        tap.run("/e2e/installed", lambda: check(False, reason))
        return tap.end()
    arguments, tests = groups[sys.argv[1] if len(sys.argv) > 1 else next(iter(groups))]
    try:
        arguments = arguments() if callable(arguments) else arguments
    except Skip as skip:
        tap.skip_rest(str(skip))
        return tap.end()
    with World(**arguments) as world:
        for name, function in tests:
            tap.run(name, wrap(world, name, function))
            if tap.failed:
                tap.note("what comes after it was not run")
                break
    return tap.end()


__all__ = [
    "Authority",
    "EMPTY_HOME",
    "Reply",
    "ROOT",
    "SessionError",
    "Skip",
    "VALID",
    "World",
    "blocks",
    "check",
    "fingerprint_of_csr",
    "fingerprint_of_key",
    "main",
    "openssl",
    "same",
]

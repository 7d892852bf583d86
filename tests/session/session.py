#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private session for a program under test: home, bus, keyring, display.

Everything lies in one temporary folder and ends with the session, also when
the session itself is killed: a guardian process waits for its end, ends what
is left and removes the folder.

From a shell:   session.py --display --keyring=unlocked -- COMMAND...
From Python:    with Session(display=True) as session: session.run(["COMMAND"])

The bus starts nothing but the accessibility bus (and on request the keyring's
prompter). Were it to start the portals, they would start a locked keyring
daemon of their own and mount a file system that cannot be removed.
"""

import argparse
import contextlib
import ctypes
import os
import pathlib
import re
import secrets
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

PASSWORD = "session"
DISPLAY = "1280x1024x24"
MARK = "CERTWRIGHT_SESSION"
KEYRINGS = ("unlocked", "locked", "none", "absent")
SERVICES = pathlib.Path("/usr/share/dbus-1/services")
SECRETS = "org.freedesktop.secrets"
SECRETS_PATH = "/org/freedesktop/secrets"
LOGIN = "/org/freedesktop/secrets/collection/login"

# Of the outer session nothing may be seen.
FORBIDDEN = re.compile(
    r"^(XDG_|DBUS_|GNOME_|GTK_|GDK_|GSK_|GSETTINGS_|GIO_|AT_SPI|LC_|SSH_|ADW_|"
    r"(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|NO_AT_BRIDGE|LANG|LANGUAGE|DESKTOP_SESSION|G_DEBUG)$)"
)

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SessionError(Exception):
    """The session could not be set up, or a step of it failed."""


def wait_until(condition, what, limit=10.0, pause=0.02):
    """Calls condition until what it gives is true, and returns that."""
    end = time.monotonic() + limit
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise SessionError(f"timed out after {limit:g} s: {what}")
        time.sleep(pause)


def start_time(pid):
    """When a process began, in ticks since boot; None if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def die_with_parent():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG


class Session:
    """One private session. Only the environment in .env leads into it.

    display: True, "WIDTHxHEIGHTxDEPTH", or None for no display at all.
    keyring: "unlocked"; "locked": it exists, and was not unlocked since the
    daemon began; "none": the daemon runs and no keyring was made yet;
    "absent": there is no Secret Service at all.
    prompter: whether the keyring may ask for its password on the display.
    keep: a folder that receives what is in the home at the end.
    services: what else the bus may start, by the names of its service files.
    """

    # pylint: disable-next=too-many-arguments
    def __init__(
        self, display=None, keyring="unlocked", prompter=False, keep=None, env=None, services=()
    ):
        if keyring not in KEYRINGS:
            raise ValueError(f"keyring must be one of {', '.join(KEYRINGS)}")
        self.display = DISPLAY if display is True else display
        self.keyring = keyring
        self.prompter = prompter
        self.keep = keep
        self.more_env = env or {}
        self.services = services
        self.root = None
        self.env = None
        self._guardian = None
        self._children = []
        self._keyring_process = None
        self._adopted = None

    # Start

    def start(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="cw-"))
        self._start_guardian()
        try:
            self._make_folders()
            self._make_environment()
            if self.display:
                self._start_display()
            self._start_bus()
            self._prepare_keyring()
        except BaseException:
            self.stop()
            raise
        return self

    def _start_guardian(self):
        read_end, write_end = os.pipe()
        self._guardian = subprocess.Popen(
            ["/usr/bin/python3", os.path.abspath(__file__), "--guardian", str(self.root)],
            stdin=read_end,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(read_end)
        self._guardian_pipe = write_end

    def _make_folders(self):
        for name in ("home", "run", "data", "config", "cache", "state", "services"):
            (self.root / name).mkdir(mode=0o700)

    def _make_environment(self):
        env = {name: value for name, value in os.environ.items() if not FORBIDDEN.match(name)}
        env.update(
            {
                MARK: str(self.root),
                "HOME": str(self.root / "home"),
                "XDG_RUNTIME_DIR": str(self.root / "run"),
                "XDG_DATA_HOME": str(self.root / "data"),
                "XDG_CONFIG_HOME": str(self.root / "config"),
                "XDG_CACHE_HOME": str(self.root / "cache"),
                "XDG_STATE_HOME": str(self.root / "state"),
                "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
                "XDG_CURRENT_DESKTOP": "GNOME",
                "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.root}/run/bus",
                "LANG": "C.UTF-8",
                "LC_ALL": "C.UTF-8",
                "TZ": "UTC",
                "GDK_BACKEND": "x11",
                # Drawn without GL: a tenth of the start, a quarter of the memory.
                "GSK_RENDERER": "cairo",
                "GDK_DEBUG": "gl-disable",
                "GDK_DISABLE": "gl,vulkan",
                "GTK_A11Y": "atspi",
                "GIO_USE_VFS": "local",
                "GSETTINGS_BACKEND": "keyfile",
                "G_DEBUG": "fatal-warnings",
                "LIBGL_ALWAYS_SOFTWARE": "1",
            }
        )
        env.update(self.more_env)
        self.env = env

    def _start_display(self):
        if not shutil.which("Xvfb"):
            raise SessionError("Xvfb is not installed")
        cookie = self.root / "xauthority"
        # One entry that fits every display: family "wild", no address, no number.
        parts = (b"", b"", b"MIT-MAGIC-COOKIE-1", secrets.token_bytes(16))
        packed = b"".join(struct.pack(">H", len(part)) + part for part in parts)
        cookie.write_bytes(struct.pack(">H", 0xFFFF) + packed)
        cookie.chmod(0o600)

        read_end, write_end = os.pipe()
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", self.display]
        command += ["-auth", str(cookie), "-nolisten", "tcp", "-dpi", "96", "-noreset"]
        self._spawn("xvfb", command, pass_fds=(write_end,))
        os.close(write_end)
        with open(read_end, "rb") as answer:
            ready = select.select([answer], [], [], 30)[0]
            number = answer.readline().strip().decode() if ready else ""
        if not number:
            raise SessionError("Xvfb did not start:\n" + self.log("xvfb"))
        self.env["DISPLAY"] = f":{number}"
        self.env["XAUTHORITY"] = str(cookie)

    def _start_bus(self):
        services = [*self.services]
        if self.display:
            services += ["org.a11y.Bus.service"]
        if self.prompter:
            services += ["org.gnome.keyring.SystemPrompter.service"]
            services += ["org.gnome.keyring.PrivatePrompter.service"]
        for name in services:
            if (SERVICES / name).exists():
                shutil.copy(SERVICES / name, self.root / "services")
        config = self.root / "bus.conf"
        socket = self.root / "run" / "bus"
        config.write_text(BUS_CONFIG.format(socket=socket, services=self.root / "services"))
        bus = self._spawn("bus", ["dbus-daemon", "--nofork", f"--config-file={config}"])
        self._wait_for_file(socket, bus, "bus")

    def _wait_for_file(self, path, process, name):
        def there():
            if process.poll() is not None:
                raise SessionError(f"{name} ended at once:\n" + self.log(name))
            return path.exists()

        wait_until(there, f"start of the {name}")

    def _spawn(self, name, command, stdin=subprocess.DEVNULL, **more):
        with open(self.root / f"{name}.log", "ab") as log:
            # A warning of theirs is not ours: G_DEBUG is for the program under test.
            env = {key: value for key, value in self.env.items() if key != "G_DEBUG"}
            process = subprocess.Popen(
                command,
                env=env,
                cwd=env["HOME"],
                stdin=stdin,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
                **more,
            )
        self._register(process)
        return process

    def _register(self, process):
        self._children.append(process)
        line = f"{process.pid} {start_time(process.pid) or 0}\n"
        os.write(self._guardian_pipe, line.encode())

    def log(self, name):
        """What a part of the session ("xvfb", "bus", "keyring") wrote."""
        path = self.root / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # Keyring

    def _prepare_keyring(self):
        if self.keyring == "absent":
            return
        self.start_keyring(unlocked=self.keyring in ("unlocked", "locked"))
        if self.keyring == "locked":
            self.kill_keyring()
            self.start_keyring(unlocked=False)

    def start_keyring(self, unlocked=True):
        """Starts the daemon; with unlocked, the keyring is made if there is none."""
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        if unlocked:
            command.append("--unlock")
        with self._password_file() as password:
            process = self._spawn("keyring", command, stdin=password)
            self._keyring_process = process

            def owned():
                if process.poll() is not None:
                    raise SessionError("the keyring ended at once:\n" + self.log("keyring"))
                return self.has_secret_service()

            wait_until(owned, "start of the keyring")
            if unlocked:
                wait_until(lambda: not self.is_keyring_locked(), "unlocking the keyring")

    @contextlib.contextmanager
    def _password_file(self):
        with tempfile.TemporaryFile(dir=self.root) as file:
            file.write(PASSWORD.encode())
            file.seek(0)
            yield file

    def kill_keyring(self):
        """SIGKILL; returns when its name is free."""
        if self._keyring_process is None:
            return
        self._keyring_process.kill()
        self._keyring_process.wait()
        self._keyring_process = None
        wait_until(lambda: not self.has_secret_service(), "end of the keyring")

    def restart_keyring(self, unlocked=True):
        self.kill_keyring()
        self.start_keyring(unlocked)

    def stop_keyring(self):
        """SIGSTOP: there, and not answering."""
        self._keyring_process.send_signal(signal.SIGSTOP)

    def continue_keyring(self):
        self._keyring_process.send_signal(signal.SIGCONT)

    def lock_keyring(self):
        self._call(SECRETS, SECRETS_PATH, "org.freedesktop.Secret.Service.Lock", f"['{LOGIN}']")
        wait_until(self.is_keyring_locked, "locking the keyring")

    def unlock_keyring(self):
        """Unlocks it as a login would, without a prompt."""
        from gi.repository import Gio, GLib  # pylint: disable=import-outside-toplevel

        flags = Gio.DBusConnectionFlags
        bus = Gio.DBusConnection.new_for_address_sync(
            self.env["DBUS_SESSION_BUS_ADDRESS"],
            flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION,
            None,
            None,
        )

        def call(interface, method, arguments):
            flag = Gio.DBusCallFlags.NONE
            name = (SECRETS, SECRETS_PATH, interface, method)
            return bus.call_sync(*name, arguments, None, flag, 20000, None)

        plain = GLib.Variant("(sv)", ("plain", GLib.Variant("s", "")))
        channel = call("org.freedesktop.Secret.Service", "OpenSession", plain)[1]
        secret = (channel, b"", PASSWORD.encode(), "text/plain")
        call(
            "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
            "UnlockWithMasterPassword",
            GLib.Variant("(o(oayays))", (LOGIN, secret)),
        )
        bus.close_sync(None)
        wait_until(lambda: not self.is_keyring_locked(), "unlocking the keyring")

    def has_secret_service(self):
        answer = self._call(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            SECRETS,
        )
        return "true" in answer

    def is_keyring_locked(self):
        """Whether the login keyring is locked; True also if there is none."""
        try:
            answer = self._get(LOGIN, "org.freedesktop.Secret.Collection", "Locked")
        except SessionError:
            return True
        return "true" in answer

    def keyring_items(self):
        """The attributes of every item that has an identity: a list of dicts."""
        answer = self._call(
            SECRETS, SECRETS_PATH, "org.freedesktop.Secret.Service.SearchItems", "@a{ss} {}"
        )
        items = []
        for path in re.findall(r"'(/org/freedesktop/secrets/collection/[^']+)'", answer):
            text = self._get(path, "org.freedesktop.Secret.Item", "Attributes")
            attributes = dict(re.findall(r"'([^']+)': '([^']*)'", text))
            if "identity" in attributes:
                items.append(attributes)
        return items

    def _get(self, path, interface, name):
        method = "org.freedesktop.DBus.Properties.Get"
        return self._call(SECRETS, path, method, interface, name)

    def _call(self, destination, path, method, *arguments):
        command = ["gdbus", "call", "--session", "--timeout", "20"]
        command += ["--dest", destination, "--object-path", path, "--method", method, *arguments]
        result = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if result.returncode:
            raise SessionError(f"{method} failed: {result.stderr.strip()}")
        return result.stdout

    # Use

    def popen(self, command, env=None, **more):
        """Starts a program in the session; it ends with the session."""
        more.setdefault("cwd", self.env["HOME"])
        merged = {**self.env, **(env or {})}
        process = subprocess.Popen(command, env=merged, preexec_fn=die_with_parent, **more)
        self._register(process)
        return process

    def run(self, command, env=None, **more):
        """Like subprocess.run, in the session."""
        return subprocess.run(command, env={**self.env, **(env or {})}, **more)

    def adopt(self):
        """Lets this very process talk to the session's bus and display.

        Once in a process, before the first use of the accessibility bus.
        """
        names = ("DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
        self._adopted = {name: os.environ.get(name) for name in names}
        for name in names:
            if name in self.env:
                os.environ[name] = self.env[name]
        for name in ("AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE", "WAYLAND_DISPLAY"):
            os.environ.pop(name, None)

    # End

    def stop(self):
        if self.root is None:
            return
        if self.keep:
            self._copy_what_is_kept()
        for name, value in (self._adopted or {}).items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        os.close(self._guardian_pipe)
        for process in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
        self._guardian.wait()
        self.root = None

    def _copy_what_is_kept(self):
        for name in ("home", "data", "config", "state"):
            source = self.root / name
            if source.exists():
                ignore = shutil.ignore_patterns("keyrings")
                target = pathlib.Path(self.keep) / name
                shutil.copytree(source, target, dirs_exist_ok=True, ignore=ignore)
        for log in self.root.glob("*.log"):
            shutil.copy(log, self.keep)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


# The guardian


def is_marked(pid, root):
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            return f"{MARK}={root}".encode() in environ.read().split(b"\0")
    except OSError:
        return False


def remaining(known, root):
    pids = [pid for pid, started in known.items() if started and start_time(pid) == started]
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) not in known and is_marked(entry, root):
            pids.append(int(entry))
    return [pid for pid in pids if pid != os.getpid()]


def end_all(known, root):
    """Asks first, so that Xvfb removes its lock; then does not ask."""
    for number, limit in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
        end = time.monotonic() + limit
        signalled = set()
        while time.monotonic() < end:
            pids = remaining(known, root)
            if not pids:
                return
            for pid in set(pids) - signalled:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
                    os.kill(pid, signal.SIGCONT)
                signalled.add(pid)
            time.sleep(0.02)


def remove(root):
    mount = os.path.join(root, "run", "doc")
    if os.path.ismount(mount):
        subprocess.run(["fusermount3", "-u", mount], check=False, capture_output=True)
    shutil.rmtree(root, ignore_errors=True)


def guard(root):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    known = {}
    for line in sys.stdin:
        pid, started = line.split()
        known[int(pid)] = int(started)
    end_all(known, root)
    remove(root)


# The command


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--display", nargs="?", const=DISPLAY, metavar="WIDTHxHEIGHTxDEPTH")
    parser.add_argument("--keyring", choices=KEYRINGS, default="unlocked")
    parser.add_argument("--prompter", action="store_true", help="let the keyring ask")
    parser.add_argument("--keep", metavar="DIR", help="copy the home there at the end")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    return parser.parse_args(arguments)


def stop_by_signal(number, _frame):
    raise SystemExit(128 + number)


def main(arguments):
    if arguments[:1] == ["--guardian"]:
        guard(arguments[1])
        return 0
    options = parse(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop_by_signal)
    try:
        with Session(options.display, options.keyring, options.prompter, options.keep) as session:
            process = session.popen(options.command, cwd=os.getcwd())
            status = process.wait()
    except SessionError as error:
        print(f"session: {error}", file=sys.stderr)
        return 125
    except FileNotFoundError as error:
        print(f"session: {error.filename}: not found", file=sys.stderr)
        return 127
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as it is installed from its bundle, in its sandbox, driven from outside.

The session has a desktop's portals, which are what a sandbox has in place of a home, a
keyring and a mail program. Run it through run.py, which gives it /run/user to itself:
what a portal hands over is there in the sandbox wherever it is outside.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
for _name in ("session", "interop", "e2e"):
    sys.path.insert(0, str(ROOT / "tests" / _name))

# pylint: disable=wrong-import-position
from driver import App, Node
from scenario import World, check
from session import wait_until

ID = "io.github.certwright.Certwright"
RUNTIME_DIR = pathlib.Path("/run/user") / str(os.getuid())
PORTALS = pathlib.Path("/usr/share/xdg-desktop-portal/portals")
CHOOSER = "xdg-desktop-portal-gtk"

# What a desktop's bus can start. Not the keyring: it runs already, or there is none.
SERVICES = (
    "org.freedesktop.Flatpak.service",
    "org.freedesktop.portal.Flatpak.service",
    "org.freedesktop.impl.portal.PermissionStore.service",
    "org.freedesktop.impl.portal.desktop.gtk.service",
    "org.freedesktop.portal.Desktop.service",
    "org.freedesktop.portal.Documents.service",
)


def flatpak_run(*arguments, options=()):
    """The command that runs the program, or with --command another one, in its sandbox."""
    return ["flatpak", "run", "--user", "--die-with-parent", *options, ID, *arguments]


class SandboxedApp(App):
    """The window in its sandbox, and the portals' dialogs outside as if they were its own."""

    def __init__(self, session, env=None, options=()):
        super().__init__(session, command=flatpak_run(options=options), env=env)
        # The session's is enough: the program finds its own in the sandbox.
        self.env.pop("XDG_DATA_DIRS")

    def _applications(self, *names):
        """Those on the accessibility bus: of a sandbox it knows no process."""
        desktop = self._atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            with contextlib.suppress(Exception):  # it has just gone
                if application and application.get_name() in names:
                    application.set_cache_mask(self._atspi.Cache.NONE)
                    yield application

    def _application(self):
        return next(self._applications("certwright", "Certwright", ID), None)

    def windows(self):
        return super().windows() + self.chooser_windows()

    def choose_file(self, path, button, replace=False):
        """Answers the portal's file chooser, and its question if the file is there already."""
        window = self.window_with(button)
        entry = self.wait_for(lambda: self._file_entry(window), "the file's name")
        entry.set_text(str(path))
        self.click("button", button, within=window)
        if replace:
            self.click("button", "Replace")
        self.wait_for(lambda: not self.chooser_windows(), "end of the file chooser")

    def choose_folder(self, path):
        """Answers the portal's file chooser with a folder that is there."""
        # With its end, which the chooser would complete it by.
        self.choose_file(f"{path}/", "Open")

    def chooser_windows(self):
        nodes = []
        for application in self._applications(CHOOSER):
            nodes += Node(self._atspi, application).children()
        nodes = [Node(self._atspi, node.accessible) for node in nodes]
        return [node for node in nodes if node.visible()]

    def window_with(self, button):
        """The portal's window that has the button."""

        def there():
            for window in self.chooser_windows():
                if any(node.name == button for node in self.all("button", button, window)):
                    return window
            return None

        return self.wait_for(there, f"a file chooser with {button!r}")

    def _x_windows(self):
        # Their _NET_WM_PID is what the sandbox calls it.
        command = ["xdotool", "search", "--onlyvisible", "--class", f"^({ID}|certwright|{CHOOSER})"]
        found = self.session.run(command, capture_output=True, text=True, check=False)
        result = []
        for window in found.stdout.split():
            shape = self.xdotool("getwindowgeometry", "--shell", window)
            values = dict(re.findall(r"(\w+)=(-?\d+)", shape))
            title = self.xdotool("getwindowname", window).rstrip("\n")
            box = tuple(int(values[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))
            result.append((window, title, box))
        return result


# pylint: disable-next=too-many-instance-attributes
class SandboxedWorld(World):
    """A desktop with portals and the program from its bundle.

    portals: "all"; "no-secret": a desktop whose keyring offers none to programs in a
    sandbox; "none": no portal at all.
    """

    def __init__(self, env=None, portals="all", options=(), **session):
        super().__init__(env=env, **session)
        self.portals = portals
        self.options = options
        self.session.services = SERVICES if portals != "none" else SERVICES[:2]
        self.session.more_env = {"XDG_RUNTIME_DIR": str(RUNTIME_DIR), **self.session.more_env}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            if self.portals == "no-secret":
                folder = stack.enter_context(self._portals_without_secret())
                self.session.more_env["XDG_DESKTOP_PORTAL_DIR"] = folder
            super().__enter__()
            self._stack.push(stack.pop_all())
        self._open_choosers_in_a_folder()
        self.app = SandboxedApp(self.session, env=self.env, options=self.options)
        return self

    def _open_choosers_in_a_folder(self):
        """Among the recent files the portal's chooser takes no folder."""
        settings = self.session.root / "config" / "glib-2.0" / "settings" / "keyfile"
        settings.parent.mkdir(parents=True)
        settings.write_text("[org/gtk/settings/file-chooser]\nstartup-mode='cwd'\n")

    @staticmethod
    @contextlib.contextmanager
    def _portals_without_secret():
        import tempfile  # pylint: disable=import-outside-toplevel

        with tempfile.TemporaryDirectory() as folder:
            for path in PORTALS.glob("*.portal"):
                if "impl.portal.Secret" not in path.read_text():
                    (pathlib.Path(folder) / path.name).write_bytes(path.read_bytes())
            yield folder

    def end(self):
        if self.app.running:
            self.app.kill()
        unmount(self.session)

    @property
    def home(self):
        """What the sandbox has for a home."""
        return self.session.root / "home" / ".var" / "app" / ID

    @property
    def data(self):
        return self.home / "data"

    @property
    def keyring_file(self):
        return self.data / "keyrings" / "default.keyring"

    def choose_key(self, kind):
        app = self.app
        app.find("label", "Kind of Key")
        if not app.exists("check", kind):
            app.point(app.find("label", "More Kinds"))
        if not app.find("check", kind).checked:
            app.point(app.find("check", kind))
        app.wait_for(lambda: app.find("check", kind).checked, f"{kind} chosen")

    def choose_files(self, *paths):
        """One is chosen; several are dragged there, which takes them through another portal."""
        if len(paths) == 1:
            super().choose_files(*paths)
        else:
            self.app.drop_files(paths)

    def check_keys(self):
        """Invariant 1, as far as it can be seen from outside: the file is there, and opaque."""
        check(self.keyring_file.stat().st_size > 100, "nothing in the keyring's file")
        check(b"PRIVATE KEY" not in self.keyring_file.read_bytes(), "a key in the clear")
        check(not self._desktop_has_keys(), "a key in the desktop's keyring")
        return sum(1 for (csr,) in self.rows("csr") if csr)

    def _desktop_has_keys(self):
        schema = "{'xdg:schema': 'io.github.certwright.Key'}"
        command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets"]
        command += ["--object-path", "/org/freedesktop/secrets", "--method"]
        command += ["org.freedesktop.Secret.Service.SearchItems", schema]
        found = self.session.run(command, capture_output=True, text=True, check=True)
        return "/collection/" in found.stdout

    def in_sandbox(self, *command, options=(), **more):
        """Runs a command in the program's sandbox."""
        whole = flatpak_run(
            *command[1:], options=(*self.options, *options, f"--command={command[0]}")
        )
        more = {"capture_output": True, "text": True, "check": False, "timeout": 120, **more}
        return self.session.run(whole, stdin=subprocess.DEVNULL, **more)


def unmount(session):
    """Ends the document portal's file system, which keeps its folder from being removed."""
    mount = RUNTIME_DIR / "doc"
    if os.path.ismount(mount):
        command = ["fusermount3", "-u", "-z", str(mount)]
        session.run(command, check=False, capture_output=True)
        wait_until(lambda: not os.path.ismount(mount), "end of the document portal's files")

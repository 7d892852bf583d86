#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much later the window comes out of its sandbox: first-frame.py FOLDER BUILD-FOLDER [ROUNDS]

FOLDER is what "stand-in build" has filled, BUILD-FOLDER a release build for here. Whole
processes, started in turn; the portals run already, as they do on a desktop. What the limit is
for is the sandbox: outside, there is the same program with the same libraries. What this machine's
own libraries need stands below.
"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "bench")]

# pylint: disable=wrong-import-position
from bench import ROUNDS, Bench, Table
from sandbox import ID, SandboxedWorld, flatpak_run
from session import wait_until

LIMIT = 1.5


class Starts(Bench):
    """Whose programs end a moment after what started them."""

    def start(self, command, data_home):
        result = super().start(command, data_home)
        wait_until(self._no_window, "end of the last window")
        return result

    def _no_window(self):
        command = ["xdotool", "search", "--onlyvisible", "--class", f"^({ID}|certwright)"]
        return not self.session.run(command, capture_output=True, check=False).stdout


def without_sandbox(installation):
    """The command that runs what is installed with its runtime, and with nothing in its way."""
    runtime = next(installation.glob("runtime/org.gnome.Platform/*/*/active/files"))
    app = installation / "app" / ID / "current/active/files"
    command = ["bwrap", "--die-with-parent", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc", "--bind", "/sys", "/sys"]
    command += ["--bind", "/tmp", "/tmp", "--bind", "/run", "/run", "--dir", "/var"]
    command += ["--ro-bind", runtime, "/usr", "--ro-bind", runtime / "etc", "/etc", "--ro-bind", app, "/app"]
    for name in ("bin", "lib", "lib64"):
        command += ["--symlink", f"usr/{name}", f"/{name}"]
    command += ["--setenv", "LD_LIBRARY_PATH", "/app/lib"]
    command += ["--setenv", "XDG_DATA_DIRS", "/app/share:/usr/share"]
    return [str(word) for word in [*command, "/app/bin/certwright"]]


def main(folder, build, rounds=ROUNDS):
    installation = pathlib.Path(folder).resolve() / "installation"
    os.environ["FLATPAK_USER_DIR"] = str(installation)
    table = Table()
    table.head()
    with SandboxedWorld() as world:
        bench = Starts(build, int(rounds), world.session, table)
        ours = (flatpak_run(), bench.home("unused"))
        theirs = (without_sandbox(installation), bench.home("outside"))
        pairs = [(a[0], b[0]) for a, b in bench.compare_starts(ours, theirs)]
        table.ratio("start to first frame in the Flatpak / outside", pairs, "ms", LIMIT)
        here = ([bench.program], bench.home("here"))
        table.beside("  with this machine's own libraries", [bench.start(*here)[0] for _ in range(5)], "ms")
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much later the window comes out of its sandbox: first-frame.py FOLDER BUILD-FOLDER [ROUNDS]

FOLDER is what "stand-in build" has filled, BUILD-FOLDER a release build for here. Whole
processes, started in turn; the portals run already, as they do on a desktop. What the limit is
for is the program in its sandbox: outside, there is the same one with the same libraries, and what
"flatpak run" needs to run nothing at all is taken off, for it is longer than half of a start and
the same for every program. With it, and what this machine's own libraries need, stands below.
"""

import os
import pathlib
import sys
import time

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

    def compare_sandbox(self, outside):
        """Rounds of (ms in the sandbox, ms of a sandbox with nothing in it, ms outside)."""
        inside = (flatpak_run(), self.home("unused"))
        rounds = self._take_turns(
            lambda: (self.start(*inside)[0], self._run_nothing()), lambda: self.start(*outside)[0]
        )
        return [(*ours, theirs) for ours, theirs in rounds]

    def _run_nothing(self):
        begin = time.monotonic()
        self.session.run(flatpak_run(options=["--command=true"]), capture_output=True, check=True)
        return (time.monotonic() - begin) * 1000

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
        rounds = bench.compare_sandbox((without_sandbox(installation), bench.home("outside")))
        pairs = [(inside - nothing, outside) for inside, nothing, outside in rounds]
        table.ratio("start in the sandbox / outside of it", pairs, "ms", LIMIT)
        table.beside("  with what starts the sandbox", [inside for inside, _, _ in rounds], "ms")
        table.beside("  what starts it, alone", [nothing for _, nothing, _ in rounds], "ms")
        here = ([bench.program], bench.home("here"))
        table.beside("  with this machine's own libraries", [bench.start(*here)[0] for _ in range(5)], "ms")
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)

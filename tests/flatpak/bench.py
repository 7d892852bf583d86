#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much later the window comes out of its sandbox: bench.py FOLDER BUILD-FOLDER [ROUNDS]

FOLDER is what "stand-in build" has filled, BUILD-FOLDER a release build for here. Whole
processes, started in turn; the portals run already, as they do on a desktop.
"""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "bench")]

# pylint: disable=wrong-import-position
from bench import ROUNDS, Bench, Table
from sandbox import SandboxedWorld, flatpak_run

LIMIT = 1.5


def main(folder, build, rounds=ROUNDS):
    os.environ["FLATPAK_USER_DIR"] = str(pathlib.Path(folder).resolve() / "installation")
    table = Table()
    table.head()
    with SandboxedWorld() as world:
        bench = Bench(build, int(rounds), world.session, table)
        ours = (flatpak_run(), bench.home("unused"))
        theirs = ([bench.program], bench.home("outside"))
        pairs = [(a[0], b[0]) for a, b in bench.compare_starts(ours, theirs)]
        table.ratio("start to first frame in the Flatpak / outside", pairs, "ms", LIMIT)
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Window and command line share one list and one keyring."""

import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

# pylint: disable=wrong-import-position
from scenario import VALID, World, check, installed, openssl, same
from tap import Tap

FROM_WINDOW = "window@example.com"
FROM_LINE = "line@example.com"


class Both:
    """The window's world, and the command line in it."""

    def __init__(self, world):
        self.world = world
        self.app = world.app

    def cli(self, *arguments):
        command = [os.environ["CERTWRIGHT_CLI"], *map(str, arguments)]
        prefix = os.environ["CERTWRIGHT_PREFIX"]
        env = {"XDG_DATA_DIRS": f"{prefix}/share:/usr/local/share:/usr/share"}
        result = self.world.session.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
        same(result.returncode, 0, f"status of {arguments}: {result.stderr.decode()}")
        return result.stdout

    def states(self):
        identities = json.loads(self.cli("list", "--json"))["identities"]
        return {identity["title"]: identity["state"] for identity in identities}


def made_in_window(both):
    """What the window made, the command line lists, and it can use its key."""
    world = both.world
    world.start()
    world.make_request(FROM_WINDOW)
    same(both.states(), {FROM_WINDOW: "waiting"}, "states")
    request = world.folder / "window.csr"
    both.cli("export", FROM_WINDOW, "--format", "request", "--to", request)
    both.cli("import", world.chain_file(world.sign(request)))
    same(both.states(), {FROM_WINDOW: "ready"}, "states")
    settings = both.cli("output", FROM_WINDOW, "--to", "-").decode()
    check("PRIVATE KEY" in settings, settings)
    world.check_keys()
    world.quit()


def made_on_the_line(both):
    """What the command line made, the window lists, and takes the reply for."""
    world = both.world
    request = world.folder / "line.csr"
    command = ("--common-name", FROM_LINE, "--key-kind", "ec-p256", "--profile", "placeos")
    both.cli("request", *command, "-o", request)
    check("verify OK" in openssl("req", "-in", request, "-noout", "-verify"), "the request")
    world.start()
    world.open_reply(FROM_LINE)
    world.choose_files(world.chain_file(world.sign(request)))
    both.app.says(f"Your certificate: {FROM_LINE}")
    both.app.says(VALID)
    both.app.click("button", "Accept Certificate")
    world.skip_test()
    both.app.says("https_private_key")
    same(both.states(), {FROM_WINDOW: "ready", FROM_LINE: "ready"}, "states")
    world.quit()


def deleted_on_the_line(both):
    both.cli("delete", "--yes", FROM_WINDOW)
    both.world.start()
    both.app.find("label", FROM_LINE)
    check(not both.app.exists("label", FROM_WINDOW), "it is still in the window's list")
    same(len(both.world.session.keyring_items()), 1, "keys")
    both.world.quit()


def main():
    tap = Tap()
    reason = installed()
    if reason:
        tap.skip_rest(reason)
        return tap.end()
    with World() as world:
        both = Both(world)
        for name, function in (
            ("/cli/window/made-there", made_in_window),
            ("/cli/window/made-here", made_on_the_line),
            ("/cli/window/deleted-here", deleted_on_the_line),
        ):
            if not tap.run(name, function, both):
                break
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())

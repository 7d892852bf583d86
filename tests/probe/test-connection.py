#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection test against servers that behave in every way: what it says of each.

test-connection.py [BEHAVIOUR...]: of behaviours.ini, all or some.
"""

import concurrent.futures
import configparser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from peers import HERE, Peers
from tap import Skip, Tap

PROGRAM = os.environ["CERTWRIGHT_CLI"]
HEADER = HERE.parent.parent / "src" / "probe" / "cw-connection-result.h"
PLACEOS = HERE.parent.parent / "data" / "profiles" / "placeos" / "profile.desktop.in"
LIMIT = "2"  # seconds, where the server lets wait
# What cannot be had from a server, or not on every machine.
UNTESTED = {"name-unknown", "name-failed", "cas-unreadable", "library-missing"}
SCHEMAS = pathlib.Path("/usr/share/glib-2.0/schemas/org.gnome.system.proxy.gschema.xml")
RESOLVER = "libgiognomeproxy.so"
PROXY = """[system/proxy]
mode='manual'
ignore-hosts=@as []
[system/proxy/https]
host='127.0.0.1'
port={port}
"""


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def read_behaviours(names):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string((HERE / "behaviours.ini").read_text())
    check(all(name in parser for name in names), f"one of {names} is not in behaviours.ini")
    return [parser[name] for name in names or parser.sections()]


class Runner:
    """Runs the program against the peers, in homes of their own."""

    def __init__(self, folder, peers):
        self.folder = pathlib.Path(folder)
        self.peers = peers

    def environment(self, behaviour):
        home = self.folder / "homes" / behaviour.name
        home.mkdir(parents=True)
        keep = ("PATH", "LC_ALL", "G_DEBUG", "LD_LIBRARY_PATH", "GIO_EXTRA_MODULES")
        env = {name: value for name, value in os.environ.items()
               if name in keep or name.endswith("SAN_OPTIONS")}  # fmt: skip
        own = home / ".local" / "share" / "certwright" / "profiles" / "placeos"
        own.mkdir(parents=True)
        (own / "profile.ini").symlink_to(PLACEOS)
        trusted = behaviour.get("system")
        env.update(
            HOME=str(home),
            TMPDIR=str(home),
            GSETTINGS_BACKEND="memory",
            XDG_CONFIG_HOME=str(home / "config"),
            # Only what the behaviour says may be trusted.
            SSL_CERT_FILE=str(self.peers.pki.server_root.certificate) if trusted else "/dev/null",
            SSL_CERT_DIR="/nonexistent",
        )
        if "proxy" in behaviour:
            env.update(self._set_proxy(home, self.peers.ports[behaviour["proxy"]]))
        return env

    @staticmethod
    def _set_proxy(home, port):
        """As it is set in GNOME; what has to be added to the environment for it."""
        settings = home / "config" / "glib-2.0" / "settings"
        settings.mkdir(parents=True)
        (settings / "keyfile").write_text(PROXY.format(port=port))
        return {
            "GSETTINGS_BACKEND": "keyfile",
            "GIO_USE_PROXY_RESOLVER": "gnome",
            "XDG_CURRENT_DESKTOP": "GNOME",
        }

    def command(self, behaviour):
        pki = self.peers.pki
        port = self.peers.ports[behaviour.get("peer", behaviour.name)]
        address = f"{behaviour['scheme']}://{behaviour['host']}:{port}{behaviour['path']}"
        options = behaviour["options"].replace("LONG", "x" * 70000)
        command = [PROGRAM, "test", "--json", *options.split()]
        if behaviour["client"] != "none":
            client = pki.clients[behaviour["client"]]
            key = pki.clients[behaviour.get("key", behaviour["client"])].key
            command += ["--key", key, "--cert", client.chain]
        cas = {
            "root": pki.server_root.certificate,
            "client-root": pki.root.certificate,
            "old-root": pki.old_root,
            "self-signed": pki.servers["self-signed"].chain,
        }
        command += ["--server-cas", cas.get(behaviour["server-cas"], behaviour["server-cas"])]
        if "slow" in behaviour:
            command += ["--timeout", LIMIT]
        return [*map(str, command), address]

    def missing(self, behaviour):
        """Why it cannot be tested here."""
        name = behaviour.get("peer", behaviour.name)
        if behaviour["path"] == "/socket" and "websocket" in self.peers.missing:
            return self.peers.missing["websocket"]
        if behaviour.get("proxy") and not find_proxy_resolver():
            return "glib-networking is not installed"
        return self.peers.missing.get(name)

    def run(self, behaviour):
        """(status, what was printed, errors), or None if it cannot be tested here."""
        if self.missing(behaviour):
            return None
        result = subprocess.run(
            self.command(behaviour), env=self.environment(behaviour), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=100, check=False,
        )  # fmt: skip
        return result.returncode, result.stdout.decode(), result.stderr.decode()


def find_proxy_resolver():
    folders = [pathlib.Path("/usr/lib/gio/modules"), *pathlib.Path("/usr/lib").glob("*/gio/modules")]
    folders += map(pathlib.Path, os.environ.get("GIO_EXTRA_MODULES", "").split(":"))
    return SCHEMAS.exists() and any((folder / RESOLVER).exists() for folder in folders)


def judge(behaviour, missing, future):
    if missing:
        raise Skip(missing)
    status, out, err = future.result()
    check(out.isascii() and out, f"status {status}, {out!r}, {err!r}")
    answer = json.loads(out)
    verdict = answer["verdict"]
    ids = [finding["id"] for finding in answer["evidence"]]
    wanted = [word.strip() for word in behaviour["verdict"].split(",")]
    check(verdict["id"] in wanted, f"{verdict['id']} instead of {wanted}\n{out}{err}")
    check(status == (1 if verdict["severity"] == "problem" else 0), f"status {status}\n{out}{err}")
    check(err == "" and "s3cret" not in out, err)
    said = " ".join(verdict.get(part, "") for part in ("title", "meaning", "remedy"))
    check(behaviour.get("says", "") in said, said)
    # There is none that could be asked.
    said += json.dumps(answer["evidence"])
    words = r"\b(the|its) CAs?\b|CA of your"
    check(behaviour["client"] != "by-itself" or not re.search(words, said, re.I), said)
    check(answer.get("workingChoice") == behaviour.get("choice"), out)
    check(("offeredCa" in answer) == ("offered" in behaviour), out)
    for word in behaviour.get("evidence", "").split():
        there = word.lstrip("!") in ids
        check(there != word.startswith("!"), f"{word} of {ids}\n{out}")


def all_verdicts(behaviours):
    """Each verdict that there is has a behaviour that leads to it."""
    table = re.findall(r"^ \* \| ([a-z-]+) +\| (?:good|note|warning|problem)", HEADER.read_text(), re.M)
    check(len(table) > 40, table)
    wanted = {word.strip() for behaviour in behaviours for word in behaviour["verdict"].split(",")}
    check(set(table) - UNTESTED <= wanted, f"no behaviour for {set(table) - UNTESTED - wanted}")
    check(wanted <= set(table), f"no such verdict: {wanted - set(table)}")


def all_peers(peers, behaviours):
    """And no server stands there in vain."""
    used = {behaviour.get("peer", behaviour.name) for behaviour in behaviours}
    used |= {behaviour.get("proxy") for behaviour in behaviours}
    check(set(peers.ports) <= used, f"not used: {set(peers.ports) - used}")
    check(len(used) >= 40, f"only {len(used)} servers")


def run_all(tap, runner, behaviours):
    workers = 6
    with concurrent.futures.ThreadPoolExecutor(len(behaviours)) as waiting:
        with concurrent.futures.ThreadPoolExecutor(workers) as working:
            futures = [
                (waiting if "slow" in behaviour else working).submit(runner.run, behaviour)
                for behaviour in behaviours
            ]
            for behaviour, future in zip(behaviours, futures):
                name = f"/probe/connection/{behaviour.name}"
                tap.run(name, judge, behaviour, runner.missing(behaviour), future)


def main(*names):
    tap = Tap()
    if not shutil.which("openssl"):
        tap.skip_rest("the openssl command is not installed")
        return tap.end()
    behaviours = read_behaviours(names)
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        with Peers(pathlib.Path(folder) / "peers") as peers:
            peers.start()
            for name, reason in peers.missing.items():
                tap.note(f"{name}: {reason}")
            run_all(tap, Runner(folder, peers), behaviours)
            if not names:
                tap.run("/probe/connection/all-verdicts", all_verdicts, behaviours)
                tap.run("/probe/connection/all-peers", all_peers, peers, behaviours)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed and memory, side by side: bench.py BUILD-FOLDER [ROUNDS] [NAME...]

NAME is a method of Bench: only those are measured.

Each figure is a ratio to something else that is measured in turn with it, so
that it holds on any machine: the median of the ratios of the rounds. Both are
drawn with GTK's cairo renderer. Fails if a ratio is above its limit.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / name) for name in ("session", "interop", "probe")]

# pylint: disable=wrong-import-position
from authority import Authority, openssl
from peers import Missing, Peers
from session import Session

ROUNDS = 25
MANY = 1000
SIGNED = 200  # in a round
PROFILES = 200
BUNDLE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


# What our own certificates have.
LEAF = """
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = DNS:device.example.com
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Table:
    """The lines as they are measured, and whether all are within their limits."""

    FORMAT = "{:<44} {:>12} {:>12} {:>8} {:>8}  {}"

    def __init__(self):
        self.failed = False

    def head(self):
        print(self.FORMAT.format("what", "Certwright", "against", "ratio", "at most", ""))
        print("-" * 96)

    def ratio(self, what, pairs, unit, limit):
        """Pairs of (ours, theirs), each measured one after the other."""
        ratio = statistics.median(a / b for a, b in pairs)
        ours = statistics.median(a for a, _ in pairs)
        theirs = statistics.median(b for _, b in pairs)
        verdict = self._verdict(ratio, limit)
        figures = (f"{ours:.1f} {unit}", f"{theirs:.1f} {unit}", f"{ratio:.2f}", f"{limit:.2f}")
        print(self.FORMAT.format(what, *figures, verdict), flush=True)

    def figure(self, what, value, unit, limit):
        verdict = self._verdict(value, limit)
        figures = (f"{value:.1f} {unit}", "", "", f"{limit:g} {unit}")
        print(self.FORMAT.format(what, *figures, verdict), flush=True)

    def beside(self, what, values, unit):
        text = f"{statistics.median(values):.1f} {unit}"
        print(self.FORMAT.format(what, "", text, "", "", ""), flush=True)

    def skip(self, what, reason):
        print(self.FORMAT.format(what, "", "", "", "", f"skipped: {reason}"), flush=True)

    def _verdict(self, value, limit):
        if value <= limit:
            return "good"
        self.failed = True
        return "TOO MUCH"


class Bench:
    def __init__(self, build, rounds, session, table):
        self.build = pathlib.Path(build).resolve()
        self.tools = self.build / "tests" / "bench"
        self.rounds = rounds
        self.session = session
        self.table = table
        prefix = self.build / "prefix"
        self.program = prefix / "bin" / "certwright"
        self.data_dirs = f"{prefix}/share:/usr/local/share:/usr/share"

    def start(self, command, data_home, **more):
        """(ms until painted, MiB of PSS) of a program that is started afresh."""
        env = {"XDG_DATA_HOME": str(data_home), "XDG_DATA_DIRS": self.data_dirs, **more}
        tool = str(self.tools / "bench-first-frame")
        result = self.session.run(
            [tool, *map(str, command)], env=env, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise RuntimeError(f"{command[0]} showed no window: {result.stderr}")
        _, painted, pss = result.stdout.split()
        return float(painted), int(pss) / 1024

    def compare_starts(self, ours, theirs):
        """Rounds of ((ms, MiB), (ms, MiB)), after one that is not counted."""
        return self._take_turns(lambda: self.start(*ours), lambda: self.start(*theirs))

    def home(self, name):
        path = self.session.root / name
        path.mkdir(exist_ok=True)
        return path

    def starts(self):
        minimal = ([self.tools / "bench-minimal"], self.home("minimal"))
        if not self.program.exists():
            self.table.skip("start, memory", "the program is not built")
            return
        rounds = self.compare_starts(([self.program], self.home("empty")), minimal)
        pairs = [(a[0], b[0]) for a, b in rounds]
        self.table.ratio("start to first frame / minimal window", pairs, "ms", 1.25)
        pairs = [(a[1], b[1]) for a, b in rounds]
        self.table.ratio("memory (PSS) then / minimal window", pairs, "MiB", 1.3)

    def translation(self):
        """The texts of a language, loaded."""
        if not self.program.exists():
            self.table.skip("start in German", "the program is not built")
            return
        home = self.home("translated")
        pairs = self._take_turns(
            lambda: self.start([self.program], home, LANGUAGE="de")[0],
            lambda: self.start([self.program], home, LANGUAGE="en")[0],
        )
        self.table.ratio("start in German / in English", pairs, "ms", 1.05)

    def pages(self):
        database = self._fill("pages", 2)
        command = [str(self.tools / "bench-pages"), str(database)]
        env = {"XDG_DATA_DIRS": f"{self.data_dirs}"}
        runs = []
        for _ in range(5):
            done = self.session.run(command, env=env, capture_output=True, text=True, check=True)
            runs.append([line.split() for line in done.stdout.splitlines()])
        medians = {
            name: statistics.median(float(run[i][1]) for run in runs)
            for i, (name, _) in enumerate(runs[0])
        }
        slowest = max(medians, key=medians.get)
        what = f"turning to a page, the slowest ({slowest})"
        self.table.figure(what, medians[slowest], "ms", 100)

    def others(self):
        for name in ("seahorse", "xca"):
            if not shutil.which(name):
                self.table.skip(name, "not installed")
                continue
            try:
                runs = [self.start([name], self.home(name)) for _ in range(4)][1:]
            except RuntimeError as error:
                self.table.skip(name, str(error))
                continue
            self.table.beside(f"  {name}: start to first frame", [run[0] for run in runs], "ms")
            self.table.beside(f"  {name}: memory (PSS) then", [run[1] for run in runs], "MiB")

    def cpu(self):
        self._cpu("CPU of 500 EC P-256 keys / libcrypto", "keys", 20, 500)
        self._cpu("CPU of 200 requests, RSA 3072 / libcrypto", "requests", 10, 200)

    def _cpu(self, what, kind, rounds, times):
        command = [self.tools / "bench-crypto", kind, str(rounds), str(times)]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        pairs = [tuple(map(float, line.split())) for line in result.stdout.splitlines()]
        self.table.ratio(what, pairs, "ms", 1.05)

    def inspect(self):
        if not BUNDLE.exists():
            self.table.skip("inspect", f"there is no {BUNDLE}")
            return
        bundle, text = self.session.root / "bundle.pem", self.session.root / "long.txt"
        self._inspect("make-bundle", bundle, BUNDLE)
        self._inspect("make-text", text, 64)
        compare = self._compare_inspect
        compare("inspect of the CA bundle / PEM_read_bio", 3, "bundle", 25, bundle)
        self._compare_commands("the same, process / openssl storeutl", 1, bundle)
        compare("10,000 certificates, each / each of those", 1.5, "many", 5, 10000, bundle)
        compare("10,000 certificates, each / each of 140", 1.5, "many", 5, 10000)
        compare("64 MiB of text, 1 certificate / memchr", 10, "text", 15, text)
        peak, size = map(int, self._inspect("memory", text).split())
        self.table.ratio("memory for that / size of the file", [(peak / 1024, size / 1024)],
                         "MiB", 2.5)

    def _inspect(self, *words):
        command = [str(word) for word in (self.tools / "bench-inspect", *words)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise RuntimeError(f"{' '.join(command)}: {result.stderr}")
        return result.stdout

    def _compare_inspect(self, what, limit, *words):
        lines = self._inspect(*words).splitlines()
        self.table.ratio(what, [tuple(map(float, line.split())) for line in lines], "µs", limit)

    def _compare_commands(self, what, limit, bundle):
        program = self.program.with_name("certwright-cli")
        if not program.exists():
            self.table.skip(what, "certwright-cli is not built")
            return
        ours = [program, "inspect", bundle]
        theirs = ["openssl", "storeutl", "-noout", "-certs", bundle]
        pairs = self._take_turns(lambda: self._time(ours), lambda: self._time(theirs))
        self.table.ratio(what, pairs, "ms", limit)

    def _take_turns(self, ours, theirs):
        """Rounds of what both give, after one that is not counted."""
        pairs = []
        for i in range(self.rounds + 1):
            if i % 2:
                b, a = theirs(), ours()
            else:
                a, b = ours(), theirs()
            pairs.append((a, b))
        return pairs[1:]

    def _time(self, command, statuses=(0, 1)):
        """ms that a command takes from its start to its end."""
        env = {"XDG_DATA_HOME": str(self.home("empty")), "XDG_DATA_DIRS": self.data_dirs}
        start = time.perf_counter()
        result = self.session.run(
            list(map(str, command)), env=env, capture_output=True, text=True, check=False
        )
        took = (time.perf_counter() - start) * 1000
        # 1: it has found something to say about the certificates.
        if result.returncode not in statuses:
            raise RuntimeError(f"{command[0]}: {result.stderr}")
        return took

    def signing(self):
        """1,000 requests with a P-384 CA, in one process, against one process for each."""
        folder = self.home("signing")
        issue = self.tools / "bench-issue"
        run = self._run_in(folder)
        run(issue, "ca", "ec-p384", "ca.pem", "ca.key")
        run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-noenc", "-keyout", "leaf.key", "-subj", "/CN=device.example.com", "-addext",
            "subjectAltName=DNS:device.example.com", "-outform", "DER", "-out", "leaf.csr")
        (folder / "leaf.cnf").write_text(LEAF)
        words = [word for i in range(SIGNED) for word in ("leaf.csr", f"ours-{i}.pem")]
        pairs = []
        for i in range(1000 // SIGNED + 1):
            start = time.perf_counter()
            run(issue, "sign", "ca.pem", "ca.key", "clientAuth", *words)
            middle = time.perf_counter()
            for j in range(SIGNED):
                run("openssl", "x509", "-req", "-in", "leaf.csr", "-inform", "DER", "-CA",
                    "ca.pem", "-CAkey", "ca.key", "-days", "365", "-sha384", "-extfile",
                    "leaf.cnf", "-out", f"theirs-{j}.pem")
            end = time.perf_counter()
            pairs.append(((middle - start) * 1000, (end - middle) * 1000))
        self.table.ratio(f"{SIGNED} requests signed, P-384 / openssl x509", pairs[1:], "ms", 0.2)

    @staticmethod
    def _run_in(folder):
        def run(*words):
            subprocess.run(list(map(str, words)), cwd=folder, capture_output=True, check=True)
        return run

    def connection(self):
        """The whole test, against what would be typed to know half of what it tells."""
        what = "connection test, process / curl, twice"
        program = self.program.with_name("certwright-cli")
        if not program.exists() or not shutil.which("curl"):
            self.table.skip(what, "certwright-cli or curl is not there")
            return
        with Peers(self.session.root / "peers") as peers:
            try:
                peers.start_nginx(["on"])
            except Missing as reason:
                self.table.skip(what, str(reason))
                return
            peers.wait()
            client, cas = peers.pki.clients["steve"], peers.pki.server_root.certificate
            address = f"https://localhost:{peers.ports['on']}/"
            files = ["--key", client.key, "--cert", client.chain]
            ours = [program, "test", *files, "--server-cas", cas, address]
            theirs = ["curl", "-sf", *files, "--cacert", cas, address]
            pairs = self._take_turns(
                lambda: self._time(ours, (0,)),
                lambda: self._time(theirs, (0,)) + self._time(theirs, (0,)),
            )
        self.table.ratio(what, pairs, "ms", 1.5)

    def stall(self):
        longest = []
        for i in range(5):
            database = self.home("stall") / f"{i}.db"
            command = [str(self.tools / "bench-stall"), "rsa-4096", str(database)]
            result = self.session.run(command, capture_output=True, text=True, check=True)
            longest.append(float(result.stdout.split()[0]))
        # What blocks does so every time; what another program causes, only now and then.
        value = statistics.median(longest)
        self.table.figure("longest stall, RSA 4096 made and stored", value, "ms", 16)

    def profiles(self):
        build = self.tools.parents[1]
        shipped = sorted((build / "data" / "profiles").glob("*/profile.ini"))
        home = self.home("profiles")
        command = [self.tools / "bench-profiles", 25, PROFILES, home, build / "po", *shipped]
        result = self.session.run(
            list(map(str, command)), capture_output=True, text=True, check=True
        )
        value = statistics.median(map(float, result.stdout.split()))
        self.table.figure(f"{PROFILES} profiles read", value, "ms", 5)

    def many(self):
        if not self.program.exists():
            self.table.skip(f"{MANY} certificates", "the program is not built")
            return
        self._fill("full", MANY)
        ours = ([self.program], self.home("full"))
        rounds = self.compare_starts(ours, ([self.program], self.home("empty-too")))
        pairs = [(a[0], b[0]) for a, b in rounds]
        self.table.ratio(f"start with {MANY} certificates / empty list", pairs, "ms", 1.3)

    def _fill(self, name, count):
        """A store with that many certificates, in a home of that name."""
        folder = self.home(name) / "certwright"
        folder.mkdir(mode=0o700)
        database = folder / "certificates.db"
        command = [self.tools / "bench-fill", database, str(count), self._certificates()]
        self.session.run(list(map(str, command)), check=True)
        return database

    def _certificates(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            root = Authority(folder / "root", "Root")
            root.make_server(folder / "server", "DNS:device.example.com")
            target = self.session.root / "certificates.pem"
            shutil.copy(folder / "server" / "server.pem", target)
        return target


ALL = ("starts", "translation", "others", "cpu", "inspect", "signing", "connection", "stall",
       "profiles", "pages", "many")  # fmt: skip


def main(build, *words):
    rounds = next((int(word) for word in words if word.isdigit()), ROUNDS)
    names = [word for word in words if not word.isdigit()] or ALL
    if not set(names) <= set(ALL):
        sys.exit(f"what can be measured is {', '.join(ALL)}")
    print(f"{os.cpu_count()} processors, {openssl('version').strip()}")
    table = Table()
    os.sync()  # what was built just now is not written while it is measured
    table.head()
    # Warnings are for the tests.
    with Session(display=True, env={"G_DEBUG": ""}) as session:
        bench = Bench(build, rounds, session, table)
        for name in names:
            getattr(bench, name)()
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion in bash, and the manual: both say what the program takes, and nothing else."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from cli import FINE, PROGRAM, ROOT, Skip, check, main, same

COMPLETION = ROOT / "data" / "completion" / "certwright-cli.bash"
MANUAL = ROOT / "data" / "man" / "certwright-cli.1"
SCRIPT = """
source {completion}
words=({words})
COMP_WORDS=("${{words[@]}}")
COMP_CWORD=$((${{#words[@]}} - 1))
_certwright_cli
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def complete(world, *words):
    """What bash offers for the last of the words."""
    typed = " ".join(map(shlex.quote, ("certwright-cli", *words)))
    script = SCRIPT.format(completion=shlex.quote(str(COMPLETION)), words=typed)
    path = f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"
    command = ["bash", "--norc", "--noprofile", "-c", script]
    result = world.session.run(
        command, env={"PATH": path}, cwd=world.folder, capture_output=True, text=True, check=True
    )
    same(result.stderr, "", "errors of bash")
    return sorted(result.stdout.split("\n")[:-1]) if result.stdout.strip() else []


def commands(world, *group):
    text = world.expect(FINE, *group, "--help").text
    return re.findall(r"^  ([\w-]+) ", text, re.M)


def every_command(world):
    """With "ca sign" and the like in place of "ca"."""
    of_ca = [f"ca {name}" for name in commands(world, "ca")]
    return [name for name in commands(world) if name != "ca"] + of_ca


def options(world, command):
    """The long options that the command's own help names."""
    return set(re.findall(r"--[a-z-]+", world.expect(FINE, *command.split(), "--help").text))


def command_names(world):
    same(complete(world, "ex"), ["export"], "ex…")
    names = set(commands(world)) | {"help", "--help", "--version"}
    same(set(complete(world, "")), names, "commands")
    same(set(complete(world, "help", "")), names - {"--help", "--version"}, "help …")


    same(set(complete(world, "ca", "")), set(commands(world, "ca")) | {"--help"}, "ca …")


def option_names(world):
    for command in every_command(world):
        offered = set(complete(world, *command.split(), "--"))
        same(offered, options(world, command), f"options of {command}")
    same(complete(world, "inspect", "--j"), ["--json"], "--j…")


def files(world):
    world.file("a reply.zip", b"")
    world.file("a reply.pem", b"")
    world.file("other", b"")
    both = ["a reply.pem", "a reply.zip"]
    for words in (("inspect", "a"), ("import", "--replace", "a"), ("export", "--to", "a"),
                  ("export", "--to", "=", "a"), ("request", "-o", "a"),
                  ("inspect", "--passphrase-file", "a")):  # fmt: skip
        same(complete(world, *words), both, words)
    check("other" in complete(world, "export", "--to", "="), "--to=")


def values(world):
    same(complete(world, "export", "--format", "p"), ["pem", "pkcs12"], "--format p…")
    check("placeos" in complete(world, "request", "--profile", ""), "profiles")
    same(complete(world, "request", "--alt-name", "e"), ["email:"], "--alt-name e…")
    for kind in complete(world, "request", "--key-kind", ""):
        check(kind in world.run("request", "--key-kind", "x", "--common-name", "x").err, kind)
    same(complete(world, "request", "--common-name", ""), [], "--common-name")


def ids(world):
    same(complete(world, "output", ""), [], "ids of an empty store")
    made = sorted(world.request(name)[0] for name in ("one", "two"))
    for command in ("output", "export", "delete"):
        same(complete(world, command, ""), made, f"ids for {command}")
    same(complete(world, "delete", made[0][:6]), made[:1], "the beginning of an id")


def window(_world):
    """The window's own command has few options, and all of them are offered."""
    script = f"source {shlex.quote(str(COMPLETION.with_name('certwright.bash')))}; complete -p certwright"
    run = ["bash", "--norc", "--noprofile", "-c", script]
    offered = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    source = (ROOT / "data" / "man" / "certwright.1").read_text().replace("\\-", "-")
    for option in re.findall(r"--[a-z-]+", offered):
        check(option[2:] in source, f"{option} is not in the manual")
    check("--help" in offered, offered)


def manual(world):
    """Each option is in the manual, and there is none in it that the program does not take."""
    if not shutil.which("mandoc"):
        raise Skip("mandoc is not installed")
    render = ["mandoc", "-Tutf8", MANUAL]
    text = subprocess.run(render, capture_output=True, text=True, check=True).stdout
    text = re.sub(".\b", "", text)
    known = {"--help", "--version"}
    for command in every_command(world):
        taken = options(world, command)
        known |= taken
        synopsis = re.search(rf"^     certwright-cli {command}\b(.*?)(?=^     certwright-cli|^\w)",
                             text, re.M | re.S)  # fmt: skip
        check(synopsis, f"no synopsis of {command}")
        named = set(re.findall(r"--[a-z-]+", synopsis.group(1)))
        shorter = {"--output"} if "-o file" in synopsis.group(1) else set()  # there as -o
        same(named, taken - {"--help"} - shorter, f"synopsis of {command}")
    same(set(re.findall(r"(?<![\w-])--[a-z-]+", text)) - known, set(), "options in the manual")


def findings(_world):
    """The manual lists the findings and verdicts that there are, with their severities."""
    for section, source in (("FINDINGS", "core/cw-report.h"),
                            ("VERDICTS", "probe/cw-connection-result.h")):  # fmt: skip
        header = (ROOT / "src" / source).read_text()
        table = re.findall(r"^ \* \| ([a-z0-9-]+) +\| ([a-z, ]+?) +\| ", header, re.MULTILINE)
        page = MANUAL.read_text().split(f".Sh {section}\n")[1].split(".Sh ")[0]
        listed = re.findall(r"^\.It Cm ([a-z0-9-]+) Pq (.*)$", page, re.MULTILINE)
        check(len(listed) > 50, listed)
        same(listed, [row for row in table if row[0] != "id"], f"{section} in the manual")


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/completion/commands", command_names),
                ("/cli/completion/options", option_names),
                ("/cli/completion/files", files),
                ("/cli/completion/values", values),
                ("/cli/completion/ids", ids),
                ("/cli/completion/window", window),
                ("/cli/manual/options", manual),
                ("/cli/manual/findings", findings),
            )
        )
    )

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where certwright-cli lets a secret be: nowhere but the keyring and where it was sent."""

import os
import pathlib
import signal
import sys
import termios

from cli import FINE, PROBLEM, UNREADABLE, blocks, check, main, same

PASSPHRASE = "correct horse battery"
ASKED = "Passphrase of what is encrypted: "


def echoes(screen):
    return bool(termios.tcgetattr(screen.master)[3] & termios.ECHO)


def locked_bundle(world, name):
    key, _, chain = world.client(name)
    return world.pkcs12(f"{name}.p12", PASSPHRASE, key, chain)


def asked(world):
    screen = world.terminal("inspect", locked_bundle(world, "asked"))
    screen.expect(ASKED)
    check(not echoes(screen), "the terminal shows what is typed")
    screen.type(PASSPHRASE + "\n")
    screen.expect("This certificate will work.")
    check(echoes(screen), "the terminal stays silent")
    same(screen.end(), FINE, "status")
    check(PASSPHRASE not in screen.said, screen.said)
    same(screen.said.count(ASKED), 1, "questions")


def asked_once(world):
    for typed, words in (("wrong\n", "The passphrase is wrong."), ("\n", "Encrypted: ")):
        screen = world.terminal("inspect", locked_bundle(world, f"once{len(typed)}"))
        screen.expect(ASKED)
        screen.type(typed)
        same(screen.end(), UNREADABLE, "status")
        check(words in screen.said, screen.said)
        same(screen.said.count(ASKED), 1, "questions")


def not_asked(world):
    """Not for JSON, and not without a terminal."""
    bundle = locked_bundle(world, "json")
    screen = world.terminal("inspect", "--json", bundle)
    same(screen.end(), UNREADABLE, "status")
    check(ASKED not in screen.said, screen.said)
    check(ASKED not in world.expect(UNREADABLE, "inspect", bundle).err, "asked without a terminal")


def asked_beside_input(world):
    """Where standard input is the data, the terminal itself is asked."""
    bundle = locked_bundle(world, "beside")
    for arguments in ("-", ""):
        screen = world.terminal("inspect", *arguments, shell=f'exec "$@" <{bundle}')
        screen.expect(ASKED)
        check(not echoes(screen), "the terminal shows what is typed")
        screen.type(PASSPHRASE + "\n")
        screen.expect("This certificate will work.")
        same(screen.end(), FINE, "status")


def interrupted(world):
    """Whatever ends it at the question leaves the terminal as it was."""
    bundle = locked_bundle(world, "signal")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        screen = world.terminal("inspect", bundle)
        screen.expect(ASKED)
        check(not echoes(screen), "the terminal shows what is typed")
        screen.process.send_signal(number)
        same(screen.process.wait(30), -number, "status")
        check(echoes(screen), f"the terminal is silent after {number}")
        screen.end()


def chosen(world):
    _, request = world.request("chosen")
    world.expect(FINE, "import", world.sign(request, "chosen.pem"))
    path = world.folder / "chosen.p12"
    for second, status in (("another", PROBLEM), (PASSPHRASE, FINE)):
        screen = world.terminal("export", "chosen", "--to", path)
        screen.expect("New passphrase: ")
        screen.type(PASSPHRASE + "\n")
        screen.expect("The same again: ")
        screen.type(second + "\n")
        same(screen.end(), status, f"status after {second!r}")
        same(path.exists(), status == FINE, "file")
        check(PASSPHRASE not in screen.said, screen.said)
    world.expect(FINE, "inspect", "--passphrase-fd", 0, path, input=PASSPHRASE.encode())


def proc(world):
    """What others can see of the process while it knows the passphrase."""
    screen = world.terminal("export", "chosen", "--to", world.folder / "proc.p12")
    screen.expect("New passphrase: ")
    screen.type(PASSPHRASE + "\n")
    screen.expect("The same again: ")
    folder = pathlib.Path("/proc", str(screen.process.pid))
    for name in ("cmdline", "environ"):
        text = (folder / name).read_bytes()
        check(text and PASSPHRASE.encode() not in text, name)
    limits = (folder / "limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    same(line.split()[4:6], ["0", "0"], "core dumps")
    screen.type(PASSPHRASE + "\n")
    same(screen.end(), FINE, "status")


def files_with(folder, texts):
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and "keyrings" not in path.parts:
            data = path.read_bytes()
            found += [path for text in texts if text in data]
    return found


def on_disk(world):
    """No passphrase and no key lies anywhere in the home, but in the keyring."""
    key, _, chain = world.client("disk", "/CN=disk")
    bundle = world.pkcs12("disk.p12", PASSPHRASE, key, chain)
    passphrase = world.file("passphrase", PASSPHRASE)
    world.expect(FINE, "import", "--passphrase-file", passphrase, bundle)
    world.expect(FINE, "output", "disk", "--profile", "placeos", "--to", world.folder / "disk.yaml")
    pem = world.folder / "exported.pem"
    world.expect(FINE, "export", "disk", "--format", "pem", "--to", pem)
    lines = blocks(pem.read_text(), "PRIVATE KEY")[0].splitlines()
    texts = [PASSPHRASE.encode(), lines[1].encode(), lines[2].encode()]
    check(files_with(world.folder, texts), "the search finds nothing where there is something")
    same(files_with(world.session.root, texts), [], "files with a secret")


def descriptors(world):
    """It reads its passphrase from a descriptor that only it has, and not more than the line."""
    bundle = locked_bundle(world, "rest")
    read_end, write_end = os.pipe()
    os.write(write_end, PASSPHRASE.encode() + b"\nfor somebody else")
    os.close(write_end)
    world.expect(FINE, "inspect", "--passphrase-fd", read_end, bundle, pass_fds=(read_end,))
    same(os.read(read_end, 100), b"for somebody else", "what is left")
    os.close(read_end)


if __name__ == "__main__":
    sys.exit(
        main(
            (
                ("/cli/secrets/asked", asked),
                ("/cli/secrets/asked-once", asked_once),
                ("/cli/secrets/not-asked", not_asked),
                ("/cli/secrets/asked-beside-input", asked_beside_input),
                ("/cli/secrets/interrupted", interrupted),
                ("/cli/secrets/chosen", chosen),
                ("/cli/secrets/proc", proc),
                ("/cli/secrets/on-disk", on_disk),
                ("/cli/secrets/descriptors", descriptors),
            )
        )
    )

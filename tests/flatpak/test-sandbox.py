#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle as a person has it: the main job, files, and keys, by way of the portals alone.

test-sandbox.py GROUP, run through "stand-in inside".
"""

import importlib
import pathlib
import re
import stat
import subprocess
import sys

from sandbox import ID, SandboxedWorld

# pylint: disable=wrong-import-order
from scenario import VALID, blocks, check, openssl, same, wrap
from session import PASSWORD
from tap import Tap

JOB = importlib.import_module("test-main-job")
KEYRING = importlib.import_module("test-keyring")
OUTPUTS = importlib.import_module("test-outputs")

NAME = "steve@example.com"
PERMISSIONS = {
    "shared": {"network", "ipc"},
    "sockets": {"x11", "wayland", "fallback-x11"},
    "devices": {"dri"},
}
NO_PORTAL = "This desktop offers no Secret portal"
OVERRIDE = f"flatpak override --user --talk-name=org.freedesktop.secrets {ID}"
LOCKED = "The keyring is locked. Unlock it to go on."


def sections(text):
    """A key file as flatpak prints it."""
    found = {}
    for line in text.splitlines():
        if line.startswith("["):
            group = found.setdefault(line.strip("[]"), {})
        elif "=" in line:
            key, _, values = line.partition("=")
            group[key] = {value for value in values.split(";") if value}
    return found


# What it is


def permissions(world):
    """What is asked for, and nothing else: neither files nor a name on the bus."""
    info = world.session.run(
        ["flatpak", "info", "--user", "--show-permissions", ID], capture_output=True, text=True, check=True
    )
    same(sections(info.stdout), {"Context": PERMISSIONS}, "permissions")


def version(world):
    """A bundle that is made here can be told from one that is released."""
    said = world.in_sandbox("certwright-cli", "--version").stdout
    check(said.strip().endswith("+stand-in"), said)
    info = world.session.run(
        ["flatpak", "info", "--user", ID], capture_output=True, text=True, check=True
    ).stdout
    check(re.search(r"Branch: stand-in", info), info)
    check(re.search(r"Version: \S+\+stand-in", info), info)


def shut_in(world):
    """A home of its own, and nothing of the other one."""
    secret = world.session.root / "home" / "secret.txt"
    secret.write_text("not for everybody")
    said = world.in_sandbox("cat", str(secret))
    check(said.returncode != 0 and "No such file" in said.stderr, said.stdout + said.stderr)
    said = world.in_sandbox("sh", "-c", "echo $XDG_DATA_HOME; cat /etc/os-release; ls /app/bin")
    check(str(world.home / "data") in said.stdout, said.stdout)


def libraries(world):
    """What the manifest builds is there, and is what it takes from it."""
    said = world.in_sandbox("sh", "-c", "ls /app/lib /app/bin /app/share/locale; ldd /app/bin/certwright")
    for wanted in ("libmosquitto.so.1", "libyaml-0.so.2", "certwright-cli"):
        check(wanted in said.stdout, f"{wanted} is not there:\n{said.stdout}")
    check("not found" not in said.stdout, said.stdout)
    for unwanted in ("mosquitto_pub", ".pc", "cmake"):
        check(unwanted not in said.stdout, f"{unwanted} is there")


def profiles(world):
    said = world.in_sandbox("certwright-cli", "profile", "list")
    same(said.returncode, 0, said.stderr)
    for wanted in ("placeos", "thingsboard"):
        check(wanted in said.stdout, f"{wanted} is not there:\n{said.stdout}")


# Files


def outputs_use(world):
    OUTPUTS.use(world)


def portal_tells():
    """Whether the document portal says where a file is outside: from 1.20 on."""
    paths = [pathlib.Path("/usr/libexec/xdg-desktop-portal")]
    said = subprocess.run([str(paths[0]), "--version"], capture_output=True, text=True, check=False)
    numbers = re.findall(r"\d+", said.stdout)
    return [int(number) for number in numbers[:2]] >= [1, 19]


def save_set(world):
    """All of them, in the folder that was chosen; nothing else, and the key for its owner alone."""
    app = world.app
    OUTPUTS.choose(world, "Command")
    app.says("printf %s client.key")
    folder = world.folder / "it's a folder"
    folder.mkdir()
    app.click("button", "Save All Files…")
    app.choose_folder(folder)
    app.find("label", "client.key")
    same(sorted(path.name for path in folder.iterdir()), ["client.crt", "client.key", "command.sh"], "files")
    same(stat.S_IMODE((folder / "client.key").stat().st_mode), 0o600, "mode")
    check("BEGIN PRIVATE KEY" in (folder / "client.key").read_text(), "no key")
    said = subprocess.run(["sh", folder / "command.sh"], stdout=subprocess.PIPE, check=True)
    wanted = str(folder / "client.key") if portal_tells() else "client.key"
    same(said.stdout.decode(), wanted, "the file's name in the command")
    check(not any("/doc/" in text for text in app.texts()), "a portal's path")


def save_set_again(world):
    """The names are taken: they all get a number, and what was there stays as it was."""
    app = world.app
    folder = world.folder / "it's a folder"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    app.click("button", "Save All Files…")
    app.choose_folder(folder)
    app.find("label", "client-2.key")
    names = ["client-2.crt", "client-2.key", "client.crt", "client.key", "command-2.sh", "command.sh"]
    same(sorted(path.name for path in folder.iterdir()), names, "files")
    for name, content in before.items():
        same((folder / name).read_bytes(), content, name)


def keystore(world):
    """Replaces a file that everybody could read: then nobody else can."""
    path = world.folder / "client.p12"
    path.write_text("something else")
    path.chmod(0o644)
    app = world.app
    OUTPUTS.choose(world, "Keystore")
    app.type_passphrase("Passphrase", OUTPUTS.PASSPHRASE)
    app.type_passphrase("The same again", OUTPUTS.PASSPHRASE)
    app.wait_for(lambda: app.find("button", "Save…").sensitive, "Save")
    app.click("button", "Save…")
    app.choose_file(path, "Save", replace=True)
    app.says("protected by the passphrase")
    same(stat.S_IMODE(path.stat().st_mode), 0o600, "mode")
    listing = openssl("pkcs12", "-in", path, "-passin", f"pass:{OUTPUTS.PASSPHRASE}", "-nodes", "-info")
    check("BEGIN PRIVATE KEY" in listing, listing)
    check(sorted(p.name for p in world.folder.glob("client*")) == ["client.p12"], "something is left over")
    world.quit()


# Keys


def make(world):
    world.start()
    world.make_request(NAME)
    same(world.check_keys(), 1, "requests with their key")
    same(stat.S_IMODE(world.keyring_file.stat().st_mode) & 0o077, 0, "others at the keyring's file")


def mail(world):
    """The desktop's mail program gets the request, from a sandbox that cannot start one."""
    app = world.app
    got = world.session.root / "home" / "mail.txt"
    script = world.session.root / "home" / "mail.sh"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" >{got}.part && mv {got}.part {got}\n')
    script.chmod(0o755)
    folder = world.session.root / "data" / "applications"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mail.desktop").write_text(
        f"[Desktop Entry]\nType=Application\nName=Mail\nExec={script} %u\n"
        "MimeType=x-scheme-handler/mailto;\n"
    )
    (world.session.root / "config" / "mimeapps.list").write_text(
        "[Default Applications]\nx-scheme-handler/mailto=mail.desktop\n"
    )
    app.click("button", "E-Mail…")
    app.wait_for(got.exists, "the mail")
    address = got.read_text()
    check(address.startswith("mailto:?subject="), address)
    check("BEGIN%20CERTIFICATE%20REQUEST" in address, address)


def read_back(world):
    """Another start reads the key with the password that the portal gives."""
    world.quit()
    app = world.start()
    world.open_reply(NAME)
    world.choose_files(world.chain_file(world.sign(world.write_csr(NAME))))
    app.says(VALID)
    app.click("button", "Accept Certificate")
    world.skip_test()
    app.wait_for(lambda: "https_private_key: |" in JOB.configuration(app), "the key")
    app.click("button", "Copy")
    copied = app.wait_for(app.clipboard, "the YAML on the clipboard")
    JOB.check_yaml(world, copied)


def command_line(world):
    """The same keys and the same list, in the same sandbox and beside the window."""
    said = world.in_sandbox("certwright-cli", "output", NAME, "--to", "-")
    same(said.returncode, 0, said.stderr)
    same(len(blocks(said.stdout, "PRIVATE KEY")), 1, "private keys")
    said = world.in_sandbox("certwright-cli", "request", "--common-name", "second.example.com")
    same(said.returncode, 0, said.stderr)
    check("BEGIN CERTIFICATE REQUEST" in said.stdout, said.stdout)
    same(world.check_keys(), 2, "requests with their key")


def cut_short(world):
    """A file that was cut short is a sentence, and not the end of the program."""
    world.quit()
    whole = world.keyring_file.read_bytes()
    world.keyring_file.write_bytes(whole[:-20])
    said = world.in_sandbox("certwright-cli", "output", NAME, "--to", "-")
    check(said.returncode not in (0, 134), f"status {said.returncode}")
    check("is damaged" in said.stderr, said.stderr)
    world.keyring_file.write_bytes(whole)
    said = world.in_sandbox("certwright-cli", "output", NAME, "--to", "-")
    same(said.returncode, 0, said.stderr)


# The portal's keyring locked


def to_review(world):
    app = world.start()
    world.begin()
    app.set_text("Name or e-mail address", NAME)
    app.click("button", "Next")
    world.choose_key("EC P-256")
    app.click("button", "Next")
    app.find("label", "Review")


def locked(world):
    app = world.app
    to_review(world)
    app.click("button", "Create Request")
    KEYRING.answer(world, "Escape")
    app.says(LOCKED, 30)
    app.find("label", "Review")
    check(all(csr is None for (csr,) in world.rows("csr")), "a request without its key")
    check(not world.keyring_file.exists(), "a keyring that nobody has the password of")


def unlocked(world):
    """Try again, with the password: everything is as if it had never been locked."""
    app = world.app
    app.click("button", "Create Request")
    KEYRING.answer(world, "Return", text=PASSWORD)
    app.find("label", "Send the Request", limit=60)
    same(world.check_keys(), 1, "requests with their key")
    check(not world.session.is_keyring_locked(), "it is still locked")
    world.quit()


# No portal


def absent(world):
    """In plain words, with the command that helps; and nothing is lost."""
    app = world.start()
    world.begin()
    app.set_text("Name or e-mail address", NAME)
    app.click("button", "Next")
    app.says(NO_PORTAL)
    app.says(OVERRIDE)
    app.find("button", "Try Again")
    app.click("button", "Next")
    app.find("label", "Review")
    app.click("button", "Create Request")
    app.says(NO_PORTAL)
    check(all(csr is None for (csr,) in world.rows("csr")), "a request without its key")
    check(not world.keyring_file.exists(), "a keyring's file without a password")
    app.kill()


def overridden(world):
    """What the sentence names does help: the desktop's own keyring takes the key."""
    command = OVERRIDE.split()
    world.session.run(command, check=True)
    try:
        app = world.app
        app.start()
        app.point(app.find("label", NAME))
        app.click("button", "Create Request", limit=30)
        app.find("label", "Send the Request", limit=40)
        same(len(world.session.keyring_items()), 1, "keys in the desktop's keyring")
        check(not world.keyring_file.exists(), "a keyring's file")
        world.quit()
    finally:
        world.session.run(["flatpak", "override", "--user", "--reset", ID], check=True)


def without_any(world):
    said = world.in_sandbox("certwright-cli", "request", "--common-name", NAME)
    check(said.returncode != 0, said.stdout)
    check(NO_PORTAL in said.stderr and OVERRIDE in said.stderr, said.stderr)


JOB_TESTS = (
    ("first-start", JOB.first_start),
    ("name", JOB.type_name),
    ("more-fields", JOB.more_fields),
    ("alternative-names", JOB.alternative_names),
    ("wrong-name", JOB.wrong_name),
    ("usages", JOB.usages),
    ("create", JOB.create),
    ("request", JOB.save_request),
    ("waiting", JOB.waiting),
    ("reply", JOB.reply),
    ("cas-from-file", JOB.cas_from_file),
    ("masked", JOB.masked),
    ("copy-and-save", JOB.copy_and_save),
    ("server", JOB.server_choices),
    ("done", JOB.done),
)
GROUPS = {
    "bundle": (
        {},
        (
            ("permissions", permissions),
            ("version", version),
            ("shut-in", shut_in),
            ("libraries", libraries),
            ("profiles", profiles),
        ),
    ),
    "main-job": ({}, JOB_TESTS),
    "files": (
        {},
        (
            ("use", outputs_use),
            ("set", save_set),
            ("set-again", save_set_again),
            ("keystore", keystore),
        ),
    ),
    "secrets": (
        {},
        (
            ("store", make),
            ("mail", mail),
            ("read-back", read_back),
            ("command-line", command_line),
            ("cut-short", cut_short),
        ),
    ),
    "locked": (
        {"keyring": "locked", "prompter": True},
        (("dismissed", locked), ("unlocked", unlocked)),
    ),
    "no-secret-portal": (
        {"portals": "no-secret"},
        (("absent", absent), ("override", overridden)),
    ),
    "no-portal": (
        {"portals": "none", "keyring": "absent"},
        (("absent", absent), ("command-line", without_any)),
    ),
}


def main(group):
    tap = Tap()
    arguments, tests = GROUPS[group]
    with SandboxedWorld(**arguments) as world:
        for name, function in tests:
            name = f"/flatpak/{group}/{name}"
            tap.run(name, wrap(world, name, function))
            if tap.failed:
                tap.note("what comes after it was not run")
                break
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

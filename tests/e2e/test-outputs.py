#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consumer other than PlaceOS needs: files, commands with their names, a passphrase."""

import os
import pathlib
import stat
import subprocess
import sys

from scenario import World, check, main, openssl, same

NAME = "steve@example.com"
PASSPHRASE = "open sesame"
PROFILE = """[Profile]
Name=A Consumer of Many Files
ShortName=Consumer
Comment=For tests
Order=1
[Request]
KeyKinds=ec-p256
Usages=clientAuth
[Output key]
Name=Private Key
Comment=Not encrypted
Type=pem
File=client.key
Sources=private-key
Where1=Give it to nobody.
[Output certificate]
Name=Certificate
Type=pem
File=client.crt
Sources=certificate-chain
[Output command]
Name=Command
Comment=It uses the files
Type=template
File=command.sh
Template=command.sh
Language=shell
Where1=Run it in a terminal.
[Output old]
Name=Keystore
Comment=For programs that read nothing better; its encryption is weak
Type=pkcs12
Strength=old
File=client.p12
[Set]
Outputs=key;certificate;command;
"""


def own_profile(world):
    folder = world.data / "certwright/profiles/consumer"
    folder.mkdir(parents=True)
    (folder / "profile.ini").write_text(PROFILE)
    (folder / "command.sh").write_text("# A command\nprintf %s {{file:key}}\n")


def picture(world, name):
    folder = os.environ.get("CERTWRIGHT_LOOKS")
    for width in (900, 360) if folder else ():
        world.app.resize(width, 900)
        world.app.picture(pathlib.Path(folder) / f"outputs-{name}-{width}.png")


def use(world: World):
    """From a new request to the page, where the first of its outputs is shown."""
    own_profile(world)
    world.start()
    world.make_request(NAME)
    app = world.app
    app.click("button", "I Have the Reply")
    app.find("label", "The Reply")
    world.choose_files(world.chain_file(world.sign(world.write_csr(NAME))))
    app.says("This certificate will work with Consumer.")
    app.click("button", "Accept Certificate")
    if app.exists("button", "Skip") or not app.exists("label", "What It Needs"):
        app.click("button", "Next")
    app.says("BEGIN PRIVATE KEY")
    app.says("How to Use It")
    picture(world, "key")


def choose(world, name):
    node = world.app.find("check", name)
    world.app.point(node)
    world.app.wait_for(lambda: world.app.find("check", name).checked, f"{name} chosen")


def commands(world):
    """Before the files are saved they have their plain names, then their paths."""
    app = world.app
    choose(world, "Command")
    app.says("printf %s client.key")
    folder = world.folder / "it's a folder"
    folder.mkdir()
    app.click("button", "Save All Files…")
    app.choose_file(folder, "Open")
    app.find("label", "client.key")
    app.says("folder/client.key")
    picture(world, "saved")
    same(stat.S_IMODE((folder / "client.key").stat().st_mode), 0o600, "mode")
    said = subprocess.run(["sh", folder / "command.sh"], stdout=subprocess.PIPE, check=True)
    same(said.stdout.decode(), str(folder / "client.key"), "command")


def keystore(world):
    app = world.app
    choose(world, "Keystore")
    app.says("Its encryption is weak")
    check(not app.find("button", "Save…").sensitive, "saved without a passphrase")
    app.type_passphrase("Passphrase", PASSPHRASE)
    app.type_passphrase("The same again", "open seasame")
    app.says("The two are not the same.")
    picture(world, "different")
    check(not app.find("button", "Save…").sensitive, "saved with two passphrases")
    app.type_passphrase("The same again", PASSPHRASE)
    path = world.folder / "client.p12"
    app.wait_for(lambda: app.find("button", "Save…").sensitive, "Save")
    app.click("button", "Save…")
    app.choose_file(path, "Save")
    app.says("protected by the passphrase")
    picture(world, "keystore")
    listing = openssl("pkcs12", "-in", path, "-passin", f"pass:{PASSPHRASE}", "-nodes", "-info")
    check("BEGIN PRIVATE KEY" in listing, listing)
    world.quit()


if __name__ == "__main__":
    TESTS = [("/outputs/use", use), ("/outputs/commands", commands), ("/outputs/keystore", keystore)]
    sys.exit(main({"all": ({}, TESTS)}))

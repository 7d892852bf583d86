#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reply in every form in which CAs send it, each to the YAML.

One request is made. For each form the database is put back to when it waited.
"""

import re
import shutil
import sys

from scenario import VALID, Reply, World, blocks, check, main, openssl, same

NAME = "steve@example.com"


def request(world: World):
    world.start()
    world.make_request(NAME)
    world.quit()
    shutil.copy(world.database, world.folder / "waiting.db")


def replies(world):
    """(files, passphrase) for each form."""
    if not hasattr(world, "forms"):
        csr = world.write_csr(NAME)
        leaf = world.sign(csr)
        root, inter = world.authorities
        # PKCS#12 and the single file come with the key: here it is another copy of ours.
        key = world.folder / "ours.key"
        key.touch(0o600)
        key.write_bytes(world.private_key(world.rows("id")[0][0]))
        reply = Reply(world.folder / "reply", key, leaf, inter.certificate, root.certificate)
        world.forms = {name: (files, phrase) for name, files, phrase in reply.forms()}
        world.forms["no-intermediate"] = ([leaf], None)
    return world.forms


def go_back(world):
    if world.app.running:
        world.quit()
    shutil.copy(world.folder / "waiting.db", world.database)
    world.start()
    world.open_reply(NAME)


def accepted(world, verdict=VALID):
    """From the report to the YAML, whose certificates are the right ones."""
    app = world.app
    app.says(verdict)
    app.says(f"Your certificate: {NAME}")
    app.click("button", "Accept Certificate")
    world.skip_test()
    app.wait_for(lambda: app.find("button", "Copy").sensitive, "the YAML")
    app.click("button", "Copy")
    text = app.wait_for(lambda: yaml(app), "the YAML on the clipboard")
    files = [world.folder / "leaf.pem", world.authorities[1].certificate]
    wanted = [blocks(path.read_text(), "CERTIFICATE")[0] for path in files]
    same(blocks(text, "CERTIFICATE"), wanted, "certificates")
    same(len(blocks(text, "PRIVATE KEY")), 1, "keys")


def yaml(app):
    text = app.clipboard()
    return text if text and "https_private_key" in text else None


def chosen(name):
    def run(world):
        files, passphrase = replies(world)[name]
        go_back(world)
        if len(files) == 1:
            world.choose_files(*files)
        else:
            folder = world.folder / f"sent-{name}"
            folder.mkdir()
            world.choose_files(*[shutil.copy(path, folder) for path in files])
        if passphrase:
            wrong_then_right(world, passphrase)
        accepted(world)

    return run


def wrong_then_right(world, passphrase):
    app = world.app
    app.says("Enter the passphrase to see what is in the file.")
    world.respond_unlock("wrong")
    app.says("The passphrase is wrong. Upper and lower case count.")
    check(not app.find("button", "Accept Certificate").sensitive, "accepted what is locked")
    world.respond_unlock(passphrase)


def pasted(how):
    def run(world):
        go_back(world)
        app = world.app
        text = "".join(path.read_text() for path in replies(world)["pem-wrong-order"][0])
        # As a mail program quotes it.
        quoted = "\n".join("> " + line for line in ("Hello,", "", *text.splitlines()))
        app.set_clipboard(quoted + "\nRegards\n")
        if how == "button":
            app.click("button", "Paste")
        else:
            app.key("ctrl+v")
        accepted(world)

    return run


def dropped(world):
    go_back(world)
    world.app.drop_files(replies(world)["der"][0])
    accepted(world)


def dropped_on_list(world):
    """Files may be dropped anywhere: whose they are is found by the key."""
    if world.app.running:
        world.quit()
    shutil.copy(world.folder / "waiting.db", world.database)
    app = world.start()
    app.find("label", NAME)
    app.drop_files(replies(world)["pem-wrong-order"][0])
    app.says(VALID)
    app.says(re.compile(f"certificate for “{NAME}”. It will be added to that entry"))
    app.click("button", "Import")
    world.skip_test()
    check(world.rows("certificate")[0][0], "no certificate in the store")


def gap(world):
    """Without its intermediate it is no chain: said, with what to do."""
    app = world.app
    go_back(world)
    world.choose_files(*replies(world)["no-intermediate"][0])
    app.says(f"Your certificate: {NAME}")
    app.says("This certificate will work with PlaceOS, but look at this first")
    # The rest may be brought afterwards.
    world.choose_files(world.authorities[1].certificate)
    app.says("Certificate of the CA (intermediate): Example CA")


def wrong_content(world):
    """The CA gave another usage than was asked for: told, with what to do."""
    app = world.app
    csr = world.folder / "request.csr"
    bare = world.folder / "bare.pem"
    root = world.authorities[0]
    key = ("-CA", root.certificate, "-CAkey", root.folder / "ca.key", "-days", "30")
    extensions = world.folder / "wrong.ext"
    extensions.write_text("extendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", csr, *key, "-extfile", extensions, "-out", bare)
    go_back(world)
    world.choose_files(bare)
    app.says(f"Your certificate: {NAME}")
    app.find("button", "Copy a Text for the CA")
    app.says("It may not be used to prove who is calling (client authentication)")
    world.quit()


FORMS = (
    "pem",
    "pem-wrong-order",
    "pem-crlf",
    "der",
    "pkcs7-pem",
    "pkcs7-der",
    "pkcs12",
    "single-file",
)


def tests(*names):
    result = [("/formats/request", request)]
    result += [(f"/formats/{name}", chosen(name)) for name in FORMS if name in names]
    return result


if __name__ == "__main__":
    others = [
        ("/formats/pasted", pasted("button")),
        ("/formats/pasted-by-key", pasted("key")),
        ("/formats/dropped", dropped),
        ("/formats/dropped-on-list", dropped_on_list),
        ("/formats/gap", gap),
        ("/formats/wrong-content", wrong_content),
    ]
    sys.exit(
        main(
            {
                "files": ({}, tests(*FORMS)),
                "others": ({}, tests() + others),
            }
        )
    )

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no files: each is said by its name, and nothing hangs or is changed."""

import os
import shutil
import sys

from scenario import Skip, World, check, main, openssl, same

NAME = "steve@example.com"


def ready(world: World):
    world.start()
    world.make_request(NAME)
    world.home()
    world.quit()
    shutil.copy(world.database, world.folder / "before.db")
    world.start()
    world.open_reply(NAME)


def refused(name, sentence, prepare):
    """Dropped, since a chooser would not offer some of them at all."""

    def run(world):
        app = world.app
        path = world.folder / name
        prepare(path)
        if app.exists("button", "Start Over"):
            app.click("button", "Start Over")
            app.wait_gone("button", "Start Over")
        before = rows(world)
        app.drop_files([path])
        app.says(sentence)
        app.says(name)
        check(not app.find("button", "Accept Certificate").sensitive, "it can be accepted")
        same(rows(world), before, "rows")
        check(app.running, "it has ended")

    return run


def rows(world):
    return world.rows("id, title, request, key_fingerprint, csr, certificate, issuers")


def sparse(path):
    with open(path, "wb") as file:
        file.truncate(2 << 30)


def unreadable(path):
    if os.geteuid() == 0:
        raise Skip("root can read everything")
    path.write_text("-----BEGIN CERTIFICATE-----\n")
    path.chmod(0)


def rubbish(path):
    path.write_bytes(bytes(range(256)) * 64)


def half(path):
    """A certificate that a download cut off."""
    key = path.with_suffix(".key")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", key, "-subj", "/CN=half", "-out", path)  # fmt: skip
    path.write_bytes(path.read_bytes()[:300])


def half_der(path):
    half(path.with_suffix(".pem"))
    openssl("req", "-x509", "-key", path.with_suffix(".key"), "-subj", "/CN=half",
            "-outform", "DER", "-out", path)  # fmt: skip
    path.write_bytes(path.read_bytes()[:200])


def vanished(world):
    """Chosen, and gone before it is read."""
    app = world.app
    gone = world.folder / "gone.crt"
    app.click("button", "Start Over")
    app.drop_files([gone])
    app.says("The file is not there any more. Choose it again.")


def beside_good_ones(world):
    """What cannot be read does not keep what can be read from being used."""
    app = world.app
    app.click("button", "Start Over")
    certificate = world.sign(world.write_csr(NAME))
    app.drop_files([world.folder / "rubbish.crt", world.chain_file(certificate)])
    app.says(f"Your certificate: {NAME}")
    app.says("Unreadable")
    app.wait_for(lambda: app.find("button", "Accept Certificate").sensitive, "the button")


def wrong_passphrase(world):
    """Any number of times; then it is right."""
    app = world.app
    app.click("button", "Start Over")
    bundle = world.folder / "bundle.p12"
    command = ("pkcs12", "-export", "-nokeys", "-in", world.folder / "leaf.pem")
    openssl(*command, "-passout", "pass:open sesame", "-out", bundle)
    world.choose_files(bundle)
    app.says("Encrypted: needs its passphrase")
    for _ in range(2):
        world.respond_unlock("wrong")
        app.says("The passphrase is wrong. Upper and lower case count.")
    world.respond_unlock("open sesame")
    app.says(f"Your certificate: {NAME}")
    app.wait_gone("entry", "Passphrase")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {},
                    (
                        ("/import/ready", ready),
                        ("/import/folder", refused("folder.d", "There is no file in this folder.", os.mkdir)),
                        ("/import/fifo", refused("pipe", "This is a pipe, not a file.", os.mkfifo)),
                        ("/import/2-gib", refused("big.p12", "so it is not a CA’s reply", sparse)),
                        (
                            "/import/unreadable",
                            refused("closed.crt", "You are not permitted to read it", unreadable),
                        ),
                        (
                            "/import/empty",
                            refused("empty.crt", "The file is empty.", lambda path: path.touch()),
                        ),
                        ("/import/rubbish", refused("rubbish.crt", "Unreadable", rubbish)),
                        ("/import/truncated-pem", refused("half.crt", "Unreadable", half)),
                        ("/import/truncated-der", refused("half.cer", "cut off", half_der)),
                        ("/import/vanished", vanished),
                        ("/import/beside-good-ones", beside_good_ones),
                        ("/import/wrong-passphrase", wrong_passphrase),
                    ),
                )
            }
        )
    )

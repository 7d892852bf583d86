#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a certificate is, is found by its key, among all requests that wait."""

import sys
import time

from scenario import VALID, World, check, main, openssl, same

A = "alpha@example.com"
B = "beta@example.com"


def two_requests(world: World):
    world.start()
    world.make_request(A)
    world.home()
    world.make_request(B)
    world.home()
    same(world.check_keys(), 2, "requests with their key")


def stranger(world):
    """A certificate that answers nothing: said, nothing is changed, nothing can be accepted."""
    app = world.app
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    key += ("-keyout", world.folder / "stranger.key")
    openssl("req", "-new", *key, "-subj", f"/CN={A}", "-out", world.folder / "stranger.csr")
    certificate = world.sign(world.folder / "stranger.csr", "stranger.pem")
    world.open_reply(A)
    time.sleep(1)  # that it was opened is saved
    before, content = world.rows(), world.database.read_bytes()
    world.choose_files(certificate)
    app.says("There is no certificate for your key")
    app.says("What came is for another key")
    check(not app.find("button", "Accept Certificate").sensitive, "it can be accepted")
    same(world.rows(), before, "rows")
    same(world.database.read_bytes(), content, "bytes of the database")


def of_the_other(world):
    app = world.app
    certificate = world.sign(world.write_csr(B))
    world.home()
    world.open_reply(A)
    world.choose_files(world.chain_file(certificate))
    app.says(f"This is the certificate for “{B}”. It will be added to that entry.")
    app.says(VALID)
    app.click("button", "Accept Certificate")
    world.skip_test()
    rows = {title: cert for title, cert in world.rows("title, certificate")}
    check(rows[B], "B has no certificate")
    check(not rows[A], "A has a certificate")
    world.home()
    app.says("Waiting for the CA")
    world.open_reply(A)
    world.home()


def from_the_list(world):
    """Brought without opening any: put where it belongs."""
    app = world.app
    certificate = world.sign(world.write_csr(A, "a.csr"), "a.pem")
    world.import_files(world.chain_file(certificate, "a-all.pem"))
    app.says(f"This is the certificate for “{A}”. It will be added to that entry.")
    app.click("button", "Import")
    world.skip_test()
    check(all(certificate for (certificate,) in world.rows("certificate")), "one still waits")
    same(len(world.rows()), 2, "identities")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {},
                    (
                        ("/match/two-requests", two_requests),
                        ("/match/stranger", stranger),
                        ("/match/of-the-other", of_the_other),
                        ("/match/from-the-list", from_the_list),
                    ),
                )
            }
        )
    )

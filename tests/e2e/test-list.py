#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list: one window, urgency, search, and deleting with a question before it."""

import contextlib
import re
import sqlite3
import sys
import time

from scenario import World, check, main, openssl, same

DAY = 24 * 60 * 60
ADD = """
INSERT INTO identity (id, title, profile_id, step, request, key_fingerprint, key_imported, csr,
  certificate, issuers, created_at, requested_at, not_before, not_after, server_cas,
  server_cas_pem, verify_server, replaced_by)
SELECT ?, ?, profile_id, step, request, key_fingerprint, key_imported, NULL, ?, NULL, created_at,
  requested_at, ?, ?, server_cas, server_cas_pem, verify_server, NULL
FROM identity LIMIT 1
"""


def requests(world: World):
    world.start()
    for name in ("keep@example.com", "other@example.com"):
        world.make_request(name)
        world.home()
    same(world.check_keys(), 2, "requests with their key")


def second_start(world):
    """It raises the window that is there, and ends well."""
    app = world.app
    same(len(app.windows()), 1, "windows before")
    second = world.session.run(app.command, env=app.env, timeout=30, check=False)
    same(second.returncode, 0, "exit status of the second")
    time.sleep(0.5)
    same(len(app.windows()), 1, "windows")
    app.find("label", "keep@example.com")


def delete_cancelled(world):
    app = world.app
    world.row_menu("other@example.com", "Delete…")
    app.says("Delete “other@example.com”?")
    app.says("The request and its private key are deleted, also from the keyring.")
    app.respond("Cancel")
    app.find("label", "other@example.com")
    same(len(world.rows()), 2, "identities")
    same(len(world.session.keyring_items()), 2, "keys")


def delete_from_list(world):
    app = world.app
    world.row_menu("other@example.com", "Delete…")
    app.says("Delete “other@example.com”?")
    app.respond("Delete")
    app.wait_gone("label", "other@example.com")
    same([title for (title,) in world.rows("title")], ["keep@example.com"], "what is left")
    same(len(world.session.keyring_items()), 1, "keys")
    same(world.check_keys(), 1, "requests with their key")


def delete_from_overview(world):
    app = world.app
    world.row_menu("keep@example.com", "Show Details")
    app.find("label", "Details")
    app.click("button", "Delete…")
    app.says("Delete “keep@example.com”?")
    app.respond("Cancel")
    same(len(world.rows()), 1, "identities")
    app.click("button", "Delete…")
    app.says("Delete “keep@example.com”?")
    app.respond("Delete")
    app.find("button", "Get a Certificate")
    same(world.rows(), [], "what is left")
    same(world.session.keyring_items(), [], "keys")


def fill(world):
    """Certificates of every age, which only a database can have today."""
    world.make_request("waiting@example.com")
    world.quit()
    folder = world.folder
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", folder / "any.key", "-subj", "/CN=any", "-out", folder / "any.pem")  # fmt: skip
    now = int(time.time())
    with contextlib.closing(sqlite3.connect(world.database)) as db, db:
        for name, days in (("years", 700), ("soon", 5), ("month", 20), ("gone", -3)):
            pem = certificate(world, name, days)
            row = (name * 4, f"{name}@example.com", pem, now - 400 * DAY, now + days * DAY)
            db.execute(ADD, row)


def certificate(world, name, days):
    """One that ends so many days from now."""
    root = world.authorities[0]
    end = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * DAY))
    csr, path = world.folder / f"{name}.csr", world.folder / f"{name}.pem"
    key = ("-key", world.folder / "any.key", "-subj", f"/CN={name}@example.com")
    openssl("req", "-new", *key, "-out", csr)
    command = ("ca", "-batch", "-notext", "-rand_serial", "-config", root.config)
    dates = ("-startdate", "20200101000000Z", "-enddate", end)
    openssl(*command, *dates, "-extensions", "issued", "-in", csr, "-out", path)
    return path.read_text()


def order(world):
    app = world.start()
    app.find("label", "soon@example.com")
    names = shown(app)
    check(names.index("gone@example.com") < names.index("years@example.com"), names)
    check(names.index("soon@example.com") < names.index("month@example.com"), names)
    check(names.index("month@example.com") < names.index("years@example.com"), names)
    app.says(re.compile("Expires in [45] days"))
    app.says("Expired")


def shown(app):
    return [n.name for n in app.all("label") if n.name.endswith("@example.com")]


def search(world):
    app = world.app
    app.key("ctrl+f")
    app.wait_for(lambda: app.all("entry"), "the search entry")
    app.type("MONTH")
    app.wait_for(lambda: shown(app) == ["month@example.com"], "one that is found")
    app.type("xyz")
    app.says("Nothing Found")
    app.key("Escape")
    app.wait_for(lambda: len(shown(app)) == 5, "all of them again")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {},
                    (
                        ("/list/requests", requests),
                        ("/list/second-start", second_start),
                        ("/list/delete/cancelled", delete_cancelled),
                        ("/list/delete/from-list", delete_from_list),
                        ("/list/delete/from-overview", delete_from_overview),
                        ("/list/fill", fill),
                        ("/list/order", order),
                        ("/list/search", search),
                    ),
                )
            }
        )
    )

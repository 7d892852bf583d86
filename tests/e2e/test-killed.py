#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed with SIGKILL, after each screen and at any moment: nothing is lost.

And whatever moment it is, no request is without its key.
"""

import contextlib
import random
import re
import sqlite3
import sys
import time
import uuid

from scenario import VALID, World, check, main, same

NAME = "steve@example.com"
ADDRESS = "https://api.example.com/v1"
DELAYS = 12
STORED = "id, title, request, key_fingerprint, csr, certificate, issuers"


def settle():
    """A draft is saved 0.4 s after the last key stroke."""
    time.sleep(1.5)


def kill(world):
    settle()
    world.app.kill()
    return world.start()


def after_purpose(world: World):
    app = world.start()
    app.click("button", "Get a Certificate")
    app.find("label", "What Is It For?")
    app = kill(world)
    # Nothing was typed, so there is no draft.
    app.click("button", "Get a Certificate")
    app.click("button", "Next")
    app.find("label", "Who Is It For?")


def after_subject(world):
    app = world.app
    app.type_into("Name or e-mail address", NAME)
    app.click("button", "Add")
    app.type_into("Organisation", "Example")
    app.click("button", "Add a Name")
    app.click("menu-item", "Host name")
    app.find("entry", "Host name")
    app.type("half typed")  # not valid, and yet not lost
    app = kill(world)
    app.says("Draft")
    world.open(NAME)
    app.find("label", "Who Is It For?")
    same(app.read("entry", "Name or e-mail address"), NAME, "name")
    same(app.read("entry", "Organisation"), "Example", "organisation")
    same(app.read("entry", "E-mail address"), NAME, "alternative name")
    same(app.read("entry", "Host name"), "half typed", "what was half typed")
    app.type_into("Host name", "device.example.com")
    app.click("button", "Next")


def after_key(world):
    app = world.app
    world.choose_key("EC P-384")
    app = kill(world)
    world.open(NAME)
    app.says("The keyring “")
    check(app.find("check", "EC P-384").checked, "the kind of key is lost")
    app.click("button", "Next")


def after_review(world):
    app = world.app
    app.find("label", "Review")
    app = kill(world)
    world.open(NAME)
    app.find("label", "Review")
    app.says("EC P-384")
    app.says("device.example.com")
    app.click("button", "Create Request")
    app.find("label", "Send the Request", limit=40)


def after_request(world):
    before = world.rows(STORED)
    app = kill(world)
    same(world.rows(STORED), before, "what is stored")
    same(world.check_keys(), 1, "requests with their key")
    app.says("Waiting for the CA")
    world.open_reply(NAME)


def after_reply(world):
    app = world.app
    certificate = world.sign(world.write_csr(NAME))
    world.choose_files(world.chain_file(certificate))
    app.says(VALID)
    # Not accepted: nothing has changed, and the reply is still in its file.
    before = world.rows(STORED)
    app = kill(world)
    same(world.rows(STORED), before, "what is stored")
    world.open_reply(NAME)
    world.choose_files(world.folder / "all.pem")
    app.says(VALID)
    app.click("button", "Accept Certificate")
    app.find("label", "Does It Work?")


def after_test(world):
    app = world.app
    app.set_text("Address of the server", ADDRESS)
    app.point(app.find("check", "The CAs that came with the reply"))
    app = kill(world)
    app.says(re.compile("Valid until|Expires in"))
    world.open(NAME)
    app.click("button", "Test It")
    same(app.read("entry", "Address of the server"), ADDRESS, "the address")
    check(app.find("check", "The CAs that came with the reply").checked, "the CAs are forgotten")
    app.click("button", "Next")
    app.says("Where to Paste It")
    same(world.check_keys(), 1, "requests with their key")
    app.kill()


def make_drafts(world):
    """One draft, ready to become a request, and copies of it."""
    app = world.start()
    world.begin()
    app.set_text("Name or e-mail address", "device-00.example.com")
    app.click("button", "Next")
    world.choose_key("EC P-256")
    app.click("button", "Next")
    app.find("label", "Review")
    settle()
    app.kill()
    columns = "id, title, request"
    with contextlib.closing(sqlite3.connect(world.database)) as db, db:
        rest = [row[1] for row in db.execute("PRAGMA table_info(identity)")]
        rest = ", ".join(name for name in rest if name not in ("id", "title", "request"))
        for number in range(1, DELAYS):
            name = f"device-{number:02}.example.com"
            db.execute(
                f"INSERT INTO identity ({columns}, {rest}) SELECT ?, ?, "
                f"replace(request, 'device-00.example.com', ?), {rest} FROM identity "
                "WHERE title = 'device-00.example.com'",
                (str(uuid.uuid4()), name, name),
            )


def press_create(world, number):
    app = world.start()
    app.resize(900, 1000)  # for all of them
    title = f"device-{number:02}.example.com"
    app.find("button", "Main Menu")
    app.point(app.find("label", title))
    app.find("label", "Review")
    app.click("button", "Create Request")
    return title


def how_long(world):
    """Once to the end; the others are then killed on the way there."""
    press_create(world, 0)
    began = time.monotonic()
    world.app.wait_for(lambda: any(csr for (csr,) in world.rows("csr")), "the request", 40)
    world.duration = time.monotonic() - began
    world.app.kill()
    same(world.check_keys(), 1, "requests with their key")


def at_any_moment(world):
    """Killed on the way: the request may be there or not, its key must."""
    made = 1
    for number in range(1, DELAYS):
        title = press_create(world, number)
        time.sleep(random.uniform(0, 1.2 * world.duration))
        world.app.kill()
        count = world.check_keys()
        check(made <= count <= made + 1, f"{count} requests after {made}")
        made = count
        check(title in [row[0] for row in world.rows("title")], f"{title} is lost")
    print(f"# {made} requests of {DELAYS} were made before the end came")


def goes_on(world):
    """What was interrupted can be finished, and uses the key that is there already."""
    drafts = [title for title, csr in world.rows("title, csr") if csr is None]
    for title in drafts[:2]:
        world.start()
        press_create(world, int(title[7:9]))
        world.app.find("label", "Send the Request", limit=40)
        world.quit()
    made = world.check_keys()
    kept = [item["identity"] for item in world.session.keyring_items()]
    check(len(kept) == len(set(kept)), f"an identity has two keys: {kept}")
    check(made >= len(drafts[:2]) + 1, "not finished")


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "screens": (
                    {},
                    (
                        ("/killed/purpose", after_purpose),
                        ("/killed/subject", after_subject),
                        ("/killed/key", after_key),
                        ("/killed/review", after_review),
                        ("/killed/request", after_request),
                        ("/killed/reply", after_reply),
                        ("/killed/test", after_test),
                    ),
                ),
                "moments": (
                    {},
                    (
                        ("/killed/drafts", make_drafts),
                        ("/killed/how-long", how_long),
                        ("/killed/at-any-moment", at_any_moment),
                        ("/killed/goes-on", goes_on),
                    ),
                ),
            }
        )
    )

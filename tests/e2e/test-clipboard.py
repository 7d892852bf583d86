#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key does not stay on the clipboard: not after a minute, not after the end."""

import sys
import time

from scenario import VALID, World, check, main, same

NAME = "steve@example.com"


def ready(world: World):
    app = world.start()
    world.make_request(NAME)
    certificate = world.sign(world.write_csr(NAME))
    world.home()
    world.open_reply(NAME)
    world.choose_files(world.chain_file(certificate))
    app.says(VALID)
    app.click("button", "Accept Certificate")
    world.skip_test()


def copy(world):
    app = world.app
    app.wait_for(lambda: app.find("button", "Copy").sensitive, "the YAML")
    app.click("button", "Copy")
    app.wait_for(lambda: has_key(app), "the key on the clipboard")
    app.says("The clipboard is emptied in 60 seconds.")


def has_note(app):
    return any("The clipboard is emptied" in text for text in app.texts())


def has_key(app):
    return "PRIVATE KEY" in (app.clipboard() or "")


def use_again(world):
    app = world.start()
    world.open(NAME)
    app.click("button", "Use It")
    app.says("Where to Paste It")


def emptied_on_quit(world):
    copy(world)
    world.quit()
    check(not world.app.clipboard(), "something is left on the clipboard")


def of_others_kept(world):
    """What was copied since then is not ours to empty."""
    use_again(world)
    copy(world)
    world.app.set_clipboard("of another program")
    world.quit()
    same(world.app.clipboard(), "of another program", "the clipboard")


def request_kept(world):
    """The certificates alone are no secret: they may stay for as long as it runs."""
    use_again(world)
    app = world.app
    app.point(app.find("check", "Certificates Alone"))
    app.wait_for(lambda: not app.exists("button", "Reveal the Private Key"), "no key")
    app.click("button", "Copy")
    app.wait_for(lambda: "BEGIN CERT" in (app.clipboard() or ""), "the certificates")
    check(not has_note(app), "a wrong note")
    world.quit()


def emptied_after_a_minute(world):
    copy(world)
    app = world.app
    time.sleep(45)
    check(has_key(app), "emptied too soon")
    check(has_note(app), "the note has gone before")
    app.wait_for(lambda: not app.clipboard(), "the clipboard to be empty", 30)
    app.wait_for(lambda: not has_note(app), "the note to go")
    check(app.running, "it has ended")
    world.quit()


def another_ones_after_a_minute(world):
    use_again(world)
    copy(world)
    app = world.app
    app.set_clipboard("of another program")
    time.sleep(62)
    same(app.clipboard(), "of another program", "the clipboard")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "quit": (
                    {},
                    (
                        ("/clipboard/ready", ready),
                        ("/clipboard/emptied-on-quit", emptied_on_quit),
                        ("/clipboard/of-others-kept", of_others_kept),
                        ("/clipboard/certificates", request_kept),
                    ),
                ),
                "minute": (
                    {},
                    (
                        ("/clipboard/ready", ready),
                        ("/clipboard/emptied-after-a-minute", emptied_after_a_minute),
                        ("/clipboard/of-others-after-a-minute", another_ones_after_a_minute),
                    ),
                ),
            }
        )
    )

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyring in every state that it can be in: each a sentence, and a way on."""

import sys

from scenario import VALID, World, check, main, same
from session import PASSWORD

NAME = "steve@example.com"
ABSENT = "No keyring answers on this desktop"
LOCKED = "The keyring is locked. Unlock it to go on."
NOT_ANSWERING = "The keyring is running but does not answer."
GONE = "The private key is not in the keyring."


def to_review(world: World, name=NAME):
    app = world.start()
    world.begin()
    app.set_text("Name or e-mail address", name)
    app.set_text("Organisation", "Example")
    app.click("button", "Next")
    app.find("label", "Kind of Key")
    if not app.exists("check", "EC P-256"):
        app.point(app.find("label", "More Kinds"))
    app.point(app.find("check", "EC P-256"))
    app.click("button", "Next")
    app.find("label", "Review")


def create(world):
    world.app.click("button", "Create Request")


def created(world):
    world.app.find("label", "Send the Request", limit=40)
    check(world.check_keys() >= 1, "no request")


def nothing_lost(world):
    """It is still the draft that it was, with everything that was typed."""
    app = world.app
    check(app.running, "it has ended")
    app.find("label", "Review")
    app.says(f"CN = {NAME}, O = Example")
    check(all(csr is None for (csr,) in world.rows("csr")), "there is a request")
    app.find("button", "Create Request")


# No keyring at all


def absent(world):
    app = world.start()
    to_review(world)
    create(world)
    app.says(ABSENT)
    nothing_lost(world)
    app.click("button", "Back")
    app.says(ABSENT)
    app.find("button", "Try Again")


def absent_then_there(world):
    app = world.app
    world.session.start_keyring()
    app.click("button", "Try Again")
    app.says("The keyring “")
    check(not any(ABSENT in text for text in app.texts()), "it still says that there is none")
    app.click("button", "Next")
    app.find("label", "Review")
    create(world)
    created(world)
    world.quit()


# Locked since login


def prompt(world):
    """The X window of the question for the keyring's password."""
    app = world.app

    def there():
        command = ["xdotool", "search", "--onlyvisible", "--class", "gcr-prompter"]
        found = world.session.run(command, capture_output=True, text=True, check=False)
        return found.stdout.split()[-1] if found.stdout.split() else None

    return app.wait_for(there, "the question for the password", 20)


def answer(world, *keys, text=None):
    app = world.app
    window = prompt(world)
    app.xdotool("windowraise", window, "windowfocus", "--sync", window)
    if text:
        app.xdotool("type", "--delay", "30", text)
    app.xdotool("key", *keys)


def dismissed(world):
    to_review(world)
    create(world)
    answer(world, "Escape")
    app = world.app
    app.says("The question for the keyring’s password was closed")
    check(not any(GONE in text for text in app.texts()), "it says that the key is gone")
    nothing_lost(world)


def answered(world):
    create(world)
    answer(world, "Return", text=PASSWORD)
    created(world)


def locked_later(world):
    """Locked after the certificate has come: never "the key is gone"."""
    app = world.app
    certificate = world.sign(world.write_csr(NAME))
    world.home()
    world.open_reply(NAME)
    world.choose_files(world.chain_file(certificate))
    app.says(VALID)
    app.click("button", "Accept Certificate")
    world.skip_test()
    world.quit()
    world.session.lock_keyring()
    world.start()
    world.open(NAME)
    no_test(world)
    app.click("button", "Use It")
    answer(world, "Escape")
    app.says("The question for the keyring’s password was closed")
    check(not any(GONE in text for text in app.texts()), "it says that the key is gone")
    check(not app.find("button", "Copy").sensitive, "something to copy without the key")


def no_test(world):
    """Without the key nothing is tested, and nothing stored that was not seen."""
    app = world.app
    app.click("button", "Test It")
    app.set_text("Address of the server", "https://localhost:1")
    app.wait_for(lambda: app.find("button", "Test Connection").sensitive, "a button to press")
    app.click("button", "Test Connection")
    answer(world, "Escape")
    app.says("The question for the keyring’s password was closed")
    check(not any(GONE in text for text in app.texts()), "it says that the key is gone")
    app.find("button", "Try Again")
    app.click("button", "Back")
    app.says("Not tested yet")


def unlocked_by_retry(world):
    app = world.app
    app.click("button", "Try Again")
    answer(world, "Return", text=PASSWORD)
    app.wait_for(lambda: app.find("button", "Copy").sensitive, "the YAML")
    world.quit()


# Stopped, killed, started again


def stopped(world):
    app = world.start()
    to_review(world)
    world.session.stop_keyring()
    create(world)
    app.says(NOT_ANSWERING, limit=40)
    nothing_lost(world)


def cancelled(world):
    """Waiting for it can be given up at once."""
    app = world.app
    create(world)
    app.click("button", "Cancel")
    app.find("button", "Create Request")
    nothing_lost(world)


def goes_on(world):
    app = world.app
    world.session.continue_keyring()
    app.wait_for(lambda: app.find("button", "Create Request").sensitive, "the button")
    create(world)
    created(world)


def killed(world):
    world.home()
    to_review(world, "second@example.com")
    world.session.kill_keyring()
    create(world)
    app = world.app
    app.says(ABSENT)
    check(app.running, "it has ended")


def found_again(world):
    """Without a new start of the program."""
    world.session.start_keyring()
    create(world)
    created(world)
    same(world.check_keys(), 2, "requests with their key")


def restarted_unnoticed(world):
    world.home()
    to_review(world, "third@example.com")
    world.session.restart_keyring()
    create(world)
    created(world)
    same(world.check_keys(), 3, "requests with their key")
    world.quit()


# Never used before


def none_yet(world):
    """No keyring was made yet: it asks for a password for a new one, which can be declined."""
    to_review(world)
    create(world)
    answer(world, "Escape")
    app = world.app
    app.says("There is no keyring yet, and the question for a new one’s password was closed.")
    nothing_lost(world)
    create(world)
    window = prompt(world)
    app.xdotool("windowraise", window, "windowfocus", "--sync", window)
    app.xdotool("type", "--delay", "30", PASSWORD)
    app.xdotool("key", "Tab")
    app.xdotool("type", "--delay", "30", PASSWORD)
    app.xdotool("key", "Return")
    created(world)
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "absent": (
                    {"keyring": "absent"},
                    (
                        ("/keyring/absent", absent),
                        ("/keyring/absent-then-there", absent_then_there),
                    ),
                ),
                "locked": (
                    {"keyring": "locked", "prompter": True},
                    (
                        ("/keyring/dismissed", dismissed),
                        ("/keyring/answered", answered),
                        ("/keyring/locked-later", locked_later),
                        ("/keyring/unlocked-by-retry", unlocked_by_retry),
                    ),
                ),
                "stopped": (
                    {},
                    (
                        ("/keyring/stopped", stopped),
                        ("/keyring/cancelled", cancelled),
                        ("/keyring/goes-on", goes_on),
                        ("/keyring/killed", killed),
                        ("/keyring/found-again", found_again),
                        ("/keyring/restarted-unnoticed", restarted_unnoticed),
                    ),
                ),
                "none": (
                    {"keyring": "none", "prompter": True},
                    (("/keyring/none-yet", none_yet),),
                ),
            }
        )
    )

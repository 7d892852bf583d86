#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with the keyboard alone: Tab, Return, Space, and mnemonics."""

import sys

from scenario import VALID, World, check, main, same

NAME = "steve@example.com"


def focused(app):
    """What has the keyboard, and what it lies in."""
    nodes = [node for node in app.walk() if "focused" in node.states]
    return nodes[-1] if nodes else None


def tab_to(app, role, name, key="Tab"):
    """Presses Tab until the keyboard is there; a person would not go round twice."""
    for _ in range(60):
        for node in app.all(role, name):
            if "focused" in node.states or any("focused" in n.states for n in node.walk()):
                return node
        app.key(key)
    raise AssertionError(f"Tab does not lead to {role} {name!r}, but to {focused(app)!r}")


def tab_to_entry(app, name):
    """An entry does not tell that it has the keyboard: what is typed arrives in it."""
    for _ in range(20):
        app.type("x")
        if app.read("entry", name) == "x":
            app.key("BackSpace")
            return
        app.key("Tab")
    raise AssertionError(f"Tab does not lead to {name!r}")


def press(app, role, name):
    tab_to(app, role, name)
    app.key("Return")


def begin(world: World):
    app = world.start()
    app.find("button", "Get a Certificate")
    app.key("alt+g")  # its mnemonic
    app.find("label", "What Is It For?")
    press(app, "button", "Next")
    app.find("label", "Who Is It For?")


def subject(world):
    app = world.app
    tab_to_entry(app, "Name or e-mail address")
    app.type(NAME)
    app.wait_for(lambda: app.read("entry", "Name or e-mail address") == NAME, "the name")
    press(app, "button", "Add")
    same(app.read("entry", "E-mail address"), NAME, "alternative name")
    press(app, "button", "Next")
    app.find("label", "Kind of Key")


def key(world):
    app = world.app
    tab_to(app, "row", "EC P-256")
    app.key("space")
    app.wait_for(lambda: app.find("check", "EC P-256").checked, "EC P-256 chosen")
    press(app, "button", "Next")
    app.find("label", "Review")
    press(app, "button", "Create Request")
    app.find("label", "Send the Request", limit=40)
    world.check_keys()


def reply(world):
    app = world.app
    press(app, "button", "I Have the Reply")
    app.find("label", "The Reply")
    certificate = world.sign(world.write_csr(NAME))
    app.set_clipboard(world.chain_file(certificate).read_text())
    app.key("ctrl+v")
    app.says(VALID)
    press(app, "button", "Accept Certificate")
    app.find("label", "Does It Work?")
    press(app, "button", "Next")
    app.says("Where to Paste It")
    app.wait_for(lambda: app.find("button", "Copy").sensitive, "the YAML")


def use(world):
    app = world.app
    press(app, "button", "Copy")
    app.wait_for(lambda: "https_private_key" in (app.clipboard() or ""), "the YAML")
    press(app, "button", "Done")
    app.says("Your certificate, and below it those who vouch for it.")
    press(app, "button", "Back")


def from_the_list(world):
    app = world.app
    app.find("button", "Main Menu")
    app.find("button", "More")
    tab_to(app, "row", None)
    app.key("shift+F10")
    app.find("menu-item", "Show Details")
    app.key("Return")
    app.find("button", "Use It")


def after_a_menu(world):
    """What the menu led to is left again: the keyboard must not stay in the closed menu."""
    app = world.app
    press(app, "button", "Back")
    app.find("button", "Main Menu")
    app.key("F10")
    app.find("menu-item", "New Private CA…")
    app.key("Down", "Return")
    app.find("label", "What Is the CA Called?")
    press(app, "button", "Back")
    app.find("button", "Main Menu")
    app.key("ctrl+o")
    app.find("label", "Import Your Files")
    world.quit()


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    {},
                    (
                        ("/keyboard/begin", begin),
                        ("/keyboard/subject", subject),
                        ("/keyboard/key", key),
                        ("/keyboard/reply", reply),
                        ("/keyboard/use", use),
                        ("/keyboard/from-the-list", from_the_list),
                        ("/keyboard/after-a-menu", after_a_menu),
                    ),
                )
            }
        )
    )

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every screen as a screen reader, a keyboard and weak eyes meet it.

Nothing that does something is without a name, nothing is told that is not on the screen,
Tab goes through all of it in the order in which it is read, and comes round again. Text
twice as large fits, and stands out from what it is written on, light and dark.

The trees of the screens with faults, and pictures of them, are left in the folder that
CERTWRIGHT_TREES names.
"""

import collections
import os
import pathlib
import re
import sys
import time

from driver import TYPE_NAME, undouble
from scenario import World, check, main, same
from tour import Tour

# What a person does something with, by the names of the accessibility bus.
CONTROLS = {
    "button", "push-button", "toggle-button", "check-box", "radio-button", "combo-box", "switch",
    "entry", "text", "password-text", "spin-button", "link", "menu-item", "slider",
}  # fmt: skip
TEXTS = {"label", "heading", "static"}
IMAGES = {"image", "icon"}
ICON_NAME = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)+-symbolic$")
MOST = 60  # that Tab stops at on a screen
WIDTH, HEIGHT = 360, 2400  # so high that nothing has to be scrolled
WIDEST = 460  # that anything may need with text twice as large
CONTRAST = 4.5
ROUNDING = 0.95  # thin strokes are mixed with what is behind them

# Without what moves, and without the buttons that no phone has.
SETTINGS = "[Settings]\ngtk-enable-animations=0\ngtk-decoration-layout=:\n"

Seen = collections.namedtuple("Seen", "node role name states box path")


def look(node, path=()):
    """All that is shown, in order, with what it lies in."""
    for child in node.children():
        states = child.states
        box = child.extents()
        if "visible" not in states or (box and not (box[2] > 0 and box[3] > 0)):
            continue
        name = child.accessible.get_name() or ""
        role = child.accessible.get_role().value_nick
        seen = Seen(child, role, "" if TYPE_NAME.match(name) else name, states, box, path)
        yield seen
        yield from look(child, (*path, seen))


def inner_text(seen, all_of_it):
    """The words on a button, or in a row."""
    return " ".join(one.name for one in all_of_it if seen in one.path and one.role in TEXTS)


# Names


def fault_of(seen, all_of_it):
    """What is wrong with how it is called; None if nothing is."""
    control = seen.role in CONTROLS or (seen.role == "list-item" and "focusable" in seen.states)
    if ICON_NAME.match(seen.name):
        return "is called as an icon is"
    if control and not seen.name and not inner_text(seen, all_of_it):
        return "has no name"
    if control and undouble(seen.name) != seen.name:
        return "is said twice"
    if seen.role in IMAGES and not seen.name:
        return "is neither named nor presentational"
    return None


def is_toast(seen):
    """GTK's own, whose button to close it has no name before version 4.10."""
    return any(one.node.accessible.get_name() == "AdwToastWidget" for one in seen.path)


def names(all_of_it):
    for seen in all_of_it:
        fault = fault_of(seen, all_of_it)
        if fault and not is_toast(seen):
            where = " / ".join(repr(one.node.accessible.get_name()) for one in seen.path[-5:])
            yield f"{seen.role} {seen.name!r} at {seen.box} in {where} {fault}"


def pages(all_of_it):
    """Of a stack, only what is on the screen is told."""
    for seen in all_of_it:
        if seen.node.accessible.get_name() != "GtkStackPage" or not seen.path:
            continue
        others = [
            one
            for one in all_of_it
            if one.path[:-1] == seen.path[:-1]
            and len(one.path) == len(seen.path) + 1
            and one.path[-1].node.accessible.get_name() == "GtkStackPage"
        ]
        if len({one.path[-1].node.accessible.path for one in others}) > 1:
            yield f"several pages of a stack are told: {[one.node for one in others]}"


def headings(all_of_it):
    if not any(seen.role in ("heading", "list") and seen.name for seen in all_of_it):
        yield "there is no heading"


# The keyboard


def focused(candidates, last):
    """What has the keyboard, most likely what follows the last; GTK 4.8 tells it of all but entries."""
    start = candidates.index(last) + 1 if last else 0
    for seen in candidates[start:] + candidates[:start]:
        if "focused" in seen.node.states:
            return seen
    return None


def order(stop):
    """Where it stands, in steps of a line of text."""
    return stop.box[1] + stop.box[3] // 2


def is_same(one, other):
    return one.node.accessible == other.node.accessible


def is_trap(stops):
    """A list is entered where it was left, not where Tab began; the header bar is passed still."""
    return not any(stop and stop.box[1] < 60 for stop in stops)


def tab_round(app, all_of_it, key):
    """Presses Tab until it is where it began: the stops, and what is wrong with them."""
    candidates = [seen for seen in all_of_it if "focusable" in seen.states]
    stops, first, last, repeated = [], None, None, False
    for _ in range(MOST):
        app.xdotool("key", key)
        time.sleep(0.05)
        stop = focused(candidates, last)
        last = stop or last
        if stop and first and is_same(stop, first):
            return stops, None
        if stop and stops and stops[-1] and is_same(stop, stops[-1]) and not repeated:
            repeated = True  # the end of a list view takes one Tab more
            continue
        seen_at = [i for i, one in enumerate(stops) if one and stop and is_same(one, stop)]
        if seen_at:
            return stops, is_trap(stops[seen_at[0] :]) and f"{key} is caught at {stop.node!r}"
        first = first or stop
        stops.append(stop)
    return stops, f"{key} does not come round"


def breaks(stops):
    """How often the way leads up again: once, from the last to the first."""
    places = [order(stop) for stop in stops if stop]
    up = []
    for here, there in zip(places, places[1:] + places[:1]):
        if there < here - 24:
            up.append((here, there))
    return up


def keyboard(app, all_of_it):
    stops, fault = tab_round(app, all_of_it, "Tab")
    if fault:
        yield f"{fault}, after {[stop and stop.node for stop in stops]}"
    elif len(breaks(stops)) > 1:
        yield f"Tab jumps: {[(stop.node, stop.box) for stop in stops if stop]}"


# Contrast


def luminance(color):
    parts = [value / 255 for value in color]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Picture:
    """The pixels of the screen."""

    def __init__(self, app):
        self.left, self.top = app.place_of(app.window())
        self.width, self.height = (int(n) for n in app.xdotool("getdisplaygeometry").split())
        self.pixels = self.shoot(app)
        for _ in range(10):  # not for ever: something may turn
            time.sleep(0.2)
            previous, self.pixels = self.pixels, self.shoot(app)
            if previous == self.pixels:
                break

    @staticmethod
    def shoot(app):
        command = ["import", "-silent", "-window", "root", "-depth", "8", "rgb:-"]
        return app.session.run(command, capture_output=True, check=True).stdout

    def contrast(self, box):
        """Between what is most of it, and what stands out most from that; None without ink."""
        x, y, width, height = box
        colors = collections.Counter()
        for row in range(self.top + y, self.top + y + height):
            start = (row * self.width + self.left + x) * 3
            line = self.pixels[start : start + width * 3]
            colors.update(zip(line[::3], line[1::3], line[2::3]))
        if len(colors) < 2:
            return None
        ground = colors.most_common(1)[0][0]
        return max(contrast(ground, color) for color in colors)


def contrasts(app, all_of_it):
    app.focus()  # a window in the background is paler
    picture = Picture(app)
    for seen in all_of_it:
        sensitive = all("sensitive" in one.states for one in (*seen.path, seen) if one.box)
        inside = seen.box and 0 <= seen.box[1] and seen.box[1] + seen.box[3] <= HEIGHT
        if seen.role not in TEXTS or not seen.name or not sensitive or not inside:
            continue
        got = picture.contrast(seen.box)
        if got is not None and got < CONTRAST * ROUNDING:
            yield f"{seen.name!r} at {seen.box} has a contrast of {got:.1f}"


# The walk


def keep(app, screen):
    folder = os.environ.get("CERTWRIGHT_TREES")
    if folder:
        path = pathlib.Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        (path / f"{screen}.txt").write_text(app.window().tree())
        app.picture(path / f"{screen}.png")


def walk(*looks):
    def run(world: World):
        app = world.app
        resources = "Xft.dpi: 192\n"
        world.session.run(["xrdb", "-merge"], input=resources, text=True, check=True)
        settings = world.session.root / "config" / "gtk-4.0" / "settings.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS)
        faults = []
        screens = []

        def visit(screen):
            screens.append(screen)
            app.resize(WIDTH, HEIGHT)
            width = app.minimum_width()
            if width > WIDEST:
                faults.append(f"{screen}: needs {width} pixels")
            all_of_it = list(look(app.window()))
            found = [fault for one in looks for fault in one(app, all_of_it)]
            if found:
                keep(app, screen)
            for fault in found:
                print(f"# {screen}: {fault}", flush=True)
                faults.append(f"{screen}: {fault}")

        Tour(world, "en", visit).walk()
        check(len(screens) > 20, screens)
        check(not faults, "\n".join(faults))

    return run


def words(_, all_of_it):
    for one in (names, pages, headings):
        yield from one(all_of_it)


def session(**env):
    return {"display": "1280x2600x24", "env": env}


def test_contrast(_):
    """What the other test goes by."""
    same(round(contrast((255, 255, 255), (0, 0, 0))), 21, "black on white")
    check(contrast((255, 255, 255), (0x77, 0x77, 0x77)) < CONTRAST, "#777 on white is too pale")
    check(contrast((255, 255, 255), (0x76, 0x76, 0x76)) > CONTRAST, "#767676 on white is not")


if __name__ == "__main__":
    sys.exit(
        main(
            {
                "all": (
                    session(),
                    (
                        ("/accessibility/contrast", test_contrast),
                        ("/accessibility/walk", walk(words, contrasts, keyboard)),
                    ),
                ),
                "dark": (
                    session(ADW_DEBUG_COLOR_SCHEME="prefer-dark"),
                    (("/accessibility/dark", walk(contrasts)),),
                ),
            }
        )
    )

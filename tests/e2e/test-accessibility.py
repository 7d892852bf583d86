#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every screen as a screen reader, a keyboard and weak eyes meet it.

Nothing that does something is without a name, nothing is told that is not on the screen,
what is wrong is told too, and what a colour says stands there as a word. Tab goes through
all of it in the order in which it is read, and comes round again; back it goes the same way,
also where one reads from right to left. Text twice as large fits a small phone, and stands
out from what it is written on, light and dark.

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
from tour import Tour, speak

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
PHONE = 640  # high
LEAST = 200  # of what is scrolled has to be seen there
EDGE = 2  # that the window's handle lies over its own edge
LINE = 24  # within which things stand beside each other
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


def names(_, all_of_it):
    for seen in all_of_it:
        fault = fault_of(seen, all_of_it)
        if fault:
            where = " / ".join(repr(one.node.accessible.get_name()) for one in seen.path[-5:])
            yield f"{seen.role} {seen.name!r} at {seen.box} in {where} {fault}"


def pages(_, all_of_it):
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


def headings(_, all_of_it):
    if not any(seen.role in ("heading", "list") and seen.name for seen in all_of_it):
        yield "there is no heading"


# What a colour says


# What is wrong on a screen, by what it is called.
INVALID = {
    "subject": {"E-mail address"},
    "test-wrong-address": {"Address of the server"},
}  # fmt: skip
SEVERITIES = {"Good", "Note", "Warning", "Problem"}
TOLD = {
    "report-with-findings": {"Good", "Warning"},
    "report": {"Good"},
    "test-unknown-ca": {"Problem"},
    "test-refused": {"Problem"},
    "test": {"Good"},
}


def invalid(screen, all_of_it):
    """What is red for the eye is told with the sentence that says why.

    That it is invalid GTK 4.8 tells only when it becomes so, which nobody can ask for later.
    """
    entries = [seen for seen in all_of_it if seen.role in CONTROLS and "editable" in seen.states]
    shown = {seen.name for seen in all_of_it if seen.role in TEXTS}
    wrong = {seen.node.name for seen in entries if seen.node.description in shown - {""}}
    if wrong != INVALID.get(screen, set()):
        yield f"{wrong or 'nothing'} is told to be invalid"


def severities(screen, all_of_it):
    """Each finding is told with how bad it is."""
    images = [seen for seen in all_of_it if seen.role in IMAGES and seen.name in SEVERITIES]
    missing = TOLD.get(screen, set()) - {seen.name for seen in images}
    if missing:
        yield f"no finding is told to be {missing}"
    lists = {row.path[-1].node.accessible for row in map(row_of, images)}
    for row in all_of_it:
        if row.role != "list-item" or row.path[-1].node.accessible not in lists:
            continue
        if not any(row in image.path for image in images):
            yield f"how bad {inner_text(row, all_of_it)!r} is is not told"


def row_of(seen):
    return next(one for one in reversed(seen.path) if one.role == "list-item")


# The keyboard


def focused(candidates, last):
    """What has the keyboard, most likely what follows the last; GTK 4.8 tells it of all but entries."""
    start = candidates.index(last) + 1 if last else 0
    for seen in candidates[start:] + candidates[:start]:
        if "focused" in seen.node.states:
            return seen
    return None


def is_before(one, other, rtl=False):
    """Whether it is read before the other: above it, or in the same line."""
    down = (other.box[1] + other.box[3] // 2) - (one.box[1] + one.box[3] // 2)
    if abs(down) > LINE:
        return down > 0
    if rtl:
        return other.box[0] + other.box[2] <= one.box[0] + one.box[2]
    return one.box[0] <= other.box[0]


def is_same(one, other):
    return one.node.accessible == other.node.accessible


def is_trap(stops):
    """A list is entered where it was left, not where Tab began; the header bar is passed still."""
    return not any(stop and stop.box[1] < 60 for stop in stops)


def press(app, key, candidates, last):
    """Presses a key, and waits until something else has the keyboard, but not for ever."""
    app.xdotool("key", key)
    for _ in range(10):
        time.sleep(0.01)
        stop = focused(candidates, last)
        if stop and stop != last:
            break
    return stop


def tab_round(app, all_of_it, key):
    """Presses Tab until it is where it began: the stops, and what is wrong with them."""
    candidates = [seen for seen in all_of_it if "focusable" in seen.states]
    stops, first, last, repeated = [], None, None, False
    for _ in range(MOST):
        stop = press(app, key, candidates, last)
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


def breaks(stops, rtl=False):
    """How often the way leads up again, or back: once, from the last to the first."""
    found = [stop for stop in stops if stop]
    pairs = zip(found, found[1:] + found[:1])
    return [pair for pair in pairs if not is_before(*pair, rtl)]


def keyboard(key, rtl=False):
    """Round with Tab; or back with Shift and Tab, which is the same way in reverse."""

    def look_at(app, all_of_it):
        stops, fault = tab_round(app, all_of_it, key)
        if fault:
            yield f"{fault}, after {[stop and stop.node for stop in stops]}"
            return
        jumps = breaks(stops if key == "Tab" else stops[::-1], rtl)
        if len(jumps) > 1:
            yield f"{key} jumps: {[(one.node, one.box, two.node, two.box) for one, two in jumps]}"

    return look_at


# Contrast


def luminance(color):
    parts = [value / 255 for value in color]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Picture:
    """The pixels of the window."""

    def __init__(self, app):
        self.app = app
        window = app.window()
        self.left, self.top = app.place_of(window)
        self.width, self.height = window.extents()[2:]
        self.pixels = self.shoot()
        for _ in range(10):  # not for ever: something may turn
            time.sleep(0.1)
            previous, self.pixels = self.pixels, self.shoot()
            if previous == self.pixels:
                break

    def shoot(self):
        crop = f"{self.width}x{self.height}+{self.left}+{self.top}"
        command = ["import", "-silent", "-window", "root", "-crop", crop, "-depth", "8", "rgb:-"]
        return self.app.session.run(command, capture_output=True, check=True).stdout

    def contrast(self, box):
        """Between what is most of it, and what stands out most from that; None without ink."""
        x, y, width, height = box
        colors = collections.Counter()
        for row in range(y, y + height):
            start = (row * self.width + x) * 3
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


def cut(node, left, top):
    """What a small phone does not show, though it is not in anything that scrolls."""
    for child in node.children():
        box = child.extents()
        if "visible" not in child.states or (box and not (box[2] > 0 and box[3] > 0)):
            continue
        if box:
            x, y, width, height = box[0] - left, box[1] - top, box[2], box[3]
            if min(x, y) < -EDGE or x + width > WIDTH + EDGE or y + height > PHONE + EDGE:
                yield f"{child!r} at {box} is cut"
                continue
        if not child.is_a("scroller"):
            yield from cut(child, left, top)
        elif box[3] < LEAST:
            yield f"of {child!r} only {box[3]} pixels are seen"


def small(app):
    """Whether it fits a small phone."""
    window = app.window()
    app.resize(WIDTH, PHONE, window)
    width = app.minimum_width(window)
    if width > WIDTH:
        yield f"needs {width} pixels"
    yield from cut(window, *window.extents()[:2])


def walk(language, *looks):
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
            found = list(small(app))
            app.resize(WIDTH, HEIGHT)
            all_of_it = list(look(app.window()))
            found += [fault for one in looks for fault in one(app, all_of_it)]
            found += [fault for one in told for fault in one(screen, all_of_it)]
            if found:
                keep(app, screen)
            for fault in found:
                print(f"# {screen}: {fault}", flush=True)
                faults.append(f"{screen}: {fault}")

        told = (names, pages, headings, invalid, severities) if language == "en" else ()
        Tour(world, language, visit).walk()
        check(len(screens) > 20, screens)
        check(not faults, "\n".join(faults))

    return run


def session(language, **env):
    return lambda: {"display": "1280x2600x24", "env": {**speak(language), **env}}


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
                    session("en"),
                    (
                        ("/accessibility/contrast", test_contrast),
                        ("/accessibility/walk", walk("en", contrasts, keyboard("Tab"))),
                    ),
                ),
                "dark": (
                    session("ar", ADW_DEBUG_COLOR_SCHEME="prefer-dark"),
                    (
                        (
                            "/accessibility/dark",
                            walk("ar", contrasts, keyboard("shift+Tab", rtl=True)),
                        ),
                    ),
                ),
            }
        )
    )

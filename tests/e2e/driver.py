# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a GTK 4 program as a person would: by what is seen, with mouse and keys.

    with Session(display=True) as session, App(session) as app:
        app.click("button", "Get a client certificate")
        app.type_into("Name or e-mail address", "steve@example.com")
        app.picture("who.png")

Widgets are found through the accessibility bus, by role and name. Only what is
visible counts; a button is called what its label says. Actions are done through
the bus where the widget has one, and with the real pointer where it has none
(rows, check buttons). Key strokes and pointer go through the X server.

One process can use one Session.
"""

import ctypes
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "session"))

from session import SessionError, wait_until  # pylint: disable=wrong-import-position

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 15.0
TOAST = 5.0  # that it stays

# The name that GTK gives a widget that has none: its type.
TYPE_NAME = re.compile(r"^(Gtk|Adw|Cw)[A-Z][A-Za-z]+$")


def undouble(name):
    """Some are named by their label and by the text of it: "_Next Next", "RSA RSA"."""
    length = len(name) // 2
    label, text = name[:length], name[length + 1 :]
    return text if text and label.replace("_", "", 1) == text else name


# What is meant, and the roles that GTK's versions give it.
ROLES = {
    "button": ("PUSH_BUTTON", "BUTTON", "TOGGLE_BUTTON", "PUSH_BUTTON_MENU", "LINK"),
    "check": ("CHECK_BOX", "RADIO_BUTTON", "TOGGLE_BUTTON", "SWITCH"),
    "combo": ("COMBO_BOX",),
    "entry": ("TEXT", "ENTRY", "PASSWORD_TEXT"),
    "row": ("LIST_ITEM", "TABLE_ROW"),
    "label": ("LABEL", "STATIC", "HEADING"),
    "menu-item": ("MENU_ITEM", "CHECK_MENU_ITEM", "RADIO_MENU_ITEM"),
    "spin": ("SPIN_BUTTON",),
    "list": ("LIST", "LIST_BOX"),
    "image": ("IMAGE", "ICON"),
    "progress": ("PROGRESS_BAR", "LEVEL_BAR"),
    "window": ("FRAME", "DIALOG", "ALERT", "WINDOW", "FILE_CHOOSER"),
    "scroller": ("SCROLL_PANE",),
}


class NotFound(SessionError):
    """Nothing that is visible has that role and name."""


def _atspi():
    import gi  # pylint: disable=import-outside-toplevel

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi  # pylint: disable=import-outside-toplevel

    # Its 0.8 seconds are too short for a busy machine.
    Atspi.set_timeout(10000, 30000)
    return Atspi


class SizeHints(ctypes.Structure):
    """XSizeHints, as far as the smallest size."""

    _fields_ = [("flags", ctypes.c_long)] + [
        (name, ctypes.c_int) for name in ("x", "y", "width", "height", "min_width", "min_height")
    ]
    _fields_ += [("rest", ctypes.c_int * 16)]


def minimum_size(identifier):
    """(width, height) of WM_NORMAL_HINTS; needs the session's display."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    hints, supplied = SizeHints(), ctypes.c_long()
    window = ctypes.c_ulong(int(identifier))
    x11.XGetWMNormalHints(display, window, ctypes.byref(hints), ctypes.byref(supplied))
    x11.XCloseDisplay(display)
    if not hints.flags & 16:
        raise SessionError("the window has no smallest size")
    return hints.min_width, hints.min_height


class Node:
    """A widget as the accessibility bus shows it. Holds no state of its own."""

    def __init__(self, atspi, accessible, window=None):
        self._atspi = atspi
        self.accessible = accessible
        self.window = window or self

    def __repr__(self):
        return f"<{self.role} {self.name!r}>"

    @property
    def role(self):
        nick = self.accessible.get_role().value_nick
        constant = nick.upper().replace("-", "_")
        for role, names in ROLES.items():
            if constant in names:
                return role
        return nick

    def is_a(self, role):
        constant = self.accessible.get_role().value_nick.upper().replace("-", "_")
        return constant in ROLES.get(role, (role,))

    @property
    def name(self):
        """What a person would call it: its name, or the text on it."""
        name = self.accessible.get_name() or ""
        if name and not TYPE_NAME.match(name):
            return undouble(name)
        if self.is_a("button") or self.is_a("row") or self.is_a("menu-item"):
            return " ".join(self.labels())
        return ""

    def labels(self):
        """The texts of the labels on it, in order, each once."""
        texts = []
        for node in self.walk():
            if node.is_a("label"):
                text = node.accessible.get_name() or ""
                if text and text not in texts:
                    texts.append(text)
        return texts

    @property
    def description(self):
        return self.accessible.get_description() or ""

    @property
    def states(self):
        return {state.value_nick for state in self.accessible.get_state_set().get_states()}

    @property
    def checked(self):
        return bool(self.states & {"checked", "pressed"})

    @property
    def sensitive(self):
        return "sensitive" in self.states

    def extents(self):
        """(x, y, width, height) within its window; None if it has no place."""
        try:
            box = self.accessible.get_extents(self._atspi.CoordType.WINDOW)
        except Exception:  # pylint: disable=broad-except
            return None  # a stack's page is no widget
        return box.x, box.y, box.width, box.height

    def visible(self):
        """Whether it, without regard to what it lies in, can be seen."""
        return self._shown() and self._has_size()

    def _shown(self):
        return self.accessible.get_state_set().contains(self._atspi.StateType.VISIBLE)

    def _has_size(self):
        box = self.extents()
        return box is None or (box[2] > 0 and box[3] > 0)

    def children(self):
        accessible = self.accessible
        for i in range(accessible.get_child_count()):
            child = accessible.get_child_at_index(i)
            if child is not None:
                yield Node(self._atspi, child, self.window)

    def walk(self):
        """All visible nodes below it, in order."""
        for child in self.children():
            if child.visible():
                yield child
                yield from child.walk()

    def parent(self):
        parent = self.accessible.get_parent()
        return Node(self._atspi, parent, self.window) if parent else None

    # Text

    def text(self):
        """The text in an entry or a text view, the text of a label."""
        interface = self.accessible.get_text_iface()
        if interface is None:
            return self.name
        # A text view counts right only with -1, an entry only with its count.
        if "multi-line" in self.states:
            return self._atspi.Text.get_text(interface, 0, -1)
        count = self._atspi.Text.get_character_count(interface)
        return self._atspi.Text.get_text(interface, 0, count)

    def set_text(self, text):
        """Replaces the text through the accessibility bus, without key strokes."""
        interface = self.accessible.get_editable_text_iface()
        if interface is None:
            raise SessionError(f"{self!r} cannot be edited")
        old = self.text()
        if old:
            self._atspi.EditableText.delete_text(interface, 0, len(old))
        size = len(text.encode())
        self._atspi.EditableText.insert_text(interface, 0, text, size)
        wait_until(lambda: self.text() == text, f"text of {self!r}: {self.text()!r}")

    # Action

    def has_action(self):
        interface = self.accessible.get_action_iface()
        return interface is not None and self._atspi.Action.get_n_actions(interface) > 0

    def do_action(self):
        self._atspi.Action.do_action(self.accessible.get_action_iface(), 0)

    def set_value(self, value):
        """For spin buttons."""
        self._atspi.Value.set_current_value(self.accessible.get_value_iface(), value)

    def tree(self, depth=0):
        """All of it as text, also what is not visible; for a person who looks for a mistake."""
        mark = "" if self.visible() else " (not visible)"
        line = f"{'  ' * depth}{self.accessible.get_role_name()} {self.accessible.get_name()!r}"
        more = f" {sorted(self.states)} {self.extents()}{mark}"
        return "\n".join([line + more] + [child.tree(depth + 1) for child in self.children()])


class App:
    """The program under test, from its start to its end."""

    def __init__(self, session, command=None, env=None, limit=LIMIT):
        prefix = pathlib.Path(os.environ.get("CERTWRIGHT_PREFIX", ROOT / "build" / "prefix"))
        self.session = session
        self.command = command or [str(prefix / "bin" / "certwright")]
        self.env = {"XDG_DATA_DIRS": f"{prefix}/share:/usr/local/share:/usr/share", **(env or {})}
        self.limit = limit
        self.process = None
        self.sees_toasts = True
        self._log = None
        self._atspi = None

    # Life

    def start(self, wait=True):
        if not self._atspi:
            self.session.adopt()
            self._atspi = _atspi()
        self._log = tempfile.TemporaryFile("w+", dir=self.session.root)
        self.process = self.session.popen(
            self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        if wait:
            self.window()
            self.focus()
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def output(self):
        """What it has written to its standard output and error."""
        self._log.seek(0)
        return self._log.read()

    def kill(self):
        """SIGKILL, as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            wait_until(lambda: self._application() is None, "its end on the accessibility bus")

    def quit(self, keys="ctrl+q"):
        """As a person quits; returns the exit status."""
        self.key(keys)
        return self.wait()

    def wait(self):
        status = self.process.wait(self.limit)
        wait_until(lambda: self._application() is None, "its end on the accessibility bus")
        return status

    def restart(self):
        """Starts it again after kill() or quit()."""
        if self.running:
            raise SessionError("it still runs")
        return self.start()

    # What is there

    def _application(self):
        desktop = self._atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            try:
                if application and application.get_process_id() == self.process.pid:
                    application.set_cache_mask(self._atspi.Cache.NONE)
                    return application
            except Exception:  # pylint: disable=broad-except
                continue  # it has just gone
        return None

    def windows(self):
        """The windows on the screen, the one that takes the input last."""
        if not self.running and self.process:
            raise SessionError(
                f"it has ended with status {self.process.returncode}:\n{self.output()}"
            )
        application = self._application()
        nodes = list(Node(self._atspi, application).children()) if application else []
        nodes = [Node(self._atspi, node.accessible) for node in nodes]
        nodes = [node for node in nodes if node.visible()]  # only some are "showing"
        return sorted(nodes, key=lambda node: "modal" in node.states)

    def window(self, name=None):
        """The window with that name, or the one that takes the input; waits for it."""

        def there():
            for node in reversed(self.windows()):
                if name is None or node.accessible.get_name() == name:
                    return node
            return None

        return self._wait(there, f"a window {name or ''}")

    def walk(self, within=None):
        for window in [within] if within else reversed(self.windows()):
            yield from window.walk()

    def all(self, role, name=None, within=None):
        """All visible widgets of that role and name (a text, or a compiled pattern)."""
        return [
            node
            for node in self.walk(within)
            if node.is_a(role) and (name is None or self._fits(name, node.name))
        ]

    @staticmethod
    def _fits(wanted, name):
        return bool(wanted.search(name)) if isinstance(wanted, re.Pattern) else wanted == name

    def find(self, role, name=None, within=None, limit=None):
        """The first such widget; waits until there is one."""

        def there():
            nodes = self.all(role, name, within)
            # A menu button is a button in a button: the inner one does something.
            return next((n for n in nodes if n.has_action()), nodes[0] if nodes else None)

        return self._wait(there, f"{role} {name!r}", limit)

    def exists(self, role, name=None, within=None):
        return bool(self.all(role, name, within))

    def wait_gone(self, role, name=None, limit=None):
        self._wait(lambda: not self.exists(role, name), f"end of {role} {name!r}", limit)

    def wait_for(self, condition, what, limit=None):
        """Waits until condition() is true, with the screen's content in the error."""
        return self._wait(condition, what, limit)

    def texts(self, within=None):
        """Everything that can be read on the screen, a list of texts."""
        result = []
        for node in self.walk(within):
            text = node.text() if node.accessible.get_text_iface() else node.name
            if text and text not in result:
                result.append(text)
        return result

    def says(self, text, limit=None):
        """Waits until the text (or a compiled pattern) can be read on the screen."""

        def there():
            if isinstance(text, re.Pattern):
                return any(text.search(shown) for shown in self.texts())
            return any(text in shown for shown in self.texts())

        self._wait(there, f"the text {text!r}", limit)

    def read(self, role, name, within=None):
        return self.find(role, name, within).text()

    def _wait(self, condition, what, limit=None):
        def safely():
            try:
                return condition()
            except SessionError:
                raise
            except Exception:  # pylint: disable=broad-except
                return None  # a widget went while it was looked at

        try:
            return wait_until(safely, what, limit or self.limit, 0.05)
        except SessionError as error:
            raise NotFound(f"{error}\nOn the screen:\n{self._summary()}") from None

    def _summary(self):
        if not self.running:
            return f"it does not run\n{self.output()}"
        lines = [f"{node.role}: {node.name or node.text()!r}" for node in self.walk() if node.name]
        return "\n".join(lines + ["Output:", self.output()])

    def dump(self):
        """The whole tree as text."""
        return "\n".join(window.tree() for window in self.windows())

    # Doing

    def click(self, role, name=None, within=None, limit=None):
        """Clicks it once it can be clicked: its action, or else the pointer."""

        def ready():
            node = self.find(role, name, within, limit=0.1)
            return node if node.sensitive else None

        def there():
            try:
                return ready()
            except NotFound:
                return None

        node = self._wait(there, f"{role} {name!r} that can be clicked", limit)
        if node.has_action():
            node.do_action()
        else:
            self.point(node)
        return node

    def point(self, node, button=1):
        """Moves the pointer onto it and clicks, scrolling to it before if need be."""
        self.focus(node.window)
        x, y = self.place(node)
        self._wait_for_toast(node)
        self.xdotool("mousemove", str(x), str(y), "click", str(button))

    def _wait_for_toast(self, node):
        """Until none lies over it. GTK from 4.10 on does not tell: there it looks always so."""
        try:
            if self.sees_toasts:
                wait_until(lambda: not self._covered(node), f"{node!r} to lie free", 2 * TOAST)
        except SessionError:
            self.sees_toasts = False

    def _covered(self, node):
        """Whether a toast, which lies over what can be scrolled, would take the click."""
        scroller = self._scroller(node)
        if not scroller:
            return False
        x, y, width, height = node.extents()
        window = node.window.accessible.get_component_iface()
        kind = self._atspi.CoordType.WINDOW
        top = found = window.get_accessible_at_point(x + width // 2, y + height // 2, kind)
        while top and top != scroller.accessible:
            top = top.get_parent()
        return found is not None and top is None

    def _scroller(self, node):
        """What it is scrolled in, if anything."""
        parent = node.parent()
        while parent and parent.accessible.get_role() != self._atspi.Role.APPLICATION:
            if parent.is_a("scroller"):
                return parent
            parent = parent.parent()
        return None

    def place(self, node):
        """The middle of it on the screen, once it stands still and is in view."""
        self._scroll_to(node)
        x, y, width, height = self._settled(node)
        left, top = self._origin(node.window)
        return left + x + width // 2, top + y + height // 2

    def _settled(self, node):
        last = None

        def still():
            nonlocal last
            box = node.extents()
            same, last = box is not None and box == last, box
            time.sleep(0.05)
            return same

        self._wait(still, f"{node!r} to stand still")
        return last

    def _scroll_to(self, node):
        scroller = self._scroller(node)
        if not scroller:
            return
        for _ in range(100):
            _, y, _, height = self._settled(node)
            _, top, _, space = self._settled(scroller)
            middle = y + height // 2
            if top + 8 < middle < top + space - 8:
                return
            left, up = self._origin(node.window)
            x, _, width, _ = scroller.extents()
            where = (str(left + x + width // 2), str(up + top + space // 2))
            self.xdotool("mousemove", *where, "click", "4" if middle < top + space // 2 else "5")
        raise SessionError(f"cannot scroll to {node!r}")

    def _x_windows(self):
        command = ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)]
        found = self.session.run(command, capture_output=True, text=True, check=False)
        result = []
        for window in found.stdout.split():
            shape = self.xdotool("getwindowgeometry", "--shell", window)
            values = dict(re.findall(r"(\w+)=(-?\d+)", shape))
            title = self.xdotool("getwindowname", window).rstrip("\n")
            box = tuple(int(values[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))
            result.append((window, title, box))
        return result

    def _x_window(self, window):
        """The X window behind an accessible one: its title and the nearest size."""

        def there():
            _, _, width, height = window.extents()
            name = window.accessible.get_name() or ""
            best = None
            for identifier, title, box in self._x_windows():
                more = (box[2] - width, box[3] - height)
                if min(more) < 0:
                    continue
                rank = (title != name, sum(more))
                if best is None or rank < best[0]:
                    best = (rank, identifier, box)
            return best

        best = self._wait(there, f"the X window of {window!r}")
        return best[1], best[2]

    def _origin(self, window):
        """Where the coordinates of its widgets begin: inside its shadow."""
        _, (x, y, width, height) = self._x_window(window)
        left, top, inner_width, inner_height = window.extents()  # from GTK 4.10 on not from 0
        return x + (width - inner_width) // 2 - left, y + (height - inner_height) // 2 - top

    def place_of(self, window):
        """Where on the screen the coordinates of its widgets begin."""
        return self._origin(window)

    def focus(self, window=None):
        """Gives the keyboard to a window; there is no window manager to do it."""
        identifier, _ = self._x_window(window or self.window())
        self.xdotool("windowraise", identifier, "windowfocus", "--sync", identifier)

    def resize(self, width, height, window=None):
        """Sets the size of its content; returns the size that it really takes."""
        window = window or self.window()
        identifier, (_, _, outer_width, outer_height) = self._x_window(window)
        _, _, inner_width, inner_height = window.extents()
        size = (width + outer_width - inner_width, height + outer_height - inner_height)
        self.xdotool("windowsize", identifier, str(size[0]), str(size[1]))
        self._settled(window)
        return window.extents()[2:]

    def minimum_width(self, window=None):
        """How narrow its content can get: what it tells the window manager, of which there is none."""
        window = window or self.window()
        identifier, (_, _, outer_width, _) = self._x_window(window)
        return minimum_size(identifier)[0] - (outer_width - window.extents()[2])

    def key(self, *keys, window=None):
        """Real key strokes: "Tab", "ctrl+a", "Return"."""
        self.focus(window)
        self.xdotool("key", "--delay", "20", *keys)

    def type(self, text, window=None):
        """Real key strokes, into whatever has the keyboard."""
        self.focus(window)
        for number, line in enumerate(text.split("\n")):
            if number:
                self.xdotool("key", "Return")
            if line:
                self.xdotool("type", "--delay", "8", "--", line)

    def type_into(self, name, text, role="entry", within=None):
        """Clicks an entry, types over what is in it, and checks what was typed."""
        for attempt in range(3):
            node = self.find(role, name, within)
            self.point(node)
            self.key("ctrl+a", "BackSpace", window=node.window)
            self.type(text, window=node.window)
            try:
                wait_until(lambda found=node: found.text() == text, "typing", 2 + len(text) / 50)
                return node
            except SessionError:
                if attempt == 2:
                    raise SessionError(f"typed {text!r}, got {node.text()!r}") from None
        return None

    def set_text(self, name, text, role="entry", within=None):
        """Puts text in at once, through the accessibility bus."""
        node = self.find(role, name, within)
        node.set_text(text)
        return node

    def choose(self, name, item, within=None):
        """Chooses an item of a combo row, with the keyboard."""
        row = self.find("combo", name, within)
        self.point(row)

        def items():
            for node in row.walk():
                if node.is_a("list"):
                    found = [child for child in node.walk() if child.is_a("row")]
                    if item in [child.name for child in found]:
                        return found
            return None

        rows = self._wait(items, f"{item!r} in {name!r}")
        names = [node.name for node in rows]
        self.xdotool("key", "Home")
        for _ in range(names.index(item)):
            self.xdotool("key", "Down")
        self.xdotool("key", "Return")
        self._wait(lambda: item in row.labels(), f"{name!r} to be {item!r}: {row.labels()}")

    def choose_file(self, path, button):
        """Answers the built-in file chooser: its Name entry, then the button."""

        def chooser():
            for window in reversed(self.windows()):
                if any(node.name == button for node in self.all("button", button, window)):
                    return window
            return None

        window = self._wait(chooser, f"a file chooser with {button!r}")
        entry = self._wait(lambda: self._file_entry(window), "the file's name")
        entry.set_text(str(path))
        self.click("button", button, within=window)
        self._wait(lambda: not chooser(), "end of the file chooser")

    def choose_many_files(self, paths, button):
        """Answers the built-in file chooser with several files of one folder that has no others.

        Opens the folder by its path, then takes everything in it.
        """

        def chooser():
            for window in reversed(self.windows()):
                if self.all("button", button, window):
                    return window
            return None

        folder = pathlib.Path(paths[0]).parent
        if sorted(folder.iterdir()) != sorted(map(pathlib.Path, paths)):
            raise SessionError(f"there is more in {folder} than is to be chosen")
        window = self._wait(chooser, f"a file chooser with {button!r}")
        entry = self._wait(lambda: self._file_entry(window), "the file's name")
        entry.set_text(f"{folder}/")
        # Its list is not to be seen on the bus, only the way to the folder is. While it
        # looks for completions it takes no Return.
        for attempt in range(5):
            time.sleep(0.5)
            self.key("Return", window=window)
            try:
                self._wait(lambda: self.all("button", folder.name, window), f"{folder} to open", 3)
                break
            except SessionError:
                if attempt == 4:
                    raise
        time.sleep(0.7)
        self.key("ctrl+a", window=window)
        self.click("button", button, within=window)
        self._wait(lambda: not chooser(), "end of the file chooser")

    def type_passphrase(self, name, text):
        """Types into a password row, of which the bus is not asked what is in it."""
        node = self.find("entry", name)
        self.point(node)
        self.key("ctrl+a", "BackSpace", window=node.window)
        self.type(text, window=node.window)

    def _file_entry(self, window):
        entries = self.all("entry", None, window)
        named = [node for node in entries if node.name.startswith("Name")]
        if not entries:
            # The open dialog has an entry only once a path is begun.
            self.key("ctrl+l", window=window)
        return (named or entries or [None])[0]

    def respond(self, button):
        """Answers a message dialog."""
        dialog = self.window()
        self.click("button", button, within=dialog)
        self._wait(lambda: len(self.windows()) == 1, "end of the dialog")

    # Clipboard, files, pictures

    def clipboard(self):
        """The clipboard's text; None while nobody owns it."""
        command = ["xclip", "-o", "-selection", "clipboard"]
        result = self.session.run(command, capture_output=True, timeout=10, check=False)
        return None if result.returncode else result.stdout.decode()

    def set_clipboard(self, text):
        # xclip goes on in the background, and must not keep our pipes open.
        self.session.run(
            ["xclip", "-i", "-selection", "clipboard"],
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    def drop_files(self, paths, onto=None):
        """Drags files out of another program's window and drops them onto this one."""
        window = self.window()
        _, (x, y, width, height) = self._x_window(window)
        target = self.place(onto) if onto else (x + width // 2, y + height // 2)
        script = str(pathlib.Path(__file__).resolve().parent / "drag-source.py")
        source = self.session.popen(
            [script, *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            self._drag(source, target)
            answers = (line.strip() for line in source.stdout)  # GTK may say things of its own
            answer = next((line for line in answers if line in ("dropped", "refused")), "")
        finally:
            source.kill()
            source.wait()
            source.stdout.close()
        if answer != "dropped":
            raise SessionError(f"the files were not taken: {answer!r}")

    def _drag(self, source, target):
        command = ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(source.pid)]
        found = self.session.run(command, capture_output=True, text=True, check=True, timeout=30)
        window = found.stdout.split()[0]
        # Into the corner, so that it does not cover what the files are dropped onto.
        screen = [int(n) for n in self.xdotool("getdisplaygeometry").split()]
        corner = (screen[0] - 100, screen[1] - 100)
        self.xdotool("windowmove", "--sync", window, str(corner[0]), str(corner[1]))
        time.sleep(0.3)
        x, y = corner[0] + 40, corner[1] + 40
        self.xdotool("mousemove", str(x), str(y), "mousedown", "1")
        for step in range(1, 13):
            at = (x + (target[0] - x) * step // 12, y + (target[1] - y) * step // 12)
            self.xdotool("mousemove", str(at[0]), str(at[1]))
            time.sleep(0.04)
        self.xdotool("mousemove_relative", "--", "1", "1")
        time.sleep(0.3)
        self.xdotool("mouseup", "1")

    def picture(self, path):
        """The whole screen, cut to where the program's windows are, as PNG, once it stands still."""
        previous = None
        for _ in range(10):  # not for ever: something may turn
            time.sleep(0.2)
            picture = self._shoot(path)
            if picture == previous:
                return
            previous = picture

    def _shoot(self, path):
        boxes = [box for _, _, box in self._x_windows()]
        right = max(box[0] + box[2] for box in boxes)
        bottom = max(box[1] + box[3] for box in boxes)
        crop = ["-crop", f"{right}x{bottom}+0+0", "+repage"]
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        command = ["import", "-silent", "-window", "root", *crop, str(path)]
        self.session.run(command, check=True)
        return pathlib.Path(path).read_bytes()

    def xdotool(self, *arguments):
        command = ["xdotool", *arguments]
        result = self.session.run(command, capture_output=True, text=True, timeout=30, check=False)
        if result.returncode:
            raise SessionError(f"{' '.join(command)}: {result.stderr.strip()}")
        return result.stdout

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small window out of which files can be dragged: drag-source.py FILE...

Prints "dropped" when another program has taken them, or "refused".
"""

import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
from gi.repository import Gdk, Gio, Gtk  # pylint: disable=wrong-import-position


def offer(_source, _x, _y, paths):
    files = Gdk.FileList.new_from_list([Gio.File.new_for_commandline_arg(path) for path in paths])
    return Gdk.ContentProvider.new_for_value(files)


def say(text):
    print(text, flush=True)


def activate(application, paths):
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY)
    source.connect("prepare", offer, paths)
    # Nobody took them: "drag-end" would come all the same.
    source.connect("drag-cancel", lambda *_: say("refused"))
    source.connect("drag-end", lambda *_: say("dropped"))
    label = Gtk.Label(label="Drag me", width_request=80, height_request=80)
    label.add_controller(source)
    window = Gtk.ApplicationWindow(application=application, title="Files", child=label)
    window.set_decorated(False)
    window.present()


def main():
    application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
    application.connect("activate", activate, sys.argv[1:])
    application.run([])


if __name__ == "__main__":
    main()

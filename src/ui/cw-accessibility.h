/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * cw_accessibility_name_buttons:
 * @root: a widget, with all that is in it
 *
 * GTK 4.8 calls a button "_Next Next" for a screen reader: its label with the
 * mnemonic's underscore, and then its content. This leaves the content. GTK 4.18
 * calls the items of a menu nothing at all: they get their text as their name.
 */
void cw_accessibility_name_buttons (GtkWidget *root);

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * cw_accessibility_name_buttons:
 * @root: a widget, with all that is in it
 *
 * GTK 4.8 calls a button "_Next Next" for a screen reader: its label with the
 * mnemonic's underscore, and then its content. This leaves the content. GTK 4.18
 * calls the items of a menu nothing at all: they get their text as their name.
 *
 * The rest that libadwaita's widgets leave to be done: titles become headings, a check
 * button is not called once by its row and once by itself, pictures are not told, since
 * words stand beside each, and neither is what an #AdwSqueezer has no room for.
 */
void cw_accessibility_name_buttons (GtkWidget *root);

/**
 * cw_accessibility_set_name:
 *
 * What a screen reader calls @widget, where that is more than what stands on it;
 * cw_accessibility_name_buttons() leaves it.
 */
void cw_accessibility_set_name (GtkWidget *widget, const char *name);

/**
 * cw_accessibility_name_switch:
 * @widget: a check button or a switch, in the row whose "activatable-widget" it already is
 * @name: what it is called, as its row is
 *
 * The row names it too, and GTK 4.8 would say both.
 */
void cw_accessibility_name_switch (GtkWidget *widget, const char *name);

/**
 * cw_accessibility_watch_pages:
 * @widget: a #GtkStack or an #AdwSqueezer
 *
 * To a screen reader their children look all alike. This hides those that are not on
 * the screen, now and whenever another one is shown.
 */
void cw_accessibility_watch_pages (GtkWidget *widget);

/**
 * cw_accessibility_set_error:
 * @widget: what it is entered into
 * @message: (nullable): what is wrong with it; %NULL: nothing
 *
 * What is red for the eye: that it is invalid, and why.
 */
void cw_accessibility_set_error (GtkWidget *widget, const char *message);

/**
 * cw_accessibility_name_toasts:
 *
 * Names the button that closes a toast, which libadwaita 1.2 does not, now and for all toasts
 * to come.
 */
void cw_accessibility_name_toasts (AdwToastOverlay *toasts);

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * CwShortcut:
 * @action: detailed name of the action
 * @keys: %NULL-terminated accelerators of it
 */
typedef struct
{
  const char *action;
  const char *keys[3];
} CwShortcut;

/**
 * cw_shortcuts_get:
 *
 * Returns: (transfer none) (array length=n): the keys of the program's actions
 */
const CwShortcut *cw_shortcuts_get (guint *n);

/* Makes them work in the windows of @app. */
void cw_shortcuts_install (GtkApplication *app);

/**
 * cw_shortcuts_present:
 *
 * Opens the window that lists them. It is made when it is first opened: GTK would make it
 * with the first window.
 */
void cw_shortcuts_present (GtkApplicationWindow *window);

G_END_DECLS

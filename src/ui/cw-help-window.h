/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-help.h"

G_BEGIN_DECLS

/**
 * CwHelpWindow:
 *
 * The help: its contents, and one page of it at a time. Pages of the program and not of a
 * help viewer, which a sandbox cannot count on.
 */
#define CW_TYPE_HELP_WINDOW (cw_help_window_get_type ())
G_DECLARE_FINAL_TYPE (CwHelpWindow, cw_help_window, CW, HELP_WINDOW, AdwWindow)

/* Shows the contents. */
CwHelpWindow *cw_help_window_new (void);

/**
 * cw_help_window_get_page:
 *
 * Returns: (transfer none) (nullable): the page that is shown; %NULL while it is the contents
 */
const CwHelpPage *cw_help_window_get_page (CwHelpWindow *self);

/**
 * cw_help_window_show_page:
 * @page: (nullable): %NULL for the contents
 *
 * Back leads to what was shown before.
 */
void cw_help_window_show_page (CwHelpWindow *self, const CwHelpPage *page);

/**
 * cw_help_window_present:
 * @widget: in the window that it belongs to
 * @name: (nullable): of the page; %NULL, or that of no page, for the contents
 *
 * Opens the help there, in the window that is open for it already if one is.
 */
void cw_help_window_present (GtkWidget *widget, const char *name);

G_END_DECLS

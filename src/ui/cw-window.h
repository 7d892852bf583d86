/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * CwWindow:
 *
 * The window: home, the wizard, and the overview of one certificate.
 */
#define CW_TYPE_WINDOW (cw_window_get_type ())
G_DECLARE_FINAL_TYPE (CwWindow, cw_window, CW, WINDOW, AdwApplicationWindow)

/**
 * cw_window_new:
 *
 * Opens the store in the background; the window shows what comes of it.
 */
CwWindow *cw_window_new (GtkApplication *app);

/**
 * cw_window_open_files:
 * @files: a list model of #GFile
 *
 * Shows what is in them, as if they had been dropped onto the window: the reply,
 * or a request that is to be signed. Waits for the store to be open.
 */
void cw_window_open_files (CwWindow *self, GListModel *files);

G_END_DECLS

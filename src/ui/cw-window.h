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

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * CwButtonBox:
 *
 * Buttons side by side, and one below the other where they would not fit.
 */
#define CW_TYPE_BUTTON_BOX (cw_button_box_get_type ())
G_DECLARE_FINAL_TYPE (CwButtonBox, cw_button_box, CW, BUTTON_BOX, GtkWidget)

/**
 * CwButtonBox:homogeneous:
 *
 * Whether they are all as wide as the widest.
 */

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "cw-secret.h"

G_BEGIN_DECLS

/** CW_CLIPBOARD_SECONDS: how long a secret stays on the clipboard */
#define CW_CLIPBOARD_SECONDS 60

/**
 * cw_clipboard_copy_secret:
 *
 * Puts @secret on @widget's clipboard, from memory that is wiped. After
 * %CW_CLIPBOARD_SECONDS, and when the program ends, it is replaced by an empty
 * text if it is still there. GTK cannot tell clipboard managers that it is a
 * secret: one that keeps a history may have kept it.
 */
void cw_clipboard_copy_secret (GtkWidget *widget, CwSecret *secret);

/**
 * cw_clipboard_forget:
 *
 * Empties the clipboard at once, if a secret of ours is still on it.
 */
void cw_clipboard_forget (void);

G_END_DECLS

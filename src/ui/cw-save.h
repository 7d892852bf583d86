/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * cw_save_suggest_name:
 * @title: what a person calls it
 * @extension: with its dot
 *
 * Returns: (transfer full): a file name that every system takes
 */
char *cw_save_suggest_name (const char *title, const char *extension);

/**
 * cw_save_async:
 * @widget: in the window that asks
 * @title: of the file chooser
 * @name: the file name that is proposed
 * @text: what is public: it is saved with the usual mode
 *
 * Asks where to, and saves it there.
 *
 * Returns (finish): whether it was saved; %FALSE without an error if the
 *   chooser was closed
 */
void cw_save_async (GtkWidget *widget,
                    const char *title,
                    const char *name,
                    const char *text,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
gboolean cw_save_finish (GtkWidget *widget, GAsyncResult *result, GError **error);

G_END_DECLS

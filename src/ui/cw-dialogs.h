/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The questions and file choosers. All that is behind this header can be
 * exchanged for GTK's and libadwaita's newer dialogs at one place.
 */

/**
 * cw_dialog_confirm_async:
 * @widget: in the window that asks
 * @verb: on the button that does it, as in "_Delete"
 * @destructive: whether that cannot be taken back
 *
 * cw_dialog_confirm_finish() tells whether the person said yes.
 */
void cw_dialog_confirm_async (GtkWidget *widget,
                              const char *heading,
                              const char *body,
                              const char *verb,
                              gboolean destructive,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean cw_dialog_confirm_finish (GtkWidget *widget, GAsyncResult *result);

/**
 * cw_dialog_show_error:
 *
 * Says what failed, for what has no page that could show it.
 */
void cw_dialog_show_error (GtkWidget *widget, const char *heading, const GError *error);

/**
 * cw_dialog_open_async:
 * @multiple: whether several files may be chosen
 *
 * Returns (finish): (transfer full) (nullable): a list model of #GFile; %NULL if it was closed
 */
void cw_dialog_open_async (GtkWidget *widget,
                           const char *title,
                           gboolean multiple,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* The same for one folder. */
void cw_dialog_open_folder_async (GtkWidget *widget,
                                  const char *title,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GListModel *cw_dialog_open_finish (GtkWidget *widget, GAsyncResult *result);

/**
 * cw_dialog_save_async:
 * @name: the file name that is proposed
 *
 * An existing file is asked about.
 *
 * Returns (finish): (transfer full) (nullable): the file; %NULL if it was closed
 */
void cw_dialog_save_async (GtkWidget *widget,
                           const char *title,
                           const char *name,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GFile *cw_dialog_save_finish (GtkWidget *widget, GAsyncResult *result);

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-dialogs.h"
#include "cw-file.h"
#include "cw-save.h"

char *
cw_save_suggest_name (const char *title, const char *extension)
{
  g_autofree char *ascii = NULL;

  g_return_val_if_fail (title != NULL, NULL);

  ascii = g_str_to_ascii (title, NULL);
  g_strcanon (ascii, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "@._-", '-');
  return g_strconcat (*ascii == '.' || *ascii == '\0' ? "certificate" : ascii, extension, NULL);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *name = cw_file_get_shown_name (G_FILE (source));
  g_autoptr (GError) cause = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &cause))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (
        task, cause->domain, cause->code,
        _ ("“%s” could not be saved: %s. Choose another folder, or make room there."), name,
        cause->message);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GFile) file = cw_dialog_save_finish (GTK_WIDGET (source), result);
  GBytes *bytes = g_task_get_task_data (task);

  if (file)
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                         written_cb, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, FALSE);
}

void
cw_save_async (GtkWidget *widget,
               const char *title,
               const char *name,
               const char *text,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  task = g_task_new (widget, NULL, callback, user_data);
  g_task_set_task_data (task, g_bytes_new (text, strlen (text)), (GDestroyNotify) g_bytes_unref);
  cw_dialog_save_async (widget, title, name, chosen_cb, task);
}

gboolean
cw_save_finish (GtkWidget *widget, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, widget), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

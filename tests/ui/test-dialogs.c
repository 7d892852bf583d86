/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-dialogs.h"
#include "ui-test.h"
#include "whole-stacks.h"

typedef struct
{
  GtkWidget *widget;
  GtkWindow *window;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->widget = gtk_label_new ("");
  self->window = ui_show (self->widget);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->result);
  ui_settle ();
  ui_assert_window_freed (self->window, self->widget);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return ((Fixture *) data)->result != NULL;
}

static gpointer
find_dialog (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l; l = l->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, type))
      return l->data;
  g_error ("There is no %s", g_type_name (type));
}

static void
test_confirm (Fixture *self, gconstpointer data)
{
  const char *response = data;
  AdwMessageDialog *dialog;

  cw_dialog_confirm_async (self->widget, "Delete “R&D <x>”?", "It is gone then.", "_Delete", TRUE,
                           result_cb, self);
  ui_settle ();
  dialog = find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == self->window);
  g_assert_true (ui_says (GTK_WIDGET (dialog), "Delete “R&D <x>”?"));
  g_assert_true (ui_says (GTK_WIDGET (dialog), "It is gone then."));
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  g_assert_cmpint (adw_message_dialog_get_response_appearance (dialog, "yes"), ==,
                   ADW_RESPONSE_DESTRUCTIVE);

  if (response)
    ui_click (ui_find (GTK_WIDGET (dialog), GTK_TYPE_BUTTON,
                       adw_message_dialog_get_response_label (dialog, response)));
  else
    gtk_window_close (GTK_WINDOW (dialog));
  ui_wait (has_result, self);
  g_assert_cmpint (cw_dialog_confirm_finish (self->widget, self->result), ==,
                   g_strcmp0 (response, "yes") == 0);
}

static void
test_error (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "“a&b” is in use.");
  AdwMessageDialog *dialog;

  cw_dialog_show_error (self->widget, "It Could Not Be Deleted", error);
  ui_settle ();
  dialog = find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_true (ui_says (GTK_WIDGET (dialog), "“a&b” is in use."));
  gtk_window_close (GTK_WINDOW (dialog));
  ui_settle ();
}

static void
test_open_closed (Fixture *self, gconstpointer data)
{
  cw_dialog_open_async (self->widget, "Choose", TRUE, result_cb, self);
  ui_settle ();
  gtk_dialog_response (find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG), GTK_RESPONSE_CANCEL);
  ui_wait (has_result, self);
  g_assert_null (cw_dialog_open_finish (self->widget, self->result));
}

static void
test_save_closed (Fixture *self, gconstpointer data)
{
  GtkFileChooser *chooser;
  g_autofree char *name = NULL;

  cw_dialog_save_async (self->widget, "Save", "request.csr", result_cb, self);
  ui_settle ();
  chooser = find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG);
  name = gtk_file_chooser_get_current_name (chooser);
  g_assert_cmpstr (name, ==, "request.csr");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  ui_wait (has_result, self);
  g_assert_null (cw_dialog_save_finish (self->widget, self->result));
}

#define add(path, function, data)                                                                  \
  g_test_add ("/dialogs/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("confirm/yes", test_confirm, "yes");
  add ("confirm/cancel", test_confirm, "cancel");
  add ("confirm/closed", test_confirm, NULL);
  add ("error", test_error, NULL);
  add ("open/closed", test_open_closed, NULL);
  add ("save/closed", test_save_closed, NULL);

  return ui_test_run ();
}

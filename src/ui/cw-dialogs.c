/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-dialogs.h"

static GtkWindow *
get_window (GtkWidget *widget)
{
  return GTK_WINDOW (gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW));
}

static void
confirm_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, g_str_equal (response, "yes"));
}

static void
open_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog)),
                           g_object_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
save_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)),
                           g_object_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
}

/* The task keeps the chooser alive for as long as it is open. */
static void
show_chooser (GTask *task, GtkFileChooserNative *chooser, GCallback response_cb)
{
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", response_cb, task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static GtkWidget *
label_new (const char *text, const char *css_class, GtkAccessibleRole role)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  GtkWidget *label;

  /* None within a name or an address. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode",
                        PANGO_WRAP_WORD_CHAR, "justify", GTK_JUSTIFY_CENTER, "max-width-chars", 40,
                        "attributes", attributes, "accessible-role", role, NULL);
  gtk_widget_add_css_class (label, css_class);
  pango_attr_list_unref (attributes);
  return label;
}

/* The texts are labels of ours: a heading of the dialog's own does not wrap, and
 * libadwaita 1.7 with GTK 4.18 warns of its width whatever it says. They scroll where
 * large text leaves no room for the buttons. */
static AdwMessageDialog *
dialog_new (GtkWidget *widget, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (widget), NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled =
      g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                    "propagate-natural-height", TRUE, "vexpand", TRUE, "child", box, NULL);

  gtk_box_append (GTK_BOX (box), label_new (heading, "title-2", GTK_ACCESSIBLE_ROLE_HEADING));
  gtk_box_append (GTK_BOX (box), label_new (body, "body", GTK_ACCESSIBLE_ROLE_LABEL));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), scrolled);
  gtk_window_set_title (GTK_WINDOW (dialog), heading); /* what a screen reader says first */
  return ADW_MESSAGE_DIALOG (dialog);
}

void
cw_dialog_confirm_async (GtkWidget *widget,
                         const char *heading,
                         const char *body,
                         const char *verb,
                         gboolean destructive,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  AdwMessageDialog *dialog;
  GTask *task;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  task = g_task_new (widget, NULL, callback, user_data);
  dialog = dialog_new (widget, heading, body);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "yes", verb, NULL);
  adw_message_dialog_set_response_appearance (
      dialog, "yes", destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, destructive ? "cancel" : "yes");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (confirm_response_cb), task);
  cw_accessibility_name_buttons (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
cw_dialog_confirm_finish (GtkWidget *widget, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, widget), FALSE);

  return g_task_propagate_boolean (G_TASK (result), NULL);
}

void
cw_dialog_show_error (GtkWidget *widget, const char *heading, const GError *error)
{
  AdwMessageDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (error != NULL);

  dialog = dialog_new (widget, heading, error->message);
  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  cw_accessibility_name_buttons (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
cw_dialog_open_async (GtkWidget *widget,
                      const char *title,
                      gboolean multiple,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GtkFileChooserNative *chooser;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  chooser = gtk_file_chooser_native_new (title, get_window (widget), GTK_FILE_CHOOSER_ACTION_OPEN,
                                         _ ("_Open"), _ ("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), multiple);
  show_chooser (g_task_new (widget, NULL, callback, user_data), chooser,
                G_CALLBACK (open_response_cb));
}

void
cw_dialog_open_folder_async (GtkWidget *widget,
                             const char *title,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GtkFileChooserNative *chooser;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  chooser = gtk_file_chooser_native_new (title, get_window (widget),
                                         GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Open"),
                                         _ ("_Cancel"));
  show_chooser (g_task_new (widget, NULL, callback, user_data), chooser,
                G_CALLBACK (open_response_cb));
}

GListModel *
cw_dialog_open_finish (GtkWidget *widget, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, widget), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
cw_dialog_save_async (GtkWidget *widget,
                      const char *title,
                      const char *name,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GtkFileChooserNative *chooser;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  chooser = gtk_file_chooser_native_new (title, get_window (widget), GTK_FILE_CHOOSER_ACTION_SAVE,
                                         _ ("_Save"), _ ("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  show_chooser (g_task_new (widget, NULL, callback, user_data), chooser,
                G_CALLBACK (save_response_cb));
}

GFile *
cw_dialog_save_finish (GtkWidget *widget, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, widget), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

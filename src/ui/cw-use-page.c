/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-clipboard.h"
#include "cw-dialogs.h"
#include "cw-file.h"
#include "cw-keyring.h"
#include "cw-output-view.h"
#include "cw-output.h"
#include "cw-problem-view.h"
#include "cw-use-page.h"

struct _CwUsePage
{
  CwPage parent_instance;

  CwProblemView *problem;
  GtkWidget *no_verify_group;
  AdwPreferencesGroup *output_group;
  CwOutputView *output_view;
  GtkWidget *copy_button;
  GtkWidget *save_button;
  GtkWidget *clipboard_note;
  GtkLabel *file_note;
  AdwPreferencesGroup *where_group;

  CwProfile *profile;
  const CwProfileOutput *output; /* the profile's */
  CwSecret *key;                 /* from the keyring, while the page is shown */
  CwSecret *text;                /* the output, as it will be pasted */
  GPtrArray *output_rows;
  GPtrArray *where_rows;
  GtkCheckButton *first_output;
  GCancellable *cancellable;
  guint n_renderings; /* so that only the latest is shown */
  gboolean filling;
};

/* One filling in of an output, in a thread. */
typedef struct
{
  guint number;
  CwProfile *profile;
  const CwProfileOutput *output; /* the profile's */
  CwChain *chain;
  CwSecret *key;
  char *server_cas;
  gboolean verify_server;
  CwSecret *text;
} Rendering;

G_DEFINE_FINAL_TYPE (CwUsePage, cw_use_page, CW_TYPE_PAGE)

/* The output */

static void
rendering_free (Rendering *work)
{
  g_clear_object (&work->profile);
  g_clear_object (&work->chain);
  g_clear_pointer (&work->key, cw_secret_unref);
  g_clear_pointer (&work->text, cw_secret_unref);
  g_free (work->server_cas);
  g_free (work);
}

/* Checks a key and reads certificates: with a large file of CAs that takes its time. */
static void
render_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Rendering *work = task_data;
  const CwOutputValues values = {
    .key = work->key,
    .chain = work->chain,
    .server_cas = work->server_cas,
    .verify_server = work->verify_server,
  };
  GError *error = NULL;

  if (work->output && (work->key || !work->output->secret))
    work->text = cw_output_render (work->profile, work->output, &values, &error);

  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
show_output (CwUsePage *self, CwSecret *text)
{
  g_clear_pointer (&self->text, cw_secret_unref);
  self->text = text ? cw_secret_ref (text) : NULL;
  cw_output_view_set_text (self->output_view, self->profile, self->output, text);
  gtk_widget_set_sensitive (self->copy_button, text != NULL);
  gtk_widget_set_sensitive (self->save_button, text != NULL);
}

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwUsePage) self = user_data;
  Rendering *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (work->number != self->n_renderings)
    return; /* something was changed, or the page left, since */

  if (error || self->key)
    cw_problem_view_set_error (self->problem, error, FALSE);
  show_output (self, work->text);
}

/* A task may end in its thread, where no widget may: none holds the page, its callback does. */
static void
render (CwUsePage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  g_autoptr (GTask) task = g_task_new (NULL, NULL, rendered_cb, g_object_ref (self));
  Rendering *work = g_new0 (Rendering, 1);

  work->number = ++self->n_renderings;
  work->profile = self->profile ? g_object_ref (self->profile) : NULL;
  work->output = self->output;
  work->chain = g_object_ref (cw_identity_get_chain (identity));
  work->key = self->key ? cw_secret_ref (self->key) : NULL;
  work->server_cas = cw_identity_dup_server_cas_pem (identity);
  work->verify_server = cw_identity_get_verify_server (identity);
  g_task_set_task_data (task, work, (GDestroyNotify) rendering_free);
  g_task_run_in_thread (task, render_thread);
}

static void
key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwUsePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) key = cw_keyring_lookup_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  cw_page_set_activity (CW_PAGE (self), NULL);
  g_clear_pointer (&self->key, cw_secret_unref);
  self->key = g_steal_pointer (&key);
  cw_problem_view_set_error (self->problem, error, TRUE);
  render (self);
}

static void
look_up_key (CwUsePage *self)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_page_set_activity (CW_PAGE (self), _ ("Getting the key from the keyring…"));
  cw_keyring_lookup_async (cw_identity_get_id (identity),
                           cw_identity_get_key_fingerprint (identity), self->cancellable, key_cb,
                           g_object_ref (self));
}

static void
fill_where (CwUsePage *self)
{
  for (guint i = 0; i < self->where_rows->len; i++)
    adw_preferences_group_remove (self->where_group, self->where_rows->pdata[i]);
  g_ptr_array_set_size (self->where_rows, 0);

  for (guint i = 0; self->output->where && self->output->where[i]; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      GtkWidget *label = gtk_label_new (number);
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                     self->output->where[i], "title-lines", 0, NULL);

      gtk_widget_add_css_class (label, "step-number");
      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), label);
      adw_preferences_group_add (self->where_group, row);
      g_ptr_array_add (self->where_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->where_group), self->where_rows->len > 0);
}

static void
output_toggled_cb (CwUsePage *self, GtkCheckButton *check)
{
  if (!gtk_check_button_get_active (check))
    return;

  self->output = g_object_get_data (G_OBJECT (check), "output");
  gtk_widget_set_visible (self->clipboard_note, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->file_note), FALSE);
  fill_where (self);
  if (!self->filling)
    render (self);
}

static void
add_output (CwUsePage *self, const CwProfileOutput *output)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", output->title,
                                 "subtitle", output->description ? output->description : "",
                                 "subtitle-lines", 0, "activatable-widget", check, NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  output->title, -1);
  g_object_set_data (G_OBJECT (check), "output", (gpointer) output);
  if (self->first_output)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->first_output);
  else
    self->first_output = GTK_CHECK_BUTTON (check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (output_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (self->output_group, row);
  g_ptr_array_add (self->output_rows, row);
}

static void
fill_outputs (CwUsePage *self)
{
  for (guint i = 0; i < self->output_rows->len; i++)
    adw_preferences_group_remove (self->output_group, self->output_rows->pdata[i]);
  g_ptr_array_set_size (self->output_rows, 0);
  self->first_output = NULL;
  self->output = NULL;

  for (guint i = 0; self->profile && i < cw_profile_get_n_outputs (self->profile); i++)
    add_output (self, cw_profile_get_output (self->profile, i));
  if (self->first_output)
    gtk_check_button_set_active (self->first_output, TRUE);
}

/* Copy and save */

/* Emptied, or something else was copied. */
static void
clipboard_changed_cb (CwUsePage *self, GdkClipboard *clipboard)
{
  gtk_widget_set_visible (self->clipboard_note, FALSE);
  g_signal_handlers_disconnect_by_func (clipboard, clipboard_changed_cb, self);
}

static void
copy_clicked_cb (CwUsePage *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));

  if (self->output->secret)
    cw_clipboard_copy_secret (GTK_WIDGET (self), self->text);
  else
    gdk_clipboard_set_text (clipboard, cw_secret_peek (self->text));

  g_signal_connect_object (clipboard, "changed", G_CALLBACK (clipboard_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->clipboard_note, self->output->secret);
  cw_page_toast (CW_PAGE (self), _ ("Copied"));
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CwSecret *text = task_data;
  GFile *file = g_object_get_data (G_OBJECT (task), "file");
  GError *error = NULL;

  if (cw_file_save_private (file, text, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwUsePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *note = NULL;

  cw_page_set_activity (CW_PAGE (self), NULL);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      cw_problem_view_set_error (self->problem, error, FALSE);
      return;
    }

  cw_page_toast (CW_PAGE (self), _ ("Saved: only you can read the file"));
  name = g_file_get_parse_name (g_object_get_data (G_OBJECT (result), "file"));
  /* Translators: %s is the path of a file */
  note =
      g_strdup_printf (_ ("“%s” holds the private key. Delete it once it has been pasted."), name);
  gtk_label_set_label (self->file_note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->file_note), self->output && self->output->secret);
}

static void
save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwUsePage *self = CW_USE_PAGE (source);
  g_autoptr (GFile) file = cw_dialog_save_finish (GTK_WIDGET (self), result);
  g_autoptr (GTask) task = NULL;

  if (!file || !self->text)
    return;

  cw_page_set_activity (CW_PAGE (self), _ ("Saving…"));
  task = g_task_new (NULL, NULL, saved_cb, g_object_ref (self));
  g_object_set_data_full (G_OBJECT (task), "file", g_object_ref (file), g_object_unref);
  g_task_set_task_data (task, cw_secret_ref (self->text), (GDestroyNotify) cw_secret_unref);
  g_task_run_in_thread (task, save_thread);
}

static void
save_clicked_cb (CwUsePage *self)
{
  cw_dialog_save_async (GTK_WIDGET (self), _ ("Save the Configuration"), self->output->file_name,
                        save_chosen_cb, NULL);
}

/* The page */

static void
cw_use_page_enter (CwPage *page)
{
  CwUsePage *self = CW_USE_PAGE (page);
  g_autofree char *title = NULL;

  g_clear_object (&self->profile);
  self->profile = cw_page_dup_profile (page);

  /* Translators: %s is the consumer's name: "Use It: PlaceOS Driver or Module" */
  title = self->profile ? g_strdup_printf (_ ("Use It: %s"), cw_profile_get_name (self->profile))
                        : NULL;
  cw_page_set_title (page, title ? title : _ ("Use It"));
  cw_page_set_description (
      page, self->profile
                ? _ ("Choose what to paste, and paste it exactly as it stands. Certwright "
                     "has read it back and checked it.")
                : _ ("What this certificate is for is no longer known: its profile has "
                     "been removed."));
  gtk_widget_set_visible (self->clipboard_note, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->file_note), FALSE);
  self->filling = TRUE;
  fill_outputs (self);
  self->filling = FALSE;
  gtk_widget_set_visible (self->no_verify_group,
                          !cw_identity_get_verify_server (cw_page_get_identity (page)));
  gtk_widget_set_visible (GTK_WIDGET (self->output_group), self->output != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->output_view), self->output != NULL);
  cw_page_set_complete (page, TRUE);
  look_up_key (self);
}

static void
cw_use_page_leave (CwPage *page)
{
  CwUsePage *self = CW_USE_PAGE (page);

  g_cancellable_cancel (self->cancellable);
  cw_page_set_activity (page, NULL);
  self->n_renderings++;
  g_clear_pointer (&self->key, cw_secret_unref);
  show_output (self, NULL);
}

static void
cw_use_page_dispose (GObject *object)
{
  CwUsePage *self = CW_USE_PAGE (object);

  self->n_renderings++; /* what is under way is no longer shown */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->key, cw_secret_unref);
  g_clear_pointer (&self->text, cw_secret_unref);
  g_clear_pointer (&self->output_rows, g_ptr_array_unref);
  g_clear_pointer (&self->where_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_use_page_parent_class)->dispose (object);
}

static void
cw_use_page_class_init (CwUsePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_use_page_dispose;
  CW_PAGE_CLASS (klass)->enter = cw_use_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_use_page_leave;

  g_type_ensure (CW_TYPE_OUTPUT_VIEW);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-use-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, no_verify_group);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, output_group);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, output_view);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, save_button);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, clipboard_note);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, file_note);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, where_group);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, look_up_key);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
}

static void
cw_use_page_init (CwUsePage *self)
{
  self->output_rows = g_ptr_array_new ();
  self->where_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

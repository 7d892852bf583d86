/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-button-box.h"
#include "cw-clipboard.h"
#include "cw-dialogs.h"
#include "cw-file.h"
#include "cw-keyring.h"
#include "cw-output-view.h"
#include "cw-passphrase-group.h"
#include "cw-problem-view.h"
#include "cw-rendering.h"
#include "cw-use-page.h"

struct _CwUsePage
{
  CwPage parent_instance;

  CwProblemView *problem;
  GtkWidget *no_verify_group;
  AdwPreferencesGroup *output_group;
  CwPassphraseGroup *passphrase_group;
  CwOutputView *output_view;
  GtkWidget *copy_button;
  GtkWidget *save_button;
  GtkWidget *save_all_button;
  GtkWidget *clipboard_note;
  GtkLabel *file_note;
  AdwPreferencesGroup *files_group;
  AdwPreferencesGroup *where_group;

  CwProfile *profile;
  const CwProfileOutput *output; /* the profile's */
  CwSecret *key;                 /* from the keyring, while the page is shown */
  CwSecret *text;                /* the output, as it will be pasted */
  GPtrArray *output_rows;
  GPtrArray *where_rows;
  GPtrArray *file_rows;
  GHashTable *files; /* where outputs were saved, by their ids, since the page was entered */
  GtkCheckButton *first_output;
  GCancellable *cancellable;
  guint n_renderings; /* so that only the latest is shown */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (CwUsePage, cw_use_page, CW_TYPE_PAGE)

/* The output */

/* With a passphrase there is nothing to look at before it is saved. */
static gboolean
is_shown (CwUsePage *self)
{
  return self->output && self->output->is_text && !self->output->needs_passphrase;
}

static gboolean
set_needs_passphrase (CwUsePage *self)
{
  for (guint i = 0; self->profile && i < cw_profile_get_n_outputs (self->profile); i++)
    {
      const CwProfileOutput *output = cw_profile_get_output (self->profile, i);

      if (output->in_set && output->needs_passphrase)
        return TRUE;
    }
  return FALSE;
}

static void
update_buttons (CwUsePage *self)
{
  const gboolean set_locked = set_needs_passphrase (self);
  gboolean complete;

  g_object_get (self->passphrase_group, "complete", &complete, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->passphrase_group),
                          set_locked || (self->output && self->output->needs_passphrase));
  gtk_widget_set_sensitive (self->copy_button, self->text != NULL);
  gtk_widget_set_sensitive (self->save_button,
                            is_shown (self) ? self->text != NULL : self->key && complete);
  gtk_widget_set_sensitive (self->save_all_button, self->key && (complete || !set_locked));
}

static void
show_output (CwUsePage *self, CwSecret *text)
{
  g_clear_pointer (&self->text, cw_secret_unref);
  self->text = text ? cw_secret_ref (text) : NULL;
  cw_output_view_set_text (self->output_view, self->profile, self->output, text);
  update_buttons (self);
}

typedef struct
{
  CwUsePage *page;
  guint number;
} Asking;

static void
asking_free (Asking *asking)
{
  g_object_unref (asking->page);
  g_free (asking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asking) asking = user_data;
  CwUsePage *self = asking->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) text = cw_rendering_run_finish (result, &error);

  if (asking->number != self->n_renderings)
    return; /* something was changed, or the page left, since */

  if (error || self->key)
    cw_problem_view_set_error (self->problem, error, FALSE);
  show_output (self, text);
}

static CwRendering *
create_rendering (CwUsePage *self)
{
  CwRendering *rendering = cw_rendering_new (cw_page_get_identity (CW_PAGE (self)), self->profile,
                                             self->output, self->key);
  g_autoptr (CwSecret) passphrase = cw_passphrase_group_dup_passphrase (self->passphrase_group);

  cw_rendering_set_passphrase (rendering, passphrase);
  cw_rendering_set_files (rendering, self->files);
  return rendering;
}

static void
render (CwUsePage *self)
{
  Asking *asking;

  self->n_renderings++;
  if (!is_shown (self))
    {
      show_output (self, NULL);
      return;
    }

  asking = g_new (Asking, 1);
  asking->page = g_object_ref (self);
  asking->number = self->n_renderings;
  cw_rendering_run_async (create_rendering (self), rendered_cb, asking);
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
  adw_preferences_group_set_title (self->where_group, self->output->type == CW_PROFILE_OUTPUT_YAML
                                                          ? _ ("Where to Paste It")
                                                          : _ ("How to Use It"));
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
  gtk_widget_set_visible (GTK_WIDGET (self->output_view), is_shown (self));
  gtk_widget_set_visible (self->copy_button, is_shown (self));
  cw_passphrase_group_set_weak (self->passphrase_group, self->output->weak);
  fill_where (self);
  update_buttons (self);
  if (!self->filling)
    render (self);
}

/* What has nothing to say is there, so that nobody looks for it, but cannot be chosen. */
static void
add_output (CwUsePage *self, const CwProfileOutput *output, CwRendering *rendering)
{
  g_autofree char *empty = cw_rendering_explain_empty (rendering, output);
  const char *description = output->description ? output->description : "";
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", output->title,
                                 "subtitle", empty ? empty : description, "subtitle-lines", 0,
                                 "activatable-widget", check, "sensitive", empty == NULL, NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  cw_accessibility_name_switch (check, output->title);
  g_object_set_data (G_OBJECT (check), "output", (gpointer) output);
  if (self->first_output)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->first_output);
  else if (!empty)
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
  g_autoptr (CwRendering) rendering =
      self->profile
          ? cw_rendering_new (cw_page_get_identity (CW_PAGE (self)), self->profile, NULL, NULL)
          : NULL;

  for (guint i = 0; i < self->output_rows->len; i++)
    adw_preferences_group_remove (self->output_group, self->output_rows->pdata[i]);
  g_ptr_array_set_size (self->output_rows, 0);
  self->first_output = NULL;
  self->output = NULL;

  for (guint i = 0; self->profile && i < cw_profile_get_n_outputs (self->profile); i++)
    add_output (self, cw_profile_get_output (self->profile, i), rendering);
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

/* What is saved; a page that was left shows nothing of it. */
typedef struct
{
  CwUsePage *page;
  CwIdentity *identity;
  const CwProfileOutput *output;
  GFile *file;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->page);
  g_object_unref (saving->identity);
  g_object_unref (saving->file);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static Saving *
saving_new (CwUsePage *self, GFile *file)
{
  Saving *saving = g_new (Saving, 1);

  saving->page = g_object_ref (self);
  saving->identity = g_object_ref (cw_page_get_identity (CW_PAGE (self)));
  saving->output = self->output;
  saving->file = g_object_ref (file);
  return saving;
}

static void
show_file_note (CwUsePage *self, const CwProfileOutput *output, const char *name)
{
  g_autofree char *note = NULL;

  if (output->needs_passphrase)
    /* Translators: %s is the path of a file */
    note = g_strdup_printf (_ ("“%s” holds the private key, protected by the passphrase."), name);
  else if (output->type == CW_PROFILE_OUTPUT_YAML)
    note = g_strdup_printf (_ ("“%s” holds the private key. Delete it once it has been pasted."),
                            name);
  else
    note = g_strdup_printf (_ ("“%s” holds the private key. Give it to nobody else."), name);
  gtk_label_set_label (self->file_note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->file_note), output->secret);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  CwUsePage *self = saving->page;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = cw_file_get_shown_name (saving->file);
  g_autofree char *path = NULL;
  const gboolean saved = cw_rendering_save_finish (result, &error);

  if (cw_page_get_identity (CW_PAGE (self)) != saving->identity)
    return;

  cw_page_set_activity (CW_PAGE (self), NULL);
  if (error)
    cw_problem_view_set_error (self->problem, error, FALSE);
  if (!saved || self->output != saving->output)
    return;

  cw_page_toast (CW_PAGE (self), _ ("Saved: only you can read the file"));
  show_file_note (self, saving->output, name);
  path = cw_file_find_outside (g_file_peek_path (saving->file));
  if (!path)
    path = g_file_get_basename (saving->file); /* all that the portal tells */
  if (saving->output->in_set)
    g_hash_table_insert (self->files, g_strdup (saving->output->id), g_steal_pointer (&path));
}

static void
save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwUsePage *self = CW_USE_PAGE (source);
  g_autoptr (GFile) file = cw_dialog_save_finish (GTK_WIDGET (self), result);

  if (!file || !self->output || !gtk_widget_get_sensitive (self->save_button))
    return;

  cw_page_set_activity (CW_PAGE (self), _ ("Saving…"));
  cw_rendering_save_async (create_rendering (self), file, saved_cb, saving_new (self, file));
}

static void
save_clicked_cb (CwUsePage *self)
{
  cw_dialog_save_async (GTK_WIDGET (self),
                        self->output->type == CW_PROFILE_OUTPUT_YAML ? _ ("Save the Configuration")
                                                                     : _ ("Save the File"),
                        self->output->file_name, save_chosen_cb, NULL);
}

/* All files */

static void
clear_files (CwUsePage *self)
{
  for (guint i = 0; i < self->file_rows->len; i++)
    adw_preferences_group_remove (self->files_group, self->file_rows->pdata[i]);
  g_ptr_array_set_size (self->file_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->files_group), FALSE);
}

static void
show_files (CwUsePage *self, GPtrArray *files)
{
  clear_files (self);
  for (guint i = 0; i < files->len; i++)
    {
      const CwOutputFile *file = files->pdata[i];
      g_autofree char *name = g_filename_display_basename (file->path);
      g_autofree char *path = g_filename_display_name (file->path);
      GtkWidget *row =
          g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, "subtitle",
                        g_path_is_absolute (file->path) ? path : "", "subtitle-lines", 0, NULL);

      adw_preferences_group_add (self->files_group, row);
      g_ptr_array_add (self->file_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->files_group), TRUE);
}

static void
all_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  CwUsePage *self = saving->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = cw_rendering_save_set_finish (result, &error);

  if (cw_page_get_identity (CW_PAGE (self)) != saving->identity)
    return;

  cw_page_set_activity (CW_PAGE (self), NULL);
  if (!files)
    {
      cw_problem_view_set_error (self->problem, error, FALSE);
      return;
    }

  g_clear_pointer (&self->files, g_hash_table_unref);
  self->files = cw_output_set_get_paths (files);
  show_files (self, files);
  cw_page_toast (CW_PAGE (self), _ ("All files saved"));
  render (self); /* commands have the files' names now */
}

static void
folder_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwUsePage *self = CW_USE_PAGE (source);
  g_autoptr (GListModel) chosen = cw_dialog_open_finish (GTK_WIDGET (self), result);
  g_autoptr (GFile) folder = chosen ? g_list_model_get_item (chosen, 0) : NULL;

  if (!folder || !gtk_widget_get_sensitive (self->save_all_button))
    return;

  cw_page_set_activity (CW_PAGE (self), _ ("Saving…"));
  cw_rendering_save_set_async (create_rendering (self), folder, all_saved_cb,
                               saving_new (self, folder));
}

static void
save_all_clicked_cb (CwUsePage *self)
{
  cw_dialog_open_folder_async (GTK_WIDGET (self), _ ("Choose a Folder for the Files"),
                               folder_chosen_cb, NULL);
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
                ? _ ("Choose what the consumer needs, and use it exactly as it stands. Certwright "
                     "has read it back and checked it.")
                : _ ("What this certificate is for is no longer known: its profile has "
                     "been removed."));
  gtk_widget_set_visible (self->clipboard_note, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->file_note), FALSE);
  g_hash_table_remove_all (self->files);
  clear_files (self);
  cw_passphrase_group_clear (self->passphrase_group);
  self->filling = TRUE;
  fill_outputs (self);
  self->filling = FALSE;
  gtk_widget_set_visible (self->no_verify_group,
                          !cw_identity_get_verify_server (cw_page_get_identity (page)));
  gtk_widget_set_visible (GTK_WIDGET (self->output_group), self->output != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->output_view), is_shown (self));
  gtk_widget_set_visible (self->save_all_button,
                          self->profile && cw_profile_get_has_set (self->profile));
  update_buttons (self);
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
  cw_passphrase_group_clear (self->passphrase_group);
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
  g_clear_pointer (&self->file_rows, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_hash_table_unref);

  G_OBJECT_CLASS (cw_use_page_parent_class)->dispose (object);
}

static void
cw_use_page_class_init (CwUsePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_use_page_dispose;
  CW_PAGE_CLASS (klass)->enter = cw_use_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_use_page_leave;

  g_type_ensure (CW_TYPE_BUTTON_BOX);
  g_type_ensure (CW_TYPE_OUTPUT_VIEW);
  g_type_ensure (CW_TYPE_PASSPHRASE_GROUP);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-use-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, no_verify_group);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, output_group);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, passphrase_group);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, output_view);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, save_button);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, save_all_button);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, clipboard_note);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, file_note);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, files_group);
  gtk_widget_class_bind_template_child (widget_class, CwUsePage, where_group);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, look_up_key);
  gtk_widget_class_bind_template_callback (widget_class, save_all_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_buttons);
}

static void
cw_use_page_init (CwUsePage *self)
{
  self->output_rows = g_ptr_array_new ();
  self->where_rows = g_ptr_array_new ();
  self->file_rows = g_ptr_array_new ();
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-dialogs.h"
#include "cw-export-format.h"
#include "cw-export-page.h"
#include "cw-file.h"
#include "cw-keyring.h"
#include "cw-passphrase-group.h"
#include "cw-problem-view.h"
#include "cw-save.h"

/* What is saved, from the button on; a page that was left, or is another's by now, shows
 * nothing of it. */
typedef struct
{
  CwExportPage *page;
  CwIdentity *identity;
  const CwExportFormat *format;
  CwSecret *passphrase;
  gboolean with_root;
  GFile *file;
} Saving;

struct _CwExportPage
{
  AdwBin parent_instance;

  GtkWidget *back_button;
  GtkSpinner *spinner;
  GtkLabel *title;
  AdwPreferencesGroup *format_group;
  GtkWidget *root_group;
  GtkSwitch *root_switch;
  CwPassphraseGroup *passphrase_group;
  CwProblemView *problem;
  GtkWidget *save_button;
  GtkLabel *file_note;

  CwIdentity *identity;
  const CwExportFormat *format;
  GPtrArray *checks; /* of each format, not owned */
  GCancellable *cancellable;
  Saving *saving; /* what is under way, not owned; NULL for nothing */
};

G_DEFINE_FINAL_TYPE (CwExportPage, cw_export_page, ADW_TYPE_BIN)

enum
{
  BACK,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
back_clicked_cb (CwExportPage *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
toast (CwExportPage *self, const char *text)
{
  g_signal_emit (self, signals[TOAST], 0, text);
}

/* What is chosen */

static void
update_button (CwExportPage *self)
{
  gboolean complete;

  g_object_get (self->passphrase_group, "complete", &complete, NULL);
  gtk_widget_set_sensitive (self->save_button,
                            self->format && !self->saving &&
                                (complete || !cw_export_has_passphrase (self->format->kind)));
}

/* Whether there is a root that could be left out. */
static gboolean
has_root (CwIdentity *identity)
{
  CwChain *chain = cw_identity_get_chain (identity);

  return chain && cw_chain_is_complete (chain) && cw_chain_get_certificates (chain)->len > 1;
}

static void
show_note (CwExportPage *self, const char *note)
{
  gtk_label_set_label (self->file_note, note ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->file_note), note != NULL);
}

static void
show_format (CwExportPage *self)
{
  const CwExportKind kind = self->format->kind;

  gtk_widget_set_visible (self->root_group,
                          cw_export_has_chain (kind) && has_root (self->identity));
  gtk_widget_set_visible (GTK_WIDGET (self->passphrase_group), cw_export_has_passphrase (kind));
  cw_passphrase_group_set_weak (self->passphrase_group, kind == CW_EXPORT_PKCS12_OLD);
}

static void
show_nothing_saved (CwExportPage *self)
{
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  show_note (self, NULL);
}

static void
format_toggled_cb (CwExportPage *self, GtkCheckButton *check)
{
  if (!gtk_check_button_get_active (check))
    return;

  self->format = g_object_get_data (G_OBJECT (check), "format");
  show_format (self);
  show_nothing_saved (self);
  update_button (self);
}

static void
add_format (CwExportPage *self, const CwExportFormat *format)
{
  const char *title = _ (format->title);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "title-lines", 0, "subtitle", _ (format->description),
                                 "subtitle-lines", 0, "activatable-widget", check, NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  cw_accessibility_name_switch (check, title);
  g_object_set_data (G_OBJECT (check), "format", (gpointer) format);
  if (self->checks->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->checks->pdata[0]);
  g_signal_connect_object (check, "toggled", G_CALLBACK (format_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (self->format_group, row);
  g_ptr_array_add (self->checks, check);
}

/* Those that can be made; the first of them is chosen, unless another one was. */
static void
fill_formats (CwExportPage *self)
{
  const CwExportFormat *chosen = NULL;
  GtkCheckButton *check = NULL;

  for (guint i = 0; i < self->checks->len; i++)
    {
      const CwExportFormat *format = g_object_get_data (self->checks->pdata[i], "format");
      GtkWidget *row = gtk_widget_get_ancestor (self->checks->pdata[i], ADW_TYPE_ACTION_ROW);
      const gboolean fits = cw_export_format_fits (format, self->identity);

      gtk_widget_set_visible (row, fits);
      if (fits && (!chosen || format == self->format))
        {
          chosen = format;
          check = self->checks->pdata[i];
        }
    }

  self->format = chosen;
  if (check)
    {
      gtk_check_button_set_active (check, TRUE);
      show_format (self);
    }
}

static void
explain_missing (CwExportPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = cw_identity_require_chain (self->identity, &error)
                              ? NULL
                              : g_markup_escape_text (error->message, -1);

  adw_preferences_group_set_description (self->format_group, text);
}

static void
fill (CwExportPage *self)
{
  g_autofree char *title = cw_identity_get_title (self->identity);

  gtk_label_set_label (self->title, title);
  explain_missing (self);
  fill_formats (self);
  update_button (self);
}

/* What is being saved is shown to its end; a page that is not seen is filled when it is. */
static void
changed_cb (CwExportPage *self)
{
  if (!self->saving && gtk_widget_get_mapped (GTK_WIDGET (self)))
    fill (self);
}

/* Saving */

static void
saving_free (Saving *saving)
{
  g_clear_object (&saving->page);
  g_clear_object (&saving->identity);
  g_clear_object (&saving->file);
  g_clear_pointer (&saving->passphrase, cw_secret_unref);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

/* NULL: nothing is under way any more; what is, is left alone. */
static void
set_saving (CwExportPage *self, Saving *saving)
{
  const gboolean busy = saving != NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (busy)
    self->cancellable = g_cancellable_new ();
  self->saving = saving;

  /* The keyboard goes first: an entry that is made insensitive while it has it
   * never learns that it has lost it. */
  if (busy)
    gtk_widget_grab_focus (self->back_button);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->format_group), !busy);
  gtk_widget_set_sensitive (self->root_group, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->passphrase_group), !busy);
  update_button (self);
}

/* (transfer none): whether @saving is still what the page is about; then it has ended. */
static gboolean
end_saving (Saving *saving)
{
  CwExportPage *self = saving->page;

  if (self->saving != saving)
    return FALSE;

  set_saving (self, NULL);
  fill (self); /* it may have changed meanwhile */
  gtk_widget_grab_focus (self->save_button);
  return TRUE;
}

static void
show_saved (CwExportPage *self, GFile *file)
{
  g_autofree char *name = cw_file_get_shown_name (file);
  /* Translators: %s is the path of a file */
  g_autofree char *note =
      g_strdup_printf (_ ("“%s” holds the private key, protected by the passphrase."), name);

  show_note (self, note);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  CwExportPage *self = saving->page;
  const gboolean secret = cw_export_has_key (saving->format->kind);
  g_autoptr (GError) error = NULL;
  const gboolean saved = cw_export_format_save_finish (result, &error);
  const gboolean shown = end_saving (saving);

  if (saved)
    toast (self, secret ? _ ("Saved: only you can read the file") : _ ("Certificate saved"));
  if (shown && saved && secret)
    show_saved (self, saving->file);
  else if (shown)
    cw_problem_view_set_error (self->problem, error, FALSE);
  else if (!saved)
    toast (self, error->message); /* whoever has left believes that it was saved */
}

/* (transfer full): @saving */
static void
write_file (Saving *saving, CwSecret *key)
{
  cw_export_format_save_async (saving->format, saving->identity, key, saving->passphrase,
                               saving->with_root, saving->file, saved_cb, saving);
}

static void
key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) key = cw_keyring_lookup_finish (result, &error);

  if (saving->page->saving != saving)
    return; /* the page was left */

  if (key)
    write_file (g_steal_pointer (&saving), key);
  else if (end_saving (saving))
    cw_problem_view_set_error (saving->page->problem, error, FALSE);
}

static gboolean
get_with_root (CwExportPage *self)
{
  return gtk_widget_get_visible (self->root_group) && gtk_switch_get_active (self->root_switch);
}

/* Whether the page still asks for what the file was chosen for. */
static gboolean
can_begin (Saving *saving)
{
  CwExportPage *self = saving->page;

  return gtk_widget_get_mapped (GTK_WIDGET (self)) && self->identity == saving->identity &&
         self->format == saving->format && gtk_widget_get_sensitive (self->save_button);
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  CwExportPage *self = saving->page;

  saving->file = cw_dialog_save_finish (GTK_WIDGET (self), result);
  if (!saving->file || !can_begin (saving))
    return;

  if (cw_export_has_passphrase (saving->format->kind))
    saving->passphrase = cw_passphrase_group_dup_passphrase (self->passphrase_group);
  saving->with_root = get_with_root (self);

  show_nothing_saved (self);
  set_saving (self, saving);
  if (cw_export_has_key (saving->format->kind))
    cw_keyring_lookup_async (cw_identity_get_id (self->identity),
                             cw_identity_get_key_fingerprint (self->identity), self->cancellable,
                             key_cb, g_steal_pointer (&saving));
  else
    write_file (g_steal_pointer (&saving), NULL);
}

static void
save_clicked_cb (CwExportPage *self)
{
  g_autofree char *title = cw_identity_get_title (self->identity);
  g_autofree char *name = cw_save_suggest_name (title, self->format->extension);
  Saving *saving = g_new0 (Saving, 1);

  saving->page = g_object_ref (self);
  saving->identity = g_object_ref (self->identity);
  saving->format = self->format;
  cw_dialog_save_async (GTK_WIDGET (self),
                        cw_export_has_key (self->format->kind)
                            ? _ ("Save the File")
                            : _ ("Save the Certificate with Its Chain"),
                        name, file_chosen_cb, saving);
}

/* The page */

/* Whatever came instead of it: the passphrase does not stay. */
static void
cw_export_page_unmap (GtkWidget *widget)
{
  CwExportPage *self = CW_EXPORT_PAGE (widget);

  GTK_WIDGET_CLASS (cw_export_page_parent_class)->unmap (widget);

  set_saving (self, NULL);
  cw_passphrase_group_clear (self->passphrase_group);
}

static void
cw_export_page_dispose (GObject *object)
{
  CwExportPage *self = CW_EXPORT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, changed_cb, self);
  g_clear_object (&self->identity);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_export_page_parent_class)->dispose (object);
}

static void
cw_export_page_class_init (CwExportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_export_page_dispose;
  widget_class->unmap = cw_export_page_unmap;

  signals[BACK] = g_signal_new ("back", CW_TYPE_EXPORT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[TOAST] = g_signal_new ("toast", CW_TYPE_EXPORT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CW_TYPE_PASSPHRASE_GROUP);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-export-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, title);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, format_group);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, root_group);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, root_switch);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, passphrase_group);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, CwExportPage, file_note);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_button);
}

static void
cw_export_page_init (CwExportPage *self)
{
  self->checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (const CwExportFormat *format = cw_export_formats_get (); format->title; format++)
    add_format (self, format);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

CwIdentity *
cw_export_page_get_identity (CwExportPage *self)
{
  g_return_val_if_fail (CW_IS_EXPORT_PAGE (self), NULL);

  return self->identity;
}

void
cw_export_page_set_identity (CwExportPage *self, CwIdentity *identity)
{
  g_return_if_fail (CW_IS_EXPORT_PAGE (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, changed_cb, self);
  g_set_object (&self->identity, identity);
  g_signal_connect_object (identity, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->format = NULL;
  gtk_switch_set_active (self->root_switch, FALSE);
  cw_passphrase_group_clear (self->passphrase_group);
  set_saving (self, NULL);
  show_nothing_saved (self);
  fill (self);
}

void
cw_export_page_focus_content (CwExportPage *self)
{
  g_return_if_fail (CW_IS_EXPORT_PAGE (self));

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (self->checks->pdata[i]))
      gtk_widget_grab_focus (self->checks->pdata[i]);
}

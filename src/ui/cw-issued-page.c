/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-accessibility.h"
#include "cw-date.h"
#include "cw-dialogs.h"
#include "cw-enrolment.h"
#include "cw-error.h"
#include "cw-file.h"
#include "cw-fingerprint.h"
#include "cw-info-button.h"
#include "cw-issued-page.h"
#include "cw-keyring.h"
#include "cw-problem-view.h"
#include "cw-rows.h"
#include "cw-save.h"
#include "cw-usage.h"

struct _CwIssuedPage
{
  AdwBin parent_instance;

  AdwWindowTitle *window_title;
  GtkWidget *scroller;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *status;
  CwProblemView *problem;
  GtkWidget *nginx_row;
  AdwPreferencesGroup *details_group;
  GtkWidget *revoke_group;
  AdwExpanderRow *reason_row;
  GtkWidget *revoke_button;

  CwStore *store;
  CwIssued *issued;
  GPtrArray *detail_rows; /* not owned */
  GtkCheckButton *reasons[CW_N_REVOCATION_REASONS];
};

G_DEFINE_FINAL_TYPE (CwIssuedPage, cw_issued_page, ADW_TYPE_BIN)

enum
{
  BACK,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Three files for a server, on their way into a folder. */
typedef struct
{
  CwIssuedPage *page;
  CwSecret *key;
  char *folder; /* a new one */
  char *name;   /* of the files, without what follows the dot */
  char *leaf;
  char *chain;
} ServerFiles;

static void
back_clicked_cb (CwIssuedPage *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
toast (CwIssuedPage *self, const char *text)
{
  g_signal_emit (self, signals[TOAST], 0, text);
}

static CwCertificate *
get_certificate (CwIssuedPage *self)
{
  return cw_issued_get_certificate (self->issued);
}

/* (transfer full): the certificate, then the CA's */
static char *
dup_chain_pem (CwIssuedPage *self)
{
  CwIdentity *authority = cw_store_find (self->store, cw_issued_get_authority_id (self->issued));
  CwChain *chain = authority ? cw_identity_get_chain (authority) : NULL;
  g_autofree char *leaf = cw_certificate_to_pem (get_certificate (self));
  g_autofree char *issuers = chain ? cw_chain_to_pem (chain, TRUE) : g_strdup ("");

  return g_strconcat (leaf, issuers, NULL);
}

/* Files */

static void
copy_activated_cb (CwIssuedPage *self)
{
  g_autofree char *pem = cw_certificate_to_pem (get_certificate (self));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), pem);
  toast (self, _ ("Certificate copied"));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (source);
  g_autoptr (GError) error = NULL;

  if (cw_save_finish (GTK_WIDGET (self), result, &error))
    toast (self, _ ("Certificate saved"));
  cw_problem_view_set_error (self->problem, error, FALSE);
}

static void
save_activated_cb (CwIssuedPage *self)
{
  CwCertificate *certificate = get_certificate (self);
  g_autofree char *name = cw_save_suggest_name (cw_certificate_get_title (certificate), ".crt");
  g_autofree char *pem = cw_certificate_to_pem (certificate);

  cw_save_async (GTK_WIDGET (self), _ ("Save the Certificate"), name, pem, saved_cb, NULL);
}

static void
save_chain_activated_cb (CwIssuedPage *self)
{
  g_autofree char *name =
      cw_save_suggest_name (cw_certificate_get_title (get_certificate (self)), "-fullchain.crt");
  g_autofree char *pem = dup_chain_pem (self);

  cw_save_async (GTK_WIDGET (self), _ ("Save the Certificate with Its Chain"), name, pem, saved_cb,
                 NULL);
}

/* Key, certificate and chain for a server */

static void
server_files_free (ServerFiles *files)
{
  g_clear_object (&files->page);
  g_clear_pointer (&files->key, cw_secret_unref);
  g_free (files->folder);
  g_free (files->name);
  g_free (files->leaf);
  g_free (files->chain);
  g_free (files);
}

static char *
get_path (ServerFiles *files, const char *extension)
{
  g_autofree char *name = g_strconcat (files->name, extension, NULL);

  return g_build_filename (files->folder, name, NULL);
}

static gboolean
write_public (ServerFiles *files, const char *extension, const char *text, GError **error)
{
  g_autofree char *path = get_path (files, extension);
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));

  return cw_file_replace (path, content, FALSE, error);
}

static gboolean
write_key (ServerFiles *files, GError **error)
{
  g_autofree char *path = get_path (files, ".key");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return cw_file_save_private (file, files->key, error);
}

/* All or nothing. */
static void
remove_files (ServerFiles *files)
{
  static const char *const extensions[] = { ".key", ".crt", "-fullchain.crt" };

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      g_autofree char *path = get_path (files, extensions[i]);

      g_unlink (path);
    }
  g_rmdir (files->folder);
}

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ServerFiles *files = task_data;
  GError *error = NULL;

  if (g_mkdir (files->folder, 0700) != 0)
    {
      const int saved = errno;

      g_task_return_new_error (task, CW_ERROR, CW_ERROR_FAILED,
                               _ ("The folder “%s” could not be made: %s. Choose another place."),
                               files->folder, g_strerror (saved));
      return;
    }

  if (write_key (files, &error) && write_public (files, ".crt", files->leaf, &error) &&
      write_public (files, "-fullchain.crt", files->chain, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  remove_files (files);
  g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (source);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    toast (self, _ ("Files saved"));
  cw_problem_view_set_error (self->problem, error, FALSE);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ServerFiles *files = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;

  files->key = cw_keyring_lookup_finish (result, &error);
  if (!files->key)
    {
      cw_problem_view_set_error (files->page->problem, error, FALSE);
      server_files_free (files);
      return;
    }

  task = g_task_new (files->page, NULL, written_cb, NULL);
  g_task_set_task_data (task, files, (GDestroyNotify) server_files_free);
  g_task_run_in_thread (task, write_thread);
}

static void
folder_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (source);
  g_autoptr (GListModel) chosen = cw_dialog_open_finish (GTK_WIDGET (self), result);
  g_autoptr (GFile) parent = chosen ? g_list_model_get_item (chosen, 0) : NULL;
  const char *fingerprint = cw_certificate_get_key_fingerprint (get_certificate (self));
  CwIdentity *identity = cw_store_find_by_key (self->store, fingerprint);
  g_autofree char *folder = NULL;
  ServerFiles *files;

  if (!parent || !identity || !g_file_peek_path (parent))
    return;

  files = g_new0 (ServerFiles, 1);
  files->page = g_object_ref (self);
  files->name = cw_save_suggest_name (cw_certificate_get_title (get_certificate (self)), "");
  folder = g_strconcat (files->name, "-nginx", NULL);
  files->folder = g_build_filename (g_file_peek_path (parent), folder, NULL);
  files->leaf = cw_certificate_to_pem (get_certificate (self));
  files->chain = dup_chain_pem (self);
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_keyring_lookup_async (cw_identity_get_id (identity), fingerprint, NULL, looked_up_cb, files);
}

static void
nginx_activated_cb (CwIssuedPage *self)
{
  cw_dialog_open_folder_async (GTK_WIDGET (self), _ ("Where to Save a Folder with the Files"),
                               folder_chosen_cb, NULL);
}

/* Revoking */

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwIssuedPage) self = user_data;
  g_autoptr (GError) error = NULL;

  gtk_widget_set_sensitive (self->revoke_button, TRUE);
  if (cw_enrolment_revoke_finish (CW_STORE (source), result, &error))
    toast (self, _ ("Revoked"));
  cw_problem_view_set_error (self->problem, error, FALSE);
}

static CwRevocationReason
get_reason (CwIssuedPage *self)
{
  CwRevocationReason reason = CW_REVOCATION_UNSPECIFIED;

  while (reason + 1 < CW_N_REVOCATION_REASONS &&
         !gtk_check_button_get_active (self->reasons[reason]))
    reason++;
  return reason;
}

static void
reason_toggled_cb (CwIssuedPage *self)
{
  adw_expander_row_set_subtitle (self->reason_row,
                                 cw_revocation_reason_get_title (get_reason (self)));
}

static void
revoke_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (source);
  g_autoptr (CwIssued) issued = user_data;

  if (!cw_dialog_confirm_finish (GTK_WIDGET (self), result))
    return;

  gtk_widget_set_sensitive (self->revoke_button, FALSE);
  cw_enrolment_revoke_async (self->store, issued, get_reason (self), NULL, revoked_cb,
                             g_object_ref (self));
}

static void
revoke_clicked_cb (CwIssuedPage *self)
{
  g_autofree char *heading =
      g_strdup_printf (_ ("Revoke “%s”?"), cw_certificate_get_title (get_certificate (self)));

  cw_dialog_confirm_async (GTK_WIDGET (self), heading,
                           _ ("It cannot be taken back. Servers refuse the certificate as soon as "
                              "they have the next revocation list."),
                           _ ("_Revoke"), TRUE, revoke_confirmed_cb, g_object_ref (self->issued));
}

/* What it is */

static void
add_row (CwIssuedPage *self, GtkWidget *row)
{
  adw_preferences_group_add (self->details_group, row);
  g_ptr_array_add (self->detail_rows, row);
}

static void
add_detail (CwIssuedPage *self, const char *title, const char *value)
{
  GtkWidget *row;

  if (!value || *value == '\0')
    return;

  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", value,
                      "subtitle-lines", 0, NULL);
  add_row (self, row);
}

static void
fill_details (CwIssuedPage *self, CwCertificate *certificate)
{
  GDateTime *revoked_at = cw_issued_get_revoked_at (self->issued);
  g_autofree char *revoked = revoked_at ? cw_date_format (revoked_at, NULL) : NULL;
  g_autofree char *issued = cw_date_format (cw_issued_get_issued_at (self->issued), NULL);
  g_autofree char *until = cw_date_format (cw_certificate_get_not_after (certificate), NULL);
  g_autofree char *subject = cw_subject_to_string (cw_certificate_get_subject (certificate));
  g_autofree char *names = cw_rows_join_alt_names (cw_certificate_get_alt_names (certificate));
  g_autofree char *usages = cw_rows_join_usages (cw_certificate_get_usages (certificate));

  for (guint i = 0; i < self->detail_rows->len; i++)
    adw_preferences_group_remove (self->details_group, self->detail_rows->pdata[i]);
  g_ptr_array_set_size (self->detail_rows, 0);

  add_detail (self, _ ("Revoked"), revoked);
  if (revoked)
    add_detail (self, _ ("Reason"),
                cw_revocation_reason_get_title (cw_issued_get_reason (self->issued)));
  add_detail (self, _ ("Signed"), issued);
  add_detail (self, _ ("Valid until"), until);
  add_detail (self, _ ("Subject"), subject);
  add_detail (self, _ ("Alternative names"), names);
  add_detail (self, _ ("Usages"), usages);
  add_detail (self, _ ("Key"), cw_certificate_get_key_title (certificate));
  add_detail (self, _ ("Serial number"), cw_certificate_get_serial (certificate));
  add_row (self, cw_fingerprint_row_new (_ ("Fingerprint (SHA-256)"),
                                         cw_certificate_get_fingerprint (certificate)));
}

static void
fill (CwIssuedPage *self)
{
  CwCertificate *certificate = get_certificate (self);
  const gboolean revoked = cw_issued_is_revoked (self->issued);
  const char *classes[] = { revoked ? "error" : "success", NULL };
  const char *title = cw_certificate_get_title (certificate);
  g_autofree char *status = cw_issued_get_status (self->issued, NULL);
  g_autofree char *text = g_strdup_printf (
      "%s\n%s", status,
      _ ("Servers refuse it once they have a new revocation list: write one, and hand it out."));
  CwIdentity *here =
      cw_store_find_by_key (self->store, cw_certificate_get_key_fingerprint (certificate));

  adw_window_title_set_title (self->window_title, title);
  gtk_image_set_from_icon_name (self->icon,
                                revoked ? "action-unavailable-symbolic" : "object-select-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->status, revoked ? text : status);
  gtk_widget_set_visible (self->nginx_row, here != NULL && !revoked);
  gtk_widget_set_visible (self->revoke_group, !revoked);
  gtk_widget_set_visible (self->revoke_button, !revoked);
  fill_details (self, certificate);
}

static void
cw_issued_page_dispose (GObject *object)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (object);

  if (self->issued)
    g_signal_handlers_disconnect_by_func (self->issued, fill, self);
  g_clear_object (&self->issued);
  g_clear_object (&self->store);
  g_clear_pointer (&self->detail_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_issued_page_parent_class)->dispose (object);
}

static void
cw_issued_page_class_init (CwIssuedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_issued_page_dispose;

  signals[BACK] = g_signal_new ("back", CW_TYPE_ISSUED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[TOAST] = g_signal_new ("toast", CW_TYPE_ISSUED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-issued-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, icon);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, title);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, status);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, nginx_row);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, details_group);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, revoke_group);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, reason_row);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, revoke_button);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_chain_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, nginx_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, revoke_clicked_cb);
}

/* Rows, not a list that drops down: that would cut the sentences. */
static void
add_reason (CwIssuedPage *self, CwRevocationReason reason)
{
  const char *title = cw_revocation_reason_get_title (reason);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "title-lines", 0, "activatable-widget", check, NULL);

  self->reasons[reason] = GTK_CHECK_BUTTON (check);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  if (reason > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->reasons[0]);
  g_signal_connect_object (check, "toggled", G_CALLBACK (reason_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_expander_row_add_row (self->reason_row, row);
}

static void
cw_issued_page_init (CwIssuedPage *self)
{
  self->detail_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (CwRevocationReason reason = 0; reason < CW_N_REVOCATION_REASONS; reason++)
    add_reason (self, reason);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

void
cw_issued_page_set_store (CwIssuedPage *self, CwStore *store)
{
  g_return_if_fail (CW_IS_ISSUED_PAGE (self));
  g_return_if_fail (CW_IS_STORE (store));

  g_set_object (&self->store, store);
}

void
cw_issued_page_set_issued (CwIssuedPage *self, CwIssued *issued)
{
  g_return_if_fail (CW_IS_ISSUED_PAGE (self));
  g_return_if_fail (CW_IS_ISSUED (issued));

  if (self->issued)
    g_signal_handlers_disconnect_by_func (self->issued, fill, self);
  g_set_object (&self->issued, issued);
  g_signal_connect_object (issued, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  gtk_check_button_set_active (self->reasons[CW_REVOCATION_UNSPECIFIED], TRUE);
  adw_expander_row_set_expanded (self->reason_row, FALSE);
  fill (self);
}

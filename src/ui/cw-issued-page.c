/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-date.h"
#include "cw-dialogs.h"
#include "cw-enrolment.h"
#include "cw-fingerprint.h"
#include "cw-info-button.h"
#include "cw-issued-page.h"
#include "cw-keyring.h"
#include "cw-problem-view.h"
#include "cw-rendering.h"
#include "cw-rows.h"
#include "cw-save.h"
#include "cw-text.h"
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
  AdwPreferencesGroup *files_group;
  AdwPreferencesGroup *details_group;
  GtkWidget *revoke_group;
  AdwExpanderRow *reason_row;
  GtkWidget *revoke_button;

  CwStore *store;
  GListModel *profiles;
  CwIssued *issued;
  GPtrArray *server_rows; /* not owned */
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

/* Files for a server, on their way into a folder. */
typedef struct
{
  CwIssuedPage *page;
  CwIssued *issued;
  CwIdentity *identity;
  CwProfile *profile;
  GFile *folder;
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
  g_clear_object (&files->issued);
  g_clear_object (&files->identity);
  g_clear_object (&files->profile);
  g_clear_object (&files->folder);
  g_free (files);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerFiles, server_files_free)

static char *
join_names (GPtrArray *files)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < files->len; i++)
    {
      const CwOutputFile *file = files->pdata[i];
      g_autofree char *name = g_filename_display_basename (file->path);

      cw_text_append_item (names, name);
    }
  return g_string_free (names, FALSE);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ServerFiles) files = user_data;
  CwIssuedPage *self = files->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) written = cw_rendering_save_set_finish (result, &error);
  g_autofree char *names = written ? join_names (written) : NULL;
  /* Translators: %s is the names of files */
  g_autofree char *text = names ? g_strdup_printf (_ ("Saved: %s"), names) : NULL;

  if (text)
    toast (self, text);
  if (self->issued == files->issued)
    cw_problem_view_set_error (self->problem, error, FALSE);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ServerFiles) files = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) key = cw_keyring_lookup_finish (result, &error);
  CwRendering *rendering;
  GFile *folder = files->folder;

  if (!key)
    {
      if (files->page->issued == files->issued)
        cw_problem_view_set_error (files->page->problem, error, FALSE);
      return;
    }

  rendering = cw_rendering_new (files->identity, files->profile, NULL, key);
  cw_rendering_save_set_async (rendering, folder, written_cb, g_steal_pointer (&files));
}

static void
folder_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (source);
  g_autoptr (ServerFiles) files = user_data;
  g_autoptr (GListModel) chosen = cw_dialog_open_finish (GTK_WIDGET (self), result);
  const char *id = cw_identity_get_id (files->identity);
  const char *fingerprint = cw_identity_get_key_fingerprint (files->identity);

  files->folder = chosen ? g_list_model_get_item (chosen, 0) : NULL;
  if (!files->folder || !cw_identity_get_chain (files->identity))
    return;

  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_keyring_lookup_async (id, fingerprint, NULL, looked_up_cb, g_steal_pointer (&files));
}

/* (transfer none) (nullable): the entry that has this very certificate, and so its key */
static CwIdentity *
find_identity (CwIssuedPage *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      const gboolean has_key =
          g_strcmp0 (cw_identity_get_key_fingerprint (identity),
                     cw_certificate_get_key_fingerprint (get_certificate (self))) == 0;
      CwChain *chain = has_key ? cw_identity_get_chain (identity) : NULL;

      if (chain && cw_certificate_equal (cw_chain_get_leaf (chain), get_certificate (self)))
        return identity; /* the store keeps it */
    }
  return NULL;
}

static void
server_activated_cb (CwIssuedPage *self, GtkWidget *row)
{
  CwIdentity *identity = find_identity (self);
  ServerFiles *files;

  if (!identity)
    return;

  files = g_new0 (ServerFiles, 1);
  files->page = g_object_ref (self);
  files->issued = g_object_ref (self->issued);
  files->identity = g_object_ref (identity);
  files->profile = g_object_ref (g_object_get_data (G_OBJECT (row), "profile"));
  cw_dialog_open_folder_async (GTK_WIDGET (self), _ ("Choose a Folder for the Files"),
                               folder_chosen_cb, files);
}

static void
add_server_row (CwIssuedPage *self, CwProfile *profile)
{
  /* Translators: %s is a consumer, as in "nginx" */
  g_autofree char *title =
      g_strdup_printf (_ ("Save with Key for %s…"), cw_profile_get_short_name (profile));
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "folder-symbolic", "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", _ ("Key, certificate and chain, into a folder"),
                                 "title-lines", 0, "subtitle-lines", 0, "activatable", TRUE, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  g_object_set_data_full (G_OBJECT (row), "profile", g_object_ref (profile), g_object_unref);
  g_signal_connect_object (row, "activated", G_CALLBACK (server_activated_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->files_group, row);
  g_ptr_array_add (self->server_rows, row);
}

/* What cannot be saved without a passphrase is saved from its own entry. */
static gboolean
is_servers (CwProfile *profile)
{
  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    {
      const CwProfileOutput *output = cw_profile_get_output (profile, i);

      if (output->in_set && output->needs_passphrase)
        return FALSE;
    }
  return cw_profile_get_only_serves (profile) && cw_profile_get_has_set (profile);
}

/* Of a server's certificate whose key is here: what each kind of server needs. */
static void
fill_servers (CwIssuedPage *self)
{
  const char *const *usages = cw_certificate_get_usages (get_certificate (self));
  const gboolean serves = usages && g_strv_contains (usages, CW_USAGE_SERVER_AUTH);

  cw_rows_clear (self->files_group, self->server_rows);
  if (!serves || cw_issued_is_revoked (self->issued) || !find_identity (self))
    return;

  for (guint i = 0; i < g_list_model_get_n_items (self->profiles); i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (self->profiles, i);

      if (is_servers (profile))
        add_server_row (self, profile);
    }
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

  cw_rows_clear (self->details_group, self->detail_rows);

  add_detail (self, C_ ("before a date", "Revoked"), revoked);
  if (revoked)
    add_detail (self, _ ("Reason"),
                cw_revocation_reason_get_title (cw_issued_get_reason (self->issued)));
  add_detail (self, C_ ("before a date", "Signed"), issued);
  add_detail (self, C_ ("before a date", "Valid until"), until);
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

  adw_window_title_set_title (self->window_title, title);
  gtk_image_set_from_icon_name (self->icon,
                                revoked ? "action-unavailable-symbolic" : "object-select-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->status, revoked ? text : status);
  gtk_widget_set_visible (self->revoke_group, !revoked);
  gtk_widget_set_visible (self->revoke_button, !revoked);
  fill_details (self, certificate);
  fill_servers (self);
}

static void
cw_issued_page_dispose (GObject *object)
{
  CwIssuedPage *self = CW_ISSUED_PAGE (object);

  if (self->issued)
    g_signal_handlers_disconnect_by_func (self->issued, fill, self);
  g_clear_object (&self->issued);
  g_clear_object (&self->store);
  g_clear_object (&self->profiles);
  g_clear_pointer (&self->detail_rows, g_ptr_array_unref);
  g_clear_pointer (&self->server_rows, g_ptr_array_unref);

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
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, files_group);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, details_group);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, revoke_group);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, reason_row);
  gtk_widget_class_bind_template_child (widget_class, CwIssuedPage, revoke_button);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_chain_activated_cb);
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
  cw_accessibility_name_switch (check, title);
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
  self->server_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (CwRevocationReason reason = 0; reason < CW_N_REVOCATION_REASONS; reason++)
    add_reason (self, reason);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

void
cw_issued_page_set_store (CwIssuedPage *self, CwStore *store, GListModel *profiles)
{
  g_return_if_fail (CW_IS_ISSUED_PAGE (self));
  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (G_IS_LIST_MODEL (profiles));

  g_set_object (&self->store, store);
  g_set_object (&self->profiles, profiles);
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

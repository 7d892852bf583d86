/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-authority-page.h"
#include "cw-enrolment.h"
#include "cw-fingerprint.h"
#include "cw-identity-cell.h"
#include "cw-info-button.h"
#include "cw-life-bar.h"
#include "cw-problem-view.h"
#include "cw-rows.h"
#include "cw-save.h"

/* How many of what was signed are shown at first, and with each "Show More". */
#define N_ISSUED 20

struct _CwAuthorityPage
{
  AdwBin parent_instance;

  AdwWindowTitle *window_title;
  GtkWidget *scroller;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *status;
  GtkWidget *sign_button;
  CwLifeBar *life_bar;
  CwProblemView *problem;
  AdwPreferencesGroup *waiting_group;
  GtkWidget *crl_row;
  GtkListBox *issued_list;
  GtkWidget *more_button;
  AdwPreferencesGroup *details_group;
  GtkWidget *commands_button;
  GtkWidget *delete_button;

  CwStore *store;
  CwIdentity *identity;
  GPtrArray *waiting_rows; /* not owned */
  GPtrArray *detail_rows;  /* not owned */
  GtkSliceListModel *issued;
  GCancellable *cancellable; /* what was begun for this identity */
};

G_DEFINE_FINAL_TYPE (CwAuthorityPage, cw_authority_page, ADW_TYPE_BIN)

enum
{
  BACK,
  SIGN,
  OPEN_ISSUED,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
back_clicked_cb (CwAuthorityPage *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
toast (CwAuthorityPage *self, const char *text)
{
  g_signal_emit (self, signals[TOAST], 0, text);
}

static CwCertificate *
get_certificate (CwAuthorityPage *self)
{
  CwChain *chain = cw_identity_get_chain (self->identity);

  return chain ? cw_chain_get_leaf (chain) : NULL;
}

/* What waits here */

static void
sign_clicked_cb (CwAuthorityPage *self)
{
  g_signal_emit (self, signals[SIGN], 0, NULL);
}

static void
sign_waiting_cb (CwAuthorityPage *self, GtkWidget *button)
{
  g_signal_emit (self, signals[SIGN], 0, g_object_get_data (G_OBJECT (button), "identity"));
}

static void
add_waiting (CwAuthorityPage *self, CwIdentity *identity)
{
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  /* Translators: %s is the name of a request: "Sign device-7" */
  g_autofree char *name = g_strdup_printf (_ ("Sign %s"), title);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Sign…"));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", status, "activatable-widget", button, NULL);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  /* By what it does, and not also by the row. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "identity", g_object_ref (identity), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (sign_waiting_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->waiting_group, row);
  g_ptr_array_add (self->waiting_rows, row);
}

static void
fill_waiting (CwAuthorityPage *self)
{
  GListModel *model = G_LIST_MODEL (self->store);

  cw_rows_clear (self->waiting_group, self->waiting_rows);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (model, i);

      if (cw_identity_get_state (identity, NULL) == CW_IDENTITY_WAITING)
        add_waiting (self, identity);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_group), self->waiting_rows->len > 0);
}

/* What it has signed */

/* A serial number has 16 bytes; the first four tell them apart for the eye. */
static char *
shorten_serial (const char *serial)
{
  return strlen (serial) > 11 ? g_strdup_printf ("%.11s…", serial) : g_strdup (serial);
}

static void
update_issued_row (AdwActionRow *row, CwIssued *issued)
{
  CwCertificate *certificate = cw_issued_get_certificate (issued);
  g_autofree char *serial = shorten_serial (cw_certificate_get_serial (certificate));
  g_autofree char *status = cw_issued_get_status (issued, NULL);
  /* Translators: a certificate’s state, then its serial number: "Valid until 3 May 2027 · 0A…" */
  g_autofree char *subtitle = g_strdup_printf (_ ("%s · %s"), status, serial);

  adw_action_row_set_subtitle (row, subtitle);
}

static GtkWidget *
issued_row_new (gpointer item, gpointer user_data)
{
  CwIssued *issued = item;
  const char *title = cw_certificate_get_title (cw_issued_get_certificate (issued));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle-lines", 0, "activatable", TRUE, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  g_object_set_data_full (G_OBJECT (row), "issued", g_object_ref (issued), g_object_unref);
  g_signal_connect_object (issued, "changed", G_CALLBACK (update_issued_row), row,
                           G_CONNECT_SWAPPED);
  update_issued_row (ADW_ACTION_ROW (row), issued);
  return row;
}

static void
issued_activated_cb (CwAuthorityPage *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[OPEN_ISSUED], 0, g_object_get_data (G_OBJECT (row), "issued"));
}

static void
update_more (CwAuthorityPage *self)
{
  GListModel *all = gtk_slice_list_model_get_model (self->issued);

  gtk_widget_set_visible (self->more_button,
                          all && g_list_model_get_n_items (all) >
                                     gtk_slice_list_model_get_size (self->issued));
}

static void
more_clicked_cb (CwAuthorityPage *self)
{
  gtk_slice_list_model_set_size (self->issued,
                                 gtk_slice_list_model_get_size (self->issued) + N_ISSUED);
  update_more (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwAuthorityPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) issued = cw_store_load_issued_finish (CW_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  cw_problem_view_set_error (self->problem, error, FALSE);
  if (!issued)
    return;

  g_signal_connect_object (issued, "items-changed", G_CALLBACK (update_more), self,
                           G_CONNECT_SWAPPED);
  gtk_slice_list_model_set_model (self->issued, issued);
  update_more (self);
}

static void
load_issued (CwAuthorityPage *self)
{
  gtk_slice_list_model_set_model (self->issued, NULL);
  gtk_slice_list_model_set_size (self->issued, N_ISSUED);
  update_more (self);
  cw_store_load_issued_async (self->store, self->identity, self->cancellable, loaded_cb,
                              g_object_ref (self));
}

/* What servers need */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CwAuthorityPage *self = CW_AUTHORITY_PAGE (source);
  const char *text = user_data;
  g_autoptr (GError) error = NULL;

  if (cw_save_finish (GTK_WIDGET (self), result, &error))
    toast (self, text);
  cw_problem_view_set_error (self->problem, error, FALSE);
}

static void
export_activated_cb (CwAuthorityPage *self)
{
  CwCertificate *certificate = get_certificate (self);
  g_autofree char *name = cw_save_suggest_name (cw_certificate_get_title (certificate), ".pem");
  g_autofree char *pem = cw_certificate_to_pem (certificate);

  cw_save_async (GTK_WIDGET (self), _ ("Export the CA’s Certificate"), name, pem, saved_cb,
                 (gpointer) _ ("CA certificate saved"));
}

static void
copy_activated_cb (CwAuthorityPage *self)
{
  g_autofree char *pem = cw_certificate_to_pem (get_certificate (self));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), pem);
  toast (self, _ ("CA certificate copied"));
}

/* A list that is being signed. */
typedef struct
{
  CwAuthorityPage *page;
  CwIdentity *authority;
} Signing;

static void
signing_free (Signing *signing)
{
  g_object_unref (signing->page);
  g_object_unref (signing->authority);
  g_free (signing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Signing, signing_free)

/* The page may be gone by now, or show another CA: what was signed before is not for that one. */
static void
crl_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  CwAuthorityPage *self = signing->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCrl) crl = cw_enrolment_create_crl_finish (CW_STORE (source), result, &error);
  g_autofree char *name = NULL;
  g_autofree char *pem = NULL;

  if (self->identity != signing->authority)
    return;
  gtk_widget_set_sensitive (self->crl_row, TRUE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  cw_problem_view_set_error (self->problem, error, FALSE);
  if (!crl)
    return;

  name = cw_save_suggest_name (cw_certificate_get_title (get_certificate (self)), ".crl");
  pem = cw_crl_to_pem (crl);
  cw_save_async (GTK_WIDGET (self), _ ("Save the Revocation List"), name, pem, saved_cb,
                 (gpointer) _ ("Revocation list saved"));
}

static void
crl_activated_cb (CwAuthorityPage *self)
{
  Signing *signing = g_new (Signing, 1);

  signing->page = g_object_ref (self);
  signing->authority = g_object_ref (self->identity);
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  gtk_widget_set_sensitive (self->crl_row, FALSE);
  cw_enrolment_create_crl_async (self->store, self->identity, CW_CRL_DAYS, self->cancellable,
                                 crl_created_cb, signing);
}

/* What it is */

static void
add_row (CwAuthorityPage *self, GtkWidget *row)
{
  adw_preferences_group_add (self->details_group, row);
  g_ptr_array_add (self->detail_rows, row);
}

static void
add_detail (CwAuthorityPage *self, const char *title, const char *value)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", value, "subtitle-lines", 0, NULL);

  add_row (self, row);
}

static void
fill_details (CwAuthorityPage *self, CwCertificate *certificate)
{
  g_autofree char *subject = cw_subject_to_string (cw_certificate_get_subject (certificate));

  cw_rows_clear (self->details_group, self->detail_rows);
  add_detail (self, _ ("Subject"), subject);
  add_detail (self, _ ("Key"), cw_certificate_get_key_title (certificate));
  add_detail (self, _ ("Serial number"), cw_certificate_get_serial (certificate));
  add_row (self, cw_fingerprint_row_new (_ ("Fingerprint (SHA-256)"),
                                         cw_certificate_get_fingerprint (certificate)));
}

static void
fill_heading (CwAuthorityPage *self)
{
  const CwIdentityState state = cw_identity_get_state (self->identity, NULL);
  const char *classes[] = { cw_identity_state_get_css_class (state), NULL };
  g_autofree char *title = cw_identity_get_title (self->identity);
  g_autofree char *status = cw_identity_get_status (self->identity, NULL);
  /* Translators: what a certificate is for, then its state: "PlaceOS · Expires in 21 days" */
  g_autofree char *text = g_strdup_printf (_ ("%s · %s"), _ ("Private CA"), status);

  adw_window_title_set_title (self->window_title, title);
  gtk_image_set_from_icon_name (self->icon, CW_AUTHORITY_ICON_NAME);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->status, text);
  /* One that has ended signs nothing more. */
  gtk_widget_set_sensitive (self->sign_button, state != CW_IDENTITY_EXPIRED);
  gtk_widget_set_sensitive (GTK_WIDGET (self->waiting_group), state != CW_IDENTITY_EXPIRED);
}

static void
fill_life (CwAuthorityPage *self, CwCertificate *certificate)
{
  const CwIdentityState state = cw_identity_get_state (self->identity, NULL);

  cw_life_bar_set_life (self->life_bar, cw_certificate_get_not_before (certificate),
                        cw_certificate_get_not_after (certificate), NULL,
                        cw_identity_state_get_css_class (state));
}

static void
fill (CwAuthorityPage *self)
{
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  fill_heading (self);
  fill_life (self, get_certificate (self));
  fill_waiting (self);
  fill_details (self, get_certificate (self));
}

static void
cw_authority_page_dispose (GObject *object)
{
  CwAuthorityPage *self = CW_AUTHORITY_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_object (&self->identity);
  g_clear_object (&self->issued);
  g_clear_pointer (&self->waiting_rows, g_ptr_array_unref);
  g_clear_pointer (&self->detail_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_authority_page_parent_class)->dispose (object);
}

static void
cw_authority_page_class_init (CwAuthorityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GType type = CW_TYPE_AUTHORITY_PAGE;

  G_OBJECT_CLASS (klass)->dispose = cw_authority_page_dispose;

  signals[BACK] =
      g_signal_new ("back", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGN] = g_signal_new ("sign", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, CW_TYPE_IDENTITY);
  signals[OPEN_ISSUED] = g_signal_new ("open-issued", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, CW_TYPE_ISSUED);
  signals[TOAST] = g_signal_new ("toast", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_LIFE_BAR);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-authority-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, icon);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, title);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, status);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, sign_button);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, life_bar);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, waiting_group);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, crl_row);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, issued_list);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, more_button);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, details_group);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, commands_button);
  gtk_widget_class_bind_template_child (widget_class, CwAuthorityPage, delete_button);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, crl_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, issued_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_clicked_cb);
}

static void
cw_authority_page_init (CwAuthorityPage *self)
{
  self->waiting_rows = g_ptr_array_new ();
  self->detail_rows = g_ptr_array_new ();
  self->issued = gtk_slice_list_model_new (NULL, 0, N_ISSUED);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->issued_list, G_LIST_MODEL (self->issued), issued_row_new, NULL,
                           NULL);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

void
cw_authority_page_set_store (CwAuthorityPage *self, CwStore *store)
{
  g_return_if_fail (CW_IS_AUTHORITY_PAGE (self));
  g_return_if_fail (CW_IS_STORE (store));

  g_set_object (&self->store, store);
}

CwIdentity *
cw_authority_page_get_identity (CwAuthorityPage *self)
{
  g_return_val_if_fail (CW_IS_AUTHORITY_PAGE (self), NULL);

  return self->identity;
}

void
cw_authority_page_set_identity (CwAuthorityPage *self, CwIdentity *identity)
{
  g_return_if_fail (CW_IS_AUTHORITY_PAGE (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));
  g_return_if_fail (cw_identity_get_chain (identity) != NULL);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->commands_button), "s",
                                    cw_identity_get_id (identity));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->delete_button), "s",
                                    cw_identity_get_id (identity));
  gtk_widget_set_sensitive (self->crl_row, TRUE);
  /* What was signed meanwhile appears by itself; another CA's list does not. */
  if (g_set_object (&self->identity, identity) || !gtk_slice_list_model_get_model (self->issued))
    load_issued (self);
  fill (self);
}

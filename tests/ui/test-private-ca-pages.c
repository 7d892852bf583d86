/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages of a private CA, which share what they need: a CA with its key in the keyring.
 */

#include "config.h"

#include "cw-authority-page.h"
#include "cw-enrolment.h"
#include "cw-error.h"
#include "cw-grant-view.h"
#include "cw-issued-page.h"
#include "cw-reply-page.h"
#include "cw-sign-page.h"
#include "cw-usage.h"
#include "ui-test.h"
#include "whole-stacks.h"

#include "../core/pki.h"

typedef struct
{
  CwStore *store;
  CwIdentity *authority;
  GtkWidget *page;
  GtkWindow *window;
  guint n_back;
  CwIdentity *used;  /* not owned */
  CwIssued *opened;  /* not owned */
  guint n_signed;    /* how often "sign" came */
  CwIdentity *asked; /* not owned: what it came with */
} Fixture;

static void
created_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  cw_enrolment_create_authority_finish (CW_STORE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static CwIdentity *
create_authority (CwStore *store, const char *name)
{
  CwIdentity *authority = cw_identity_new_authority ();
  CwRequest *request = cw_identity_get_request (authority);
  gboolean created = FALSE;

  cw_subject_append (cw_request_get_subject (request), "CN", name);
  ui_store_save (store, authority);
  cw_enrolment_create_authority_async (store, authority, NULL, NULL, NULL, created_cb, &created);
  ui_wait (is_true, &created);
  return authority;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = ui_store_new ();
  self->authority = create_authority (self->store, "Test CA");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->window)
    ui_assert_window_freed (self->window, self->page);
  ui_assert_freed (self->store);
  ui_assert_freed (self->authority);
}

static void
back_cb (Fixture *self)
{
  self->n_back++;
}

static void
show (Fixture *self, GType type)
{
  self->page = g_object_new (type, NULL);
  g_signal_connect_swapped (self->page, "back", G_CALLBACK (back_cb), self);
  self->window = ui_show (self->page);
}

static void
find_and_press (Fixture *self, const char *label)
{
  ui_click (ui_find (self->page, GTK_TYPE_BUTTON, label));
}

static void
activate (Fixture *self, const char *title)
{
  g_signal_emit_by_name (ui_find (self->page, ADW_TYPE_ACTION_ROW, title), "activated");
  ui_settle ();
}

static void
set_checked (Fixture *self, const char *title, gboolean checked)
{
  GtkWidget *row = ui_find (self->page, ADW_TYPE_ACTION_ROW, title);

  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row))), checked);
  ui_settle ();
}

/* Signing */

static void
use_cb (Fixture *self, CwIdentity *identity)
{
  self->used = identity;
}

static void
show_sign_page (Fixture *self, CwIdentity *waiting)
{
  show (self, CW_TYPE_SIGN_PAGE);
  g_signal_connect_swapped (self->page, "use", G_CALLBACK (use_cb), self);
  cw_sign_page_set_store (CW_SIGN_PAGE (self->page), self->store);
  cw_sign_page_open (CW_SIGN_PAGE (self->page), self->authority, waiting);
  ui_settle ();
}

static const char *
get_step (Fixture *self)
{
  return gtk_stack_get_visible_child_name (ui_find_stack (self->page, "grant"));
}

static gboolean
is_done (gpointer data)
{
  return g_str_equal (get_step (data), "done");
}

static gboolean
is_granting (gpointer data)
{
  return g_str_equal (get_step (data), "grant");
}

static void
test_waiting (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("pump-3");
  CwChain *chain;

  ui_store_save (self->store, waiting);
  show_sign_page (self, waiting);
  g_assert_cmpstr (get_step (self), ==, "grant");
  g_assert_true (ui_says (self->page, "CN = pump-3"));
  set_checked (self, "Prove which server answers (server authentication)", TRUE);

  find_and_press (self, "Sign Certificate");
  ui_wait (is_done, self);
  chain = cw_identity_get_chain (waiting);
  g_assert_nonnull (chain);
  g_assert_cmpuint (cw_chain_get_certificates (chain)->len, ==, 2);
  g_assert_true (cw_certificate_has_usage (cw_chain_get_leaf (chain), CW_USAGE_SERVER_AUTH));
  g_assert_true (ui_says (self->page, "“pump-3” has its certificate now."));
  find_and_press (self, "Use It");
  g_assert_true (self->used == waiting);
  find_and_press (self, "Done");
  g_assert_cmpuint (self->n_back, ==, 1);
}

/* At least one usage, or it cannot be granted. */
static void
test_nothing_granted (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("pump-3");
  GtkWidget *button;

  ui_store_save (self->store, waiting);
  show_sign_page (self, waiting);
  button = ui_find (self->page, GTK_TYPE_BUTTON, "Sign Certificate");
  g_assert_true (gtk_widget_is_sensitive (button));
  set_checked (self, "Prove who is calling (client authentication)", FALSE);
  g_assert_false (gtk_widget_is_sensitive (button));
  set_checked (self, "Prove who is calling (client authentication)", TRUE);
  g_assert_true (gtk_widget_is_sensitive (button));

  find_and_press (self, "Back");
  g_assert_cmpuint (self->n_back, ==, 1);
  g_assert_null (cw_identity_get_chain (waiting));
}

static GFile *
write_file (const char *text)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "a.csr", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static void
drop (Fixture *self, const char *text)
{
  g_autoptr (GFile) file = write_file (text);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  g_list_store_append (files, file);
  cw_sign_page_add_files (CW_SIGN_PAGE (self->page), G_LIST_MODEL (files));
}

static gboolean
says_no_request (gpointer data)
{
  return ui_says (((Fixture *) data)->page, "no request and no key in it.");
}

static gboolean
says_certificate (gpointer data)
{
  return ui_says (((Fixture *) data)->page, "That is a certificate, not a request.");
}

static gboolean
says_several (gpointer data)
{
  return ui_says (((Fixture *) data)->page, "There are 2 requests in it.");
}

static void
test_file (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) elsewhere = ui_waiting_new ("elsewhere");
  g_autoptr (CwIdentity) another = ui_waiting_new ("another");
  g_autofree char *pem = cw_csr_to_pem (cw_identity_get_csr (elsewhere));
  g_autofree char *other = cw_csr_to_pem (cw_identity_get_csr (another));
  g_autofree char *both = g_strconcat (pem, other, NULL);
  g_autofree char *certificate =
      cw_certificate_to_pem (cw_chain_get_leaf (cw_identity_get_chain (self->authority)));

  show_sign_page (self, NULL);
  g_assert_cmpstr (get_step (self), ==, "source");
  drop (self, certificate);
  ui_wait (says_certificate, self);
  g_assert_cmpstr (get_step (self), ==, "source");
  drop (self, both);
  ui_wait (says_several, self);
  g_assert_cmpstr (get_step (self), ==, "source");
  drop (self, pem);
  ui_wait (is_granting, self);
  g_assert_false (says_certificate (self));

  /* Back to the choice, since it did not wait here. */
  find_and_press (self, "Back");
  g_assert_cmpstr (get_step (self), ==, "source");
  g_assert_cmpuint (self->n_back, ==, 0);
  drop (self, pem);
  ui_wait (is_granting, self);
  find_and_press (self, "Sign Certificate");
  ui_wait (is_done, self);
  g_assert_false (ui_is_shown (ui_find (self->page, GTK_TYPE_BUTTON, "Use It"), self->page));
}

static void
test_no_request (Fixture *self, gconstpointer data)
{
  show_sign_page (self, NULL);
  drop (self, "Hello");
  ui_wait (says_no_request, self);
  g_assert_cmpstr (get_step (self), ==, "source");
  find_and_press (self, "Back");
  g_assert_cmpuint (self->n_back, ==, 1);
}

/* The view of a grant */

static CwGrant *
grant_new (const char *const *hosts)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (GError) error = NULL;
  CwGrant *grant;

  cw_subject_append (cw_request_get_subject (request), "CN", "device-7");
  for (; *hosts; hosts++)
    {
      g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, *hosts);

      cw_request_add_alt_name (request, name);
    }
  csr = cw_request_create_csr (request, key, &error);
  g_assert_no_error (error);
  grant = cw_grant_new_from_csr (csr, &error);
  g_assert_no_error (error);
  return grant;
}

static char *
names_text (CwGrant *grant)
{
  GListModel *names = cw_request_get_alt_names (cw_grant_get_request (grant));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      g_string_append_printf (text, "%s ", cw_alt_name_get_value (name));
    }
  return g_string_free (text, FALSE);
}

#define assert_names(grant, expected)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *text_ = names_text (grant);                                                   \
                                                                                                   \
    g_assert_cmpstr (text_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_names (Fixture *self, gconstpointer data)
{
  const char *const hosts[] = { "a.example.com", "b.example.com", NULL };
  g_autoptr (CwGrant) grant = grant_new (hosts);
  GtkWidget *entry;

  self->page = g_object_new (CW_TYPE_GRANT_VIEW, NULL);
  self->window = ui_show (self->page);
  cw_grant_view_set_grant (CW_GRANT_VIEW (self->page), grant, NULL);
  g_assert_true (cw_grant_view_get_valid (CW_GRANT_VIEW (self->page)));

  set_checked (self, "a.example.com", FALSE);
  assert_names (grant, "b.example.com ");
  entry = ui_find (self->page, ADW_TYPE_ENTRY_ROW, "Add a name or address");
  ui_type (entry, "b.example.com");
  g_signal_emit_by_name (entry, "apply");
  g_assert_true (ui_says (self->page, "in the list already"));
  ui_type (entry, "192.0.2.7");
  g_assert_false (ui_says (self->page, "in the list already"));
  g_signal_emit_by_name (entry, "apply");
  assert_names (grant, "b.example.com 192.0.2.7 ");
  g_assert_true (ui_says (self->page, "Not asked for"));
  set_checked (self, "a.example.com", TRUE);
  assert_names (grant, "a.example.com b.example.com 192.0.2.7 ");
  ui_type (entry, "https://example.com/x");
  g_signal_emit_by_name (entry, "apply");
  ui_type (entry, "no name");
  g_signal_emit_by_name (entry, "apply");
  assert_names (grant, "a.example.com b.example.com 192.0.2.7 https://example.com/x ");
  cw_grant_view_set_grant (CW_GRANT_VIEW (self->page), NULL, NULL);
}

/* The CA's page, and what it has signed */

static void
sign_cb (Fixture *self, CwIdentity *identity)
{
  self->n_signed++;
  self->asked = identity;
}

static void
open_issued_cb (Fixture *self, CwIssued *issued)
{
  self->opened = issued;
}

static void
show_authority_page (Fixture *self)
{
  show (self, CW_TYPE_AUTHORITY_PAGE);
  g_signal_connect_swapped (self->page, "sign", G_CALLBACK (sign_cb), self);
  g_signal_connect_swapped (self->page, "open-issued", G_CALLBACK (open_issued_cb), self);
  cw_authority_page_set_store (CW_AUTHORITY_PAGE (self->page), self->store);
  cw_authority_page_set_identity (CW_AUTHORITY_PAGE (self->page), self->authority);
}

static void
issued_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwChain) chain = cw_enrolment_issue_finish (CW_STORE (source), result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (chain);
  *(gboolean *) data = TRUE;
}

static void
issue_for (Fixture *self, const char *host, const char *usage)
{
  const char *const hosts[] = { host, NULL };
  g_autoptr (CwGrant) grant = grant_new (hosts);
  gboolean done = FALSE;

  cw_grant_set_purpose (grant, usage);
  cw_enrolment_issue_async (self->store, self->authority, grant, NULL, NULL, issued_cb, &done);
  ui_wait (is_true, &done);
}

static void
issue (Fixture *self, const char *host)
{
  issue_for (self, host, CW_USAGE_CLIENT_AUTH);
}

static gboolean
lists_issued (gpointer data)
{
  return ui_look_for (((Fixture *) data)->page, ADW_TYPE_ACTION_ROW, "device-7") != NULL;
}

static void
test_authority (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("pump-3");
  GtkWidget *list;

  show_authority_page (self);
  g_assert_true (ui_says (self->page, "Private CA · Valid until"));
  g_assert_true (ui_says (self->page, "Nothing yet"));
  g_assert_false (ui_says (self->page, "Waiting Here"));
  find_and_press (self, "Sign a Request…");
  g_assert_cmpuint (self->n_signed, ==, 1);
  g_assert_null (self->asked);

  ui_store_save (self->store, waiting);
  cw_authority_page_set_identity (CW_AUTHORITY_PAGE (self->page), self->authority);
  g_assert_true (ui_says (self->page, "Waiting Here"));
  find_and_press (self, "Sign…");
  g_assert_true (self->asked == waiting);

  issue (self, "a.example.com");
  ui_wait (lists_issued, self);
  list = gtk_widget_get_ancestor (ui_find (self->page, ADW_TYPE_ACTION_ROW, "device-7"),
                                  GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name (list, "row-activated",
                         ui_find (self->page, ADW_TYPE_ACTION_ROW, "device-7"));
  g_assert_true (CW_IS_ISSUED (self->opened));
  find_and_press (self, "Back");
  g_assert_cmpuint (self->n_back, ==, 1);
}

/* No row is made before somebody wants to see it. */
static void
test_many (Fixture *self, gconstpointer data)
{
  show_authority_page (self);
  for (guint i = 0; i < 21; i++)
    issue (self, "a.example.com");
  ui_wait (lists_issued, self);
  ui_settle ();
  g_assert_cmpuint (ui_count (self->page, ADW_TYPE_ACTION_ROW, "device-7"), ==, 20);
  find_and_press (self, "Show More");
  g_assert_cmpuint (ui_count (self->page, ADW_TYPE_ACTION_ROW, "device-7"), ==, 21);
  g_assert_false (ui_is_shown (ui_find (self->page, GTK_TYPE_BUTTON, "Show More"), self->page));
}

static GPtrArray *
list_choosers (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GPtrArray *choosers = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (GTK_IS_FILE_CHOOSER (window))
        g_ptr_array_add (choosers, window);
    }
  return choosers;
}

static gboolean
has_chooser (gpointer data)
{
  g_autoptr (GPtrArray) choosers = list_choosers ();

  return choosers->len > 0;
}

/* A list that is signed when another CA is on the screen is not offered there. */
static void
test_crl (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) other = create_authority (self->store, "Other CA");
  g_autoptr (GPtrArray) choosers = NULL;
  g_autofree char *name = NULL;

  show_authority_page (self);
  activate (self, "Write Revocation List…");
  cw_authority_page_set_identity (CW_AUTHORITY_PAGE (self->page), other);
  activate (self, "Write Revocation List…");
  ui_wait (has_chooser, NULL);
  ui_settle ();

  choosers = list_choosers ();
  g_assert_cmpuint (choosers->len, ==, 1);
  name = gtk_file_chooser_get_current_name (choosers->pdata[0]);
  g_assert_cmpstr (name, ==, "Other-CA.crl");
  gtk_dialog_response (choosers->pdata[0], GTK_RESPONSE_CANCEL);
  ui_settle ();
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(GListModel **) data = cw_store_load_issued_finish (CW_STORE (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  cw_enrolment_revoke_finish (CW_STORE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
test_issued (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (GListModel) issued = NULL;
  g_autoptr (CwIssued) item = NULL;
  gboolean revoked = FALSE;
  GtkWidget *button;

  issue (self, "a.example.com");
  cw_store_load_issued_async (self->store, self->authority, NULL, loaded_cb, &issued);
  ui_wait (is_set, &issued);
  item = g_list_model_get_item (issued, 0);

  show (self, CW_TYPE_ISSUED_PAGE);
  cw_issued_page_set_store (CW_ISSUED_PAGE (self->page), self->store, profiles);
  cw_issued_page_set_issued (CW_ISSUED_PAGE (self->page), item);
  g_assert_true (ui_says (self->page, "a.example.com"));
  /* Its key is not here. */
  g_assert_false (ui_says (self->page, "Save with Key for nginx…"));
  button = ui_find (self->page, GTK_TYPE_BUTTON, "Revoke…");
  g_assert_true (ui_is_shown (button, self->page));
  activate (self, "Copy Certificate");

  cw_enrolment_revoke_async (self->store, item, CW_REVOCATION_SUPERSEDED, NULL, revoked_cb,
                             &revoked);
  ui_wait (is_true, &revoked);
  ui_settle ();
  g_assert_false (ui_is_shown (button, self->page));
  g_assert_true (ui_says (self->page, cw_revocation_reason_get_title (CW_REVOCATION_SUPERSEDED)));
  find_and_press (self, "Back");
  g_assert_cmpuint (self->n_back, ==, 1);
}

static gboolean
says_revoked (gpointer page)
{
  return ui_says (page, "Revoked on");
}

/* As “certwright-cli ca revoke” does while the page is open. */
static void
test_revoked_elsewhere (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (GListModel) issued = NULL;
  g_autoptr (GListModel) issued_there = NULL;
  g_autoptr (CwIssued) item = NULL;
  g_autoptr (CwIssued) there = NULL;
  CwStore *other;
  gboolean revoked = FALSE;

  issue (self, "a.example.com");
  cw_store_load_issued_async (self->store, self->authority, NULL, loaded_cb, &issued);
  ui_wait (is_set, &issued);
  item = g_list_model_get_item (issued, 0);
  show (self, CW_TYPE_ISSUED_PAGE);
  cw_issued_page_set_store (CW_ISSUED_PAGE (self->page), self->store, profiles);
  cw_issued_page_set_issued (CW_ISSUED_PAGE (self->page), item);
  cw_store_refresh_async (self->store, NULL, NULL, NULL);

  other = ui_store_reopen (self->store);
  cw_store_load_issued_async (other, cw_store_find (other, cw_identity_get_id (self->authority)),
                              NULL, loaded_cb, &issued_there);
  ui_wait (is_set, &issued_there);
  there = g_list_model_get_item (issued_there, 0);
  cw_enrolment_revoke_async (other, there, CW_REVOCATION_SUPERSEDED, NULL, revoked_cb, &revoked);
  ui_wait (is_true, &revoked);
  g_assert_false (says_revoked (self->page));

  cw_store_refresh_async (self->store, NULL, NULL, NULL);
  ui_wait (says_revoked, self->page);
  g_assert_false (ui_is_shown (ui_find (self->page, GTK_TYPE_BUTTON, "Revoke…"), self->page));
  g_clear_object (&there);
  g_clear_object (&issued_there);
  ui_assert_freed (other);
}

static gboolean
is_complete (gpointer page)
{
  return cw_page_get_complete (page);
}

static gboolean
says_revoked_here (gpointer page)
{
  return ui_says (page, "Revoked here on");
}

static gboolean
says_revocation_unknown (gpointer page)
{
  return ui_says (page, "Whether it was revoked here could not be looked up");
}

/* In its place: another file would be another error. */
static void
damage (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileIOStream) stream = g_file_open_readwrite (file, NULL, NULL);
  g_autofree char *junk = g_strnfill (4096, 'x');

  g_assert_nonnull (stream);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)),
                                            junk, 4096, NULL, NULL, NULL));
}

/* Comes back to where its CA is, without a revocation list. */
static void
test_revoked_reply (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GListModel) issued = NULL;
  g_autoptr (CwIssued) item = NULL;
  g_autoptr (CwIdentity) waiting = ui_draft_new ("device-7");
  g_autoptr (CwChain) chain = NULL;
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "reply.pem", NULL);
  g_autofree char *pem = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gboolean revoked = FALSE;

  issue (self, "a.example.com");
  cw_store_load_issued_async (self->store, self->authority, NULL, loaded_cb, &issued);
  ui_wait (is_set, &issued);
  item = g_list_model_get_item (issued, 0);
  cw_identity_set_key_fingerprint (
      waiting, cw_certificate_get_key_fingerprint (cw_issued_get_certificate (item)));
  chain = cw_chain_new (cw_issued_get_certificate (item), NULL, NULL);
  cw_identity_set_chain (waiting, chain);
  ui_store_save (self->store, waiting);
  pem = cw_certificate_to_pem (cw_issued_get_certificate (item));
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  g_list_store_append (files, file);

  self->page = g_object_new (CW_TYPE_REPLY_PAGE, "store", self->store, "profiles", profiles,
                             "identity", waiting, NULL);
  self->window = ui_show (self->page);
  cw_page_enter (CW_PAGE (self->page));
  cw_reply_page_add_files (CW_REPLY_PAGE (self->page), G_LIST_MODEL (files));
  ui_wait (is_complete, self->page);
  ui_settle ();
  g_assert_false (ui_says (self->page, "Revoked"));

  cw_enrolment_revoke_async (self->store, item, CW_REVOCATION_SUPERSEDED, NULL, revoked_cb,
                             &revoked);
  ui_wait (is_true, &revoked);
  cw_reply_page_add_files (CW_REPLY_PAGE (self->page), G_LIST_MODEL (files));
  ui_wait (says_revoked_here, self->page);
  g_assert_true (ui_says (self->page, "Start a new request with a new key."));

  damage (cw_store_get_path (self->store));
  cw_reply_page_add_files (CW_REPLY_PAGE (self->page), G_LIST_MODEL (files));
  ui_wait (says_revocation_unknown, self->page);
  g_assert_true (ui_says (self->page, "is damaged"));
  g_assert_false (ui_says (self->page, "Revoked here on"));
  cw_page_leave (CW_PAGE (self->page));
}

/* The key of a server's certificate is here: its files are saved as its profile says. */
static void
test_server_files (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (GListModel) issued = NULL;
  g_autoptr (CwIssued) item = NULL;
  g_autoptr (CwIdentity) server = ui_ready_new ("device-7");

  issue_for (self, "a.example.com", CW_USAGE_SERVER_AUTH);
  cw_store_load_issued_async (self->store, self->authority, NULL, loaded_cb, &issued);
  ui_wait (is_set, &issued);
  item = g_list_model_get_item (issued, 0);
  {
    g_autoptr (CwChain) chain = cw_chain_new (cw_issued_get_certificate (item), NULL, NULL);

    cw_identity_set_key_fingerprint (
        server, cw_certificate_get_key_fingerprint (cw_issued_get_certificate (item)));
    cw_identity_set_chain (server, chain);
  }
  ui_store_save (self->store, server);

  show (self, CW_TYPE_ISSUED_PAGE);
  cw_issued_page_set_store (CW_ISSUED_PAGE (self->page), self->store, profiles);
  cw_issued_page_set_issued (CW_ISSUED_PAGE (self->page), item);
  g_assert_true (ui_says (self->page, "Save with Key for nginx…"));
  g_assert_false (ui_says (self->page, "Save with Key for PlaceOS…"));
  g_assert_true (ui_says (self->page, "Save Certificate with Chain…"));

  /* Without the key it is not offered. */
  cw_identity_set_chain (server, NULL);
  cw_issued_page_set_issued (CW_ISSUED_PAGE (self->page), item);
  g_assert_false (ui_says (self->page, "Save with Key for nginx…"));
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

#define add(name, function)                                                                        \
  g_test_add ("/ui/private-ca-pages/" name, Fixture, NULL, set_up, function, tear_down)
  add ("sign/waiting", test_waiting);
  add ("sign/nothing-granted", test_nothing_granted);
  add ("sign/file", test_file);
  add ("sign/no-request", test_no_request);
  add ("grant/names", test_names);
  add ("authority", test_authority);
  add ("authority/many", test_many);
  add ("authority/crl", test_crl);
  add ("issued", test_issued);
  add ("issued/revoked-elsewhere", test_revoked_elsewhere);
  add ("reply/revoked", test_revoked_reply);
  add ("issued/server", test_server_files);
#undef add

  return ui_test_run ();
}

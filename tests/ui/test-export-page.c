/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be exported of whom, and how it gets there, with a real keyring.
 */

#include "config.h"

#include <glib/gstdio.h>

#include "cw-bundle.h"
#include "cw-export-page.h"
#include "cw-keyring.h"
#include "cw-problem-view.h"
#include "ui-test.h"
#include "whole-stacks.h"

#define NAME       "steve@example.com"
#define PASSPHRASE "Zwölf Äpfel"

typedef struct
{
  CwExportPage *page;
  GtkWidget *widget; /* the page */
  GtkWindow *window;
  CwKey *key;
  char *toast;
  char *path; /* where to */
} Fixture;

static void
toast_cb (CwExportPage *page, const char *text, Fixture *self)
{
  g_free (self->toast);
  self->toast = g_strdup (text);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->page = g_object_new (CW_TYPE_EXPORT_PAGE, NULL);
  self->widget = GTK_WIDGET (self->page);
  self->window = ui_show (self->widget);
  self->key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, &error);
  g_assert_no_error (error);
  self->path = g_build_filename (g_get_home_dir (), "exported", NULL);
  g_signal_connect (self->page, "toast", G_CALLBACK (toast_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->key, cw_key_unref);
  g_clear_pointer (&self->toast, g_free);
  g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
  ui_settle ();
  ui_assert_window_freed (self->window, self->widget);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
store_key (Fixture *self, CwIdentity *identity)
{
  g_autoptr (CwSecret) pem = cw_key_to_pem (self->key, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_keyring_store_async (cw_identity_get_id (identity), cw_identity_get_key_fingerprint (identity),
                          NAME, pem, NULL, result_cb, &result);
  ui_wait (is_set, &result);
  cw_keyring_store_finish (result, &error);
  g_assert_no_error (error);
}

static GtkWidget *
find_row (Fixture *self, const char *title)
{
  return ui_find (self->widget, ADW_TYPE_ACTION_ROW, title);
}

static void
choose (Fixture *self, const char *title)
{
  g_assert_true (ui_is_shown (find_row (self, title), self->widget));
  adw_action_row_activate (ADW_ACTION_ROW (find_row (self, title)));
}

static gboolean
is_offered (Fixture *self, const char *title)
{
  return ui_is_shown (find_row (self, title), self->widget);
}

static gboolean
can_save (Fixture *self)
{
  return gtk_widget_is_sensitive (ui_find (self->widget, GTK_TYPE_BUTTON, "Save…"));
}

static GtkWidget *
find_entry (Fixture *self, const char *title)
{
  return ui_find (self->widget, ADW_TYPE_PASSWORD_ENTRY_ROW, title);
}

static void
type_passphrase (Fixture *self)
{
  ui_type (find_entry (self, "Passphrase"), PASSPHRASE);
  ui_type (find_entry (self, "The same again"), PASSPHRASE);
}

static void
test_formats (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) ready = ui_ready_new (NAME);
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("<waiting>");

  cw_export_page_set_identity (self->page, ready);
  g_assert_true (cw_export_page_get_identity (self->page) == ready);
  g_assert_true (ui_says (self->widget, NAME));
  g_assert_true (is_offered (self, "PKCS#12"));
  g_assert_true (is_offered (self, "PKCS#12 for Old Windows and macOS (Weak)"));
  g_assert_true (is_offered (self, "Encrypted Private Key"));
  g_assert_true (is_offered (self, "Certificate and Its Chain"));
  g_assert_false (ui_says (self->widget, "has no certificate yet"));

  /* What was chosen for one is not chosen for the next. */
  choose (self, "Certificate and Its Chain");
  g_assert_true (can_save (self));
  cw_export_page_set_identity (self->page, waiting);
  g_assert_false (can_save (self));
  g_assert_false (is_offered (self, "PKCS#12"));
  g_assert_true (is_offered (self, "Encrypted Private Key"));
  g_assert_false (is_offered (self, "Certificate and Its Chain"));
  ui_find (self->widget, GTK_TYPE_LABEL,
           "“<waiting>” has no certificate yet. Import what the CA sent first.");
}

static void
test_passphrase (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new (NAME);

  cw_export_page_set_identity (self->page, identity);
  g_assert_false (can_save (self));
  ui_type (find_entry (self, "Passphrase"), "one");
  ui_type (find_entry (self, "The same again"), "two");
  g_assert_false (can_save (self));
  g_assert_true (ui_says (self->widget, "The two are not the same."));
  ui_type (find_entry (self, "The same again"), "one");
  g_assert_true (can_save (self));
  g_assert_false (ui_says (self->widget, "Its encryption is weak"));
  choose (self, "PKCS#12 for Old Windows and macOS (Weak)");
  g_assert_true (ui_says (self->widget, "Its encryption is weak"));

  /* It does not stay when the page is left. */
  gtk_widget_set_visible (self->widget, FALSE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (self, "Passphrase"))), ==, "");
  gtk_widget_set_visible (self->widget, TRUE);
  g_assert_false (can_save (self));
}

/* Only what has a root can be written without it. */
static void
test_root (Fixture *self, gconstpointer data)
{
  const char *title = "Write the CA’s root certificate too";
  g_autoptr (CwIdentity) whole = ui_ready_new_for_key (NAME, self->key);
  g_autoptr (CwIdentity) alone = ui_ready_new_for_key (NAME, self->key);
  g_autoptr (CwChain) chain = ui_chain_new_for_key (NAME, self->key, FALSE);

  cw_identity_set_chain (alone, chain);
  cw_export_page_set_identity (self->page, whole);
  g_assert_true (is_offered (self, title));
  choose (self, "Encrypted Private Key");
  g_assert_false (is_offered (self, title));
  choose (self, "Certificate and Its Chain");
  g_assert_true (is_offered (self, title));
  cw_export_page_set_identity (self->page, alone);
  g_assert_false (is_offered (self, title));
}

/* Saving */

static GtkFileChooser *
find_chooser (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l; l = l->next)
    if (GTK_IS_FILE_CHOOSER_DIALOG (l->data))
      return l->data;
  g_error ("There is no file chooser");
}

/* Ready to be answered; asserts what name it proposed. */
static GtkFileChooser *
open_chooser (Fixture *self, const char *proposed)
{
  g_autoptr (GFile) folder = g_file_new_for_path (g_get_home_dir ());
  g_autofree char *basename = g_path_get_basename (self->path);
  g_autofree char *name = NULL;
  GtkFileChooser *chooser;

  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, "Save…"));
  ui_settle ();
  chooser = find_chooser ();
  name = gtk_file_chooser_get_current_name (chooser);
  g_assert_cmpstr (name, ==, proposed);
  g_assert_true (gtk_file_chooser_set_current_folder (chooser, folder, NULL));
  gtk_file_chooser_set_current_name (chooser, basename);
  ui_settle ();
  return chooser;
}

static void
save (Fixture *self, const char *proposed)
{
  gtk_dialog_response (GTK_DIALOG (open_chooser (self, proposed)), GTK_RESPONSE_ACCEPT);
}

static gboolean
is_saving (gpointer self)
{
  return !can_save (self);
}

static GBytes *
read_saved (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (self->path, &content, &size, &error));
  g_assert_no_error (error);
  return g_bytes_new_take (content, size);
}

static void
assert_private (Fixture *self)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (self->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpstr (self->toast, ==, "Saved: only you can read the file");
  g_assert_true (ui_says (self->widget, self->path));
}

static void
assert_pkcs12 (Fixture *self, guint n_certificates)
{
  g_autoptr (CwSecret) passphrase = cw_secret_new (PASSPHRASE, -1);
  g_autoptr (GBytes) bytes = read_saved (self);
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs12 (bytes, passphrase, NULL);

  assert_private (self);
  g_assert_nonnull (bundle);
  g_assert_cmpuint (bundle->keys->len, ==, 1);
  g_assert_cmpstr (cw_key_get_fingerprint (bundle->keys->pdata[0]), ==,
                   cw_key_get_fingerprint (self->key));
  g_assert_cmpuint (bundle->certificates->len, ==, n_certificates);
}

static void
test_pkcs12 (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);

  store_key (self, identity);
  cw_export_page_set_identity (self->page, identity);
  type_passphrase (self);
  save (self, NAME ".p12");
  ui_wait (is_set, &self->toast);
  assert_pkcs12 (self, 2);
  g_assert_true (can_save (self));

  g_clear_pointer (&self->toast, g_free);
  g_unlink (self->path);
  choose (self, "PKCS#12 for Old Windows and macOS (Weak)");
  choose (self, "Write the CA’s root certificate too");
  g_assert_false (ui_says (self->widget, self->path));
  save (self, NAME "-weak.p12");
  ui_wait (is_set, &self->toast);
  assert_pkcs12 (self, 3);
}

static void
test_encrypted_key (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);
  g_autoptr (CwSecret) passphrase = cw_secret_new (PASSPHRASE, -1);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (CwSecret) text = NULL;
  g_autoptr (CwKey) key = NULL;

  store_key (self, identity);
  cw_export_page_set_identity (self->page, identity);
  choose (self, "Encrypted Private Key");
  type_passphrase (self);
  save (self, NAME "-encrypted.key");
  ui_wait (is_set, &self->toast);

  assert_private (self);
  bytes = read_saved (self);
  text = cw_secret_new (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_assert_null (cw_key_new_from_pem (text, NULL, NULL));
  key = cw_key_new_from_pem (text, passphrase, NULL);
  g_assert_cmpstr (cw_key_get_fingerprint (key), ==, cw_key_get_fingerprint (self->key));
}

/* What is not secret is no private file, and needs neither passphrase nor keyring. */
static void
test_chain (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);
  g_autofree char *pem = cw_chain_to_pem (cw_identity_get_chain (identity), FALSE);
  g_autoptr (GBytes) bytes = NULL;
  GStatBuf status;

  cw_export_page_set_identity (self->page, identity);
  choose (self, "Certificate and Its Chain");
  save (self, NAME "-fullchain.crt");
  ui_wait (is_set, &self->toast);

  bytes = read_saved (self);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), pem, strlen (pem));
  g_assert_cmpint (g_stat (self->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0400, ==, 0400);
  g_assert_false (ui_says (self->widget, "holds the private key"));
}

static gboolean
has_problem (gpointer page)
{
  return gtk_widget_get_visible (ui_find (page, CW_TYPE_PROBLEM_VIEW, NULL));
}

/* Its key is not in the keyring: nothing is written, and it is said why. */
static void
test_no_key (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);

  cw_export_page_set_identity (self->page, identity);
  type_passphrase (self);
  save (self, NAME ".p12");
  ui_wait (has_problem, self->page);
  g_assert_null (self->toast);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_true (can_save (self));
  choose (self, "Encrypted Private Key");
  g_assert_false (has_problem (self->page));
}

/* What is under way holds whom it is about. */
static void
wait_until_let_go (CwIdentity *identity, guint n_refs)
{
  while (G_OBJECT (identity)->ref_count > n_refs)
    g_main_context_iteration (NULL, TRUE);
  ui_settle ();
}

static void
assert_nothing_saved (Fixture *self)
{
  g_assert_null (self->toast);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_false (has_problem (self->page));
  g_assert_false (ui_says (self->widget, self->path));
}

/* Left while the keyring is asked. */
static void
test_left (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);
  guint n_refs;

  store_key (self, identity);
  cw_export_page_set_identity (self->page, identity);
  n_refs = G_OBJECT (identity)->ref_count;
  type_passphrase (self);
  save (self, NAME ".p12");
  ui_wait (is_saving, self);
  g_assert_cmpuint (G_OBJECT (identity)->ref_count, >, n_refs);
  gtk_widget_set_visible (self->widget, FALSE);
  wait_until_let_go (identity, n_refs);
  gtk_widget_set_visible (self->widget, TRUE);
  assert_nothing_saved (self);
}

/* Another's by the time that the keyring answers. */
static void
test_switched (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);
  g_autoptr (CwIdentity) other = ui_ready_new_for_key ("other@example.com", self->key);

  store_key (self, identity);
  cw_export_page_set_identity (self->page, identity);
  type_passphrase (self);
  save (self, NAME ".p12");
  ui_wait (is_saving, self);
  cw_export_page_set_identity (self->page, other);
  wait_until_let_go (identity, 1);
  assert_nothing_saved (self);
  type_passphrase (self);
  g_assert_true (can_save (self));
}

/* What is written already is told of, though not where another's is shown by now. */
static void
test_switched_late (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);
  g_autoptr (CwIdentity) other = ui_ready_new_for_key ("other@example.com", self->key);
  GtkWidget *back = ui_find (self->widget, GTK_TYPE_BUTTON, "Back");

  cw_export_page_set_identity (self->page, identity);
  choose (self, "Certificate and Its Chain");
  save (self, NAME "-fullchain.crt");
  ui_wait (is_saving, self); /* not a second time */
  cw_export_page_set_identity (self->page, other);
  choose (self, "Certificate and Its Chain");
  gtk_widget_grab_focus (back);
  wait_until_let_go (identity, 1);
  g_assert_cmpstr (self->toast, ==, "Certificate saved");
  g_assert_true (gtk_window_get_focus (self->window) == back);
}

/* The page is another's when the chooser answers. */
static void
test_switched_early (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key (NAME, self->key);
  g_autoptr (CwIdentity) other = ui_ready_new_for_key ("other@example.com", self->key);
  GtkFileChooser *chooser;

  cw_export_page_set_identity (self->page, identity);
  choose (self, "Certificate and Its Chain");
  chooser = open_chooser (self, NAME "-fullchain.crt");
  cw_export_page_set_identity (self->page, other);
  choose (self, "Certificate and Its Chain");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  wait_until_let_go (identity, 1);
  assert_nothing_saved (self);
}

/* The certificate arrives from elsewhere while the page is open. */
static void
test_changed (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_waiting_new (NAME);
  g_autoptr (CwChain) chain = ui_chain_new (NAME, TRUE);

  cw_export_page_set_identity (self->page, identity);
  type_passphrase (self);
  g_assert_false (is_offered (self, "PKCS#12"));
  g_assert_true (ui_says (self->widget, "has no certificate yet"));
  cw_identity_set_chain (identity, chain);
  g_assert_true (is_offered (self, "PKCS#12"));
  g_assert_true (is_offered (self, "Certificate and Its Chain"));
  g_assert_false (ui_says (self->widget, "has no certificate yet"));
  /* What was chosen still is, with what was typed for it. */
  g_assert_false (is_offered (self, "Write the CA’s root certificate too"));
  g_assert_true (can_save (self));
}

/* The same while something is saved: that is not disturbed. */
static void
test_changed_while_saving (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_waiting_new (NAME);
  g_autoptr (CwChain) chain = ui_chain_new (NAME, TRUE);

  cw_export_page_set_identity (self->page, identity);
  type_passphrase (self);
  save (self, NAME "-encrypted.key");
  ui_wait (is_saving, self);
  cw_identity_set_chain (identity, chain);
  g_assert_false (is_offered (self, "PKCS#12"));
  g_assert_false (can_save (self));
  ui_wait (has_problem, self->page); /* its key is in no keyring */
  g_assert_true (is_offered (self, "PKCS#12"));
}

#define add(path, function)                                                                        \
  g_test_add ("/export-page/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("formats", test_formats);
  add ("passphrase", test_passphrase);
  add ("root", test_root);
  add ("pkcs12", test_pkcs12);
  add ("encrypted-key", test_encrypted_key);
  add ("chain", test_chain);
  add ("no-key", test_no_key);
  add ("left", test_left);
  add ("switched", test_switched);
  add ("switched-early", test_switched_early);
  add ("switched-late", test_switched_late);
  add ("changed", test_changed);
  add ("changed-while-saving", test_changed_while_saving);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <sqlite3.h>

#include "cw-enrolment.h"
#include "cw-error.h"
#include "cw-keyring.h"

#define N_PHASES        5
#define RANDOM_KILLS    12
#define MANY            200
#define NOT_SUCH_A_WAIT 200 /* tries of 20 ms */

typedef struct
{
  char *folder;
  char *path;
  CwStore *store;
  CwIdentity *identity;
  GString *phases;
  GAsyncResult *saved;

  /* What to do when a phase begins. */
  CwEnrolmentPhase trap;
  void (*spring) (gpointer data);
  gpointer spring_data;
} Fixture;

/* Of all tests of this program: libsecret reads them once. */
static char *home;
static char *keyring_folder;
static const char *program;

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration (NULL, TRUE);
}

static void
run (const char *folder, const char *script)
{
  const char *argv[] = { "sh", "-ec", script, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  int status = -1;

  g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                NULL, NULL, NULL, &output, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("%s", output);
}

static void
remove_folder (const char *folder)
{
  g_autofree char *script = g_strdup_printf ("rm -rf '%s'", folder);

  run (NULL, script);
}

static CwStore *
open_store (const char *path)
{
  CwStore *store = cw_store_new (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_open_async (store, NULL, result_cb, &result);
  wait_for (&result);
  cw_store_open_finish (store, result, &error);
  g_assert_no_error (error);
  return store;
}

static CwIdentity *
make_identity (const char *common_name, CwKeyKind kind)
{
  CwIdentity *identity = cw_identity_new ();
  CwRequest *request = cw_identity_get_request (identity);

  cw_subject_append (cw_request_get_subject (request), "CN", common_name);
  cw_request_set_key_kind (request, kind);
  return identity;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_build_filename (home, "store-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (fixture->folder));
  fixture->path = g_build_filename (fixture->folder, "certificates.db", NULL);
  fixture->store = open_store (fixture->path);
  fixture->identity = make_identity ("steve@example.com", CW_KEY_KIND_EC_P256);
  fixture->phases = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->identity);

  /* What goes on behind the caller holds the store until it has ended. */
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->store);
  while (fixture->store)
    g_main_context_iteration (NULL, TRUE);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_string_free (fixture->phases, TRUE);
}

static void
progress_cb (CwEnrolmentPhase phase, gpointer data)
{
  Fixture *fixture = data;

  g_assert_null (cw_identity_get_csr (fixture->identity));
  g_string_append_c (fixture->phases, "LGKSV"[phase]);
  if (fixture->spring && phase == fixture->trap)
    fixture->spring (fixture->spring_data);
}

static gboolean
request_with (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_string_truncate (fixture->phases, 0);
  cw_enrolment_request_async (fixture->store, fixture->identity, progress_cb, fixture, cancellable,
                              result_cb, &result);
  wait_for (&result);
  return cw_enrolment_request_finish (fixture->store, result, error);
}

static void
assert_requests (Fixture *fixture, const char *phases)
{
  g_autoptr (GError) error = NULL;

  fixture->spring = NULL;
  request_with (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->phases->str, ==, phases);
}

/* Fails, and everything that was typed is there. */
static void
assert_request_fails (Fixture *fixture, GQuark domain, int code)
{
  g_autofree char *before = cw_request_to_text (cw_identity_get_request (fixture->identity));
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (request_with (fixture, NULL, &error));
  g_assert_error (error, domain, code);
  g_test_message ("%s", error->message);
  after = cw_request_to_text (cw_identity_get_request (fixture->identity));
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_DRAFT);
}

static CwKey *
look_up (const char *id, const char *fingerprint, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CwSecret) pem = NULL;

  cw_keyring_lookup_async (id, fingerprint, NULL, result_cb, &result);
  wait_for (&result);
  pem = cw_keyring_lookup_finish (result, error);
  return pem ? cw_key_new_from_pem (pem, NULL, error) : NULL;
}

/* The identity has a CSR, and the key for it is in the keyring. */
static void
assert_has_key (CwIdentity *identity, GBytes *csr)
{
  const char *fingerprint = cw_identity_get_key_fingerprint (identity);
  g_autofree char *of_csr = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwKey) key = look_up (cw_identity_get_id (identity), fingerprint, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (cw_key_get_fingerprint (key), ==, fingerprint);
  if (!csr)
    return;

  of_csr = cw_csr_get_key_fingerprint (csr, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (of_csr, ==, fingerprint);
}

static void
assert_has_no_key (const char *id, const char *fingerprint)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwKey) key = look_up (id, fingerprint, &error);

  g_assert_null (key);
  g_assert_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_FOUND);
}

/* What another program, or the next start, finds. */
static void
assert_stored (Fixture *fixture, CwIdentity *identity)
{
  g_autoptr (CwStore) again = open_store (fixture->path);
  CwIdentity *loaded = cw_store_find (again, cw_identity_get_id (identity));
  GBytes *csr = cw_identity_get_csr (identity);

  g_assert_nonnull (loaded);
  g_assert_cmpint (cw_identity_get_state (loaded, NULL), ==,
                   cw_identity_get_state (identity, NULL));
  g_assert_cmpstr (cw_identity_get_key_fingerprint (loaded), ==,
                   cw_identity_get_key_fingerprint (identity));
  if (csr)
    g_assert_true (g_bytes_equal (cw_identity_get_csr (loaded), csr));
}

static void
assert_no_secret (const char *path)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_null (memmem (content, length, "PRIVATE KEY", strlen ("PRIVATE KEY")));
}

static void
test_request (Fixture *fixture, gconstpointer data)
{
  CwKeyKind kind = GPOINTER_TO_INT (data);

  cw_request_set_key_kind (cw_identity_get_request (fixture->identity), kind);
  assert_requests (fixture, "GKSV");
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_WAITING);
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
  assert_stored (fixture, fixture->identity);
  assert_no_secret (fixture->path);
  g_assert_true (cw_store_find (fixture->store, cw_identity_get_id (fixture->identity)) ==
                 fixture->identity);

  /* It is not asked twice. */
  {
    g_autoptr (GError) error = NULL;

    g_assert_false (request_with (fixture, NULL, &error));
    g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
    g_assert_cmpstr (fixture->phases->str, ==, "");
  }
}

static void
saved_already_cb (CwIdentity *identity, Fixture *fixture)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;

  if (!cw_identity_get_csr (identity))
    return;

  g_string_append_c (fixture->phases, '!');
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT 1 FROM identity WHERE csr IS NOT NULL", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

static void
test_saved_before_seen (Fixture *fixture, gconstpointer data)
{
  g_signal_connect (fixture->identity, "changed", G_CALLBACK (saved_already_cb), fixture);
  assert_requests (fixture, "GKSV!");
}

static void
test_invalid (Fixture *fixture, gconstpointer data)
{
  cw_subject_clear (cw_request_get_subject (cw_identity_get_request (fixture->identity)));
  assert_request_fails (fixture, CW_ERROR, CW_ERROR_INVALID);
  g_assert_cmpstr (fixture->phases->str, ==, "");
  g_assert_null (cw_identity_get_key_fingerprint (fixture->identity));
}

static void
lock_cb (gpointer data)
{
  sqlite3 **db = data;

  g_assert_cmpint (sqlite3_exec (*db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
unlock (sqlite3 *db)
{
  g_assert_cmpint (sqlite3_exec (db, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_locked_at_first (Fixture *fixture, gconstpointer data)
{
  sqlite3 *db = NULL;

  sqlite3_open (fixture->path, &db);
  fixture->trap = CW_ENROLMENT_GENERATING;
  fixture->spring = lock_cb;
  fixture->spring_data = &db;
  assert_request_fails (fixture, CW_STORE_ERROR, CW_STORE_ERROR_LOCKED);
  g_assert_cmpstr (fixture->phases->str, ==, "G");
  g_assert_null (cw_identity_get_key_fingerprint (fixture->identity));
  unlock (db);
  assert_requests (fixture, "GKSV");
}

/* The key is in the keyring by then: the next attempt uses it. */
static void
test_locked_at_last (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fingerprint = NULL;
  sqlite3 *db = NULL;

  sqlite3_open (fixture->path, &db);
  fixture->trap = CW_ENROLMENT_SIGNING;
  fixture->spring = lock_cb;
  fixture->spring_data = &db;
  assert_request_fails (fixture, CW_STORE_ERROR, CW_STORE_ERROR_LOCKED);
  g_assert_cmpstr (fixture->phases->str, ==, "GKSV");
  fingerprint = g_strdup (cw_identity_get_key_fingerprint (fixture->identity));
  assert_has_key (fixture->identity, NULL);
  unlock (db);
  assert_stored (fixture, fixture->identity);

  assert_requests (fixture, "LSV");
  g_assert_cmpstr (cw_identity_get_key_fingerprint (fixture->identity), ==, fingerprint);
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
}

static void
close_folder_cb (gpointer folder)
{
  g_chmod (folder, 0500);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  fixture->trap = GPOINTER_TO_INT (data);
  fixture->spring = close_folder_cb;
  fixture->spring_data = fixture->folder;
  assert_request_fails (fixture, CW_STORE_ERROR, CW_STORE_ERROR_READ_ONLY);
  g_chmod (fixture->folder, 0700);
  assert_requests (fixture, fixture->trap == CW_ENROLMENT_SIGNING ? "LSV" : "GKSV");
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
}

static void
test_keyring_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->trap = CW_ENROLMENT_STORING;
  fixture->spring = close_folder_cb;
  fixture->spring_data = keyring_folder;
  g_assert_false (request_with (fixture, NULL, &error));
  g_chmod (keyring_folder, 0700);
  g_assert_nonnull (error);
  g_assert_true (error->domain == CW_KEYRING_ERROR);
  g_test_message ("%s", error->message);
  g_assert_cmpstr (fixture->phases->str, ==, "GK");
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_DRAFT);
  g_assert_true (cw_identity_matches (fixture->identity, "steve@example.com"));
  assert_stored (fixture, fixture->identity);

  assert_requests (fixture, "LGKSV");
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
}

static guint
count_rows (const char *path)
{
  g_autoptr (CwStore) again = open_store (path);

  return g_list_model_get_n_items (G_LIST_MODEL (again));
}

static gboolean
delete_identity (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_delete_async (fixture->store, fixture->identity, NULL, result_cb, &result);
  wait_for (&result);
  return cw_enrolment_delete_finish (fixture->store, result, error);
}

/* In a program of its own: libsecret chooses its backend once. */
static void
test_no_keyring (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_unsetenv ("SECRET_BACKEND");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  assert_request_fails (fixture, CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT);
  assert_stored (fixture, fixture->identity);
  assert_request_fails (fixture, CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT);

  /* What was asked for needs its key, wherever that is; what was not goes all the same. */
  csr = g_bytes_new_static ("csr", 3);
  cw_identity_set_csr (fixture->identity, csr);
  g_assert_false (delete_identity (fixture, &error));
  g_assert_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_ABSENT);
  g_clear_error (&error);
  g_assert_cmpuint (count_rows (fixture->path), ==, 1);
  cw_identity_set_csr (fixture->identity, NULL);
  delete_identity (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (fixture->path), ==, 0);
}

static void
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  fixture->trap = GPOINTER_TO_INT (data);
  fixture->spring = cancel_cb;
  fixture->spring_data = cancellable;
  g_assert_false (request_with (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_DRAFT);

  /* Cancelled before it begins: it does not begin. */
  g_assert_false (request_with (fixture, cancellable, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->phases->str, ==, "");

  fixture->spring = NULL;
  g_clear_error (&again);
  request_with (fixture, NULL, &again);
  g_assert_no_error (again);
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
  assert_stored (fixture, fixture->identity);
}

static void
cancel_soon_cb (gpointer cancellable)
{
  g_timeout_add_once (5, cancel_cb, cancellable);
}

static void
test_cancel_generation (Fixture *fixture, gconstpointer data)
{
  cw_request_set_key_kind (cw_identity_get_request (fixture->identity), CW_KEY_KIND_RSA_4096);
  {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;

    fixture->trap = CW_ENROLMENT_GENERATING;
    fixture->spring = cancel_soon_cb;
    fixture->spring_data = cancellable;
    g_assert_false (request_with (fixture, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpstr (fixture->phases->str, ==, "G");
  }
  cw_request_set_key_kind (cw_identity_get_request (fixture->identity), CW_KEY_KIND_EC_P256);
  assert_requests (fixture, "GKSV");
}

/* Leaves a draft whose key is in the keyring already. */
static void
interrupt (Fixture *fixture)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture->trap = CW_ENROLMENT_SIGNING;
  fixture->spring = cancel_cb;
  fixture->spring_data = cancellable;
  g_assert_false (request_with (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_has_key (fixture->identity, NULL);
}

static void
test_key_of_other_kind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = NULL;

  interrupt (fixture);
  old = g_strdup (cw_identity_get_key_fingerprint (fixture->identity));
  cw_request_set_key_kind (cw_identity_get_request (fixture->identity), CW_KEY_KIND_ED25519);
  assert_requests (fixture, "LGKSV");
  g_assert_cmpstr (cw_identity_get_key_fingerprint (fixture->identity), !=, old);
  assert_has_no_key (cw_identity_get_id (fixture->identity), old);
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (GError) error = NULL;

  cw_enrolment_request_async (fixture->store, fixture->identity, NULL, NULL, NULL, result_cb,
                              &first);
  cw_enrolment_request_async (fixture->store, fixture->identity, NULL, NULL, NULL, result_cb,
                              &second);
  cw_enrolment_delete_async (fixture->store, fixture->identity, NULL, result_cb, &third);
  wait_for (&second);
  g_assert_false (cw_enrolment_request_finish (fixture->store, second, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_FAILED);
  g_clear_error (&error);
  wait_for (&third);
  g_assert_false (cw_enrolment_delete_finish (fixture->store, third, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_FAILED);
  g_clear_error (&error);
  wait_for (&first);
  cw_enrolment_request_finish (fixture->store, first, &error);
  g_assert_no_error (error);
}

/* Saves that the window does in the meantime do not undo a step. */
static void
save_cb (gpointer data)
{
  Fixture *fixture = data;

  cw_identity_set_step (fixture->identity, "review");
  cw_store_save_async (fixture->store, fixture->identity, NULL, result_cb, &fixture->saved);
}

static void
save_soon_cb (gpointer fixture)
{
  g_idle_add_once (save_cb, fixture);
}

static void
test_saved_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->trap = GPOINTER_TO_INT (data);
  fixture->spring = save_soon_cb;
  fixture->spring_data = fixture;
  request_with (fixture, NULL, &error);
  g_assert_no_error (error);
  wait_for (&fixture->saved);
  g_assert_true (cw_store_save_finish (fixture->store, fixture->saved, NULL));
  g_clear_object (&fixture->saved);
  assert_stored (fixture, fixture->identity);
}

/* A CA of the openssl command's, and what it signs. */

static void
make_ca (Fixture *fixture)
{
  run (fixture->folder,
       "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key "
       "-out ca.pem -subj '/CN=Example CA' -days 100 2>&1");
}

static CwChain *
read_chain (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "leaf.pem", NULL);
  g_autofree char *ca_path = g_build_filename (fixture->folder, "ca.pem", NULL);
  g_autofree char *pem = NULL;
  g_autofree char *ca_pem = NULL;
  g_autoptr (CwCertificate) leaf = NULL;
  g_autoptr (GPtrArray) issuers = NULL;

  g_assert_true (g_file_get_contents (path, &pem, NULL, NULL));
  g_assert_true (g_file_get_contents (ca_path, &ca_pem, NULL, NULL));
  leaf = cw_certificate_new_from_pem (pem, NULL);
  issuers = cw_certificates_from_pem (ca_pem, NULL);
  g_assert_nonnull (leaf);
  return cw_chain_new (leaf, issuers, NULL);
}

static CwChain *
sign (Fixture *fixture, GBytes *csr)
{
  g_autofree char *path = g_build_filename (fixture->folder, "leaf.csr", NULL);
  g_autofree char *pem = cw_csr_to_pem (csr);

  make_ca (fixture);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  run (fixture->folder, "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 2 "
                        "-days 50 -out leaf.pem 2>&1");
  return read_chain (fixture);
}

/* A key, a CSR and a certificate that did not come from here. */
static CwKey *
make_files (Fixture *fixture, const char *key_options, CwChain **chain, GBytes **csr)
{
  g_autofree char *script = NULL;
  g_autofree char *key_path = g_build_filename (fixture->folder, "leaf.key", NULL);
  g_autofree char *csr_path = g_build_filename (fixture->folder, "leaf.der", NULL);
  g_autofree char *csr_text = NULL;
  char *pem = NULL;
  gsize length;
  g_autoptr (CwSecret) secret = NULL;
  g_autoptr (GError) error = NULL;
  CwKey *key;

  make_ca (fixture);
  script = g_strdup_printf (
      "exec 2>&1; openssl genpkey %s -out leaf.key\n"
      "openssl req -new -key leaf.key -out leaf.csr -subj '/CN=Imported/O=Example' "
      "-addext subjectAltName=DNS:panel.example.net -addext extendedKeyUsage=serverAuth\n"
      "openssl req -in leaf.csr -outform DER -out leaf.der\n"
      "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 3 -days 50 "
      "-copy_extensions copyall -out leaf.pem",
      key_options);
  run (fixture->folder, script);
  *chain = read_chain (fixture);
  g_assert_true (g_file_get_contents (csr_path, &csr_text, &length, NULL));
  *csr = g_bytes_new (csr_text, length);
  g_assert_true (g_file_get_contents (key_path, &pem, NULL, NULL));
  secret = cw_secret_new_wiping (pem);
  key = cw_key_new_from_pem (secret, NULL, &error);
  g_assert_no_error (error);
  return key;
}

#define P256 "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"

static gboolean
accept (Fixture *fixture, CwChain *chain, CwKey *key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_accept_async (fixture->store, fixture->identity, chain, key, NULL, result_cb,
                             &result);
  wait_for (&result);
  return cw_enrolment_accept_finish (fixture->store, result, error);
}

static void
test_accept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  assert_requests (fixture, "GKSV");
  chain = sign (fixture, cw_identity_get_csr (fixture->identity));
  accept (fixture, chain, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_READY);
  g_assert_true (cw_certificate_equal (
      cw_chain_get_leaf (cw_identity_get_chain (fixture->identity)), cw_chain_get_leaf (chain)));
  assert_stored (fixture, fixture->identity);
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
}

static void
test_accept_another (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwKey) key = make_files (fixture, P256, &chain, &csr);
  g_autoptr (GError) error = NULL;

  assert_requests (fixture, "GKSV");
  g_assert_false (accept (fixture, chain, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_false (accept (fixture, chain, key, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_WAITING);
  assert_has_no_key (cw_identity_get_id (fixture->identity), cw_key_get_fingerprint (key));
  assert_stored (fixture, fixture->identity);
}

/* One that has a certificate keeps it until the new one is saved. */
static void
test_accept_second (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) first = NULL;
  g_autoptr (CwChain) second = NULL;
  g_autoptr (GError) error = NULL;

  assert_requests (fixture, "GKSV");
  first = sign (fixture, cw_identity_get_csr (fixture->identity));
  g_assert_true (accept (fixture, first, NULL, NULL));
  second = sign (fixture, cw_identity_get_csr (fixture->identity));

  g_chmod (fixture->folder, 0500);
  g_assert_false (accept (fixture, second, NULL, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_READ_ONLY);
  g_chmod (fixture->folder, 0700);
  g_assert_true (cw_certificate_equal (
      cw_chain_get_leaf (cw_identity_get_chain (fixture->identity)), cw_chain_get_leaf (first)));

  g_clear_error (&error);
  accept (fixture, second, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cw_certificate_equal (
      cw_chain_get_leaf (cw_identity_get_chain (fixture->identity)), cw_chain_get_leaf (second)));
}

static CwChain *
get_stored_chain (Fixture *fixture)
{
  return cw_identity_get_chain (fixture->identity);
}

/* What is stored with a certificate stays when it comes again, alone; what comes later is added. */
static void
test_accept_keeps_issuers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) whole = NULL;
  g_autoptr (CwChain) alone = NULL;
  g_autoptr (GError) error = NULL;

  assert_requests (fixture, "GKSV");
  whole = sign (fixture, cw_identity_get_csr (fixture->identity));
  alone = cw_chain_new (cw_chain_get_leaf (whole), NULL, NULL);
  g_assert_false (cw_chain_is_complete (alone));

  g_assert_true (accept (fixture, alone, NULL, NULL));
  g_assert_false (cw_chain_is_complete (get_stored_chain (fixture)));
  g_assert_true (accept (fixture, whole, NULL, NULL));
  g_assert_true (cw_chain_is_complete (get_stored_chain (fixture)));
  accept (fixture, alone, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cw_chain_is_complete (get_stored_chain (fixture)));
  assert_stored (fixture, fixture->identity);
}

/* The key came along, and is not in the keyring any more. */
static void
test_accept_with_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwKey) key = make_files (fixture, P256, &chain, &csr);
  g_autoptr (GError) error = NULL;

  g_assert_false (accept (fixture, chain, key, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);

  cw_identity_set_key_fingerprint (fixture->identity, cw_key_get_fingerprint (key));
  accept (fixture, chain, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_READY);
  assert_has_key (fixture->identity, NULL);
  assert_stored (fixture, fixture->identity);

  /* Once more, with the key in its place. */
  accept (fixture, chain, key, &error);
  g_assert_no_error (error);
}

static void
test_accept_keyring_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwKey) key = make_files (fixture, P256, &chain, &csr);
  g_autoptr (GError) error = NULL;

  cw_identity_set_key_fingerprint (fixture->identity, cw_key_get_fingerprint (key));
  g_chmod (keyring_folder, 0500);
  g_assert_false (accept (fixture, chain, key, &error));
  g_chmod (keyring_folder, 0700);
  g_assert_true (error->domain == CW_KEYRING_ERROR);
  g_assert_cmpint (cw_identity_get_state (fixture->identity, NULL), ==, CW_IDENTITY_DRAFT);
  g_clear_error (&error);
  accept (fixture, chain, key, &error);
  g_assert_no_error (error);
}

static CwIdentity *
import (Fixture *fixture, CwKey *key, CwChain *chain, GBytes *csr, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_import_async (fixture->store, key, chain, csr, "placeos", NULL, result_cb, &result);
  wait_for (&result);
  return cw_enrolment_import_finish (fixture->store, result, error);
}

static void
assert_imported (Fixture *fixture, CwIdentity *identity, CwIdentityState state)
{
  CwRequest *request = cw_identity_get_request (identity);

  g_assert_cmpint (cw_identity_get_state (identity, NULL), ==, state);
  g_assert_cmpstr (cw_identity_get_profile_id (identity), ==, "placeos");
  g_assert_true (cw_store_find (fixture->store, cw_identity_get_id (identity)) == identity);
  assert_has_key (identity, cw_identity_get_csr (identity));
  assert_stored (fixture, identity);
  assert_no_secret (fixture->path);
  if (state == CW_IDENTITY_DRAFT)
    return;

  g_assert_cmpstr (cw_subject_get (cw_request_get_subject (request), "CN"), ==, "Imported");
  g_assert_cmpstr (cw_subject_get (cw_request_get_subject (request), "O"), ==, "Example");
  g_assert_cmpuint (g_list_model_get_n_items (cw_request_get_alt_names (request)), ==, 1);
  g_assert_true (cw_request_has_usage (request, "1.3.6.1.5.5.7.3.1"));
  g_assert_false (cw_request_has_usage (request, "1.3.6.1.5.5.7.3.2"));
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwKey) key = make_files (fixture, P256, &chain, &csr);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwIdentity) ready = import (fixture, key, chain, NULL, &error);
  g_autoptr (CwIdentity) waiting = import (fixture, key, NULL, csr, &error);
  g_autoptr (CwIdentity) both = import (fixture, key, chain, csr, &error);
  g_autoptr (CwIdentity) draft = import (fixture, key, NULL, NULL, &error);

  g_assert_no_error (error);
  assert_imported (fixture, ready, CW_IDENTITY_READY);
  assert_imported (fixture, waiting, CW_IDENTITY_WAITING);
  assert_imported (fixture, both, CW_IDENTITY_READY);
  assert_imported (fixture, draft, CW_IDENTITY_DRAFT);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 4);
}

static void
test_import_mismatch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("rubbish", 7);
  g_autoptr (CwKey) key G_GNUC_UNUSED = make_files (fixture, P256, &chain, &csr);
  g_autoptr (CwKey) other = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (import (fixture, other, chain, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (import (fixture, other, NULL, csr, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (import (fixture, other, NULL, rubbish, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 0);
}

static void
test_import_keyring_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwIdentity) identity = NULL;

  g_chmod (keyring_folder, 0500);
  g_assert_null (import (fixture, key, NULL, NULL, &error));
  g_assert_true (error->domain == CW_KEYRING_ERROR);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 0);
  g_chmod (keyring_folder, 0700);

  /* It is taken back behind the caller. */
  for (guint i = 0; i < NOT_SUCH_A_WAIT && count_rows (fixture->path) > 0; i++)
    {
      g_usleep (20 * 1000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_cmpuint (count_rows (fixture->path), ==, 0);

  g_clear_error (&error);
  identity = import (fixture, key, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_import_store_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_chmod (fixture->folder, 0500);
  g_assert_null (import (fixture, key, NULL, NULL, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_READ_ONLY);
  g_chmod (fixture->folder, 0700);
  g_assert_cmpuint (count_rows (fixture->path), ==, 0);
}

static void
use_imported (Fixture *fixture, CwKey *key)
{
  g_autoptr (GError) error = NULL;
  CwSubject *subject;

  g_object_unref (fixture->identity);
  fixture->identity = import (fixture, key, NULL, NULL, &error);
  g_assert_no_error (error);
  subject = cw_request_get_subject (cw_identity_get_request (fixture->identity));
  cw_subject_append (subject, "CN", "steve@example.com");
}

static void
put_into_keyring (CwIdentity *identity, CwSecret *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_keyring_store_async (cw_identity_get_id (identity), cw_identity_get_key_fingerprint (identity),
                          "Test", text, NULL, result_cb, &result);
  wait_for (&result);
  cw_keyring_store_finish (result, &error);
  g_assert_no_error (error);
}

static void
assert_in_keyring (CwIdentity *identity, CwSecret *expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) found = NULL;

  cw_keyring_lookup_async (cw_identity_get_id (identity),
                           cw_identity_get_key_fingerprint (identity), NULL, result_cb, &result);
  wait_for (&result);
  found = cw_keyring_lookup_finish (result, &error);
  g_assert_no_error (error);
  g_assert_true (cw_secret_equal (found, expected));
}

/* A key that a person brought is never thrown away, whatever the wizard asks for. */
static void
test_imported_key_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);

  use_imported (fixture, key);
  cw_request_set_key_kind (cw_identity_get_request (fixture->identity), CW_KEY_KIND_RSA_2048);
  assert_request_fails (fixture, CW_ERROR, CW_ERROR_MISMATCH);
  assert_has_key (fixture->identity, NULL);

  cw_request_set_key_kind (cw_identity_get_request (fixture->identity), CW_KEY_KIND_EC_P256);
  assert_requests (fixture, "LSV");
  g_assert_cmpstr (cw_identity_get_key_fingerprint (fixture->identity), ==,
                   cw_key_get_fingerprint (key));
}

/* Nor if the keyring has something else in its place. */
static void
test_imported_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_RSA_3072, NULL, NULL);
  g_autoptr (CwKey) other = cw_key_generate (CW_KEY_KIND_RSA_3072, NULL, NULL);
  g_autoptr (CwSecret) other_pem = cw_key_to_pem (other, NULL);
  g_autoptr (CwSecret) rubbish = cw_secret_new ("no key at all", -1);
  CwSecret *const texts[] = { rubbish, other_pem };

  use_imported (fixture, key);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      put_into_keyring (fixture->identity, texts[i]);
      assert_request_fails (fixture, CW_ERROR, CW_ERROR_UNREADABLE);
      g_assert_cmpstr (cw_identity_get_key_fingerprint (fixture->identity), ==,
                       cw_key_get_fingerprint (key));
      assert_in_keyring (fixture->identity, texts[i]);
    }
}

static void
test_imported_other_kind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwKey) key =
      make_files (fixture, "-algorithm RSA -pkeyopt rsa_keygen_bits:2560", &chain, &csr);

  g_assert_cmpint (cw_key_get_kind (key), ==, CW_KEY_KIND_OTHER);
  use_imported (fixture, key);
  assert_requests (fixture, "LSV");
  assert_has_key (fixture->identity, cw_identity_get_csr (fixture->identity));
}

static GSubprocess *
start_child (const char *folder, const char *role, int phase)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *path = g_build_filename (folder, "certificates.db", NULL);
  g_autofree char *keyring = g_build_filename (folder, "keys.keyring", NULL);
  g_autofree char *number = g_strdup_printf ("%d", phase);
  g_autoptr (GError) error = NULL;
  GSubprocess *child;

  g_subprocess_launcher_setenv (launcher, "SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", folder, TRUE);
  child = g_subprocess_launcher_spawn (launcher, &error, program, role, path, number, NULL);
  g_assert_no_error (error);
  return child;
}

/* In a new program: libsecret's file backend forgets what it could not delete. */
static void
assert_has_key_on_disk (Fixture *fixture)
{
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--check-keys", fixture->path,
                            "-1", NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (child, NULL, &error);
  g_assert_no_error (error);
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_requests (fixture, "GKSV");
  delete_identity (fixture, &error);
  g_assert_no_error (error);
  assert_has_no_key (cw_identity_get_id (fixture->identity),
                     cw_identity_get_key_fingerprint (fixture->identity));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 0);
  g_assert_cmpuint (count_rows (fixture->path), ==, 0);
}

static void
test_delete_draft (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_save_async (fixture->store, fixture->identity, NULL, result_cb, &result);
  wait_for (&result);
  g_assert_true (cw_store_save_finish (fixture->store, result, NULL));
  delete_identity (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (fixture->path), ==, 0);
}

static void
test_delete_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_requests (fixture, "GKSV");
  g_chmod (keyring_folder, 0500);
  g_assert_false (delete_identity (fixture, &error));
  g_chmod (keyring_folder, 0700);
  g_assert_true (error->domain == CW_KEYRING_ERROR);
  assert_has_key_on_disk (fixture);
  assert_stored (fixture, fixture->identity);

  /* A store that cannot be written keeps the key, too. */
  g_clear_error (&error);
  g_chmod (fixture->folder, 0500);
  g_assert_false (delete_identity (fixture, &error));
  g_chmod (fixture->folder, 0700);
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_READ_ONLY);
  assert_has_key_on_disk (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);

  g_clear_error (&error);
  delete_identity (fixture, &error);
  g_assert_no_error (error);
}

static void
test_freed (Fixture *fixture, gconstpointer data)
{
  assert_requests (fixture, "GKSV");
  g_object_add_weak_pointer (G_OBJECT (fixture->identity), (gpointer *) &fixture->spring_data);
  fixture->spring_data = fixture->identity;
  g_object_unref (fixture->store);
  g_clear_object (&fixture->identity);
  g_assert_null (fixture->spring_data);
  fixture->store = open_store (fixture->path);
  fixture->identity = cw_identity_new ();
}

/*
 * Killed at any moment. A child works on a store and a keyring; when it is
 * gone, another looks at what it left.
 */

static void
kill_self_cb (gpointer data)
{
  raise (SIGKILL);
}

static void
enrol_all_drafts (Fixture *fixture)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->store)); i++)
    {
      fixture->identity = g_list_model_get_item (G_LIST_MODEL (fixture->store), i);
      if (cw_identity_get_state (fixture->identity, NULL) == CW_IDENTITY_DRAFT)
        g_assert_true (request_with (fixture, NULL, NULL));
      g_clear_object (&fixture->identity);
    }
}

/* Takes up what was left, then makes some more; killed at a phase of the second one. */
static int
child_works (const char *path, int phase)
{
  Fixture fixture = { 0 };

  fixture.store = open_store (path);
  fixture.phases = g_string_new (NULL);
  if (phase == CW_ENROLMENT_LOOKING)
    {
      fixture.trap = phase;
      fixture.spring = kill_self_cb;
    }
  enrol_all_drafts (&fixture);

  for (guint i = 0; i < MANY; i++)
    {
      if (i == 1 && phase >= 0)
        {
          fixture.trap = phase;
          fixture.spring = kill_self_cb;
        }
      fixture.identity = make_identity ("steve@example.com", CW_KEY_KIND_EC_P256);
      g_assert_true (request_with (&fixture, NULL, NULL));
      g_clear_object (&fixture.identity);
    }
  return 0;
}

/* All of Certwright's: by its name alone. */
static const SecretSchema any_schema = {
  "io.github.certwright.Key",
  SECRET_SCHEMA_NONE,
  { { NULL, 0 } },
};

/* Every CSR has its key. */
static int
child_checks_keys (const char *path)
{
  g_autoptr (CwStore) store = open_store (path);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (cw_identity_get_csr (identity))
        assert_has_key (identity, cw_identity_get_csr (identity));
    }
  return 0;
}

/* The same, and every key is known. */
static int
child_checks (const char *path)
{
  g_autoptr (CwStore) store = open_store (path);
  GList *items;
  guint keys = 0;

  child_checks_keys (path);
  items = secret_password_search_sync (&any_schema, SECRET_SEARCH_ALL, NULL, NULL, NULL);
  for (GList *item = items; item; item = item->next, keys++)
    {
      g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item->data);
      const char *id = g_hash_table_lookup (attributes, "identity");
      CwIdentity *identity = id ? cw_store_find (store, id) : NULL;

      g_assert_nonnull (identity);
      g_assert_cmpstr (cw_identity_get_key_fingerprint (identity), ==,
                       g_hash_table_lookup (attributes, "spki-sha256"));
    }
  g_list_free_full (items, g_object_unref);
  g_assert_cmpuint (keys, >=, 1);
  return 0;
}

static void
check_in_child (const char *folder)
{
  g_autoptr (GSubprocess) child = start_child (folder, "--check", -1);
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check (child, NULL, &error);
  g_assert_no_error (error);
}

static void
test_killed_at_phase (Fixture *fixture, gconstpointer data)
{
  for (int phase = N_PHASES - 1; phase >= 0; phase--)
    {
      g_autoptr (GSubprocess) child = NULL;

      /* Something has to lie there for it to be looked for. */
      if (phase == CW_ENROLMENT_LOOKING)
        {
          g_autoptr (GSubprocess) before =
              start_child (fixture->folder, "--work", CW_ENROLMENT_SIGNING);

          g_assert_true (g_subprocess_wait (before, NULL, NULL));
        }
      child = start_child (fixture->folder, "--work", phase);
      g_assert_true (g_subprocess_wait (child, NULL, NULL));
      g_assert_true (g_subprocess_get_if_signaled (child));
      g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);
      check_in_child (fixture->folder);
    }
}

static void
test_killed_at_random (Fixture *fixture, gconstpointer data)
{
  /* So that there is a key to be checked, however slow the others are. */
  g_autoptr (GSubprocess) before = start_child (fixture->folder, "--work", CW_ENROLMENT_SAVING);

  g_assert_true (g_subprocess_wait (before, NULL, NULL));
  for (guint i = 0; i < RANDOM_KILLS; i++)
    {
      g_autoptr (GSubprocess) child = start_child (fixture->folder, "--work", -1);

      g_usleep (g_test_rand_int_range (150, 500) * 1000);
      g_subprocess_force_exit (child);
      g_assert_true (g_subprocess_wait (child, NULL, NULL));
      g_assert_true (g_subprocess_get_if_signaled (child));
      check_in_child (fixture->folder);
    }
}

/* Without these, root is bound by permission bits as everybody is. */
static void
drop_override (void)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct sets[2] = { 0 };

  if (syscall (SYS_capget, &header, sets) != 0)
    return;
  sets[0].effective &= ~((1u << CAP_DAC_OVERRIDE) | (1u << CAP_DAC_READ_SEARCH));
  syscall (SYS_capset, &header, sets);
}

static void
add (const char *name, gconstpointer data, void (*function) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, data, set_up, function, tear_down);
}

static void
add_request_tests (void)
{
  add ("/enrolment/request/ec-p256", GINT_TO_POINTER (CW_KEY_KIND_EC_P256), test_request);
  add ("/enrolment/request/rsa-2048", GINT_TO_POINTER (CW_KEY_KIND_RSA_2048), test_request);
  add ("/enrolment/request/rsa-3072", GINT_TO_POINTER (CW_KEY_KIND_RSA_3072), test_request);
  add ("/enrolment/request/ed25519", GINT_TO_POINTER (CW_KEY_KIND_ED25519), test_request);
  add ("/enrolment/saved-before-seen", NULL, test_saved_before_seen);
  add ("/enrolment/invalid", NULL, test_invalid);
  add ("/enrolment/locked-at-first", NULL, test_locked_at_first);
  add ("/enrolment/locked-at-last", NULL, test_locked_at_last);
  add ("/enrolment/read-only/first", GINT_TO_POINTER (CW_ENROLMENT_GENERATING), test_read_only);
  add ("/enrolment/read-only/last", GINT_TO_POINTER (CW_ENROLMENT_SIGNING), test_read_only);
  add ("/enrolment/keyring-refuses", NULL, test_keyring_refuses);
  add ("/enrolment/no-keyring", NULL, test_no_keyring);
  add ("/enrolment/cancel/generating", GINT_TO_POINTER (CW_ENROLMENT_GENERATING), test_cancel);
  add ("/enrolment/cancel/storing", GINT_TO_POINTER (CW_ENROLMENT_STORING), test_cancel);
  add ("/enrolment/cancel/signing", GINT_TO_POINTER (CW_ENROLMENT_SIGNING), test_cancel);
  add ("/enrolment/cancel/saving", GINT_TO_POINTER (CW_ENROLMENT_SAVING), test_cancel);
  add ("/enrolment/cancel-generation", NULL, test_cancel_generation);
  add ("/enrolment/key-of-other-kind", NULL, test_key_of_other_kind);
  add ("/enrolment/busy", NULL, test_busy);
  add ("/enrolment/saved-meanwhile/storing", GINT_TO_POINTER (CW_ENROLMENT_STORING),
       test_saved_meanwhile);
  add ("/enrolment/saved-meanwhile/saving", GINT_TO_POINTER (CW_ENROLMENT_SAVING),
       test_saved_meanwhile);
}

static void
add_other_tests (void)
{
  add ("/enrolment/accept", NULL, test_accept);
  add ("/enrolment/accept-another", NULL, test_accept_another);
  add ("/enrolment/accept-second", NULL, test_accept_second);
  add ("/enrolment/accept-keeps-issuers", NULL, test_accept_keeps_issuers);
  add ("/enrolment/accept-with-key", NULL, test_accept_with_key);
  add ("/enrolment/accept-keyring-refuses", NULL, test_accept_keyring_refuses);
  add ("/enrolment/import", NULL, test_import);
  add ("/enrolment/import-mismatch", NULL, test_import_mismatch);
  add ("/enrolment/import-keyring-refuses", NULL, test_import_keyring_refuses);
  add ("/enrolment/import-store-refuses", NULL, test_import_store_refuses);
  add ("/enrolment/imported-key-is-kept", NULL, test_imported_key_is_kept);
  add ("/enrolment/imported-unreadable", NULL, test_imported_unreadable);
  add ("/enrolment/imported-other-kind", NULL, test_imported_other_kind);
  add ("/enrolment/delete", NULL, test_delete);
  add ("/enrolment/delete-draft", NULL, test_delete_draft);
  add ("/enrolment/delete-refused", NULL, test_delete_refused);
  add ("/enrolment/freed", NULL, test_freed);
  add ("/enrolment/killed-at-phase", NULL, test_killed_at_phase);
  add ("/enrolment/killed-at-random", NULL, test_killed_at_random);
}

static void
set_environment (void)
{
  g_autofree char *keyring = NULL;

  home = g_dir_make_tmp ("certwright-enrolment-XXXXXX", NULL);
  keyring_folder = g_build_filename (home, "keyring", NULL);
  keyring = g_build_filename (keyring_folder, "keys.keyring", NULL);
  g_mkdir (keyring_folder, 0700);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "not a secret", TRUE);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
}

/*
 * libsecret 0.20 loses a few bytes whenever it writes its file, and no frame of
 * its own is on the stack by which a suppression could know them.
 */
const char *__lsan_default_options (void);

const char *
__lsan_default_options (void)
{
  return "detect_leaks=0";
}

int
main (int argc, char *argv[])
{
  int result;

  cw_secret_heap_init ();
  if (argc == 4 && g_str_equal (argv[1], "--work"))
    return child_works (argv[2], atoi (argv[3]));
  if (argc == 4 && g_str_equal (argv[1], "--check"))
    return child_checks (argv[2]);
  if (argc == 4 && g_str_equal (argv[1], "--check-keys"))
    return child_checks_keys (argv[2]);

  program = argv[0];
  drop_override ();
  set_environment ();
  g_test_init (&argc, &argv, NULL);
  add_request_tests ();
  add_other_tests ();
  result = g_test_run ();

  remove_folder (home);
  g_free (home);
  g_free (keyring_folder);
  return result;
}

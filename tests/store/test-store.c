/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "cw-store-private.h"

typedef struct
{
  char *folder;
  char *path;
  CwStore *store;
} Fixture;

typedef struct
{
  guint calls;
  guint removed;
  guint added;
} ItemsChanged;

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

static gboolean
open_store (CwStore *store, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_store_open_async (store, NULL, result_cb, &result);
  wait_for (&result);
  return cw_store_open_finish (store, result, error);
}

static gboolean
save (CwStore *store, CwIdentity *identity, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_store_save_async (store, identity, NULL, result_cb, &result);
  wait_for (&result);
  return cw_store_save_finish (store, result, error);
}

static gboolean
remove_identity (CwStore *store, CwIdentity *identity, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_store_remove_async (store, identity, NULL, result_cb, &result);
  wait_for (&result);
  return cw_store_remove_finish (store, result, error);
}

static void
assert_opens (CwStore *store)
{
  g_autoptr (GError) error = NULL;

  open_store (store, &error);
  g_assert_no_error (error);
}

static void
assert_saves (CwStore *store, CwIdentity *identity)
{
  g_autoptr (GError) error = NULL;

  save (store, identity, &error);
  g_assert_no_error (error);
}

/* The sentence names the file and does not end in the air. */
static void
assert_store_error (GError *error, CwStoreError code, const char *name)
{
  g_assert_error (error, CW_STORE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_test_message ("%s", error->message);
}

static void
assert_open_fails (CwStore *store, CwStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (open_store (store, &error));
  assert_store_error (error, code, "certwright");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 0);
}

static void
assert_save_fails (CwStore *store, CwIdentity *identity, CwStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (save (store, identity, &error));
  assert_store_error (error, code, cw_store_get_path (store));
}

static CwIdentity *
make_identity (const char *common_name)
{
  CwIdentity *identity = cw_identity_new ();
  CwSubject *subject = cw_request_get_subject (cw_identity_get_request (identity));

  cw_subject_append (subject, "CN", common_name);
  return identity;
}

/* A second store, as a second program would see the file. */
static CwStore *
reopen (const char *path)
{
  CwStore *store = cw_store_new (path);

  assert_opens (store);
  return store;
}

static mode_t
mode_of (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static sqlite3 *
connect_to (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  return db;
}

static void
execute (sqlite3 *db, const char *sql)
{
  g_autofree char *message = NULL;
  char *sqlite_message = NULL;

  sqlite3_exec (db, sql, NULL, NULL, &sqlite_message);
  message = g_strdup (sqlite_message);
  sqlite3_free (sqlite_message);
  g_assert_cmpstr (message, ==, NULL);
}

static void
execute_in (const char *path, const char *sql)
{
  sqlite3 *db = connect_to (path);

  execute (db, sql);
  sqlite3_close (db);
}

static int
pragma (const char *path, const char *sql)
{
  sqlite3 *db = connect_to (path);
  sqlite3_stmt *statement = NULL;
  int value;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return value;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("certwright-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "certificates.db", NULL);
  fixture->store = cw_store_new (fixture->path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", fixture->folder, NULL };

  g_assert_finalize_object (fixture->store);
  g_chmod (fixture->folder, 0700);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
items_changed_cb (GListModel *model, guint at, guint removed, guint added, ItemsChanged *seen)
{
  seen->calls++;
  seen->removed += removed;
  seen->added += added;
}

static void
test_new (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (fixture->store)) == CW_TYPE_IDENTITY);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->store), 0));
  g_assert_cmpstr (cw_store_get_path (fixture->store), ==, fixture->path);
  g_assert_null (cw_store_find (fixture->store, "none"));
  g_assert_null (cw_store_find_by_key (fixture->store, "none"));
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwStore) store = cw_store_new (NULL);
  g_autofree char *folder = g_path_get_dirname (cw_store_get_path (store));
  mode_t mask = umask (0);

  g_assert_true (g_str_has_prefix (folder, g_get_user_data_dir ()));
  g_assert_true (g_str_has_suffix (cw_store_get_path (store), "/certwright/certificates.db"));
  assert_opens (store);
  g_assert_cmpint (mode_of (folder), ==, 0700);
  g_assert_cmpint (mode_of (cw_store_get_path (store)), ==, 0600);
  g_clear_object (&store);

  /* What an earlier hand has opened to others is closed again. */
  g_chmod (folder, 0755);
  store = cw_store_new (NULL);
  g_chmod (cw_store_get_path (store), 0644);
  assert_opens (store);
  g_assert_cmpint (mode_of (folder), ==, 0700);
  g_assert_cmpint (mode_of (cw_store_get_path (store)), ==, 0600);

  umask (0777);
  assert_opens (fixture->store);
  g_assert_cmpint (mode_of (fixture->path), ==, 0600);
  umask (mask);
}

static void
test_journal_is_private (Fixture *fixture, gconstpointer data)
{
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  mode_t mask = umask (0);
  sqlite3 *db;

  assert_opens (fixture->store);
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
  db = connect_to (fixture->path);
  execute (db, "BEGIN; CREATE TABLE other (x)");
  g_assert_cmpint (mode_of (journal), ==, 0600);
  execute (db, "ROLLBACK");
  sqlite3_close (db);
  umask (mask);
}

static void
fill (CwIdentity *identity)
{
  g_autoptr (GBytes) csr = g_bytes_new_static ("c\0sr", 4);
  g_autoptr (GDateTime) tested_at = g_date_time_new_from_unix_utc (1700000000);

  cw_identity_set_profile_id (identity, "placeos");
  cw_identity_set_step (identity, "reply");
  cw_identity_set_key_fingerprint (identity, "aa");
  cw_identity_set_csr (identity, csr);
  cw_identity_set_server_cas (identity, CW_SERVER_CAS_FILE);
  cw_identity_set_server_cas_pem (identity, "pem");
  cw_identity_set_verify_server (identity, FALSE);
  cw_identity_set_replaced_by (identity, "other");
  cw_identity_set_signer (identity, CW_SIGNER_AUTHORITY);
  cw_identity_set_authority_id (identity, "ca");
  cw_identity_set_address (identity, "https://example.com/");
  cw_identity_set_test (identity, "works", CW_SEVERITY_GOOD, tested_at);
  cw_request_set_days (cw_identity_get_request (identity), 30);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (CwStore) again = NULL;
  CwIdentity *loaded;
  g_autofree char *title = NULL;

  fill (identity);
  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);
  g_assert_true (cw_store_find (fixture->store, cw_identity_get_id (identity)) == identity);

  again = reopen (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 1);
  loaded = cw_store_find (again, cw_identity_get_id (identity));
  title = cw_identity_get_title (loaded);
  g_assert_cmpstr (title, ==, "steve@example.com");
  g_assert_cmpstr (cw_identity_get_profile_id (loaded), ==, "placeos");
  g_assert_cmpstr (cw_identity_get_step (loaded), ==, "reply");
  g_assert_cmpstr (cw_identity_get_key_fingerprint (loaded), ==, "aa");
  g_assert_true (g_bytes_equal (cw_identity_get_csr (loaded), cw_identity_get_csr (identity)));
  g_assert_true (g_date_time_equal (cw_identity_get_requested_at (loaded),
                                    cw_identity_get_requested_at (identity)));
  g_assert_cmpint (cw_identity_get_server_cas (loaded), ==, CW_SERVER_CAS_FILE);
  g_assert_cmpstr (cw_identity_get_server_cas_pem (loaded), ==, "pem");
  g_assert_false (cw_identity_get_verify_server (loaded));
  g_assert_cmpstr (cw_identity_get_replaced_by (loaded), ==, "other");
  g_assert_cmpint (cw_identity_get_signer (loaded), ==, CW_SIGNER_AUTHORITY);
  g_assert_cmpstr (cw_identity_get_authority_id (loaded), ==, "ca");
  g_assert_cmpstr (cw_identity_get_address (loaded), ==, "https://example.com/");
  g_assert_cmpstr (cw_identity_get_test_verdict (loaded), ==, "works");
  g_assert_cmpuint (cw_request_get_days (cw_identity_get_request (loaded)), ==, 30);
  g_assert_true (cw_subject_equal (cw_request_get_subject (cw_identity_get_request (loaded)),
                                   cw_request_get_subject (cw_identity_get_request (identity))));
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) first = make_identity ("first");
  g_autoptr (CwIdentity) second = make_identity ("second");
  g_autoptr (GError) error = NULL;
  ItemsChanged seen = { 0 };

  g_signal_connect (fixture->store, "items-changed", G_CALLBACK (items_changed_cb), &seen);
  assert_opens (fixture->store);
  g_assert_cmpuint (seen.calls, ==, 0);
  assert_saves (fixture->store, first);
  assert_saves (fixture->store, second);
  assert_saves (fixture->store, first);
  g_assert_cmpuint (seen.added, ==, 2);
  g_assert_cmpuint (seen.removed, ==, 0);

  g_assert_true (remove_identity (fixture->store, first, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.removed, ==, 1);
  g_assert_null (cw_store_find (fixture->store, cw_identity_get_id (first)));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);
}

static void
test_removed_stays_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (CwStore) again = NULL;
  g_autoptr (GAsyncResult) removed = NULL;
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GError) error = NULL;

  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);
  cw_store_remove_async (fixture->store, identity, NULL, result_cb, &removed);
  cw_store_save_async (fixture->store, identity, NULL, result_cb, &saved);
  wait_for (&removed);
  wait_for (&saved);
  g_assert_true (cw_store_remove_finish (fixture->store, removed, NULL));
  g_assert_false (cw_store_save_finish (fixture->store, saved, &error));
  assert_store_error (error, CW_STORE_ERROR_REMOVED, "steve@example.com");

  again = reopen (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 0);
}

static void
test_thousand (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwStore) again = cw_store_new (fixture->path);
  ItemsChanged seen = { 0 };

  assert_opens (fixture->store);
  execute_in (fixture->path,
              "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
              "INSERT INTO identity (id, title, profile_id, step, request, key_fingerprint,"
              " key_imported, csr, certificate, issuers, created_at, requested_at, not_before,"
              " not_after, server_cas, server_cas_pem, verify_server, replaced_by)"
              " SELECT 'id-' || i, 'Certificate ' || i, 'placeos', 'use',"
              " 'never parsed', 'aa', 0, x'00', 'never parsed', '', i, i, 0, i, 0, NULL, 1, NULL"
              " FROM n");
  g_signal_connect (again, "items-changed", G_CALLBACK (items_changed_cb), &seen);
  assert_opens (again);
  g_assert_cmpuint (seen.calls, ==, 1);
  g_assert_cmpuint (seen.added, ==, 1000);
  g_assert_nonnull (cw_store_find (again, "id-777"));

  /* Opened once more, it stays as it is. */
  assert_opens (again);
  g_assert_cmpuint (seen.calls, ==, 1);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) ready = make_identity ("ready");
  g_autoptr (CwIdentity) waiting = make_identity ("waiting");
  g_autoptr (CwIdentity) draft = make_identity ("draft");
  g_autoptr (CwIdentityRow) changes = g_new0 (CwIdentityRow, 1);
  g_autoptr (GBytes) csr = g_bytes_new_static ("csr", 3);
  g_auto (GStrv) fingerprints = NULL;

  changes->certificate = g_strdup ("certificate");
  cw_identity_apply (ready, changes);
  cw_identity_set_key_fingerprint (ready, "aa");
  cw_identity_set_csr (waiting, csr);
  cw_identity_set_key_fingerprint (waiting, "aa");
  cw_identity_set_key_fingerprint (draft, "bb");
  assert_opens (fixture->store);
  assert_saves (fixture->store, ready);
  assert_saves (fixture->store, waiting);
  assert_saves (fixture->store, draft);

  g_assert_true (cw_store_find_by_key (fixture->store, "aa") == waiting);
  g_assert_true (cw_store_find_by_key (fixture->store, "bb") == draft);
  g_assert_null (cw_store_find_by_key (fixture->store, "cc"));
  fingerprints = cw_store_get_key_fingerprints (fixture->store);
  g_assert_cmpuint (g_strv_length (fingerprints), ==, 1);
  g_assert_cmpstr (fingerprints[0], ==, "aa");
}

static CwIdentityRow *
csr_changes (void)
{
  CwIdentityRow *changes = g_new0 (CwIdentityRow, 1);

  changes->csr = g_bytes_new_static ("csr", 3);
  changes->requested_at = 5;
  return changes;
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (CwStore) again = NULL;
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  CwIdentity *loaded;

  assert_opens (fixture->store);
  cw_store_save_changes_async (fixture->store, identity, csr_changes (), FALSE, NULL, result_cb,
                               &first);
  g_assert_null (cw_identity_get_csr (identity));

  /* This save was asked for before the CSR was there, and must not undo it. */
  cw_identity_set_step (identity, "request");
  cw_store_save_async (fixture->store, identity, NULL, result_cb, &second);
  wait_for (&first);
  g_assert_true (cw_store_save_finish (fixture->store, first, NULL));
  g_assert_nonnull (cw_identity_get_csr (identity));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 0);
  wait_for (&second);
  g_assert_true (cw_store_save_finish (fixture->store, second, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);

  again = reopen (fixture->path);
  loaded = cw_store_find (again, cw_identity_get_id (identity));
  g_assert_nonnull (cw_identity_get_csr (loaded));
  g_assert_cmpint (g_date_time_to_unix (cw_identity_get_requested_at (loaded)), ==, 5);
  g_assert_cmpstr (cw_identity_get_step (loaded), ==, "request");
}

static void
test_changes_fail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  assert_opens (fixture->store);
  g_cancellable_cancel (cancellable);
  cw_store_save_changes_async (fixture->store, identity, csr_changes (), TRUE, cancellable,
                               result_cb, &result);
  wait_for (&result);
  g_assert_false (cw_store_save_finish (fixture->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (cw_identity_get_csr (identity));
  assert_saves (fixture->store, identity);
  g_assert_null (cw_identity_get_csr (identity));
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  sqlite3 *db;

  assert_opens (fixture->store);
  db = connect_to (fixture->path);
  execute (db, "BEGIN EXCLUSIVE");
  assert_save_fails (fixture->store, identity, CW_STORE_ERROR_LOCKED);
  g_assert_true (cw_identity_matches (identity, "steve@example.com"));
  execute (db, "COMMIT");
  assert_saves (fixture->store, identity);
  sqlite3_close (db);
}

static void
test_locked_at_open (Fixture *fixture, gconstpointer data)
{
  sqlite3 *db = connect_to (fixture->path);

  execute (db, "BEGIN EXCLUSIVE");
  assert_open_fails (fixture->store, CW_STORE_ERROR_LOCKED);
  execute (db, "COMMIT");
  sqlite3_close (db);
  assert_opens (fixture->store);
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
commit_cb (gpointer db)
{
  execute (db, "COMMIT");
  return G_SOURCE_REMOVE;
}

static void
test_lock_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  sqlite3 *db;

  assert_opens (fixture->store);
  db = connect_to (fixture->path);
  execute (db, "BEGIN EXCLUSIVE");
  g_timeout_add (100, commit_cb, db);
  assert_saves (fixture->store, identity);
  sqlite3_close (db);
}

static void
test_cancel_while_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  assert_opens (fixture->store);
  db = connect_to (fixture->path);
  execute (db, "BEGIN EXCLUSIVE");
  cw_store_save_async (fixture->store, identity, cancellable, result_cb, &result);
  g_timeout_add (100, cancel_cb, cancellable);
  wait_for (&result);
  g_assert_false (cw_store_save_finish (fixture->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  execute (db, "COMMIT");
  sqlite3_close (db);
}

static void
test_read_only_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (CwIdentity) other = make_identity ("other");
  g_autoptr (CwStore) again = NULL;

  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);

  /* What is there can still be seen and used. */
  g_chmod (fixture->path, 0400);
  again = reopen (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 1);
  assert_save_fails (again, other, CW_STORE_ERROR_READ_ONLY);
  g_assert_true (cw_identity_matches (other, "other"));
  g_assert_cmpint (mode_of (fixture->path), ==, 0400);

  g_chmod (fixture->path, 0600);
  assert_saves (again, other);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 2);
}

static void
test_read_only_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (GError) error = NULL;

  g_chmod (fixture->folder, 0500);
  assert_open_fails (fixture->store, CW_STORE_ERROR_READ_ONLY);
  g_chmod (fixture->folder, 0700);
  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);

  g_chmod (fixture->folder, 0500);
  cw_identity_set_step (identity, "key");
  assert_save_fails (fixture->store, identity, CW_STORE_ERROR_READ_ONLY);
  g_assert_cmpstr (cw_identity_get_step (identity), ==, "key");
  g_assert_false (remove_identity (fixture->store, identity, &error));
  assert_store_error (error, CW_STORE_ERROR_READ_ONLY, fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);

  g_chmod (fixture->folder, 0700);
  assert_saves (fixture->store, identity);
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  assert_opens (fixture->store);
  g_chmod (fixture->path, 0);
  {
    g_autoptr (CwStore) again = cw_store_new (fixture->path);

    assert_open_fails (again, CW_STORE_ERROR_READ_ONLY);
    g_chmod (fixture->path, 0600);
    assert_opens (again);
  }
}

static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static CwIdentity *
make_large (const char *common_name, gsize size)
{
  CwIdentity *identity = make_identity (common_name);
  g_autofree char *pem = g_strnfill (size, 'x');

  cw_identity_set_server_cas_pem (identity, pem);
  return identity;
}

static void
check_full (CwStore *store, CwIdentity *large)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 1);
  g_assert_nonnull (cw_identity_get_server_cas_pem (large));
  {
    g_autoptr (CwStore) again = reopen (cw_store_get_path (store));

    g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 1);
  }
}

/* A limit for files gives what a quota gives. */
static void
test_quota (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) small = make_identity ("small");
  g_autoptr (CwIdentity) large = make_large ("large", 200 * 1024);

  assert_opens (fixture->store);
  assert_saves (fixture->store, small);
  limit_files (64 * 1024);
  assert_save_fails (fixture->store, large, CW_STORE_ERROR_FULL);
  limit_files (RLIM_INFINITY);
  check_full (fixture->store, large);
  assert_saves (fixture->store, large);
}

static void
write_file (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static gboolean
fill_disk (const char *path)
{
  g_autofree char *block = g_strnfill (4096, 'x');
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  setvbuf (file, NULL, _IONBF, 0);
  while (fwrite (block, 1, 4096, file) == 4096)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  fclose (file);
  return TRUE;
}

/* A disk of our own, in a mount namespace of our own (see main()). */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) small = make_identity ("small");
  g_autoptr (CwIdentity) large = make_large ("large", 200 * 1024);
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);

  if (mount ("none", fixture->folder, "tmpfs", 0, "size=1m,mode=0700") != 0)
    {
      g_test_skip ("no permission to mount a small disk");
      return;
    }

  assert_opens (fixture->store);
  assert_saves (fixture->store, small);
  fill_disk (filler);
  assert_save_fails (fixture->store, large, CW_STORE_ERROR_FULL);
  check_full (fixture->store, large);
  g_unlink (filler);
  assert_saves (fixture->store, large);

  g_assert_cmpint (umount2 (fixture->folder, MNT_DETACH), ==, 0);
}

static void
test_full_at_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_build_filename (fixture->folder, "filler", NULL);

  if (mount ("none", fixture->folder, "tmpfs", 0, "size=1m,mode=0700") != 0)
    {
      g_test_skip ("no permission to mount a small disk");
      return;
    }

  fill_disk (filler);
  assert_open_fails (fixture->store, CW_STORE_ERROR_FULL);
  g_unlink (filler);
  assert_opens (fixture->store);

  g_assert_cmpint (umount2 (fixture->folder, MNT_DETACH), ==, 0);
}

static void
test_read_only_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");

  if (mount ("none", fixture->folder, "tmpfs", 0, "size=1m,mode=0700") != 0)
    {
      g_test_skip ("no permission to mount a disk");
      return;
    }

  mount (NULL, fixture->folder, NULL, MS_REMOUNT | MS_RDONLY, NULL);
  assert_open_fails (fixture->store, CW_STORE_ERROR_READ_ONLY);
  mount (NULL, fixture->folder, NULL, MS_REMOUNT, NULL);
  assert_opens (fixture->store);
  g_object_unref (g_steal_pointer (&fixture->store));

  mount (NULL, fixture->folder, NULL, MS_REMOUNT | MS_RDONLY, NULL);
  fixture->store = reopen (fixture->path);
  assert_save_fails (fixture->store, identity, CW_STORE_ERROR_READ_ONLY);
  mount (NULL, fixture->folder, NULL, MS_REMOUNT, NULL);
  assert_saves (fixture->store, identity);

  g_assert_cmpint (umount2 (fixture->folder, MNT_DETACH), ==, 0);
}

static void
test_not_a_file (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_open_fails (fixture->store, CW_STORE_ERROR_FAILED);
  g_rmdir (fixture->path);

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_open_fails (fixture->store, CW_STORE_ERROR_FAILED);
  g_unlink (fixture->path);

  assert_opens (fixture->store);
}

static void
test_folder_is_a_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *path = g_build_filename (file, "certificates.db", NULL);
  g_autoptr (CwStore) store = cw_store_new (path);

  write_file (file, "");
  assert_open_fails (store, CW_STORE_ERROR_FAILED);
  g_unlink (file);
  assert_opens (store);
}

static void
assert_untouched (const char *path, const char *before, gsize length)
{
  g_autofree char *after = NULL;
  gsize length_after;

  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (after, length_after, before, length);
}

static void
test_not_a_database (Fixture *fixture, gconstpointer data)
{
  const char text[] = "This is a letter and not a database, and it is longer than a header is.";

  write_file (fixture->path, text);
  g_chmod (fixture->path, 0644);
  assert_open_fails (fixture->store, CW_STORE_ERROR_DAMAGED);
  assert_untouched (fixture->path, text, strlen (text));

  g_unlink (fixture->path);
  assert_opens (fixture->store);
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) large = make_large ("large", 200 * 1024);
  g_autofree char *before = NULL;
  g_autoptr (CwStore) again = cw_store_new (fixture->path);
  g_autoptr (GError) error = NULL;
  gsize length;

  assert_opens (fixture->store);
  assert_saves (fixture->store, large);
  g_assert_cmpint (truncate (fixture->path, 8192), ==, 0);
  g_assert_true (g_file_get_contents (fixture->path, &before, &length, NULL));
  assert_open_fails (again, CW_STORE_ERROR_DAMAGED);
  g_assert_false (save (again, large, &error));
  assert_store_error (error, CW_STORE_ERROR_FAILED, fixture->path);
  assert_untouched (fixture->path, before, length);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  write_file (fixture->path, "");
  g_chmod (fixture->path, 0644);
  assert_opens (fixture->store);
  g_assert_cmpint (mode_of (fixture->path), ==, 0600);
  g_assert_cmpint (pragma (fixture->path, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (pragma (fixture->path, "PRAGMA application_id"), ==, 0x43775331);
}

/* What the first version made: opened, brought up to date, and nothing lost. */
static void
test_first_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = NULL;
  GError *error = NULL;

  execute_in (fixture->path,
              "CREATE TABLE identity (id TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL,"
              " profile_id TEXT, step TEXT, request TEXT, key_fingerprint TEXT,"
              " key_imported INTEGER NOT NULL, csr BLOB, certificate TEXT, issuers TEXT,"
              " created_at INTEGER NOT NULL, requested_at INTEGER NOT NULL,"
              " not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,"
              " server_cas INTEGER NOT NULL, server_cas_pem TEXT,"
              " verify_server INTEGER NOT NULL, replaced_by TEXT);"
              "PRAGMA application_id = 0x43775331;"
              "INSERT INTO identity VALUES ('one', 'Old', 'placeos', 'key', NULL, NULL, 0, NULL,"
              " NULL, NULL, 1, 0, 0, 0, 1, NULL, 0, NULL);"
              "PRAGMA user_version = 1");
  assert_opens (fixture->store);
  g_assert_cmpint (pragma (fixture->path, "PRAGMA user_version"), ==, 3);

  identity = g_list_model_get_item (G_LIST_MODEL (fixture->store), 0);
  g_assert_cmpstr (cw_identity_get_id (identity), ==, "one");
  g_assert_cmpint (cw_identity_get_server_cas (identity), ==, CW_SERVER_CAS_REPLY);
  g_assert_false (cw_identity_get_verify_server (identity));
  g_assert_cmpint (cw_identity_get_signer (identity), ==, CW_SIGNER_CA);
  g_assert_false (cw_identity_get_is_authority (identity));
  g_assert_null (cw_identity_get_test_status (identity));
  cw_identity_set_address (identity, "https://example.com/");
  g_assert_true (save (fixture->store, identity, &error));
  g_assert_no_error (error);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  gsize length;

  execute_in (fixture->path, "CREATE TABLE later (x); PRAGMA user_version = 9999");
  g_chmod (fixture->path, 0644);
  g_assert_true (g_file_get_contents (fixture->path, &before, &length, NULL));
  assert_open_fails (fixture->store, CW_STORE_ERROR_NEWER);
  assert_untouched (fixture->path, before, length);
  g_assert_cmpint (mode_of (fixture->path), ==, 0644);
}

static void
test_two_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwStore) other = cw_store_new (fixture->path);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_open_async (fixture->store, NULL, result_cb, &first);
  cw_store_open_async (other, NULL, result_cb, &second);
  wait_for (&first);
  wait_for (&second);
  cw_store_open_finish (fixture->store, first, &error);
  g_assert_no_error (error);
  cw_store_open_finish (other, second, &error);
  g_assert_no_error (error);
}

static void
refresh (CwStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_refresh_async (store, NULL, result_cb, &result);
  wait_for (&result);
  cw_store_refresh_finish (store, result, &error);
  g_assert_no_error (error);
}

/* What another program deleted does not come back with what is open here. */
static void
test_refresh_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (CwStore) other = NULL;
  g_autoptr (CwStore) again = NULL;
  g_autoptr (GError) error = NULL;

  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);
  other = reopen (fixture->path);
  g_assert_true (
      remove_identity (other, cw_store_find (other, cw_identity_get_id (identity)), &error));
  g_assert_no_error (error);
  g_assert_false (cw_store_was_removed (fixture->store, cw_identity_get_id (identity)));

  refresh (fixture->store);
  g_assert_true (cw_store_was_removed (fixture->store, cw_identity_get_id (identity)));
  g_assert_false (save (fixture->store, identity, &error));
  assert_store_error (error, CW_STORE_ERROR_REMOVED, "steve@example.com");
  again = reopen (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 0);
}

/* A refresh while something is being saved: what stood aside for it is not forgotten. */
static void
test_refresh_while_saving (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (1700000000);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GAsyncResult) refreshed = NULL;
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (CwStore) other = NULL;
  CwIdentity *there;

  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);
  refresh (fixture->store);
  other = reopen (fixture->path);
  there = cw_store_find (other, cw_identity_get_id (identity));
  cw_identity_set_test (there, "works", CW_SEVERITY_GOOD, at);
  assert_saves (other, there);

  cw_store_refresh_async (fixture->store, NULL, result_cb, &refreshed);
  g_cancellable_cancel (cancelled);
  cw_store_save_changes_async (fixture->store, identity, g_new0 (CwIdentityRow, 1), TRUE, cancelled,
                               result_cb, &saved);
  wait_for (&refreshed);
  wait_for (&saved);
  g_assert_true (cw_store_refresh_finish (fixture->store, refreshed, NULL));
  g_assert_false (cw_store_save_finish (fixture->store, saved, NULL));
  g_assert_null (cw_identity_get_test_verdict (identity));

  refresh (fixture->store);
  g_assert_cmpstr (cw_identity_get_test_verdict (identity), ==, "works");
}

/* What the command line tested; what is being typed here is not replaced by it. */
static void
test_refresh_test (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (1700000000);
  g_autoptr (CwStore) other = NULL;
  CwIdentity *there;

  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);
  refresh (fixture->store);
  other = reopen (fixture->path);
  there = cw_store_find (other, cw_identity_get_id (identity));
  cw_identity_set_address (there, "https://api.example.com/");
  cw_identity_set_test (there, "works", CW_SEVERITY_WARNING, at);
  assert_saves (other, there);
  g_assert_null (cw_identity_get_test_verdict (identity));

  refresh (fixture->store);
  g_assert_cmpstr (cw_identity_get_address (identity), ==, "https://api.example.com/");
  g_assert_cmpstr (cw_identity_get_test_verdict (identity), ==, "works");
  g_assert_cmpint (cw_identity_get_test_severity (identity), ==, CW_SEVERITY_WARNING);

  cw_identity_set_address (identity, "https://other.example.com/");
  cw_identity_set_test (there, "refused", CW_SEVERITY_PROBLEM, at);
  assert_saves (other, there);
  refresh (fixture->store);
  g_assert_cmpstr (cw_identity_get_address (identity), ==, "https://other.example.com/");
  g_assert_null (cw_identity_get_test_verdict (identity));
}

static void
test_vanished (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");

  assert_opens (fixture->store);
  g_unlink (fixture->path);
  assert_save_fails (fixture->store, identity, CW_STORE_ERROR_FAILED);
}

static void
test_not_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");

  assert_save_fails (fixture->store, identity, CW_STORE_ERROR_FAILED);
  assert_opens (fixture->store);
  assert_saves (fixture->store, identity);
}

static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *target = g_build_filename (fixture->folder, "elsewhere.db", NULL);

  g_assert_cmpint (symlink (target, fixture->path), ==, 0);
  assert_opens (fixture->store);
  g_assert_cmpint (mode_of (target), ==, 0600);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = make_identity ("steve@example.com");
  g_autoptr (CwStore) again = NULL;
  g_autoptr (GAsyncResult) last = NULL;

  assert_opens (fixture->store);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *step = g_strdup_printf ("%u", i);

      cw_identity_set_step (identity, step);
      cw_store_save_async (fixture->store, identity, NULL, i == 19 ? result_cb : NULL, &last);
    }
  cw_identity_set_step (identity, "not saved");
  wait_for (&last);
  again = reopen (fixture->path);
  g_assert_cmpstr (cw_identity_get_step (cw_store_find (again, cw_identity_get_id (identity))), ==,
                   "19");
}

/*
 * Root would pass every permission bit. Without these capabilities it is bound
 * by them as everybody is; what is mounted needs CAP_SYS_ADMIN, which it keeps.
 */
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

int
main (int argc, char *argv[])
{
  g_autofree char *home = NULL;
  int result;

  /* Before there is any thread. Only root may; for others a quota has to do. */
  if (unshare (CLONE_NEWNS) == 0)
    mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
  drop_override ();
  signal (SIGXFSZ, SIG_IGN);
  home = g_dir_make_tmp ("certwright-home-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);

  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("new", test_new);
  ADD ("private", test_private);
  ADD ("journal-is-private", test_journal_is_private);
  ADD ("round-trip", test_round_trip);
  ADD ("list", test_list);
  ADD ("removed-stays-removed", test_removed_stays_removed);
  ADD ("thousand", test_thousand);
  ADD ("keys", test_keys);
  ADD ("changes", test_changes);
  ADD ("changes-fail", test_changes_fail);
  ADD ("locked", test_locked);
  ADD ("locked-at-open", test_locked_at_open);
  ADD ("lock-ends", test_lock_ends);
  ADD ("cancel-while-locked", test_cancel_while_locked);
  ADD ("read-only-file", test_read_only_file);
  ADD ("read-only-folder", test_read_only_folder);
  ADD ("unreadable", test_unreadable);
  ADD ("quota", test_quota);
  ADD ("full", test_full);
  ADD ("full-at-open", test_full_at_open);
  ADD ("read-only-disk", test_read_only_disk);
  ADD ("not-a-file", test_not_a_file);
  ADD ("folder-is-a-file", test_folder_is_a_file);
  ADD ("not-a-database", test_not_a_database);
  ADD ("truncated", test_truncated);
  ADD ("empty", test_empty);
  ADD ("first-version", test_first_version);
  ADD ("newer", test_newer);
  ADD ("two-at-once", test_two_at_once);
  ADD ("refresh-removed", test_refresh_removed);
  ADD ("refresh-while-saving", test_refresh_while_saving);
  ADD ("refresh-test", test_refresh_test);
  ADD ("vanished", test_vanished);
  ADD ("not-open", test_not_open);
  ADD ("link", test_link);
  ADD ("order", test_order);
#undef ADD
  result = g_test_run ();

  {
    const char *remove[] = { "rm", "-rf", home, NULL };

    g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                  NULL);
  }
  return result;
}

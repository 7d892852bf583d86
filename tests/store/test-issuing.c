/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Self-signed certificates and private CAs, from the draft to the revocation
 * list, with libsecret's file for the keys.
 */

#include "config.h"

#include <stdio.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "cw-enrolment.h"
#include "cw-error.h"
#include "cw-keyring.h"
#include "cw-usage.h"

#define RANDOM_KILLS 4
#define DAY          (24 * 60 * 60)

typedef struct
{
  char *folder;
  char *path;
  CwStore *store;
  CwIdentity *authority;
  CwIdentity *draft;
  GString *phases;
} Fixture;

static char *home;
static char *keyring;
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
remove_folder (const char *folder)
{
  const char *argv[] = { "rm", "-rf", folder, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
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
make_draft (const char *common_name)
{
  CwIdentity *identity = cw_identity_new ();
  CwRequest *request = cw_identity_get_request (identity);

  cw_subject_append (cw_request_get_subject (request), "CN", common_name);
  cw_request_set_key_kind (request, CW_KEY_KIND_EC_P256);
  return identity;
}

static void
add_alt_name (CwIdentity *identity, CwAltNameKind kind, const char *value)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (kind, value);

  cw_request_add_alt_name (cw_identity_get_request (identity), name);
}

static void
progress_cb (CwEnrolmentPhase phase, gpointer data)
{
  g_string_append_c (((Fixture *) data)->phases, "LGKSV"[phase]);
}

static CwIdentity *
create_authority (Fixture *fixture, guint days)
{
  CwIdentity *authority = cw_identity_new_authority ();
  CwRequest *request = cw_identity_get_request (authority);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", "Test CA");
  cw_request_set_days (request, days);
  cw_enrolment_create_authority_async (fixture->store, authority, progress_cb, fixture, NULL,
                                       result_cb, &result);
  wait_for (&result);
  cw_enrolment_create_authority_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return authority;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_build_filename (home, "store-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (fixture->folder));
  fixture->path = g_build_filename (fixture->folder, "certificates.db", NULL);
  fixture->store = open_store (fixture->path);
  fixture->phases = g_string_new (NULL);
  fixture->authority = create_authority (fixture, CW_AUTHORITY_DAYS);
  fixture->draft = make_draft ("steve@example.com");
  g_string_truncate (fixture->phases, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->draft);
  g_object_unref (fixture->authority);

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

static gboolean
self_sign (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_self_sign_async (fixture->store, fixture->draft, progress_cb, fixture, NULL,
                                result_cb, &result);
  wait_for (&result);
  return cw_enrolment_self_sign_finish (fixture->store, result, error);
}

static gboolean
issue_draft (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_issue_draft_async (fixture->store, fixture->draft, fixture->authority, progress_cb,
                                  fixture, cancellable, result_cb, &result);
  wait_for (&result);
  return cw_enrolment_issue_draft_finish (fixture->store, result, error);
}

static CwChain *
issue (Fixture *fixture, CwGrant *grant, CwIdentity *answered, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_issue_async (fixture->store, fixture->authority, grant, answered, NULL, result_cb,
                            &result);
  wait_for (&result);
  return cw_enrolment_issue_finish (fixture->store, result, error);
}

static void
request (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_enrolment_request_async (fixture->store, fixture->draft, NULL, NULL, NULL, result_cb, &result);
  wait_for (&result);
  cw_enrolment_request_finish (fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
save (CwStore *store, CwIdentity *identity)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cw_store_save_async (store, identity, NULL, result_cb, &result);
  wait_for (&result);
  cw_store_save_finish (store, result, &error);
  g_assert_no_error (error);
}

static GListModel *
load_issued (CwStore *store, CwIdentity *authority)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *issued;

  cw_store_load_issued_async (store, authority, NULL, result_cb, &result);
  wait_for (&result);
  issued = cw_store_load_issued_finish (store, result, &error);
  g_assert_no_error (error);
  return issued;
}

static gboolean
revoke_issued (Fixture *fixture, CwIssued *issued, CwRevocationReason reason, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_revoke_async (fixture->store, issued, reason, NULL, result_cb, &result);
  wait_for (&result);
  return cw_enrolment_revoke_finish (fixture->store, result, error);
}

static CwCrl *
create_crl (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_create_crl_async (fixture->store, fixture->authority, CW_CRL_DAYS, NULL, result_cb,
                                 &result);
  wait_for (&result);
  return cw_enrolment_create_crl_finish (fixture->store, result, error);
}

static CwGrant *
grant_of (GBytes *csr)
{
  g_autoptr (GError) error = NULL;
  CwGrant *grant = cw_grant_new_from_csr (csr, &error);

  g_assert_no_error (error);
  return grant;
}

/* Somebody's from elsewhere. */
static CwGrant *
make_grant (const char *common_name)
{
  g_autoptr (CwIdentity) identity = make_draft (common_name);
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (GBytes) csr = cw_request_create_csr (cw_identity_get_request (identity), key, NULL);

  return grant_of (csr);
}

static CwCertificate *
leaf_of (CwIdentity *identity)
{
  return cw_chain_get_leaf (cw_identity_get_chain (identity));
}

/* What the keyring holds is the certificate's key. */
static void
assert_has_key (CwIdentity *identity)
{
  const char *fingerprint = cw_identity_get_key_fingerprint (identity);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) pem = NULL;
  g_autoptr (CwKey) key = NULL;

  cw_keyring_lookup_async (cw_identity_get_id (identity), fingerprint, NULL, result_cb, &result);
  wait_for (&result);
  pem = cw_keyring_lookup_finish (result, &error);
  g_assert_no_error (error);
  key = cw_key_new_from_pem (pem, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cw_key_get_fingerprint (key), ==, fingerprint);
  g_assert_cmpstr (cw_certificate_get_key_fingerprint (leaf_of (identity)), ==, fingerprint);
}

/* What the next start finds. */
static void
assert_stored (Fixture *fixture, CwIdentity *identity)
{
  g_autoptr (CwStore) again = open_store (fixture->path);
  CwIdentity *loaded = cw_store_find (again, cw_identity_get_id (identity));

  g_assert_nonnull (loaded);
  g_assert_true (cw_certificate_equal (leaf_of (loaded), leaf_of (identity)));
  g_assert_cmpint (cw_identity_get_signer (loaded), ==, cw_identity_get_signer (identity));
  g_assert_cmpstr (cw_identity_get_authority_id (loaded), ==,
                   cw_identity_get_authority_id (identity));
  g_assert_true (cw_identity_get_is_authority (loaded) == cw_identity_get_is_authority (identity));
}

static guint
count_issued (Fixture *fixture)
{
  g_autoptr (CwStore) again = open_store (fixture->path);
  g_autoptr (GListModel) issued = load_issued (again, fixture->authority);

  return g_list_model_get_n_items (issued);
}

static void
test_self_sign (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add_alt_name (fixture->draft, CW_ALT_NAME_EMAIL, "steve@example.com");
  cw_request_set_days (cw_identity_get_request (fixture->draft), 90);
  self_sign (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->phases->str, ==, "GKSV");
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_READY);
  g_assert_cmpint (cw_identity_get_signer (fixture->draft), ==, CW_SIGNER_SELF);
  g_assert_null (cw_identity_get_csr (fixture->draft));
  g_assert_true (cw_certificate_is_self_signed (leaf_of (fixture->draft)));
  g_assert_false (cw_certificate_is_ca (leaf_of (fixture->draft)));
  assert_has_key (fixture->draft);
  assert_stored (fixture, fixture->draft);
  g_assert_cmpuint (count_issued (fixture), ==, 0);

  /* It is not done twice. */
  g_assert_false (self_sign (fixture, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_self_sign_invalid (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  cw_subject_clear (cw_request_get_subject (cw_identity_get_request (fixture->draft)));
  g_assert_false (self_sign (fixture, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_cmpstr (fixture->phases->str, ==, "");
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_DRAFT);
}

static void
test_create_authority (Fixture *fixture, gconstpointer data)
{
  CwCertificate *certificate = leaf_of (fixture->authority);

  g_assert_true (cw_certificate_is_ca (certificate));
  g_assert_true (cw_certificate_is_self_signed (certificate));
  g_assert_cmpstr (cw_certificate_get_title (certificate), ==, "Test CA");
  g_assert_cmpstr (cw_certificate_get_key_title (certificate), ==, "EC P-384");
  g_assert_cmpint (cw_identity_get_state (fixture->authority, NULL), ==, CW_IDENTITY_READY);
  assert_has_key (fixture->authority);
  assert_stored (fixture, fixture->authority);
  g_assert_nonnull (strstr (cw_enrolment_explain_deletion (fixture->authority), "revoked"));
}

static void
test_issue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
  g_autoptr (GListModel) list = load_issued (fixture->store, fixture->authority);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwChain) chain = issue (fixture, grant, NULL, &error);
  g_autoptr (CwIssued) issued = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (cw_chain_get_certificates (chain)->len, ==, 2);
  g_assert_true (cw_chain_is_complete (chain));
  g_assert_true (cw_chain_verify (chain, NULL, NULL, &error));
  g_assert_cmpstr (cw_certificate_get_key_fingerprint (cw_chain_get_leaf (chain)), ==,
                   cw_grant_get_key_fingerprint (grant));

  /* It is in the list that was there already, and on the disk. */
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  issued = g_list_model_get_item (list, 0);
  g_assert_true (
      cw_certificate_equal (cw_issued_get_certificate (issued), cw_chain_get_leaf (chain)));
  g_assert_cmpstr (cw_issued_get_authority_id (issued), ==,
                   cw_identity_get_id (fixture->authority));
  g_assert_false (cw_issued_is_revoked (issued));
  g_assert_cmpuint (count_issued (fixture), ==, 1);
}

static void
test_issue_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  request (fixture);
  grant = grant_of (cw_identity_get_csr (fixture->draft));
  chain = issue (fixture, grant, fixture->draft, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_READY);
  g_assert_true (cw_certificate_equal (leaf_of (fixture->draft), cw_chain_get_leaf (chain)));
  g_assert_cmpint (cw_identity_get_signer (fixture->draft), ==, CW_SIGNER_AUTHORITY);
  g_assert_cmpstr (cw_identity_get_authority_id (fixture->draft), ==,
                   cw_identity_get_id (fixture->authority));
  g_assert_true (cw_chain_is_complete (cw_identity_get_chain (fixture->draft)));
  assert_has_key (fixture->draft);
  assert_stored (fixture, fixture->draft);
  g_assert_cmpuint (count_issued (fixture), ==, 1);

  /* What it has is not replaced. */
  g_assert_null (issue (fixture, grant, fixture->draft, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_cmpuint (count_issued (fixture), ==, 1);
}

static gboolean
delete_identity (CwStore *store, CwIdentity *identity, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_enrolment_delete_async (store, identity, NULL, result_cb, &result);
  wait_for (&result);
  return cw_enrolment_delete_finish (store, result, error);
}

/* What another program has answered since it was loaded is not replaced. */
static void
test_issue_answered_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwStore) first = g_object_ref (fixture->store);
  g_autoptr (CwStore) other = NULL;
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GError) error = NULL;
  CwIdentity *theirs;

  request (fixture);
  grant = grant_of (cw_identity_get_csr (fixture->draft));
  other = open_store (fixture->path);
  theirs = cw_store_find (other, cw_identity_get_id (fixture->draft));

  g_set_object (&fixture->store, other);
  chain = issue (fixture, grant, theirs, &error);
  g_assert_no_error (error);
  g_set_object (&fixture->store, first);
  g_assert_null (issue (fixture, grant, fixture->draft, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_WAITING);
  assert_stored (fixture, theirs);
  g_assert_cmpuint (count_issued (fixture), ==, 1);
}

/* And what it has deleted does not come back without its key. */
static void
test_issue_deleted_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwStore) other = NULL;
  g_autoptr (CwStore) again = NULL;
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (GError) error = NULL;
  const char *id = cw_identity_get_id (fixture->draft);

  request (fixture);
  grant = grant_of (cw_identity_get_csr (fixture->draft));
  other = open_store (fixture->path);
  g_assert_true (delete_identity (other, cw_store_find (other, id), &error));

  g_assert_null (issue (fixture, grant, fixture->draft, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED);
  again = open_store (fixture->path);
  g_assert_null (cw_store_find (again, id));
  g_assert_cmpuint (count_issued (fixture), ==, 0);
}

/* What another program has changed in it beside the answer stays. */
static void
test_issue_changed_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwStore) other = NULL;
  g_autoptr (CwStore) again = NULL;
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GError) error = NULL;
  const char *id = cw_identity_get_id (fixture->draft);

  request (fixture);
  grant = grant_of (cw_identity_get_csr (fixture->draft));
  other = open_store (fixture->path);
  cw_identity_set_address (cw_store_find (other, id), "https://device.example.com");
  save (other, cw_store_find (other, id));

  chain = issue (fixture, grant, fixture->draft, &error);
  g_assert_no_error (error);
  assert_stored (fixture, fixture->draft);
  again = open_store (fixture->path);
  g_assert_cmpstr (cw_identity_get_address (cw_store_find (again, id)), ==,
                   "https://device.example.com");
}

static void
test_issue_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
  g_autoptr (CwIdentity) no_authority = g_object_ref (fixture->authority);
  g_autoptr (GError) error = NULL;

  /* Another's key. */
  request (fixture);
  g_assert_null (issue (fixture, grant, fixture->draft, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_WAITING);
  g_clear_error (&error);

  /* Nothing that it could be used for. */
  cw_request_set_usage (cw_grant_get_request (grant), CW_USAGE_CLIENT_AUTH, FALSE);
  g_assert_null (issue (fixture, grant, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_clear_error (&error);
  cw_grant_set_purpose (grant, CW_USAGE_SERVER_AUTH);

  /* No CA. */
  g_set_object (&fixture->authority, fixture->draft);
  g_assert_null (issue (fixture, grant, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_clear_error (&error);
  g_set_object (&fixture->authority, no_authority);

  /* A key that is gone. */
  g_assert_cmpint (g_rename (keyring, "gone"), ==, 0);
  g_assert_null (issue (fixture, grant, NULL, &error));
  g_assert_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (g_rename ("gone", keyring), ==, 0);
  g_assert_cmpuint (count_issued (fixture), ==, 0);
}

/* A store that cannot be written: nothing leaves. */
static void
test_issue_unrecorded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  request (fixture);
  grant = grant_of (cw_identity_get_csr (fixture->draft));
  sqlite3_open (fixture->path, &db);
  g_assert_cmpint (sqlite3_exec (db, "DROP TABLE issued", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  g_assert_null (issue (fixture, grant, fixture->draft, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED);
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_WAITING);
}

/* Deleted by another program. */
static void
test_issue_authority_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  sqlite3_open (fixture->path, &db);
  g_assert_cmpint (sqlite3_exec (db, "DELETE FROM identity", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  g_assert_null (issue (fixture, grant, NULL, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED);
  g_clear_error (&error);
  g_assert_null (create_crl (fixture, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED);
}

static void
test_issue_draft (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add_alt_name (fixture->draft, CW_ALT_NAME_DNS, "münchen.example");
  add_alt_name (fixture->draft, CW_ALT_NAME_UPN, "steve@corp.example");
  cw_request_set_days (cw_identity_get_request (fixture->draft), 100);
  issue_draft (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->phases->str, ==, "GKSSV");
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_READY);
  g_assert_nonnull (cw_identity_get_csr (fixture->draft));
  g_assert_cmpint (cw_identity_get_signer (fixture->draft), ==, CW_SIGNER_AUTHORITY);
  g_assert_cmpuint (
      g_list_model_get_n_items (cw_certificate_get_alt_names (leaf_of (fixture->draft))), ==, 2);
  g_assert_cmpint (g_date_time_to_unix (cw_certificate_get_not_after (leaf_of (fixture->draft))) /
                       DAY,
                   <=, g_get_real_time () / G_USEC_PER_SEC / DAY + 100);
  assert_has_key (fixture->draft);
  assert_stored (fixture, fixture->draft);
  g_assert_cmpuint (count_issued (fixture), ==, 1);
}

static void
test_issue_draft_refused (Fixture *fixture, gconstpointer data)
{
  CwRequest *asked = cw_identity_get_request (fixture->draft);
  g_autoptr (GError) error = NULL;
  g_autofree char *fingerprint = NULL;

  cw_request_set_usage (asked, CW_USAGE_ANY, TRUE);
  g_assert_false (issue_draft (fixture, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_DRAFT);
  g_assert_cmpuint (count_issued (fixture), ==, 0);

  /* With the same key, once the cause is gone. */
  fingerprint = g_strdup (cw_identity_get_key_fingerprint (fixture->draft));
  cw_request_set_usage (asked, CW_USAGE_ANY, FALSE);
  g_string_truncate (fixture->phases, 0);
  issue_draft (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->phases->str, ==, "LSSV");
  g_assert_cmpstr (cw_identity_get_key_fingerprint (fixture->draft), ==, fingerprint);
  assert_has_key (fixture->draft);
}

/* The same draft, by two programs. */
static void
test_issue_draft_meanwhile (Fixture *fixture, gconstpointer data)
{
  CwRequest *asked = cw_identity_get_request (fixture->draft);
  g_autoptr (CwIdentity) first = g_object_ref (fixture->draft);
  g_autoptr (CwStore) store = g_object_ref (fixture->store);
  g_autoptr (CwStore) other = NULL;
  g_autoptr (GError) error = NULL;

  /* It has a key, and is stored. */
  cw_request_set_usage (asked, CW_USAGE_ANY, TRUE);
  g_assert_false (issue_draft (fixture, NULL, NULL));
  cw_request_set_usage (asked, CW_USAGE_ANY, FALSE);
  save (fixture->store, first);

  other = open_store (fixture->path);
  g_set_object (&fixture->store, other);
  g_set_object (&fixture->draft, cw_store_find (other, cw_identity_get_id (first)));
  issue_draft (fixture, NULL, &error);
  g_assert_no_error (error);
  assert_stored (fixture, fixture->draft);

  g_set_object (&fixture->store, store);
  g_set_object (&fixture->draft, first);
  g_assert_false (issue_draft (fixture, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_cmpuint (count_issued (fixture), ==, 1);
  assert_stored (fixture, cw_store_find (other, cw_identity_get_id (first)));
}

static void
test_issue_draft_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (issue_draft (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_DRAFT);
  g_assert_cmpuint (count_issued (fixture), ==, 0);
}

static void
test_clipped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
  g_autoptr (CwIdentity) authority = create_authority (fixture, 30);
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (GError) error = NULL;

  g_set_object (&fixture->authority, authority);
  g_assert_true (cw_authority_clip (leaf_of (authority), 31, NULL));
  chain = issue (fixture, grant, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_date_time_equal (cw_certificate_get_not_after (cw_chain_get_leaf (chain)),
                                    cw_certificate_get_not_after (leaf_of (authority))));
}

static void
count_cb (gpointer issued, guint *n_changes)
{
  ++*n_changes;
}

static gboolean
find_revocation (CwStore *store, CwCertificate *certificate, GDateTime **revoked_at, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cw_store_find_revocation_async (store, certificate, NULL, result_cb, &result);
  wait_for (&result);
  return cw_store_find_revocation_finish (store, result, revoked_at, error);
}

static void
assert_revoked_at (Fixture *fixture, CwCertificate *certificate, GDateTime *when)
{
  g_autoptr (GDateTime) revoked_at = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (find_revocation (fixture->store, certificate, &revoked_at, &error));
  g_assert_no_error (error);
  g_assert_true (when ? revoked_at && g_date_time_equal (revoked_at, when) : !revoked_at);
}

static void
execute (Fixture *fixture, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* That nobody can tell is not the same as that it is not revoked. */
static void
test_revocation_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel) list = load_issued (fixture->store, fixture->authority);
  g_autoptr (CwIssued) issued = NULL;
  g_autoptr (GDateTime) revoked_at = NULL;
  g_autoptr (GError) error = NULL;
  CwCertificate *leaf;

  g_assert_true (issue_draft (fixture, NULL, NULL));
  issued = g_list_model_get_item (list, 0);
  leaf = cw_issued_get_certificate (issued);
  assert_revoked_at (fixture, leaf, NULL);
  assert_revoked_at (fixture, leaf_of (fixture->authority), NULL);
  g_assert_true (revoke_issued (fixture, issued, CW_REVOCATION_SUPERSEDED, NULL));
  assert_revoked_at (fixture, leaf, cw_issued_get_revoked_at (issued));

  execute (fixture, "UPDATE issued SET certificate = X'3003020101'");
  g_assert_false (find_revocation (fixture->store, leaf, &revoked_at, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_DAMAGED);
  g_assert_null (revoked_at);
  assert_revoked_at (fixture, leaf_of (fixture->authority), NULL);

  g_clear_error (&error);
  execute (fixture, "DROP TABLE issued");
  g_assert_false (find_revocation (fixture->store, leaf, &revoked_at, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED);
  g_assert_null (revoked_at);
}

static void
test_revoke (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel) list = load_issued (fixture->store, fixture->authority);
  g_autoptr (CwIssued) issued = NULL;
  g_autoptr (CwCrl) crl = NULL;
  g_autoptr (GError) error = NULL;
  guint n_changes = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u.example.com", i);
      g_autoptr (CwGrant) grant = make_grant (name);
      g_autoptr (CwChain) chain = issue (fixture, grant, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (chain);
    }
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);

  /* The latest first. */
  issued = g_list_model_get_item (list, 1);
  g_assert_cmpstr (cw_certificate_get_title (cw_issued_get_certificate (issued)), ==,
                   "host1.example.com");
  g_signal_connect (issued, "changed", G_CALLBACK (count_cb), &n_changes);
  revoke_issued (fixture, issued, CW_REVOCATION_KEY_COMPROMISE, &error);
  g_assert_no_error (error);
  g_assert_true (cw_issued_is_revoked (issued));
  g_assert_cmpint (cw_issued_get_reason (issued), ==, CW_REVOCATION_KEY_COMPROMISE);
  g_assert_cmpuint (n_changes, ==, 1);

  /* The first reason holds. */
  revoke_issued (fixture, issued, CW_REVOCATION_SUPERSEDED, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cw_issued_get_reason (issued), ==, CW_REVOCATION_KEY_COMPROMISE);

  crl = create_crl (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (cw_crl_is_issued_by (crl, leaf_of (fixture->authority)));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (CwIssued) each = g_list_model_get_item (list, i);

      g_assert_true (cw_crl_find_revocation (crl, cw_issued_get_certificate (each), NULL) ==
                     (i == 1));
      assert_revoked_at (fixture, cw_issued_get_certificate (each),
                         i == 1 ? cw_issued_get_revoked_at (issued) : NULL);
    }
}

static CwIdentityState
get_stored_state (Fixture *fixture, CwIdentity *identity)
{
  g_autoptr (CwStore) again = open_store (fixture->path);

  return cw_identity_get_state (cw_store_find (again, cw_identity_get_id (identity)), NULL);
}

/* The identity that has the certificate says so, until it has another. */
static void
test_revoke_identity (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwIdentity) revoked = g_object_ref (fixture->draft);
  g_autoptr (CwIdentity) other = make_draft ("other@example.com");
  g_autoptr (CwStore) stale = NULL;
  g_autoptr (GListModel) list = NULL;
  g_autoptr (CwIssued) issued = NULL;

  g_assert_true (issue_draft (fixture, NULL, NULL));
  g_set_object (&fixture->draft, other);
  g_assert_true (issue_draft (fixture, NULL, NULL));
  stale = open_store (fixture->path);
  list = load_issued (fixture->store, fixture->authority);
  issued = g_list_model_get_item (list, 1);
  g_assert_true (revoke_issued (fixture, issued, CW_REVOCATION_SUPERSEDED, NULL));
  g_assert_cmpint (cw_identity_get_state (revoked, NULL), ==, CW_IDENTITY_REVOKED);
  g_assert_true (
      g_date_time_equal (cw_identity_get_revoked_at (revoked), cw_issued_get_revoked_at (issued)));
  g_assert_cmpint (get_stored_state (fixture, revoked), ==, CW_IDENTITY_REVOKED);
  g_assert_cmpint (cw_identity_get_state (other, NULL), ==, CW_IDENTITY_READY);
  g_assert_cmpint (get_stored_state (fixture, other), ==, CW_IDENTITY_READY);

  /* A program that does not know it yet does not undo it. */
  save (stale, cw_store_find (stale, cw_identity_get_id (revoked)));
  g_assert_cmpint (get_stored_state (fixture, revoked), ==, CW_IDENTITY_REVOKED);

  cw_identity_set_chain (revoked, cw_identity_get_chain (revoked));
  save (fixture->store, revoked);
  g_assert_cmpint (cw_identity_get_state (revoked, NULL), ==, CW_IDENTITY_REVOKED);
  g_assert_cmpint (get_stored_state (fixture, revoked), ==, CW_IDENTITY_REVOKED);
  cw_identity_set_chain (revoked, cw_identity_get_chain (other));
  save (fixture->store, revoked);
  g_assert_cmpint (cw_identity_get_state (revoked, NULL), ==, CW_IDENTITY_READY);
  g_assert_cmpint (get_stored_state (fixture, revoked), ==, CW_IDENTITY_READY);
}

/* Neither is recorded without the other. */
static void
test_revoke_unrecorded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel) list = load_issued (fixture->store, fixture->authority);
  g_autoptr (CwIssued) issued = NULL;
  g_autoptr (CwStore) again = NULL;
  g_autoptr (GListModel) stored = NULL;
  g_autoptr (CwIssued) copy = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (issue_draft (fixture, NULL, NULL));
  execute (fixture, "CREATE TRIGGER refuse BEFORE UPDATE OF revoked_at ON identity"
                    " BEGIN SELECT RAISE (ABORT, 'refused'); END");

  issued = g_list_model_get_item (list, 0);
  g_assert_false (revoke_issued (fixture, issued, CW_REVOCATION_SUPERSEDED, &error));
  g_assert_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED);
  g_assert_false (cw_issued_is_revoked (issued));
  g_assert_cmpint (cw_identity_get_state (fixture->draft, NULL), ==, CW_IDENTITY_READY);
  again = open_store (fixture->path);
  stored = load_issued (again, fixture->authority);
  copy = g_list_model_get_item (stored, 0);
  g_assert_false (cw_issued_is_revoked (copy));
}

static int
get_crl_number (const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  int number;

  sqlite3_open (path, &db);
  sqlite3_prepare_v2 (db, "SELECT max (crl_number) FROM identity", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return number;
}

/* It grows, also past a save of the CA's own row, and is not used up in vain. */
static void
test_crl_number (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  for (int i = 1; i <= 3; i++)
    {
      g_autoptr (CwCrl) crl = create_crl (fixture, &error);

      g_assert_no_error (error);
      g_assert_true (cw_crl_has_number (crl));
      g_assert_cmpint (get_crl_number (fixture->path), ==, i);
    }
  cw_store_save_async (fixture->store, fixture->authority, NULL, result_cb, &result);
  wait_for (&result);
  g_assert_cmpint (get_crl_number (fixture->path), ==, 3);

  g_assert_cmpint (g_rename (keyring, "gone"), ==, 0);
  g_assert_null (create_crl (fixture, &error));
  g_assert_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_NOT_FOUND);
  g_assert_cmpint (g_rename ("gone", keyring), ==, 0);
  g_assert_cmpint (get_crl_number (fixture->path), ==, 3);
}

/* What another program has signed and revoked is seen when it is loaded again. */
static void
test_two_programs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel) list = load_issued (fixture->store, fixture->authority);
  g_autoptr (CwStore) first = g_object_ref (fixture->store);
  g_autoptr (CwStore) other = open_store (fixture->path);
  g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
  g_autoptr (CwChain) chain = issue (fixture, grant, NULL, NULL);
  g_autoptr (CwChain) second = NULL;
  g_autoptr (GListModel) theirs = load_issued (other, fixture->authority);
  g_autoptr (CwIssued) issued = g_list_model_get_item (list, 0);
  g_autoptr (CwIssued) copy = g_list_model_get_item (theirs, 0);
  g_autoptr (GListModel) again = NULL;

  g_assert_nonnull (chain);
  g_set_object (&fixture->store, other);
  g_assert_true (revoke_issued (fixture, copy, CW_REVOCATION_SUPERSEDED, NULL));
  second = issue (fixture, grant, NULL, NULL);
  g_set_object (&fixture->store, first);
  g_assert_false (cw_issued_is_revoked (issued));

  again = load_issued (fixture->store, fixture->authority);
  g_assert_true (again == list);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_true (cw_issued_is_revoked (issued));
}

static void
test_delete_authority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
  g_autoptr (CwChain) chain = issue (fixture, grant, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (chain);
  g_assert_cmpuint (count_issued (fixture), ==, 1);
  delete_identity (fixture->store, fixture->authority, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_issued (fixture), ==, 0);
}

/* What a child does until it is killed: it says the serial number of what it hands out. */
_Noreturn static void
child_works (const char *folder)
{
  Fixture fixture = { .phases = g_string_new (NULL) };

  fixture.path = g_build_filename (folder, "certificates.db", NULL);
  fixture.store = open_store (fixture.path);
  fixture.authority = create_authority (&fixture, CW_AUTHORITY_DAYS);
  for (;;)
    {
      g_autoptr (CwGrant) grant = make_grant ("elsewhere.example.com");
      g_autoptr (CwChain) chain = issue (&fixture, grant, NULL, NULL);
      g_autoptr (CwIdentity) draft = make_draft ("steve@example.com");

      printf ("%s\n", cw_certificate_get_serial (cw_chain_get_leaf (chain)));
      fixture.draft = draft;
      g_assert_true (issue_draft (&fixture, NULL, NULL));
      printf ("%s\n", cw_certificate_get_serial (leaf_of (draft)));
      fflush (stdout);
    }
}

static gboolean
is_recorded (CwStore *store, const char *serial)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) authority = g_list_model_get_item (G_LIST_MODEL (store), i);
      g_autoptr (GListModel) list = load_issued (store, authority);

      for (guint j = 0; j < g_list_model_get_n_items (list); j++)
        {
          g_autoptr (CwIssued) issued = g_list_model_get_item (list, j);

          if (g_str_equal (cw_certificate_get_serial (cw_issued_get_certificate (issued)), serial))
            return TRUE;
        }
    }
  return FALSE;
}

/* Every certificate that left, or that an identity has, is recorded, and every identity has its
 * key. */
static guint
check_records (Fixture *fixture, const char *output)
{
  g_autoptr (CwStore) store = open_store (fixture->path);
  g_auto (GStrv) serials = g_strsplit (output, "\n", -1);
  guint n_serials = 0;

  /* The last line may have been cut. */
  for (; serials[n_serials] && serials[n_serials + 1]; n_serials++)
    g_assert_true (is_recorded (store, serials[n_serials]));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (!cw_identity_get_chain (identity))
        continue;
      assert_has_key (identity);
      g_assert_true (cw_identity_get_is_authority (identity) ||
                     is_recorded (store, cw_certificate_get_serial (leaf_of (identity))));
    }
  return n_serials;
}

/* Kills @child some time after it has handed out its first certificate; what it has said till then.
 */
static char *
kill_at_random (GSubprocess *child)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  g_autofree char *first = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_autofree char *rest = NULL;

  g_assert_nonnull (first);
  g_usleep ((gulong) g_test_rand_int_range (0, 200) * 1000);
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (child));
  rest = g_data_input_stream_read_upto (lines, "", 0, NULL, NULL, NULL);
  return g_strconcat (first, "\n", rest, NULL);
}

static void
test_killed_at_random (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < RANDOM_KILLS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                        program, "--work", fixture->folder, NULL);
      g_autofree char *output = NULL;

      g_assert_no_error (error);
      output = kill_at_random (child);
      g_assert_cmpuint (check_records (fixture, output), >=, 1);
    }
}

static void
add (const char *name, void (*function) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, function, tear_down);
}

static void
add_tests (void)
{
  add ("/issuing/self-sign", test_self_sign);
  add ("/issuing/self-sign-invalid", test_self_sign_invalid);
  add ("/issuing/create-authority", test_create_authority);
  add ("/issuing/issue", test_issue);
  add ("/issuing/issue-answers", test_issue_answers);
  add ("/issuing/issue-answered-meanwhile", test_issue_answered_meanwhile);
  add ("/issuing/issue-deleted-meanwhile", test_issue_deleted_meanwhile);
  add ("/issuing/issue-changed-meanwhile", test_issue_changed_meanwhile);
  add ("/issuing/issue-refused", test_issue_refused);
  add ("/issuing/issue-unrecorded", test_issue_unrecorded);
  add ("/issuing/issue-authority-deleted", test_issue_authority_deleted);
  add ("/issuing/issue-draft", test_issue_draft);
  add ("/issuing/issue-draft-refused", test_issue_draft_refused);
  add ("/issuing/issue-draft-meanwhile", test_issue_draft_meanwhile);
  add ("/issuing/issue-draft-cancelled", test_issue_draft_cancelled);
  add ("/issuing/clipped", test_clipped);
  add ("/issuing/revoke", test_revoke);
  add ("/issuing/revocation-unknown", test_revocation_unknown);
  add ("/issuing/revoke-identity", test_revoke_identity);
  add ("/issuing/revoke-unrecorded", test_revoke_unrecorded);
  add ("/issuing/crl-number", test_crl_number);
  add ("/issuing/two-programs", test_two_programs);
  add ("/issuing/delete-authority", test_delete_authority);
  add ("/issuing/killed-at-random", test_killed_at_random);
}

static void
set_environment (void)
{
  home = g_dir_make_tmp ("certwright-issuing-XXXXXX", NULL);
  keyring = g_build_filename (home, "keys.keyring", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "not a secret", TRUE);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_assert_cmpint (g_chdir (home), ==, 0);
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
  g_autofree char *absolute = g_canonicalize_filename (argv[0], NULL);
  int result;

  cw_secret_heap_init ();
  if (argc == 3 && g_str_equal (argv[1], "--work"))
    child_works (argv[2]);

  program = absolute;
  set_environment ();
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  result = g_test_run ();

  remove_folder (home);
  g_free (home);
  g_free (keyring);
  return result;
}

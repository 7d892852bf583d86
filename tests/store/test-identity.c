/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-identity-private.h"
#include "cw-identity-recipe.h"
#include "cw-report.h"

#define DAY 86400
#define NOW (G_GINT64_CONSTANT (1900000000)) /* 17 March 2030, 17:46:40 UTC */

/* A self-signed certificate for steve@example.com, with a CA's below it. */
static const char make_certificates[] =
    "set -e\n"
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key "
    "-out ca.pem -subj '/CN=Example CA' -days 100\n"
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key "
    "-out leaf.csr -subj '/CN=steve@example.com/O=Example'\n"
    "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 50 "
    "-out leaf.pem\n";

static void
count_cb (CwIdentity *identity, guint *count)
{
  (*count)++;
}

static char *
make_folder (const char *script)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("certwright-identity-XXXXXX", &error);
  const char *argv[] = { "sh", "-c", script, NULL };
  int status = -1;

  g_assert_no_error (error);
  g_spawn_sync (folder, (char **) argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return folder;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static CwCertificate *
read_certificate (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;
  CwCertificate *certificate;

  g_file_get_contents (path, &pem, NULL, &error);
  g_assert_no_error (error);
  certificate = cw_certificate_new_from_pem (pem, &error);
  g_assert_no_error (error);
  return certificate;
}

static CwChain *
make_chain (const char *folder)
{
  g_autoptr (CwCertificate) leaf = read_certificate (folder, "leaf.pem");
  g_autoptr (GPtrArray) issuers = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (issuers, read_certificate (folder, "ca.pem"));
  return cw_chain_new (leaf, issuers, NULL);
}

static CwIdentityRow *
make_row (const char *id, const char *title)
{
  CwIdentityRow *row = g_new0 (CwIdentityRow, 1);

  row->id = g_strdup (id);
  row->title = g_strdup (title);
  row->created_at = NOW - 10 * DAY;
  row->verify_server = TRUE;
  return row;
}

static CwIdentity *
make_draft (const char *title, gint64 created_at)
{
  CwIdentityRow *row = make_row (title, title);

  row->created_at = created_at;
  return cw_identity_new_for_row (row);
}

static CwIdentity *
make_waiting (const char *title, gint64 requested_at)
{
  CwIdentityRow *row = make_row (title, title);

  row->csr = g_bytes_new_static ("csr", 3);
  row->requested_at = requested_at;
  return cw_identity_new_for_row (row);
}

static CwIdentity *
make_ready (const char *title, gint64 not_after)
{
  CwIdentityRow *row = make_row (title, title);

  row->certificate = g_strdup ("not looked at");
  row->issuers = g_strdup ("");
  row->not_after = not_after;
  return cw_identity_new_for_row (row);
}

static CwIdentity *
make_revoked (const char *title, gint64 not_after, gint64 revoked_at)
{
  CwIdentity *identity = make_ready (title, not_after);

  cw_identity_note_revocation (identity, "not looked at", revoked_at);
  return identity;
}

static void
test_new (void)
{
  CwIdentity *identity = cw_identity_new ();
  g_autoptr (CwIdentity) other = cw_identity_new ();
  g_autofree char *title = cw_identity_get_title (identity);

  g_assert_true (g_uuid_string_is_valid (cw_identity_get_id (identity)));
  g_assert_cmpstr (cw_identity_get_id (identity), !=, cw_identity_get_id (other));
  g_assert_cmpstr (title, ==, "Untitled certificate");
  g_assert_cmpint (cw_identity_get_state (identity, NULL), ==, CW_IDENTITY_DRAFT);
  g_assert_null (cw_identity_get_profile_id (identity));
  g_assert_null (cw_identity_get_step (identity));
  g_assert_null (cw_identity_get_key_fingerprint (identity));
  g_assert_null (cw_identity_get_csr (identity));
  g_assert_null (cw_identity_get_chain (identity));
  g_assert_null (cw_identity_get_requested_at (identity));
  g_assert_null (cw_identity_get_not_after (identity));
  g_assert_cmpint (cw_identity_get_server_cas (identity), ==, CW_SERVER_CAS_SYSTEM);
  g_assert_true (cw_identity_get_verify_server (identity));
  g_assert_true (CW_IS_REQUEST (cw_identity_get_request (identity)));

  g_assert_finalize_object (identity);
}

static void
test_changed (void)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autoptr (GBytes) csr = g_bytes_new_static ("csr", 3);
  CwSubject *subject = cw_request_get_subject (cw_identity_get_request (identity));
  guint count = 0;

  g_signal_connect (identity, "changed", G_CALLBACK (count_cb), &count);
  cw_identity_set_profile_id (identity, "placeos");
  g_assert_cmpuint (count, ==, 1);
  cw_identity_set_profile_id (identity, "placeos");
  g_assert_cmpuint (count, ==, 1);
  cw_identity_set_step (identity, "key");
  cw_identity_set_key_fingerprint (identity, "aa");
  cw_identity_set_server_cas_pem (identity, "pem");
  cw_identity_set_replaced_by (identity, "other");
  g_assert_cmpuint (count, ==, 5);
  cw_identity_set_server_cas (identity, CW_SERVER_CAS_FILE);
  cw_identity_set_server_cas (identity, CW_SERVER_CAS_FILE);
  g_assert_cmpuint (count, ==, 6);
  cw_identity_set_verify_server (identity, FALSE);
  cw_identity_set_verify_server (identity, FALSE);
  g_assert_cmpuint (count, ==, 7);
  cw_identity_set_csr (identity, csr);
  g_assert_cmpuint (count, ==, 8);
  cw_subject_append (subject, "CN", "steve@example.com");
  g_assert_cmpuint (count, ==, 9);
}

/* What a test proved holds for what it was made with. */
static void
test_test (void)
{
  g_autoptr (CwIdentity) identity = make_ready ("a", NOW + DAY);
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (NOW);
  g_autofree char *worked = NULL;
  g_autofree char *failed = NULL;

  g_assert_null (cw_identity_get_test_status (identity));
  cw_identity_set_address (identity, "https://example.com/");
  cw_identity_set_test (identity, "works", CW_SEVERITY_GOOD, at);
  worked = cw_identity_get_test_status (identity);
  g_assert_true (g_str_has_prefix (worked, "Worked on "));
  g_assert_cmpint (cw_identity_get_test_severity (identity), ==, CW_SEVERITY_GOOD);
  cw_identity_set_address (identity, "https://example.com/");
  cw_identity_set_verify_server (identity, TRUE);
  g_assert_cmpstr (cw_identity_get_test_verdict (identity), ==, "works");

  cw_identity_set_address (identity, "https://example.org/");
  g_assert_null (cw_identity_get_test_verdict (identity));
  cw_identity_set_test (identity, "refused", CW_SEVERITY_PROBLEM, at);
  failed = cw_identity_get_test_status (identity);
  g_assert_true (g_str_has_prefix (failed, "Did not work on "));
  g_assert_cmpint (cw_identity_get_test_severity (identity), ==, CW_SEVERITY_PROBLEM);
  cw_identity_set_server_cas (identity, CW_SERVER_CAS_FILE);
  g_assert_null (cw_identity_get_test_status (identity));
  cw_identity_set_test (identity, "works", CW_SEVERITY_GOOD, at);
  cw_identity_set_server_cas_pem (identity, "pem");
  g_assert_null (cw_identity_get_test_status (identity));
  cw_identity_set_test (identity, "works", CW_SEVERITY_GOOD, at);
  cw_identity_set_chain (identity, NULL);
  g_assert_null (cw_identity_get_test_status (identity));
}

static void
assert_status (CwIdentity *owned, CwIdentityState state, const char *status)
{
  g_autoptr (CwIdentity) identity = owned;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (NOW);
  g_autofree char *words = cw_identity_get_status (identity, now);

  g_assert_cmpint (cw_identity_get_state (identity, now), ==, state);
  g_assert_cmpstr (words, ==, status);
}

static void
test_status (void)
{
  CwIdentity *replaced = make_ready ("replaced", NOW + DAY);

  cw_identity_set_replaced_by (replaced, "other");
  assert_status (replaced, CW_IDENTITY_REPLACED, "Replaced");
  assert_status (make_draft ("draft", NOW), CW_IDENTITY_DRAFT, "Draft");
  assert_status (make_waiting ("w", NOW - 60), CW_IDENTITY_WAITING,
                 "Waiting for the CA since today");
  assert_status (make_waiting ("w", NOW + DAY), CW_IDENTITY_WAITING,
                 "Waiting for the CA since today");
  assert_status (make_waiting ("w", NOW - DAY), CW_IDENTITY_WAITING, "Waiting for the CA, 1 day");
  assert_status (make_waiting ("w", NOW - 6 * DAY), CW_IDENTITY_WAITING,
                 "Waiting for the CA, 6 days");
  assert_status (make_ready ("r", NOW + 400 * DAY), CW_IDENTITY_READY, "Valid until 21 April 2031");
  assert_status (make_ready ("r", NOW + CW_EXPIRES_SOON_DAYS * DAY + 1), CW_IDENTITY_READY,
                 "Valid until 16 April 2030");
  assert_status (make_ready ("e", NOW + CW_EXPIRES_SOON_DAYS * DAY), CW_IDENTITY_EXPIRING,
                 "Expires in 30 days");
  assert_status (make_ready ("e", NOW + 21 * DAY), CW_IDENTITY_EXPIRING, "Expires in 21 days");
  assert_status (make_ready ("e", NOW + DAY), CW_IDENTITY_EXPIRING, "Expires in 1 day");
  assert_status (make_ready ("e", NOW), CW_IDENTITY_EXPIRING, "Expires today");
  assert_status (make_ready ("x", NOW - 1), CW_IDENTITY_EXPIRED, "Expired today");
  assert_status (make_ready ("x", NOW - DAY), CW_IDENTITY_EXPIRED, "Expired 1 day ago");
  assert_status (make_ready ("x", NOW - 3 * DAY), CW_IDENTITY_EXPIRED, "Expired 3 days ago");
  assert_status (make_revoked ("y", NOW + 400 * DAY, NOW), CW_IDENTITY_REVOKED,
                 "Revoked on 17 March 2030");
  assert_status (make_revoked ("y", NOW - DAY, NOW - 2 * DAY), CW_IDENTITY_REVOKED,
                 "Revoked on 15 March 2030");
}

/* It is the certificate that is revoked, not the identity. */
static void
test_revoked (void)
{
  g_autoptr (CwIdentity) identity = make_ready ("a", NOW + 100 * DAY);
  g_autoptr (CwIdentityRow) changes = g_new0 (CwIdentityRow, 1);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (NOW);
  guint count = 0;

  g_signal_connect (identity, "changed", G_CALLBACK (count_cb), &count);
  cw_identity_note_revocation (identity, "another", NOW);
  g_assert_cmpint (cw_identity_get_state (identity, now), ==, CW_IDENTITY_READY);
  g_assert_null (cw_identity_get_revoked_at (identity));
  cw_identity_note_revocation (identity, "not looked at", NOW);
  cw_identity_note_revocation (identity, "not looked at", NOW);
  g_assert_cmpuint (count, ==, 1);
  g_assert_true (g_date_time_equal (cw_identity_get_revoked_at (identity), now));

  /* Accepted once more, then answered by another. */
  changes->certificate = g_strdup ("not looked at");
  changes->not_after = NOW + 100 * DAY;
  cw_identity_apply (identity, changes);
  g_assert_cmpint (cw_identity_get_state (identity, now), ==, CW_IDENTITY_REVOKED);
  g_free (changes->certificate);
  changes->certificate = g_strdup ("another");
  cw_identity_apply (identity, changes);
  g_assert_cmpint (cw_identity_get_state (identity, now), ==, CW_IDENTITY_READY);
  g_assert_null (cw_identity_get_revoked_at (identity));
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer now)
{
  return cw_identity_compare_urgency (*(CwIdentity *const *) a, *(CwIdentity *const *) b, now);
}

static void
test_urgency (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (NOW);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GString) order = g_string_new (NULL);
  CwIdentity *replaced = make_ready ("l", NOW + DAY);

  cw_identity_set_replaced_by (replaced, "other");
  g_ptr_array_add (list, replaced);
  g_ptr_array_add (list, make_ready ("k", NOW + 300 * DAY));
  g_ptr_array_add (list, make_ready ("j", NOW + 200 * DAY));
  g_ptr_array_add (list, make_ready ("i", NOW + 200 * DAY));
  g_ptr_array_add (list, make_draft ("h", NOW - 2 * DAY));
  g_ptr_array_add (list, make_draft ("g", NOW - DAY));
  g_ptr_array_add (list, make_waiting ("f", NOW - DAY));
  g_ptr_array_add (list, make_waiting ("e", NOW - 9 * DAY));
  g_ptr_array_add (list, make_ready ("d", NOW + 20 * DAY));
  g_ptr_array_add (list, make_ready ("c", NOW + 10 * DAY));
  g_ptr_array_add (list, make_ready ("b", NOW - 10 * DAY));
  g_ptr_array_add (list, make_ready ("a", NOW - DAY));
  g_ptr_array_add (list, make_revoked ("0", NOW + DAY, NOW));

  g_ptr_array_sort_with_data (list, compare_cb, now);
  for (guint i = 0; i < list->len; i++)
    g_string_append (order, cw_identity_get_id (g_ptr_array_index (list, i)));
  g_assert_cmpstr (order->str, ==, "0abcdefghijkl");
}

static void
test_matches (void)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  CwRequest *request = cw_identity_get_request (identity);
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, "panel.example.net");

  g_assert_true (cw_identity_matches (identity, ""));
  g_assert_false (cw_identity_matches (identity, "steve"));

  cw_subject_append (cw_request_get_subject (request), "CN", "steve@example.com");
  cw_subject_append (cw_request_get_subject (request), "O", "Überraum GmbH");
  cw_request_add_alt_name (request, name);
  cw_identity_set_profile_id (identity, "placeos");

  g_assert_true (cw_identity_matches (identity, "steve"));
  g_assert_true (cw_identity_matches (identity, "STEVE  uber"));
  g_assert_true (cw_identity_matches (identity, "ÜBERRAUM"));
  g_assert_true (cw_identity_matches (identity, "Net PlaceOS "));
  g_assert_false (cw_identity_matches (identity, "steve nobody"));
  g_assert_false (cw_identity_matches (identity, "clientAuth"));
  g_assert_false (cw_identity_matches (identity, "="));
}

static void
test_title (void)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  CwRequest *request = cw_identity_get_request (identity);
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, "panel.example.net");
  g_autofree char *by_name = NULL;
  g_autofree char *by_subject = NULL;

  cw_request_add_alt_name (request, name);
  by_name = cw_identity_get_title (identity);
  g_assert_cmpstr (by_name, ==, "panel.example.net");

  cw_subject_append (cw_request_get_subject (request), "CN", "steve@example.com");
  by_subject = cw_identity_get_title (identity);
  g_assert_cmpstr (by_subject, ==, "steve@example.com");
}

static void
test_csr (void)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autoptr (GBytes) csr = g_bytes_new_static ("csr", 3);

  cw_identity_set_csr (identity, csr);
  g_assert_true (cw_identity_get_csr (identity) == csr);
  g_assert_nonnull (cw_identity_get_requested_at (identity));
  g_assert_cmpint (cw_identity_get_state (identity, NULL), ==, CW_IDENTITY_WAITING);

  cw_identity_set_csr (identity, NULL);
  g_assert_null (cw_identity_get_csr (identity));
  g_assert_null (cw_identity_get_requested_at (identity));
  g_assert_cmpint (cw_identity_get_state (identity, NULL), ==, CW_IDENTITY_DRAFT);
}

static void
test_row (void)
{
  CwIdentityRow *row = make_row ("id", "Stored title");
  g_autoptr (CwIdentity) identity = NULL;
  g_autoptr (CwIdentityRow) copy = NULL;
  g_autofree char *title = NULL;

  row->profile_id = g_strdup ("placeos");
  row->step = g_strdup ("use");
  row->request = g_strdup ("no key file");
  row->key_fingerprint = g_strdup ("aa");
  row->csr = g_bytes_new_static ("csr", 3);
  row->certificate = g_strdup ("no PEM");
  row->issuers = g_strdup ("neither");
  row->server_cas = 99;
  row->server_cas_pem = g_strdup ("pem");
  row->verify_server = FALSE;
  row->not_after = NOW;

  identity = cw_identity_new_for_row (row);
  title = cw_identity_get_title (identity);
  g_assert_cmpstr (title, ==, "Stored title");
  g_assert_cmpint (g_date_time_to_unix (cw_identity_get_not_after (identity)), ==, NOW);
  g_assert_cmpint (cw_identity_get_server_cas (identity), ==, CW_SERVER_CAS_SYSTEM);
  g_assert_false (cw_identity_get_verify_server (identity));

  /* What cannot be read is nothing, and stays as it was in the store. */
  g_assert_null (cw_identity_get_chain (identity));
  g_assert_nonnull (cw_identity_get_request (identity));
  copy = cw_identity_to_row (identity);
  g_assert_cmpstr (copy->request, ==, "no key file");
  g_assert_cmpstr (copy->certificate, ==, "no PEM");
  g_assert_cmpstr (copy->title, ==, "Stored title");
  g_assert_cmpstr (copy->step, ==, "use");
  g_assert_true (g_bytes_equal (copy->csr, cw_identity_get_csr (identity)));
}

static void
test_request_in_row (void)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autoptr (CwIdentity) again = NULL;
  CwSubject *subject = cw_request_get_subject (cw_identity_get_request (identity));
  g_autofree char *title = NULL;

  cw_subject_append (subject, "CN", "steve@example.com");
  cw_request_set_key_kind (cw_identity_get_request (identity), CW_KEY_KIND_ED25519);
  again = cw_identity_new_for_row (cw_identity_to_row (identity));
  title = cw_identity_get_title (again);
  g_assert_cmpstr (title, ==, "steve@example.com");
  g_assert_true (
      cw_subject_equal (subject, cw_request_get_subject (cw_identity_get_request (again))));
  g_assert_cmpint (cw_request_get_key_kind (cw_identity_get_request (again)), ==,
                   CW_KEY_KIND_ED25519);
}

static void
test_chain (void)
{
  g_autofree char *folder = make_folder (make_certificates);
  g_autoptr (CwChain) chain = make_chain (folder);
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  CwIdentity *again;
  CwSubject *subject = cw_request_get_subject (cw_identity_get_request (identity));
  g_autofree char *title = NULL;
  g_autofree char *pem = cw_chain_to_pem (chain, TRUE);
  g_autofree char *pem_again = NULL;

  cw_subject_append (subject, "CN", "someone else");
  cw_identity_set_chain (identity, chain);
  g_assert_true (cw_identity_get_chain (identity) == chain);
  title = cw_identity_get_title (identity);
  g_assert_cmpstr (title, ==, "steve@example.com");
  g_assert_cmpint (cw_identity_get_state (identity, NULL), ==, CW_IDENTITY_READY);
  g_assert_true (g_date_time_equal (cw_identity_get_not_after (identity),
                                    cw_certificate_get_not_after (cw_chain_get_leaf (chain))));

  again = cw_identity_new_for_row (cw_identity_to_row (identity));
  pem_again = cw_chain_to_pem (cw_identity_get_chain (again), TRUE);
  g_assert_cmpstr (pem_again, ==, pem);
  g_assert_true (cw_chain_is_complete (cw_identity_get_chain (again)));
  g_assert_finalize_object (again);

  cw_identity_set_chain (identity, NULL);
  g_assert_null (cw_identity_get_chain (identity));
  g_assert_null (cw_identity_get_not_after (identity));
  remove_folder (folder);
}

static void
assert_server_cas (CwIdentity *identity, CwServerCas choice, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = NULL;

  cw_identity_set_server_cas (identity, choice);
  pem = cw_identity_dup_server_cas_pem (identity, &error);
  g_assert_cmpstr (pem, ==, wanted);
  if (wanted != NULL || choice == CW_SERVER_CAS_SYSTEM)
    g_assert_no_error (error);
  else
    g_assert_error (error, CW_ERROR, CW_ERROR_FAILED);
}

static void
test_server_cas (void)
{
  g_autofree char *folder = make_folder (make_certificates);
  g_autoptr (CwChain) chain = make_chain (folder);
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autofree char *above = cw_chain_cas_to_pem (chain);

  g_assert_nonnull (above);
  assert_server_cas (identity, CW_SERVER_CAS_REPLY, NULL);
  assert_server_cas (identity, CW_SERVER_CAS_FILE, NULL);
  cw_identity_set_chain (identity, chain);
  cw_identity_set_server_cas_pem (identity, "pem");
  assert_server_cas (identity, CW_SERVER_CAS_SYSTEM, NULL);
  assert_server_cas (identity, CW_SERVER_CAS_REPLY, above);
  assert_server_cas (identity, CW_SERVER_CAS_FILE, "pem");
  remove_folder (folder);
}

static CwProfile *
make_profile (const char *folder, const char *schemes)
{
  g_autofree char *own = g_build_filename (folder, "test", NULL);
  g_autofree char *path = g_build_filename (own, "profile.ini", NULL);
  g_autofree char *text = g_strconcat (
      "[Profile]\nName=Test\nComment=For tests\n[Request]\nKeyKinds=ec-p256\n"
      "Usages=clientAuth\n[Test]\nSchemes=",
      schemes, "\n[Output key]\nName=Key\nType=pem\nFile=client.key\nSources=private-key\n", NULL);
  g_autoptr (GError) error = NULL;
  CwProfile *profile;

  g_mkdir (own, 0700);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  profile = cw_profile_new_from_folder (own, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (own);
  return profile;
}

/* What is stored is what was typed; what a consumer gets can be used. */
static void
test_address (void)
{
  static const struct
  {
    const char *typed;
    const char *web;
    const char *mqtt;
  } cases[] = {
    { NULL, NULL, NULL },
    { "", NULL, NULL },
    { "api.example.com", "https://api.example.com", "mqtts://api.example.com" },
    { "2001:db8::1", "https://[2001:db8::1]", "mqtts://[2001:db8::1]" },
    { "https://bücher.example.com/a b", "https://xn--bcher-kva.example.com/a%20b", NULL },
    { "wss://api.example.com/", "wss://api.example.com", NULL },
    { "mqtts://api.example.com", NULL, "mqtts://api.example.com" },
    { "http://api.example.com/", NULL, NULL },
    { "https://user:secret@api.example.com/", NULL, NULL },
    { "https://", NULL, NULL },
  };
  g_autofree char *folder = make_folder ("");
  g_autoptr (CwProfile) web = make_profile (folder, "https;wss");
  g_autoptr (CwProfile) mqtt = make_profile (folder, "mqtts");
  g_autoptr (CwIdentity) identity = cw_identity_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *for_web = NULL;
      g_autofree char *for_mqtt = NULL;

      cw_identity_set_address (identity, cases[i].typed);
      for_web = cw_identity_dup_address (identity, web);
      for_mqtt = cw_identity_dup_address (identity, mqtt);
      g_assert_cmpstr (for_web, ==, cases[i].web);
      g_assert_cmpstr (for_mqtt, ==, cases[i].mqtt);
    }
  remove_folder (folder);
}

static void
test_apply (void)
{
  g_autoptr (CwIdentity) identity = make_waiting ("w", NOW);
  g_autoptr (CwIdentityRow) changes = g_new0 (CwIdentityRow, 1);
  g_autoptr (CwIdentityRow) row = NULL;
  guint count = 0;

  cw_identity_set_step (identity, "reply");
  g_signal_connect (identity, "changed", G_CALLBACK (count_cb), &count);
  changes->key_fingerprint = g_strdup ("bb");
  cw_identity_apply (identity, changes);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpstr (cw_identity_get_key_fingerprint (identity), ==, "bb");

  row = cw_identity_to_row (identity);
  g_assert_cmpstr (row->step, ==, "reply");
  g_assert_cmpint (row->requested_at, ==, NOW);
  g_assert_nonnull (row->csr);
  g_assert_null (row->certificate);
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/identity/new", test_new);
  g_test_add_func ("/identity/changed", test_changed);
  g_test_add_func ("/identity/status", test_status);
  g_test_add_func ("/identity/revoked", test_revoked);
  g_test_add_func ("/identity/test", test_test);
  g_test_add_func ("/identity/urgency", test_urgency);
  g_test_add_func ("/identity/matches", test_matches);
  g_test_add_func ("/identity/title", test_title);
  g_test_add_func ("/identity/csr", test_csr);
  g_test_add_func ("/identity/row", test_row);
  g_test_add_func ("/identity/request-in-row", test_request_in_row);
  g_test_add_func ("/identity/chain", test_chain);
  g_test_add_func ("/identity/server-cas", test_server_cas);
  g_test_add_func ("/identity/address", test_address);
  g_test_add_func ("/identity/apply", test_apply);
  return g_test_run ();
}

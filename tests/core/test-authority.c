/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "cw-authority.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-usage.h"
#include "pki.h"

#define DAY       (24 * 60 * 60)
#define N_SERIALS 8
#define SLACK     60 /* seconds that a slow machine may need */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_INTEGER, ASN1_INTEGER_free)

typedef struct
{
  CwKey *key;
  CwCertificate *certificate;
  CwAuthority *authority;
  char *folder;
} Fixture;

static CwRequest *
make_request (const char *common_name)
{
  CwRequest *request = cw_request_new ();

  cw_subject_append (cw_request_get_subject (request), "CN", common_name);
  return request;
}

static void
add_alt_name (CwRequest *request, CwAltNameKind kind, const char *value)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (kind, value);

  g_assert_true (cw_request_add_alt_name (request, name));
}

static void
make_authority (Fixture *fixture, CwKeyKind kind, guint days)
{
  g_autoptr (CwRequest) request = make_request ("Test CA");
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->key, cw_key_unref);
  g_clear_object (&fixture->certificate);
  g_clear_object (&fixture->authority);
  cw_request_set_days (request, days);
  fixture->key = cw_key_generate (kind, NULL, NULL);
  fixture->certificate = cw_authority_create_certificate (request, fixture->key, &error);
  g_assert_no_error (error);
  fixture->authority = cw_authority_new (fixture->certificate, fixture->key, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("certwright-authority-XXXXXX", NULL);
  make_authority (fixture, CW_KEY_KIND_EC_P384, CW_AUTHORITY_DAYS);
}

static char *
run (const char *folder, const char *script, gboolean succeeds)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  char *output = NULL;

  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-ec", script, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_successful (process) != succeeds)
    g_error ("%s: %s", script, output);

  return output;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = run (fixture->folder, "rm -f ./*", TRUE);

  g_assert_nonnull (output);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  cw_key_unref (fixture->key);
  g_object_unref (fixture->certificate);
  g_object_unref (fixture->authority);
}

static gboolean
have_command (const char *name)
{
  g_autofree char *path = g_find_program_in_path (name);

  return path != NULL;
}

/* Skipped, with a word, where a command is missing. */
static void
expect (Fixture *fixture, const char *script, gboolean succeeds, const char *part)
{
  g_autofree char *output = NULL;
  g_auto (GStrv) words = g_strsplit (script, " ", 2);

  if (!have_command (words[0]))
    {
      g_test_message ("no command %s", words[0]);
      return;
    }
  output = run (fixture->folder, script, succeeds);
  if (part != NULL && strstr (output, part) == NULL)
    g_error ("“%s” is not in what “%s” says: %s", part, script, output);
}

static void
save_text (Fixture *fixture, const char *name, char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *owned = text;

  g_assert_true (g_file_set_contents (path, owned, -1, NULL));
}

static void
save (Fixture *fixture, const char *name, CwCertificate *certificate)
{
  save_text (fixture, name, cw_certificate_to_pem (certificate));
}

static GBytes *
create_csr (CwRequest *request, CwKey *key)
{
  g_autoptr (GError) error = NULL;
  GBytes *csr = cw_request_create_csr (request, key, &error);

  g_assert_no_error (error);
  return csr;
}

static CwGrant *
grant_of (GBytes *csr)
{
  g_autoptr (GError) error = NULL;
  CwGrant *grant = cw_grant_new_from_csr (csr, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
  return grant;
}

static CwGrant *
make_grant (CwRequest *request, CwKeyKind kind)
{
  g_autoptr (CwKey) key = cw_key_generate (kind, NULL, NULL);
  g_autoptr (GBytes) csr = create_csr (request, key);

  return grant_of (csr);
}

static CwCertificate *
sign (Fixture *fixture, CwGrant *grant)
{
  g_autoptr (GError) error = NULL;
  CwCertificate *certificate = cw_authority_sign (fixture->authority, grant, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
  return certificate;
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
assert_dates (CwCertificate *certificate, gint64 starts, gint64 ends)
{
  gint64 not_before = g_date_time_to_unix (cw_certificate_get_not_before (certificate));
  gint64 not_after = g_date_time_to_unix (cw_certificate_get_not_after (certificate));

  g_assert_cmpint (ABS (not_before - starts), <=, SLACK);
  g_assert_cmpint (ABS (not_after - ends), <=, SLACK);
}

static void
test_certificate (Fixture *fixture, gconstpointer data)
{
  CwKeyKind kind = (CwKeyKind) GPOINTER_TO_INT (data);

  make_authority (fixture, kind, CW_AUTHORITY_DAYS);
  assert_dates (fixture->certificate, now () - 60 * 60, now () + (gint64) CW_AUTHORITY_DAYS * DAY);
  g_assert_true (cw_certificate_is_ca (fixture->certificate));
  g_assert_true (cw_certificate_is_self_signed (fixture->certificate));
  g_assert_null (cw_certificate_get_usages (fixture->certificate));

  save (fixture, "ca.pem", fixture->certificate);
  expect (fixture, "openssl verify -x509_strict -CAfile ca.pem ca.pem", TRUE, "OK");
  expect (fixture, "openssl x509 -in ca.pem -noout -ext basicConstraints", TRUE,
          "critical\n    CA:TRUE, pathlen:0");
  /* DER has one TRUE only. */
  expect (fixture, "openssl asn1parse -in ca.pem", TRUE, "30060101FF020100");
  expect (fixture, "openssl x509 -in ca.pem -noout -ext keyUsage", TRUE,
          "critical\n    Certificate Sign, CRL Sign");
  expect (fixture, "openssl x509 -in ca.pem -noout -ext subjectKeyIdentifier", TRUE, "Subject Key");
  expect (fixture, "certtool --verify --load-ca-certificate ca.pem --infile ca.pem", TRUE,
          "Verified");
}

static void
test_certificate_nameless (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (GError) error = NULL;

  add_alt_name (request, CW_ALT_NAME_DNS, "ca.example.com");
  g_assert_null (cw_authority_create_certificate (request, fixture->key, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwKey) other = cw_key_generate (CW_KEY_KIND_EC_P384, NULL, NULL);
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwCertificate) leaf = cw_request_self_sign (request, other, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_authority_new (fixture->certificate, other, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (cw_authority_new (leaf, other, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_sign_client (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (CwCertificate) leaf = NULL;

  add_alt_name (request, CW_ALT_NAME_EMAIL, "steve@example.com");
  grant = make_grant (request, CW_KEY_KIND_RSA_2048);
  g_assert_cmpuint (cw_grant_get_ignored (grant)->len, ==, 0);
  leaf = sign (fixture, grant);
  assert_dates (leaf, MAX (now () - 60 * 60, 0), now () + 365 * DAY);
  g_assert_true (cw_certificate_is_issued_by (leaf, fixture->certificate));
  g_assert_false (cw_certificate_is_ca (leaf));

  save (fixture, "ca.pem", fixture->certificate);
  save (fixture, "leaf.pem", leaf);
  expect (fixture, "openssl verify -x509_strict -purpose sslclient -CAfile ca.pem leaf.pem", TRUE,
          "OK");
  expect (fixture, "openssl verify -x509_strict -purpose sslserver -CAfile ca.pem leaf.pem", FALSE,
          "purpose");
  expect (fixture, "certtool --verify --load-ca-certificate ca.pem --infile leaf.pem", TRUE,
          "Verified");
  expect (fixture, "openssl x509 -in leaf.pem -noout -ext keyUsage", TRUE,
          "critical\n    Digital Signature\n");
  expect (fixture, "openssl x509 -in leaf.pem -noout -ext basicConstraints", TRUE,
          "critical\n    CA:FALSE");
  expect (fixture, "openssl x509 -in leaf.pem -noout -ext subjectAltName", TRUE,
          "Name: \n    email:steve@example.com");
  expect (fixture, "openssl x509 -in leaf.pem -noout -text", TRUE, "ecdsa-with-SHA384");
}

static void
test_sign_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwGrant) grant = NULL;
  g_autoptr (CwCertificate) leaf = NULL;

  /* No subject: then the names are critical. */
  add_alt_name (request, CW_ALT_NAME_DNS, "www.example.com");
  add_alt_name (request, CW_ALT_NAME_IP, "2001:db8::10");
  grant = make_grant (request, CW_KEY_KIND_RSA_2048);
  cw_grant_set_purpose (grant, CW_USAGE_SERVER_AUTH);
  leaf = sign (fixture, grant);

  save (fixture, "ca.pem", fixture->certificate);
  save (fixture, "leaf.pem", leaf);
  expect (fixture,
          "openssl verify -x509_strict -purpose sslserver -verify_hostname www.example.com"
          " -CAfile ca.pem leaf.pem",
          TRUE, "OK");
  expect (fixture, "openssl verify -purpose sslclient -CAfile ca.pem leaf.pem", FALSE, "purpose");
  expect (fixture, "openssl x509 -in leaf.pem -noout -ext keyUsage", TRUE,
          "critical\n    Digital Signature, Key Encipherment");
  expect (fixture, "openssl x509 -in leaf.pem -noout -ext subjectAltName", TRUE,
          "critical\n    DNS:www.example.com, IP Address:2001:DB8");
  expect (fixture,
          "certtool --verify --load-ca-certificate ca.pem --infile leaf.pem"
          " --verify-hostname www.example.com",
          TRUE, "Verified");
}

/* Positive, of 128 random bits, and each another. */
static void
test_serials (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  g_autoptr (GHashTable) serials = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < N_SERIALS; i++)
    {
      g_autoptr (CwCertificate) leaf = sign (fixture, grant);
      const ASN1_INTEGER *serial = X509_get0_serialNumber (cw_certificate_peek_x509 (leaf));

      g_assert_cmpint (ASN1_STRING_type (serial), ==, V_ASN1_INTEGER);
      g_assert_cmpint (ASN1_STRING_length (serial), <=, 16);
      g_assert_cmpint (ASN1_STRING_length (serial), >=, 12);
      g_assert_true (g_hash_table_add (serials, g_strdup (cw_certificate_get_serial (leaf))));
    }
}

static void
test_clip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  g_autoptr (CwCertificate) leaf = NULL;
  g_autoptr (GDateTime) not_after = NULL;

  make_authority (fixture, CW_KEY_KIND_EC_P256, 100);
  g_assert_false (cw_authority_clip (fixture->certificate, 99, NULL));
  g_assert_true (cw_authority_clip (fixture->certificate, 101, &not_after));
  g_assert_true (
      g_date_time_equal (not_after, cw_certificate_get_not_after (fixture->certificate)));
  leaf = sign (fixture, grant);
  g_assert_true (g_date_time_equal (cw_certificate_get_not_after (leaf), not_after));
  g_assert_true (g_date_time_compare (cw_certificate_get_not_before (leaf),
                                      cw_certificate_get_not_before (fixture->certificate)) >= 0);
}

static void
assert_refuses (Fixture *fixture, CwGrant *grant)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_authority_sign (fixture->authority, grant, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_test_message ("%s", error->message);
}

/* As whoever looks for an issuer compares names. */
static void
test_refuses_own_name (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "Test CA", "test ca", "TEST   CA" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (CwRequest) request = make_request (names[i]);
      g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);

      assert_refuses (fixture, grant);
    }

  g_autoptr (CwRequest) request = make_request ("TestCA");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  g_autoptr (CwCertificate) leaf = sign (fixture, grant);

  g_assert_nonnull (leaf);
}

static void
test_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  CwRequest *granted = cw_grant_get_request (grant);
  g_autoptr (GBytes) of_own_key = create_csr (request, fixture->key);
  g_autoptr (CwGrant) own_key = grant_of (of_own_key);
  g_autoptr (CwCertificate) leaf = sign (fixture, grant);
  g_autoptr (CwCertificate) old = NULL;

  assert_refuses (fixture, own_key);

  cw_request_set_usage (granted, CW_USAGE_ANY, TRUE);
  assert_refuses (fixture, grant);
  cw_request_set_usage (granted, CW_USAGE_ANY, FALSE);
  cw_request_set_usage (granted, "1.3.6.1.5.5.7.3.9", TRUE);
  assert_refuses (fixture, grant);
  cw_grant_set_purpose (grant, CW_USAGE_CLIENT_AUTH);
  cw_request_set_usage (granted, CW_USAGE_CLIENT_AUTH, FALSE);
  assert_refuses (fixture, grant);
  cw_grant_set_purpose (grant, CW_USAGE_CLIENT_AUTH);

  cw_subject_clear (cw_request_get_subject (granted));
  assert_refuses (fixture, grant);
  cw_subject_append (cw_request_get_subject (granted), "CN", "Test CA");
  assert_refuses (fixture, grant);
  cw_subject_append (cw_request_get_subject (granted), "O", "Example");
  g_clear_object (&leaf);
  leaf = sign (fixture, grant);

  /* A CA that has ended. */
  old = pki_make (&(PkiSpec){ .name = "Test CA",
                              .key = fixture->key,
                              .starts = -20,
                              .ends = -10,
                              .extensions = pki_ca_extensions });
  g_object_unref (fixture->authority);
  fixture->authority = cw_authority_new (old, fixture->key, NULL);
  assert_refuses (fixture, grant);
}

static void
test_crl (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  g_autoptr (CwCertificate) good = sign (fixture, grant);
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 1, 2, 3, 4, 5);
  g_autoptr (GPtrArray) revoked = g_ptr_array_new ();
  g_autoptr (GPtrArray) leaves = g_ptr_array_new_with_free_func (g_object_unref);
  CwRevoked entries[CW_N_REVOCATION_REASONS];
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCrl) crl = NULL;

  for (guint i = 0; i < CW_N_REVOCATION_REASONS; i++)
    {
      g_ptr_array_add (leaves, sign (fixture, grant));
      entries[i] = (CwRevoked){ g_ptr_array_index (leaves, i), at, (CwRevocationReason) i };
      g_ptr_array_add (revoked, &entries[i]);
    }
  crl = cw_authority_create_crl (fixture->authority, revoked, G_MAXUINT64, CW_CRL_DAYS, &error);
  g_assert_no_error (error);
  g_assert_true (cw_crl_is_issued_by (crl, fixture->certificate));
  g_assert_true (cw_crl_has_number (crl));
  g_assert_false (cw_crl_is_limited (crl));
  g_assert_false (cw_crl_find_revocation (crl, good, NULL));
  for (guint i = 0; i < CW_N_REVOCATION_REASONS; i++)
    {
      g_autoptr (GDateTime) since = NULL;

      g_assert_true (cw_crl_find_revocation (crl, g_ptr_array_index (leaves, i), &since));
      g_assert_true (g_date_time_equal (since, at));
    }

  save (fixture, "ca.pem", fixture->certificate);
  save (fixture, "good.pem", good);
  save (fixture, "bad.pem", g_ptr_array_index (leaves, CW_REVOCATION_KEY_COMPROMISE));
  save_text (fixture, "crl.pem", cw_crl_to_pem (crl));
  expect (fixture,
          "openssl verify -x509_strict -crl_check -CAfile ca.pem -CRLfile crl.pem good.pem", TRUE,
          "OK");
  expect (fixture, "openssl verify -x509_strict -crl_check -CAfile ca.pem -CRLfile crl.pem bad.pem",
          FALSE, "revoked");
  expect (fixture, "openssl crl -in crl.pem -noout -text", TRUE, "Version 2");
  expect (fixture, "openssl crl -in crl.pem -noout -crlnumber", TRUE, "0xFFFFFFFFFFFFFFFF");
  expect (fixture, "certtool --crl-info --infile crl.pem", TRUE, "Revoked certificates (6)");
  expect (fixture,
          "certtool --verify --load-ca-certificate ca.pem --load-crl crl.pem --infile bad.pem",
          FALSE, "revoked");
}

/* As it is encoded: RFC 5280, 5.3.1, wants no "unspecified", and servers search a sorted list
 * faster. */
static void
test_crl_entries (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  g_autoptr (GDateTime) at = g_date_time_new_utc (2050, 1, 2, 3, 4, 5);
  g_autoptr (GPtrArray) revoked = g_ptr_array_new ();
  g_autoptr (GPtrArray) leaves = g_ptr_array_new_with_free_func (g_object_unref);
  CwRevoked entries[N_SERIALS];
  g_autoptr (CwCrl) crl = NULL;
  g_autoptr (X509_CRL) x509_crl = NULL;
  const ASN1_INTEGER *last = NULL;
  const guint8 *der;

  for (guint i = 0; i < N_SERIALS; i++)
    {
      g_ptr_array_add (leaves, sign (fixture, grant));
      entries[i] = (CwRevoked){ g_ptr_array_index (leaves, i), at, CW_REVOCATION_UNSPECIFIED };
      g_ptr_array_add (revoked, &entries[i]);
    }
  crl = cw_authority_create_crl (fixture->authority, revoked, 1, CW_CRL_DAYS, NULL);
  der = g_bytes_get_data (cw_crl_get_der (crl), NULL);
  x509_crl = d2i_X509_CRL (NULL, &der, (long) g_bytes_get_size (cw_crl_get_der (crl)));
  g_assert_cmpint (sk_X509_REVOKED_num (X509_CRL_get_REVOKED (x509_crl)), ==, N_SERIALS);
  for (int i = 0; i < N_SERIALS; i++)
    {
      const X509_REVOKED *entry = sk_X509_REVOKED_value (X509_CRL_get_REVOKED (x509_crl), i);
      const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber (entry);

      g_assert_cmpint (X509_REVOKED_get_ext_count (entry), ==, 0);
      g_assert_cmpint (ASN1_STRING_type (X509_REVOKED_get0_revocationDate (entry)), ==,
                       V_ASN1_GENERALIZEDTIME);
      if (last != NULL)
        g_assert_cmpint (ASN1_INTEGER_cmp (last, serial), <, 0);
      last = serial;
    }
}

static void
test_crl_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) revoked = g_ptr_array_new ();
  g_autoptr (CwCrl) crl = cw_authority_create_crl (fixture->authority, revoked, 1, 30, NULL);

  save (fixture, "ca.pem", fixture->certificate);
  save_text (fixture, "crl.pem", cw_crl_to_pem (crl));
  expect (fixture, "openssl crl -in crl.pem -noout -text", TRUE, "No Revoked Certificates");
  expect (fixture, "openssl verify -x509_strict -crl_check -CAfile ca.pem -CRLfile crl.pem ca.pem",
          TRUE, "OK");
  g_assert_cmpint (ABS (g_date_time_to_unix (cw_crl_get_next_update (crl)) - now () - 30 * DAY), <=,
                   SLACK);
  g_assert_cmpint (ABS (g_date_time_to_unix (cw_crl_get_this_update (crl)) - now () + 60 * 60), <=,
                   SLACK);
}

static void
assert_crl_begins (Fixture *fixture, CwCertificate *leaf, gint64 revoked, gint64 begins)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (revoked);
  g_autoptr (GDateTime) before = g_date_time_new_utc (2026, 1, 2, 3, 4, 5);
  CwRevoked entries[] = { { leaf, before, CW_REVOCATION_UNSPECIFIED },
                          { fixture->certificate, at, CW_REVOCATION_UNSPECIFIED } };
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GDateTime) expected = g_date_time_new_from_unix_utc (begins);
  g_autofree char *words = g_date_time_format (expected, "lastUpdate=%b %e %H:%M:%S %Y GMT");
  g_autoptr (CwCrl) crl = NULL;

  g_ptr_array_add (all, &entries[1]);
  g_ptr_array_add (all, &entries[0]);
  crl = cw_authority_create_crl (fixture->authority, all, 1, 30, NULL);
  g_assert_cmpint (ABS (g_date_time_to_unix (cw_crl_get_this_update (crl)) - begins), <=, SLACK);
  save_text (fixture, "crl.pem", cw_crl_to_pem (crl));
  expect (fixture, "openssl crl -in crl.pem -noout -lastupdate", TRUE,
          revoked == begins ? words : "lastUpdate=");
}

/* Not before what it lists, and not in the future. */
static void
test_crl_begins (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("steve@example.com");
  g_autoptr (CwGrant) grant = make_grant (request, CW_KEY_KIND_ED25519);
  g_autoptr (CwCertificate) leaf = sign (fixture, grant);
  const gint64 hour = 60 * 60, moment = now ();

  assert_crl_begins (fixture, leaf, moment - hour / 2, moment - hour / 2);
  assert_crl_begins (fixture, leaf, moment - 2 * hour, moment - hour);
  assert_crl_begins (fixture, leaf, moment + 2 * hour, moment);
}

static void
test_reasons (void)
{
  CwRevocationReason reason = CW_REVOCATION_SUPERSEDED;

  for (guint i = 0; i < CW_N_REVOCATION_REASONS; i++)
    {
      g_assert_true (cw_revocation_reason_from_id (
          cw_revocation_reason_get_id ((CwRevocationReason) i), &reason));
      g_assert_cmpuint (reason, ==, i);
      g_assert_cmpstr (cw_revocation_reason_get_title (reason), !=, "");
    }
  g_assert_false (cw_revocation_reason_from_id ("removeFromCRL", &reason));
  g_assert_false (cw_revocation_reason_from_id (NULL, &reason));
  g_assert_cmpuint (reason, ==, CW_N_REVOCATION_REASONS - 1);
}

static void
test_self_sign (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRequest) request = make_request ("device 1");
  g_autoptr (CwCertificate) leaf = NULL;
  g_autoptr (GError) error = NULL;

  add_alt_name (request, CW_ALT_NAME_DNS, "device1.example.com");
  cw_request_set_usage (request, CW_USAGE_SERVER_AUTH, TRUE);
  cw_request_set_days (request, 90);
  leaf = cw_request_self_sign (request, fixture->key, &error);
  g_assert_no_error (error);
  assert_dates (leaf, now () - 60 * 60, now () + 90 * DAY);
  g_assert_true (cw_certificate_is_self_signed (leaf));
  g_assert_false (cw_certificate_is_ca (leaf));

  save (fixture, "leaf.pem", leaf);
  expect (fixture, "openssl verify -x509_strict -purpose sslclient -CAfile leaf.pem leaf.pem", TRUE,
          "OK");
  expect (fixture, "openssl verify -x509_strict -purpose sslserver -CAfile leaf.pem leaf.pem", TRUE,
          "OK");
  expect (fixture, "openssl x509 -in leaf.pem -noout -ext authorityKeyIdentifier", TRUE,
          "Authority Key");
  expect (fixture, "certtool --certificate-info --infile leaf.pem", TRUE, "device1.example.com");

  cw_subject_clear (cw_request_get_subject (request));
  cw_request_remove_alt_name (request, 0);
  g_assert_null (cw_request_self_sign (request, fixture->key, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

/* RFC 5280, 4.1.2.5 */
static void
test_dates (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) turn = g_date_time_new_utc (2050, 1, 1, 0, 0, 0);
  guint days = (guint) ((g_date_time_to_unix (turn) - now ()) / DAY);
  const guint ends[] = { days - 1, days + 2, CW_REQUEST_MAX_DAYS };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (CwRequest) request = make_request ("device 1");
      g_autoptr (CwCertificate) leaf = NULL;
      X509 *x509;

      cw_request_set_days (request, ends[i]);
      leaf = cw_request_self_sign (request, fixture->key, NULL);
      x509 = cw_certificate_peek_x509 (leaf);
      g_assert_cmpint (ASN1_STRING_type (X509_get0_notBefore (x509)), ==, V_ASN1_UTCTIME);
      g_assert_cmpint (ASN1_STRING_type (X509_get0_notAfter (x509)), ==,
                       i == 0 ? V_ASN1_UTCTIME : V_ASN1_GENERALIZEDTIME);
      assert_dates (leaf, now () - 60 * 60, now () + (gint64) ends[i] * DAY);
    }
}

static void
add (const char *name, gconstpointer data, void (*function) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, data, set_up, function, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/authority/certificate/ec-p384", GINT_TO_POINTER (CW_KEY_KIND_EC_P384), test_certificate);
  add ("/authority/certificate/rsa-2048", GINT_TO_POINTER (CW_KEY_KIND_RSA_2048), test_certificate);
  add ("/authority/certificate/nameless", NULL, test_certificate_nameless);
  add ("/authority/new", NULL, test_new);
  add ("/authority/sign/client", NULL, test_sign_client);
  add ("/authority/sign/server", NULL, test_sign_server);
  add ("/authority/serials", NULL, test_serials);
  add ("/authority/clip", NULL, test_clip);
  add ("/authority/refuses", NULL, test_refuses);
  add ("/authority/refuses-own-name", NULL, test_refuses_own_name);
  add ("/authority/crl", NULL, test_crl);
  add ("/authority/crl/entries", NULL, test_crl_entries);
  add ("/authority/crl/empty", NULL, test_crl_empty);
  add ("/authority/crl/begins", NULL, test_crl_begins);
  g_test_add_func ("/authority/reasons", test_reasons);
  add ("/authority/self-sign", NULL, test_self_sign);
  add ("/authority/dates", NULL, test_dates);
  return g_test_run ();
}

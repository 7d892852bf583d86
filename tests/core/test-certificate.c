/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-certificate.h"
#include "cw-error.h"
#include "cw-usage.h"
#include "pki.h"

static void
test_read (void)
{
  Pki pki;
  pki_init (&pki);
  CwCertificate *leaf = pki.leaf;

  g_assert_cmpstr (cw_certificate_get_title (leaf), ==, "steve@example.com");
  g_assert_cmpstr (cw_subject_get (cw_certificate_get_issuer (leaf), "CN"), ==,
                   "Test Intermediate");
  g_assert_cmpstr (cw_certificate_get_key_title (leaf), ==, "EC P-256");
  g_assert_cmpstr (cw_certificate_get_key_fingerprint (leaf), ==,
                   cw_key_get_fingerprint (pki.leaf_key));
  g_assert_cmpuint (strlen (cw_certificate_get_fingerprint (leaf)), ==, 32 * 3 - 1);
  g_assert_cmpuint (strlen (cw_certificate_get_serial (leaf)) % 3, ==, 2);
  g_assert_cmpint (g_date_time_compare (cw_certificate_get_not_before (leaf),
                                        cw_certificate_get_not_after (leaf)),
                   <, 0);

  GListModel *names = cw_certificate_get_alt_names (leaf);
  g_assert_cmpuint (g_list_model_get_n_items (names), ==, 1);
  g_autoptr (CwAltName) name = g_list_model_get_item (names, 0);
  g_assert_cmpstr (cw_alt_name_get_value (name), ==, "steve@example.com");

  g_assert_true (cw_certificate_has_usage (leaf, CW_USAGE_CLIENT_AUTH));
  g_assert_false (cw_certificate_has_usage (leaf, CW_USAGE_SERVER_AUTH));
  g_assert_true (cw_certificate_has_usage (pki.root, CW_USAGE_SERVER_AUTH));
  g_assert_null (cw_certificate_get_usages (pki.root));
  gboolean present = FALSE;
  g_assert_cmpint (cw_certificate_get_key_usage (leaf, &present), ==,
                   CW_KEY_USAGE_DIGITAL_SIGNATURE);
  g_assert_true (present);
  g_assert_false (cw_certificate_is_ca (leaf));
  g_assert_true (cw_certificate_is_ca (pki.middle));
  pki_clear (&pki);
}

static void
test_issuer_urls (void)
{
  static const char *const extensions[] = {
    "authorityInfoAccess",
    "caIssuers;URI:ldap://ca.example.com/x,OCSP;URI:http://ocsp.example.com,"
    "caIssuers;URI:HTTP://ca.example.com/a.cer,caIssuers;URI:https://ca.example.com/b.p7c,"
    "caIssuers;URI:file:///etc/passwd,caIssuers;URI:http,caIssuers;DNS:ca.example.com,"
    "caIssuers;URI:http://ca.example.com/with space",
    NULL
  };
  g_autoptr (CwCertificate) certificate =
      pki_make (&(PkiSpec){ .name = "leaf", .extensions = extensions });
  const char *const *urls = cw_certificate_get_issuer_urls (certificate);
  g_assert_cmpstr (urls[0], ==, "HTTP://ca.example.com/a.cer");
  g_assert_cmpstr (urls[1], ==, "https://ca.example.com/b.p7c");
  g_assert_null (urls[2]);

  g_autoptr (CwCertificate) none = pki_make (&(PkiSpec){ .name = "leaf" });
  g_assert_null (cw_certificate_get_issuer_urls (none)[0]);
}

static void
test_issued_by (void)
{
  Pki pki;
  pki_init (&pki);
  /* The name fits, the key does not. */
  g_autoptr (CwCertificate) impostor =
      pki_make (&(PkiSpec){ .name = "Test Intermediate", .extensions = pki_ca_extensions });

  g_assert_true (cw_certificate_is_issued_by (pki.leaf, pki.middle));
  g_assert_false (cw_certificate_is_issued_by (pki.leaf, pki.root));
  g_assert_false (cw_certificate_is_issued_by (pki.leaf, impostor));
  g_assert_true (cw_certificate_is_self_signed (pki.root));
  g_assert_false (cw_certificate_is_self_signed (pki.middle));

  /* Issuer and subject may be the same without being self-signed. */
  g_autoptr (CwCertificate) twin = pki_make (&(PkiSpec){ .name = "Test Root",
                                                         .issuer = pki.root,
                                                         .issuer_key = pki.root_key,
                                                         .extensions = pki_ca_extensions });
  g_assert_false (cw_certificate_is_self_signed (twin));
  pki_clear (&pki);
}

static void
test_pem (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) both = g_ptr_array_new ();
  g_ptr_array_add (both, pki.leaf);
  g_ptr_array_add (both, pki.middle);

  g_autofree char *pem = cw_certificates_to_pem (both);
  g_autoptr (GPtrArray) read = cw_certificates_from_pem (pem, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 2);
  g_assert_true (cw_certificate_equal (pki.leaf, g_ptr_array_index (read, 0)));
  g_assert_true (cw_certificate_equal (pki.middle, g_ptr_array_index (read, 1)));
  g_assert_false (cw_certificate_equal (pki.leaf, pki.middle));

  g_assert_null (cw_certificate_new_from_pem (pem, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_clear_error (&error);

  g_autofree char *single = cw_certificate_to_pem (pki.leaf);
  g_autoptr (CwCertificate) again = cw_certificate_new_from_pem (single, &error);
  g_assert_no_error (error);
  g_assert_true (cw_certificate_equal (pki.leaf, again));

  g_autoptr (GPtrArray) none = cw_certificates_from_pem ("", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (GPtrArray) absent = cw_certificates_from_pem (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (absent->len, ==, 0);
  pki_clear (&pki);
}

static void
test_damaged (void)
{
  Pki pki;
  pki_init (&pki);
  gsize size;
  const guint8 *data = g_bytes_get_data (cw_certificate_get_der (pki.leaf), &size);

  for (gsize n = 0; n < size; n += 37)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) part = g_bytes_new (data, n);
      g_assert_null (cw_certificate_new_from_der (part, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
    }

  g_autoptr (GError) error = NULL;
  g_autofree guint8 *longer = g_malloc0 (size + 1);
  memcpy (longer, data, size);
  g_autoptr (GBytes) more = g_bytes_new (longer, size + 1);
  g_assert_null (cw_certificate_new_from_der (more, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_clear_error (&error);

  g_autofree char *pem = cw_certificate_to_pem (pki.leaf);
  pem[100] = '*';
  g_assert_null (cw_certificates_from_pem (pem, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  pki_clear (&pki);
}

static void
test_titles (void)
{
  static const char *const names[] = { "subjectAltName", "DNS:device.example.com", NULL };
  g_autoptr (CwCertificate) nameless =
      pki_make (&(PkiSpec){ .organisation = "Example", .extensions = names });
  g_assert_cmpstr (cw_certificate_get_title (nameless), ==, "device.example.com");

  g_autoptr (CwCertificate) bare = pki_make (&(PkiSpec){ .organisation = "Example" });
  g_assert_cmpstr (cw_certificate_get_title (bare), ==, cw_certificate_get_serial (bare));

  /* A line break and a turn of direction must not reach a sentence. */
  g_autoptr (CwCertificate) nasty = pki_make (&(PkiSpec){ .name = "a\nb\xe2\x80\xae"
                                                                  "c" });
  g_assert_null (strchr (cw_certificate_get_title (nasty), '\n'));
  g_assert_null (strstr (cw_certificate_get_title (nasty), "\xe2\x80\xae"));
}

static void
test_freed (void)
{
  g_autoptr (CwCertificate) certificate = pki_make (&(PkiSpec){ .name = "Test" });
  cw_certificate_get_title (certificate);
  g_assert_finalize_object (g_steal_pointer (&certificate));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/certificate/read", test_read);
  g_test_add_func ("/certificate/issuer-urls", test_issuer_urls);
  g_test_add_func ("/certificate/issued-by", test_issued_by);
  g_test_add_func ("/certificate/pem", test_pem);
  g_test_add_func ("/certificate/damaged", test_damaged);
  g_test_add_func ("/certificate/titles", test_titles);
  g_test_add_func ("/certificate/freed", test_freed);
  return g_test_run ();
}

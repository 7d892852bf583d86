/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-openssl.h"
#include "cw-verification.h"
#include "pki.h"

/* Of checks that are not asked for (and of OpenSSL's own troubles): these need no sentence. */
static gboolean
is_not_asked_for (int code)
{
  static const int codes[] = {
    X509_V_ERR_UNSPECIFIED,
    X509_V_ERR_OUT_OF_MEM,
    X509_V_ERR_APPLICATION_VERIFICATION,
    X509_V_ERR_INVALID_CALL,
    X509_V_ERR_STORE_LOOKUP,
    X509_V_ERR_UNABLE_TO_GET_CRL,
    X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE,
    X509_V_ERR_CRL_SIGNATURE_FAILURE,
    X509_V_ERR_CRL_NOT_YET_VALID,
    X509_V_ERR_CRL_HAS_EXPIRED,
    X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
    X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
    X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
    X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
    X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
    X509_V_ERR_DIFFERENT_CRL_SCOPE,
    X509_V_ERR_CRL_PATH_VALIDATION_ERROR,
    X509_V_ERR_HOSTNAME_MISMATCH,
    X509_V_ERR_EMAIL_MISMATCH,
    X509_V_ERR_IP_ADDRESS_MISMATCH,
    X509_V_ERR_DANE_NO_MATCH,
    X509_V_ERR_NO_VALID_SCTS,
    X509_V_ERR_OCSP_VERIFY_NEEDED,
    X509_V_ERR_OCSP_VERIFY_FAILED,
    X509_V_ERR_OCSP_CERT_UNKNOWN,
  };
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;
  return code >= X509_V_ERR_SUITE_B_INVALID_VERSION &&
         code <= X509_V_ERR_SUITE_B_CANNOT_SIGN_P_384_WITH_P_256;
}

static void
test_sentences (void)
{
  for (int code = 1; code <= X509_V_ERR_EC_KEY_EXPLICIT_PARAMS; code++)
    {
      const char *sentence = cw_verification_find_sentence (code);
      if ((sentence == NULL) != is_not_asked_for (code))
        g_error ("code %d (%s): %s", code, X509_verify_cert_error_string (code),
                 sentence != NULL ? sentence : "no sentence");
      if (sentence == NULL)
        continue;
      const char *place = strstr (sentence, "“%s”");
      g_assert_nonnull (place);
      g_assert_null (strchr (strchr (sentence, '%') + 1, '%'));
      g_assert_true (g_str_has_suffix (sentence, "."));
    }
  g_assert_null (cw_verification_find_sentence (X509_V_OK));
}

static GPtrArray *
path_new (CwCertificate *leaf, CwCertificate *middle, CwCertificate *root)
{
  GPtrArray *path = g_ptr_array_new ();
  g_ptr_array_add (path, leaf);
  g_ptr_array_add (path, middle);
  g_ptr_array_add (path, root);
  return path;
}

static void
assert_objections (GPtrArray *path, CwVerificationFlags flags, const CwVerification *wanted)
{
  g_autoptr (GArray) objections = cw_verification_run (path, NULL, flags);
  guint n = 0;
  for (; wanted[n].code != 0; n++)
    {
      g_assert_cmpuint (n, <, objections->len);
      const CwVerification *one = &g_array_index (objections, CwVerification, n);
      g_assert_cmpint (one->code, ==, wanted[n].code);
      g_assert_cmpuint (one->depth, ==, wanted[n].depth);
    }
  g_assert_cmpuint (objections->len, ==, n);
}

static void
test_strict (void)
{
  static const char *const sloppy[] = { "basicConstraints", "CA:TRUE", NULL };
  Pki pki;
  pki_init (&pki);
  g_autoptr (GPtrArray) good = path_new (pki.leaf, pki.middle, pki.root);
  assert_objections (good, 0, (CwVerification[]){ { 0 } });
  assert_objections (good, CW_VERIFICATION_STRICT, (CwVerification[]){ { 0 } });

  g_autoptr (CwCertificate) middle = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                           .key = pki.middle_key,
                                                           .issuer = pki.root,
                                                           .issuer_key = pki.root_key,
                                                           .extensions = sloppy });
  g_autoptr (GPtrArray) path = path_new (pki.leaf, middle, pki.root);
  assert_objections (path, 0, (CwVerification[]){ { 0 } });
  assert_objections (path, CW_VERIFICATION_STRICT,
                     (CwVerification[]){ { X509_V_ERR_CA_BCONS_NOT_CRITICAL, 1 },
                                         { X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, 1 },
                                         { X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, 1 },
                                         { X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, 1 },
                                         { 0 } });
  pki_clear (&pki);
}

static void
test_all_of_them (void)
{
  static const char *const server_only[] = { "extendedKeyUsage", "serverAuth", "1.2.3.4",
                                             "critical,DER:05:00", NULL };
  static const char *const no_ca[] = { "basicConstraints", "critical,CA:FALSE", NULL };
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCertificate) middle = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                           .key = pki.middle_key,
                                                           .issuer = pki.root,
                                                           .issuer_key = pki.root_key,
                                                           .extensions = no_ca });
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){ .name = "leaf",
                                                         .issuer = pki.middle,
                                                         .issuer_key = pki.middle_key,
                                                         .extensions = server_only });
  g_autoptr (GPtrArray) path = path_new (leaf, middle, pki.root);
  assert_objections (path, 0,
                     (CwVerification[]){ { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, 0 },
                                         { X509_V_ERR_INVALID_PURPOSE, 0 },
                                         { X509_V_ERR_INVALID_CA, 1 },
                                         { 0 } });
  pki_clear (&pki);
}

/* Another key under the same name: the signature is looked at unless it is known. */
static void
test_signatures (void)
{
  static const char *const no_key_id[] = { "extendedKeyUsage", "clientAuth", NULL };
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCertificate) impostor = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                             .issuer = pki.root,
                                                             .issuer_key = pki.root_key,
                                                             .extensions = pki_ca_extensions });
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){ .name = "leaf",
                                                         .issuer = pki.middle,
                                                         .issuer_key = pki.middle_key,
                                                         .extensions = no_key_id });
  g_autoptr (GPtrArray) path = path_new (leaf, impostor, pki.root);
  assert_objections (path, 0,
                     (CwVerification[]){ { X509_V_ERR_CERT_SIGNATURE_FAILURE, 0 }, { 0 } });
  assert_objections (path, CW_VERIFICATION_KNOWN_SIGNATURES, (CwVerification[]){ { 0 } });

  /* With a key identifier it is refused before that, and why is said. */
  g_autoptr (GPtrArray) named = path_new (pki.leaf, impostor, pki.root);
  assert_objections (named, CW_VERIFICATION_KNOWN_SIGNATURES,
                     (CwVerification[]){ { X509_V_ERR_AKID_SKID_MISMATCH, 0 }, { 0 } });

  CwVerification odd = { X509_V_ERR_DANE_NO_MATCH, 7 };
  g_autofree char *general = cw_verification_describe (&odd, path);
  g_assert_cmpstr (general, ==, "“Test Root” does not pass the check that a server makes.");
  pki_clear (&pki);
}

/* Two CAs of one name, without key identifiers: by itself OpenSSL would take the wrong one. */
static void
test_ambiguous (void)
{
  static const char *const bare[] = { "basicConstraints", "critical,CA:TRUE", NULL };
  g_autoptr (CwKey) root_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwKey) middle_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwKey) lower_key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwCertificate) root =
      pki_make (&(PkiSpec){ .name = "Twin", .key = root_key, .extensions = bare });
  g_autoptr (CwCertificate) middle = pki_make (&(PkiSpec){ .name = "Middle",
                                                           .key = middle_key,
                                                           .issuer = root,
                                                           .issuer_key = root_key,
                                                           .extensions = bare });
  g_autoptr (CwCertificate) lower = pki_make (&(PkiSpec){ .name = "Twin",
                                                          .key = lower_key,
                                                          .issuer = middle,
                                                          .issuer_key = middle_key,
                                                          .extensions = bare });
  g_autoptr (CwCertificate) leaf =
      pki_make (&(PkiSpec){ .name = "leaf", .issuer = lower, .issuer_key = lower_key });
  g_autoptr (GPtrArray) path = path_new (leaf, lower, middle);
  g_ptr_array_add (path, root);
  assert_objections (path, 0, (CwVerification[]){ { 0 } });

  g_ptr_array_remove_range (path, 1, 2);
  assert_objections (path, 0,
                     (CwVerification[]){ { X509_V_ERR_CERT_SIGNATURE_FAILURE, 0 }, { 0 } });
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verification/sentences", test_sentences);
  g_test_add_func ("/verification/strict", test_strict);
  g_test_add_func ("/verification/all-of-them", test_all_of_them);
  g_test_add_func ("/verification/signatures", test_signatures);
  g_test_add_func ("/verification/ambiguous", test_ambiguous);
  return g_test_run ();
}

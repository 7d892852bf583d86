/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-chain-private.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-verification.h"
#include "pki.h"

static GPtrArray *
list (CwCertificate *first, ...)
{
  GPtrArray *all = g_ptr_array_new ();
  va_list args;
  va_start (args, first);
  for (CwCertificate *c = first; c != NULL; c = va_arg (args, CwCertificate *))
    g_ptr_array_add (all, c);
  va_end (args);
  return all;
}

static CwCertificate *
nth (CwChain *chain, guint i)
{
  return g_ptr_array_index (cw_chain_get_certificates (chain), i);
}

static guint
count (CwChain *chain)
{
  return cw_chain_get_certificates (chain)->len;
}

static void
test_order (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCertificate) stranger =
      pki_make (&(PkiSpec){ .name = "Stranger", .extensions = pki_ca_extensions });
  g_autoptr (GPtrArray) all =
      list (pki.root, stranger, pki.leaf, pki.middle, pki.middle, pki.root, NULL);
  g_autoptr (CwChain) chain = cw_chain_new (pki.leaf, all, NULL);

  g_assert_cmpuint (count (chain), ==, 3);
  g_assert_true (cw_chain_get_leaf (chain) == pki.leaf);
  g_assert_true (nth (chain, 1) == pki.middle);
  g_assert_true (nth (chain, 2) == pki.root);
  g_assert_true (cw_chain_is_complete (chain));
  g_assert_null (cw_chain_get_missing_issuer (chain));

  g_autoptr (GError) error = NULL;
  g_assert_true (cw_chain_verify (chain, NULL, NULL, &error));
  g_assert_no_error (error);
  pki_clear (&pki);
}

static void
test_gaps (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwChain) alone = cw_chain_new (pki.leaf, NULL, NULL);
  g_assert_cmpuint (count (alone), ==, 1);
  g_assert_false (cw_chain_is_complete (alone));
  g_assert_cmpstr (cw_subject_get (cw_chain_get_missing_issuer (alone), "CN"), ==,
                   "Test Intermediate");
  g_assert_true (cw_chain_verify (alone, NULL, NULL, NULL));

  g_autoptr (GPtrArray) rootless = list (pki.middle, NULL);
  g_autoptr (CwChain) two = cw_chain_new (pki.leaf, rootless, NULL);
  g_assert_cmpuint (count (two), ==, 2);
  g_assert_cmpstr (cw_subject_get (cw_chain_get_missing_issuer (two), "CN"), ==, "Test Root");
  g_assert_true (cw_chain_verify (two, NULL, NULL, NULL));

  /* The root alone does not bridge the gap. */
  g_autoptr (GPtrArray) gap = list (pki.root, NULL);
  g_autoptr (CwChain) one = cw_chain_new (pki.leaf, gap, NULL);
  g_assert_cmpuint (count (one), ==, 1);
  pki_clear (&pki);
}

static void
test_same_name (void)
{
  Pki pki;
  pki_init (&pki);
  /* Another key under the same name, and the same CA issued again: once expired, once for longer.
   */
  g_autoptr (CwCertificate) impostor =
      pki_make (&(PkiSpec){ .name = "Test Intermediate", .extensions = pki_ca_extensions });
  PkiSpec spec = { .name = "Test Intermediate",
                   .key = pki.middle_key,
                   .issuer = pki.root,
                   .issuer_key = pki.root_key,
                   .starts = -800,
                   .ends = -400,
                   .extensions = pki_ca_extensions };
  g_autoptr (CwCertificate) expired = pki_make (&spec);
  spec.starts = -10;
  spec.ends = 2000;
  g_autoptr (CwCertificate) longer = pki_make (&spec);

  g_autoptr (GPtrArray) all = list (impostor, expired, pki.middle, longer, pki.root, NULL);
  g_autoptr (CwChain) chain = cw_chain_new (pki.leaf, all, NULL);
  g_assert_cmpuint (count (chain), ==, 3);
  g_assert_true (nth (chain, 1) == longer);

  /* An expired one is better than none, and the check says what is wrong. */
  g_autoptr (GPtrArray) old = list (expired, impostor, pki.root, NULL);
  g_autoptr (CwChain) worse = cw_chain_new (pki.leaf, old, NULL);
  g_assert_cmpuint (count (worse), ==, 3);
  g_assert_true (nth (worse, 1) == expired);
  g_autoptr (GError) error = NULL;
  guint depth = 99;
  g_assert_false (cw_chain_verify (worse, NULL, &depth, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_assert_cmpuint (depth, ==, 1);
  g_assert_nonnull (strstr (error->message, "Test Intermediate"));
  g_assert_nonnull (strstr (cw_error_get_details (error), "expired"));
  pki_clear (&pki);
}

static void
test_loop (void)
{
  g_autoptr (CwKey) key_a = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwKey) key_b = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwCertificate) self_a =
      pki_make (&(PkiSpec){ .name = "A", .key = key_a, .extensions = pki_ca_extensions });
  g_autoptr (CwCertificate) b_by_a = pki_make (&(PkiSpec){ .name = "B",
                                                           .key = key_b,
                                                           .issuer = self_a,
                                                           .issuer_key = key_a,
                                                           .extensions = pki_ca_extensions });
  g_autoptr (CwCertificate) a_by_b = pki_make (&(PkiSpec){ .name = "A",
                                                           .key = key_a,
                                                           .issuer = b_by_a,
                                                           .issuer_key = key_b,
                                                           .extensions = pki_ca_extensions });
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){
      .name = "leaf", .issuer = b_by_a, .issuer_key = key_b, .extensions = pki_client_extensions });

  g_autoptr (GPtrArray) circle = list (a_by_b, b_by_a, NULL);
  g_autoptr (CwChain) chain = cw_chain_new (leaf, circle, NULL);
  g_assert_cmpuint (count (chain), ==, 3);
  g_assert_false (cw_chain_is_complete (chain));

  /* With the root there, it is taken before its cross-signed twin. */
  g_autoptr (GPtrArray) all = list (a_by_b, b_by_a, self_a, NULL);
  g_autoptr (CwChain) better = cw_chain_new (leaf, all, NULL);
  g_assert_true (cw_chain_is_complete (better));
  g_assert_true (nth (better, 2) == self_a);
}

static void
assert_fails (CwCertificate *leaf, GPtrArray *candidates, guint depth_wanted, const char *word)
{
  g_autoptr (CwChain) chain = cw_chain_new (leaf, candidates, NULL);
  g_autoptr (GError) error = NULL;
  guint depth = 99;
  g_assert_false (cw_chain_verify (chain, NULL, &depth, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  g_assert_cmpuint (depth, ==, depth_wanted);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” is not in “%s”", word, error->message);
  g_assert_nonnull (cw_error_get_details (error));
}

static void
assert_refusal (CwCertificate *leaf, GPtrArray *candidates, guint depth, const char *word)
{
  g_autoptr (CwChain) chain = cw_chain_new (leaf, candidates, NULL);
  g_autofree char *refusal = cw_chain_explain_refusal (chain, depth);
  if (word == NULL)
    g_assert_null (refusal);
  else
    g_assert_nonnull (strstr (refusal, word));
}

static void
test_refused (void)
{
  static const char *const server_only[] = { "extendedKeyUsage", "serverAuth", NULL };
  static const char *const not_a_ca[] = { "basicConstraints", "critical,CA:FALSE", NULL };
  static const char *const narrow[] = { "basicConstraints", "critical,CA:TRUE", "nameConstraints",
                                        "critical,permitted;email:example.org", NULL };
  Pki pki;
  pki_init (&pki);
  g_autoptr (GPtrArray) all = list (pki.middle, pki.root, NULL);

  PkiSpec spec = { .name = "leaf", .issuer = pki.middle, .issuer_key = pki.middle_key };
  spec.extensions = server_only;
  g_autoptr (CwCertificate) server = pki_make (&spec);
  assert_fails (server, all, 0, "does not permit client authentication");
  assert_refusal (server, all, 0, NULL); /* as a server's it is right */

  spec.extensions = pki_client_extensions;
  spec.starts = 5;
  spec.ends = 10;
  g_autoptr (CwCertificate) early = pki_make (&spec);
  assert_fails (early, all, 0, "not valid yet");
  assert_refusal (early, all, 0, NULL); /* dates are told apart */

  g_autoptr (CwCertificate) fake_ca = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                            .key = pki.middle_key,
                                                            .issuer = pki.root,
                                                            .issuer_key = pki.root_key,
                                                            .extensions = not_a_ca });
  g_autoptr (GPtrArray) fake = list (fake_ca, pki.root, NULL);
  assert_fails (pki.leaf, fake, 1, "not marked as one");
  assert_refusal (pki.leaf, fake, 1, "not marked as one");
  assert_refusal (pki.leaf, fake, 0, NULL);

  g_autoptr (CwCertificate) narrow_ca = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                              .key = pki.middle_key,
                                                              .issuer = pki.root,
                                                              .issuer_key = pki.root_key,
                                                              .extensions = narrow });
  g_autoptr (GPtrArray) constrained = list (narrow_ca, pki.root, NULL);
  assert_fails (pki.leaf, constrained, 0, "name constraints");
  pki_clear (&pki);
}

/* What a server objects to, and what only a strict one does: never both. */
static void
test_objections (void)
{
  static const char *const sloppy[] = { "basicConstraints", "CA:TRUE,pathlen:0", NULL };
  Pki pki;
  pki_init (&pki);
  g_autoptr (GPtrArray) good = list (pki.middle, pki.root, NULL);
  g_autoptr (CwChain) chain = cw_chain_new (pki.leaf, good, NULL);
  g_assert_cmpuint (cw_chain_get_objections (chain, FALSE)->len, ==, 0);
  g_assert_cmpuint (cw_chain_get_strict_objections (chain, FALSE)->len, ==, 0);

  g_autoptr (CwCertificate) root =
      pki_make (&(PkiSpec){ .name = "Test Root", .key = pki.root_key, .extensions = sloppy });
  g_autoptr (GPtrArray) bad = list (pki.middle, root, NULL);
  g_autoptr (CwChain) other = cw_chain_new (pki.leaf, bad, NULL);
  GArray *objections = cw_chain_get_objections (other, FALSE);
  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_cmpint (g_array_index (objections, CwVerification, 0).code, ==,
                   X509_V_ERR_PATH_LENGTH_EXCEEDED);
  g_assert_cmpuint (g_array_index (objections, CwVerification, 0).depth, ==, 2);
  GArray *strict = cw_chain_get_strict_objections (other, FALSE);
  g_assert_cmpuint (strict->len, >, 0);
  for (guint i = 0; i < strict->len; i++)
    g_assert_cmpint (g_array_index (strict, CwVerification, i).code, !=,
                     X509_V_ERR_PATH_LENGTH_EXCEEDED);
  pki_clear (&pki);
}

static void
test_moment (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwChain) chain = cw_chain_new (pki.leaf, NULL, NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_years (now, 2);
  g_assert_true (cw_chain_verify (chain, now, NULL, NULL));
  g_assert_false (cw_chain_verify (chain, later, NULL, NULL));
  pki_clear (&pki);
}

static void
test_pem (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (GPtrArray) all = list (pki.root, pki.middle, NULL);
  g_autoptr (CwChain) chain = cw_chain_new (pki.leaf, all, NULL);
  g_autofree char *without = cw_chain_to_pem (chain, FALSE);
  g_autofree char *with = cw_chain_to_pem (chain, TRUE);
  g_autoptr (GPtrArray) two = cw_certificates_from_pem (without, NULL);
  g_autoptr (GPtrArray) three = cw_certificates_from_pem (with, NULL);
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpuint (three->len, ==, 3);
  g_assert_true (cw_certificate_equal (pki.leaf, g_ptr_array_index (two, 0)));

  /* A certificate that signed itself is not somebody's root. */
  g_autoptr (CwChain) lone = cw_chain_new (pki.root, NULL, NULL);
  g_autofree char *itself = cw_chain_to_pem (lone, FALSE);
  g_assert_cmpstr (itself, !=, "");
  pki_clear (&pki);
}

/* What a server is trusted by: everything above the leaf, and only with its root. */
static void
test_cas (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (GPtrArray) all = list (pki.root, pki.middle, NULL);
  g_autoptr (GPtrArray) above = list (pki.middle, pki.root, NULL);
  g_autoptr (GPtrArray) rootless = list (pki.middle, NULL);
  g_autoptr (CwChain) complete = cw_chain_new (pki.leaf, all, NULL);
  g_autoptr (CwChain) partial = cw_chain_new (pki.leaf, rootless, NULL);
  g_autoptr (CwChain) lone = cw_chain_new (pki.root, NULL, NULL);
  g_autofree char *pem = cw_chain_cas_to_pem (complete);
  g_autofree char *wanted = cw_certificates_to_pem (above);

  g_assert_cmpstr (pem, ==, wanted);
  g_assert_null (cw_chain_cas_to_pem (partial));
  g_assert_null (cw_chain_cas_to_pem (lone));
  pki_clear (&pki);
}

static void
test_freed (void)
{
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){ .name = "leaf" });
  g_autoptr (CwChain) chain = cw_chain_new (leaf, NULL, NULL);
  g_assert_finalize_object (g_steal_pointer (&chain));
  g_assert_finalize_object (g_steal_pointer (&leaf));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chain/order", test_order);
  g_test_add_func ("/chain/gaps", test_gaps);
  g_test_add_func ("/chain/same-name", test_same_name);
  g_test_add_func ("/chain/loop", test_loop);
  g_test_add_func ("/chain/refused", test_refused);
  g_test_add_func ("/chain/objections", test_objections);
  g_test_add_func ("/chain/moment", test_moment);
  g_test_add_func ("/chain/pem", test_pem);
  g_test_add_func ("/chain/cas", test_cas);
  g_test_add_func ("/chain/freed", test_freed);
  return g_test_run ();
}

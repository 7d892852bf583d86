/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-alert.h"
#include "cw-connection-result.h"
#include "cw-trust.h"
#include "cw-verdict.h"
#include "pki.h"

static CwSeverity
read_severity (const char *word)
{
  static const char *const words[] = {
    [CW_SEVERITY_GOOD] = "good",
    [CW_SEVERITY_NOTE] = "note",
    [CW_SEVERITY_WARNING] = "warning",
    [CW_SEVERITY_PROBLEM] = "problem",
  };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], word))
      return i;
  g_assert_not_reached ();
}

/* The header's table, the list of ids and the texts say the same. */
static void
test_table (void)
{
  g_autofree char *text = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("CERTWRIGHT_TEST_SOURCE"), "src", "probe",
                                            "cw-connection-result.h", NULL);
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  const char *const *ids = cw_connection_result_get_verdict_ids ();
  g_autoptr (GRegex) row = g_regex_new (
      "^ \\* \\| ([a-z0-9-]+) \\| (good|note|warning|problem) \\|", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_regex_match (row, text, 0, &match);
  guint n = 0;
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *id = g_match_info_fetch (match, 1);
      g_autofree char *severity = g_match_info_fetch (match, 2);
      g_assert_cmpstr (id, ==, ids[n++]);
      g_autoptr (CwFinding) verdict = cw_verdict_new (id, "api.example.com", NULL);
      g_assert_cmpstr (cw_finding_get_id (verdict), ==, id);
      g_assert_cmpint (cw_finding_get_severity (verdict), ==, read_severity (severity));
      g_assert_true (g_str_has_suffix (cw_finding_get_title (verdict), "."));
      g_assert_null (strstr (cw_finding_get_title (verdict), "%"));
    }
  g_assert_cmpuint (n, ==, g_strv_length ((char **) ids));
}

static void
test_more (void)
{
  g_autoptr (CwFinding) alone = cw_verdict_new ("http-denied", "api.example.com", "HTTP 403.");
  g_assert_cmpstr (cw_finding_get_meaning (alone), ==, "HTTP 403.");
  g_autoptr (CwFinding) after = cw_verdict_new ("refused", "api.example.com", "100% %s.");
  g_assert_true (g_str_has_suffix (cw_finding_get_meaning (after), " 100% %s."));
  g_assert_nonnull (strstr (cw_finding_get_title (after), "api.example.com"));
}

/* Each alert has a sentence of its own, and leads to a verdict that there is. */
static void
test_alerts (void)
{
  const char *const *ids = cw_connection_result_get_verdict_ids ();
  g_autoptr (GHashTable) sentences = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_known = 0;
  for (int alert = 0; alert < 256; alert++)
    {
      char *sentence = cw_alert_describe (alert);
      g_assert_true (g_hash_table_add (sentences, sentence));
      g_assert_true (g_strv_contains (ids, cw_alert_get_verdict (alert, FALSE)));
      g_assert_true (g_strv_contains (ids, cw_alert_get_verdict (alert, TRUE)));
      if (strstr (sentence, "no known meaning") == NULL)
        n_known++;
    }
  /* RFC 5246, RFC 6066, RFC 7301 and RFC 8446 */
  g_assert_cmpuint (n_known, ==, 34);
  g_autofree char *unknown_ca = cw_alert_describe (48);
  g_assert_true (g_str_has_suffix (unknown_ca, " (TLS alert 48, unknown_ca)"));
  g_assert_cmpstr (cw_alert_get_verdict (48, TRUE), ==, "certificate-ca-unknown");
  g_assert_cmpstr (cw_alert_get_verdict (48, FALSE), ==, "tls-failed");
  g_assert_cmpstr (cw_alert_get_verdict (116, FALSE), ==, "certificate-required");
  g_assert_cmpstr (cw_alert_get_verdict (200, TRUE), ==, "certificate-refused");
}

static GPtrArray *
list (CwCertificate *first, CwCertificate *second, CwCertificate *third)
{
  CwCertificate *const all[] = { first, second, third };
  GPtrArray *certificates = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i] != NULL)
      g_ptr_array_add (certificates, g_object_ref (all[i]));
  return certificates;
}

static CwCertificate *
make_server (Pki *pki, gboolean self_signed)
{
  static const char *const extensions[] = { "extendedKeyUsage", "serverAuth", NULL };
  return pki_make (&(PkiSpec){ .name = "localhost",
                               .issuer = self_signed ? NULL : pki->middle,
                               .issuer_key = self_signed ? NULL : pki->middle_key,
                               .extensions = extensions });
}

static void
test_trust (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCertificate) server = make_server (&pki, FALSE);
  g_autoptr (GPtrArray) roots = list (pki.root, NULL, NULL);
  g_autoptr (GPtrArray) alone = list (server, NULL, NULL);
  g_autoptr (GPtrArray) chain = list (server, pki.middle, NULL);
  g_autoptr (GPtrArray) middle = list (pki.middle, NULL, NULL);
  g_autoptr (GPtrArray) client = list (pki.leaf, pki.middle, NULL);
  g_autoptr (GPtrArray) none = list (NULL, NULL, NULL);

  g_autoptr (CwTrust) ours = cw_trust_new (roots, FALSE);
  g_autoptr (CwTrust) system = cw_trust_new (NULL, FALSE);
  g_assert_true (cw_trust_verifies (ours, chain, NULL));
  g_assert_false (cw_trust_verifies (ours, alone, NULL));
  g_assert_true (cw_trust_verifies (ours, alone, middle));
  g_assert_false (cw_trust_verifies (system, chain, NULL));
  /* One that TLS would not take is not taken here. */
  g_autoptr (CwCertificate) weak = pki_make (&(PkiSpec){
      .name = "localhost", .issuer = pki.root, .issuer_key = pki.root_key, .hash = EVP_sha1 () });
  g_autoptr (GPtrArray) signed_weakly = list (weak, NULL, NULL);
  g_assert_false (cw_trust_verifies (ours, signed_weakly, NULL));
  /* A client's certificate is no server's. */
  g_assert_false (cw_trust_verifies (ours, client, NULL));
  g_assert_false (cw_trust_verifies (ours, none, NULL));
  pki_clear (&pki);
}

static void
test_offer (void)
{
  Pki pki;
  pki_init (&pki);
  g_autoptr (CwCertificate) server = make_server (&pki, FALSE);
  g_autoptr (CwCertificate) by_itself = make_server (&pki, TRUE);
  g_autoptr (GPtrArray) whole = list (server, pki.middle, pki.root);
  g_autoptr (GPtrArray) usual = list (server, pki.middle, NULL);
  g_autoptr (GPtrArray) broken = list (server, pki.root, NULL);
  g_autoptr (GPtrArray) single = list (by_itself, NULL, NULL);

  g_autoptr (CwCertificate) root = cw_trust_find_offer (whole);
  g_assert_true (root == pki.root);
  g_autoptr (CwCertificate) itself = cw_trust_find_offer (single);
  g_assert_true (itself == by_itself);
  g_assert_null (cw_trust_find_offer (usual));
  /* One that would not even help is not offered. */
  g_assert_null (cw_trust_find_offer (broken));
  pki_clear (&pki);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection-verdict/table", test_table);
  g_test_add_func ("/connection-verdict/more", test_more);
  g_test_add_func ("/connection-verdict/alerts", test_alerts);
  g_test_add_func ("/connection-verdict/trust", test_trust);
  g_test_add_func ("/connection-verdict/offer", test_offer);
  return g_test_run ();
}

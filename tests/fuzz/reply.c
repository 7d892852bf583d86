/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of a reply through all of core: taken apart, unlocked, sorted, its
 * chain built, reported on.
 */

#include "config.h"

#include "cw-comparison.h"
#include "cw-report.h"
#include "fuzz.h"

static gboolean
has_error (CwReplyKind kind)
{
  return kind == CW_REPLY_KIND_LOCKED || kind == CW_REPLY_KIND_UNREADABLE;
}

static void
check_csr (GBytes *csr)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRequest) request = cw_request_new_from_csr (csr, &error);

  g_assert_no_error (error);
  fuzz_check_request (request);
}

static void
check_content (CwReplyItem *item)
{
  CwReplyKind kind = cw_reply_item_get_kind (item);
  CwCertificate *certificate = cw_reply_item_get_certificate (item);
  CwKey *key = cw_reply_item_get_key (item);

  g_assert_true ((certificate != NULL) == (kind == CW_REPLY_KIND_CERTIFICATE));
  g_assert_true ((key != NULL) == (kind == CW_REPLY_KIND_KEY));
  g_assert_true ((cw_reply_item_get_crl (item) != NULL) == (kind == CW_REPLY_KIND_CRL));
  g_assert_true ((cw_reply_item_get_request (item) != NULL) == (kind == CW_REPLY_KIND_REQUEST));
  g_assert_true ((cw_reply_item_get_error (item) != NULL) == has_error (kind));
  if (certificate != NULL)
    fuzz_check_certificate (certificate);
  if (key != NULL)
    fuzz_check_key (key);
  if (cw_reply_item_get_request (item) != NULL)
    check_csr (cw_reply_item_get_request (item));
  if (cw_reply_item_get_crl (item) != NULL)
    fuzz_check_crl (cw_reply_item_get_crl (item));
  if (has_error (kind))
    fuzz_check_text (cw_reply_item_get_error (item)->message);
}

static void
check_item (CwReplyItem *item, gsize size)
{
  fuzz_check_text (cw_reply_item_get_title (item));
  fuzz_check_text (cw_reply_item_get_source (item));
  fuzz_check_text (cw_reply_item_get_file (item));
  g_assert_cmpuint (cw_reply_item_get_line (item), <=, size + 1);
  g_assert_cmpint (cw_reply_item_get_offset (item), >=, 0);
  if (cw_reply_item_get_remark (item) != NULL)
    fuzz_check_text (cw_reply_item_get_remark (item));
  check_content (item);
}

static void
check_items (CwReply *reply, gsize size)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (reply));

  /* Nothing that a person brings passes without a word. */
  g_assert_cmpuint (n, >, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      check_item (item, size);
    }
}

static CwRequest *
find_request (CwReply *reply)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      GBytes *csr = cw_reply_item_get_request (item);
      CwRequest *request = csr != NULL ? cw_request_new_from_csr (csr, NULL) : NULL;
      if (request != NULL)
        return request;
    }
  return NULL;
}

static CwRequest *
make_request (void)
{
  CwRequest *request = cw_request_new ();
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_EMAIL, "device@example.com");

  cw_subject_append (cw_request_get_subject (request), "CN", "device.example.com");
  cw_subject_append (cw_request_get_subject (request), "O", "Example");
  cw_request_add_alt_name (request, name);
  return request;
}

static void
check_finding (CwFinding *finding)
{
  fuzz_check_text (cw_finding_get_id (finding));
  fuzz_check_text (cw_finding_get_title (finding));
  if (cw_finding_get_meaning (finding) != NULL)
    fuzz_check_text (cw_finding_get_meaning (finding));
  if (cw_finding_get_remedy (finding) != NULL)
    fuzz_check_text (cw_finding_get_remedy (finding));
  if (cw_finding_get_ca_text (finding) != NULL)
    fuzz_check_text (cw_finding_get_ca_text (finding));
}

static void
check_report (CwReply *reply, CwChain *chain, CwRequest *asked, GDateTime *now)
{
  g_autoptr (CwReport) report = cw_report_new (
      &(CwReportInput){ .asked = asked, .chain = chain, .reply = reply, .now = now });
  CwSeverity last = cw_report_get_worst (report);

  fuzz_check_text (cw_report_get_verdict (report));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);
      check_finding (finding);
      g_assert_cmpint (cw_finding_get_severity (finding), <=, last);
      last = cw_finding_get_severity (finding);
    }
}

static void
check_chain (CwChain *chain, CwCertificate *leaf, GDateTime *now)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = cw_chain_to_pem (chain, TRUE);
  GPtrArray *certificates = cw_chain_get_certificates (chain);

  g_assert_true (cw_chain_get_leaf (chain) == leaf);
  g_assert_true (g_ptr_array_index (certificates, 0) == leaf);
  for (guint i = 1; i < certificates->len; i++)
    g_assert_true (cw_certificate_is_issued_by (g_ptr_array_index (certificates, i - 1),
                                                g_ptr_array_index (certificates, i)));
  g_assert_true (cw_chain_is_complete (chain) == (cw_chain_get_missing_issuer (chain) == NULL));
  g_assert_cmpstr (pem, !=, "");
  gboolean verified = cw_chain_verify (chain, now, NULL, &error);
  fuzz_check_result (verified, error);
}

static void
check_comparison (CwRequest *asked, CwCertificate *got)
{
  g_autoptr (GListModel) rows = cw_comparison_new (asked, got);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CwComparisonRow) row = g_list_model_get_item (rows, i);
      CwComparisonState state = cw_comparison_row_get_state (row);
      const char *texts[] = { cw_comparison_row_get_asked (row), cw_comparison_row_get_got (row) };
      fuzz_check_text (cw_comparison_row_get_title (row));
      /* What nobody can ask for, as its dates, is the same without having been asked for. */
      g_assert_true ((texts[0] != NULL) || state == CW_COMPARISON_ADDED ||
                     state == CW_COMPARISON_SAME);
      g_assert_true ((texts[1] == NULL) == (state == CW_COMPARISON_MISSING));
      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        g_assert_true (texts[j] == NULL || g_utf8_validate (texts[j], -1, NULL));
    }
}

/* Whatever a certificate's names are, its revocation can be asked about. */
static void
check_revocation (CwReply *reply, CwCertificate *certificate)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      g_autoptr (GDateTime) since = NULL;
      CwCrl *crl = cw_reply_item_get_crl (item);
      if (crl == NULL)
        continue;
      gboolean revoked = cw_crl_find_revocation (crl, certificate, &since);
      g_assert_true (revoked || since == NULL);
      cw_crl_is_issued_by (crl, certificate);
    }
}

static void
judge (CwReply *reply, const char *const *fingerprints)
{
  g_autoptr (GDateTime) now = fuzz_now ();
  g_autoptr (GPtrArray) yours = cw_reply_assign_roles (reply, fingerprints);
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  const char *wanted = fingerprints != NULL ? fingerprints[0] : NULL;
  CwCertificate *leaf = cw_reply_choose_leaf (yours, wanted, fingerprints);
  g_autoptr (CwChain) chain = leaf != NULL ? cw_chain_new (leaf, all, now) : NULL;
  g_autoptr (CwRequest) asked = find_request (reply);

  g_assert_true ((leaf != NULL) == (yours->len > 0));
  if (asked == NULL)
    asked = make_request ();
  if (chain != NULL)
    {
      check_chain (chain, leaf, now);
      check_comparison (asked, leaf);
      check_revocation (reply, leaf);
    }
  check_report (reply, chain, NULL, now);
  check_report (reply, chain, asked, now);
}

/* The key that the first certificate is for is taken to be ours. */
static void
judge_with_key (CwReply *reply)
{
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  const char *fingerprints[] = { NULL, NULL };

  if (all->len == 0)
    return;
  fingerprints[0] = cw_certificate_get_key_fingerprint (g_ptr_array_index (all, 0));
  judge (reply, fingerprints);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (CwReply) reply = cw_reply_new ();
  g_autoptr (CwSecret) passphrase = cw_secret_new (FUZZ_PASSPHRASE, -1);
  g_autoptr (GError) error = NULL;

  cw_reply_add_bytes (reply, bytes, "input");
  check_items (reply, size);
  gboolean locked = cw_reply_needs_passphrase (reply);
  gboolean unlocked = cw_reply_unlock (reply, passphrase, NULL, &error);
  fuzz_check_result (unlocked, error);
  /* It is asked for once. */
  if (locked && unlocked)
    cw_reply_add_bytes (reply, bytes, "input");
  g_assert_false (unlocked && cw_reply_needs_passphrase (reply));
  check_items (reply, size);
  judge (reply, NULL);
  judge_with_key (reply);

  return 0;
}

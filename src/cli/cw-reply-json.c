/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-error.h"
#include "cw-json.h"
#include "cw-reply-json.h"

/* None of these words may change: programs rely on them. */

static const char *const kinds[] = {
  [CW_REPLY_KIND_CERTIFICATE] = "certificate", [CW_REPLY_KIND_KEY] = "key",
  [CW_REPLY_KIND_REQUEST] = "request",         [CW_REPLY_KIND_CRL] = "crl",
  [CW_REPLY_KIND_LOCKED] = "locked",           [CW_REPLY_KIND_OTHER] = "other",
  [CW_REPLY_KIND_UNREADABLE] = "unreadable",
};

static const char *const roles[] = {
  [CW_REPLY_ROLE_UNKNOWN] = NULL,
  [CW_REPLY_ROLE_YOURS] = "yours",
  [CW_REPLY_ROLE_INTERMEDIATE] = "intermediate",
  [CW_REPLY_ROLE_ROOT] = "root",
  [CW_REPLY_ROLE_NOT_RELATED] = "not-related",
};

static const char *const severities[] = {
  [CW_SEVERITY_GOOD] = "good",
  [CW_SEVERITY_NOTE] = "note",
  [CW_SEVERITY_WARNING] = "warning",
  [CW_SEVERITY_PROBLEM] = "problem",
};

static void
add_subject (JsonBuilder *builder, const char *name, CwSubject *subject)
{
  g_autofree char *text = subject ? cw_subject_to_string (subject) : NULL;

  cw_json_add_string (builder, name, text);
}

static void
add_alt_names (JsonBuilder *builder, GListModel *names)
{
  json_builder_set_member_name (builder, "altNames");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "type", cw_alt_name_kind_get_id (cw_alt_name_get_kind (name)));
      cw_json_add_string (builder, "value", cw_alt_name_get_value (name));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_usages (JsonBuilder *builder, const char *const *usages)
{
  if (!usages)
    return;

  json_builder_set_member_name (builder, "usages");
  json_builder_begin_array (builder);
  for (guint i = 0; usages[i]; i++)
    json_builder_add_string_value (builder, usages[i]);
  json_builder_end_array (builder);
}

void
cw_reply_json_add_certificate (JsonBuilder *builder, CwCertificate *certificate)
{
  add_subject (builder, "subject", cw_certificate_get_subject (certificate));
  add_subject (builder, "issuer", cw_certificate_get_issuer (certificate));
  cw_json_add_hex (builder, "serial", cw_certificate_get_serial (certificate));
  cw_json_add_time (builder, "notBefore", cw_certificate_get_not_before (certificate));
  cw_json_add_time (builder, "notAfter", cw_certificate_get_not_after (certificate));
  cw_json_add_hex (builder, "sha256", cw_certificate_get_fingerprint (certificate));
  cw_json_add_string (builder, "spkiSha256", cw_certificate_get_key_fingerprint (certificate));
  add_alt_names (builder, cw_certificate_get_alt_names (certificate));
  add_usages (builder, cw_certificate_get_usages (certificate));
  cw_json_add_boolean (builder, "ca", cw_certificate_is_ca (certificate));
  cw_json_add_boolean (builder, "selfSigned", cw_certificate_is_self_signed (certificate));
}

void
cw_reply_json_add_request (JsonBuilder *builder, CwRequest *request)
{
  add_subject (builder, "subject", cw_request_get_subject (request));
  add_alt_names (builder, cw_request_get_alt_names (request));
  add_usages (builder, cw_request_get_usages (request));
}

static void
add_request (JsonBuilder *builder, GBytes *csr)
{
  g_autoptr (CwRequest) request = cw_request_new_from_csr (csr, NULL);
  g_autofree char *key = cw_csr_get_key_fingerprint (csr, NULL);
  g_autofree char *fingerprint = cw_csr_get_fingerprint (csr);

  cw_json_add_hex (builder, "sha256", fingerprint);
  cw_json_add_string (builder, "spkiSha256", key);
  if (request)
    cw_reply_json_add_request (builder, request);
}

static void
add_crl (JsonBuilder *builder, CwCrl *crl)
{
  add_subject (builder, "issuer", cw_crl_get_issuer (crl));
  cw_json_add_time (builder, "thisUpdate", cw_crl_get_this_update (crl));
  cw_json_add_time (builder, "nextUpdate", cw_crl_get_next_update (crl));
}

/* It has no bytes, or nobody has seen them. */
static gboolean
was_never_read (CwReplyItem *item)
{
  const GError *error = cw_reply_item_get_error (item);

  return error &&
         (error->domain == G_IO_ERROR || g_error_matches (error, CW_ERROR, CW_ERROR_EMPTY) ||
          g_error_matches (error, CW_ERROR, CW_ERROR_NOT_A_FILE) ||
          g_error_matches (error, CW_ERROR, CW_ERROR_TOO_LARGE));
}

static void
add_item (JsonBuilder *builder, CwIntake *intake, CwReplyItem *item)
{
  const gboolean foreign_leaf = intake->key_missing && cw_intake_is_leaf (intake, item);
  const CwReplyRole role = cw_intake_get_role (intake, item);

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "file", cw_reply_item_get_file (item));
  if (cw_reply_item_get_line (item) > 0)
    cw_json_add_int (builder, "line", cw_reply_item_get_line (item));
  else if (!was_never_read (item))
    cw_json_add_int (builder, "offset", cw_reply_item_get_offset (item));
  cw_json_add_string (builder, "kind", kinds[cw_reply_item_get_kind (item)]);
  cw_json_add_string (builder, "role", foreign_leaf ? "leaf" : roles[role]);
  cw_json_add_string (builder, "title", cw_reply_item_get_title (item));
  if (cw_reply_item_get_certificate (item))
    cw_reply_json_add_certificate (builder, cw_reply_item_get_certificate (item));
  if (cw_reply_item_get_request (item))
    add_request (builder, cw_reply_item_get_request (item));
  if (cw_reply_item_get_key (item))
    cw_json_add_string (builder, "spkiSha256",
                        cw_key_get_fingerprint (cw_reply_item_get_key (item)));
  if (cw_reply_item_get_crl (item))
    add_crl (builder, cw_reply_item_get_crl (item));
  cw_json_add_string (builder, "remark", cw_reply_item_get_remark (item));
  cw_json_add_string (builder, "error", cw_intake_get_reason (item));
  json_builder_end_object (builder);
}

/* Which item each certificate is; they are the chain's very objects. */
static GHashTable *
index_certificates (CwReply *reply)
{
  GHashTable *positions = g_hash_table_new (NULL, NULL);
  const guint n_items = g_list_model_get_n_items (G_LIST_MODEL (reply));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);

      if (cw_reply_item_get_certificate (item))
        g_hash_table_insert (positions, cw_reply_item_get_certificate (item), GUINT_TO_POINTER (i));
    }
  return positions;
}

static void
add_chain (JsonBuilder *builder, CwIntake *intake)
{
  g_autoptr (GHashTable) positions = index_certificates (intake->reply);
  GPtrArray *chain = intake->chain ? cw_chain_get_certificates (intake->chain) : NULL;
  gpointer position;

  json_builder_set_member_name (builder, "chain");
  json_builder_begin_array (builder);
  for (guint i = 0; chain && i < chain->len; i++)
    if (g_hash_table_lookup_extended (positions, chain->pdata[i], NULL, &position))
      json_builder_add_int_value (builder, GPOINTER_TO_UINT (position));
  json_builder_end_array (builder);
}

void
cw_reply_json_add_finding (JsonBuilder *builder, CwFinding *finding)
{
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "id", cw_finding_get_id (finding));
  cw_json_add_string (builder, "severity", severities[cw_finding_get_severity (finding)]);
  cw_json_add_string (builder, "title", cw_finding_get_title (finding));
  cw_json_add_string (builder, "meaning", cw_finding_get_meaning (finding));
  cw_json_add_string (builder, "remedy", cw_finding_get_remedy (finding));
  cw_json_add_string (builder, "caText", cw_finding_get_ca_text (finding));
  json_builder_end_object (builder);
}

static void
add_report (JsonBuilder *builder, CwReport *report)
{
  const guint n_findings = g_list_model_get_n_items (G_LIST_MODEL (report));

  json_builder_set_member_name (builder, "report");
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "verdict", cw_report_get_verdict (report));
  if (n_findings > 0) /* or else nothing was judged */
    cw_json_add_string (builder, "severity", severities[cw_report_get_worst (report)]);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_findings; i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);

      cw_reply_json_add_finding (builder, finding);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
cw_reply_json_print (CwIntake *intake, CwReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const guint n_items = g_list_model_get_n_items (G_LIST_MODEL (intake->reply));

  json_builder_begin_object (builder);
  cw_json_add_int (builder, "version", CW_JSON_VERSION);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (intake->reply), i);

      add_item (builder, intake, item);
    }
  json_builder_end_array (builder);
  add_chain (builder, intake);
  add_report (builder, report);
  json_builder_end_object (builder);
  cw_json_print (builder);
}

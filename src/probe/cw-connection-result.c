/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>

#include "cw-connection-result-private.h"

struct _CwConnectionResult
{
  GObject parent;

  char *address;
  GDateTime *time;
  GListModel *evidence;
  CwFinding *verdict;
  GPtrArray *presented;
  CwCertificate *offered_ca;
  CwTrustChoice working_choice;
  gboolean had_certificate;
};

/* As in the table of cw-connection-result.h. */
static const char *const ids[] = {
  "works",
  "works-status",
  "works-without",
  "certificate-not-asked",
  "server-unverified",
  "no-certificate",
  "key-mismatch",
  "key-unusable",
  "cas-unreadable",
  "name-unknown",
  "name-failed",
  "refused",
  "unreachable",
  "connect-timeout",
  "proxy-failed",
  "proxy-auth",
  "proxy-denied",
  "tls-timeout",
  "tls-closed",
  "not-tls-http",
  "not-tls",
  "tls-version",
  "tls-handshake",
  "tls-name",
  "tls-failed",
  "server-other-choice",
  "server-chain-incomplete",
  "server-self-signed",
  "server-ca-unknown",
  "server-name",
  "server-expired",
  "server-ca-expired",
  "server-not-yet-valid",
  "server-invalid",
  "certificate-required",
  "certificate-not-sent",
  "certificate-ca-unknown",
  "certificate-bad",
  "certificate-unsupported",
  "certificate-revoked",
  "certificate-expired",
  "certificate-unknown",
  "certificate-denied",
  "certificate-signature",
  "certificate-closed",
  "certificate-refused",
  "http-certificate-missing",
  "http-certificate-refused",
  "http-denied",
  "http-bad-request",
  "http-failed",
  "answer-timeout",
  "answer-closed",
  "answer-garbage",
  "answer-endless",
  "websocket-refused",
  "websocket-invalid",
  "mqtt-version",
  "mqtt-client-id",
  "mqtt-unavailable",
  "mqtt-credentials",
  "mqtt-denied",
  "mqtt-refused",
  "publish-failed",
  "library-missing",
  NULL,
};

static GType
cw_connection_result_get_item_type (GListModel *model)
{
  return CW_TYPE_FINDING;
}

static guint
cw_connection_result_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (CW_CONNECTION_RESULT (model)->evidence);
}

static gpointer
cw_connection_result_get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (CW_CONNECTION_RESULT (model)->evidence, position);
}

static void
cw_connection_result_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = cw_connection_result_get_item_type;
  iface->get_n_items = cw_connection_result_get_n_items;
  iface->get_item = cw_connection_result_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CwConnectionResult,
                               cw_connection_result,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      cw_connection_result_list_model_init))

static const char *
get_word (CwSeverity severity)
{
  switch (severity)
    {
    case CW_SEVERITY_GOOD:
      return _ ("Good");
    case CW_SEVERITY_NOTE:
      return _ ("Note");
    case CW_SEVERITY_WARNING:
      return _ ("Warning");
    case CW_SEVERITY_PROBLEM:
    default:
      return _ ("Problem");
    }
}

static void
append_finding (GString *text, CwFinding *finding)
{
  const char *meaning = cw_finding_get_meaning (finding);
  const char *remedy = cw_finding_get_remedy (finding);
  g_string_append_printf (text, "%s: %s\n", get_word (cw_finding_get_severity (finding)),
                          cw_finding_get_title (finding));
  if (meaning != NULL)
    g_string_append_printf (text, "  %s\n", meaning);
  if (remedy != NULL)
    g_string_append_printf (text, "  %s\n", remedy);
}

static void
cw_connection_result_finalize (GObject *object)
{
  CwConnectionResult *self = CW_CONNECTION_RESULT (object);

  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_clear_object (&self->evidence);
  g_clear_object (&self->verdict);
  g_clear_pointer (&self->presented, g_ptr_array_unref);
  g_clear_object (&self->offered_ca);

  G_OBJECT_CLASS (cw_connection_result_parent_class)->finalize (object);
}

static void
cw_connection_result_class_init (CwConnectionResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_connection_result_finalize;
}

static void
cw_connection_result_init (CwConnectionResult *self)
{
  self->time = g_date_time_new_now_utc ();
}

/* Tokens are often in it, and a report is sent to others. */
static char *
hide_query (const char *address)
{
  const char *query = strchr (address, '?');
  return query == NULL || query[1] == '\0'
             ? g_strdup (address)
             : g_strdup_printf ("%.*s?…", (int) (query - address), address);
}

CwConnectionResult *
cw_connection_result_new (const CwConnectionFacts *facts)
{
  g_return_val_if_fail (facts != NULL && CW_IS_FINDING (facts->verdict), NULL);
  g_return_val_if_fail (g_strv_contains (ids, cw_finding_get_id (facts->verdict)), NULL);

  CwConnectionResult *self = g_object_new (CW_TYPE_CONNECTION_RESULT, NULL);
  self->address = hide_query (facts->address);
  self->evidence = g_object_ref (facts->evidence);
  self->verdict = g_object_ref (facts->verdict);
  self->presented = g_ptr_array_ref (facts->presented);
  self->offered_ca = facts->offered_ca != NULL ? g_object_ref (facts->offered_ca) : NULL;
  self->working_choice = facts->working_choice;
  self->had_certificate = facts->had_certificate;
  return self;
}

const char *const *
cw_connection_result_get_verdict_ids (void)
{
  return ids;
}

CwFinding *
cw_connection_result_get_verdict (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);

  return self->verdict;
}

gboolean
cw_connection_result_works (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), FALSE);

  CwSeverity severity = cw_finding_get_severity (self->verdict);
  return self->had_certificate && (severity == CW_SEVERITY_GOOD || severity == CW_SEVERITY_NOTE);
}

CwFinding *
cw_connection_result_find (CwConnectionResult *self, const char *id)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (self->evidence); i++)
    {
      /* The list keeps its reference. */
      g_autoptr (CwFinding) finding = g_list_model_get_item (self->evidence, i);
      if (g_str_equal (cw_finding_get_id (finding), id))
        return finding;
    }
  return NULL;
}

const char *
cw_connection_result_get_address (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);

  return self->address;
}

GDateTime *
cw_connection_result_get_time (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);

  return self->time;
}

GPtrArray *
cw_connection_result_get_presented (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);

  return self->presented;
}

CwCertificate *
cw_connection_result_get_offered_ca (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);

  return self->offered_ca;
}

CwTrustChoice
cw_connection_result_get_working_choice (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), CW_TRUST_NONE);

  return self->working_choice;
}

char *
cw_connection_result_to_text (CwConnectionResult *self)
{
  g_return_val_if_fail (CW_IS_CONNECTION_RESULT (self), NULL);

  g_autofree char *time = g_date_time_format (self->time, "%Y-%m-%d %H:%M:%SZ");
  GString *text = g_string_new (NULL);
  /* Translators: the head of a report: the address that was tested, the time */
  g_string_append_printf (text, _ ("Connection test of %s on %s"), self->address, time);
  g_string_append (text, "\n\n");
  append_finding (text, self->verdict);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < g_list_model_get_n_items (self->evidence); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (self->evidence, i);
      append_finding (text, finding);
    }
  g_string_append_printf (text, "\nCertwright %s, %s\n", PACKAGE_VERSION,
                          OpenSSL_version (OPENSSL_VERSION));
  return g_string_free (text, FALSE);
}

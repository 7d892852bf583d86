/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-alert.h"
#include "cw-date.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-trial.h"
#include "cw-verdict.h"

#define MAX_NAMES 5 /* that are listed */

static void
add (GString *text, const char *sentence)
{
  if (sentence != NULL && *sentence != '\0')
    cw_text_append_sentence (text, sentence);
}

static void
add_steal (GString *text, char *sentence)
{
  add (text, sentence);
  g_free (sentence);
}

static char *
join (GPtrArray *names, guint n_all)
{
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; i < names->len && i < MAX_NAMES; i++)
    {
      /* Translators: a name in quotation marks */
      g_autofree char *name =
          g_strdup_printf (C_ ("name", "“%s”"), (const char *) g_ptr_array_index (names, i));

      cw_text_append_item (list, name);
    }
  if (n_all > MAX_NAMES)
    cw_text_append_item (list, "…");
  return g_string_free (g_steal_pointer (&list), FALSE);
}

gboolean
cw_trial_is_self_signed (CwTrial *self)
{
  return self->chain != NULL && cw_certificate_is_self_signed (cw_chain_get_leaf (self->chain));
}

char *
cw_trial_list_accepted (CwHandshake *handshake)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < handshake->accepted->len; i++)
    {
      g_autofree char *title = cw_subject_get_title (g_ptr_array_index (handshake->accepted, i));
      g_ptr_array_add (names, cw_text_clean (title != NULL ? title : "?"));
    }
  return join (names, handshake->n_accepted);
}

/* What the server's certificate is for. */
static char *
list_names (CwCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GListModel *alt_names = cw_certificate_get_alt_names (certificate);
  for (guint i = 0; i < g_list_model_get_n_items (alt_names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (alt_names, i);
      g_ptr_array_add (names, cw_text_clean (cw_alt_name_get_value (name)));
    }
  if (names->len == 0)
    g_ptr_array_add (names, cw_text_clean (cw_certificate_get_title (certificate)));
  return join (names, names->len);
}

static char *
explain_dates (CwHandshake *handshake)
{
  CwCertificate *culprit = handshake->culprit;
  gboolean expired = handshake->code == X509_V_ERR_CERT_HAS_EXPIRED;
  if (culprit == NULL)
    return NULL;
  g_autofree char *title = cw_text_clean (cw_certificate_get_title (culprit));
  g_autofree char *date = cw_date_format (expired ? cw_certificate_get_not_after (culprit)
                                                  : cw_certificate_get_not_before (culprit),
                                          NULL);
  /* Translators: a certificate's name, a date with its distance */
  return g_strdup_printf (expired ? _ ("“%s” was valid until %s.") : _ ("“%s” is valid from %s."),
                          title, date);
}

static char *
explain_choice (CwTrustChoice choice)
{
  switch (choice)
    {
    case CW_TRUST_REPLY:
      return g_strdup (_ ("Those that came with the reply do."));
    case CW_TRUST_FILE:
      return g_strdup (_ ("Those of the file do."));
    case CW_TRUST_SYSTEM:
      return g_strdup (_ ("Those of the system do."));
    case CW_TRUST_NONE:
    default:
      return NULL;
    }
}

static char *
explain_refusal (CwHandshake *handshake)
{
  CwCertificate *culprit = handshake->culprit;
  g_autofree char *title =
      cw_text_clean (culprit != NULL ? cw_certificate_get_title (culprit) : "?");
  if (handshake->code == X509_V_ERR_INVALID_PURPOSE)
    return g_strdup_printf (_ ("“%s” is not made for servers (key usage or extended key usage)."),
                            title);
  /* Translators: a certificate's name, OpenSSL's words */
  return g_strdup_printf (_ ("OpenSSL says of “%s”: %s."), title,
                          X509_verify_cert_error_string (handshake->code));
}

/* Who vouches for the server, as it says itself. */
static char *
explain_issuer (CwHandshake *handshake)
{
  if (handshake->presented->len == 0)
    return NULL;
  CwCertificate *leaf = g_ptr_array_index (handshake->presented, 0);
  g_autofree char *issuer = cw_subject_get_title (cw_certificate_get_issuer (leaf));
  g_autofree char *shown = cw_text_clean (issuer != NULL ? issuer : "?");
  if (handshake->presented->len == 1)
    /* Translators: a CA's name */
    return g_strdup_printf (_ ("The server sent only its own certificate, issued by “%s”."), shown);
  /* Translators: a CA's name */
  return g_strdup_printf (_ ("Its certificate was issued by “%s”."), shown);
}

static char *
explain_server (CwTrial *self, const char *id, CwHandshake *handshake)
{
  if (g_str_equal (id, "server-other-choice"))
    return explain_choice (self->working_choice);
  if (g_str_equal (id, "server-ca-unknown") || g_str_equal (id, "server-chain-incomplete"))
    return explain_issuer (handshake);
  if (g_str_equal (id, "server-expired") || g_str_equal (id, "server-ca-expired") ||
      g_str_equal (id, "server-not-yet-valid"))
    return explain_dates (handshake);
  if (g_str_equal (id, "server-invalid"))
    return explain_refusal (handshake);
  if (!g_str_equal (id, "server-name") || handshake->presented->len == 0)
    return NULL;
  g_autofree char *names = list_names (g_ptr_array_index (handshake->presented, 0));
  /* Translators: a list of names */
  return g_strdup_printf (_ ("It is for %s."), names);
}

static void
explain_handshake (GString *text, const char *id, CwHandshake *handshake, CwAnswer *answer)
{
  gboolean answered = answer->outcome == CW_OUTCOME_ANSWERED;
  if (handshake->alert_received != CW_NO_ALERT && !answered)
    add_steal (text, cw_alert_describe (handshake->alert_received));
  else if (handshake->reason != 0 && g_str_equal (id, "tls-failed"))
    add_steal (text, g_strdup_printf (
                         _ ("OpenSSL says: %s."),
                         ERR_reason_error_string (ERR_PACK (ERR_LIB_SSL, 0, handshake->reason))));
  if (handshake->asked && !handshake->accepts_ours && handshake->settings.known != NULL &&
      (g_str_has_prefix (id, "certificate-") || g_str_has_prefix (id, "http-certificate")))
    {
      g_autofree char *names = cw_trial_list_accepted (handshake);
      /* Translators: a list of names */
      add_steal (text, g_strdup_printf (_ ("It says that it accepts only certificates of %s, and "
                                           "yours is of none of these."),
                                        names));
    }
}

static char *
explain_answer (CwTrial *self, const char *id, CwAnswer *answer)
{
  gboolean mqtt = cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_MQTTS;
  if (answer->outcome != CW_OUTCOME_ANSWERED || g_str_has_prefix (id, "server-"))
    return NULL;
  if (mqtt)
    return answer->code == 0 ? NULL
                             : g_strdup_printf (_ ("It answered CONNACK %ld."), answer->code);
  if (g_str_has_prefix (id, "works") && answer->code < 300)
    return NULL;
  return g_strdup_printf (_ ("It answered HTTP %ld."), answer->code);
}

static void
explain_unsent (GString *text, const char *id, CwHandshake *handshake)
{
  if (g_str_equal (id, "no-certificate"))
    add (text, handshake->asked ? _ ("The server asks for one.")
                                : _ ("The server did not ask for one either."));
  else if (!handshake->asked && handshake->done &&
           (g_str_equal (id, "http-denied") || g_str_has_prefix (id, "mqtt-")))
    add (text, _ ("It never asked for the certificate, so it has not seen it."));
}

static void
explain_failure (GString *text, const GError *error)
{
  if (error == NULL)
    return;
  /* Those of libraries are no whole sentences. */
  add_steal (text, g_strconcat (error->message, g_str_has_suffix (error->message, ".") ? NULL : ".",
                                NULL));
  const char *details = cw_error_get_details (error);
  if (details != NULL)
    add_steal (text, cw_text_clean (details));
}

static CwFinding *
new_verdict (CwTrial *self, const char *id, const char *more)
{
  const char *host = cw_endpoint_get_host (self->endpoint);
  return cw_trial_is_self_signed (self) ? cw_verdict_new_for_self_signed (id, host, more)
                                        : cw_verdict_new (id, host, more);
}

CwFinding *
cw_trial_explain (CwTrial *self, const char *id, guint i)
{
  g_autoptr (GString) text = g_string_new (NULL);
  CwHandshake *handshake = self->handshakes[i];
  CwAnswer *answer = self->answers[i];
  if (self->dials[i] != NULL && self->dials[i]->failure != NULL)
    explain_failure (text, self->dials[i]->error);
  if (handshake != NULL && answer != NULL)
    {
      add_steal (text, explain_server (self, id, handshake));
      explain_handshake (text, id, handshake, answer);
      explain_unsent (text, id, handshake);
      add_steal (text, explain_answer (self, id, answer));
      if (answer->outcome == CW_OUTCOME_NOT_USED || answer->outcome == CW_OUTCOME_NO_LIBRARY)
        explain_failure (text, answer->error);
    }
  if (g_str_equal (id, "no-certificate") && !self->verify_server)
    {
      g_autoptr (CwFinding) unverified =
          cw_verdict_new ("server-unverified", cw_endpoint_get_host (self->endpoint), NULL);
      add (text, cw_finding_get_title (unverified));
    }
  return new_verdict (self, id, text->len > 0 ? text->str : NULL);
}

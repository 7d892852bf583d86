/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-alert.h"
#include "cw-date.h"
#include "cw-openssl.h"
#include "cw-text.h"
#include "cw-trial.h"

/* @title and @meaning: (transfer full) */
static void
append (CwTrial *self, const char *id, CwSeverity severity, char *title, char *meaning)
{
  g_autoptr (CwFinding) finding = cw_finding_new (id, severity, title, meaning, NULL);
  g_list_store_append (self->evidence, finding);
  g_free (title);
  g_free (meaning);
}

/* What would be a problem, if the consumer verified the server. */
static void
append_server_verdict (CwTrial *self, const char *id, guint i)
{
  g_autoptr (CwFinding) finding = cw_trial_explain (self, id, i);
  g_autoptr (CwFinding) lowered =
      cw_finding_new (id, CW_SEVERITY_WARNING, cw_finding_get_title (finding),
                      cw_finding_get_meaning (finding), cw_finding_get_remedy (finding));
  g_list_store_append (self->evidence, cw_trial_stops_at (self, id) ? finding : lowered);
}

static void
note_way (CwTrial *self, CwDial *dial)
{
  const char *host = cw_endpoint_get_host (self->endpoint);
  if (dial->proxy != NULL)
    append (self, "proxy-used", CW_SEVERITY_NOTE,
            g_strdup_printf (_ ("The way leads through the proxy %s."), dial->proxy),
            g_strdup (_ ("The network’s settings say so.")));
  if (dial->failure != NULL)
    return;
  g_autofree char *place =
      dial->proxy == NULL && dial->address != NULL && !cw_endpoint_is_ip (self->endpoint)
          ? g_strdup_printf ("%s (%s)", host, dial->address)
          : g_strdup (host);
  /* Translators: a host name, often with its IP address in parentheses; a port */
  append (self, "reached", CW_SEVERITY_GOOD,
          g_strdup_printf (_ ("%s is reached on port %u."), place,
                           cw_endpoint_get_port (self->endpoint)),
          NULL);
}

static char *
describe_certificate (CwCertificate *certificate)
{
  g_autofree char *issuer = cw_subject_get_title (cw_certificate_get_issuer (certificate));
  g_autofree char *shown = cw_text_clean (issuer != NULL ? issuer : "?");
  g_autofree char *date = cw_date_format (cw_certificate_get_not_after (certificate), NULL);
  g_autofree char *title = cw_text_clean (cw_certificate_get_title (certificate));
  /* Translators: a certificate's name, its issuer's, a date with its distance */
  return g_strdup_printf (_ ("“%s”, issued by “%s”, valid until %s"), title, shown, date);
}

static void
note_presented (CwTrial *self, CwHandshake *handshake)
{
  if (handshake->presented->len == 0)
    return;
  g_autoptr (GString) lines = g_string_new (NULL);
  for (guint i = 0; i < handshake->presented->len; i++)
    {
      g_autofree char *line = describe_certificate (g_ptr_array_index (handshake->presented, i));
      g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "", line);
    }
  append (self, "server-presented", CW_SEVERITY_GOOD,
          g_strdup_printf (ngettext ("The server sent %u certificate.",
                                     "The server sent %u certificates.", handshake->presented->len),
                           handshake->presented->len),
          g_string_free (g_steal_pointer (&lines), FALSE));
}

static void
note_server (CwTrial *self, guint i)
{
  CwHandshake *handshake = self->handshakes[i];
  const char *verdict = cw_trial_judge_server (self, i);
  note_presented (self, handshake);
  if (verdict != NULL)
    append_server_verdict (self, verdict, i);
  else if (handshake->verified)
    append (self, "server-verified", CW_SEVERITY_GOOD,
            g_strdup_printf (_ ("The chosen CAs verify the server, and its certificate is for %s."),
                             cw_endpoint_get_host (self->endpoint)),
            NULL);
}

static void
note_agreement (CwTrial *self, CwHandshake *handshake)
{
  if (handshake->done)
    /* Translators: a version of TLS, a cipher */
    append (
        self, "tls", CW_SEVERITY_GOOD,
        g_strdup_printf (_ ("Both agree on %s with %s."), handshake->protocol, handshake->cipher),
        NULL);
}

static void
note_asked (CwTrial *self, CwHandshake *handshake)
{
  if (!handshake->asked)
    {
      if (handshake->done)
        append (self, "certificate-not-asked", CW_SEVERITY_WARNING,
                g_strdup (_ ("The server does not ask for a certificate.")), NULL);
      return;
    }
  append (self, "certificate-asked", CW_SEVERITY_GOOD,
          g_strdup (_ ("The server asks for a certificate.")), NULL);
  if (handshake->asked_late)
    append (self, "certificate-asked-late", CW_SEVERITY_WARNING,
            g_strdup (_ ("It asks only after it has seen the request.")),
            g_strdup (_ ("Not every program can answer that (renegotiation, or post-handshake "
                         "authentication).")));
  if (handshake->n_accepted == 0)
    {
      append (self, "cas-any", CW_SEVERITY_NOTE, g_strdup (_ ("It does not say from which CAs.")),
              NULL);
      return;
    }
  g_autofree char *names = cw_trial_list_accepted (handshake);
  gboolean ours = handshake->accepts_ours || handshake->settings.known == NULL;
  /* Translators: a list of names */
  append (self, ours ? "cas-ours" : "cas-not-ours", ours ? CW_SEVERITY_GOOD : CW_SEVERITY_WARNING,
          g_strdup_printf (_ ("It accepts certificates of %s."), names),
          ours                             ? NULL
          : cw_trial_is_self_signed (self) ? g_strdup (_ ("Your certificate, which is signed by "
                                                          "itself, is not among them."))
                                           : g_strdup (_ ("The CA of your certificate is not "
                                                          "among them.")));
}

static void
note_sent (CwTrial *self, CwHandshake *handshake)
{
  if (handshake->sent)
    append (self, "certificate-sent", CW_SEVERITY_GOOD,
            g_strdup (_ ("Your certificate was sent to the server.")), NULL);
  else if (handshake->asked)
    append (self, "certificate-not-sent", CW_SEVERITY_PROBLEM,
            g_strdup (_ ("Your certificate was not sent: the server does not take its kind of "
                         "key.")),
            NULL);
}

/* What it answered, in the protocol's own words. */
static char *
describe_answer (CwTrial *self, guint i)
{
  CwAnswer *answer = self->answers[i];
  CwHandshake *handshake = self->handshakes[i];
  if (answer->outcome == CW_OUTCOME_ANSWERED)
    return cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_MQTTS
               ? g_strdup_printf (_ ("The broker answers CONNACK %ld."), answer->code)
               : g_strdup_printf (_ ("The server answers HTTP %ld."), answer->code);
  if (handshake->alert_received != CW_NO_ALERT)
    return cw_alert_describe (handshake->alert_received);
  switch (answer->outcome)
    {
    case CW_OUTCOME_TIMED_OUT:
      return g_strdup (_ ("The server says nothing."));
    case CW_OUTCOME_GARBAGE:
      return g_strdup (_ ("What the server says makes no sense."));
    case CW_OUTCOME_ENDLESS:
      return g_strdup (_ ("What the server says does not end."));
    default:
      return g_strdup (_ ("The connection ends."));
    }
}

static void
note_answer (CwTrial *self, guint i)
{
  g_autofree char *words = describe_answer (self, i);
  const char *verdict = cw_trial_judge (self, i);
  gboolean works = g_str_has_prefix (verdict, "works");
  if (i == CW_WITHOUT)
    /* Translators: a sentence: "The server answers HTTP 400." */
    append (self, works ? "without-works" : "without-refused", CW_SEVERITY_NOTE,
            g_strdup_printf (_ ("Without the certificate: %s"), words), NULL);
  else
    append (self, works ? "with-works" : "with-refused",
            works ? CW_SEVERITY_GOOD : CW_SEVERITY_PROBLEM,
            g_strdup_printf (_ ("With the certificate: %s"), words), NULL);
  if (i == CW_WITH && self->answers[i]->published)
    append (self, "published", CW_SEVERITY_GOOD,
            g_strdup (_ ("The broker confirms the message that was published.")), NULL);
}

void
cw_trial_note (CwTrial *self, guint i)
{
  CwHandshake *handshake = self->handshakes[i];
  CwHandshake *before = i > 0 ? self->handshakes[i - 1] : NULL;
  if (before == NULL)
    note_way (self, self->dials[i]);
  if (handshake == NULL && i == CW_WITH && self->dials[i]->failure != NULL)
    {
      g_autoptr (CwFinding) failure = cw_trial_explain (self, self->dials[i]->failure, i);
      g_list_store_append (self->evidence, failure);
    }
  if (handshake == NULL)
    return;
  if (before == NULL)
    note_server (self, i);
  if (before == NULL || !before->done)
    note_agreement (self, handshake);
  /* That it does not ask is known when it has not asked in the last one either. */
  gboolean last = i == CW_WITH || self->key == NULL || self->chain == NULL;
  if ((before == NULL || !before->asked) && (handshake->asked || last))
    note_asked (self, handshake);
  if (i == CW_WITH)
    note_sent (self, handshake);
  if (cw_trial_judge_way (self, i) == NULL)
    note_answer (self, i);
}

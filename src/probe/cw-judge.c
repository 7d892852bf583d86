/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-alert.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-trial.h"

static gboolean
is_mqtt (CwTrial *self)
{
  return cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_MQTTS;
}

/* Whether it is one of the CAs here that is out of date; what a server presents as its own is the
 * server's, even if it was chosen as a CA. */
static gboolean
is_our_ca (CwTrial *self, CwHandshake *handshake)
{
  CwCertificate *culprit = handshake->culprit;
  if (culprit == NULL || !handshake->culprit_sent)
    return culprit != NULL;
  if (cw_certificate_equal (culprit, g_ptr_array_index (handshake->presented, 0)))
    return FALSE;
  for (guint i = 0; self->chosen != NULL && i < self->chosen->len; i++)
    if (cw_certificate_equal (culprit, g_ptr_array_index (self->chosen, i)))
      return TRUE;
  return FALSE;
}

static const char *
judge_chain (CwTrial *self, CwHandshake *handshake)
{
  switch (handshake->code)
    {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      if (!is_our_ca (self, handshake))
        return "server-expired";
      return self->working_choice != CW_TRUST_NONE ? "server-other-choice" : "server-ca-expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "server-not-yet-valid";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return self->working_choice != CW_TRUST_NONE ? "server-other-choice" : "server-self-signed";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return self->working_choice != CW_TRUST_NONE ? "server-other-choice"
             : self->lacks_intermediate            ? "server-chain-incomplete"
                                                   : "server-ca-unknown";
    default:
      return "server-invalid";
    }
}

const char *
cw_trial_judge_server (CwTrial *self, guint i)
{
  CwHandshake *handshake = self->handshakes[i];
  if (handshake == NULL || !handshake->verified)
    return NULL;
  if (handshake->code != X509_V_OK)
    return judge_chain (self, handshake);
  return handshake->name_fits ? NULL : "server-name";
}

gboolean
cw_trial_stops_at (CwTrial *self, const char *server_verdict)
{
  /* mosquitto's --insecure and bridge_insecure are about the name alone. */
  return self->verify_server || (is_mqtt (self) && !g_str_equal (server_verdict, "server-name"));
}

/* (nullable): what ends connection @i before anything is asked for */
static const char *
judge_trust (CwTrial *self, guint i)
{
  const char *verdict = cw_trial_judge_server (self, i);
  return verdict != NULL && cw_trial_stops_at (self, verdict) ? verdict : NULL;
}

/* The pages that nginx and IIS make of a client certificate (or of none). */
static const char *
judge_page (const CwAnswer *answer)
{
  static const struct
  {
    long code; /* 0 for any */
    const char *text;
    const char *verdict;
  } pages[] = {
    { 496, "", "http-certificate-missing" },
    { 495, "", "http-certificate-refused" },
    { 400, "No required SSL certificate was sent", "http-certificate-missing" },
    { 400, "The SSL certificate error", "http-certificate-refused" },
    { 403, "403.7", "http-certificate-missing" },
    { 403, "403.13", "http-certificate-refused" },
    { 403, "403.16", "http-certificate-refused" },
    { 403, "403.17", "http-certificate-refused" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (answer->code == pages[i].code && strstr (answer->page->str, pages[i].text) != NULL)
      return pages[i].verdict;
  return NULL;
}

static const char *
judge_http (const CwAnswer *answer)
{
  if (answer->code == 400)
    return "http-bad-request";
  if (answer->code == 401 || answer->code == 403)
    return "http-denied";
  if (answer->code >= 500)
    return "http-failed";
  if (answer->code >= 400)
    return "works-status";
  return answer->code >= 200 ? "works" : "answer-garbage";
}

static const char *
judge_websocket (const CwAnswer *answer)
{
  if (answer->code == 101)
    return answer->upgrade_fits ? "works" : "websocket-invalid";
  const char *verdict = judge_http (answer);
  return g_str_equal (verdict, "http-denied") || g_str_equal (verdict, "http-failed")
             ? verdict
             : "websocket-refused";
}

static const char *
judge_mqtt (CwTrial *self, guint i)
{
  static const char *const refusals[] = {
    NULL, "mqtt-version", "mqtt-client-id", "mqtt-unavailable", "mqtt-credentials", "mqtt-denied"
  };
  CwAnswer *answer = self->answers[i];
  if (answer->code != 0)
    return answer->code < (long) G_N_ELEMENTS (refusals) ? refusals[answer->code] : "mqtt-refused";
  return i == CW_WITH && self->topic != NULL && !answer->published ? "publish-failed" : "works";
}

static const char *
judge_answer (CwTrial *self, guint i)
{
  CwAnswer *answer = self->answers[i];
  if (is_mqtt (self))
    return judge_mqtt (self, i);
  const char *verdict = judge_page (answer);
  if (verdict != NULL)
    return verdict;
  return cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_WSS ? judge_websocket (answer)
                                                                  : judge_http (answer);
}

/* Of a handshake that did not come to its end, and had no alert from the server. */
static const char *
judge_handshake (CwHandshake *handshake, CwAnswer *answer)
{
  if (cw_handshake_saw_http (handshake))
    return "not-tls-http";
  if (cw_handshake_saw_no_tls (handshake))
    return "not-tls";
  if (answer->outcome == CW_OUTCOME_TIMED_OUT)
    return "tls-timeout";
  if (handshake->alert_sent == SSL_AD_PROTOCOL_VERSION)
    return "tls-version";
  /* OpenSSL answers the end of a connection with an alert too. */
  if (handshake->alert_sent != CW_NO_ALERT &&
      handshake->reason != SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return "tls-failed";
  return handshake->sent ? "certificate-closed" : "tls-closed";
}

/* Before anything was said. */
static const char *
judge_start (CwTrial *self, guint i)
{
  CwAnswer *answer = self->answers[i];
  if (self->dials[i] == NULL || self->dials[i]->failure != NULL)
    return self->dials[i] != NULL ? self->dials[i]->failure : "name-failed";
  if (answer->outcome == CW_OUTCOME_NOT_USED)
    return g_error_matches (answer->error, CW_ERROR, CW_ERROR_MISMATCH) ? "key-mismatch"
                                                                        : "key-unusable";
  return answer->outcome == CW_OUTCOME_NO_LIBRARY ? "library-missing" : NULL;
}

const char *
cw_trial_judge (CwTrial *self, guint i)
{
  const char *start = judge_start (self, i);
  if (start != NULL)
    return start;
  CwHandshake *handshake = self->handshakes[i];
  CwAnswer *answer = self->answers[i];
  const char *server = judge_trust (self, i);
  if (server != NULL)
    return server;
  if (handshake->alert_received != CW_NO_ALERT && answer->outcome != CW_OUTCOME_ANSWERED)
    return cw_alert_get_verdict (handshake->alert_received, handshake->sent);
  if (!handshake->done)
    return judge_handshake (handshake, answer);
  switch (answer->outcome)
    {
    case CW_OUTCOME_ANSWERED:
      return judge_answer (self, i);
    case CW_OUTCOME_TIMED_OUT:
      return "answer-timeout";
    case CW_OUTCOME_GARBAGE:
      return "answer-garbage";
    case CW_OUTCOME_ENDLESS:
      return "answer-endless";
    default:
      return handshake->sent && !handshake->content ? "certificate-closed" : "answer-closed";
    }
}

const char *
cw_trial_judge_way (CwTrial *self, guint i)
{
  const char *start = judge_start (self, i);
  CwHandshake *handshake = self->handshakes[i];
  if (start != NULL)
    return start;
  if (judge_trust (self, i) != NULL)
    return judge_trust (self, i);
  /* Once it has asked for a certificate, that may be the reason. */
  return handshake->done || handshake->asked ? NULL : cw_trial_judge (self, i);
}

static gboolean
works (const char *verdict)
{
  return g_str_equal (verdict, "works") || g_str_equal (verdict, "works-status");
}

/* It works: is there a "but"? */
static const char *
qualify (CwTrial *self, const char *verdict)
{
  CwHandshake *with = self->handshakes[CW_WITH];
  const char *without = cw_trial_judge (self, CW_WITHOUT);
  if (with->asked && !with->sent)
    return "certificate-not-sent";
  if (!self->verify_server)
    return "server-unverified";
  if (!with->asked)
    return "certificate-not-asked";
  /* Only what is worse without it shows that it was taken. */
  return g_str_equal (without, verdict) || g_str_equal (without, "works") ? "works-without"
                                                                          : verdict;
}

const char *
cw_trial_judge_all (CwTrial *self)
{
  const char *way = cw_trial_judge_way (self, CW_WITHOUT);
  if (way != NULL)
    return way;
  if (self->key == NULL || self->chain == NULL)
    return "no-certificate";
  const char *verdict = cw_trial_judge (self, CW_WITH);
  CwHandshake *with = self->handshakes[CW_WITH];
  if (works (verdict))
    return qualify (self, verdict);
  /* Whatever it says then, it has not seen the certificate. */
  if (with != NULL && with->asked && !with->sent && cw_trial_judge_way (self, CW_WITH) == NULL)
    return "certificate-not-sent";
  return verdict;
}

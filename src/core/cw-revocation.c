/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-crl.h"
#include "cw-date.h"
#include "cw-finding-private.h"
#include "cw-text.h"

/* A list that is a little late is nothing to speak of. */
#define LATE_DAYS 7

static char *
get_issuer_title (CwCrl *crl)
{
  g_autofree char *title = cw_subject_get_title (cw_crl_get_issuer (crl));
  return cw_text_clean (title);
}

static gboolean
is_late (CwCrl *crl, GDateTime *now)
{
  GDateTime *next = cw_crl_get_next_update (crl);
  return next != NULL &&
         g_date_time_difference (now, next) > LATE_DAYS * (GTimeSpan) G_TIME_SPAN_DAY;
}

static void
append_revoked (GListStore *findings,
                CwCertificate *certificate,
                gboolean is_leaf,
                GDateTime *since,
                CwCrl *crl)
{
  g_autofree char *date = since != NULL ? cw_date_format_day (since) : g_strdup ("?");
  g_autofree char *issuer = get_issuer_title (crl);
  g_autofree char *title = is_leaf ? g_strdup_printf (_ ("Revoked by its CA on %s"), date)
                                   : g_strdup_printf (_ ("The CA “%s” was revoked on %s"),
                                                      cw_certificate_get_title (certificate), date);
  g_autofree char *meaning =
      g_strdup_printf (_ ("The revocation list of “%s” that came along names it. Servers that "
                          "look at such lists refuse the connection."),
                       issuer);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "revoked",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning = meaning,
          .remedy = is_leaf ? _ ("Ask the CA why it revoked it, and for a new one. If the key "
                                 "fell into wrong hands, start a new request with a new key.")
                            : _ ("Ask the CA for a certificate from a CA that is not revoked."),
      });
}

static void
append_not_revoked (GListStore *findings, CwCrl *crl)
{
  g_autofree char *date = cw_date_format_day (cw_crl_get_this_update (crl));
  g_autofree char *issuer = get_issuer_title (crl);
  /* Translators: the name of a CA and a date */
  g_autofree char *title =
      g_strdup_printf (_ ("Not on the revocation list of “%s” of %s"), issuer, date);
  cw_finding_append (findings, &(CwFindingTexts){ .id = "not-revoked", .title = title });
}

static void
append_late (GListStore *findings, CwCrl *crl)
{
  g_autofree char *date = cw_date_format_day (cw_crl_get_next_update (crl));
  g_autofree char *issuer = get_issuer_title (crl);
  g_autofree char *title =
      g_strdup_printf (_ ("The revocation list of “%s” is out of date since %s"), issuer, date);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "crl-out-of-date",
          .severity = CW_SEVERITY_NOTE,
          .title = title,
          .meaning = _ ("What was revoked since is not on it. A server that is set up with this "
                        "list refuses every certificate of that CA."),
      });
}

static void
append_numberless (GListStore *findings, CwCrl *crl)
{
  g_autofree char *issuer = get_issuer_title (crl);
  g_autofree char *title =
      g_strdup_printf (_ ("The revocation list of “%s” has no number"), issuer);
  cw_finding_append (
      findings, &(CwFindingTexts){
                    .id = "crl-without-number",
                    .severity = CW_SEVERITY_NOTE,
                    .title = title,
                    .meaning = _ ("RFC 5280 asks for one. Strict servers do not take the list."),
                });
}

static void
append_unverified (GListStore *findings, CwCrl *crl, gboolean revokes)
{
  g_autofree char *issuer = get_issuer_title (crl);
  g_autofree char *title = g_strdup_printf (
      _ ("The revocation list of “%s” is not signed by the CA that is here"), issuer);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "crl-unverified",
          .severity = revokes ? CW_SEVERITY_WARNING : CW_SEVERITY_NOTE,
          .title = title,
          .meaning = revokes ? _ ("It names the certificate as revoked, but who signed it cannot "
                                  "be told.")
                             : _ ("Who signed it cannot be told, so it is not looked at."),
          .remedy = revokes ? _ ("Ask the CA whether it has revoked the certificate.") : NULL,
      });
}

/* Whose signature a list for the certificate at @i has to have; NULL if it is not here. */
static CwCertificate *
get_issuer (GPtrArray *certificates, guint i)
{
  if (i + 1 < certificates->len)
    return g_ptr_array_index (certificates, i + 1);
  CwCertificate *last = g_ptr_array_index (certificates, i);
  return cw_certificate_is_self_signed (last) ? last : NULL;
}

/* What a list that is known to be its issuer's says of one certificate. */
static void
judge_certificate (
    GListStore *findings, CwCrl *crl, CwCertificate *certificate, gboolean is_leaf, GDateTime *now)
{
  g_autoptr (GDateTime) since = NULL;
  if (cw_crl_find_revocation (crl, certificate, &since))
    append_revoked (findings, certificate, is_leaf, since, crl);
  else if (is_leaf && !is_late (crl, now))
    append_not_revoked (findings, crl);
}

static void
judge_list (GListStore *findings, CwCrl *crl, GDateTime *now)
{
  if (is_late (crl, now))
    append_late (findings, crl);
  if (!cw_crl_has_number (crl))
    append_numberless (findings, crl);
}

static void
judge_crl (GListStore *findings, CwCrl *crl, GPtrArray *certificates, GDateTime *now)
{
  gboolean concerned = FALSE;
  for (guint i = 0; i < certificates->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (certificates, i);
      if (!cw_crl_names_issuer_of (crl, certificate))
        continue;
      CwCertificate *issuer = get_issuer (certificates, i);
      if (issuer == NULL || !cw_crl_is_issued_by (crl, issuer))
        {
          append_unverified (findings, crl, cw_crl_find_revocation (crl, certificate, NULL));
          return;
        }
      judge_certificate (findings, crl, certificate, i == 0, now);
      concerned = TRUE;
    }
  if (concerned)
    judge_list (findings, crl, now);
}

void
cw_revocation_append (GListStore *findings, CwChain *chain, CwReply *reply, GDateTime *now)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));
  g_return_if_fail (CW_IS_REPLY (reply));
  g_return_if_fail (now != NULL);

  GPtrArray *certificates = cw_chain_get_certificates (chain);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      CwCrl *crl = cw_reply_item_get_crl (item);
      if (crl != NULL)
        judge_crl (findings, crl, certificates, now);
    }
}

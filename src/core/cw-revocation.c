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
          .remedy = _ ("Give the server a newer list of that CA."),
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
                    .remedy = _ ("If the server does not take it, the CA has to fix it."),
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

/* The lists that are looked at for one certificate. */
typedef struct
{
  CwCrl *complete;   /* the newest that its issuer signed */
  CwCrl *limited;    /* the newest that is only a part, best one that revokes it */
  CwCrl *unverified; /* the first that its issuer did not sign, best one that revokes it */
} Lists;

/* Whose signature a list for the certificate at @i has to have; NULL if it is not here. */
static CwCertificate *
get_issuer (GPtrArray *certificates, guint i)
{
  if (i + 1 < certificates->len)
    return g_ptr_array_index (certificates, i + 1);
  CwCertificate *last = g_ptr_array_index (certificates, i);
  return cw_certificate_is_self_signed (last) ? last : NULL;
}

static gboolean
revokes (CwCrl *crl, CwCertificate *certificate)
{
  return crl != NULL && cw_crl_find_revocation (crl, certificate, NULL);
}

static gboolean
is_newer (CwCrl *crl, CwCrl *other)
{
  return other == NULL ||
         g_date_time_compare (cw_crl_get_this_update (crl), cw_crl_get_this_update (other)) > 0;
}

static void
keep_if_better (CwCrl **kept, CwCrl *crl, CwCertificate *certificate)
{
  gboolean before = revokes (*kept, certificate), now = revokes (crl, certificate);
  if (before != now ? now : is_newer (crl, *kept))
    *kept = crl;
}

static void
sort_in (Lists *lists, CwCrl *crl, CwCertificate *certificate, CwCertificate *issuer)
{
  if (!cw_crl_names_issuer_of (crl, certificate))
    return;
  if (issuer == NULL || !cw_crl_is_issued_by (crl, issuer))
    keep_if_better (&lists->unverified, crl, certificate);
  else if (cw_crl_is_limited (crl))
    keep_if_better (&lists->limited, crl, certificate);
  else if (is_newer (crl, lists->complete) ||
           (!is_newer (lists->complete, crl) && revokes (crl, certificate)))
    lists->complete = crl;
}

/* A part says no more than the newest whole, unless it is newer. */
static CwCrl *
choose_list (const Lists *lists, CwCertificate *certificate)
{
  if (lists->complete == NULL)
    return lists->limited;
  gboolean added = revokes (lists->limited, certificate) &&
                   is_newer (lists->limited, lists->complete) &&
                   !revokes (lists->complete, certificate);
  return added ? lists->limited : lists->complete;
}

static void
judge_certificate (
    GListStore *findings, CwCrl *crl, CwCertificate *certificate, gboolean is_leaf, GDateTime *now)
{
  g_autoptr (GDateTime) since = NULL;
  if (cw_crl_find_revocation (crl, certificate, &since))
    append_revoked (findings, certificate, is_leaf, since, crl);
  else if (is_leaf && !is_late (crl, now) && !cw_crl_is_limited (crl))
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

/* Whether @crl was not spoken of yet; now it is. */
static gboolean
is_new (GPtrArray *told, CwCrl *crl)
{
  if (crl == NULL || g_ptr_array_find (told, crl, NULL))
    return FALSE;
  g_ptr_array_add (told, crl);
  return TRUE;
}

static GPtrArray *
get_crls (CwReply *reply)
{
  GPtrArray *crls = g_ptr_array_new (); /* the reply keeps them */
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
      if (cw_reply_item_get_crl (item) != NULL)
        g_ptr_array_add (crls, cw_reply_item_get_crl (item));
    }
  return crls;
}

void
cw_revocation_append (
    GListStore *findings, CwChain *chain, CwReply *reply, GCancellable *cancellable, GDateTime *now)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));
  g_return_if_fail (CW_IS_REPLY (reply));
  g_return_if_fail (now != NULL);

  GPtrArray *certificates = cw_chain_get_certificates (chain);
  g_autoptr (GPtrArray) crls = get_crls (reply);
  g_autoptr (GPtrArray) told = g_ptr_array_new ();
  for (guint i = 0; i < certificates->len && crls->len > 0; i++)
    {
      Lists lists = { 0 };
      CwCertificate *certificate = g_ptr_array_index (certificates, i);
      for (guint j = 0; j < crls->len && !g_cancellable_is_cancelled (cancellable); j++)
        sort_in (&lists, g_ptr_array_index (crls, j), certificate, get_issuer (certificates, i));
      CwCrl *crl = choose_list (&lists, certificate);
      if (crl != NULL)
        judge_certificate (findings, crl, certificate, i == 0, now);
      if (is_new (told, crl))
        judge_list (findings, crl, now);
      if (is_new (told, lists.unverified))
        append_unverified (findings, lists.unverified, revokes (lists.unverified, certificate));
    }
}

void
cw_revocation_append_known (GListStore *findings, GDateTime *revoked_at)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (revoked_at != NULL);

  g_autofree char *date = cw_date_format_day (revoked_at);
  /* Translators: of a certificate whose CA is kept here; %s is a day, as in "3 May 2027" */
  g_autofree char *title = g_strdup_printf (_ ("Revoked here on %s"), date);
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "revoked",
                         .severity = CW_SEVERITY_PROBLEM,
                         .title = title,
                         .meaning = _ ("Servers that look at the revocation list of its CA refuse "
                                       "the connection."),
                         .remedy = _ ("Start a new request with a new key."),
                     });
}

void
cw_revocation_append_unknown (GListStore *findings, const GError *error)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (error != NULL);

  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "revocation-unknown",
                         .severity = CW_SEVERITY_WARNING,
                         .title = _ ("Whether it was revoked here could not be looked up"),
                         .meaning = _ ("A private CA that is kept here may have revoked it."),
                         .remedy = error->message, /* why, and what to do */
                     });
}

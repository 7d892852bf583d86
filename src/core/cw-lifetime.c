/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"
#include "cw-finding-private.h"
#include "cw-openssl.h"

/* Clocks and time zones are wrong by hours; a certificate that is to begin later is planned. */
#define CLOCK_SLACK G_TIME_SPAN_DAY

/* A chain that was made all at once may be ahead of a clock by some days. */
#define CLOCK_SLACK_OF_CHAIN (7 * (GTimeSpan) G_TIME_SPAN_DAY)

/* CAs round: a certificate may end some hours after its issuer without anybody meaning it. */
#define END_SLACK G_TIME_SPAN_DAY

/* The lengths that RFC 5280, 4.1.2.5 permits: YYMMDDHHMMSSZ, YYYYMMDDHHMMSSZ. */
#define UTC_TIME_LENGTH         13
#define GENERALIZED_TIME_LENGTH 15
#define FIRST_GENERALIZED_YEAR  2050

static gboolean
is_early (CwCertificate *certificate, GDateTime *now)
{
  return g_date_time_compare (now, cw_certificate_get_not_before (certificate)) < 0;
}

static gboolean
is_late (CwCertificate *certificate, GDateTime *now)
{
  return g_date_time_compare (now, cw_certificate_get_not_after (certificate)) > 0;
}

static gboolean
is_reversed (CwCertificate *certificate)
{
  return g_date_time_compare (cw_certificate_get_not_after (certificate),
                              cw_certificate_get_not_before (certificate)) < 0;
}

/* One that is early by hours, or several that began together and are early by days. */
static gboolean
is_clock_wrong (GPtrArray *certificates, GDateTime *now)
{
  guint n_early = 0;
  GTimeSpan least = G_MAXINT64, most = 0;
  for (guint i = 0; i < certificates->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (certificates, i);
      if (!is_early (certificate, now) || is_reversed (certificate))
        continue;
      GTimeSpan early = g_date_time_difference (cw_certificate_get_not_before (certificate), now);
      least = MIN (least, early);
      most = MAX (most, early);
      n_early++;
    }
  if (n_early > 1 && most < CLOCK_SLACK_OF_CHAIN && most - least <= CLOCK_SLACK)
    return TRUE;
  return n_early > 0 && least < CLOCK_SLACK;
}

static char *
format_moment (GDateTime *when)
{
  g_autoptr (GDateTime) local = g_date_time_to_local (when);
  g_autofree char *day = cw_date_format_day (when);
  g_autofree char *time = g_date_time_format (local, "%R");
  /* Translators: a day and a time, as in "3 May 2026, 14:02" */
  return g_strdup_printf (C_ ("moment", "%s, %s"), day, time);
}

static GDateTime *
find_latest_start (GPtrArray *certificates)
{
  GDateTime *latest = NULL;
  for (guint i = 0; i < certificates->len; i++)
    {
      CwCertificate *certificate = g_ptr_array_index (certificates, i);
      GDateTime *start = cw_certificate_get_not_before (certificate);
      if (latest == NULL || g_date_time_compare (start, latest) > 0)
        latest = start;
    }
  return latest;
}

static void
append_clock_wrong (GListStore *findings, GPtrArray *certificates, GDateTime *now)
{
  g_autofree char *clock = format_moment (now);
  g_autofree char *start = format_moment (find_latest_start (certificates));
  g_autofree char *title =
      /* Translators: a day and a time, as in "3 May 2026, 14:02" */
      g_strdup_printf (_ ("This computer’s clock is probably wrong: it says %s"), clock);
  g_autofree char *meaning = g_strdup_printf (
      /* Translators: a day and a time, as in "3 May 2026, 14:02" */
      _ ("What the CA has issued already is valid only from %s on. Until a server’s clock shows "
         "that, it refuses the connection."),
      start);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "clock-wrong",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning = meaning,
          .remedy =
              _ ("Check this computer’s date, time and time zone. If they are right, it is the "
                 "CA’s clock that is ahead: wait until then."),
      });
}

static void
append_not_yet_valid (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  g_autofree char *start = cw_date_format (cw_certificate_get_not_before (leaf), now);
  g_autofree char *title = g_strdup_printf (_ ("Not valid before %s"), start);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "not-yet-valid",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning =
              _ ("Until then the server will refuse it. If it was issued today, a clock may be "
                 "wrong: this computer’s or the CA’s."),
          .remedy = _ ("Check this computer’s date and time. If they are right, wait until then."),
      });
}

static void
append_expired (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  g_autofree char *end = cw_date_format (cw_certificate_get_not_after (leaf), now);
  g_autofree char *title = g_strdup_printf (_ ("Expired on %s"), end);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "expired",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning = _ ("The server will refuse it."),
          .remedy =
              _ ("Check this computer’s date and time. If they are right, ask the CA for a new "
                 "certificate."),
      });
}

static void
append_expires_soon (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  g_autofree char *end = cw_date_format (cw_certificate_get_not_after (leaf), now);
  g_autofree char *title = g_strdup_printf (_ ("Valid only until %s"), end);
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "expires-soon",
                         .severity = CW_SEVERITY_WARNING,
                         .title = title,
                         .meaning = _ ("It works today and will stop working before long."),
                         .remedy = _ ("Ask for its successor soon: CAs can take weeks."),
                     });
}

static void
judge_leaf (GListStore *findings, CwCertificate *leaf, GDateTime *now)
{
  GDateTime *not_after = cw_certificate_get_not_after (leaf);
  g_autoptr (GDateTime) soon = g_date_time_add_days (now, CW_EXPIRES_SOON_DAYS);

  if (is_reversed (leaf))
    return;
  if (is_early (leaf, now))
    append_not_yet_valid (findings, leaf, now);
  else if (is_late (leaf, now))
    append_expired (findings, leaf, now);
  else if (soon != NULL && g_date_time_compare (soon, not_after) > 0)
    append_expires_soon (findings, leaf, now);
  else
    {
      g_autofree char *end = cw_date_format (not_after, now);
      g_autofree char *title = g_strdup_printf (_ ("Valid until %s"), end);
      cw_finding_append (findings, &(CwFindingTexts){ .id = "validity-good", .title = title });
    }
}

static void
judge_authority (GListStore *findings, CwCertificate *authority, GDateTime *now)
{
  gboolean early = is_early (authority, now);
  if (is_reversed (authority) || (!early && !is_late (authority, now)))
    return;

  g_autofree char *date = cw_date_format (early ? cw_certificate_get_not_before (authority)
                                                : cw_certificate_get_not_after (authority),
                                          now);
  g_autofree char *title = g_strdup_printf (early ? _ ("The CA “%s” is not valid before %s")
                                                  : _ ("The CA “%s” expired on %s"),
                                            cw_certificate_get_title (authority), date);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "chain-expired",
          .severity = CW_SEVERITY_PROBLEM,
          .title = title,
          .meaning = _ ("A server that checks the whole chain will refuse the connection."),
          .remedy =
              early ? _ ("Check this computer’s date and time. If they are right, wait until then.")
                    : _ ("Ask the CA whether there is a newer certificate of the same CA, and add "
                         "it to these files."),
      });
}

/* Of those above the leaf, the one that ends first. */
static CwCertificate *
find_shortest_lived (GPtrArray *certificates)
{
  CwCertificate *shortest = NULL;
  for (guint i = 1; i < certificates->len; i++)
    {
      CwCertificate *authority = g_ptr_array_index (certificates, i);
      if (shortest == NULL || g_date_time_compare (cw_certificate_get_not_after (authority),
                                                   cw_certificate_get_not_after (shortest)) < 0)
        shortest = authority;
    }
  return shortest;
}

static void
judge_end (GListStore *findings, GPtrArray *certificates, GDateTime *now)
{
  CwCertificate *leaf = g_ptr_array_index (certificates, 0);
  CwCertificate *authority = find_shortest_lived (certificates);
  if (authority == NULL || is_late (leaf, now) || is_late (authority, now) ||
      is_reversed (authority))
    return;

  GDateTime *end = cw_certificate_get_not_after (authority);
  if (g_date_time_difference (cw_certificate_get_not_after (leaf), end) <= END_SLACK)
    return;

  gboolean soon =
      g_date_time_difference (end, now) < CW_EXPIRES_SOON_DAYS * (GTimeSpan) G_TIME_SPAN_DAY;
  g_autofree char *date = cw_date_format (end, now);
  g_autofree char *title =
      g_strdup_printf (_ ("It is valid for longer than the CA “%s”, which ends on %s"),
                       cw_certificate_get_title (authority), date);
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "outlives-issuer",
          .severity = soon ? CW_SEVERITY_WARNING : CW_SEVERITY_NOTE,
          .title = title,
          .meaning = _ ("From that day on servers refuse it, although it has not expired itself."),
          .remedy = _ ("Ask for its successor before that day, not before its own end."),
      });
}

/* Whether @time is written as RFC 5280 wants it for its year. */
static gboolean
is_well_written (const ASN1_TIME *time, GDateTime *read)
{
  gboolean generalized = ASN1_STRING_type (time) == V_ASN1_GENERALIZEDTIME;
  int length = generalized ? GENERALIZED_TIME_LENGTH : UTC_TIME_LENGTH;
  const guint8 *text = ASN1_STRING_get0_data (time);
  return generalized == (g_date_time_get_year (read) >= FIRST_GENERALIZED_YEAR) &&
         ASN1_STRING_length (time) == length && text[length - 1] == 'Z';
}

static void
append_reversed (GListStore *findings, CwCertificate *leaf, CwCertificate *certificate)
{
  g_autofree char *title = g_strdup_printf (_ ("The dates of “%s” are the wrong way round"),
                                            cw_certificate_get_title (certificate));
  g_autofree char *letter = cw_finding_letter (
      leaf, _ ("The date until which it, or a CA above it, is valid lies before the date from "
               "which it is valid."));
  cw_finding_append (findings,
                     &(CwFindingTexts){
                         .id = "validity-reversed",
                         .severity = CW_SEVERITY_PROBLEM,
                         .title = title,
                         .meaning = _ ("It ends before it begins, so it is never valid."),
                         .remedy = _ ("Ask the CA to issue it again with dates that can be."),
                         .ca_text = letter,
                     });
}

static void
append_ill_written (GListStore *findings, CwCertificate *leaf, CwCertificate *certificate)
{
  g_autofree char *title = g_strdup_printf (_ ("The dates of “%s” are written in the wrong form"),
                                            cw_certificate_get_title (certificate));
  g_autofree char *letter = cw_finding_letter (
      leaf, _ ("A date in it, or in a CA above it, is not in the form of RFC 5280, 4.1.2.5: "
               "UTCTime with seconds and Z until 2049, GeneralizedTime from 2050 on."));
  cw_finding_append (
      findings,
      &(CwFindingTexts){
          .id = "validity-malformed",
          .severity = CW_SEVERITY_WARNING,
          .title = title,
          .meaning = _ ("Most servers read such dates all the same. Strict ones refuse the "
                        "connection."),
          .remedy = _ ("If the server refuses it, ask the CA to issue it again."),
          .ca_text = letter,
      });
}

static void
judge_form (GListStore *findings, CwCertificate *leaf, CwCertificate *certificate)
{
  X509 *x509 = cw_certificate_peek_x509 (certificate);
  if (is_reversed (certificate))
    append_reversed (findings, leaf, certificate);
  if (!is_well_written (X509_get0_notBefore (x509), cw_certificate_get_not_before (certificate)) ||
      !is_well_written (X509_get0_notAfter (x509), cw_certificate_get_not_after (certificate)))
    append_ill_written (findings, leaf, certificate);
}

void
cw_lifetime_append (GListStore *findings, CwChain *chain, GDateTime *now)
{
  g_return_if_fail (G_IS_LIST_STORE (findings));
  g_return_if_fail (CW_IS_CHAIN (chain));
  g_return_if_fail (now != NULL);

  GPtrArray *certificates = cw_chain_get_certificates (chain);
  CwCertificate *leaf = cw_chain_get_leaf (chain);
  judge_leaf (findings, leaf, now);
  for (guint i = 1; i < certificates->len; i++)
    judge_authority (findings, g_ptr_array_index (certificates, i), now);
  if (is_clock_wrong (certificates, now))
    append_clock_wrong (findings, certificates, now);
  judge_end (findings, certificates, now);
  for (guint i = 0; i < certificates->len; i++)
    judge_form (findings, leaf, g_ptr_array_index (certificates, i));
}

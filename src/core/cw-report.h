/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-chain.h"
#include "cw-comparison.h"
#include "cw-profile.h"
#include "cw-reply.h"
#include "cw-request.h"

G_BEGIN_DECLS

/**
 * CwSeverity:
 * @CW_SEVERITY_GOOD: as it should be
 * @CW_SEVERITY_NOTE: worth knowing
 * @CW_SEVERITY_WARNING: may fail, or will fail before long
 * @CW_SEVERITY_PROBLEM: will not work
 */
typedef enum
{
  CW_SEVERITY_GOOD,
  CW_SEVERITY_NOTE,
  CW_SEVERITY_WARNING,
  CW_SEVERITY_PROBLEM,
} CwSeverity;

/**
 * CwFinding:
 *
 * One sentence of the report. Immutable.
 */
#define CW_TYPE_FINDING (cw_finding_get_type ())
G_DECLARE_FINAL_TYPE (CwFinding, cw_finding, CW, FINDING, GObject)

const char *cw_finding_get_id (CwFinding *self); /* stable: "alt-name-missing" */
CwSeverity cw_finding_get_severity (CwFinding *self);
const char *cw_finding_get_title (CwFinding *self);   /* what was seen */
const char *cw_finding_get_meaning (CwFinding *self); /* (nullable): what it means */
const char *cw_finding_get_remedy (CwFinding *self);  /* (nullable): what to do */

/**
 * cw_finding_get_ca_text:
 *
 * Returns: (nullable): where the CA made the mistake, a polite text to send back to it
 */
const char *cw_finding_get_ca_text (CwFinding *self);

/**
 * CwReport:
 *
 * Whether a certificate will work and why, in plain language: a list model of
 * #CwFinding, the worst first.
 */
#define CW_TYPE_REPORT (cw_report_get_type ())
G_DECLARE_FINAL_TYPE (CwReport, cw_report, CW, REPORT, GObject)

/**
 * CW_EXPIRES_SOON_DAYS: from how many days before its end a certificate counts
 * as expiring
 */
#define CW_EXPIRES_SOON_DAYS 30

/**
 * CwReportInput:
 * @asked: (nullable): what had been asked for; %NULL if that is not known
 * @chain: (nullable): the certificate that came back, with its chain; %NULL if
 *   there is none for the key
 * @reply: (nullable): what it came in: its revocation lists are looked at, and
 *   what it brought instead if @chain is %NULL
 * @profile: (nullable): the consumer, whose rules are checked too
 * @other_request: (nullable): the name of the request that the certificate
 *   answers, if that is not the one that is open
 * @key_missing: whether the private key is known to be nowhere here
 * @now: (nullable): the moment to judge dates by; %NULL for the clock's
 *
 * What a report is made from. Borrowed; all of it may be left out.
 */
typedef struct
{
  CwRequest *asked;
  CwChain *chain;
  CwReply *reply;
  CwProfile *profile;
  const char *other_request;
  gboolean key_missing;
  GDateTime *now;
} CwReportInput;

/**
 * cw_report_new:
 *
 * Compares asked with got (subject, alternative names, usages), and looks at
 * dates, chain, key usage, key and signature strength.
 */
CwReport *cw_report_new (const CwReportInput *input);

/**
 * cw_report_get_worst:
 *
 * Returns: the highest severity in it
 */
CwSeverity cw_report_get_worst (CwReport *self);

/**
 * cw_report_get_verdict:
 *
 * Returns: (transfer none): all of it in one sentence: "This certificate will
 *   work with PlaceOS."
 */
const char *cw_report_get_verdict (CwReport *self);

/**
 * cw_report_get_comparison:
 *
 * Returns: (transfer none) (nullable): a list model of #CwComparisonRow: asked
 *   against got, side by side; %NULL if there is no certificate or it is not
 *   known what was asked for
 */
GListModel *cw_report_get_comparison (CwReport *self);

/**
 * cw_report_find:
 *
 * Returns: (transfer none) (nullable): the first finding with that id
 */
CwFinding *cw_report_find (CwReport *self, const char *id);

G_END_DECLS

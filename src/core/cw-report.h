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

/* clang-format off */
/**
 * CwFinding:
 *
 * One sentence of a report. Immutable. The ids are stable: scripts go by them.
 * These are the report's on a certificate, which is "it".
 *
 * | id | severity | what it says |
 * | --- | --- | --- |
 * | no-certificate | problem | there is no certificate for the key |
 * | other-request | note | the certificate answers another request |
 * | key-missing | problem, warning | its private key is not here, or another one came along |
 * | subject-same | good | the subject is as it was asked for |
 * | subject-changed | warning, note | the subject is another, or in another order |
 * | alt-names-same | good | all alternative names are there |
 * | alt-name-missing | warning | an alternative name is missing |
 * | alt-name-added | note | the CA added an alternative name |
 * | usages-same | good | all usages are there |
 * | usage-missing | warning | a usage is missing |
 * | usage-added | note | the CA added a usage |
 * | client-auth-missing | problem | its usages do not permit client authentication |
 * | server-auth-missing | problem | the same of a server's and server authentication |
 * | host-name-missing | problem | a server's has no host name or IP address |
 * | any-usage-only | problem | it has anyExtendedKeyUsage in place of the usage needed |
 * | key-usage-no-signature | problem | the key usage lacks digitalSignature |
 * | is-ca | warning, note | it is marked as a CA |
 * | version-1 | warning | it is of a version without extensions |
 * | key-unusable | problem | its key cannot sign, or OpenSSL cannot read it |
 * | key-weak | problem | a key is too weak |
 * | key-unusual | warning | an RSA key of an odd length or with an exponent below 3 |
 * | key-kind-unusual | warning | the consumer is not known to take this kind of key |
 * | signature-weak | problem | a signature with SHA-1, MD5 or the like |
 * | validity-good | good | it is valid, and for a while |
 * | expires-soon | warning | it expires in less than CW_EXPIRES_SOON_DAYS |
 * | expired | problem | it has expired |
 * | not-yet-valid | problem | it is not valid yet |
 * | clock-wrong | warning | what is not valid yet may be so because of a wrong clock |
 * | chain-expired | problem | a CA above it has expired or is not valid yet |
 * | outlives-issuer | warning, note | a CA above it ends before it does |
 * | validity-reversed | problem | it, or a CA, ends before it begins |
 * | validity-malformed | warning | dates that are not written as RFC 5280 wants them |
 * | chain-complete | good | the chain ends in a root |
 * | chain-incomplete | warning, note | the issuer of the last certificate is not there |
 * | chain-wrong | warning, note | a CA of the issuer's name came, with another key |
 * | root-for-intermediate | warning | a root came, not the intermediate CA |
 * | signature-unknown | warning | whether the CA that came signed it cannot be told |
 * | signature-broken | problem | the CA that came is the right one, the signature is not |
 * | self-signed | warning, note | it is signed by itself |
 * | chain-invalid | problem | OpenSSL refuses the chain for another reason |
 * | strict-refused | warning | only strict servers do, for another reason |
 * | not-a-ca | problem, warning | what stands as a CA may not be one |
 * | ca-usage-limited | problem, warning | a CA's own usages exclude such certificates |
 * | path-length-exceeded | problem | more CAs than one of them permits |
 * | name-constraints-violated | problem | a name that its CA may not issue for |
 * | name-constraints-unclear | problem | names or constraints that cannot be compared |
 * | name-constraints-in-leaf | warning | name constraints where there is no CA |
 * | alt-name-malformed | warning | a malformed name below a CA with constraints |
 * | critical-extension-unknown | problem | a critical extension that OpenSSL does not know |
 * | authority-key-id-missing | warning | no authority key identifier |
 * | subject-key-id-missing | warning | a CA without a subject key identifier |
 * | key-id-critical | problem | a key identifier that is marked critical |
 * | ca-mark-not-critical | warning | basic constraints of a CA that are not critical |
 * | ca-key-usage-missing | warning | a CA without key usage |
 * | ca-rights-misplaced | warning | a CA's key usage or path length without its mark |
 * | name-empty | warning | a subject, issuer or list of names that is empty |
 * | signature-inconsistent | problem, warning | two different signature algorithms |
 * | version-inconsistent | warning | extensions in a version without them |
 * | curve-spelt-out | problem | an EC key that does not name its curve |
 * | serial-invalid | warning | a serial number that is zero, negative or too long |
 * | revoked | problem | it was revoked here, or it or a CA is on a list that came along |
 * | not-revoked | good | it is not on such a list |
 * | revocation-unknown | warning | whether it was revoked here could not be looked up |
 * | crl-out-of-date | note | the newest list should have been renewed |
 * | crl-without-number | note | the list has no number |
 * | crl-unverified | warning, note | the list is not signed by the CA that is here |
 */
/* clang-format on */
#define CW_TYPE_FINDING (cw_finding_get_type ())
G_DECLARE_FINAL_TYPE (CwFinding, cw_finding, CW, FINDING, GObject)

/**
 * cw_finding_new:
 * @id: stable
 * @title: what was seen
 * @meaning: (nullable): what it means
 * @remedy: (nullable): what to do
 *
 * For others than the report, whose ids stand in their own headers.
 */
CwFinding *cw_finding_new (const char *id,
                           CwSeverity severity,
                           const char *title,
                           const char *meaning,
                           const char *remedy);

/**
 * cw_finding_get_ids:
 *
 * Returns: (transfer none): every id of the report, in the order of the table
 *   above, %NULL-terminated
 */
const char *const *cw_finding_get_ids (void);

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
 * @profile: (nullable): the consumer, whose rules are checked too; with
 *   serverAuth, but not clientAuth, among its usages it is judged as a server's
 * @other_request: (nullable): the name of the request that the certificate
 *   answers, if that is not the one that is open
 * @key_missing: whether the private key is known to be nowhere here
 * @self_signed: whether it was meant to be signed by itself
 * @revoked_at: (nullable): when it was revoked by a CA that is kept here, which
 *   is known without a list
 * @revocation_error: (nullable): why that could not be looked up; %NULL if it could
 * @cancellable: (nullable): to leave long revocation lists alone, when nobody
 *   wants to know any more
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
  gboolean self_signed;
  GDateTime *revoked_at;
  const GError *revocation_error;
  GCancellable *cancellable;
  GDateTime *now;
} CwReportInput;

/**
 * cw_report_new:
 *
 * Compares asked with got (subject, alternative names, usages), and looks at
 * dates, chain, key usage, key and signature strength, at what OpenSSL and
 * stricter servers object to, and at revocation lists. Each fault is said once.
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
 *   work with PlaceOS."; without its key nothing is promised
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

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: how findings are made and who makes them.
 */

#pragma once

#include "cw-report.h"

G_BEGIN_DECLS

/* The texts of a finding; all but @id and @title may be NULL. */
typedef struct
{
  const char *id;
  CwSeverity severity;
  const char *title;
  const char *meaning;
  const char *remedy;
  const char *ca_text;
} CwFindingTexts;

void cw_finding_append (GListStore *findings, const CwFindingTexts *texts);

/**
 * cw_finding_letter:
 * @got: the certificate that the CA made
 * @fault: a sentence that says what is wrong with it
 *
 * Returns: (transfer full): a text that asks the CA to mend it
 */
char *cw_finding_letter (CwCertificate *got, const char *fault);

/*
 * The parts of the report, each by what it looks at. Where it matters,
 * @for_server tells a server's certificate from a client's.
 */

/* What came at all: no certificate, one for another request, one without its key. */
void cw_reception_append (GListStore *findings, const CwReportInput *input);

/* What was asked against what came: subject, alternative names, usages. */
void cw_fidelity_append (GListStore *findings, CwRequest *asked, CwCertificate *got);

/* Whether it is fit to prove who is calling or serving: usages, version, strength. */
void
cw_fitness_append (GListStore *findings, CwChain *chain, CwProfile *profile, gboolean for_server);

/* Dates, of the certificate and of those above it. */
void cw_lifetime_append (GListStore *findings, CwChain *chain, GDateTime *now);

/* What OpenSSL, and what a stricter peer, objects to; after the fitness. */
void cw_conformity_append (GListStore *findings, CwChain *chain, gboolean for_server);

/* Those above it: whether all are there, and what came in their place. */
void cw_lineage_append (GListStore *findings, const CwReportInput *input, gboolean for_server);

/* What the revocation lists in the reply say. */
void cw_revocation_append (GListStore *findings,
                           CwChain *chain,
                           CwReply *reply,
                           GCancellable *cancellable,
                           GDateTime *now);

/* That its CA, which is kept here, has revoked it. */
void cw_revocation_append_known (GListStore *findings, GDateTime *revoked_at);

/* That nobody knows whether such a CA has. */
void cw_revocation_append_unknown (GListStore *findings, const GError *error);

G_END_DECLS

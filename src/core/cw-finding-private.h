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

/* What was asked against what came: subject, alternative names, usages. */
void cw_fidelity_append (GListStore *findings, CwRequest *asked, CwCertificate *got);

/* What is to be said of the certificate itself, and of those above it. */
void cw_fitness_append (GListStore *findings, CwChain *chain, CwProfile *profile, GDateTime *now);

G_END_DECLS

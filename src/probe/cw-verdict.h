/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: the verdicts in words.
 */

#pragma once

#include "cw-report.h"

G_BEGIN_DECLS

/**
 * cw_verdict_new:
 * @id: one of cw-connection-result.h
 * @host: the server's name, as shown
 * @more: (nullable): what else there is to say in this case, after the meaning
 *
 * Returns: (transfer full)
 */
CwFinding *cw_verdict_new (const char *id, const char *host, const char *more);

/**
 * cw_verdict_new_for_self_signed:
 *
 * The same where the certificate that was shown to the server is signed by itself:
 * there is no CA that the server could be told to trust.
 */
CwFinding *cw_verdict_new_for_self_signed (const char *id, const char *host, const char *more);

G_END_DECLS

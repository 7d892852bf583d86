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

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: the alerts of TLS (RFC 8446, 6, and RFC 5246, 7.2).
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cw_alert_describe:
 *
 * Returns: (transfer full): a sentence that says what the server said with it
 */
char *cw_alert_describe (int alert);

/**
 * cw_alert_get_verdict:
 * @sent: whether it came after a certificate was sent
 *
 * Returns: the id of the verdict that it leads to
 */
const char *cw_alert_get_verdict (int alert, gboolean sent);

G_END_DECLS

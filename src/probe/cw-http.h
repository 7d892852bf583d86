/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: HTTP and the WebSocket's upgrade, spoken by libcurl.
 */

#pragma once

#include "cw-answer.h"
#include "cw-handshake.h"

G_BEGIN_DECLS

/**
 * cw_http_ask:
 * @connection: where to, connected: what is asked for is the endpoint's path
 * @handshake: sees the handshake, and says how it is made
 * @limit: how long the handshake, and then the answer, may take, in ms
 *
 * Blocks: for a thread. Keeps a bounded part of the answer, and follows no
 * redirection.
 *
 * Returns: (transfer full)
 */
CwAnswer *cw_http_ask (GSocketConnection *connection,
                       CwHandshake *handshake,
                       guint limit,
                       GCancellable *cancellable);

G_END_DECLS

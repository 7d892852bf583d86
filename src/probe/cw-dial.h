/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: the way to a host, up to a connected socket.
 */

#pragma once

#include <gio/gio.h>

#include "cw-endpoint.h"

G_BEGIN_DECLS

/**
 * CwDial:
 * @connection: (nullable): connected to the host, through the proxy if there is
 *   one; %NULL with @failure
 * @resolved: whether the name has become an address
 * @address: (nullable): the IP address that was reached, the proxy's if there is one
 * @proxy: (nullable): the proxy that is used, without its user name and password
 * @failure: (nullable): the verdict's id
 * @error: (nullable): what GIO says of it
 */
typedef struct
{
  GSocketConnection *connection;
  gboolean resolved;
  char *address;
  char *proxy;
  const char *failure;
  GError *error;
} CwDial;

void cw_dial_free (CwDial *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwDial, cw_dial_free)

/**
 * cw_dial_new:
 * @limit: how long resolving, and connecting, and the proxy may each take, in ms
 * @cancellable: (nullable): ends it at once; then there is neither a connection
 *   nor a failure
 *
 * Resolves, connects (each address, as RFC 8305 wants it), and has the proxy of
 * the desktop's settings connect, except for MQTT. Blocks: for a thread.
 */
CwDial *cw_dial_new (CwEndpoint *endpoint, guint limit, GCancellable *cancellable);

/* For tests: (nullable): in place of the desktop's settings, which %NULL brings back. */
void cw_dial_set_proxies (GProxyResolver *proxies);

G_END_DECLS

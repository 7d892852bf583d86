/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-chain.h"
#include "cw-connection-result.h"
#include "cw-endpoint.h"
#include "cw-secret.h"

G_BEGIN_DECLS

/** CW_CONNECTION_TEST_LIMIT: how long each phase may take, in seconds */
#define CW_CONNECTION_TEST_LIMIT 10

/**
 * CwConnectionTestInput:
 * @endpoint: where to
 * @key: (nullable): the private key, PEM, not encrypted
 * @chain: (nullable): its certificate with those above it
 * @server_cas: (nullable): PEM: the CAs that may have issued the server's
 *   certificate; %NULL for the system's
 * @cas_beside_system: whether the consumer takes the system's beside @server_cas
 * @reply_cas: (nullable): PEM: those that came with the reply, to say whether
 *   they would do
 * @file_cas: (nullable): PEM: those of a file, likewise
 * @verify_server: whether the consumer will verify the server
 * @topic: (nullable): for MQTT: publish to it (QoS 1)
 * @payload: (nullable): what to publish
 * @client_id: (nullable): for MQTT; %NULL for one that is made up
 * @user_name: (nullable): for MQTT
 *
 * What to test. Copied: need not outlive the call.
 */
typedef struct
{
  CwEndpoint *endpoint;
  CwSecret *key;
  CwChain *chain;
  const char *server_cas;
  gboolean cas_beside_system;
  const char *reply_cas;
  const char *file_cas;
  gboolean verify_server;
  const char *topic;
  const char *payload;
  const char *client_id;
  const char *user_name;
} CwConnectionTestInput;

/**
 * CwConnectionTestProgress:
 * @doing: what is being done now: "Connecting to example.com…"
 *
 * Called in the main context that cw_connection_test_async() was called in,
 * never after its callback.
 */
typedef void (*CwConnectionTestProgress) (const char *doing, gpointer user_data);

/**
 * cw_connection_test_async:
 * @progress: (nullable)
 * @cancellable: (nullable): ends it at once
 *
 * Connects as the consumer will, with TLS set up in the same way: once without
 * the certificate and once with it; asks for the path (HTTPS), asks for the
 * upgrade (WSS), or says who it is and publishes (MQTT). Proxies of the
 * desktop's settings are used for HTTPS and WSS. Each phase (resolving,
 * connecting, handshake, answer) ends after %CW_CONNECTION_TEST_LIMIT. Nothing
 * of the key is written anywhere.
 */
void cw_connection_test_async (const CwConnectionTestInput *input,
                               CwConnectionTestProgress progress,
                               gpointer progress_data,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/**
 * cw_connection_test_finish:
 * @error: %G_IO_ERROR_CANCELLED; whatever else goes wrong is a result
 *
 * Returns: (transfer full) (nullable): what was found out
 */
CwConnectionResult *cw_connection_test_finish (GAsyncResult *result, GError **error);

G_END_DECLS

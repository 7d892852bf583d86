/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: MQTT 3.1.1, spoken by libmosquitto.
 */

#pragma once

#include "cw-answer.h"
#include "cw-handshake.h"

G_BEGIN_DECLS

/** CW_MQTT_MAX_RECEIVED: more than any answer that is asked for here, in bytes */
#define CW_MQTT_MAX_RECEIVED (64 * 1024)

/**
 * CwMqttLogin:
 * @client_id: (nullable): %NULL for one that is made up
 * @user_name: (nullable)
 * @topic: (nullable): publish to it
 * @payload: (nullable)
 */
typedef struct
{
  const char *client_id;
  const char *user_name;
  const char *topic;
  const char *payload;
} CwMqttLogin;

/**
 * cw_mqtt_ask:
 * @address: the IP address to connect to: the name has been resolved
 * @handshake: sees the handshake, and says how it is made
 * @limit: how long connecting with the handshake, then the answer, and then
 *   the confirmation may each take, in ms
 *
 * Connects, waits for the CONNACK, and publishes if there is a topic and the
 * broker agreed. Blocks: for a thread.
 *
 * Returns: (transfer full)
 */
CwAnswer *cw_mqtt_ask (const char *address,
                       const CwMqttLogin *login,
                       CwHandshake *handshake,
                       guint limit,
                       GCancellable *cancellable);

G_END_DECLS

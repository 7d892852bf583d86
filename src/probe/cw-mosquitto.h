/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: libmosquitto, loaded when it is first needed.
 */

#pragma once

#include <gio/gio.h>
#include <mosquitto.h>

G_BEGIN_DECLS

/* Its functions, each as in its header. */
typedef struct
{
  int (*lib_init) (void);
  struct mosquitto *(*new) (const char *id, bool clean_session, void *user_data);
  void (*destroy) (struct mosquitto *client);
  int (*int_option) (struct mosquitto *client, enum mosq_opt_t option, int value);
  int (*void_option) (struct mosquitto *client, enum mosq_opt_t option, void *value);
  int (*username_pw_set) (struct mosquitto *client, const char *user_name, const char *password);
  void (*connect_callback_set) (struct mosquitto *client,
                                void (*callback) (struct mosquitto *, void *, int));
  void (*publish_callback_set) (struct mosquitto *client,
                                void (*callback) (struct mosquitto *, void *, int));
  int (*connect_async) (struct mosquitto *client, const char *host, int port, int keepalive);
  int (*disconnect) (struct mosquitto *client);
  int (*publish) (struct mosquitto *client,
                  int *id,
                  const char *topic,
                  int size,
                  const void *payload,
                  int qos,
                  bool retain);
  int (*socket) (struct mosquitto *client);
  bool (*want_write) (struct mosquitto *client);
  int (*loop_read) (struct mosquitto *client, int max_packets);
  int (*loop_write) (struct mosquitto *client, int max_packets);
} CwMosquitto;

/**
 * cw_mosquitto_get:
 * @error: %G_IO_ERROR_NOT_SUPPORTED if it is not installed
 *
 * From any thread.
 *
 * Returns: (nullable): libmosquitto, which stays loaded
 */
const CwMosquitto *cw_mosquitto_get (GError **error);

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-library.h"
#include "cw-mosquitto.h"

#define SONAME "libmosquitto.so.1"

static gboolean
load (CwMosquitto *mosquitto)
{
  const CwLibrarySymbol symbols[] = {
    { "mosquitto_lib_init", (gpointer *) &mosquitto->lib_init },
    { "mosquitto_new", (gpointer *) &mosquitto->new },
    { "mosquitto_destroy", (gpointer *) &mosquitto->destroy },
    { "mosquitto_int_option", (gpointer *) &mosquitto->int_option },
    { "mosquitto_void_option", (gpointer *) &mosquitto->void_option },
    { "mosquitto_username_pw_set", (gpointer *) &mosquitto->username_pw_set },
    { "mosquitto_connect_callback_set", (gpointer *) &mosquitto->connect_callback_set },
    { "mosquitto_publish_callback_set", (gpointer *) &mosquitto->publish_callback_set },
    { "mosquitto_connect_async", (gpointer *) &mosquitto->connect_async },
    { "mosquitto_disconnect", (gpointer *) &mosquitto->disconnect },
    { "mosquitto_publish", (gpointer *) &mosquitto->publish },
    { "mosquitto_socket", (gpointer *) &mosquitto->socket },
    { "mosquitto_want_write", (gpointer *) &mosquitto->want_write },
    { "mosquitto_loop_read", (gpointer *) &mosquitto->loop_read },
    { "mosquitto_loop_write", (gpointer *) &mosquitto->loop_write },
  };
  return cw_library_load (SONAME, symbols, G_N_ELEMENTS (symbols)) &&
         mosquitto->lib_init () == MOSQ_ERR_SUCCESS;
}

const CwMosquitto *
cw_mosquitto_get (GError **error)
{
  static CwMosquitto mosquitto;
  static gboolean loaded;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      loaded = load (&mosquitto);
      g_once_init_leave (&once, 1);
    }
  if (!loaded)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 _ ("Nothing can be tested with MQTT, since the library %s is not installed. "
                    "Install it."),
                 SONAME);
  return loaded ? &mosquitto : NULL;
}

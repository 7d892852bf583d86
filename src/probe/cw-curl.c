/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-curl.h"
#include "cw-library.h"

static gboolean
load (CwCurl *curl)
{
  const CwLibrarySymbol symbols[] = {
    { "curl_global_init", (gpointer *) &curl->global_init },
    { "curl_easy_init", (gpointer *) &curl->easy_init },
    { "curl_easy_setopt", (gpointer *) &curl->easy_setopt },
    { "curl_easy_perform", (gpointer *) &curl->easy_perform },
    { "curl_easy_getinfo", (gpointer *) &curl->easy_getinfo },
    { "curl_easy_strerror", (gpointer *) &curl->easy_strerror },
    { "curl_easy_cleanup", (gpointer *) &curl->easy_cleanup },
    { "curl_multi_init", (gpointer *) &curl->multi_init },
    { "curl_multi_add_handle", (gpointer *) &curl->multi_add_handle },
    { "curl_multi_remove_handle", (gpointer *) &curl->multi_remove_handle },
    { "curl_multi_perform", (gpointer *) &curl->multi_perform },
    { "curl_multi_poll", (gpointer *) &curl->multi_poll },
    { "curl_multi_info_read", (gpointer *) &curl->multi_info_read },
    { "curl_multi_cleanup", (gpointer *) &curl->multi_cleanup },
    { "curl_slist_append", (gpointer *) &curl->slist_append },
    { "curl_slist_free_all", (gpointer *) &curl->slist_free_all },
  };
  return cw_library_load (CW_CURL_SONAME, symbols, G_N_ELEMENTS (symbols)) &&
         curl->global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const CwCurl *
cw_curl_get (GError **error)
{
  static CwCurl curl;
  static gboolean loaded;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      loaded = load (&curl);
      g_once_init_leave (&once, 1);
    }
  if (!loaded)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 _ ("The library %s is not installed. Install it."), CW_CURL_SONAME);
  return loaded ? &curl : NULL;
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: libcurl, loaded when it is first needed. It brings thirty
 * other libraries along, which few starts of the program have a use for.
 */

#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* The interface whose functions are declared here; it has not changed since 2006. */
#define CW_CURL_SONAME "libcurl.so.4"

/* Its functions, each as in its manual page. */
typedef struct
{
  CURLcode (*global_init) (long flags);
  CURL *(*easy_init) (void);
  CURLcode (*easy_setopt) (CURL *curl, CURLoption option, ...);
  CURLcode (*easy_perform) (CURL *curl);
  CURLcode (*easy_getinfo) (CURL *curl, CURLINFO info, ...);
  const char *(*easy_strerror) (CURLcode code);
  void (*easy_cleanup) (CURL *curl);
  CURLM *(*multi_init) (void);
  CURLMcode (*multi_add_handle) (CURLM *multi, CURL *curl);
  CURLMcode (*multi_remove_handle) (CURLM *multi, CURL *curl);
  CURLMcode (*multi_perform) (CURLM *multi, int *n_running);
  CURLMcode (*multi_poll) (
      CURLM *multi, struct curl_waitfd *extra, unsigned int n_extra, int timeout, int *n_ready);
  CURLMsg *(*multi_info_read) (CURLM *multi, int *n_left);
  CURLMcode (*multi_cleanup) (CURLM *multi);
  struct curl_slist *(*slist_append) (struct curl_slist *list, const char *text);
  void (*slist_free_all) (struct curl_slist *list);
} CwCurl;

/**
 * cw_curl_get:
 * @error: %G_IO_ERROR_NOT_SUPPORTED if it is not installed; what cannot be done
 *   without it is for the caller to say
 *
 * From any thread.
 *
 * Returns: (nullable): libcurl, which stays loaded
 */
const CwCurl *cw_curl_get (GError **error);

G_END_DECLS

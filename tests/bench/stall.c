/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The longest time for which the main loop stands still while a key is made and
 * stored: stall KIND DATABASE. Prints "STALL TOTAL", in milliseconds. Needs a keyring.
 */

#include "config.h"

#include <stdio.h>

#include "cw-enrolment.h"

typedef struct
{
  GMainLoop *loop;
  gint64 last;
  gint64 longest;
} Watch;

static gboolean
tick_cb (gpointer user_data)
{
  Watch *watch = user_data;
  gint64 now = g_get_monotonic_time ();

  watch->longest = MAX (watch->longest, now - watch->last);
  watch->last = now;
  return G_SOURCE_CONTINUE;
}

static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (GError) error = NULL;

  if (!cw_enrolment_request_finish (CW_STORE (source), result, &error))
    g_error ("%s", error->message);
  g_main_loop_quit (watch->loop);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (GError) error = NULL;

  if (!cw_store_open_finish (CW_STORE (source), result, &error))
    g_error ("%s", error->message);
  g_main_loop_quit (watch->loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autoptr (CwStore) store = NULL;
  Watch watch = { .loop = loop };
  CwRequest *request = cw_identity_get_request (identity);
  CwKeyKind kind;
  gint64 start;

  if (argc != 3 || !cw_key_kind_from_id (argv[1], &kind))
    return 2;
  cw_secret_heap_init ();
  store = cw_store_new (argv[2]);
  cw_store_open_async (store, NULL, opened_cb, &watch);
  g_main_loop_run (loop);

  cw_subject_append (cw_request_get_subject (request), "CN", "steve@example.com");
  cw_request_set_key_kind (request, kind);
  /* Above everything else, so that only what really blocks is seen. */
  g_timeout_add_full (G_PRIORITY_HIGH, 1, tick_cb, &watch, NULL);
  start = watch.last = g_get_monotonic_time ();
  cw_enrolment_request_async (store, identity, NULL, NULL, NULL, requested_cb, &watch);
  tick_cb (&watch);
  g_main_loop_run (loop);
  tick_cb (&watch);
  printf ("%.2f %.0f\n", (double) watch.longest / 1000.0,
          (double) (g_get_monotonic_time () - start) / 1000.0);
  return 0;
}

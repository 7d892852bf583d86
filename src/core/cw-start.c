/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <locale.h>
#include <sys/resource.h>

#include <glib/gi18n-lib.h>

#include "cw-secret.h"
#include "cw-start.h"

/* A core file would hold private keys. PR_SET_DUMPABLE would do too, but the
 * portals look their callers up in /proc, which it closes to them. */
static void
disable_core_dumps (void)
{
  const struct rlimit none = { 0, 0 };

  if (setrlimit (RLIMIT_CORE, &none) != 0)
    g_warning ("Core dumps could not be switched off: %s", g_strerror (errno));
}

void
cw_start (void)
{
  disable_core_dumps ();
  if (!cw_secret_heap_init ())
    g_debug ("The memory for private keys could not be locked and may be swapped out.");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-file.h"

#define PRIVATE 0600

/* GLib 2.84 gives a file that replaces another one that one's mode, which may let everybody read
 * it: so that one is closed before. It must not be a link, whose target is somebody else's. */
static void
close_existing (const char *path)
{
  struct stat status;
  if (lstat (path, &status) == 0 && S_ISREG (status.st_mode))
    g_chmod (path, PRIVATE);
}

gboolean
cw_file_save_private (GFile *file, CwSecret *text, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  name = g_file_get_parse_name (file);
  path = g_file_get_path (file);
  if (!path)
    {
      g_set_error (
          error, CW_ERROR, CW_ERROR_FAILED,
          _ ("“%s” is not on this computer. A private key can only be saved in a local folder."),
          name);
      return FALSE;
    }

  close_existing (path);
  if (g_file_set_contents_full (path, cw_secret_peek (text), cw_secret_get_length (text),
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                PRIVATE, &cause))
    {
      /* Whatever stood there, it is a file of ours now. */
      close_existing (path);
      return TRUE;
    }

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("“%s” could not be saved: %s. Choose another folder, or make room there."), name,
               cause->message);
  return FALSE;
}

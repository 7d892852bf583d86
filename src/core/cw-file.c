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
#define PUBLIC  0666 /* less what the umask takes away */

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
cw_file_replace (const char *path, GBytes *content, gboolean secret, GError **error)
{
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (content != NULL, FALSE);

  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  if (secret)
    close_existing (path);
  if (!g_file_set_contents_full (path, data, (gssize) size,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 secret ? PRIVATE : PUBLIC, error))
    return FALSE;
  /* Whatever stood there, it is a file of ours now. */
  if (secret)
    close_existing (path);
  return TRUE;
}

gboolean
cw_file_save_private (GFile *file, CwSecret *text, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) content = NULL;
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

  content = cw_secret_to_bytes (text);
  if (cw_file_replace (path, content, TRUE, &cause))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("“%s” could not be saved: %s. Choose another folder, or make room there."), name,
               cause->message);
  return FALSE;
}

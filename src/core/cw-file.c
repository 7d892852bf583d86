/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-file.h"

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

  if (g_file_set_contents_full (path, cw_secret_peek (text), cw_secret_get_length (text),
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &cause))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("“%s” could not be saved: %s. Choose another folder, or make room there."), name,
               cause->message);
  return FALSE;
}

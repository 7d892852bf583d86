/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-file.h"

#define PRIVATE 0600
#define PUBLIC  0666 /* less what the umask takes away */

/* The document portal's files, and what it says of each. */
#define SANDBOX_DOCUMENTS "/run/flatpak/doc/"
#define OUTSIDE           "user.document-portal.host-path"
#define MAX_PATH          4096

/* GLib 2.84 gives a file that replaces another one that one's mode, which may let everybody read
 * it: so that one is closed before. It must not be a link, whose target is somebody else's. */
static void
close_existing (const char *path)
{
  struct stat status;
  if (lstat (path, &status) == 0 && S_ISREG (status.st_mode))
    g_chmod (path, PRIVATE);
}

static gboolean
is_lent (const char *path)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "doc/", NULL);

  return g_str_has_prefix (path, folder) || g_str_has_prefix (path, SANDBOX_DOCUMENTS);
}

/* One that does not know of it may answer all the same, with nothing. */
static char *
ask_portal (const char *path)
{
  char outside[MAX_PATH];
  const gssize length = getxattr (path, OUTSIDE, outside, sizeof outside);

  return length > 0 && *outside == '/' ? g_strndup (outside, (gsize) length) : NULL;
}

/* What is not there yet will be where its folder is. */
static char *
ask_portal_for_parent (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *outside = ask_portal (parent);

  return outside != NULL ? g_build_filename (outside, name, NULL) : NULL;
}

char *
cw_file_find_outside (const char *path)
{
  char *outside;

  g_return_val_if_fail (path != NULL, NULL);

  if (!is_lent (path))
    return g_strdup (path);
  outside = ask_portal (path);
  return outside != NULL ? outside : ask_portal_for_parent (path);
}

char *
cw_file_get_shown_name (GFile *file)
{
  g_autofree char *outside = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (g_file_peek_path (file) == NULL)
    return g_file_get_parse_name (file);
  outside = cw_file_find_outside (g_file_peek_path (file));
  return outside != NULL ? g_filename_display_name (outside)
                         : g_filename_display_basename (g_file_peek_path (file));
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

static gboolean
save (GFile *file, GBytes *content, gboolean secret, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (content, &size);

  return secret ? cw_file_replace (g_file_peek_path (file), content, TRUE, error)
                : g_file_replace_contents (file, data, size, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                           NULL, error);
}

gboolean
cw_file_save (GFile *file, GBytes *content, gboolean secret, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (content != NULL, FALSE);

  name = cw_file_get_shown_name (file);
  if (secret && g_file_peek_path (file) == NULL)
    {
      g_set_error (
          error, CW_ERROR, CW_ERROR_FAILED,
          _ ("“%s” is not on this computer. A private key can only be saved in a local folder."),
          name);
      return FALSE;
    }
  if (save (file, content, secret, &cause))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("“%s” could not be saved: %s. Choose another folder, or make room there."), name,
               cause->message);
  return FALSE;
}

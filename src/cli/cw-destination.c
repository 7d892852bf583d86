/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-destination.h"
#include "cw-error.h"
#include "cw-file.h"

static void
set_exists (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("“%s” exists already and was left as it is. Choose another name, or give --force "
                  "to replace it."),
               name);
}

static void
set_failed (const char *path, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               _ ("“%s” could not be saved: %s. Give another name or folder."), name,
               g_strerror (code));
}

static void
set_not_a_file (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (
      error, CW_ERROR, CW_ERROR_FAILED,
      _ ("“%s” is a folder, a device or a link, and was left as it is. Name a file, or “-” "
         "for standard output."),
      name);
}

gboolean
cw_destination_is_stdout (const CwDestination *self)
{
  return !self->path || g_str_equal (self->path, "-");
}

gboolean
cw_destination_check (const CwDestination *self, GError **error)
{
  g_autofree char *folder = NULL;
  struct stat info;

  if (cw_destination_is_stdout (self))
    return TRUE;

  if (lstat (self->path, &info) == 0)
    {
      if (!S_ISREG (info.st_mode))
        set_not_a_file (self->path, error);
      else if (!self->force)
        set_exists (self->path, error);
      return S_ISREG (info.st_mode) && self->force;
    }

  folder = g_path_get_dirname (self->path);
  if (errno == ENOENT && access (folder, W_OK | X_OK) == 0)
    return TRUE;
  set_failed (self->path, errno, error);
  return FALSE;
}

static gboolean
write_all (int fd, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      const ssize_t n = write (fd, data, size);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          data += n;
          size -= (gsize) n;
        }
    }
  return TRUE;
}

static gboolean
write_new (const CwDestination *self, GBytes *bytes, GError **error)
{
  const int fd =
      open (self->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, self->secret ? 0600 : 0666);
  int code;

  if (fd < 0)
    {
      if (errno == EEXIST)
        set_exists (self->path, error);
      else
        set_failed (self->path, errno, error);
      return FALSE;
    }

  code = write_all (fd, bytes) && fsync (fd) == 0 ? 0 : errno;
  if (close (fd) != 0 && code == 0)
    code = errno;
  if (code == 0)
    return TRUE;

  unlink (self->path); /* half of it helps nobody */
  set_failed (self->path, code, error);
  return FALSE;
}

static gboolean
replace (const CwDestination *self, GBytes *bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (cw_file_replace (self->path, bytes, self->secret, &cause))
    return TRUE;

  /* GLib's own sentence names the file. */
  g_set_error (error, CW_ERROR, CW_ERROR_FAILED, _ ("%s. Give another name or folder."),
               cause->message);
  return FALSE;
}

static gboolean
write_to_stdout (GBytes *bytes, GError **error)
{
  if (fflush (stdout) == 0 && write_all (STDOUT_FILENO, bytes))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED, _ ("Standard output cannot be written: %s."),
               g_strerror (errno));
  return FALSE;
}

gboolean
cw_destination_write (const CwDestination *self, GBytes *bytes, GError **error)
{
  g_return_val_if_fail (self, FALSE);
  g_return_val_if_fail (bytes, FALSE);

  if (cw_destination_is_stdout (self))
    return write_to_stdout (bytes, error);
  if (!cw_destination_check (self, error))
    return FALSE;
  return self->force ? replace (self, bytes, error) : write_new (self, bytes, error);
}

gboolean
cw_destination_write_text (const CwDestination *self, char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return cw_destination_write (self, bytes, error);
}

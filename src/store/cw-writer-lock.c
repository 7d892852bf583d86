/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-keyring.h"
#include "cw-writer-lock.h"

/* How often a lock that another writer holds is tried again. */
#define POLL_MS 20

struct _CwWriterLock
{
  int fd;
};

/* A descriptor of its own each time: flock() does not hold back its own holder. */
static int
lock_file_open (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "certwright", NULL);
  g_autofree char *path = g_build_filename (folder, "keyring.lock", NULL);
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      int saved = errno;

      g_set_error (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_FAILED,
                   /* Translators: a file's path, and the system's reason */
                   _ ("The file “%s” cannot be opened: %s. Certwright needs it to write to the "
                      "keyring. Make its folder writable, then try again."),
                   path, g_strerror (saved));
    }
  return fd;
}

static gboolean
lock_wait (int fd, gint64 deadline, GCancellable *cancellable, GError **error)
{
  while (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      int saved = errno;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (saved != EWOULDBLOCK && saved != EINTR)
        {
          g_set_error (
              error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_FAILED,
              /* Translators: the system's reason */
              _ ("The keyring cannot be reserved for writing: %s. Certwright’s data folder "
                 "has to be on a disk that allows locks."),
              g_strerror (saved));
          return FALSE;
        }
      if (g_get_monotonic_time () >= deadline)
        {
          g_set_error_literal (error, CW_KEYRING_ERROR, CW_KEYRING_ERROR_BUSY,
                               _ ("Another Certwright is writing to the keyring. Wait until it has "
                                  "finished, or close it, then try again."));
          return FALSE;
        }
      g_usleep (POLL_MS * 1000);
    }
  return TRUE;
}

CwWriterLock *
cw_writer_lock_new (guint patience_ms, GCancellable *cancellable, GError **error)
{
  g_autoptr (CwWriterLock) self = g_new0 (CwWriterLock, 1);
  gint64 deadline = g_get_monotonic_time () + (gint64) patience_ms * 1000;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self->fd = lock_file_open (error);
  if (self->fd < 0 || !lock_wait (self->fd, deadline, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
cw_writer_lock_free (CwWriterLock *self)
{
  g_return_if_fail (self != NULL);

  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

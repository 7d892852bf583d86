/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-error.h"
#include "cw-passphrase.h"
#include "cw-terminal.h"

/* Longer than anybody's; what is longer is another file, given by mistake. */
#define MAX_LENGTH 1024

static void
set_read_error (const char *what, int code, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
               /* Translators: an option with its value, then the system's reason */
               _ ("The passphrase of “%s” cannot be read: %s."), what, g_strerror (code));
}

static CwSecret *
check (CwSecret *passphrase, const char *what, GError **error)
{
  const gsize length = cw_secret_get_length (passphrase);

  if (length == 0)
    g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                 _ ("There is no passphrase in the first line of “%s”."), what);
  else if (length > MAX_LENGTH || strlen (cw_secret_peek (passphrase)) != length)
    g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
                 _ ("What “%s” gives is no passphrase: its first line is too long, or not text."),
                 what);
  else
    return cw_secret_ref (passphrase);
  return NULL;
}

/* A byte at a time: what comes after the line may be for somebody else. */
static CwSecret *
read_first_line (int fd, const char *what, GError **error)
{
  CwSecretBuilder *builder = cw_secret_builder_new ();
  g_autoptr (CwSecret) line = NULL;
  g_autoptr (CwSecret) shorter = NULL;
  char byte = '\0';
  gsize length;
  ssize_t n = 0;
  int code;

  for (guint i = 0; i <= MAX_LENGTH + 1; i++)
    {
      do
        n = read (fd, &byte, 1);
      while (n < 0 && errno == EINTR);
      if (n != 1 || byte == '\n')
        break;
      cw_secret_builder_append (builder, &byte, 1);
    }
  code = errno;
  explicit_bzero (&byte, sizeof byte);
  line = cw_secret_builder_end (builder);
  if (n < 0)
    {
      set_read_error (what, code, error);
      return NULL;
    }

  length = cw_secret_get_length (line);
  if (length > 0 && cw_secret_peek (line)[length - 1] == '\r')
    shorter = cw_secret_new (cw_secret_peek (line), (gssize) length - 1);
  return check (shorter ? shorter : line, what, error);
}

static CwSecret *
read_file (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  const int code = errno;
  CwSecret *passphrase;

  if (fd < 0)
    {
      set_read_error (name, code, error);
      return NULL;
    }
  passphrase = read_first_line (fd, name, error);
  close (fd);
  return passphrase;
}

gboolean
cw_passphrase_read (const CwPassphraseSource *source, CwSecret **passphrase, GError **error)
{
  g_autofree char *what = NULL;

  g_return_val_if_fail (source, FALSE);

  if (source->file && source->fd != -1)
    return cw_command_misused (error, _ ("Give --passphrase-file or --passphrase-fd, not both."));
  if (source->fd < -1)
    return cw_command_misused (error, _ ("--passphrase-fd needs the number of a descriptor."));

  *passphrase = NULL;
  if (source->file)
    return (*passphrase = read_file (source->file, error)) != NULL;
  if (source->fd == -1)
    return TRUE;

  what = g_strdup_printf ("--passphrase-fd %d", source->fd);
  return (*passphrase = read_first_line (source->fd, what, error)) != NULL;
}

CwSecret *
cw_passphrase_choose (const CwPassphraseSource *source, GError **error)
{
  g_autoptr (CwSecret) first = NULL;
  g_autoptr (CwSecret) second = NULL;

  if (!cw_passphrase_read (source, &first, error))
    return NULL;
  if (first)
    return g_steal_pointer (&first);
  if (!cw_terminal_can_ask ())
    {
      cw_command_misused (error, _ ("A passphrase is needed: give --passphrase-file or "
                                    "--passphrase-fd."));
      return NULL;
    }

  first = cw_terminal_ask_secret (_ ("New passphrase"), error);
  second = first ? cw_terminal_ask_secret (_ ("The same again"), error) : NULL;
  if (!second)
    return NULL;
  if (cw_secret_equal (first, second))
    return g_steal_pointer (&first);
  g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                       _ ("The two are not the same. Nothing was written. Try again."));
  return NULL;
}

void
cw_passphrase_source_clear (CwPassphraseSource *source)
{
  g_clear_pointer (&source->file, g_free);
}

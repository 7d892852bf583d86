/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>

#include "cw-der.h"
#include "cw-error.h"
#include "cw-reply-file.h"
#include "cw-text.h"

#define FIRST_CAPACITY (64 * 1024)
#define MEBIBYTE       (1024 * 1024)

/* Grows like a GByteArray, but leaves nothing behind when it moves. */
typedef struct
{
  guint8 *data;
  gsize size;
  gsize capacity;
} WipedBuffer;

static void
wiped_buffer_clear (WipedBuffer *self)
{
  if (self->data != NULL)
    OPENSSL_cleanse (self->data, self->capacity);
  g_clear_pointer (&self->data, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WipedBuffer, wiped_buffer_clear)

static void
wiped_buffer_grow (WipedBuffer *self, gsize most)
{
  gsize capacity = MIN (MAX (self->capacity * 2, FIRST_CAPACITY), most);
  WipedBuffer next = { .data = g_malloc (capacity), .size = self->size, .capacity = capacity };
  if (self->size > 0)
    memcpy (next.data, self->data, self->size);
  wiped_buffer_clear (self);
  *self = next;
}

static const char *
get_type_sentence (mode_t mode)
{
  if (S_ISDIR (mode))
    /* Translators: this goes on from a file's name: "reply.d: This is a folder." */
    return _ ("This is a folder. Choose the files in it.");
  if (S_ISFIFO (mode))
    return _ ("This is a pipe, not a file. Choose a file.");
  if (S_ISSOCK (mode))
    return _ ("This is a socket, not a file. Choose a file.");
  return _ ("This is a device, not a file. Choose a file.");
}

static void
set_too_large (gsize limit, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
               _ ("The file is larger than %u MiB, so it is not a CA’s reply. Choose another."),
               (guint) (limit / MEBIBYTE));
}

static void
set_empty (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_EMPTY,
                       _ ("The file is empty. Save it again from where it came."));
}

/* GIO's codes, with sentences that say what to do. */
static void
set_io_error (int code, const char *words, GError **error)
{
  switch (code)
    {
    case G_IO_ERROR_NOT_FOUND:
      g_set_error_literal (error, G_IO_ERROR, code,
                           _ ("The file is not there any more. Choose it again."));
      break;
    case G_IO_ERROR_PERMISSION_DENIED:
      g_set_error_literal (error, G_IO_ERROR, code,
                           _ ("You are not permitted to read the file. Ask its owner for a copy."));
      break;
    default:
      g_set_error (error, G_IO_ERROR, code,
                   _ ("The file could not be read: %s. Copy it to this computer and choose the "
                      "copy."),
                   words);
      break;
    }
}

static gboolean
check_status (const struct stat *status, gsize limit, GError **error)
{
  if (!S_ISREG (status->st_mode))
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_NOT_A_FILE,
                           get_type_sentence (status->st_mode));
      return FALSE;
    }
  if (status->st_size > (off_t) limit)
    {
      set_too_large (limit, error);
      return FALSE;
    }
  return TRUE;
}

static GInputStream *
open_native (const char *path, gsize limit, GError **error)
{
  struct stat status;
  if (stat (path, &status) != 0)
    {
      int saved = errno;
      set_io_error (g_io_error_from_errno (saved), g_strerror (saved), error);
      return NULL;
    }
  if (!check_status (&status, limit, error))
    return NULL;

  /* It may have been replaced since, so it is opened without waiting and looked at again. */
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd == -1)
    {
      int saved = errno;
      set_io_error (g_io_error_from_errno (saved), g_strerror (saved), error);
      return NULL;
    }
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, TRUE);
  if (fstat (fd, &status) != 0)
    {
      int saved = errno;
      set_io_error (g_io_error_from_errno (saved), g_strerror (saved), error);
      return NULL;
    }
  if (!check_status (&status, limit, error))
    return NULL;
  return g_steal_pointer (&stream);
}

static gboolean
check_info (GFileInfo *info, gsize limit, GError **error)
{
  switch (g_file_info_get_file_type (info))
    {
    case G_FILE_TYPE_DIRECTORY:
    case G_FILE_TYPE_MOUNTABLE:
      g_set_error_literal (error, CW_ERROR, CW_ERROR_NOT_A_FILE, get_type_sentence (S_IFDIR));
      return FALSE;
    case G_FILE_TYPE_SPECIAL:
      g_set_error_literal (error, CW_ERROR, CW_ERROR_NOT_A_FILE, get_type_sentence (S_IFCHR));
      return FALSE;
    case G_FILE_TYPE_UNKNOWN:
    case G_FILE_TYPE_REGULAR:
    case G_FILE_TYPE_SYMBOLIC_LINK:
    case G_FILE_TYPE_SHORTCUT:
    default:
      break;
    }
  if (g_file_info_get_size (info) > (goffset) limit)
    {
      set_too_large (limit, error);
      return FALSE;
    }
  return TRUE;
}

static GInputStream *
open_remote (GFile *file, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                         G_FILE_QUERY_INFO_NONE, cancellable, &why);
  if (info != NULL && !check_info (info, limit, error))
    return NULL;
  GFileInputStream *stream = info != NULL ? g_file_read (file, cancellable, &why) : NULL;
  if (stream == NULL)
    set_io_error (why->code, why->message, error);
  return (GInputStream *) stream;
}

char *
cw_reply_file_get_name (GFile *file)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = name != NULL ? g_filename_display_name (name) : g_file_get_uri (file);
  return cw_text_clean (shown);
}

GBytes *
cw_reply_file_read (GFile *file, gsize limit, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  const char *path = g_file_peek_path (file);
  g_autoptr (GInputStream) stream = path != NULL ? open_native (path, limit, error)
                                                 : open_remote (file, limit, cancellable, error);
  if (stream == NULL)
    return NULL;

  g_auto (WipedBuffer) buffer = { 0 };
  for (gssize n = 1; n > 0;)
    {
      g_autoptr (GError) why = NULL;
      /* One byte more than permitted tells a file that grew while it was read. */
      if (buffer.size == buffer.capacity)
        wiped_buffer_grow (&buffer, limit + 1);
      n = g_input_stream_read (stream, buffer.data + buffer.size, buffer.capacity - buffer.size,
                               cancellable, &why);
      if (n < 0)
        {
          set_io_error (why->code, why->message, error);
          return NULL;
        }
      buffer.size += (gsize) n;
      if (buffer.size > limit)
        {
          set_too_large (limit, error);
          return NULL;
        }
    }
  if (buffer.size == 0)
    {
      set_empty (error);
      return NULL;
    }
  return cw_wiped_bytes_take (g_steal_pointer (&buffer.data), buffer.size);
}

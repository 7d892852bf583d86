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

#include "cw-error.h"
#include "cw-reply-file.h"
#include "cw-text.h"
#include "cw-wiped-buffer.h"

#define MIN_CAPACITY (64 * 1024)
#define MEBIBYTE     (1024 * 1024)

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
open_native (const char *path, gsize limit, gsize *size, GError **error)
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
  *size = (gsize) status.st_size;
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

/* @expected: how many bytes there will be, if that is known; room for them is made at once */
static GBytes *
read_stream (
    GInputStream *stream, gsize expected, gsize limit, GCancellable *cancellable, GError **error)
{
  g_auto (CwWipedBuffer) buffer = { 0 };
  /* One byte more tells that there is no more, or that the file grew while it was read. */
  cw_wiped_buffer_reserve (&buffer, MAX (expected + 1, MIN_CAPACITY));
  for (gssize n = 1; n > 0;)
    {
      g_autoptr (GError) why = NULL;
      if (buffer.size == buffer.capacity)
        cw_wiped_buffer_reserve (&buffer, MIN (buffer.capacity * 2, limit + 1));
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
  return cw_wiped_buffer_end (&buffer);
}

/* What is in @folder: files to @files; folders to @folders, but not through links, which may lead
 * back. Hidden ones stay so. */
static gboolean
list_one (
    GFile *folder, GPtrArray *files, GPtrArray *folders, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      folder,
      G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE
                                     "," G_FILE_ATTRIBUTE_STANDARD_IS_SYMLINK
                                     "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN,
      G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (children == NULL)
    return FALSE;
  for (;;)
    {
      GFileInfo *info;
      GFile *child;
      if (!g_file_enumerator_iterate (children, &info, &child, cancellable, error))
        return FALSE;
      if (info == NULL)
        return TRUE;
      if (g_file_info_get_is_hidden (info))
        continue;
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
        g_ptr_array_add (files, g_object_ref (child));
      else if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY &&
               !g_file_info_get_is_symlink (info))
        g_ptr_array_add (folders, g_object_ref (child));
      if (files->len + folders->len > CW_REPLY_FOLDER_MAX)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                       ngettext ("There is more than %u file in it, so it is not a CA’s reply. "
                                 "Choose the files that matter.",
                                 "There are more than %u files in it, so it is not a CA’s reply. "
                                 "Choose the files that matter.",
                                 CW_REPLY_FOLDER_MAX),
                       CW_REPLY_FOLDER_MAX);
          return FALSE;
        }
    }
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  g_autofree char *uri_a = g_file_get_uri (*(GFile *const *) a);
  g_autofree char *uri_b = g_file_get_uri (*(GFile *const *) b);
  return strcmp (uri_a, uri_b);
}

char *
cw_reply_file_get_name (GFile *file)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = name != NULL ? g_filename_display_name (name) : g_file_get_uri (file);
  return cw_text_clean (shown);
}

gboolean
cw_reply_file_is_folder (GFile *file)
{
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  return g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY;
}

GBytes *
cw_reply_file_read (GFile *file, gsize limit, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  gsize size = 0;
  const char *path = g_file_peek_path (file);
  g_autoptr (GInputStream) stream = path != NULL ? open_native (path, limit, &size, error)
                                                 : open_remote (file, limit, cancellable, error);
  return stream != NULL ? read_stream (stream, size, limit, cancellable, error) : NULL;
}

GBytes *
cw_reply_fd_read (int fd, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, FALSE);
  return read_stream (stream, 0, limit, cancellable, error);
}

GPtrArray *
cw_reply_folder_list (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) first = NULL;
  g_ptr_array_add (folders, g_object_ref (folder));
  /* It grows while it is walked. What one folder refuses does not keep the others back. */
  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (GError) why = NULL;
      if (list_one (g_ptr_array_index (folders, i), files, folders, cancellable, &why))
        continue;
      if (first == NULL)
        first = g_steal_pointer (&why);
      if (g_error_matches (first, CW_ERROR, CW_ERROR_TOO_LARGE) ||
          g_cancellable_is_cancelled (cancellable))
        break;
    }
  if (first != NULL && first->domain == G_IO_ERROR)
    set_io_error (first->code, first->message, error);
  else if (first != NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  g_ptr_array_sort (files, compare_files);
  return files;
}

char *
cw_reply_folder_get_path (GFile *folder, GFile *file)
{
  g_return_val_if_fail (G_IS_FILE (folder), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  g_autofree char *path = g_file_get_relative_path (folder, file);
  g_autofree char *shown = path != NULL ? g_filename_display_name (path) : g_file_get_uri (file);
  return cw_text_clean (shown);
}

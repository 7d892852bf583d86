/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>

#include "cw-archive.h"
#include "cw-error.h"
#include "cw-library.h"
#include "cw-text.h"
#include "cw-wiped-buffer.h"

#define GZIP_MAGIC "\x1f\x8b\x08" /* RFC 1952 */
#define BLOCK_SIZE (64 * 1024)
#define TAR_MAGIC  257 /* where "ustar" stands (POSIX.1-1988) */

/* The interface of the declarations above; that of libarchive 3. */
#define SONAME "libarchive.so.13"

typedef struct archive Archive;

/* Its functions, each as in its manual page. */
static struct
{
  typeof (archive_entry_filetype) *entry_filetype;
  typeof (archive_entry_is_data_encrypted) *entry_is_data_encrypted;
  typeof (archive_entry_pathname) *entry_pathname;
  typeof (archive_entry_pathname_utf8) *entry_pathname_utf8;
  typeof (archive_error_string) *error_string;
  typeof (archive_read_data) *read_data;
  typeof (archive_read_free) *read_free;
  typeof (archive_read_new) *read_new;
  typeof (archive_read_next_header) *read_next_header;
  typeof (archive_read_open_memory) *read_open_memory;
  typeof (archive_read_support_filter_gzip) *read_support_filter_gzip;
  typeof (archive_read_support_format_raw) *read_support_format_raw;
  typeof (archive_read_support_format_tar) *read_support_format_tar;
  typeof (archive_read_support_format_zip) *read_support_format_zip;
} la;

static void
close_archive (Archive *archive)
{
  la.read_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, close_archive)

static gboolean
load_library (GError **error)
{
  static const CwLibrarySymbol symbols[] = {
    { "archive_entry_filetype", (gpointer *) &la.entry_filetype },
    { "archive_entry_is_data_encrypted", (gpointer *) &la.entry_is_data_encrypted },
    { "archive_entry_pathname", (gpointer *) &la.entry_pathname },
    { "archive_entry_pathname_utf8", (gpointer *) &la.entry_pathname_utf8 },
    { "archive_error_string", (gpointer *) &la.error_string },
    { "archive_read_data", (gpointer *) &la.read_data },
    { "archive_read_free", (gpointer *) &la.read_free },
    { "archive_read_new", (gpointer *) &la.read_new },
    { "archive_read_next_header", (gpointer *) &la.read_next_header },
    { "archive_read_open_memory", (gpointer *) &la.read_open_memory },
    { "archive_read_support_filter_gzip", (gpointer *) &la.read_support_filter_gzip },
    { "archive_read_support_format_raw", (gpointer *) &la.read_support_format_raw },
    { "archive_read_support_format_tar", (gpointer *) &la.read_support_format_tar },
    { "archive_read_support_format_zip", (gpointer *) &la.read_support_format_zip },
  };
  static gboolean loaded;
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      loaded = cw_library_load (SONAME, symbols, G_N_ELEMENTS (symbols));
      g_once_init_leave (&once, 1);
    }
  if (!loaded)
    g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                 _ ("Archives cannot be opened here, since the library %s is not installed. Unpack "
                    "it yourself, and choose the files that were in it."),
                 SONAME);
  return loaded;
}

static gboolean
has_magic (const guint8 *data, gsize size, gsize offset, const char *magic, gsize length)
{
  return size >= offset + length && memcmp (data + offset, magic, length) == 0;
}

gboolean
cw_archive_sniff (const guint8 *data, gsize size)
{
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  return has_magic (data, size, 0, "PK\3\4", 4) || has_magic (data, size, 0, "PK\5\6", 4) ||
         has_magic (data, size, 0, GZIP_MAGIC, 3) || has_magic (data, size, TAR_MAGIC, "ustar", 5);
}

static void
set_damaged (Archive *archive, GError **error)
{
  const char *words = la.error_string (archive);
  g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
               /* Translators: %s is the library's own reason */
               _ ("The archive is damaged (%s). Save it again from where it came."),
               words != NULL ? words : "?");
}

static Archive *
open_archive (GBytes *bytes, GError **error)
{
  g_autoptr (Archive) archive = la.read_new ();
  if (archive == NULL)
    g_error ("Out of memory");
  la.read_support_filter_gzip (archive);
  la.read_support_format_zip (archive);
  la.read_support_format_tar (archive);

  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (has_magic (data, size, 0, GZIP_MAGIC, 3))
    la.read_support_format_raw (archive); /* a single file that was compressed */
  if (la.read_open_memory (archive, data, size) != ARCHIVE_OK)
    {
      set_damaged (archive, error);
      return NULL;
    }
  return g_steal_pointer (&archive);
}

/* What no CA put there: a file manager's own, and hidden files. */
static gboolean
is_hidden (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_equal (parts[i], "__MACOSX") ||
        (parts[i][0] == '.' && parts[i][1] != '\0' && !g_str_equal (parts[i], "..")))
      return TRUE;
  return FALSE;
}

static char *
get_name (struct archive_entry *entry)
{
  const char *name = la.entry_pathname_utf8 (entry);
  if (name == NULL)
    name = la.entry_pathname (entry);
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "?", -1);
  return cw_text_clean (valid);
}

static void
set_too_large (GError **error)
{
  g_set_error_literal (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                       _ ("The archive unpacks to more than a CA’s reply ever is. Unpack it "
                          "yourself, and choose the files that matter."));
}

static GBytes *
read_entry (Archive *archive, gsize *budget, GCancellable *cancellable, GError **error)
{
  g_auto (CwWipedBuffer) buffer = { 0 };
  for (;;)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (buffer.capacity - buffer.size < BLOCK_SIZE)
        cw_wiped_buffer_reserve (&buffer, MAX (buffer.capacity * 2, BLOCK_SIZE));
      la_ssize_t n = la.read_data (archive, buffer.data + buffer.size, BLOCK_SIZE);
      if (n < 0)
        {
          set_damaged (archive, error);
          return NULL;
        }
      if (n == 0)
        return cw_wiped_buffer_end (&buffer);
      if ((gsize) n > *budget)
        {
          set_too_large (error);
          return NULL;
        }
      buffer.size += (gsize) n;
      *budget -= (gsize) n;
    }
}

/* Passes on what came of @entry; FALSE if nothing after it can be read. */
static gboolean
pass_entry (Archive *archive,
            struct archive_entry *entry,
            gsize *budget,
            gboolean *damaged,
            CwArchiveFunc func,
            gpointer user_data,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *name = get_name (entry);
  g_autoptr (GError) why = NULL;
  if (la.entry_is_data_encrypted (entry) == 1)
    {
      g_set_error_literal (&why, CW_ERROR, CW_ERROR_UNSUPPORTED,
                           _ ("It is encrypted within its archive. Unpack the archive with its "
                              "password, and choose the files that were in it."));
      *damaged = FALSE;
      func (name, NULL, why, user_data);
      return TRUE;
    }
  g_autoptr (GBytes) content = read_entry (archive, budget, cancellable, &why);
  if (content == NULL && (g_error_matches (why, CW_ERROR, CW_ERROR_TOO_LARGE) ||
                          g_cancellable_is_cancelled (cancellable)))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  *damaged = content == NULL;
  /* A hidden one is unpacked all the same, so that it counts. */
  if (!is_hidden (name))
    func (name, content, why, user_data);
  return TRUE;
}

gboolean
cw_archive_read (GBytes *bytes,
                 gsize *budget,
                 CwArchiveFunc func,
                 gpointer user_data,
                 GCancellable *cancellable,
                 GError **error)
{
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (budget != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  g_autoptr (Archive) archive = load_library (error) ? open_archive (bytes, error) : NULL;
  gboolean damaged = FALSE; /* the file before */
  for (guint n_entries = 0; archive != NULL; n_entries++)
    {
      struct archive_entry *entry = NULL;
      int status = la.read_next_header (archive, &entry);
      if (status == ARCHIVE_EOF)
        return TRUE;
      if (status < ARCHIVE_WARN && damaged)
        return TRUE; /* said already, of the file that it ends in */
      if (status < ARCHIVE_WARN)
        {
          set_damaged (archive, error);
          return FALSE;
        }
      if (n_entries >= CW_ARCHIVE_MAX_FILES)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                       ngettext ("The archive has more than %u file in it, so it is not a CA’s "
                                 "reply. Unpack it and choose the files that matter.",
                                 "The archive has more than %u files in it, so it is not a CA’s "
                                 "reply. Unpack it and choose the files that matter.",
                                 CW_ARCHIVE_MAX_FILES),
                       CW_ARCHIVE_MAX_FILES);
          return FALSE;
        }
      if (la.entry_filetype (entry) == AE_IFREG &&
          !pass_entry (archive, entry, budget, &damaged, func, user_data, cancellable, error))
        return FALSE;
    }
  return FALSE;
}

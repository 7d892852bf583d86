/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-file.h"
#include "cw-output-set.h"
#include "cw-text.h"

#define MAX_NUMBER     999
#define TEMPORARY_NAME ".certwright-%08x%08x"
#define OPEN_FILES     "/proc/self/fd"

/* One file on its way: one without a name, or with another one where there has to be one. */
typedef struct
{
  const CwProfileOutput *output;
  char *name;      /* that it will have */
  char *temporary; /* that it has; NULL while it has none */
  int fd;          /* -1 unless it has no name */
  CwSecret *content;
  gboolean published;
} Member;

/* One saving. */
typedef struct
{
  CwProfile *profile;
  const char *folder; /* where it is for those who use the files: absolute, or NULL */
  int fd;
  GPtrArray *members;
} Saving;

static void
close_member (Member *member)
{
  if (member->fd >= 0)
    close (member->fd);
  member->fd = -1;
}

static void
member_free (Member *member)
{
  close_member (member);
  g_free (member->name);
  g_free (member->temporary);
  g_clear_pointer (&member->content, cw_secret_unref);
  g_free (member);
}

static void
file_free (CwOutputFile *file)
{
  g_free (file->id);
  g_free (file->path);
  g_free (file);
}

/* Of a file in it, or without a name of itself. */
static char *
build_path (Saving *self, const char *name)
{
  return self->folder != NULL ? g_build_filename (self->folder, name, NULL) : g_strdup (name);
}

static gboolean
set_failed (Saving *self, const char *name, int code, GError **error)
{
  g_autofree char *path = build_path (self, name);
  g_autofree char *shown = cw_text_clean (path);

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
               /* Translators: a path, then the system's reason. */
               _ ("“%s” could not be saved, so none of the files was: %s. Choose another folder."),
               shown, g_strerror (code));
  return FALSE;
}

/* "client.key", "client-2.key", … */
static char *
number_name (const char *name, guint number)
{
  const char *dot = strrchr (name, '.');
  const gsize length = dot ? (gsize) (dot - name) : strlen (name);

  return number == 1 ? g_strdup (name)
                     : g_strdup_printf ("%.*s-%u%s", (int) length, name, number, name + length);
}

static void
set_names (Saving *self, guint number)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = self->members->pdata[i];

      g_free (member->name);
      member->name = number_name (member->output->file_name, number);
    }
}

/* A link, wherever it leads, takes a name as well. */
static gboolean
are_free (Saving *self)
{
  struct stat info;

  for (guint i = 0; i < self->members->len; i++)
    {
      const Member *member = self->members->pdata[i];

      if (fstatat (self->fd, member->name, &info, AT_SYMLINK_NOFOLLOW) == 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
choose_names (Saving *self, guint *number, GError **error)
{
  for (; *number <= MAX_NUMBER; (*number)++)
    {
      set_names (self, *number);
      if (are_free (self))
        return TRUE;
    }

  return set_failed (self, ((Member *) self->members->pdata[0])->name, EEXIST, error);
}

static GPtrArray *
list_files (Saving *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);

  for (guint i = 0; i < self->members->len; i++)
    {
      const Member *member = self->members->pdata[i];
      CwOutputFile *file = g_new (CwOutputFile, 1);

      file->id = g_strdup (member->output->id);
      file->path = build_path (self, member->name);
      g_ptr_array_add (files, file);
    }

  return files;
}

static gboolean
render_all (Saving *self, const CwOutputValues *values, GError **error)
{
  g_autoptr (GPtrArray) files = list_files (self);
  g_autoptr (GHashTable) paths = cw_output_set_get_paths (files);
  CwOutputValues all = *values;

  all.files = paths;
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = self->members->pdata[i];

      g_clear_pointer (&member->content, cw_secret_unref);
      member->content = cw_output_render (self->profile, member->output, &all, error);
      if (member->content == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_content (int fd, CwSecret *content)
{
  const char *data = cw_secret_peek (content);
  gsize size = cw_secret_get_length (content);

  while (size > 0)
    {
      const gssize n = TEMP_FAILURE_RETRY (write (fd, data, size));

      if (n < 0)
        return FALSE;
      data += n;
      size -= (gsize) n;
    }

  return fsync (fd) == 0;
}

static int
get_mode (const Member *member)
{
  return member->output->secret ? 0600 : 0666;
}

/* A file without a name is gone when this process is, however that ends. */
static int
open_unnamed (Saving *self, const Member *member)
{
  return access (OPEN_FILES, X_OK) == 0
             ? openat (self->fd, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, get_mode (member))
             : -1;
}

/* For file systems that know no files without a name. Nobody else has opened it, or can have
 * guessed its name. */
static int
open_temporary (Saving *self, Member *member)
{
  g_autofree char *name = g_strdup_printf (TEMPORARY_NAME, g_random_int (), g_random_int ());
  const int fd = openat (self->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         get_mode (member));

  g_free (member->temporary);
  member->temporary = fd >= 0 ? g_steal_pointer (&name) : NULL;
  return fd;
}

static gboolean
write_member (Saving *self, Member *member, GError **error)
{
  int code = 0;

  close_member (member);
  member->fd = open_unnamed (self, member);
  if (member->fd < 0)
    member->fd = open_temporary (self, member);
  if (member->fd < 0)
    return set_failed (self, member->name, errno, error);

  if (!write_content (member->fd, member->content))
    code = errno;
  if (member->temporary != NULL)
    {
      if (close (member->fd) != 0 && code == 0)
        code = errno;
      member->fd = -1;
    }
  return code == 0 || set_failed (self, member->name, code, error);
}

static gboolean
write_all (Saving *self, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!write_member (self, self->members->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
publish_unnamed (Saving *self, const Member *member)
{
  g_autofree char *path = g_strdup_printf (OPEN_FILES "/%d", member->fd);

  return linkat (AT_FDCWD, path, self->fd, member->name, AT_SYMLINK_FOLLOW) == 0;
}

/* Where neither a rename nor a link can be kept from replacing, as in what a sandbox is lent:
 * an empty file takes the name, which is then ours to replace. */
static gboolean
publish_over_empty (Saving *self, const Member *member)
{
  const int fd =
      openat (self->fd, member->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, get_mode (member));
  int code;

  if (fd < 0)
    return FALSE;
  close (fd);
  if (renameat (self->fd, member->temporary, self->fd, member->name) == 0)
    return TRUE;

  code = errno;
  unlinkat (self->fd, member->name, 0);
  errno = code;
  return FALSE;
}

/* Some file systems know only one way not to replace what is there. */
static gboolean
publish_temporary (Saving *self, const Member *member)
{
  if (renameat2 (self->fd, member->temporary, self->fd, member->name, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  if (linkat (self->fd, member->temporary, self->fd, member->name, 0) != 0)
    return errno != EEXIST && publish_over_empty (self, member);

  unlinkat (self->fd, member->temporary, 0);
  return TRUE;
}

static gboolean
publish (Saving *self, Member *member)
{
  member->published =
      member->temporary != NULL ? publish_temporary (self, member) : publish_unnamed (self, member);
  if (member->published)
    g_clear_pointer (&member->temporary, g_free);
  return member->published;
}

/* What is secret comes last: whatever happens before, no key is left without its files. */
static gboolean
publish_those (Saving *self, gboolean secret, int *code, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = self->members->pdata[i];

      if (!!member->output->secret != secret || publish (self, member))
        continue;
      *code = errno;
      return set_failed (self, member->name, *code, error);
    }

  return TRUE;
}

/* All of them, or what stood in the way in @code. */
static gboolean
publish_all (Saving *self, int *code, GError **error)
{
  if (!publish_those (self, FALSE, code, error) || !publish_those (self, TRUE, code, error))
    return FALSE;

  fsync (self->fd); /* a file system that cannot do this has nothing better */
  return TRUE;
}

static void
remove_all (Saving *self)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = self->members->pdata[i];

      if (member->published)
        unlinkat (self->fd, member->name, 0);
      else if (member->temporary != NULL)
        unlinkat (self->fd, member->temporary, 0);
      member->published = FALSE;
      close_member (member);
      g_clear_pointer (&member->temporary, g_free);
    }
}

static gboolean
try (Saving *self, const CwOutputValues *values, int *code, GError **error)
{
  if (render_all (self, values, error) && write_all (self, error) &&
      publish_all (self, code, error))
    return TRUE;

  remove_all (self);
  return FALSE;
}

/* Somebody may take a name meanwhile: then it is done again with others. */
static gboolean
save (Saving *self, const CwOutputValues *values, GError **error)
{
  for (guint number = 1; choose_names (self, &number, error); number++)
    {
      g_autoptr (GError) local = NULL;
      int code = 0;

      if (try (self, values, &code, &local))
        return TRUE;
      if (code != EEXIST)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }

  return FALSE;
}

static GPtrArray *
list_members (CwProfile *profile, const CwOutputValues *values)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify) member_free);

  for (guint i = 0; i < cw_profile_get_n_outputs (profile); i++)
    {
      const CwProfileOutput *output = cw_profile_get_output (profile, i);
      Member *member;

      if (!output->in_set || !cw_output_has_content (profile, output, values))
        continue;
      member = g_new0 (Member, 1);
      member->output = output;
      member->fd = -1;
      g_ptr_array_add (members, member);
    }

  return members;
}

GPtrArray *
cw_output_set_save (CwProfile *profile,
                    const CwOutputValues *values,
                    const char *folder,
                    GError **error)
{
  g_autofree char *whole = NULL;
  g_autofree char *outside = NULL;
  g_autoptr (GPtrArray) members = NULL;
  GPtrArray *files = NULL;
  Saving saving;

  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (cw_profile_get_has_set (profile), NULL);
  g_return_val_if_fail (values != NULL, NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  whole = g_canonicalize_filename (folder, NULL);
  members = list_members (profile, values);
  outside = cw_file_find_outside (whole);
  saving = (Saving){ .profile = profile, .folder = outside, .members = members };
  saving.fd = open (whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (saving.fd < 0)
    {
      saving.folder = whole;
      set_failed (&saving, NULL, errno, error);
      return NULL;
    }

  if (save (&saving, values, error))
    files = list_files (&saving);
  close (saving.fd);
  return files;
}

GHashTable *
cw_output_set_get_paths (GPtrArray *files)
{
  GHashTable *paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_val_if_fail (files != NULL, paths);

  for (guint i = 0; i < files->len; i++)
    {
      const CwOutputFile *file = files->pdata[i];

      g_hash_table_insert (paths, g_strdup (file->id), g_strdup (file->path));
    }

  return paths;
}

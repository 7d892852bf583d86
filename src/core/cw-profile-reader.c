/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-profile-reader.h"

#define MAX_FILE_SIZE  (64 * 1024)
#define MAX_CHARACTERS 500

struct _CwProfileReader
{
  char *path;
  GKeyFile *keys;
};

static gboolean
set_file_error (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               /* Translators: a file's path, then the system's reason. */
               _ ("The profile “%s” cannot be read: %s."), path, g_strerror (code));
  return FALSE;
}

/* A FIFO or a device must not be waited for, so it is looked at before it is read. */
static gboolean
open_file (CwProfileReader *self, int *fd, gsize *size, GError **error)
{
  struct stat info;

  *fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (*fd < 0 || fstat (*fd, &info) < 0)
    return set_file_error (self->path, error);
  if (!S_ISREG (info.st_mode))
    return cw_profile_reader_mistake (self, NULL, NULL, error, _ ("it is not a file"));
  if (info.st_size > MAX_FILE_SIZE)
    return cw_profile_reader_mistake (self, NULL, NULL, error,
                                      _ ("it is larger than the %d KiB that a profile may have"),
                                      MAX_FILE_SIZE / 1024);

  *size = info.st_size;
  return TRUE;
}

/* No more than the size that was found acceptable, whatever happens to the file meanwhile. */
static char *
read_text (CwProfileReader *self, gsize *length, GError **error)
{
  int fd = -1;
  gsize size = 0;
  g_autofree char *text = NULL;
  gssize n = 0;

  if (open_file (self, &fd, &size, error))
    {
      text = g_malloc0 (size + 1);
      for (*length = 0; *length < size; *length += n)
        if ((n = TEMP_FAILURE_RETRY (read (fd, text + *length, size - *length))) <= 0)
          break;
      if (n < 0)
        {
          set_file_error (self->path, error);
          g_clear_pointer (&text, g_free);
        }
    }
  if (fd >= 0)
    close (fd);

  return g_steal_pointer (&text);
}

static guint
line_of (const char *text, const char *place)
{
  guint line = 1;

  for (; text < place; text++)
    line += *text == '\n';
  return line;
}

/* What a line declares: "[Group]" or "key"; NULL if it declares nothing. */
static char *
get_declaration (const char *line)
{
  const char *end;

  if (line[0] == '[')
    return (end = strchr (line, ']')) ? g_strndup (line, end - line + 1) : NULL;
  if (line[0] == '\0' || line[0] == '#' || (end = strchr (line, '=')) == NULL)
    return NULL;
  return g_strchomp (g_strndup (line, end - line));
}

/* GKeyFile lets the last of several win, in silence. */
static gboolean
check_duplicates (CwProfileReader *self, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *group = g_strdup ("");

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *declared = get_declaration (g_strstrip (lines[i]));

      if (declared == NULL)
        continue;
      if (declared[0] == '[')
        {
          g_free (group);
          group = g_strdup (declared);
        }
      if (!g_hash_table_add (seen, g_strconcat (group, declared, NULL)))
        return cw_profile_reader_mistake (self, NULL, NULL, error,
                                          /* Translators: a line number and a name. */
                                          _ ("line %u says “%s” a second time"), i + 1, declared);
    }

  return TRUE;
}

static gboolean
load (CwProfileReader *self, GError **error)
{
  gsize length = 0;
  const char *bad = NULL;
  g_autofree char *text = read_text (self, &length, error);
  g_autoptr (GError) local = NULL;

  if (text == NULL)
    return FALSE;
  if (!g_utf8_validate (text, length, &bad))
    return cw_profile_reader_mistake (self, NULL, NULL, error, _ ("line %u is not text in UTF-8"),
                                      line_of (text, bad));
  if (!g_key_file_load_from_data (self->keys, text, length, G_KEY_FILE_KEEP_TRANSLATIONS, &local))
    {
      /* GLib's sentence becomes the end of ours. */
      g_autofree char *mistake = g_strdup (local->message);

      if (g_str_has_suffix (mistake, "."))
        mistake[strlen (mistake) - 1] = '\0';
      return cw_profile_reader_mistake (self, NULL, NULL, error, "%s", mistake);
    }

  return check_duplicates (self, text, error);
}

/* Levenshtein's: how many letters have to be added, removed or changed. */
static guint
get_distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= n; j++)
        {
          guint above = row[j];
          guint change = diagonal + (g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]));

          row[j] = MIN (MIN (row[j - 1], above) + 1, change);
          diagonal = above;
        }
    }

  return row[n];
}

static const char *
find_nearest (const char *word, const char *const *known)
{
  const char *nearest = NULL;
  guint best = MAX (2, strlen (word) / 3) + 1;

  if (strlen (word) > MAX_CHARACTERS)
    return NULL;
  for (guint i = 0; known[i] != NULL; i++)
    {
      guint distance = get_distance (word, known[i]);

      if (distance < best)
        {
          best = distance;
          nearest = known[i];
        }
    }

  return nearest;
}

/* "Name[de]" without its language; the language is only allowed where texts are translated. */
static char *
strip_language (const char *key)
{
  const char *bracket = strchr (key, '[');

  return bracket ? g_strndup (key, bracket - key) : g_strdup (key);
}

static gboolean
check_text (
    CwProfileReader *self, const char *group, const char *key, const char *text, GError **error)
{
  if (text[0] == '\0')
    return cw_profile_reader_mistake (self, group, key, error, _ ("nothing stands after the “=”"));
  if (g_utf8_strlen (text, -1) > MAX_CHARACTERS)
    return cw_profile_reader_mistake (self, group, key, error,
                                      ngettext ("it is longer than %d character",
                                                "it is longer than %d characters", MAX_CHARACTERS),
                                      MAX_CHARACTERS);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return cw_profile_reader_mistake (self, group, key, error,
                                        _ ("it has a line break or another control character"));

  return TRUE;
}

/* Takes over what GKeyFile found; it can give a text and a problem with it. */
static char *
take_text (CwProfileReader *self,
           const char *group,
           const char *key,
           char *found,
           GError *problem,
           GError **error)
{
  g_autofree char *text = found;
  g_autoptr (GError) local = problem;

  if (!cw_profile_reader_has_key (self, group, key))
    cw_profile_reader_mistake (self, group, key, error, _ ("it is missing"));
  else if (local != NULL)
    cw_profile_reader_mistake (
        self, group, key, error,
        _ ("it has a “\\” that does not begin “\\n”, “\\t”, “\\s” or “\\\\”"));
  else if (check_text (self, group, key, text, error))
    return g_steal_pointer (&text);

  return NULL;
}

CwProfileReader *
cw_profile_reader_new (const char *path, GError **error)
{
  g_autoptr (CwProfileReader) self = g_new0 (CwProfileReader, 1);

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->keys = g_key_file_new ();

  return load (self, error) ? g_steal_pointer (&self) : NULL;
}

void
cw_profile_reader_free (CwProfileReader *self)
{
  g_free (self->path);
  g_clear_pointer (&self->keys, g_key_file_unref);
  g_free (self);
}

gboolean
cw_profile_reader_mistake (CwProfileReader *self,
                           const char *group,
                           const char *key,
                           GError **error,
                           const char *format,
                           ...)
{
  g_autofree char *mistake = NULL;
  va_list arguments;

  va_start (arguments, format);
  mistake = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (group != NULL && key != NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path, a group and a key in it, and the mistake as
                  * the end of the sentence, as in "it is missing". */
                 _ ("The profile “%s” has a mistake in group “%s”, key “%s”: %s."), self->path,
                 group, key, mistake);
  else if (group != NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path, a group in it, and the mistake. */
                 _ ("The profile “%s” has a mistake in group “%s”: %s."), self->path, group,
                 mistake);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path and the mistake. */
                 _ ("The profile “%s” has a mistake: %s."), self->path, mistake);

  return FALSE;
}

gboolean
cw_profile_reader_unknown (CwProfileReader *self,
                           const char *group,
                           const char *key,
                           const char *word,
                           const char *const *known,
                           GError **error)
{
  const char *nearest = find_nearest (word, known);
  g_autofree char *all = NULL;

  if (nearest != NULL)
    return cw_profile_reader_mistake (
        self, group, key, error, _ ("“%s” is not known; “%s” was probably meant"), word, nearest);

  all = g_strjoinv (", ", (char **) known);
  return cw_profile_reader_mistake (self, group, key, error,
                                    /* Translators: a word, and a list of words. */
                                    _ ("“%s” is not known; known are: %s"), word, all);
}

char **
cw_profile_reader_get_groups (CwProfileReader *self)
{
  return g_key_file_get_groups (self->keys, NULL);
}

gboolean
cw_profile_reader_has_group (CwProfileReader *self, const char *group)
{
  return g_key_file_has_group (self->keys, group);
}

gboolean
cw_profile_reader_has_key (CwProfileReader *self, const char *group, const char *key)
{
  return g_key_file_has_key (self->keys, group, key, NULL);
}

gboolean
cw_profile_reader_check_keys (CwProfileReader *self,
                              const char *group,
                              const char *const *plain,
                              const char *const *translated,
                              GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (self->keys, group, NULL, NULL);
  g_autoptr (GStrvBuilder) known = g_strv_builder_new ();

  g_strv_builder_addv (known, (const char **) plain);
  g_strv_builder_addv (known, (const char **) translated);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *name = strip_language (keys[i]);
      gboolean has_language = strlen (name) < strlen (keys[i]);

      if (g_strv_contains (translated, name))
        continue;
      if (!g_strv_contains (plain, name))
        {
          g_auto (GStrv) all = g_strv_builder_end (known);

          return cw_profile_reader_unknown (self, group, keys[i], name, (const char *const *) all,
                                            error);
        }
      if (has_language)
        return cw_profile_reader_mistake (self, group, keys[i], error,
                                          _ ("it is not a text that can be translated"));
    }

  return TRUE;
}

char *
cw_profile_reader_get_string (CwProfileReader *self,
                              const char *group,
                              const char *key,
                              GError **error)
{
  GError *problem = NULL;
  char *text = g_key_file_get_string (self->keys, group, key, &problem);

  return take_text (self, group, key, text, problem, error);
}

char *
cw_profile_reader_get_translated (CwProfileReader *self,
                                  const char *group,
                                  const char *key,
                                  GError **error)
{
  g_autofree char *untranslated = cw_profile_reader_get_string (self, group, key, error);
  GError *problem = NULL;
  char *text;

  /* GKeyFile would be content with nothing but translations. */
  if (untranslated == NULL)
    return NULL;

  text = g_key_file_get_locale_string (self->keys, group, key, NULL, &problem);
  return take_text (self, group, key, text, problem, error);
}

char **
cw_profile_reader_get_list (CwProfileReader *self,
                            const char *group,
                            const char *key,
                            GError **error)
{
  g_autofree char *text = cw_profile_reader_get_string (self, group, key, error);
  g_auto (GStrv) list = NULL;

  if (text == NULL)
    return NULL;

  list = g_strsplit (text, ";", -1);
  /* The last entry may end in a semicolon, too. */
  if (g_str_has_suffix (text, ";"))
    g_clear_pointer (&list[g_strv_length (list) - 1], g_free);
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (g_strstrip (list[i])[0] == '\0')
        {
          cw_profile_reader_mistake (self, group, key, error, _ ("an entry of the list is empty"));
          return NULL;
        }
      for (guint j = 0; j < i; j++)
        if (g_str_equal (list[i], list[j]))
          {
            cw_profile_reader_mistake (self, group, key, error, _ ("“%s” is in the list twice"),
                                       list[i]);
            return NULL;
          }
    }

  return g_steal_pointer (&list);
}

gboolean
cw_profile_reader_get_number (
    CwProfileReader *self, const char *group, const char *key, int *number, GError **error)
{
  g_autofree char *text = cw_profile_reader_get_string (self, group, key, error);
  guint64 value;

  if (text == NULL)
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, 9999, &value, NULL))
    return cw_profile_reader_mistake (self, group, key, error,
                                      _ ("“%s” is not a number from 0 to 9999"), text);

  *number = value;
  return TRUE;
}

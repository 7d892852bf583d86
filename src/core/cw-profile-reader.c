/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-profile-reader.h"
#include "cw-text.h"

#define MAX_FILE_SIZE  (64 * 1024)
#define MAX_CHARACTERS 500

/* One "[Group]"; its entries are those up to the next group's. */
typedef struct
{
  const char *name;
  guint line;
  guint first;
} Group;

/* One "Key[language]=value", the value as the file has it until it is taken. */
typedef struct
{
  const char *key; /* with its language */
  gsize length;    /* without it */
  char *value;
  guint line;
  gboolean is_taken;
} Entry;

/* The texts lie in @text, which is cut and unescaped in place. */
struct _CwProfileReader
{
  char *path;
  char *text;
  GArray *groups;
  GArray *entries;
  guint latest;           /* the group that was looked for: most often it is again */
  gboolean is_translated; /* whether a key has a language */
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
open_file (const char *path, int *fd, gsize *size, GError **error)
{
  struct stat info;

  *fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (*fd < 0 || fstat (*fd, &info) < 0)
    return set_file_error (path, error);
  if (!S_ISREG (info.st_mode))
    return cw_profile_set_mistake (error, path, 0, _ ("it is not a file"));
  if (info.st_size > MAX_FILE_SIZE)
    return cw_profile_set_mistake (error, path, 0,
                                   _ ("it is larger than the %d KiB that a profile may have"),
                                   MAX_FILE_SIZE / 1024);

  *size = info.st_size;
  return TRUE;
}

/* No more than the size that was found acceptable, whatever happens to the file meanwhile. */
static char *
read_text (const char *path, gsize *length, GError **error)
{
  g_autofree char *text = NULL;
  gsize size = 0;
  gssize n = 0;
  int fd = -1;
  gboolean good = open_file (path, &fd, &size, error);

  *length = 0;
  text = g_malloc (size + 1);
  while (good && *length < size &&
         (n = TEMP_FAILURE_RETRY (read (fd, text + *length, size - *length))) > 0)
    *length += (gsize) n;
  if (n < 0)
    good = set_file_error (path, error);
  text[*length] = '\0';
  if (fd >= 0)
    close (fd);

  return good ? g_steal_pointer (&text) : NULL;
}

static guint
line_of (const char *text, const char *place)
{
  guint line = 1;

  for (; text < place; text++)
    line += *text == '\n';
  return line;
}

static guint
get_group_end (CwProfileReader *self, guint i)
{
  return i + 1 < self->groups->len ? g_array_index (self->groups, Group, i + 1).first
                                   : self->entries->len;
}

static Group *
find_group (CwProfileReader *self, const char *name, guint *end)
{
  const guint n = self->groups->len;

  for (guint i = 0; i < n; i++)
    {
      const guint place = (self->latest + i) % n;
      Group *group = &g_array_index (self->groups, Group, place);

      if (!g_str_equal (group->name, name))
        continue;
      self->latest = place;
      *end = get_group_end (self, place);
      return group;
    }

  return NULL;
}

static Entry *
find_entry_between (CwProfileReader *self, guint first, guint end, const char *key)
{
  for (guint i = first; i < end; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->key[0] == key[0] && strcmp (entry->key, key) == 0)
        return entry;
    }

  return NULL;
}

static Entry *
find_entry (CwProfileReader *self, const char *group, const char *key)
{
  guint end;
  const Group *found = find_group (self, group, &end);

  return found ? find_entry_between (self, found->first, end, key) : NULL;
}

/* Of valid UTF-8; there are none beyond U+009F. */
static gboolean
has_control (const char *text)
{
  const guchar *p = (const guchar *) text;

  while (*p >= 0x20 && *p != 0x7f && (*p != 0xc2 || p[1] >= 0xa0))
    p++;
  return *p != '\0';
}

/* GKeyFile would let the last of several win, in silence. */
static gboolean
set_twice (CwProfileReader *self, guint line, const char *declared, GError **error)
{
  return cw_profile_set_mistake (error, self->path, line, _ ("“%s” is there a second time"),
                                 declared);
}

static gboolean
set_odd_line (CwProfileReader *self, guint number, const char *line, GError **error)
{
  g_autofree char *shown = cw_text_clean (line);

  return cw_profile_set_mistake (
      error, self->path, number,
      _ ("“%s” is neither “[Group]” nor “Key=value”, and a comment begins with “#”"), shown);
}

/* @line is "[" and what follows. */
static gboolean
take_group (CwProfileReader *self, char *line, guint number, GError **error)
{
  Group group = { .name = line + 1, .line = number, .first = self->entries->len };
  char *end = strchr (g_strchomp (line), ']');
  guint other_end;

  if (end == NULL || end[1] != '\0' || end == group.name || has_control (line))
    return set_odd_line (self, number, line, error);
  *end = '\0';
  if (find_group (self, group.name, &other_end))
    {
      *end = ']';
      return set_twice (self, number, line, error);
    }

  g_array_append_val (self->groups, group);
  return TRUE;
}

static char *
skip_blanks (char *text)
{
  return text + strspn (text, " \t");
}

static gboolean
take_entry (CwProfileReader *self, char *line, guint number, GError **error)
{
  char *sign = strchr (line, '=');
  Entry entry = { .key = line, .line = number };
  guint first;

  if (sign == NULL || sign == line)
    return set_odd_line (self, number, line, error);
  if (self->groups->len == 0)
    return cw_profile_set_mistake (error, self->path, number, _ ("it comes before any group"));
  *sign = '\0';
  if (has_control (g_strchomp (line)))
    return set_odd_line (self, number, line, error);
  first = g_array_index (self->groups, Group, self->groups->len - 1).first;
  if (find_entry_between (self, first, self->entries->len, line))
    return set_twice (self, number, line, error);

  entry.length = strcspn (line, "[");
  entry.value = skip_blanks (sign + 1);
  self->is_translated |= line[entry.length] != '\0';
  g_array_append_val (self->entries, entry);
  return TRUE;
}

static gboolean
take_line (CwProfileReader *self, char *line, guint number, GError **error)
{
  const gsize length = strlen (line);

  if (length > 0 && line[length - 1] == '\r')
    line[length - 1] = '\0';
  line = skip_blanks (line);

  if (line[0] == '\0' || line[0] == '#')
    return TRUE;
  return line[0] == '[' ? take_group (self, line, number, error)
                        : take_entry (self, line, number, error);
}

static gboolean
take_lines (CwProfileReader *self, GError **error)
{
  char *line = self->text;

  for (guint number = 1; line != NULL; number++)
    {
      char *end = strchr (line, '\n');

      if (end != NULL)
        *end++ = '\0';
      if (!take_line (self, line, number, error))
        return FALSE;
      line = end;
    }

  return TRUE;
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

static gboolean
check_text (
    CwProfileReader *self, const char *group, const char *key, const char *text, GError **error)
{
  if (text[0] == '\0')
    return cw_profile_reader_mistake (self, group, key, error, _ ("nothing stands after the “=”"));
  if (has_control (text))
    return cw_profile_reader_mistake (self, group, key, error,
                                      _ ("it has a line break or another control character"));
  if (strlen (text) > MAX_CHARACTERS && g_utf8_strlen (text, -1) > MAX_CHARACTERS)
    return cw_profile_reader_mistake (self, group, key, error,
                                      ngettext ("it is longer than %d character",
                                                "it is longer than %d characters", MAX_CHARACTERS),
                                      MAX_CHARACTERS);

  return TRUE;
}

/* In place: it only gets shorter. */
static gboolean
unescape (char *text)
{
  static const char letters[] = "sntr\\";
  static const char meanings[] = " \n\t\r\\";
  char *to = strchr (text, '\\');

  for (const char *from = to; from != NULL && *from != '\0'; from++)
    {
      const char *letter;

      if (*from != '\\')
        {
          *to++ = *from;
          continue;
        }
      from++;
      letter = *from != '\0' ? strchr (letters, *from) : NULL;
      if (letter == NULL)
        return FALSE;
      *to++ = meanings[letter - letters];
    }
  if (to != NULL)
    *to = '\0';

  return TRUE;
}

/* Each value is unescaped and looked at once, when it is asked for. */
static const char *
take_value (CwProfileReader *self, const char *group, Entry *entry, GError **error)
{
  if (entry->is_taken)
    return entry->value;

  if (!unescape (entry->value))
    cw_profile_reader_mistake (
        self, group, entry->key, error,
        _ ("it has a “\\” that does not begin “\\n”, “\\t”, “\\s” or “\\\\”"));
  else
    entry->is_taken = check_text (self, group, entry->key, entry->value, error);

  return entry->is_taken ? entry->value : NULL;
}

/* The file's own, in the first of the person's languages that it has. */
static Entry *
find_translation (CwProfileReader *self, const char *group, const char *key)
{
  const char *const *languages = self->is_translated ? g_get_language_names () : NULL;
  Entry *found = NULL;

  for (guint i = 0; languages != NULL && found == NULL && languages[i] != NULL; i++)
    {
      g_autofree char *translated = g_strdup_printf ("%s[%s]", key, languages[i]);

      /* A text without a language is in this one. */
      if (g_str_equal (languages[i], "C"))
        break;
      found = find_entry (self, group, translated);
    }

  return found;
}

static guint
count_separators (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == ';';
  return n;
}

/* Cuts the value into pieces where it stands; the last may end in a semicolon, too. */
static const char **
split (CwProfileReader *self, const char *group, Entry *entry, GError **error)
{
  g_autofree const char **list = g_new0 (const char *, count_separators (entry->value) + 2);
  char *piece = entry->value;

  for (guint n = 0; piece != NULL && (n == 0 || *piece != '\0'); n++)
    {
      char *end = strchr (piece, ';');

      if (end != NULL)
        *end++ = '\0';
      list[n] = g_strstrip (piece);
      if (list[n][0] == '\0')
        {
          cw_profile_reader_mistake (self, group, entry->key, error,
                                     _ ("an entry of the list is empty"));
          return NULL;
        }
      for (guint i = 0; i < n; i++)
        if (g_str_equal (list[i], list[n]))
          {
            cw_profile_reader_mistake (self, group, entry->key, error,
                                       _ ("“%s” is in the list twice"), list[n]);
            return NULL;
          }
      piece = end;
    }

  return g_steal_pointer (&list);
}

static gboolean
contains (const char *const *words, const char *text, gsize length)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == text[0] && strncmp (words[i], text, length) == 0 && words[i][length] == '\0')
      return TRUE;

  return FALSE;
}

static gboolean
set_unknown_key (CwProfileReader *self,
                 const char *group,
                 const Entry *entry,
                 const char *const *plain,
                 const char *const *translated,
                 GError **error)
{
  g_autoptr (GStrvBuilder) known = g_strv_builder_new ();
  g_autofree char *name = g_strndup (entry->key, entry->length);
  g_auto (GStrv) all = NULL;

  g_strv_builder_addv (known, (const char **) plain);
  g_strv_builder_addv (known, (const char **) translated);
  all = g_strv_builder_end (known);
  return cw_profile_reader_unknown (self, group, entry->key, name, (const char *const *) all,
                                    error);
}

CwProfileReader *
cw_profile_reader_new (const char *path, GError **error)
{
  g_autoptr (CwProfileReader) self = g_new0 (CwProfileReader, 1);
  gsize length = 0;

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->groups = g_array_new (FALSE, FALSE, sizeof (Group));
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->text = cw_profile_read_file (path, &length, error);

  return self->text != NULL && take_lines (self, error) ? g_steal_pointer (&self) : NULL;
}

void
cw_profile_reader_free (CwProfileReader *self)
{
  g_free (self->path);
  g_free (self->text);
  g_array_unref (self->groups);
  g_array_unref (self->entries);
  g_free (self);
}

char *
cw_profile_read_file (const char *path, gsize *length, GError **error)
{
  g_autofree char *text = NULL;
  const char *bad = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (length != NULL, NULL);

  text = read_text (path, length, error);
  if (text != NULL && !g_utf8_validate_len (text, *length, &bad))
    {
      cw_profile_set_mistake (error, path, line_of (text, bad), _ ("it is not text in UTF-8"));
      return NULL;
    }

  return g_steal_pointer (&text);
}

gboolean
cw_profile_set_mistake (GError **error, const char *path, guint line, const char *format, ...)
{
  g_autofree char *mistake = NULL;
  va_list arguments;

  va_start (arguments, format);
  mistake = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (line > 0)
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path, a line in it, and the mistake as the end of the
                  * sentence, as in "it is missing". */
                 _ ("The profile “%s” has a mistake in line %u: %s."), path, line, mistake);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path and the mistake. */
                 _ ("The profile “%s” has a mistake: %s."), path, mistake);

  return FALSE;
}

const char *
cw_profile_find_nearest (const char *word, const char *const *known)
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

gboolean
cw_profile_reader_mistake (CwProfileReader *self,
                           const char *group,
                           const char *key,
                           GError **error,
                           const char *format,
                           ...)
{
  g_autofree char *mistake = NULL;
  guint end;
  const Group *in = group ? find_group (self, group, &end) : NULL;
  const Entry *at = in && key ? find_entry_between (self, in->first, end, key) : NULL;
  va_list arguments;

  va_start (arguments, format);
  mistake = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (in == NULL && group != NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path, a group in it, and the mistake. */
                 _ ("The profile “%s” has a mistake in group “%s”: %s."), self->path, group,
                 mistake);
  else if (in != NULL && key != NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path, a line in it, the group and key there, and the
                  * mistake as the end of the sentence, as in "it is missing". */
                 _ ("The profile “%s” has a mistake in line %u, group “%s”, key “%s”: %s."),
                 self->path, at ? at->line : in->line, group, key, mistake);
  else if (in != NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_PROFILE,
                 /* Translators: a file's path, a line in it, the group there, and the mistake. */
                 _ ("The profile “%s” has a mistake in line %u, group “%s”: %s."), self->path,
                 in->line, group, mistake);
  else
    cw_profile_set_mistake (error, self->path, 0, "%s", mistake);

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
  const char *nearest = cw_profile_find_nearest (word, known);
  g_autofree char *all = NULL;

  if (nearest != NULL)
    return cw_profile_reader_mistake (
        self, group, key, error, _ ("“%s” is not known; “%s” was probably meant"), word, nearest);

  all = g_strjoinv (", ", (char **) known);
  return cw_profile_reader_mistake (self, group, key, error,
                                    /* Translators: a word, and a list of words. */
                                    _ ("“%s” is not known; known are: %s"), word, all);
}

guint
cw_profile_reader_get_n_groups (CwProfileReader *self)
{
  return self->groups->len;
}

const char *
cw_profile_reader_get_group (CwProfileReader *self, guint i)
{
  g_return_val_if_fail (i < self->groups->len, NULL);

  return g_array_index (self->groups, Group, i).name;
}

gboolean
cw_profile_reader_has_group (CwProfileReader *self, const char *group)
{
  guint end;

  return find_group (self, group, &end) != NULL;
}

gboolean
cw_profile_reader_has_key (CwProfileReader *self, const char *group, const char *key)
{
  return find_entry (self, group, key) != NULL;
}

gboolean
cw_profile_reader_check_keys (CwProfileReader *self,
                              const char *group,
                              const char *const *plain,
                              const char *const *translated,
                              GError **error)
{
  guint end = 0;
  const Group *found = find_group (self, group, &end);

  for (guint i = found ? found->first : 0; i < end; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (contains (translated, entry->key, entry->length))
        continue;
      if (!contains (plain, entry->key, entry->length))
        return set_unknown_key (self, group, entry, plain, translated, error);
      if (entry->key[entry->length] != '\0')
        return cw_profile_reader_mistake (self, group, entry->key, error,
                                          _ ("it is not a text that can be translated"));
    }

  return TRUE;
}

const char *
cw_profile_reader_get_string (CwProfileReader *self,
                              const char *group,
                              const char *key,
                              GError **error)
{
  Entry *entry = find_entry (self, group, key);

  if (entry != NULL)
    return take_value (self, group, entry, error);
  cw_profile_reader_mistake (self, group, key, error, _ ("it is missing"));
  return NULL;
}

const char *
cw_profile_reader_get_translated (CwProfileReader *self,
                                  const char *group,
                                  const char *key,
                                  GError **error)
{
  const char *untranslated = cw_profile_reader_get_string (self, group, key, error);
  Entry *entry;

  /* GKeyFile would be content with nothing but translations. */
  if (untranslated == NULL)
    return NULL;

  /* The texts of the profiles that are shipped are in our catalogs; what a person's own says
   * in the same words is said in the same translation. */
  entry = find_translation (self, group, key);
  return entry ? take_value (self, group, entry, error) : _ (untranslated);
}

const char **
cw_profile_reader_get_list (CwProfileReader *self,
                            const char *group,
                            const char *key,
                            GError **error)
{
  const char *text = cw_profile_reader_get_string (self, group, key, error);

  if (text == NULL)
    return NULL;

  return split (self, group, find_entry (self, group, key), error);
}

gboolean
cw_profile_reader_get_number (CwProfileReader *self,
                              const char *group,
                              const char *key,
                              guint least,
                              guint most,
                              guint *number,
                              GError **error)
{
  const char *text = cw_profile_reader_get_string (self, group, key, error);
  guint64 value;

  if (text == NULL)
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, NULL))
    return cw_profile_reader_mistake (self, group, key, error,
                                      _ ("“%s” is not a number from %u to %u"), text, least, most);

  *number = (guint) value;
  return TRUE;
}

gboolean
cw_profile_reader_get_word (CwProfileReader *self,
                            const char *group,
                            const char *key,
                            const char *const *known,
                            guint *index,
                            GError **error)
{
  const char *word = cw_profile_reader_get_string (self, group, key, error);

  if (word == NULL)
    return FALSE;
  for (guint i = 0; known[i] != NULL; i++)
    if (g_str_equal (known[i], word))
      {
        *index = i;
        return TRUE;
      }

  return cw_profile_reader_unknown (self, group, key, word, known, error);
}

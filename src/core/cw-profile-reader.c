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

/* NUL characters behind a text, so that what looks eight bytes ahead finds nothing there. */
#define PADDING 8

#define SEEN_BITS 16384

/* The place of a language that the person did not ask for. */
#define FOREIGN G_MAXUINT8

/* One "[Group]"; its entries are those up to the next group's. */
typedef struct
{
  const char *name;
  guint length;
  guint line;
  guint first;
} Group;

/* One "Key[language]=value", the value as the file has it until it is taken. */
typedef struct
{
  const char *key; /* with its language */
  char *value;
  guint line;
  guint16 length;      /* of the key without its language */
  guint16 full_length; /* and with it */
  guint16 value_length;
  guint8 language; /* which of the person's it is in, if it is in one */
  gboolean taken : 1;
} Entry;

/* The texts lie in @text; the values are cut and unescaped in place. */
struct _CwProfileReader
{
  char *path;
  char *text;
  GArray *groups;
  GArray *entries;
  guint latest;           /* the group that was looked for: most often it is again */
  gboolean is_translated; /* whether there is a text in a language of the person's */
};

/* Many profiles, with each text in all languages, are read at a start: what is in
 * the others is looked at where it stands, and of a key's translations that are not
 * the person's one is kept, so that the key is checked. */
typedef struct
{
  CwProfileReader *reader;
  const char *const *languages;
  const char *group;       /* behind the group's own line */
  const char *translated;  /* the latest key with a language there */
  gsize translated_length; /* of that key without its language */
  guint64 seen[SEEN_BITS / 64];
} Scan;

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
static gboolean
read_text (const char *path, char *text, gsize *length, GError **error)
{
  int fd = -1;
  gsize size = 0;
  gssize n = 0;
  gboolean good = open_file (path, &fd, &size, error);

  *length = 0;
  while (good && *length < size &&
         (n = TEMP_FAILURE_RETRY (read (fd, text + *length, size - *length))) > 0)
    *length += (gsize) n;
  if (n < 0)
    good = set_file_error (path, error);
  memset (text + *length, '\0', PADDING);
  if (fd >= 0)
    close (fd);

  return good;
}

static guint64
load_bytes (const char *text)
{
  guint64 word;

  memcpy (&word, text, sizeof word);
  return word;
}

/* Eight bytes at a time, the last of them maybe twice: most of what is read is nothing but this. */
static gboolean
is_printable_ascii (const char *text, gsize length)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const char *end = text + length;
  guint64 odd = 0;

  if (length < sizeof odd)
    {
      for (; text < end; text++)
        odd |= (guchar) *text < 0x20 || (guchar) *text > 0x7e;
      return odd == 0;
    }

  for (; text < end; text += sizeof odd)
    {
      const guint64 word = load_bytes (MIN (text, end - sizeof odd));

      /* The high bit of each byte that is above 0x7e, or below 0x20. */
      odd |= word | (word + ones) | ((word - ones * 0x20) & ~word);
    }

  return (odd & ones * 0x80) == 0;
}

/* The first byte that is not ASCII, eight at a time; there is a PADDING behind @end. */
static const char *
skip_ascii (const char *text, const char *end)
{
  for (; text < end; text += sizeof (guint64))
    {
      const guint64 high =
          GUINT64_FROM_LE (load_bytes (text)) & G_GUINT64_CONSTANT (0x8080808080808080);

      if (high != 0)
        return text + __builtin_ctzll (high) / 8;
    }

  return end;
}

/* Whether what begins with it is not longer than it need be, and no surrogate,
 * whatever follows. */
static gboolean
is_free_lead (char lead)
{
  return (guchar) lead != 0xe0 && (guchar) lead != 0xed;
}

/* The bytes of the character beyond ASCII at @p, or of two that are of one length; a NUL
 * follows somewhere, and seven more bytes. 0 if it is none. */
static gsize
count_valid (const char *p)
{
  const guint64 word = GUINT64_FROM_LE (load_bytes (p));
  gunichar character;

  if ((word & 0xc0c0f0c0c0f0) == 0x8080e08080e0 && is_free_lead (p[0]) && is_free_lead (p[3]))
    return 6;
  if ((word & 0xc0e0) == 0x80c0 && (guchar) p[0] >= 0xc2)
    return (word & 0xc0e00000) == 0x80c00000 && (guchar) p[2] >= 0xc2 ? 4 : 2;

  character = g_utf8_get_char_validated (p, -1);
  return (gint32) character < 0 ? 0 : (gsize) (g_utf8_next_char (p) - p);
}

/* UTF-8 without NUL. */
static gboolean
is_text (const char *text, gsize length, const char **bad)
{
  const char *end = text + length;
  const char *nul = memchr (text, '\0', length);
  const char *p = text;

  while ((p = skip_ascii (p, end)) < end)
    while ((*p & 0x80) != 0)
      {
        const gsize n = count_valid (p);

        if (n == 0)
          {
            *bad = p;
            return FALSE;
          }
        p += n;
      }

  *bad = nul;
  return nul == NULL;
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

      if (group->name != name && !g_str_equal (group->name, name))
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
  const gsize length = strlen (key);
  Entry *entries = (Entry *) (void *) self->entries->data;

  for (Entry *entry = entries + first; entry < entries + end; entry++)
    if (entry->full_length == length && memcmp (entry->key, key, length) == 0)
      return entry;

  return NULL;
}

static Entry *
find_entry (CwProfileReader *self, const char *group, const char *key)
{
  guint end;
  const Group *found = find_group (self, group, &end);

  return found ? find_entry_between (self, found->first, end, key) : NULL;
}

/* GKeyFile would let the last of several win, in silence. */
static gboolean
set_twice (Scan *self, guint line, const char *declared, gsize length, GError **error)
{
  g_autofree char *shown = g_strndup (declared, length);

  return cw_profile_set_mistake (error, self->reader->path, line, _ ("“%s” is there a second time"),
                                 shown);
}

/* Of valid UTF-8; there are none beyond U+009F. */
static gboolean
is_control (const char *p)
{
  const guchar first = (guchar) p[0];

  return first < 0x20 || first == 0x7f || (first == 0xc2 && (guchar) p[1] < 0xa0);
}

static gboolean
has_control (const char *text, gsize length)
{
  if (is_printable_ascii (text, length))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (is_control (text + i))
      return TRUE;

  return FALSE;
}

static gboolean
set_odd_line (Scan *self, guint number, const char *line, gsize length, GError **error)
{
  g_autofree char *text = g_strndup (line, length);
  g_autofree char *shown = cw_text_clean (text);

  return cw_profile_set_mistake (
      error, self->reader->path, number,
      _ ("“%s” is neither “[Group]” nor “Key=value”, and a comment begins with “#”"), shown);
}

/* The length without the white space at the end. */
static gsize
chomp (const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  return length;
}

static gboolean
has_group (Scan *self, const Group *group)
{
  const GArray *groups = self->reader->groups;

  for (guint i = 0; i < groups->len; i++)
    {
      const Group *other = &g_array_index (groups, Group, i);

      if (other->length == group->length && memcmp (other->name, group->name, group->length) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
take_group (Scan *self, const char *line, gsize length, guint number, GError **error)
{
  const char *end = memchr (line, ']', length);
  Group group = { .name = line + 1, .line = number, .first = self->reader->entries->len };

  if (end == NULL || end != line + length - 1 || end == group.name || has_control (line, length))
    return set_odd_line (self, number, line, length, error);
  group.length = (guint) (end - group.name);
  if (has_group (self, &group))
    return set_twice (self, number, line, length, error);

  self->group = end + 1;
  self->translated = NULL;
  g_array_append_val (self->reader->groups, group);
  return TRUE;
}

static const char *
skip_blanks (const char *text)
{
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

static const char *
find_line_end (const char *line, const char *last)
{
  const char *end = memchr (line, '\n', (gsize) (last - line));

  return end ? end : last;
}

/* Whether it really stands between the group's own line and @key. */
static gboolean
stands_before (Scan *self, const char *key, gsize length)
{
  const char *end;

  for (const char *line = self->group; line < key; line = end + 1)
    {
      const char *other = skip_blanks (line);
      const char *sign;

      end = find_line_end (line, key);
      sign = other < end ? memchr (other, '=', (gsize) (end - other)) : NULL;
      if (sign != NULL && chomp (other, (gsize) (sign - other)) == length &&
          memcmp (other, key, length) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Of the eight bytes at its beginning and at its end, which differ in nearly all keys. */
static guint
hash_key (const Scan *self, const char *key, gsize length)
{
  guint64 first = load_bytes (key);
  guint64 last = length < sizeof last ? 0 : load_bytes (key + length - sizeof last);

  if (length < sizeof first)
    first = length == 0 ? 0 : GUINT64_FROM_LE (first) << (8 * (sizeof first - length));
  first = (first ^ self->reader->groups->len) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (((first ^ last) * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f)) >> 50);
}

/* Most keys are told apart by a bit each; only where that does not do are they compared. */
static gboolean
is_there_twice (Scan *self, const char *key, gsize length)
{
  const guint bit = hash_key (self, key, length);
  guint64 *word = &self->seen[bit / 64];
  const guint64 mask = G_GUINT64_CONSTANT (1) << bit % 64;
  const gboolean was_seen = (*word & mask) != 0;

  *word |= mask;
  return was_seen && stands_before (self, key, length);
}

/* A text without one is in the language "C"; of several, the first language wins. */
static guint8
find_language (const Scan *self, const char *language, gsize length)
{
  for (guint8 i = 0; i < FOREIGN && self->languages[i] != NULL; i++)
    if (self->languages[i][0] == language[0] &&
        strncmp (self->languages[i], language, length) == 0 && self->languages[i][length] == '\0')
      return g_str_equal (self->languages[i], "C") ? FOREIGN : i;

  return FOREIGN;
}

/* Whether the latest translation was one of the same key. */
static gboolean
is_translated_again (const Scan *self, const char *key, gsize full_length)
{
  const gsize length = self->translated_length;

  return self->translated != NULL && length < full_length && key[length] == '[' &&
         memcmp (self->translated, key, length) == 0;
}

/* @entry's key has a language. */
static void
take_translation (Scan *self, Entry *entry)
{
  const gsize length = (gsize) (entry->full_length - entry->length);
  const char *language = entry->key + entry->length;

  self->translated = entry->key;
  self->translated_length = entry->length;
  if (length > 2 && language[length - 1] == ']')
    entry->language = find_language (self, language + 1, length - 2);
  if (entry->language != FOREIGN)
    self->reader->is_translated = TRUE;
  else
    entry->value_length = 0;
}

/* @value is all that follows the "=". */
static void
add_entry (
    Scan *self, const char *key, gsize length, const char *value, const char *end, guint number)
{
  const gboolean again = is_translated_again (self, key, length);
  const char *bracket = again ? key + self->translated_length : memchr (key, '[', length);
  Entry entry = { .key = key, .line = number, .language = FOREIGN };

  value = skip_blanks (value);
  entry.value = (char *) value;
  entry.value_length = (guint16) (end > value ? end - value : 0);
  entry.full_length = (guint16) length;
  entry.length = (guint16) (bracket ? (gsize) (bracket - key) : length);
  if (bracket != NULL)
    take_translation (self, &entry);
  if (!again || entry.language != FOREIGN)
    g_array_append_val (self->reader->entries, entry);
}

static gboolean
take_entry (Scan *self, const char *line, const char *end, guint number, GError **error)
{
  const char *sign = memchr (line, '=', (gsize) (end - line));
  gsize length;

  if (sign == NULL || sign == line)
    return set_odd_line (self, number, line, (gsize) (end - line), error);
  if (self->group == NULL)
    return cw_profile_set_mistake (error, self->reader->path, number,
                                   _ ("it comes before any group"));
  length = chomp (line, (gsize) (sign - line));
  if (has_control (line, length))
    return set_odd_line (self, number, line, length, error);
  if (is_there_twice (self, line, length))
    return set_twice (self, number, line, length, error);

  add_entry (self, line, length, sign + 1, end, number);
  return TRUE;
}

static gboolean
take_line (Scan *self, const char *line, const char *end, guint number, GError **error)
{
  if (end > line && end[-1] == '\r')
    end--;
  line = skip_blanks (line);

  if (line >= end || line[0] == '#')
    return TRUE;
  return line[0] == '[' ? take_group (self, line, chomp (line, (gsize) (end - line)), number, error)
                        : take_entry (self, line, end, number, error);
}

static char *
keep (char **to, const char *text, gsize length)
{
  char *kept = *to;

  memcpy (kept, text, length);
  kept[length] = '\0';
  *to += length + 1;
  return kept;
}

/* Takes what was found out of the file's text, which is gone afterwards. */
static void
keep_texts (CwProfileReader *self)
{
  Group *groups = (Group *) (void *) self->groups->data;
  Entry *entries = (Entry *) (void *) self->entries->data;
  gsize size = 0;
  char *to;

  for (guint i = 0; i < self->groups->len; i++)
    size += groups[i].length + 1;
  for (guint i = 0; i < self->entries->len; i++)
    size += entries[i].full_length + 1 + entries[i].value_length + 1;

  self->text = to = g_malloc (size);
  for (guint i = 0; i < self->groups->len; i++)
    groups[i].name = keep (&to, groups[i].name, groups[i].length);
  for (guint i = 0; i < self->entries->len; i++)
    {
      entries[i].key = keep (&to, entries[i].key, entries[i].full_length);
      entries[i].value = keep (&to, entries[i].value, entries[i].value_length);
    }
}

static gboolean
take_lines (CwProfileReader *self, const char *text, gsize length, GError **error)
{
  Scan scan = { .reader = self, .languages = g_get_language_names () };
  const char *last = text + length;
  const char *end;

  for (guint number = 1; text < last; number++, text = end + 1)
    {
      end = find_line_end (text, last);
      if (!take_line (&scan, text, end, number, error))
        return FALSE;
    }

  keep_texts (self);
  return TRUE;
}

/* UTF-8 without NUL characters. */
static gboolean
read_valid_text (const char *path, char *text, gsize *length, GError **error)
{
  const char *bad = NULL;

  if (!read_text (path, text, length, error))
    return FALSE;

  return is_text (text, *length, &bad) ||
         cw_profile_set_mistake (error, path, line_of (text, bad), _ ("it is not text in UTF-8"));
}

static gboolean
load (CwProfileReader *self, GError **error)
{
  char text[MAX_FILE_SIZE + PADDING];
  gsize length = 0;

  return read_valid_text (self->path, text, &length, error) &&
         take_lines (self, text, length, error);
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
  guint n = 0;

  if (text[0] == '\0')
    return cw_profile_reader_mistake (self, group, key, error, _ ("nothing stands after the “=”"));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p), n++)
    if (is_control (p))
      return cw_profile_reader_mistake (self, group, key, error,
                                        _ ("it has a line break or another control character"));
  if (n > MAX_CHARACTERS)
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
  if (entry->taken)
    return entry->value;
  if (entry->value_length > 0 && entry->value_length <= MAX_CHARACTERS &&
      is_printable_ascii (entry->value, entry->value_length) &&
      memchr (entry->value, '\\', entry->value_length) == NULL)
    {
      entry->taken = TRUE;
      return entry->value;
    }

  if (!unescape (entry->value))
    cw_profile_reader_mistake (
        self, group, entry->key, error,
        _ ("it has a “\\” that does not begin “\\n”, “\\t”, “\\s” or “\\\\”"));
  else
    entry->taken = check_text (self, group, entry->key, entry->value, error);

  return entry->taken ? entry->value : NULL;
}

/* Of several, the first language wins. */
static Entry *
find_translation (CwProfileReader *self, const char *group, const Entry *untranslated)
{
  guint end = 0;
  const Group *found = self->is_translated ? find_group (self, group, &end) : NULL;
  Entry *best = NULL;

  for (guint i = found ? found->first : 0; i < end; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->language != FOREIGN && entry->length == untranslated->length &&
          memcmp (entry->key, untranslated->key, entry->length) == 0 &&
          (best == NULL || entry->language < best->language))
        best = entry;
    }

  return best;
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

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->groups = g_array_sized_new (FALSE, FALSE, sizeof (Group), 16);
  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), 64);

  return load (self, error) ? g_steal_pointer (&self) : NULL;
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
  char text[MAX_FILE_SIZE + PADDING];

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (length != NULL, NULL);

  return read_valid_text (path, text, length, error) ? g_memdup2 (text, *length + 1) : NULL;
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

  entry = find_translation (self, group, find_entry (self, group, key));
  return entry ? take_value (self, group, entry, error) : untranslated;
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

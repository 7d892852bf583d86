/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-text.h"

#define MAX_CHARACTERS 200

#define NON_JOINER 0x200c
#define JOINER     0x200d
#define VIRAMA     9 /* a canonical combining class */

/* What leaves no mark, or a blank one, and is neither a format character nor a separator:
 * Default_Ignorable_Code_Point of Unicode 15, and letters and symbols that are blank. */
static const struct
{
  gunichar first;
  gunichar last;
} blanks[] = {
  { 0x034f, 0x034f },   { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
  { 0x2065, 0x2065 },   { 0x2800, 0x2800 }, { 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },
  { 0xffa0, 0xffa0 },   { 0xfff0, 0xfff8 }, { 0x13441, 0x13442 }, { 0x1d159, 0x1d159 },
  { 0xe0000, 0xe0fff },
};

char *
cw_text_clean (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);
  int n = 0;
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p), n++)
    {
      if (n == MAX_CHARACTERS)
        {
          g_string_append (clean, "…");
          break;
        }
      gunichar c = g_utf8_get_char (p);
      g_string_append_unichar (clean, cw_text_is_hidden (c) ? ' ' : c);
    }
  g_strstrip (clean->str);
  return g_string_free (clean, FALSE);
}

gboolean
cw_text_is_hidden (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    case G_UNICODE_FORMAT:
      /* Joiners are part of how some scripts are written. */
      return c != NON_JOINER && c != JOINER;
    default:
      return FALSE;
    }
}

gboolean
cw_text_has_hidden (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (cw_text_is_hidden (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static gboolean
is_blank (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (blanks); i++)
    if (c >= blanks[i].first && c <= blanks[i].last)
      return TRUE;

  return c != ' ' && g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
}

/* A letter that takes another shape beside others. */
static gboolean
joins (gunichar c)
{
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_ADLAM:
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_MANDAIC:
    case G_UNICODE_SCRIPT_MONGOLIAN:
    case G_UNICODE_SCRIPT_NKO:
    case G_UNICODE_SCRIPT_PHAGS_PA:
    case G_UNICODE_SCRIPT_SYRIAC:
      return g_unichar_isalpha (c);
    default:
      return FALSE;
    }
}

static const char *
skip_marks (const char *text)
{
  while (g_unichar_ismark (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);

  return text;
}

/* RFC 5892, appendix A; @base is the character before it, but for marks, and @last with them. */
static gboolean
is_joiner_seen (const char *joiner, gunichar base, gunichar last)
{
  if (last != 0 && g_unichar_combining_class (last) == VIRAMA)
    return TRUE;

  return g_utf8_get_char (joiner) == NON_JOINER && joins (base) &&
         joins (g_utf8_get_char (skip_marks (g_utf8_next_char (joiner))));
}

gboolean
cw_text_has_unseen (const char *text)
{
  gunichar base = 0, last = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (cw_text_is_hidden (c) || is_blank (c))
        return TRUE;
      if ((c == JOINER || c == NON_JOINER) && !is_joiner_seen (p, base, last))
        return TRUE;

      last = c;
      if (!g_unichar_ismark (c))
        base = c;
    }

  return FALSE;
}

char *
cw_text_escape_hidden (const char *text, gsize length)
{
  GString *escaped = g_string_sized_new (length);
  const char *end = text + length;

  while (text < end)
    {
      gunichar c = g_utf8_get_char_validated (text, end - text);
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2;
      const char *next = valid ? g_utf8_next_char (text) : text + 1;

      if (valid && c != 0 && !cw_text_is_hidden (c))
        g_string_append_len (escaped, text, next - text);
      else
        for (const char *p = text; p < next; p++)
          g_string_append_printf (escaped, "\\%02X", (guchar) *p);
      text = next;
    }

  return g_string_free (escaped, FALSE);
}

void
cw_text_append_item (GString *list, const char *item)
{
  g_return_if_fail (list != NULL);
  g_return_if_fail (item != NULL);

  if (list->len > 0)
    /* Translators: between the parts of a list */
    g_string_append (list, C_ ("list", ", "));
  g_string_append (list, item);
}

char *
cw_text_join_sentences (const char *first, const char *second)
{
  g_return_val_if_fail (first != NULL, NULL);
  g_return_val_if_fail (second != NULL, NULL);

  /* Translators: a sentence and the one after it, with what stands between sentences */
  return g_strdup_printf (C_ ("sentences", "%s %s"), first, second);
}

void
cw_text_append_sentence (GString *text, const char *sentence)
{
  g_return_if_fail (text != NULL);
  g_return_if_fail (sentence != NULL);

  g_autofree char *all =
      text->len > 0 ? cw_text_join_sentences (text->str, sentence) : g_strdup (sentence);
  g_string_assign (text, all);
}

char *
cw_text_drop_directions (const char *text)
{
  static const char *const directions[] = { "\u061c", "\u200e", "\u200f", "\u2066",
                                            "\u2067", "\u2068", "\u2069" };

  g_return_val_if_fail (text != NULL, NULL);

  GString *plain = g_string_new (text);
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    g_string_replace (plain, directions[i], "", 0);
  return g_string_free (plain, FALSE);
}

char *
cw_text_from_bytes (const guint8 *bytes, gsize n_bytes)
{
  g_return_val_if_fail (bytes != NULL || n_bytes == 0, NULL);

  GString *text = g_string_sized_new (n_bytes * 3 + 1);
  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (text, i == 0 ? "%02X" : ":%02X", bytes[i]);
  return g_string_free (text, FALSE);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-text.h"

#define MAX_CHARACTERS 200

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
      return c != 0x200c && c != 0x200d;
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

char *
cw_text_from_bytes (const guint8 *bytes, gsize n_bytes)
{
  g_return_val_if_fail (bytes != NULL || n_bytes == 0, NULL);

  GString *text = g_string_sized_new (n_bytes * 3 + 1);
  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (text, i == 0 ? "%02X" : ":%02X", bytes[i]);
  return g_string_free (text, FALSE);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-quote.h"
#include "cw-text.h"

/* OpenVPN takes no line of more than 255 bytes; its option's name has to fit, too. */
#define MAX_OPENVPN 230

#define SHELL_SAFE G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_@%+:,./-"

const char *const cw_language_ids[] = {
  [CW_LANGUAGE_PLAIN] = "plain",
  [CW_LANGUAGE_SHELL] = "shell",
  [CW_LANGUAGE_PYTHON] = "python",
  [CW_LANGUAGE_JAVASCRIPT] = "javascript",
  [CW_LANGUAGE_JAVA] = "java",
  [CW_LANGUAGE_JSON] = "json",
  [CW_LANGUAGE_YAML] = "yaml",
  [CW_LANGUAGE_TOML] = "toml",
  [CW_LANGUAGE_PROPERTIES] = "properties",
  [CW_LANGUAGE_NGINX] = "nginx",
  [CW_LANGUAGE_OPENVPN] = "openvpn",
  [CW_LANGUAGE_MOSQUITTO] = "mosquitto",
  NULL,
};

/* How a character beyond those with an escape of their own is written. */
typedef enum
{
  CODE_NONE,  /* it is refused */
  CODE_HEX,   /* \xNN, \uNNNN, \UNNNNNNNN */
  CODE_UTF16, /* \uNNNN, twice if need be */
  CODE_OCTAL, /* \NNN below 256, then as CODE_UTF16 */
  CODE_LONG,  /* \uNNNN, \UNNNNNNNN */
} Code;

/* How a language writes a text. */
typedef struct
{
  const char *quote;    /* around it */
  const char *letters;  /* that follow a backslash … */
  const char *meanings; /* … and what they stand for */
  const char *refused;  /* what it cannot say without its changing meaning */
  Code code;
  gboolean ascii;      /* whether all else than ASCII is written as a code */
  const char *comment; /* how a comment begins, one of several; two characters are one */
} Grammar;

#define C_LETTERS  "\"\\nrt"
#define C_MEANINGS "\"\\\n\r\t"

static const Grammar grammars[] = {
  [CW_LANGUAGE_PLAIN] = { "", "", "", "", CODE_NONE, FALSE, "" },
  [CW_LANGUAGE_SHELL] = { "'", "", "", "", CODE_NONE, FALSE, "#" },
  [CW_LANGUAGE_PYTHON] = { "\"", C_LETTERS, C_MEANINGS, "", CODE_HEX, FALSE, "#" },
  [CW_LANGUAGE_JAVASCRIPT] = { "\"", C_LETTERS, C_MEANINGS, "", CODE_UTF16, FALSE, "//" },
  /* javac takes the file for one in the locale's encoding. */
  [CW_LANGUAGE_JAVA] = { "\"", C_LETTERS, C_MEANINGS, "", CODE_OCTAL, TRUE, "//" },
  [CW_LANGUAGE_JSON] = { "\"", C_LETTERS, C_MEANINGS, "", CODE_UTF16, FALSE, "" },
  [CW_LANGUAGE_YAML] = { "\"", C_LETTERS, C_MEANINGS, "", CODE_HEX, FALSE, "#" },
  [CW_LANGUAGE_TOML] = { "\"", C_LETTERS, C_MEANINGS, "", CODE_LONG, FALSE, "#" },
  /* Properties are in ISO 8859-1, unless somebody says otherwise. */
  [CW_LANGUAGE_PROPERTIES] = { "", "\\nrt", "\\\n\r\t", "", CODE_UTF16, TRUE, "#!" },
  [CW_LANGUAGE_NGINX] = { "\"", C_LETTERS, C_MEANINGS, "$", CODE_NONE, FALSE, "#" },
  [CW_LANGUAGE_OPENVPN] = { "\"", "\"\\", "\"\\", "", CODE_NONE, FALSE, "#;" },
  [CW_LANGUAGE_MOSQUITTO] = { "", "", "", "", CODE_NONE, FALSE, "#" },
};

static void
append_code (CwSecretBuilder *builder, Code code, gunichar c)
{
  g_autofree char *text = NULL;

  if (code == CODE_OCTAL && c < 0x100)
    text = g_strdup_printf ("\\%03o", c);
  else if (code == CODE_HEX && c < 0x100)
    text = g_strdup_printf ("\\x%02x", c);
  else if (c < 0x10000)
    text = g_strdup_printf ("\\u%04x", c);
  else if (code == CODE_HEX || code == CODE_LONG)
    text = g_strdup_printf ("\\U%08x", c);
  else
    text = g_strdup_printf ("\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                            0xdc00 + ((c - 0x10000) & 0x3ff));

  cw_secret_builder_append (builder, text, -1);
}

/* What makes a line look like another, or break, is not written as it is. */
static gboolean
append_character (CwSecretBuilder *builder, const Grammar *grammar, const char *p, gsize length)
{
  const gunichar c = g_utf8_get_char (p);
  const char *meaning = c < 0x80 ? strchr (grammar->meanings, (int) c) : NULL;

  if (meaning != NULL)
    {
      const char escape[] = { '\\', grammar->letters[meaning - grammar->meanings] };

      cw_secret_builder_append (builder, escape, sizeof escape);
      return TRUE;
    }
  if ((c < 0x80 && strchr (grammar->refused, (int) c)) ||
      (grammar->code == CODE_NONE && g_unichar_iscntrl (c)))
    return FALSE;

  if (grammar->code != CODE_NONE &&
      (cw_text_is_hidden (c) || (c & 0xfffe) == 0xfffe || (grammar->ascii && c >= 0x80)))
    append_code (builder, grammar->code, c);
  else
    cw_secret_builder_append (builder, p, (gssize) length);
  return TRUE;
}

static gboolean
append_quoted (CwSecretBuilder *builder, const Grammar *grammar, const char *text, gsize length)
{
  cw_secret_builder_append (builder, grammar->quote, -1);
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    if (!append_character (builder, grammar, p, (gsize) (g_utf8_next_char (p) - p)))
      return FALSE;
  cw_secret_builder_append (builder, grammar->quote, -1);

  return TRUE;
}

static gboolean
is_shell_word (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (strchr (SHELL_SAFE, text[i]) == NULL)
      return FALSE;

  return length > 0;
}

/* Within single quotes nothing means anything but another single quote. */
static void
append_shell (CwSecretBuilder *builder, const char *text, gsize length)
{
  if (is_shell_word (text, length))
    {
      cw_secret_builder_append (builder, text, (gssize) length);
      return;
    }

  cw_secret_builder_append (builder, "'", 1);
  for (gsize i = 0; i < length; i++)
    if (text[i] == '\'')
      cw_secret_builder_append (builder, "'\\''", -1);
    else
      cw_secret_builder_append (builder, text + i, 1);
  cw_secret_builder_append (builder, "'", 1);
}

/* A line's reader takes these off. */
static gboolean
has_outer_space (const char *text, gsize length)
{
  return length == 0 || g_ascii_isspace (text[0]) || g_ascii_isspace (text[length - 1]);
}

static gboolean
append_value (CwSecretBuilder *builder, CwLanguage language, const char *text, gsize length)
{
  switch (language)
    {
    case CW_LANGUAGE_SHELL:
      append_shell (builder, text, length);
      return TRUE;
    case CW_LANGUAGE_PROPERTIES:
      /* The first of several spaces would be taken for the separator's. */
      cw_secret_builder_append (builder, "\\", length > 0 && text[0] == ' ');
      return append_quoted (builder, &grammars[language], text, length);
    case CW_LANGUAGE_MOSQUITTO:
      return !has_outer_space (text, length) &&
             append_quoted (builder, &grammars[language], text, length);
    case CW_LANGUAGE_OPENVPN:
      return length <= MAX_OPENVPN && append_quoted (builder, &grammars[language], text, length);
    default:
      return append_quoted (builder, &grammars[language], text, length);
    }
}

static void
set_impossible (CwLanguage language, const char *text, gsize length, GError **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_autofree char *shown = cw_text_clean (copy);

  g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
               /* Translators: a name, a path or an address; a language, as in "openvpn". */
               _ ("“%s” cannot be written into a text for “%s”, which has no way to say one of its "
                  "characters, or takes nothing so long. Choose another name or folder."),
               shown, cw_language_ids[language]);
}

/* @n hexadecimal digits, or octal ones; -1 if they are not there. */
static gint64
read_digits (const char **p, const char *end, guint n, guint base)
{
  gint64 value = 0;

  for (guint i = 0; i < n; i++, (*p)++)
    {
      const int digit = *p < end ? g_ascii_xdigit_value (**p) : -1;

      if (digit < 0 || digit >= (int) base)
        return -1;
      value = value * base + digit;
    }

  return value;
}

/* What follows a "\\u"; a pair stands for one character. */
static gint64
read_utf16 (const char **p, const char *end)
{
  const gint64 first = read_digits (p, end, 4, 16);
  gint64 second;

  if (first < 0xd800 || first > 0xdbff)
    return first >= 0xdc00 && first <= 0xdfff ? -1 : first;
  if (end - *p < 2 || (*p)[0] != '\\' || (*p)[1] != 'u')
    return -1;
  *p += 2;
  second = read_digits (p, end, 4, 16);
  return second < 0xdc00 || second > 0xdfff
             ? -1
             : 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

/* The character of a code, behind its backslash. */
static gint64
read_code (const Grammar *grammar, const char **p, const char *end)
{
  const char kind = *p < end ? *(*p)++ : '\0';

  if (grammar->code == CODE_OCTAL && g_ascii_isdigit (kind))
    {
      (*p)--;
      return read_digits (p, end, 3, 8);
    }
  if (grammar->code == CODE_HEX && kind == 'x')
    return read_digits (p, end, 2, 16);
  if (kind == 'u')
    return read_utf16 (p, end);
  if (kind == 'U' && (grammar->code == CODE_HEX || grammar->code == CODE_LONG))
    return read_digits (p, end, 8, 16);

  return -1;
}

static gboolean
read_escape (CwSecretBuilder *builder, const Grammar *grammar, const char **p, const char *end)
{
  const char *letter = *p < end ? strchr (grammar->letters, **p) : NULL;
  char utf8[6];
  gint64 c;

  if (letter != NULL && *letter != '\0')
    {
      (*p)++;
      cw_secret_builder_append (builder, grammar->meanings + (letter - grammar->letters), 1);
      return TRUE;
    }
  if (grammar->code == CODE_NONE)
    return FALSE;

  c = read_code (grammar, p, end);
  if (c <= 0 || !g_unichar_validate ((gunichar) c))
    return FALSE;
  cw_secret_builder_append (builder, utf8, g_unichar_to_utf8 ((gunichar) c, utf8));
  return TRUE;
}

static gboolean
read_quoted (CwSecretBuilder *builder, const Grammar *grammar, const char *p, const char *end)
{
  const gsize n = strlen (grammar->quote);

  if ((gsize) (end - p) < 2 * n || strncmp (p, grammar->quote, n) != 0 ||
      strncmp (end - n, grammar->quote, n) != 0)
    return FALSE;

  p += n;
  end -= n;
  while (p < end)
    {
      if (grammar->letters[0] != '\0' && *p == '\\')
        {
          p++;
          if (!read_escape (builder, grammar, &p, end))
            return FALSE;
          continue;
        }
      if ((n > 0 && *p == grammar->quote[0]) || strchr (grammar->refused, *p) != NULL ||
          g_ascii_iscntrl (*p))
        return FALSE;
      cw_secret_builder_append (builder, p++, 1);
    }

  return TRUE;
}

static gboolean
read_shell (CwSecretBuilder *builder, const char *p, const char *end)
{
  gboolean quoted = FALSE;

  if (is_shell_word (p, (gsize) (end - p)))
    {
      cw_secret_builder_append (builder, p, end - p);
      return TRUE;
    }

  for (; p < end; p++)
    if (*p == '\'')
      quoted = !quoted;
    else if (quoted)
      cw_secret_builder_append (builder, p, 1);
    else if (*p == '\\' && p + 1 < end && p[1] == '\'')
      cw_secret_builder_append (builder, ++p, 1);
    else
      return FALSE;

  return !quoted;
}

static gboolean
read_value (CwSecretBuilder *builder, CwLanguage language, const char *p, const char *end)
{
  if (language == CW_LANGUAGE_SHELL)
    return end > p && read_shell (builder, p, end);
  if (language == CW_LANGUAGE_MOSQUITTO && has_outer_space (p, (gsize) (end - p)))
    return FALSE;
  if (language == CW_LANGUAGE_PROPERTIES && end - p >= 2 && p[0] == '\\' && p[1] == ' ')
    p++;

  return read_quoted (builder, &grammars[language], p, end);
}

CwSecret *
cw_quote (CwLanguage language, const char *text, gssize length, GError **error)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  const gsize size = length < 0 ? strlen (text) : (gsize) length;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (language < G_N_ELEMENTS (grammars), NULL);

  if (g_utf8_validate (text, (gssize) size, NULL) && append_value (builder, language, text, size))
    return cw_secret_builder_end (g_steal_pointer (&builder));

  set_impossible (language, text, size, error);
  return NULL;
}

char *
cw_quote_word (const char *text)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  g_autoptr (CwSecret) quoted = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  append_shell (builder, text, strlen (text));
  quoted = cw_secret_builder_end (g_steal_pointer (&builder));
  return g_strdup (cw_secret_peek (quoted));
}

CwSecret *
cw_unquote (CwLanguage language, const char *quoted, gssize length)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  const gsize size = length < 0 ? strlen (quoted) : (gsize) length;

  g_return_val_if_fail (quoted != NULL, NULL);
  g_return_val_if_fail (language < G_N_ELEMENTS (grammars), NULL);

  return read_value (builder, language, quoted, quoted + size)
             ? cw_secret_builder_end (g_steal_pointer (&builder))
             : NULL;
}

gboolean
cw_language_is_comment (CwLanguage language, const char *line)
{
  const char *comment;

  g_return_val_if_fail (line != NULL, FALSE);
  g_return_val_if_fail (language < G_N_ELEMENTS (grammars), FALSE);

  comment = grammars[language].comment;
  line += strspn (line, " \t");
  if (g_str_equal (comment, "//"))
    return g_str_has_prefix (line, comment);
  return line[0] != '\0' && strchr (comment, line[0]) != NULL;
}

gboolean
cw_language_has_blocks (CwLanguage language)
{
  return language == CW_LANGUAGE_PLAIN || language == CW_LANGUAGE_OPENVPN;
}

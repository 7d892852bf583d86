/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-quote.h"

/* What is in names and paths, and what is only there to harm. */
static const char *const texts[] = {
  "",
  "plain",
  "client key.pem",
  " leading",
  "trailing ",
  "it's",
  "“quoted” \"twice\"",
  "$HOME `id` $(id) ${x}",
  "C:\\new\\table\\",
  "\\",
  "\\u0041\\x41\\101\\n",
  "line\nbreak\r\nand\ttab",
  "'; rm -rf ~; '",
  "\"; evil(); \"",
  "# not a comment",
  "; neither",
  "!history ~ * ? [a-z] {a,b} & | < > ( )",
  "{{address}} %s %(x)s #{x}",
  "key: value, - item",
  "= : # !",
  "Zoë Ünïcode 漢字 😀",
  "\u202e\u200b\u2028\u2029\xc2\x85\ufeff",
  "bell\a escape\x1b delete\x7f",
  "-option",
  "@file",
};

static void
assert_round_trip (CwLanguage language, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) quoted = cw_quote (language, text, -1, &error);
  g_autoptr (CwSecret) found = NULL;

  if (quoted == NULL)
    {
      g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cw_language_ids[language]));
      return;
    }
  g_assert_no_error (error);
  found = cw_unquote (language, cw_secret_peek (quoted), -1);
  g_assert_nonnull (found);
  g_assert_cmpstr (cw_secret_peek (found), ==, text);
}

static void
test_round_trip (void)
{
  for (guint language = 0; cw_language_ids[language] != NULL; language++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        assert_round_trip (language, texts[i]);
      for (char c = 1; c < 127; c++)
        {
          const char text[] = { 'a', c, 'b', '\0' };

          assert_round_trip (language, text);
        }
    }
}

static void
assert_quoted (CwLanguage language, const char *text, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) quoted = cw_quote (language, text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (cw_secret_peek (quoted), ==, wanted);
}

static void
test_forms (void)
{
  assert_quoted (CW_LANGUAGE_SHELL, "client.key", "client.key");
  assert_quoted (CW_LANGUAGE_SHELL, "it's", "'it'\\''s'");
  assert_quoted (CW_LANGUAGE_SHELL, "", "''");
  assert_quoted (CW_LANGUAGE_SHELL, "a=b", "'a=b'");
  assert_quoted (CW_LANGUAGE_PYTHON, "Zoë\x01", "\"Zoë\\x01\"");
  assert_quoted (CW_LANGUAGE_JAVA, "Zoë\n😀", "\"Zo\\353\\n\\ud83d\\ude00\"");
  assert_quoted (CW_LANGUAGE_JAVASCRIPT, "\u2028", "\"\\u2028\"");
  assert_quoted (CW_LANGUAGE_PROPERTIES, " a\\b ë", "\\ a\\\\b \\u00eb");
  assert_quoted (CW_LANGUAGE_OPENVPN, "a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"");
  assert_quoted (CW_LANGUAGE_MOSQUITTO, "a b.pem", "a b.pem");
}

static void
assert_refused (CwLanguage language, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_quote (language, text, -1, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
}

/* A file's name may be anything; that is no reason not to name it. */
static void
test_word (void)
{
  const char *const words[][2] = {
    { "client.key", "client.key" },
    { "", "''" },
    { "a=b", "'a=b'" },
    { "it's", "'it'\\''s'" },
    { "\xff x", "'\xff x'" },
    { "$HOME", "'$HOME'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *quoted = cw_quote_word (words[i][0]);

      g_assert_cmpstr (quoted, ==, words[i][1]);
    }
}

static void
test_refused (void)
{
  g_autofree char *path = g_strnfill (231, 'x');

  assert_refused (CW_LANGUAGE_PLAIN, "a\nb");
  assert_refused (CW_LANGUAGE_MOSQUITTO, " a");
  assert_refused (CW_LANGUAGE_MOSQUITTO, "a ");
  assert_refused (CW_LANGUAGE_MOSQUITTO, "");
  assert_refused (CW_LANGUAGE_MOSQUITTO, "a\nlistener 1");
  assert_refused (CW_LANGUAGE_OPENVPN, "a\nup /bin/sh");
  assert_refused (CW_LANGUAGE_OPENVPN, path);
  assert_refused (CW_LANGUAGE_NGINX, "$host");
  assert_refused (CW_LANGUAGE_SHELL, "\xff");
  assert_refused (CW_LANGUAGE_JSON, "\xed\xa0\x80");
}

static void
test_not_one_value (void)
{
  const struct
  {
    CwLanguage language;
    const char *quoted;
  } wrong[] = {
    { CW_LANGUAGE_SHELL, "a b" },       { CW_LANGUAGE_SHELL, "'a" },
    { CW_LANGUAGE_SHELL, "$a" },        { CW_LANGUAGE_SHELL, "" },
    { CW_LANGUAGE_PYTHON, "\"a\"b\"" }, { CW_LANGUAGE_PYTHON, "\"a\\\"" },
    { CW_LANGUAGE_PYTHON, "\"\\q\"" },  { CW_LANGUAGE_PYTHON, "\"" },
    { CW_LANGUAGE_JSON, "\"\\x41\"" },  { CW_LANGUAGE_JSON, "\"\\ud83d\"" },
    { CW_LANGUAGE_JSON, "\"a\nb\"" },   { CW_LANGUAGE_JAVA, "\"\\u00\"" },
    { CW_LANGUAGE_NGINX, "\"$a\"" },    { CW_LANGUAGE_MOSQUITTO, "a\nb" },
    { CW_LANGUAGE_PROPERTIES, "a\\" },  { CW_LANGUAGE_OPENVPN, "\"a\\n\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (CwSecret) found = cw_unquote (wrong[i].language, wrong[i].quoted, -1);

      g_assert_null (found);
    }
}

static void
test_comments (void)
{
  g_assert_true (cw_language_is_comment (CW_LANGUAGE_SHELL, "  # x"));
  g_assert_false (cw_language_is_comment (CW_LANGUAGE_SHELL, "x # y"));
  g_assert_false (cw_language_is_comment (CW_LANGUAGE_SHELL, ""));
  g_assert_true (cw_language_is_comment (CW_LANGUAGE_JAVA, "// x"));
  g_assert_false (cw_language_is_comment (CW_LANGUAGE_JAVA, "/ x"));
  g_assert_true (cw_language_is_comment (CW_LANGUAGE_OPENVPN, "; x"));
  g_assert_false (cw_language_is_comment (CW_LANGUAGE_JSON, "# x"));
}

/* The language itself: it prints each text in hexadecimal, a line for each. */
typedef struct
{
  CwLanguage language;
  const char *program;
  const char *needed; /* a program, or a module of Python */
  const char *before;
  const char *each; /* with %s for the value */
  const char *after;
} Reader;

#define PRINT_HEX "p () { printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n'; echo; }\n"

/* A program in Python for which each line of what follows it is one value. */
#define FOR_EACH_LINE(statement)                                                                   \
  "exec python3 -c '\n"                                                                            \
  "import sys\n"                                                                                   \
  "for line in sys.stdin.buffer.read().decode ().split (\"\\n\")[:-1]:\n"                          \
  "  " statement "\n"                                                                              \
  "' << 'END OF VALUES'\n"

static const Reader readers[] = {
  { CW_LANGUAGE_SHELL, "sh", NULL, PRINT_HEX, "p %s\n", "" },
  { CW_LANGUAGE_SHELL, "bash", "bash", PRINT_HEX, "p %s\n", "" },
  { CW_LANGUAGE_PYTHON, "python3", NULL, "# coding: utf-8\n", "print(%s.encode().hex())\n", "" },
  { CW_LANGUAGE_JAVASCRIPT, "node", "node", "", "console.log(Buffer.from(%s).toString('hex'));\n",
    "" },
  { CW_LANGUAGE_JSON, "sh", NULL,
    FOR_EACH_LINE ("import json; print (json.loads (line).encode ().hex ())"), "%s\n",
    "END OF VALUES\n" },
  { CW_LANGUAGE_TOML, "sh", "tomllib",
    FOR_EACH_LINE (
        "import tomllib; print (tomllib.loads (\"a = \" + line)[\"a\"].encode ().hex ())"),
    "%s\n", "END OF VALUES\n" },
  { CW_LANGUAGE_YAML, "sh", "yaml",
    FOR_EACH_LINE ("import yaml; print (yaml.safe_load (\"a: \" + line)[\"a\"].encode ().hex ())"),
    "%s\n", "END OF VALUES\n" },
  { CW_LANGUAGE_JAVA, "java", "javac",
    "class Quote {\n"
    "  static void p (String s) {\n"
    "    StringBuilder b = new StringBuilder ();\n"
    "    for (byte c : s.getBytes (java.nio.charset.StandardCharsets.UTF_8))\n"
    "      b.append (String.format (\"%02x\", c));\n"
    "    System.out.println (b);\n"
    "  }\n"
    "  public static void main (String[] a) {\n",
    "    p (%s);\n", "  }\n}\n" },
  /* Of which a line is here a text in Java. */
  { CW_LANGUAGE_PROPERTIES, "java", "javac",
    "class Quote {\n"
    "  static void p (String s) throws Exception {\n"
    "    var p = new java.util.Properties ();\n"
    "    p.load (new java.io.StringReader (s));\n"
    "    StringBuilder b = new StringBuilder ();\n"
    "    for (byte c : p.getProperty (\"a\").getBytes (java.nio.charset.StandardCharsets.UTF_8))\n"
    "      b.append (String.format (\"%02x\", c));\n"
    "    System.out.println (b);\n"
    "  }\n"
    "  public static void main (String[] a) throws Exception {\n",
    "    p (%s);\n", "  }\n}\n" },
};

static gboolean
is_installed (const char *needed)
{
  g_autofree char *program = needed ? g_find_program_in_path (needed) : NULL;
  g_autofree char *command = g_strdup_printf ("python3 -c 'import %s'", needed);
  int status = 1;

  return needed == NULL || program != NULL ||
         (g_spawn_command_line_sync (command, NULL, NULL, &status, NULL) && status == 0);
}

/* What the language is asked to run, over files whose names have nothing odd. */
static char *
run (const char *program, const char *script)
{
  g_autofree char *path = NULL;
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  const int fd = g_file_open_tmp ("quote-XXXXXX.java", &path, &error);
  const char *const argv[] = { program, path, NULL };
  int status = 1;

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, script, -1, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said,
                               NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_unlink (path);
  return g_steal_pointer (&said);
}

static void
append_hex (GString *all, const char *text)
{
  for (; *text != '\0'; text++)
    g_string_append_printf (all, "%02x", (guchar) *text);
  g_string_append_c (all, '\n');
}

static CwSecret *
quote (CwLanguage language, const char *text)
{
  g_autoptr (CwSecret) quoted = cw_quote (language, text, -1, NULL);
  g_autofree char *line = NULL;

  if (quoted == NULL || language != CW_LANGUAGE_PROPERTIES)
    return g_steal_pointer (&quoted);
  line = g_strconcat ("a=", cw_secret_peek (quoted), "\n", NULL);
  return cw_quote (CW_LANGUAGE_JAVA, line, -1, NULL);
}

/* The program that reads each language, as a script with a value for each %s. */
static char *
write_script (const Reader *reader, GString *wanted)
{
  GString *script = g_string_new (reader->before);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CwSecret) quoted = quote (reader->language, texts[i]);
      g_auto (GStrv) parts = g_strsplit (reader->each, "%s", 2);

      if (quoted == NULL)
        continue;
      g_string_append_printf (script, "%s%s%s", parts[0], cw_secret_peek (quoted), parts[1]);
      append_hex (wanted, texts[i]);
    }
  g_string_append (script, reader->after);

  return g_string_free (script, FALSE);
}

static void
test_language (gconstpointer data)
{
  const Reader *reader = data;
  g_autoptr (GString) wanted = g_string_new (NULL);
  g_autofree char *script = NULL;
  g_autofree char *said = NULL;

  if (!is_installed (reader->needed))
    {
      g_test_skip (reader->needed);
      return;
    }
  script = write_script (reader, wanted);
  said = run (reader->program, script);
  g_assert_cmpstr (said, ==, wanted->str);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/quote/round-trip", test_round_trip);
  g_test_add_func ("/quote/forms", test_forms);
  g_test_add_func ("/quote/word", test_word);
  g_test_add_func ("/quote/refused", test_refused);
  g_test_add_func ("/quote/not-one-value", test_not_one_value);
  g_test_add_func ("/quote/comments", test_comments);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_autofree char *path = g_strdup_printf (
          "/quote/language/%s/%s", cw_language_ids[readers[i].language], readers[i].program);

      g_test_add_data_func (path, &readers[i], test_language);
    }

  return g_test_run ();
}

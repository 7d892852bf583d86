/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The YAML reader that checks what was exported, and what shows it on the screen.
 */

#include "config.h"

#include <string.h>

#include "cw-output.h"
#include "cw-yaml.h"
#include "fuzz.h"

static gsize
count_lines (CwSecret *text)
{
  gsize n = 0;

  for (const char *p = cw_secret_peek (text); *p != '\0'; p++)
    n += *p == '\n';
  return n;
}

static void
check_mask (CwSecret *text)
{
  g_autoptr (CwSecret) masked = cw_output_mask (text);
  g_autoptr (CwSecret) again = cw_output_mask (masked);

  g_assert_cmpuint (count_lines (masked), ==, count_lines (text));
  g_assert_true (cw_secret_equal (masked, again));
}

static void
check_spans (CwSecret *text)
{
  g_autoptr (GArray) spans = cw_yaml_get_spans (text);
  gsize end = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const CwOutputSpan *span = &g_array_index (spans, CwOutputSpan, i);
      g_assert_cmpuint (span->start, >=, end);
      g_assert_cmpuint (span->end, >=, span->start);
      end = span->end;
    }
  g_assert_cmpuint (end, <=, cw_secret_get_length (text));
}

static void
assert_equal_entries (const CwYamlEntry *a, const CwYamlEntry *b)
{
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->value, ==, b->value);
  g_assert_true ((a->secret != NULL) == (b->secret != NULL));
  if (a->secret != NULL)
    g_assert_true (cw_secret_equal (a->secret, b->secret));
}

/* What the writer is given in earnest: names and values of one line, and PEM. */
static gboolean
is_ordinary (const CwYamlEntry *entry)
{
  return strpbrk (entry->name, "\r\n") == NULL && entry->secret == NULL && entry->value != NULL &&
         strpbrk (entry->value, "\r\n") == NULL;
}

/* What was read is written, and read again. */
static void
check_round_trip (GPtrArray *entries)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < entries->len; i++)
    if (!is_ordinary (g_ptr_array_index (entries, i)))
      return;
  if (entries->len == 0)
    return;
  g_autoptr (CwSecret) text = cw_yaml_write ("Comment", entries, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) again = cw_yaml_read (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, entries->len);
  for (guint i = 0; i < entries->len; i++)
    assert_equal_entries (g_ptr_array_index (entries, i), g_ptr_array_index (again, i));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (CwSecret) text = cw_secret_new ((const char *) data, (gssize) size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = cw_yaml_read (text, &error);

  fuzz_check_result (entries != NULL, error);
  if (entries != NULL)
    check_round_trip (entries);
  /* What is shown is what was rendered: text without a NUL. */
  if (memchr (data, '\0', size) == NULL && g_utf8_validate ((const char *) data, size, NULL))
    {
      check_mask (text);
      check_spans (text);
    }

  return 0;
}

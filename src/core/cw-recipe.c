/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-quote.h"
#include "cw-recipe-private.h"

#define MAX_STEM 48
#define MAX_LINE 64

static const struct
{
  const char *id;
  const char *title;
  void (*write) (CwRecipeWriter *self);
} parts[] = {
  [CW_RECIPE_REQUEST] = { "request", N_ ("Make the Request"), cw_recipe_write_request },
  [CW_RECIPE_SELF_SIGN] = { "self-sign", N_ ("Sign It Yourself"), cw_recipe_write_self_sign },
  [CW_RECIPE_SIGN] = { "sign", N_ ("Sign It With a Private CA"), cw_recipe_write_sign },
  [CW_RECIPE_VERIFY] = { "verify", N_ ("Verify the Certificate"), cw_recipe_write_verify },
  [CW_RECIPE_TEST] = { "test", N_ ("Test the Connection"), cw_recipe_write_test },
  [CW_RECIPE_CONVERT] = { "convert", N_ ("Convert to Other Forms"), cw_recipe_write_convert },
};

G_STATIC_ASSERT (G_N_ELEMENTS (parts) == CW_N_RECIPE_PARTS);

/* An option that would make its line long begins the next one. */
static void
break_line (GString *line, const char *word)
{
  const char *newline = strrchr (line->str, '\n');
  const char *start = newline != NULL ? newline + 1 : line->str;

  if (*word == '-' && strlen (start) + strlen (word) > MAX_LINE)
    g_string_append (line, " \\\n  ");
}

static void
append_word (GString *line, const char *word)
{
  g_autofree char *quoted = cw_quote_word (word);

  break_line (line, word);
  if (line->len > 0 && strchr (" \n(", line->str[line->len - 1]) == NULL)
    g_string_append_c (line, ' ');
  g_string_append (line, quoted);
}

static void
append_words (GString *line, va_list words)
{
  const char *word;

  while ((word = va_arg (words, const char *)) != NULL)
    append_word (line, word);
}

void
cw_shell_words (GString *line, ...)
{
  va_list words;

  va_start (words, line);
  append_words (line, words);
  va_end (words);
}

void
cw_shell_more (GString *line, ...)
{
  va_list words;

  g_string_append (line, " \\\n  ");
  va_start (words, line);
  append_words (line, words);
  va_end (words);
}

void
cw_shell_next (GString *line)
{
  g_string_append_c (line, '\n');
}

void
cw_shell_input (GString *line, const char *text)
{
  g_string_append_printf (line, " <<'EOF'\n%sEOF\n", text);
}

const char *
cw_recipe_file (CwRecipeWriter *self, const char *ending)
{
  g_autofree char *name = g_strconcat (self->stem, ending, NULL);

  return g_string_chunk_insert_const (self->names, name);
}

static void
step_free (CwRecipeStep *step)
{
  g_free (step->title);
  g_free (step->text);
  g_free (step->commands);
  g_free (step);
}

CwRecipeStep *
cw_recipe_add (CwRecipeWriter *self, const char *title, const char *text, GString *commands)
{
  CwRecipeStep *step = g_new0 (CwRecipeStep, 1);

  step->title = g_strdup (title);
  step->text = g_strdup (text);
  step->commands = g_strchomp (g_string_free (commands, FALSE));
  g_ptr_array_add (self->steps, step);

  return step;
}

/* What every system and every shell takes for a file's name and for nothing else. */
static char *
make_stem (const char *title)
{
  g_autofree char *ascii = g_str_to_ascii (title != NULL ? title : "", "C");
  GString *stem = g_string_new (NULL);

  g_strcanon (ascii, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "@._", '-');
  for (const char *p = ascii + strspn (ascii, ".-"); *p != '\0' && stem->len < MAX_STEM; p++)
    if (*p != '-' || p[1] != '-')
      g_string_append_c (stem, *p);
  if (stem->len > 0 && stem->str[stem->len - 1] == '-')
    g_string_truncate (stem, stem->len - 1);
  if (stem->len == 0)
    g_string_assign (stem, "client");

  return g_string_free (stem, FALSE);
}

static void
writer_clear (CwRecipeWriter *self)
{
  g_clear_pointer (&self->stem, g_free);
  g_clear_pointer (&self->names, g_string_chunk_free);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwRecipeWriter, writer_clear)

const char *
cw_recipe_part_get_id (CwRecipePart part)
{
  g_return_val_if_fail ((guint) part < G_N_ELEMENTS (parts), NULL);

  return parts[part].id;
}

gboolean
cw_recipe_part_from_id (const char *id, CwRecipePart *part)
{
  g_return_val_if_fail (part != NULL, FALSE);

  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (parts[i].id, id))
      {
        *part = (CwRecipePart) i;
        return TRUE;
      }

  return FALSE;
}

const char *
cw_recipe_part_get_title (CwRecipePart part)
{
  g_return_val_if_fail ((guint) part < G_N_ELEMENTS (parts), NULL);

  return _ (parts[part].title);
}

CwRecipe *
cw_recipe_new (CwRecipePart part, const CwRecipeCase *input, GError **error)
{
  g_auto (CwRecipeWriter) writer = { .input = input };
  CwRecipe *self;

  g_return_val_if_fail ((guint) part < G_N_ELEMENTS (parts), NULL);
  g_return_val_if_fail (input != NULL && CW_IS_REQUEST (input->request), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (part <= CW_RECIPE_SIGN && !cw_request_check (input->request, error))
    return NULL;

  writer.stem = make_stem (input->title);
  writer.names = g_string_chunk_new (256);
  writer.steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  parts[part].write (&writer);

  self = g_new0 (CwRecipe, 1);
  self->title = g_strdup (cw_recipe_part_get_title (part));
  self->steps = g_steal_pointer (&writer.steps);

  return self;
}

static void
append_commands (GString *script, const CwRecipeStep *step)
{
  g_auto (GStrv) lines = g_strsplit (step->commands, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (script, "%s%s\n", step->apart ? "# " : "", lines[i]);
}

char *
cw_recipe_to_script (const CwRecipe *self)
{
  GString *script;
  gboolean asks = FALSE;

  g_return_val_if_fail (self != NULL, NULL);

  script = g_string_new (NULL);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const CwRecipeStep *step = g_ptr_array_index (self->steps, i);

      if (i > 0)
        g_string_append_c (script, '\n');
      if (step->asks && !asks)
        g_string_append (script, "{\n");
      asks = step->asks;
      g_string_append_printf (script, "# %s\n", step->title);
      if (step->text != NULL)
        g_string_append_printf (script, "# %s\n", step->text);
      append_commands (script, step);
    }
  if (asks)
    g_string_append (script, "}\n");

  return g_string_free (script, FALSE);
}

void
cw_recipe_free (CwRecipe *self)
{
  if (self == NULL)
    return;

  g_free (self->title);
  g_ptr_array_unref (self->steps);
  g_free (self);
}

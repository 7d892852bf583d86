/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-profile-reader.h"
#include "cw-template.h"

#define OPEN  "{{"
#define CLOSE "}}"

static CwTemplateLine *
line_new (guint number)
{
  CwTemplateLine *line = g_new (CwTemplateLine, 1);

  line->number = number;
  line->conditions = g_array_new (FALSE, FALSE, sizeof (CwTemplateCondition));
  line->pieces = g_array_new (FALSE, FALSE, sizeof (CwTemplatePiece));
  return line;
}

static void
line_free (CwTemplateLine *line)
{
  g_array_unref (line->conditions);
  g_array_unref (line->pieces);
  g_free (line);
}

static gboolean
is_name (const char *text)
{
  return text[0] != '\0' && text[strspn (text, G_CSET_a_2_z G_CSET_DIGITS "-:")] == '\0';
}

/* Cuts the name out of "{{name}}…"; @rest is what follows. */
static gboolean
take_name (CwTemplate *self,
           const CwTemplateLine *line,
           char *at,
           char **name,
           char **rest,
           GError **error)
{
  char *end = strstr (at, CLOSE);

  if (end == NULL)
    return cw_profile_set_mistake (error, self->path, line->number,
                                   _ ("a “{{” is not followed by a “}}”"));
  *end = '\0';
  *name = at + strlen (OPEN);
  *rest = end + strlen (CLOSE);
  return TRUE;
}

static gboolean
set_no_name (CwTemplate *self, const CwTemplateLine *line, const char *name, GError **error)
{
  return name[0] == '?' || name[0] == '!'
             ? cw_profile_set_mistake (error, self->path, line->number,
                                       _ ("“{{%s}}” is not at the beginning of the line"), name)
             : cw_profile_set_mistake (error, self->path, line->number,
                                       _ ("“{{%s}}” is not the name of anything"), name);
}

static gboolean
take_conditions (CwTemplate *self, CwTemplateLine *line, char **text, GError **error)
{
  while (g_str_has_prefix (*text, OPEN "?") || g_str_has_prefix (*text, OPEN "!"))
    {
      CwTemplateCondition condition;
      char *name;

      if (!take_name (self, line, *text, &name, text, error))
        return FALSE;
      condition = (CwTemplateCondition){ .name = name + 1, .present = name[0] == '?' };
      if (!is_name (condition.name))
        return set_no_name (self, line, condition.name, error);
      g_array_append_val (line->conditions, condition);
    }

  return TRUE;
}

static gboolean
take_pieces (CwTemplate *self, CwTemplateLine *line, char *text, GError **error)
{
  while (*text != '\0')
    {
      CwTemplatePiece piece = { .text = text };
      char *open = strstr (text, OPEN);
      char *name = NULL;

      if (open != NULL && !take_name (self, line, open, &name, &text, error))
        return FALSE;
      if (open != NULL)
        *open = '\0';
      if (piece.text[0] != '\0')
        g_array_append_val (line->pieces, piece);
      if (open == NULL)
        break;

      piece = (CwTemplatePiece){ .name = name };
      if (!is_name (name))
        return set_no_name (self, line, name, error);
      g_array_append_val (line->pieces, piece);
    }

  return TRUE;
}

static gboolean
take_line (CwTemplate *self, guint number, char *text, GError **error)
{
  CwTemplateLine *line = line_new (number);

  g_ptr_array_add (self->lines, line);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)) && *p != '\t')
      return cw_profile_set_mistake (error, self->path, number,
                                     _ ("it has a carriage return or another control character"));

  return take_conditions (self, line, &text, error) && take_pieces (self, line, text, error);
}

CwTemplate *
cw_template_new (const char *path, GError **error)
{
  g_autoptr (CwTemplate) self = g_new0 (CwTemplate, 1);
  gsize length = 0;
  char *line;

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  self->text = cw_profile_read_file (path, &length, error);
  if (self->text == NULL)
    return NULL;

  line = self->text;
  for (guint number = 1; line != NULL && *line != '\0'; number++)
    {
      char *end = strchr (line, '\n');

      if (end != NULL)
        *end++ = '\0';
      if (!take_line (self, number, line, error))
        return NULL;
      line = end;
    }

  return g_steal_pointer (&self);
}

void
cw_template_free (CwTemplate *self)
{
  g_free (self->path);
  g_free (self->text);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}

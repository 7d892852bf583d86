/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: a template of a profile, taken apart. CONTRIBUTING.md
 * describes what is in one.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwTemplatePiece:
 * @name: (nullable): of a placeholder
 * @text: (nullable): that stands there as it is
 */
typedef struct
{
  const char *name;
  const char *text;
} CwTemplatePiece;

/**
 * CwTemplateCondition:
 * @name: what it is about
 * @present: whether the line is there if that has something to say, or if not
 */
typedef struct
{
  const char *name;
  gboolean present;
} CwTemplateCondition;

/**
 * CwTemplateLine:
 * @number: from 1
 * @conditions: (element-type CwTemplateCondition): that have to be met
 * @pieces: (element-type CwTemplatePiece): the rest of it, without its line break
 */
typedef struct
{
  guint number;
  GArray *conditions;
  GArray *pieces;
} CwTemplateLine;

/**
 * CwTemplate:
 * @path: the file
 * @lines: (element-type CwTemplateLine): what is in it
 */
typedef struct
{
  char *path;
  GPtrArray *lines;
  char *text;
} CwTemplate;

/**
 * cw_template_new:
 * @path: the file
 * @error: %CW_ERROR_PROFILE that names the file, the line and the mistake; or #GFileError
 *
 * Returns: (transfer full) (nullable): what is in it; the names are not looked at
 */
CwTemplate *cw_template_new (const char *path, GError **error);
void cw_template_free (CwTemplate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwTemplate, cw_template_free)

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The help: its pages as they are written, in chapters. No widgets. Nothing of it is
 * translated before it is shown.
 */

/**
 * CwHelpKind:
 * @CW_HELP_END: ends the parts of a page
 * @CW_HELP_TEXT: a paragraph
 * @CW_HELP_ITEM: a point of a list
 */
typedef enum
{
  CW_HELP_END,
  CW_HELP_TEXT,
  CW_HELP_ITEM,
} CwHelpKind;

typedef struct
{
  CwHelpKind kind;
  const char *text; /* to be translated */
} CwHelpPart;

/**
 * CwHelpPage:
 * @name: stable; that of the screen or the wizard's step that it is about, if it is about one
 * @title: to be translated
 * @parts: up to the one that is %CW_HELP_END
 * @related: (nullable): names of other pages, %NULL-terminated
 * @findings: (nullable): ids of the report's findings that it explains, %NULL-terminated
 * @verdicts: (nullable): the same of the connection test's verdicts
 */
typedef struct
{
  const char *name;
  const char *title;
  const CwHelpPart *parts;
  const char *const *related;
  const char *const *findings;
  const char *const *verdicts;
} CwHelpPage;

/**
 * CwHelpChapter:
 * @title: to be translated
 * @pages: up to the one without a name
 */
typedef struct
{
  const char *title;
  const CwHelpPage *pages;
} CwHelpChapter;

/**
 * cw_help_get_chapters:
 *
 * Returns: (transfer none): all of them, in their order, up to the one without a title
 */
const CwHelpChapter *cw_help_get_chapters (void);

/**
 * cw_help_find:
 *
 * Returns: (transfer none) (nullable): the page of that name
 */
const CwHelpPage *cw_help_find (const char *name);

/**
 * cw_help_find_for_finding:
 * @id: a #CwFinding's of a report
 *
 * Returns: (transfer none) (nullable): the page that explains it
 */
const CwHelpPage *cw_help_find_for_finding (const char *id);

/* The same for a verdict of the connection test: some ids stand for other things there. */
const CwHelpPage *cw_help_find_for_verdict (const char *id);

G_END_DECLS

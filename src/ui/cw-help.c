/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpChapter chapters[] = {
  { N_ ("The Basics"), cw_help_basics },
  { N_ ("Step by Step"), cw_help_steps },
  { N_ ("What the Report Says"), cw_help_report },
  { N_ ("What the Connection Test Says"), cw_help_test },
  { N_ ("A Private CA"), cw_help_authority },
  { N_ ("Keeping It All Safe"), cw_help_keeping },
  { NULL, NULL },
};

typedef gboolean (*Matches) (const CwHelpPage *page, const char *text);

static const CwHelpPage *
find (Matches matches, const char *text)
{
  for (const CwHelpChapter *chapter = chapters; chapter->title; chapter++)
    for (const CwHelpPage *page = chapter->pages; page->name; page++)
      if (matches (page, text))
        return page;

  return NULL;
}

static gboolean
has_name (const CwHelpPage *page, const char *name)
{
  return g_str_equal (page->name, name);
}

static gboolean
explains_finding (const CwHelpPage *page, const char *id)
{
  return page->findings && g_strv_contains (page->findings, id);
}

static gboolean
explains_verdict (const CwHelpPage *page, const char *id)
{
  return page->verdicts && g_strv_contains (page->verdicts, id);
}

const CwHelpChapter *
cw_help_get_chapters (void)
{
  return chapters;
}

const CwHelpPage *
cw_help_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return find (has_name, name);
}

const CwHelpPage *
cw_help_find_for_finding (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  return find (explains_finding, id);
}

const CwHelpPage *
cw_help_find_for_verdict (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  return find (explains_verdict, id);
}

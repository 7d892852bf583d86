/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-fingerprint.h"

/* Pairs in a line: two lines on the telephone are too long. */
#define PAIRS_IN_LINE 8

char *
cw_fingerprint_wrap (const char *fingerprint)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (fingerprint != NULL, NULL);

  text = g_string_new (fingerprint);
  for (gsize i = PAIRS_IN_LINE * 3 - 1; i < text->len; i += PAIRS_IN_LINE * 3)
    text->str[i] = '\n';
  return g_string_free (g_steal_pointer (&text), FALSE);
}

GtkWidget *
cw_fingerprint_row_new (const char *title, const char *fingerprint)
{
  g_autofree char *text = cw_fingerprint_wrap (fingerprint);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", text, "subtitle-lines", 0, NULL);

  gtk_widget_add_css_class (row, "fingerprint");
  return row;
}

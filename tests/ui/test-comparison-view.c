/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-comparison-view.h"
#include "ui-test.h"

static GListModel *
rows_new (gboolean well)
{
  g_autoptr (CwIdentity) asked = ui_draft_new (well ? "steve@example.com" : "other@example.com");
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", well);

  return cw_comparison_new (cw_identity_get_request (asked), cw_chain_get_leaf (chain));
}

static guint
count_rows (CwComparisonView *view)
{
  return ui_count (GTK_WIDGET (view), GTK_TYPE_LIST_BOX_ROW, NULL);
}

static void
test_none (void)
{
  g_autoptr (CwComparisonView) view =
      g_object_ref_sink (g_object_new (CW_TYPE_COMPARISON_VIEW, NULL));
  g_autoptr (GListModel) rows = rows_new (TRUE);

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));
  cw_comparison_view_set_rows (view, rows);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (view)));
  cw_comparison_view_set_rows (view, NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));
  g_assert_cmpuint (count_rows (view), ==, 0);
}

/* Everything is said, and what differs is said by a word. */
static void
test_rows (void)
{
  static const char *const words[] = { NULL, "Changed", "Missing", "Added" };
  g_autoptr (CwComparisonView) view =
      g_object_ref_sink (g_object_new (CW_TYPE_COMPARISON_VIEW, NULL));
  g_autoptr (GListModel) bad = rows_new (FALSE);
  g_autoptr (GListModel) good = rows_new (TRUE);
  gboolean any_changed = FALSE;

  cw_comparison_view_set_rows (view, bad);
  g_assert_cmpuint (count_rows (view), ==, g_list_model_get_n_items (bad) + 1);
  for (guint i = 0; i < g_list_model_get_n_items (bad); i++)
    {
      g_autoptr (CwComparisonRow) row = g_list_model_get_item (bad, i);
      const char *word = words[cw_comparison_row_get_state (row)];

      g_assert_true (ui_says (GTK_WIDGET (view), cw_comparison_row_get_title (row)));
      if (cw_comparison_row_get_asked (row))
        g_assert_true (ui_says (GTK_WIDGET (view), cw_comparison_row_get_asked (row)));
      if (cw_comparison_row_get_got (row))
        g_assert_true (ui_says (GTK_WIDGET (view), cw_comparison_row_get_got (row)));
      g_assert_true (!word || ui_says (GTK_WIDGET (view), word));
      any_changed |= cw_comparison_row_get_state (row) == CW_COMPARISON_CHANGED;
    }
  g_assert_true (any_changed);

  cw_comparison_view_set_rows (view, good);
  g_assert_false (ui_says (GTK_WIDGET (view), "Changed"));
}

/* What a screen reader says of a row is all of it. */
static void
test_spoken (void)
{
  g_autoptr (CwComparisonView) view =
      g_object_ref_sink (g_object_new (CW_TYPE_COMPARISON_VIEW, NULL));
  g_autoptr (GListModel) rows = rows_new (FALSE);
  GtkWidget *heading;

  cw_comparison_view_set_rows (view, rows);
  heading = ui_find (GTK_WIDGET (view), GTK_TYPE_LIST_BOX_ROW, NULL);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (gtk_widget_get_next_sibling (heading)), GTK_ACCESSIBLE_PROPERTY_LABEL,
      "Name: changed, other@example.com was asked for, steve@example.com came");
}

static void
test_freed (void)
{
  CwComparisonView *view = g_object_ref_sink (g_object_new (CW_TYPE_COMPARISON_VIEW, NULL));
  g_autoptr (GListModel) rows = rows_new (FALSE);

  cw_comparison_view_set_rows (view, rows);
  ui_assert_freed (view);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/comparison-view/none", test_none);
  g_test_add_func ("/comparison-view/rows", test_rows);
  g_test_add_func ("/comparison-view/spoken", test_spoken);
  g_test_add_func ("/comparison-view/freed", test_freed);

  return ui_test_run ();
}

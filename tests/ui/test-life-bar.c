/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-life-bar.h"
#include "ui-test.h"

static GDateTime *
day (int year, int month)
{
  return g_date_time_new_utc (year, month, 1, 12, 0, 0);
}

static void
test_places (void)
{
  CwLifeBar *bar = g_object_ref_sink (g_object_new (CW_TYPE_LIFE_BAR, NULL));
  GtkWidget *widget = GTK_WIDGET (bar);
  GtkWidget *level = ui_find (widget, GTK_TYPE_LEVEL_BAR, NULL);
  g_autoptr (GDateTime) from = day (2026, 1);
  g_autoptr (GDateTime) until = day (2027, 1);
  g_autoptr (GDateTime) before = day (2025, 1);
  g_autoptr (GDateTime) between = day (2026, 4);
  g_autoptr (GDateTime) after = day (2028, 1);

  cw_life_bar_set_life (bar, from, until, between, "success");
  g_assert_true (ui_says (widget, "9 months of 12 left"));
  g_assert_true (ui_says (widget, "1 January 2026"));
  g_assert_true (ui_says (widget, "1 January 2027"));
  g_assert_true (gtk_widget_has_css_class (level, "success"));
  g_assert_cmpfloat_with_epsilon (gtk_level_bar_get_value (GTK_LEVEL_BAR (level)), 0.25, 0.01);
  gtk_test_accessible_assert_property (level, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "9 months of 12 left");

  cw_life_bar_set_life (bar, from, until, after, "error");
  g_assert_true (ui_says (widget, "Expired"));
  g_assert_true (gtk_widget_has_css_class (level, "error"));
  g_assert_false (gtk_widget_has_css_class (level, "success"));
  g_assert_cmpfloat (gtk_level_bar_get_value (GTK_LEVEL_BAR (level)), ==, 1);

  cw_life_bar_set_life (bar, from, until, before, NULL);
  g_assert_true (ui_says (widget, "Not valid yet"));
  g_assert_cmpfloat (gtk_level_bar_get_value (GTK_LEVEL_BAR (level)), ==, 0);

  /* One that ends before it begins is over. */
  cw_life_bar_set_life (bar, until, from, between, NULL);
  g_assert_cmpfloat (gtk_level_bar_get_value (GTK_LEVEL_BAR (level)), ==, 1);
  ui_assert_freed (bar);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/life-bar/places", test_places);

  return ui_test_run ();
}

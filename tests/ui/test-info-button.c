/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-info-button.h"
#include "ui-test.h"

static GtkWidget *
info_button_new (void)
{
  return g_object_new (CW_TYPE_INFO_BUTTON, "term", "Subject", "text", "It says who & what.", NULL);
}

static void
test_names (void)
{
  g_autoptr (GtkWidget) info = g_object_ref_sink (info_button_new ());
  GtkWidget *button = ui_find (info, GTK_TYPE_MENU_BUTTON, NULL);

  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "About “Subject”");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "About “Subject”");

  g_object_set (info, "term", "Key", NULL);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "About “Key”");
}

static void
test_popover (void)
{
  GtkWidget *info = info_button_new ();
  GtkWindow *window = ui_show (info);
  GtkMenuButton *button = GTK_MENU_BUTTON (ui_find (info, GTK_TYPE_MENU_BUTTON, NULL));
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));

  g_assert_false (gtk_widget_get_mapped (popover));
  gtk_menu_button_popup (button);
  ui_settle ();
  g_assert_true (gtk_widget_get_mapped (popover));
  g_assert_true (ui_says (popover, "It says who & what."));
  gtk_menu_button_popdown (button);
  ui_settle ();
  ui_assert_window_freed (window, info);
}

static void
test_freed (void)
{
  ui_assert_freed (g_object_ref_sink (info_button_new ()));
  ui_assert_freed (g_object_ref_sink (g_object_new (CW_TYPE_INFO_BUTTON, NULL)));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/info-button/names", test_names);
  g_test_add_func ("/info-button/popover", test_popover);
  g_test_add_func ("/info-button/freed", test_freed);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-field.h"
#include "ui-test.h"

static void
test_title (void)
{
  g_autoptr (CwField) field = g_object_ref_sink (cw_field_new ("R&D <unit>"));

  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (field)), ==, "R&D <unit>");
  g_assert_false (adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (field)));
  g_assert_cmpstr (cw_field_get_text (field), ==, "");
  gtk_editable_set_text (GTK_EDITABLE (field), "Steve");
  g_assert_cmpstr (cw_field_get_text (field), ==, "Steve");
}

static void
test_error (void)
{
  g_autoptr (CwField) field = g_object_ref_sink (cw_field_new ("Country"));
  GtkWidget *row = cw_field_get_message_row (field);
  GtkAccessible *accessible = GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (field)));

  g_assert_false (gtk_widget_get_visible (row));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (field), "error"));

  cw_field_set_error (field, "“XYZ” is not a country code.");
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_true (ui_says (row, "“XYZ” is not a country code."));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (field), "error"));
  gtk_test_accessible_assert_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_test_accessible_assert_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "“XYZ” is not a country code.");
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);

  cw_field_set_error (field, NULL);
  g_assert_false (gtk_widget_get_visible (row));
  g_assert_false (ui_says (row, "XYZ"));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (field), "error"));
  g_assert_false (gtk_test_accessible_has_state (accessible, GTK_ACCESSIBLE_STATE_INVALID));
  g_assert_false (
      gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
}

static void
test_freed (void)
{
  CwField *field = g_object_ref_sink (cw_field_new ("Name"));
  gpointer row = cw_field_get_message_row (field);

  g_object_add_weak_pointer (row, &row);
  cw_field_set_error (field, "Wrong.");
  ui_assert_freed (field);
  g_assert_null (row);
}

/* The message may leave its list before or after the field. */
static void
test_in_list (gconstpointer data)
{
  const gboolean field_first = GPOINTER_TO_INT (data);
  GtkWidget *list = gtk_list_box_new ();
  GtkWindow *window = ui_show (list);
  CwField *field = cw_field_new ("Name");
  GtkWidget *row = cw_field_get_message_row (field);
  gpointer weak_field = field, weak_row = row;

  g_object_add_weak_pointer (G_OBJECT (field), &weak_field);
  g_object_add_weak_pointer (G_OBJECT (row), &weak_row);
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (field));
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  cw_field_set_error (field, "Wrong.");
  ui_settle ();
  g_assert_true (gtk_widget_get_mapped (row));

  gtk_list_box_remove (GTK_LIST_BOX (list), field_first ? GTK_WIDGET (field) : row);
  ui_settle ();
  gtk_list_box_remove (GTK_LIST_BOX (list), field_first ? row : GTK_WIDGET (field));
  ui_settle ();
  g_assert_null (weak_field);
  g_assert_null (weak_row);
  ui_assert_window_freed (window, NULL);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/field/title", test_title);
  g_test_add_func ("/field/error", test_error);
  g_test_add_func ("/field/freed", test_freed);
  g_test_add_data_func ("/field/list/field-first", GINT_TO_POINTER (TRUE), test_in_list);
  g_test_add_data_func ("/field/list/message-first", GINT_TO_POINTER (FALSE), test_in_list);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-button-box.h"
#include "ui-test.h"

static GtkWidget *
child_new (GtkWidget *box, int width, int height)
{
  GtkWidget *child = adw_bin_new ();

  gtk_widget_set_size_request (child, width, height);
  gtk_widget_set_parent (child, box);
  return child;
}

static int
get_least (GtkWidget *box, GtkOrientation orientation, int for_size)
{
  int minimum;

  gtk_widget_measure (box, orientation, for_size, &minimum, NULL, NULL, NULL);
  return minimum;
}

static void
place (GtkWidget *box, int width)
{
  const int height = get_least (box, GTK_ORIENTATION_VERTICAL, width);
  const GtkAllocation allocation = { 0, 0, width, height };

  gtk_widget_size_allocate (box, &allocation, -1);
}

static void
assert_place (GtkWidget *child, int x, int y, int width, int height)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (child, gtk_widget_get_parent (child), &bounds));
  g_assert_cmpint (bounds.origin.x, ==, x);
  g_assert_cmpint (bounds.origin.y, ==, y);
  g_assert_cmpint (bounds.size.width, ==, width);
  g_assert_cmpint (bounds.size.height, ==, height);
}

/* Side by side in 212 pixels, one below the other in 211. */
static void
test_room (void)
{
  g_autoptr (GtkWidget) box = g_object_ref_sink (g_object_new (CW_TYPE_BUTTON_BOX, NULL));
  GtkWidget *first = child_new (box, 120, 30);
  GtkWidget *hidden = child_new (box, 500, 500);
  GtkWidget *second = child_new (box, 80, 40);

  gtk_widget_set_visible (hidden, FALSE);
  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  g_assert_cmpint (get_least (box, GTK_ORIENTATION_HORIZONTAL, -1), ==, 120);

  place (box, 212);
  assert_place (first, 0, 0, 120, 40);
  assert_place (second, 132, 0, 80, 40);

  place (box, 211);
  assert_place (first, 0, 0, 211, 30);
  assert_place (second, 0, 42, 211, 40);
}

static void
test_homogeneous (void)
{
  g_autoptr (GtkWidget) box =
      g_object_ref_sink (g_object_new (CW_TYPE_BUTTON_BOX, "homogeneous", TRUE, NULL));
  GtkWidget *first = child_new (box, 120, 30);
  GtkWidget *second = child_new (box, 80, 30);

  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  place (box, 312);
  assert_place (first, 0, 0, 150, 30);
  assert_place (second, 162, 0, 150, 30);

  place (box, 251);
  assert_place (second, 0, 42, 251, 30);
}

static void
test_right_to_left (void)
{
  g_autoptr (GtkWidget) box = g_object_ref_sink (g_object_new (CW_TYPE_BUTTON_BOX, NULL));
  GtkWidget *first = child_new (box, 120, 30);
  GtkWidget *second = child_new (box, 80, 30);

  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  place (box, 212);
  assert_place (first, 92, 0, 120, 30);
  assert_place (second, 0, 0, 80, 30);
}

static void
test_freed (void)
{
  GtkWidget *box = g_object_ref_sink (g_object_new (CW_TYPE_BUTTON_BOX, NULL));

  child_new (box, 10, 10);
  ui_assert_freed (box);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/ui/button-box/room", test_room);
  g_test_add_func ("/ui/button-box/homogeneous", test_homogeneous);
  g_test_add_func ("/ui/button-box/right-to-left", test_right_to_left);
  g_test_add_func ("/ui/button-box/freed", test_freed);

  return ui_test_run ();
}

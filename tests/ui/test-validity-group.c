/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-validity-group.h"
#include "ui-test.h"

typedef struct
{
  CwRequest *request;
  GtkWidget *group;
  GtkWindow *window;
  GtkSpinButton *spin;
  GtkMenuButton *button;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->request = cw_request_new ();
  self->group = g_object_new (CW_TYPE_VALIDITY_GROUP, NULL);
  self->window = ui_show (self->group);
  self->spin = GTK_SPIN_BUTTON (ui_find (self->group, GTK_TYPE_SPIN_BUTTON, NULL));
  self->button =
      GTK_MENU_BUTTON (ui_find (self->group, GTK_TYPE_MENU_BUTTON, "Choose the Last Day"));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_window_freed (self->window, self->group);
  ui_assert_freed (self->request);
}

static GtkCalendar *
open_calendar (Fixture *self)
{
  gtk_menu_button_popup (self->button);
  ui_settle ();
  return GTK_CALENDAR (gtk_popover_get_child (gtk_menu_button_get_popover (self->button)));
}

/* How many days from today the calendar's day is. */
static int
calendar_days (GtkCalendar *calendar)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (calendar);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) start =
      g_date_time_new_utc (g_date_time_get_year (now), g_date_time_get_month (now),
                           g_date_time_get_day_of_month (now), 0, 0, 0);
  g_autoptr (GDateTime) end =
      g_date_time_new_utc (g_date_time_get_year (day), g_date_time_get_month (day),
                           g_date_time_get_day_of_month (day), 0, 0, 0);

  return (int) (g_date_time_difference (end, start) / G_TIME_SPAN_DAY);
}

static void
test_days (Fixture *self, gconstpointer data)
{
  cw_validity_group_set_request (CW_VALIDITY_GROUP (self->group), self->request, NULL);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (self->spin), ==, CW_REQUEST_DAYS);

  gtk_spin_button_set_value (self->spin, 30);
  g_assert_cmpuint (cw_request_get_days (self->request), ==, 30);
  g_assert_cmpint (calendar_days (open_calendar (self)), ==, 30);

  /* While it is open, the calendar follows. */
  gtk_spin_button_set_value (self->spin, 3652);
  g_assert_cmpint (calendar_days (open_calendar (self)), ==, 3652);

  gtk_spin_button_set_value (self->spin, CW_REQUEST_MAX_DAYS + 7);
  g_assert_cmpuint (cw_request_get_days (self->request), ==, CW_REQUEST_MAX_DAYS);
  gtk_spin_button_set_value (self->spin, 0);
  g_assert_cmpuint (cw_request_get_days (self->request), ==, 1);
}

static void
test_calendar (Fixture *self, gconstpointer data)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) later = g_date_time_add_days (now, 200);
  g_autoptr (GDateTime) before = g_date_time_add_days (now, -5);
  GtkCalendar *calendar;

  cw_validity_group_set_request (CW_VALIDITY_GROUP (self->group), self->request, NULL);
  calendar = open_calendar (self);
  gtk_calendar_select_day (calendar, later);
  ui_settle ();
  g_assert_cmpuint (cw_request_get_days (self->request), ==, 200);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (self->spin), ==, 200);

  /* None ends before it begins. */
  gtk_calendar_select_day (calendar, before);
  ui_settle ();
  g_assert_cmpuint (cw_request_get_days (self->request), ==, 1);
  g_assert_cmpint (calendar_days (calendar), ==, 1);
}

static void
test_clip (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = ui_chain_new ("Test CA", TRUE);
  CwValidityGroup *group = CW_VALIDITY_GROUP (self->group);

  cw_validity_group_set_request (group, self->request, cw_chain_get_leaf (chain));
  gtk_spin_button_set_value (self->spin, 3);
  g_assert_false (ui_says (self->group, "no certificate outlives its CA"));
  gtk_spin_button_set_value (self->spin, 4000);
  g_assert_true (ui_says (self->group, "no certificate outlives its CA"));

  /* Another identity's, which is signed by nobody with an end. */
  cw_validity_group_set_request (group, self->request, NULL);
  g_assert_false (ui_says (self->group, "no certificate outlives its CA"));
  cw_validity_group_set_request (group, NULL, NULL);
  gtk_spin_button_set_value (self->spin, 5);
  g_assert_cmpuint (cw_request_get_days (self->request), ==, 4000);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

#define add(name, function)                                                                        \
  g_test_add ("/ui/validity-group/" name, Fixture, NULL, set_up, function, tear_down)
  add ("days", test_days);
  add ("calendar", test_calendar);
  add ("clip", test_clip);
#undef add

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-journey-bar.h"
#include "ui-test.h"

static void
assert_position (CwJourneyBar *bar, const char *narrow)
{
  g_autofree char *spoken = g_strconcat ("Step ", narrow, NULL);

  g_assert_nonnull (ui_look_for (GTK_WIDGET (bar), GTK_TYPE_LABEL, narrow));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken);
}

/* The pause is drawn, and not counted. */
static void
test_narrow (void)
{
  g_autoptr (CwJourneyBar) bar = g_object_ref_sink (cw_journey_bar_new ());
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("steve@example.com");
  g_autoptr (CwIdentity) ready = ui_ready_new ("steve@example.com");

  cw_journey_bar_update (bar, draft, CW_STEP_PURPOSE);
  assert_position (bar, "1 of 7: What For");
  cw_journey_bar_update (bar, draft, CW_STEP_KEY);
  assert_position (bar, "3 of 7: Key");
  cw_journey_bar_update (bar, draft, CW_STEP_REVIEW);
  assert_position (bar, "4 of 7: Request");
  cw_journey_bar_update (bar, waiting, CW_STEP_REQUEST);
  assert_position (bar, "4 of 7: Request");
  cw_journey_bar_update (bar, waiting, CW_STEP_REPLY);
  assert_position (bar, "5 of 7: Reply");
  cw_journey_bar_update (bar, ready, CW_STEP_USE);
  assert_position (bar, "7 of 7: Use");
}

static void
assert_station (CwJourneyBar *bar, CwStation station, const char *css_class, gboolean can_visit)
{
  GtkWidget *button = ui_find (GTK_WIDGET (bar), GTK_TYPE_BUTTON, cw_station_get_title (station));
  GtkWidget *tick = ui_find (button, GTK_TYPE_IMAGE, NULL);
  const gboolean done = g_strcmp0 (css_class, "done") == 0;

  g_assert_cmpint (gtk_widget_has_css_class (button, "done"), ==, done);
  g_assert_cmpint (gtk_widget_has_css_class (button, "current"), ==,
                   g_strcmp0 (css_class, "current") == 0);
  g_assert_cmpint (gtk_widget_get_visible (tick), ==, done || cw_station_is_pause (station));
  g_assert_cmpint (gtk_widget_get_can_target (button), ==, can_visit);
  g_assert_cmpint (gtk_widget_get_focusable (button), ==, can_visit);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_DISABLED,
                                    !can_visit);
}

static void
test_stations (void)
{
  g_autoptr (CwJourneyBar) bar = g_object_ref_sink (cw_journey_bar_new ());
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("steve@example.com");

  cw_journey_bar_update (bar, draft, CW_STEP_KEY);
  assert_station (bar, CW_STATION_PURPOSE, "done", TRUE);
  assert_station (bar, CW_STATION_SUBJECT, "done", TRUE);
  assert_station (bar, CW_STATION_KEY, "current", FALSE);
  assert_station (bar, CW_STATION_REQUEST, NULL, FALSE);
  assert_station (bar, CW_STATION_AT_CA, NULL, FALSE);
  assert_station (bar, CW_STATION_REPLY, NULL, FALSE);
  assert_station (bar, CW_STATION_USE, NULL, FALSE);

  /* The same bar for another identity. */
  cw_journey_bar_update (bar, waiting, CW_STEP_REPLY);
  assert_station (bar, CW_STATION_PURPOSE, "done", TRUE);
  assert_station (bar, CW_STATION_KEY, "done", TRUE);
  assert_station (bar, CW_STATION_REQUEST, "done", TRUE);
  assert_station (bar, CW_STATION_AT_CA, NULL, FALSE);
  assert_station (bar, CW_STATION_REPLY, "current", FALSE);
  assert_station (bar, CW_STATION_USE, NULL, FALSE);
}

static void
visit_cb (CwJourneyBar *bar, guint step, gpointer user_data)
{
  *(guint *) user_data = step;
}

static void
test_visit (void)
{
  g_autoptr (CwJourneyBar) bar = g_object_ref_sink (cw_journey_bar_new ());
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("steve@example.com");
  guint step = 99;

  g_signal_connect (bar, "visit", G_CALLBACK (visit_cb), &step);
  cw_journey_bar_update (bar, waiting, CW_STEP_REPLY);
  ui_click (ui_find (GTK_WIDGET (bar), GTK_TYPE_BUTTON, "Key"));
  g_assert_cmpuint (step, ==, CW_STEP_KEY);

  /* What leads there must be a step that this identity has. */
  ui_click (ui_find (GTK_WIDGET (bar), GTK_TYPE_BUTTON, "Request"));
  g_assert_true (cw_flow_can_visit (waiting, CW_STEP_REPLY, step));
  g_assert_cmpuint (step, ==, CW_STEP_REQUEST);
}

static void
test_freed (void)
{
  CwJourneyBar *bar = cw_journey_bar_new ();
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  GtkWindow *window = ui_show (GTK_WIDGET (bar));

  cw_journey_bar_update (bar, draft, CW_STEP_SUBJECT);
  ui_settle ();
  ui_assert_window_freed (window, GTK_WIDGET (bar));
  ui_assert_freed (g_object_ref_sink (cw_journey_bar_new ()));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/journey-bar/narrow", test_narrow);
  g_test_add_func ("/journey-bar/stations", test_stations);
  g_test_add_func ("/journey-bar/visit", test_visit);
  g_test_add_func ("/journey-bar/freed", test_freed);

  return ui_test_run ();
}

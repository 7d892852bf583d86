/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-application.h"
#include "cw-window.h"
#include "ui-test.h"

static guint
count_windows (GApplication *app)
{
  return g_list_length (gtk_application_get_windows (GTK_APPLICATION (app)));
}

static gboolean
quit_cb (gpointer app)
{
  g_action_group_activate_action (app, "quit", NULL);
  return G_SOURCE_REMOVE;
}

/* A second start raises the first window. */
static gboolean
activate_again_cb (gpointer app)
{
  g_assert_cmpuint (count_windows (app), ==, 1);
  g_assert_true (CW_IS_WINDOW (gtk_application_get_active_window (app)));
  g_application_activate (app);
  g_assert_cmpuint (count_windows (app), ==, 1);
  g_idle_add (quit_cb, app);
  return G_SOURCE_REMOVE;
}

static void
test_run (void)
{
  CwApplication *app = cw_application_new ();

  g_idle_add (activate_again_cb, app);
  g_assert_cmpint (g_application_run (G_APPLICATION (app), 0, NULL), ==, 0);
  g_assert_cmpuint (count_windows (G_APPLICATION (app)), ==, 0);
  ui_assert_freed (app);
}

static void
test_freed (void)
{
  ui_assert_freed (cw_application_new ());
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/application/freed", test_freed);
  g_test_add_func ("/application/run", test_run);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-application.h"
#include "cw-clipboard.h"
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

static gboolean
copy_and_quit_cb (gpointer app)
{
  GtkWindow *window = gtk_application_get_active_window (app);
  g_autoptr (CwSecret) secret = cw_secret_new ("a secret", -1);

  cw_clipboard_copy_secret (GTK_WIDGET (window), secret);
  quit_cb (app);
  return G_SOURCE_REMOVE;
}

/* Before GTK hands what is on it to a clipboard manager. */
static void
test_clipboard_emptied (void)
{
  CwApplication *app = cw_application_new ();
  GdkClipboard *clipboard = gdk_display_get_clipboard (gdk_display_get_default ());
  g_auto (GValue) value = G_VALUE_INIT;

  g_idle_add (copy_and_quit_cb, app);
  g_assert_cmpint (g_application_run (G_APPLICATION (app), 0, NULL), ==, 0);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "");
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
  g_test_add_func ("/application/clipboard-emptied", test_clipboard_emptied);

  return ui_test_run ();
}

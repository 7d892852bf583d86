/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/err.h>

#include "cw-error.h"
#include "cw-problem-view.h"
#include "ui-test.h"

static void
count_cb (gpointer view, guint *count)
{
  (*count)++;
}

static void
test_none (void)
{
  g_autoptr (CwProblemView) view = g_object_ref_sink (cw_problem_view_new ());

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));
}

static void
test_error (void)
{
  g_autoptr (CwProblemView) view = g_object_ref_sink (cw_problem_view_new ());
  g_autoptr (GError) error =
      g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "“a&b <c>.pem” cannot be read.");
  GtkWidget *details = ui_find (GTK_WIDGET (view), GTK_TYPE_EXPANDER, NULL);

  cw_problem_view_set_error (view, error, FALSE);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (view)));
  g_assert_true (ui_says (GTK_WIDGET (view), "“a&b <c>.pem” cannot be read."));
  g_assert_false (gtk_widget_get_visible (details));
  g_assert_false (
      gtk_widget_get_visible (ui_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "Try Again")));

  cw_problem_view_set_error (view, NULL, FALSE);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (view)));
  g_assert_false (ui_says (GTK_WIDGET (view), "cannot be read"));
}

/* The technical text, to be copied. */
static void
test_details (void)
{
  g_autoptr (CwProblemView) view = g_object_ref_sink (cw_problem_view_new ());
  g_autoptr (GError) error = NULL;
  GtkWidget *expander = ui_find (GTK_WIDGET (view), GTK_TYPE_EXPANDER, NULL);
  GtkWidget *label = gtk_expander_get_child (GTK_EXPANDER (expander));

  ERR_clear_error ();
  ERR_raise (ERR_LIB_PEM, 108); /* no start line */
  cw_error_set_openssl (&error, CW_ERROR_UNREADABLE, "It is no certificate.");
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_assert_nonnull (cw_error_get_details (error));

  cw_problem_view_set_error (view, error, FALSE);
  g_assert_true (gtk_widget_get_visible (expander));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, cw_error_get_details (error));
  g_assert_true (gtk_label_get_selectable (GTK_LABEL (label)));

  cw_problem_view_set_error (view, NULL, FALSE);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "");
}

static void
test_retry (void)
{
  g_autoptr (CwProblemView) view = g_object_ref_sink (cw_problem_view_new ());
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "It failed.");
  guint count = 0;

  g_signal_connect (view, "retry", G_CALLBACK (count_cb), &count);
  cw_problem_view_set_error (view, error, TRUE);
  ui_click (ui_find (GTK_WIDGET (view), GTK_TYPE_BUTTON, "Try Again"));
  g_assert_cmpuint (count, ==, 1);
}

static void
test_freed (void)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "It failed.");
  CwProblemView *view = cw_problem_view_new ();
  GtkWindow *window = ui_show (GTK_WIDGET (view));

  cw_problem_view_set_error (view, error, TRUE);
  ui_settle ();
  ui_assert_window_freed (window, GTK_WIDGET (view));
  ui_assert_freed (g_object_ref_sink (cw_problem_view_new ()));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/problem-view/none", test_none);
  g_test_add_func ("/problem-view/error", test_error);
  g_test_add_func ("/problem-view/details", test_details);
  g_test_add_func ("/problem-view/retry", test_retry);
  g_test_add_func ("/problem-view/freed", test_freed);

  return ui_test_run ();
}

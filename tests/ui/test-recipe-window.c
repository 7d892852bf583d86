/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-problem-view.h"
#include "cw-recipe-window.h"
#include "ui-test.h"

static GtkWidget *
content_of (CwRecipeWindow *window)
{
  return adw_window_get_content (ADW_WINDOW (window));
}

static void
choose (CwRecipeWindow *window, guint position)
{
  GtkWidget *row = ui_find (content_of (window), ADW_TYPE_COMBO_ROW, NULL);

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), position);
}

static void
assert_first (CwIdentity *identity, const char *says, guint n_parts)
{
  CwRecipeWindow *window = cw_recipe_window_new (identity, NULL, NULL);
  GtkWidget *row = ui_find (content_of (window), ADW_TYPE_COMBO_ROW, NULL);

  g_assert_true (ui_says (content_of (window), says));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))), ==,
                    n_parts);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* It begins with what is next. */
static void
test_parts (void)
{
  g_autoptr (CwIdentity) draft = ui_draft_new ("steve@example.com");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("steve@example.com");
  g_autoptr (CwIdentity) ready = ui_ready_new ("steve@example.com");
  g_autoptr (CwIdentity) authority = cw_identity_new_authority ();

  assert_first (draft, "openssl req -new", 3);
  assert_first (waiting, "openssl req -new", 6);
  assert_first (ready, "openssl verify", 6);
  cw_subject_append (cw_request_get_subject (cw_identity_get_request (authority)), "CN", "Test CA");
  assert_first (authority, "/CN=Test CA", 1);
}

static void
test_choose (void)
{
  g_autoptr (CwIdentity) ready = ui_ready_new ("steve@example.com");
  CwRecipeWindow *window = cw_recipe_window_new (ready, NULL, NULL);

  g_assert_false (ui_says (content_of (window), "openssl pkcs12"));
  choose (window, 5);
  g_assert_true (ui_says (content_of (window), "openssl pkcs12"));
  g_assert_false (ui_says (content_of (window), "openssl verify"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is not complete has no commands, and it is said why; what needs no request has. */
static void
test_incomplete (void)
{
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  CwRecipeWindow *window = cw_recipe_window_new (draft, NULL, NULL);
  GtkWidget *problem = ui_find (content_of (window), CW_TYPE_PROBLEM_VIEW, NULL);

  g_assert_true (gtk_widget_get_visible (problem));
  g_assert_true (ui_says (problem, "no name yet"));
  g_assert_cmpuint (ui_count (content_of (window), GTK_TYPE_BUTTON, "Copy"), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
has_text (gpointer data)
{
  return *(char **) data != NULL;
}

/* Exactly the commands, whatever is in names. */
static void
test_copy (void)
{
  g_autoptr (CwIdentity) draft = ui_draft_new ("it's $(x) <b>");
  CwRecipeWindow *window = cw_recipe_window_new (draft, NULL, NULL);
  g_autofree char *text = NULL;

  g_assert_true (ui_says (content_of (window), "it'\\''s $(x) <b>"));
  g_assert_cmpuint (ui_count (content_of (window), GTK_TYPE_BUTTON, "Copy"), ==, 3);
  gtk_window_present (GTK_WINDOW (window));
  ui_settle ();
  ui_click (ui_find (content_of (window), GTK_TYPE_BUTTON, "Copy"));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (window)), NULL, read_cb,
                                 &text);
  ui_wait (has_text, &text);
  g_assert_true (g_str_has_prefix (text, "(umask 077; set -C; openssl genpkey "));
  g_assert_true (g_str_has_suffix (text, ".key)"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_freed (void)
{
  g_autoptr (CwIdentity) ready = ui_ready_new ("steve@example.com");
  CwRecipeWindow *window = cw_recipe_window_new (ready, NULL, NULL);

  g_object_ref (window);
  gtk_window_present (GTK_WINDOW (window));
  ui_settle ();
  gtk_window_destroy (GTK_WINDOW (window));
  ui_settle ();
  ui_assert_freed (window);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/ui/recipe-window/parts", test_parts);
  g_test_add_func ("/ui/recipe-window/choose", test_choose);
  g_test_add_func ("/ui/recipe-window/incomplete", test_incomplete);
  g_test_add_func ("/ui/recipe-window/copy", test_copy);
  g_test_add_func ("/ui/recipe-window/freed", test_freed);

  return ui_test_run ();
}

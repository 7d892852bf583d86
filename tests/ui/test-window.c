/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "cw-export-page.h"
#include "cw-field.h"
#include "cw-home-page.h"
#include "cw-overview-page.h"
#include "cw-window.h"
#include "cw-wizard.h"
#include "ui-test.h"

static char *
database_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "certwright", "certificates.db", NULL);
}

static const char *
shown_page (CwWindow *window)
{
  return gtk_stack_get_visible_child_name (ui_find_stack (GTK_WIDGET (window), "home"));
}

static gboolean
is_open (gpointer window)
{
  const char *page = gtk_stack_get_visible_child_name (ui_find_stack (window, "loading"));

  return g_strcmp0 (page, "loading") != 0 || g_strcmp0 (shown_page (window), "problem") == 0;
}

static CwWindow *
window_new (void)
{
  CwWindow *window = cw_window_new (NULL);

  gtk_window_present (GTK_WINDOW (window));
  ui_wait (is_open, window);
  ui_settle ();
  return window;
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
close_window (CwWindow *window)
{
  gpointer weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  gtk_window_close (GTK_WINDOW (window));
  ui_wait (is_null, &weak);
}

static void
test_freed (void)
{
  CwWindow *window = window_new ();

  g_assert_cmpstr (shown_page (window), ==, "home");
  close_window (window);
}

/* The next one is as large as the last one was. */
static void
test_size (void)
{
  CwWindow *window = window_new ();
  int width, height;

  gtk_window_set_default_size (GTK_WINDOW (window), 710, 520);
  ui_settle ();
  close_window (window);

  window = window_new ();
  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  g_assert_cmpint (width, ==, 710);
  g_assert_cmpint (height, ==, 520);
  close_window (window);
}

/* Closed before the store is open. */
static void
test_closed_at_once (void)
{
  CwWindow *window = cw_window_new (NULL);

  gtk_window_present (GTK_WINDOW (window));
  close_window (window);
  ui_settle ();
}

static void
test_new (void)
{
  CwWindow *window = window_new ();

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new", NULL));
  ui_settle ();
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  ui_click (ui_find (ui_find (GTK_WIDGET (window), CW_TYPE_WIZARD, NULL), GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpstr (shown_page (window), ==, "home");
  close_window (window);
}

static void
test_import (void)
{
  CwWindow *window = window_new ();

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.import", NULL));
  ui_settle ();
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  g_assert_true (ui_says (GTK_WIDGET (window), "Import Your Files"));
  close_window (window);
}

static gboolean
lists_it (gpointer window)
{
  return ui_says (window, "written-elsewhere");
}

static gboolean
lists_it_no_more (gpointer window)
{
  return !ui_says (window, "written-elsewhere");
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  cw_store_remove_finish (CW_STORE (source), result, &error);
  g_assert_no_error (error);
}

/* What the command line does to the same database is seen without a click. */
static void
test_written_elsewhere (void)
{
  CwWindow *window = window_new ();
  g_autofree char *path = database_path ();
  CwStore *other = ui_store_open (path);
  g_autoptr (CwIdentity) identity = ui_ready_new ("written-elsewhere");

  g_assert_false (lists_it (window));
  ui_store_save (other, identity);
  ui_wait (lists_it, window);
  cw_store_remove_async (other, identity, NULL, removed_cb, NULL);
  ui_wait (lists_it_no_more, window);
  ui_assert_freed (other);
  close_window (window);
}

static gboolean
is_home (gpointer window)
{
  return g_strcmp0 (shown_page (window), "home") == 0;
}

static gboolean
lists_renewed (gpointer window)
{
  return ui_says (window, "renewed.example.com");
}

/* What was entered before is there, for a key that is to be made. */
static void
test_renew (void)
{
  CwWindow *window = window_new ();
  g_autofree char *path = database_path ();
  CwStore *other = ui_store_open (path);
  g_autoptr (CwIdentity) identity = ui_ready_new ("renewed.example.com");
  GtkWidget *wizard;

  ui_store_save (other, identity);
  ui_wait (lists_renewed, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.details", "s",
                              cw_identity_get_id (identity));
  ui_click (ui_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "Start a New Request"));
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  wizard = ui_find (GTK_WIDGET (window), CW_TYPE_WIZARD, NULL);
  g_assert_true (ui_says (wizard, "renewed.example.com"));
  g_assert_true (gtk_widget_is_sensitive (ui_find (wizard, GTK_TYPE_BUTTON, "Next")));
  ui_assert_freed (other);
  close_window (window);
}

/* From the overview and back; what is deleted elsewhere meanwhile has nothing to export. */
static void
test_export (void)
{
  CwWindow *window = window_new ();
  g_autofree char *path = database_path ();
  CwStore *other = ui_store_open (path);
  g_autoptr (CwIdentity) identity = ui_ready_new ("written-elsewhere");
  GtkWidget *page;

  ui_store_save (other, identity);
  ui_wait (lists_it, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.details", "s",
                              cw_identity_get_id (identity));
  ui_click (ui_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "Export…"));
  g_assert_cmpstr (shown_page (window), ==, "export");
  page = ui_find (GTK_WIDGET (window), CW_TYPE_EXPORT_PAGE, NULL);
  g_assert_true (GTK_IS_CHECK_BUTTON (gtk_window_get_focus (GTK_WINDOW (window))));
  ui_click (ui_find (page, GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpstr (shown_page (window), ==, "overview");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export", "s",
                              cw_identity_get_id (identity));
  g_assert_cmpstr (shown_page (window), ==, "export");
  cw_store_remove_async (other, identity, NULL, removed_cb, NULL);
  ui_wait (is_home, window);
  ui_assert_freed (other);
  close_window (window);
}

static void
confirm (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      adw_message_dialog_response (l->data, "yes");
}

static gboolean
is_deleted (gpointer window)
{
  return ui_says (window, "Deleted");
}

/* Who goes to export while the keyring still deletes is sent home from there too. */
static void
test_delete (void)
{
  CwWindow *window = window_new ();
  g_autofree char *path = database_path ();
  CwStore *other = ui_store_open (path);
  g_autoptr (CwIdentity) identity = ui_ready_new ("written-elsewhere");
  const char *id = cw_identity_get_id (identity);

  ui_store_save (other, identity);
  ui_wait (lists_it, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.details", "s", id);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.delete", "s", id);
  ui_settle ();
  confirm ();
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export", "s", id);
  g_assert_cmpstr (shown_page (window), ==, "export");
  /* At once, not only when the store is read again. */
  ui_wait (is_deleted, window);
  g_assert_cmpstr (shown_page (window), ==, "home");
  ui_assert_freed (other);
  close_window (window);
}

static gboolean
has_subject_page (gpointer window)
{
  return ui_look_for (window, CW_TYPE_FIELD, "Name or e-mail address") != NULL;
}

/* What was typed the moment before is there the next time. */
static void
test_closing_saves (void)
{
  CwWindow *window = window_new ();
  GtkWidget *wizard;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new", NULL));
  ui_settle ();
  wizard = ui_find (GTK_WIDGET (window), CW_TYPE_WIZARD, NULL);
  ui_click (ui_find (wizard, GTK_TYPE_BUTTON, "Next"));
  ui_wait (has_subject_page, window);
  ui_type (ui_find (wizard, CW_TYPE_FIELD, "Name or e-mail address"), "closing.example.com");
  close_window (window);

  window = window_new ();
  g_assert_true (ui_says (GTK_WIDGET (window), "closing.example.com"));
  close_window (window);
}

static gboolean
has_new_ca (gpointer window)
{
  return ui_look_for (window, ADW_TYPE_ACTION_ROW, "New CA") != NULL;
}

/* A CA that a draft needs signs it, once it is made; one that is not leaves it as it was. */
static void
test_authority_for_draft (void)
{
  CwWindow *window = window_new ();
  GtkWidget *row, *wizard;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new", NULL));
  ui_settle ();
  wizard = ui_find (GTK_WIDGET (window), CW_TYPE_WIZARD, NULL);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new-authority", NULL));
  ui_settle ();
  ui_click (ui_find (wizard, GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  g_assert_true (ui_says (wizard, "What Is It For?"));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.new-authority", NULL));
  ui_settle ();
  ui_type (ui_find (wizard, CW_TYPE_FIELD, "Name of the CA"), "New CA");
  ui_click (ui_find (wizard, GTK_TYPE_BUTTON, "Next"));
  ui_click (ui_find (wizard, GTK_TYPE_BUTTON, "Next"));
  ui_click (ui_find (wizard, GTK_TYPE_BUTTON, "Create CA"));
  ui_wait (has_new_ca, window);
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  row = ui_find (wizard, ADW_TYPE_ACTION_ROW, "New CA");
  g_assert_true (gtk_check_button_get_active (
      GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row)))));

  /* With nothing waiting, Back leads to the list. */
  ui_click (ui_find (wizard, GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpstr (shown_page (window), ==, "home");
  close_window (window);
}

static CwIdentity *
add_ready (void)
{
  g_autofree char *path = database_path ();
  g_autoptr (CwIdentity) identity = ui_ready_new ("ready.example.com");
  g_autoptr (CwStore) store = ui_store_open (path);

  ui_store_save (store, identity);
  return g_steal_pointer (&identity);
}

static void
test_details (void)
{
  g_autoptr (CwIdentity) identity = add_ready ();
  CwWindow *window = window_new ();
  GtkWidget *overview;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.details", "s", "no such id");
  g_assert_cmpstr (shown_page (window), ==, "home");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.details", "s",
                              cw_identity_get_id (identity));
  ui_settle ();
  g_assert_cmpstr (shown_page (window), ==, "overview");
  overview = ui_find (GTK_WIDGET (window), CW_TYPE_OVERVIEW_PAGE, NULL);
  g_assert_true (ui_says (overview, "ready.example.com"));
  ui_click (ui_find (overview, GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpstr (shown_page (window), ==, "home");
  close_window (window);
}

/* A screen with a way on; the broken file is left as it is. */
static void
test_problem (void)
{
  g_autofree char *path = database_path ();
  g_autofree char *away = g_strconcat (path, ".away", NULL);
  CwWindow *window;

  g_assert_no_errno (g_rename (path, away));
  g_assert_true (
      g_file_set_contents (path, "This is no database at all, and never was one.", -1, NULL));
  window = window_new ();
  g_assert_cmpstr (shown_page (window), ==, "problem");
  g_assert_true (ui_says (GTK_WIDGET (window), "certificates.db"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.new", NULL);
  g_assert_cmpstr (shown_page (window), ==, "problem");

  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rename (away, path));
  ui_click (ui_find (GTK_WIDGET (window), GTK_TYPE_BUTTON, "Try Again"));
  while (g_strcmp0 (shown_page (window), "home") != 0)
    g_main_context_iteration (NULL, TRUE);
  close_window (window);
}

static GtkEventController *
find_drop_target (CwWindow *window)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (window));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return controller; /* the window keeps it */
    }
  g_error ("Nothing can be dropped");
}

/* It is said where files may be dropped, for as long as they are over the window. */
static void
test_drop_hint (void)
{
  CwWindow *window = window_new ();
  GtkEventController *target = find_drop_target (window);
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent.crt");
  GSList files = { file, NULL };
  g_auto (GValue) value = G_VALUE_INIT;
  GdkDragAction action;
  gboolean taken;

  g_assert_false (ui_says (GTK_WIDGET (window), "Drop to Open"));
  g_signal_emit_by_name (target, "enter", 1.0, 1.0, &action);
  g_assert_cmpuint (action, ==, GDK_ACTION_COPY);
  g_assert_true (ui_says (GTK_WIDGET (window), "Drop to Open"));
  g_signal_emit_by_name (target, "leave");
  g_assert_false (ui_says (GTK_WIDGET (window), "Drop to Open"));

  g_signal_emit_by_name (target, "enter", 1.0, 1.0, &action);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, &files);
  g_signal_emit_by_name (target, "drop", &value, 1.0, 1.0, &taken);
  g_assert_true (taken);
  g_assert_false (ui_says (GTK_WIDGET (window), "Drop to Open"));
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  close_window (window);
}

/* What is further away comes from the right, and the list from the left. */
static void
test_transitions (void)
{
  CwWindow *window = window_new ();
  GtkStack *stack = ui_find_stack (GTK_WIDGET (window), "home");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.new", NULL);
  g_assert_cmpstr (shown_page (window), ==, "wizard");
  g_assert_cmpint (gtk_stack_get_transition_type (stack), ==, GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
  ui_click (ui_find (ui_find (GTK_WIDGET (window), CW_TYPE_WIZARD, NULL), GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpstr (shown_page (window), ==, "home");
  g_assert_cmpint (gtk_stack_get_transition_type (stack), ==,
                   GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  close_window (window);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/window/freed", test_freed);
  g_test_add_func ("/window/size", test_size);
  g_test_add_func ("/window/closed-at-once", test_closed_at_once);
  g_test_add_func ("/window/new", test_new);
  g_test_add_func ("/window/import", test_import);
  g_test_add_func ("/window/written-elsewhere", test_written_elsewhere);
  g_test_add_func ("/window/renew", test_renew);
  g_test_add_func ("/window/export", test_export);
  g_test_add_func ("/window/delete", test_delete);
  g_test_add_func ("/window/closing-saves", test_closing_saves);
  g_test_add_func ("/window/authority-for-draft", test_authority_for_draft);
  g_test_add_func ("/window/details", test_details);
  g_test_add_func ("/window/drop-hint", test_drop_hint);
  g_test_add_func ("/window/transitions", test_transitions);
  g_test_add_func ("/window/problem", test_problem);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-application.h"
#include "cw-shortcuts.h"
#include "cw-window.h"
#include "ui-test.h"

static char *
dup_text (gpointer object, const char *property)
{
  char *text;

  g_object_get (object, property, &text, NULL);
  return text;
}

/* Every shortcut below @widget. */
static void
collect (GtkWidget *widget, GPtrArray *found)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (widget))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    collect (child, found);
}

/* (nullable): the keys that the window shows for @action */
static char *
dup_shown_keys (GPtrArray *shown, const char *action)
{
  for (guint i = 0; i < shown->len; i++)
    {
      g_autofree char *name = dup_text (shown->pdata[i], "action-name");

      if (g_strcmp0 (name, action) == 0)
        return dup_text (shown->pdata[i], "accelerator");
    }

  return NULL;
}

/* As GTK writes them, however they are written in the table. */
static char *
normalize (const char *const *keys)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; keys[i]; i++)
    {
      GdkModifierType modifiers;
      guint key;

      g_assert_true (gtk_accelerator_parse (keys[i], &key, &modifiers));
      g_ptr_array_add (names, gtk_accelerator_name (key, modifiers));
    }
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

static gboolean
is_in_table (const char *action)
{
  guint n;
  const CwShortcut *shortcuts = cw_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (shortcuts[i].action, action))
      return TRUE;

  return FALSE;
}

/* Both ways: the window shows what works, and all of it. */
static void
assert_agree (GtkWindow *window)
{
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();
  guint n;
  const CwShortcut *shortcuts = cw_shortcuts_get (&n);

  collect (GTK_WIDGET (window), shown);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *keys = dup_shown_keys (shown, shortcuts[i].action);
      g_autofree char *wanted = normalize (shortcuts[i].keys);

      g_test_message ("%s", shortcuts[i].action);
      g_assert_nonnull (keys);
      g_auto (GStrv) split = g_strsplit (keys, " ", -1);
      g_autofree char *normal = normalize ((const char *const *) split);
      g_assert_cmpstr (normal, ==, wanted);
    }

  for (guint i = 0; i < shown->len; i++)
    {
      g_autofree char *action = dup_text (shown->pdata[i], "action-name");
      g_autofree char *title = dup_text (shown->pdata[i], "title");

      g_test_message ("%s", title);
      g_assert_cmpuint (strlen (title), >, 0);
      g_assert_true (!action || is_in_table (action));
    }
}

/* What is in the table leads somewhere. */
static void
assert_actions (CwWindow *window)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_GET_CLASS (window);
  guint n;
  const CwShortcut *shortcuts = cw_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    {
      const GVariantType *type;
      const char *name, *property;
      gboolean found = g_str_equal (shortcuts[i].action, "app.quit");
      GType owner;

      for (guint j = 0; !found && gtk_widget_class_query_action (widget_class, j, &owner, &name,
                                                                 &type, &property);
           j++)
        found = g_str_equal (name, shortcuts[i].action);
      g_test_message ("%s", shortcuts[i].action);
      g_assert_true (found);
    }
}

/* To quit is to quit, whichever window is in front. */
static gboolean
quit_cb (gpointer app)
{
  GtkWindow *window = gtk_application_get_active_window (app);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.help", NULL);
  ui_settle ();
  g_assert_true (gtk_application_get_active_window (app) != window);
  g_action_group_activate_action (app, "quit", NULL);
  ui_settle ();
  g_assert_null (gtk_application_get_windows (app));
  return G_SOURCE_REMOVE;
}

static gboolean
check_cb (gpointer app)
{
  GtkWindow *window = gtk_application_get_active_window (app);
  GtkWindow *overlay;

  g_assert_null (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window))); /* not yet */
  assert_actions (CW_WINDOW (window));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL));
  overlay = GTK_WINDOW (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (overlay)));
  assert_agree (overlay);

  /* Closed and opened again, it is the same one. */
  gtk_window_close (overlay);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (overlay)));
  gtk_window_close (overlay);
  /* GTK 4.8 still draws the overlay once, and does not look whether it is there. */
  g_timeout_add (500, quit_cb, app);
  return G_SOURCE_REMOVE;
}

static void
test_agree (void)
{
  CwApplication *app = cw_application_new ();

  g_idle_add (check_cb, app);
  g_assert_cmpint (g_application_run (G_APPLICATION (app), 0, NULL), ==, 0);
  ui_assert_freed (app);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/shortcuts/agree", test_agree);

  return ui_test_run ();
}

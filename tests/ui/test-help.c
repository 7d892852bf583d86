/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-connection-result.h"
#include "cw-flow.h"
#include "cw-help-window.h"
#include "cw-report.h"
#include "cw-window.h"
#include "ui-test.h"

#define NARROW 360

typedef void (*PageFunc) (const CwHelpPage *page, gpointer data);

static void
for_each_page (PageFunc func, gpointer data)
{
  for (const CwHelpChapter *chapter = cw_help_get_chapters (); chapter->title; chapter++)
    for (const CwHelpPage *page = chapter->pages; page->name; page++)
      func (page, data);
}

static void
check_page (const CwHelpPage *page, gpointer data)
{
  guint n = 0;

  g_test_message ("%s", page->name);
  g_assert_true (cw_help_find (page->name) == page);
  g_assert_cmpuint (strlen (page->title), >, 2);
  g_assert_cmpint (page->parts[0].kind, ==, CW_HELP_TEXT);
  for (; page->parts[n].kind != CW_HELP_END; n++)
    g_assert_cmpuint (strlen (page->parts[n].text), >, 10);
  g_assert_cmpuint (n, >=, 3);
  for (guint i = 0; page->related && page->related[i]; i++)
    {
      g_assert_nonnull (cw_help_find (page->related[i]));
      g_assert_true (cw_help_find (page->related[i]) != page);
    }
}

/* Something is on every page, and every page can be found by its name. */
static void
test_pages (void)
{
  for_each_page (check_page, NULL);
  g_assert_null (cw_help_find ("no such page"));
}

static void
test_steps (void)
{
  static const char *const screens[] = { "home", "overview", "authority", "issued",
                                         "sign", "commands", "export" };

  for (CwStep step = 0; step < CW_N_STEPS; step++)
    g_assert_nonnull (cw_help_find (cw_step_get_name (step)));
  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
    g_assert_nonnull (cw_help_find (screens[i]));
}

static void
count_finding (const CwHelpPage *page, gpointer data)
{
  for (guint i = 0; page->findings && page->findings[i]; i++)
    {
      g_test_message ("%s", page->findings[i]);
      g_assert_true (g_strv_contains (cw_finding_get_ids (), page->findings[i]));
      (*(guint *) data)++;
    }
}

static void
count_verdict (const CwHelpPage *page, gpointer data)
{
  for (guint i = 0; page->verdicts && page->verdicts[i]; i++)
    {
      g_test_message ("%s", page->verdicts[i]);
      g_assert_true (g_strv_contains (cw_connection_result_get_verdict_ids (), page->verdicts[i]));
      (*(guint *) data)++;
    }
}

/* Each leads to one page, and no page is about what is never found. */
static void
test_findings (void)
{
  const char *const *ids = cw_finding_get_ids ();
  guint n = 0;

  for (guint i = 0; ids[i]; i++)
    {
      g_test_message ("%s", ids[i]);
      g_assert_nonnull (cw_help_find_for_finding (ids[i]));
    }
  for_each_page (count_finding, &n);
  g_assert_cmpuint (n, ==, g_strv_length ((char **) ids));
  g_assert_null (cw_help_find_for_finding ("no such finding"));
}

static void
test_verdicts (void)
{
  const char *const *ids = cw_connection_result_get_verdict_ids ();
  guint n = 0;

  for (guint i = 0; ids[i]; i++)
    {
      g_test_message ("%s", ids[i]);
      g_assert_nonnull (cw_help_find_for_verdict (ids[i]));
    }
  for_each_page (count_verdict, &n);
  g_assert_cmpuint (n, ==, g_strv_length ((char **) ids));
  /* What one says of the certificate, and the other of the test. */
  g_assert_true (cw_help_find_for_verdict ("no-certificate") !=
                 cw_help_find_for_finding ("no-certificate"));
}

/* The window */

static GtkWidget *
content_of (CwHelpWindow *window)
{
  return adw_window_get_content (ADW_WINDOW (window));
}

static const char *
shown_page (CwHelpWindow *window)
{
  const CwHelpPage *page = cw_help_window_get_page (window);

  return page ? page->name : NULL;
}

static void
assert_narrow (CwHelpWindow *window)
{
  int minimum;

  gtk_widget_measure (content_of (window), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, NARROW);
}

static void
show_page (const CwHelpPage *page, gpointer data)
{
  CwHelpWindow *window = data;
  GtkWidget *box = GTK_WIDGET (ui_find_stack (content_of (window), "page"));

  g_test_message ("%s", page->name);
  cw_help_window_show_page (window, page);
  g_assert_cmpstr (shown_page (window), ==, page->name);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (box)), ==, "page");
  box = gtk_stack_get_visible_child (GTK_STACK (box));
  g_assert_true (ui_says (box, page->title));
  for (guint i = 0; page->parts[i].kind != CW_HELP_END; i++)
    g_assert_true (ui_says (box, page->parts[i].text));
  for (guint i = 0; page->related && page->related[i]; i++)
    ui_find (box, ADW_TYPE_ACTION_ROW, cw_help_find (page->related[i])->title);
  assert_narrow (window);
}

static void
test_window_pages (void)
{
  CwHelpWindow *window = cw_help_window_new ();

  gtk_window_present (GTK_WINDOW (window));
  assert_narrow (window);
  for_each_page (show_page, window);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Only what is shown is told to a screen reader. */
static void
assert_told (CwHelpWindow *window, const char *name)
{
  GtkStack *stack = ui_find_stack (content_of (window), "page");
  static const char *const names[] = { "contents", "page" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_test_accessible_assert_state (
        GTK_ACCESSIBLE (gtk_stack_get_child_by_name (stack, names[i])), GTK_ACCESSIBLE_STATE_HIDDEN,
        !g_str_equal (names[i], name));
}

static void
press_row (CwHelpWindow *window, const char *title)
{
  GtkStack *stack = ui_find_stack (content_of (window), "page");
  GtkWidget *row = ui_find (gtk_stack_get_visible_child (stack), ADW_TYPE_ACTION_ROW, title);

  adw_action_row_activate (ADW_ACTION_ROW (row));
  ui_settle ();
}

/* From the contents to a page, on to another, and back the same way. */
static void
test_way (void)
{
  CwHelpWindow *window = cw_help_window_new ();
  GtkWidget *back = ui_find (content_of (window), GTK_TYPE_BUTTON, "Back");
  GtkWidget *focus;

  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpstr (shown_page (window), ==, NULL);
  g_assert_false (gtk_widget_get_visible (back));
  assert_told (window, "contents");

  press_row (window, "The Key");
  g_assert_cmpstr (shown_page (window), ==, "key");
  assert_told (window, "page");
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (GTK_IS_SCROLLED_WINDOW (focus));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "The Key");
  press_row (window, "Where Things Are Kept");
  g_assert_cmpstr (shown_page (window), ==, "storage");

  ui_click (back);
  g_assert_cmpstr (shown_page (window), ==, "key");
  ui_click (back);
  g_assert_cmpstr (shown_page (window), ==, NULL);
  g_assert_false (gtk_widget_get_visible (back));
  assert_told (window, "contents");
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (ADW_IS_ACTION_ROW (focus));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (focus)), ==, "The Key");
  gtk_window_destroy (GTK_WINDOW (window));
}

static CwHelpWindow *
find_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  CwHelpWindow *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (CW_IS_HELP_WINDOW (window))
        {
          g_assert_null (found); /* there is only one */
          found = CW_HELP_WINDOW (window);
        }
    }
  return found;
}

static guint
count_rows (CwHelpWindow *window)
{
  guint n = 0;

  for (const CwHelpChapter *chapter = cw_help_get_chapters (); chapter->title; chapter++)
    for (const CwHelpPage *page = chapter->pages; page->name; page++)
      {
        GtkWidget *row = ui_find (content_of (window), ADW_TYPE_ACTION_ROW, page->title);

        n += ui_is_shown (row, content_of (window));
      }
  return n;
}

static gboolean
has_one (gpointer window)
{
  return count_rows (window) == 1;
}

static gboolean
has_none (gpointer window)
{
  return count_rows (window) == 0;
}

static gboolean
has_many (gpointer window)
{
  return count_rows (window) > 20;
}

/* By what is on the pages, whatever its case. */
static void
test_search (void)
{
  CwHelpWindow *window = cw_help_window_new ();
  GtkWidget *entry = ui_find (content_of (window), GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (has_many (window));
  ui_type (entry, "sha-1");
  ui_wait (has_one, window);
  g_assert_true (
      ui_is_shown (ui_find (content_of (window), ADW_TYPE_ACTION_ROW, "Keys and Signatures"),
                   content_of (window)));
  g_assert_false (ui_says (content_of (window), "Nothing Found"));
  ui_type (entry, "no such word");
  ui_wait (has_none, window);
  g_assert_true (ui_says (content_of (window), "Nothing Found"));

  g_signal_emit_by_name (entry, "stop-search");
  ui_wait (has_many, window);
  g_assert_false (ui_says (content_of (window), "Nothing Found"));
  g_signal_emit_by_name (entry, "stop-search");
  ui_settle ();
  g_assert_null (find_window ());
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
test_present (void)
{
  GtkWidget *label = gtk_label_new ("here");
  GtkWindow *window = ui_show (label);
  CwHelpWindow *help;
  gpointer weak;

  g_assert_null (find_window ());
  cw_help_window_present (label, "key");
  help = find_window ();
  g_assert_cmpstr (shown_page (help), ==, "key");
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (help)) == window);

  /* The same again, at another page; where there is none, at the contents. */
  cw_help_window_present (label, "report-dates");
  g_assert_true (find_window () == help);
  g_assert_cmpstr (shown_page (help), ==, "report-dates");
  cw_help_window_present (label, "no such page");
  g_assert_cmpstr (shown_page (help), ==, NULL);

  /* It ends with the window that it belongs to. */
  weak = help;
  g_object_add_weak_pointer (G_OBJECT (help), &weak);
  gtk_window_destroy (window);
  ui_wait (is_null, &weak);
}

/* A key that is pressed in it has GTK hold it, also where that key ends the other window. */
static void
test_outlive (void)
{
  GtkWidget *label = gtk_label_new ("here");
  GtkWindow *window = ui_show (label);
  gpointer gone = window;
  CwHelpWindow *help;

  cw_help_window_present (label, NULL);
  help = g_object_ref (find_window ());
  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_destroy (window);
  ui_wait (is_null, &gone);
  g_assert_null (find_window ());
  g_assert_null (gtk_window_get_transient_for (GTK_WINDOW (help)));
  g_assert_finalize_object (help);
}

/* What is on the screen */

static const char *
get_help (CwWindow *window)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.help", NULL));
  return shown_page (find_window ());
}

static gboolean
is_open (gpointer window)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (ui_find_stack (window, "loading")),
                    "loading") != 0;
}

static gboolean
is_gone (gpointer data)
{
  return !find_window ();
}

static CwIdentity *
add_ready (void)
{
  g_autofree char *path =
      g_build_filename (g_get_user_data_dir (), "certwright", "certificates.db", NULL);
  g_autoptr (CwIdentity) identity = ui_ready_new ("ready.example.com");
  g_autoptr (CwStore) store = ui_store_open (path);

  ui_store_save (store, identity);
  return g_steal_pointer (&identity);
}

static void
test_no_list (void)
{
  CwWindow *window = cw_window_new (NULL);

  gtk_window_present (GTK_WINDOW (window));
  ui_wait (is_open, window);
  g_assert_cmpstr (get_help (window), ==, NULL);

  gtk_window_close (GTK_WINDOW (window));
  ui_wait (is_gone, NULL);
}

static void
test_screens (void)
{
  g_autoptr (CwIdentity) identity = add_ready ();
  CwWindow *window = cw_window_new (NULL);

  gtk_window_present (GTK_WINDOW (window));
  ui_wait (is_open, window);
  g_assert_cmpstr (get_help (window), ==, "home");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.new", NULL);
  g_assert_cmpstr (get_help (window), ==, "purpose");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.import", NULL);
  g_assert_cmpstr (get_help (window), ==, "reply");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.new-authority", NULL);
  g_assert_cmpstr (get_help (window), ==, "subject");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.details", "s",
                              cw_identity_get_id (identity));
  g_assert_cmpstr (get_help (window), ==, "overview");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export", "s",
                              cw_identity_get_id (identity));
  g_assert_cmpstr (get_help (window), ==, "export");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.help-page", "s", "report-chain");
  g_assert_cmpstr (shown_page (find_window ()), ==, "report-chain");

  gtk_window_close (GTK_WINDOW (window));
  ui_wait (is_gone, NULL);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/help/pages", test_pages);
  g_test_add_func ("/help/steps", test_steps);
  g_test_add_func ("/help/findings", test_findings);
  g_test_add_func ("/help/verdicts", test_verdicts);
  g_test_add_func ("/help/window/pages", test_window_pages);
  g_test_add_func ("/help/window/way", test_way);
  g_test_add_func ("/help/window/search", test_search);
  g_test_add_func ("/help/window/present", test_present);
  g_test_add_func ("/help/window/outlive", test_outlive);
  g_test_add_func ("/help/no-list", test_no_list);
  g_test_add_func ("/help/screens", test_screens);

  return ui_test_run ();
}

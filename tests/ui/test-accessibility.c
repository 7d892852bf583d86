/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"
#include "cw-problem-view.h"
#include "ui-test.h"

static void
assert_hidden (GtkWidget *widget, gboolean hidden)
{
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, hidden);
}

/* Only the page that is on the screen is told, also one that was added later. */
static void
test_pages (void)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *pages[] = { gtk_label_new ("one"), gtk_label_new ("two"), gtk_label_new ("three") };
  GtkWindow *window;

  gtk_stack_add_child (GTK_STACK (stack), pages[0]);
  gtk_stack_add_child (GTK_STACK (stack), pages[1]);
  cw_accessibility_watch_pages (stack);
  window = ui_show (stack);
  assert_hidden (pages[0], FALSE);
  assert_hidden (pages[1], TRUE);

  gtk_stack_add_child (GTK_STACK (stack), pages[2]);
  gtk_stack_set_visible_child (GTK_STACK (stack), pages[2]);
  assert_hidden (pages[0], TRUE);
  assert_hidden (pages[1], TRUE);
  assert_hidden (pages[2], FALSE);
  ui_assert_window_freed (window, stack);
}

/* What has no room is not told. */
static void
test_squeezer (void)
{
  GtkWidget *bin = adw_bin_new ();
  GtkWidget *squeezer = adw_squeezer_new ();
  GtkWidget *wide = gtk_label_new ("wide");
  GtkWidget *narrow = gtk_label_new ("narrow");
  GtkWindow *window;

  gtk_widget_set_size_request (wide, 2000, -1);
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (squeezer), FALSE);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), wide);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), narrow);
  adw_bin_set_child (ADW_BIN (bin), squeezer);
  cw_accessibility_name_buttons (bin);
  window = ui_show (bin);
  g_assert_true (adw_squeezer_get_visible_child (ADW_SQUEEZER (squeezer)) == narrow);
  assert_hidden (wide, TRUE);
  assert_hidden (narrow, FALSE);
  ui_assert_window_freed (window, bin);
}

static void
test_roles (void)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = gtk_image_new_from_icon_name ("list-add-symbolic");
  GtkWidget *expander = adw_expander_row_new ();
  GtkWindow *window;

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), "A Title");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), expander);
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_append (GTK_BOX (box), image);
  cw_accessibility_name_buttons (box);
  window = ui_show (box);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (ui_find (box, GTK_TYPE_LABEL, "A Title")),
                                   GTK_ACCESSIBLE_ROLE_HEADING);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (ui_find (expander, GTK_TYPE_IMAGE, NULL)),
                                   GTK_ACCESSIBLE_ROLE_PRESENTATION);
  ui_assert_window_freed (window, box);
}

/* A role cannot be changed any more once it was shown: GTK would complain. */
static void
test_shown (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = gtk_image_new_from_icon_name ("list-add-symbolic");
  GtkWindow *window;

  gtk_box_append (GTK_BOX (box), image);
  window = ui_show (box);
  cw_accessibility_name_buttons (box);
  assert_hidden (image, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  cw_accessibility_name_buttons (box);
  ui_assert_window_freed (window, box);
}

/* Not by its row too: GTK 4.8 would say both. */
static void
test_switch (void)
{
  GtkWidget *check = g_object_ref_sink (gtk_check_button_new ());
  GtkWidget *row =
      g_object_new (ADW_TYPE_ACTION_ROW, "title", "A row", "activatable-widget", check, NULL);
  GtkWidget *list = gtk_list_box_new ();
  GtkWindow *window;

  gtk_list_box_append (GTK_LIST_BOX (list), row);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (check),
                                                   GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  cw_accessibility_name_switch (check, "A row");
  window = ui_show (list);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "A row");
  g_assert_false (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (check),
                                                    GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  g_object_unref (check);
  ui_assert_window_freed (window, list);
}

/* What went wrong has the keyboard, and is not marked as if it were to be copied. */
static void
test_problem (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "It failed.");
  CwProblemView *view = cw_problem_view_new ();
  GtkWindow *window = ui_show (GTK_WIDGET (view));
  GtkWidget *label;

  cw_problem_view_set_error (view, error, FALSE);
  ui_settle ();
  cw_problem_view_focus (view);
  label = ui_find (GTK_WIDGET (view), GTK_TYPE_LABEL, "It failed.");
  g_assert_true (gtk_window_get_focus (window) == label);
  g_assert_false (gtk_label_get_selection_bounds (GTK_LABEL (label), NULL, NULL));
  ui_assert_window_freed (window, GTK_WIDGET (view));
}

/* Whatever this libadwaita calls it. */
static GtkWidget *
find_icon_button (GtkWidget *root, const char *icon)
{
  const char *name = GTK_IS_BUTTON (root) ? gtk_button_get_icon_name (GTK_BUTTON (root)) : NULL;
  GtkWidget *found = name && strstr (name, icon) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_icon_button (child, icon);

  return found;
}

/* What shows a passphrase, and hides it again. */
static void
test_passphrase (void)
{
  GtkWidget *row = g_object_ref_sink (adw_password_entry_row_new ());
  GtkEditable *delegate = gtk_editable_get_delegate (GTK_EDITABLE (row));
  GtkWidget *button = find_icon_button (row, "reveal");
  g_autofree char *show = g_strdup (gtk_widget_get_tooltip_text (button));

  cw_accessibility_name_buttons (row);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, show);
  gtk_text_set_visibility (GTK_TEXT (delegate), TRUE);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), !=, show);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       gtk_widget_get_tooltip_text (button));
  ui_assert_freed (row);
}

typedef struct
{
  GtkWidget *root;
  const char *text;
} Said;

static gboolean
is_said (gpointer data)
{
  Said *said = data;

  g_main_context_iteration (NULL, FALSE);
  return ui_says (said->root, said->text);
}

/* Those that wait for another, too. */
static void
test_toasts (void)
{
  GtkWidget *overlay = adw_toast_overlay_new ();
  AdwToast *first = adw_toast_new ("One");
  GtkWindow *window;
  GtkWidget *button;

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), adw_bin_new ());
  cw_accessibility_name_toasts (ADW_TOAST_OVERLAY (overlay));
  window = ui_show (overlay);
  for (guint i = 0; i < 2; i++)
    {
      adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay),
                                   i == 0 ? first : adw_toast_new ("Two"));
      ui_settle ();
    }
  for (const char *text = "One"; text; text = g_str_equal (text, "One") ? "Two" : NULL)
    {
      ui_wait (is_said, &(Said){ overlay, text });
      button = gtk_widget_get_next_sibling (ui_find (overlay, GTK_TYPE_BUTTON, NULL));
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                           "Close");
      ui_click (button);
    }
  ui_assert_window_freed (window, overlay);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/ui/accessibility/pages", test_pages);
  g_test_add_func ("/ui/accessibility/squeezer", test_squeezer);
  g_test_add_func ("/ui/accessibility/roles", test_roles);
  g_test_add_func ("/ui/accessibility/shown", test_shown);
  g_test_add_func ("/ui/accessibility/switch", test_switch);
  g_test_add_func ("/ui/accessibility/problem", test_problem);
  g_test_add_func ("/ui/accessibility/passphrase", test_passphrase);
  g_test_add_func ("/ui/accessibility/toasts", test_toasts);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"
#include "cw-button-box.h"

/* On a button whose name is not just its text, and on a picture that says what no text does. */
#define NAMED "cw-named"

static void
name_menu_item (GtkWidget *item)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *name = NULL;

  g_object_get (item, "text", &text, NULL);
  parts = g_strsplit (text ? text : "", "_", -1);
  name = g_strjoinv ("", parts);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* The type of the items is GTK's own, and so is the name of their property. */
static void
name_menu_items (GtkWidget *widget)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkModelButton") &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "text"))
    name_menu_item (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    name_menu_items (child);
}

/* A row names what it switches, which has a name: GTK 4.8 would say both. */
static void
name_once (AdwActionRow *row)
{
  GtkWidget *widget = adw_action_row_get_activatable_widget (row);

  if (GTK_IS_CHECK_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_SPIN_BUTTON (widget))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static gboolean
is_title (GtkWidget *widget)
{
  static const char *const classes[] = { "heading", "title-1", "title-2", "title-3", "title-4" };

  for (guint i = 0; GTK_IS_LABEL (widget) && i < G_N_ELEMENTS (classes); i++)
    if (gtk_widget_has_css_class (widget, classes[i]))
      return TRUE;
  return FALSE;
}

/* A role is final once a screen reader has seen it. */
static void
set_role (GtkWidget *widget, GtkAccessibleRole role)
{
  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) != role &&
      !gtk_widget_get_realized (widget))
    g_object_set (widget, "accessible-role", role, NULL);
}

/* GTK tells it again when it is hidden and shown, if it still has its role then. */
static void
hide_image (GtkWidget *image)
{
  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (image)) != GTK_ACCESSIBLE_ROLE_IMG ||
      g_object_get_data (G_OBJECT (image), NAMED))
    return;

  if (gtk_widget_get_realized (image))
    gtk_accessible_update_state (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  else
    set_role (image, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

/* With text twice as large not every label is as short as the window is narrow. Those that
 * stand in a header bar lose count of their baseline, unless a box of ours is between. */
static void
wrap_label (GtkWidget *button)
{
  GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));

  if (GTK_IS_BOX (label)) /* of a menu button: the label, then the arrow */
    label = gtk_widget_get_first_child (label);
  if (gtk_widget_get_ancestor (button, ADW_TYPE_HEADER_BAR) &&
      !CW_IS_BUTTON_BOX (gtk_widget_get_parent (button)))
    return;
  if (GTK_IS_LABEL (label) && gtk_label_get_ellipsize (GTK_LABEL (label)) == PANGO_ELLIPSIZE_NONE)
    g_object_set (label, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD, "natural-wrap-mode",
                  GTK_NATURAL_WRAP_NONE, "justify", GTK_JUSTIFY_CENTER, NULL);
}

/* That of a group of rows would end in dots. */
static void
mend_title (GtkWidget *title)
{
  set_role (title, GTK_ACCESSIBLE_ROLE_HEADING);
  if (gtk_widget_has_css_class (title, "h4"))
    g_object_set (title, "ellipsize", PANGO_ELLIPSIZE_NONE, "wrap", TRUE, "wrap-mode",
                  PANGO_WRAP_WORD_CHAR, "natural-wrap-mode", GTK_NATURAL_WRAP_NONE, NULL);
}

static void
tell_tooltip (GtkWidget *widget)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tooltip ? tooltip : "", -1);
}

/* The button that shows a passphrase says what it does in its tooltip alone, which changes. */
static void
name_icon_button (GtkWidget *button)
{
  g_signal_handlers_disconnect_by_func (button, tell_tooltip, NULL);
  g_signal_connect (button, "notify::tooltip-text", G_CALLBACK (tell_tooltip), NULL);
  tell_tooltip (button);
}

static gboolean
is_of_passphrase (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) &&
         gtk_widget_get_tooltip_text (widget) &&
         gtk_widget_get_ancestor (widget, ADW_TYPE_PASSWORD_ENTRY_ROW);
}

static void
mend_role (GtkWidget *widget)
{
  if (is_title (widget))
    mend_title (widget);
  else if (is_of_passphrase (widget))
    name_icon_button (widget);
  else if (GTK_IS_IMAGE (widget))
    hide_image (widget);
  else if (ADW_IS_SQUEEZER (widget))
    cw_accessibility_watch_pages (widget);
  else if (ADW_IS_ACTION_ROW (widget))
    name_once (ADW_ACTION_ROW (widget));
}

void
cw_accessibility_name_buttons (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  /* Once it is shown: GTK names its items afresh until then. */
  if (GTK_IS_POPOVER_MENU (root))
    {
      g_signal_handlers_disconnect_by_func (root, name_menu_items, NULL);
      g_signal_connect (root, "map", G_CALLBACK (name_menu_items), NULL);
    }

  if (GTK_IS_BUTTON (root) && gtk_button_get_label (GTK_BUTTON (root)) &&
      !g_object_get_data (G_OBJECT (root), NAMED))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL);

  if (GTK_IS_BUTTON (root))
    wrap_label (root);
  mend_role (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    cw_accessibility_name_buttons (child);
}

void
cw_accessibility_set_name (GtkWidget *widget, const char *name)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (name != NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (widget), NAMED, GINT_TO_POINTER (TRUE));
}

static void
hide_other_pages (GtkWidget *widget)
{
  g_autoptr (GtkWidget) visible = NULL;

  g_object_get (widget, "visible-child", &visible, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN,
                                 child != visible, -1);
}

void
cw_accessibility_watch_pages (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_STACK (widget) || ADW_IS_SQUEEZER (widget));

  g_signal_handlers_disconnect_by_func (widget, hide_other_pages, NULL);
  g_signal_connect (widget, "notify::visible-child", G_CALLBACK (hide_other_pages), NULL);
  hide_other_pages (widget);
}

void
cw_accessibility_name_switch (GtkWidget *widget, const char *name)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Not the relation "error message": what it takes has changed between versions of GTK. */
static void
set_error (GtkAccessible *accessible, const char *message)
{
  if (message)
    {
      gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, message, -1);
    }
  else
    {
      gtk_accessible_reset_state (accessible, GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

/* The keyboard is on the text inside of a row, but GTK 4.8 tells of the row alone. */
void
cw_accessibility_set_error (GtkWidget *widget, const char *message)
{
  GtkEditable *text = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (GTK_IS_EDITABLE (widget))
    text = gtk_editable_get_delegate (GTK_EDITABLE (widget));
  set_error (GTK_ACCESSIBLE (widget), message);
  if (text)
    set_error (GTK_ACCESSIBLE (text), message);
}

/* GTK's own word, in all of its languages. */
static void
name_close_buttons (GtkWidget *widget)
{
  const char *icon = GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : NULL;

  if (g_strcmp0 (icon, "window-close-symbolic") == 0)
    cw_accessibility_set_name (widget, g_dgettext ("gtk40", "Close"));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    name_close_buttons (child);
}

static void
toasts_changed_cb (GListModel *children, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) child = g_list_model_get_item (children, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
        name_close_buttons (child);
    }
}

/* They wait for one another, so a toast has a widget only some time after it was added. */
void
cw_accessibility_name_toasts (AdwToastOverlay *toasts)
{
  GListModel *children;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));

  children = gtk_widget_observe_children (GTK_WIDGET (toasts));
  g_signal_connect (children, "items-changed", G_CALLBACK (toasts_changed_cb), NULL);
  g_object_set_data_full (G_OBJECT (toasts), "cw-toasts", children, g_object_unref);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"

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

  if (GTK_IS_BUTTON (root) && gtk_button_get_label (GTK_BUTTON (root)))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    cw_accessibility_name_buttons (child);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-comparison-view.h"

struct _CwComparisonView
{
  AdwBin parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (CwComparisonView, cw_comparison_view, ADW_TYPE_BIN)

static const struct
{
  const char *icon;
  const char *css_class;
  const char *word;
} states[] = {
  [CW_COMPARISON_SAME] = { "object-select-symbolic", "success", NULL },
  [CW_COMPARISON_CHANGED] = { "dialog-warning-symbolic", "warning", N_ ("Changed") },
  [CW_COMPARISON_MISSING] = { "dialog-warning-symbolic", "warning", N_ ("Missing") },
  [CW_COMPARISON_ADDED] = { "list-add-symbolic", "accent", N_ ("Added") },
};

/* A name that is broken gets no hyphen, which would look like a part of it. */
static GtkWidget *
label_new (const char *text, const char *css_class)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkWidget *label;

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode",
                        PANGO_WRAP_WORD_CHAR, "xalign", 0.0, "valign", GTK_ALIGN_START, "hexpand",
                        TRUE, "attributes", attributes, NULL);

  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The mark on the right, with a word where something is not as it was asked for. */
static GtkWidget *
mark_new (CwComparisonState state)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", states[state].icon,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (box, states[state].css_class);
  if (states[state].word)
    {
      GtkWidget *word = gtk_label_new (_ (states[state].word));

      gtk_widget_add_css_class (word, "caption-heading");
      gtk_box_append (GTK_BOX (box), word);
    }
  gtk_box_append (GTK_BOX (box), icon);
  return box;
}

/* Two columns of the same width; what is not there is a dash. */
static GtkWidget *
columns_new (GtkWidget *asked, GtkWidget *got)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  gtk_box_append (GTK_BOX (box), asked);
  gtk_box_append (GTK_BOX (box), got);
  return box;
}

static GtkWidget *
value_new (const char *text)
{
  return label_new (text ? text : "—", text ? NULL : "dim-label");
}

/* What a screen reader says of a row. */
static char *
describe (CwComparisonRow *row)
{
  const CwComparisonState state = cw_comparison_row_get_state (row);
  const char *title = cw_comparison_row_get_title (row);
  const char *asked = cw_comparison_row_get_asked (row);
  const char *got = cw_comparison_row_get_got (row);

  if (state == CW_COMPARISON_SAME)
    /* Translators: a part of the certificate, and what it is */
    return g_strdup_printf (asked ? _ ("%s: %s, as it was asked for")
                                  : C_ ("part of a certificate", "%s: %s"),
                            title, got ? got : asked);
  if (state == CW_COMPARISON_MISSING)
    return g_strdup_printf (_ ("%s: missing, %s was asked for"), title, asked);
  if (state == CW_COMPARISON_ADDED)
    return g_strdup_printf (_ ("%s: %s was added"), title, got);
  return g_strdup_printf (_ ("%s: changed, %s was asked for, %s came"), title, asked, got);
}

static GtkWidget *
row_new (GtkWidget *title, GtkWidget *mark, GtkWidget *columns)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (box, "comparison");
  if (title)
    {
      gtk_box_append (GTK_BOX (first), title);
      if (mark)
        gtk_box_append (GTK_BOX (first), mark);
      gtk_box_append (GTK_BOX (box), first);
    }
  gtk_box_append (GTK_BOX (box), columns);
  return g_object_new (GTK_TYPE_LIST_BOX_ROW, "child", box, "activatable", FALSE, "focusable",
                       FALSE, NULL);
}

static GtkWidget *
heading_row_new (void)
{
  return row_new (NULL, NULL,
                  columns_new (label_new (_ ("Asked for"), "caption-heading"),
                               label_new (_ ("Got"), "caption-heading")));
}

static GtkWidget *
comparison_row_new (CwComparisonRow *row)
{
  const CwComparisonState state = cw_comparison_row_get_state (row);
  g_autofree char *spoken = describe (row);
  GtkWidget *widget =
      row_new (label_new (cw_comparison_row_get_title (row), "caption"), mark_new (state),
               columns_new (value_new (cw_comparison_row_get_asked (row)),
                            value_new (cw_comparison_row_get_got (row))));

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  return widget;
}

static void
cw_comparison_view_class_init (CwComparisonViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-comparison-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwComparisonView, list);
}

static void
cw_comparison_view_init (CwComparisonView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cw_comparison_view_set_rows (CwComparisonView *self, GListModel *rows)
{
  GtkWidget *child;

  g_return_if_fail (CW_IS_COMPARISON_VIEW (self));
  g_return_if_fail (rows == NULL || G_IS_LIST_MODEL (rows));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  gtk_widget_set_visible (GTK_WIDGET (self), rows != NULL);
  if (!rows)
    return;

  gtk_list_box_append (self->list, heading_row_new ());
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CwComparisonRow) row = g_list_model_get_item (rows, i);

      gtk_list_box_append (self->list, comparison_row_new (row));
    }
}

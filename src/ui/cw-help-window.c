/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-help-window.h"

struct _CwHelpWindow
{
  AdwWindow parent_instance;

  GtkWidget *back_button;
  GtkStack *stack;
  GtkBox *contents;
  GtkWidget *search_entry;
  GtkWidget *nothing;
  GtkScrolledWindow *page_scroll;
  GtkBox *page_box;

  GPtrArray *groups;  /* of the contents, one for each chapter */
  GHashTable *rows;   /* of the contents, by their pages */
  GPtrArray *history; /* of pages, the one that is shown last; none while it is the contents */
};

G_DEFINE_FINAL_TYPE (CwHelpWindow, cw_help_window, ADW_TYPE_WINDOW)

static GtkWidget *
label_new (const char *text, const char *css_class, GtkAccessibleRole role)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                    "xalign", 0.0, "hexpand", TRUE, "accessible-role", role, NULL);

  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The dot is not read out: that it is a list is. */
static GtkWidget *
item_new (const char *text)
{
  GtkWidget *item = g_object_new (GTK_TYPE_BOX, "spacing", 9, "margin-start", 6, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_LIST_ITEM, NULL);
  GtkWidget *dot = g_object_new (GTK_TYPE_LABEL, "label", "•", "valign", GTK_ALIGN_START,
                                 "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_box_append (GTK_BOX (item), dot);
  gtk_box_append (GTK_BOX (item), label_new (text, NULL, GTK_ACCESSIBLE_ROLE_LABEL));
  return item;
}

static void
add_parts (CwHelpWindow *self, const CwHelpPart *parts)
{
  GtkWidget *list = NULL;

  for (const CwHelpPart *part = parts; part->kind != CW_HELP_END; part++)
    if (part->kind == CW_HELP_ITEM)
      {
        if (!list)
          {
            list = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing",
                                 9, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST, NULL);
            gtk_box_append (self->page_box, list);
          }
        gtk_box_append (GTK_BOX (list), item_new (_ (part->text)));
      }
    else
      {
        list = NULL;
        gtk_box_append (self->page_box,
                        label_new (_ (part->text), NULL, GTK_ACCESSIBLE_ROLE_LABEL));
      }
}

static void
row_activated_cb (CwHelpWindow *self, AdwActionRow *row)
{
  cw_help_window_show_page (self, g_object_get_data (G_OBJECT (row), "page"));
}

static GtkWidget *
row_new (CwHelpWindow *self, const CwHelpPage *page)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", _ (page->title),
                                 "title-lines", 0, "activatable", TRUE, NULL);
  GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  g_object_set_data (G_OBJECT (row), "page", (gpointer) page);
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static AdwPreferencesGroup *
group_new (const char *title)
{
  return g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", title, NULL);
}

static void
add_related (CwHelpWindow *self, const CwHelpPage *page)
{
  AdwPreferencesGroup *group = group_new (_ ("See Also"));

  gtk_widget_set_margin_top (GTK_WIDGET (group), 12);
  for (guint i = 0; page->related[i]; i++)
    adw_preferences_group_add (group, row_new (self, cw_help_find (page->related[i])));
  gtk_box_append (self->page_box, GTK_WIDGET (group));
}

static void
fill_page (CwHelpWindow *self, const CwHelpPage *page)
{
  const char *title = _ (page->title);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->page_box))))
    gtk_box_remove (self->page_box, child);

  gtk_box_append (self->page_box, label_new (title, "title-2", GTK_ACCESSIBLE_ROLE_HEADING));
  add_parts (self, page->parts);
  if (page->related)
    add_related (self, page);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->page_scroll), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->page_scroll), 0);
}

static void
fill_contents (CwHelpWindow *self)
{
  for (const CwHelpChapter *chapter = cw_help_get_chapters (); chapter->title; chapter++)
    {
      AdwPreferencesGroup *group = group_new (_ (chapter->title));

      for (const CwHelpPage *page = chapter->pages; page->name; page++)
        {
          GtkWidget *row = row_new (self, page);

          g_hash_table_insert (self->rows, (gpointer) page, row);
          adw_preferences_group_add (group, row);
        }
      g_ptr_array_add (self->groups, group);
      gtk_box_append (self->contents, GTK_WIDGET (group));
    }
}

static gboolean
has_words (const CwHelpPage *page, const char *words)
{
  if (g_str_match_string (words, _ (page->title), TRUE))
    return TRUE;
  for (const CwHelpPart *part = page->parts; part->kind != CW_HELP_END; part++)
    if (g_str_match_string (words, _ (part->text), TRUE))
      return TRUE;

  return FALSE;
}

/* Shows those of its pages that have @words, and says whether there are any. */
static gboolean
filter_chapter (CwHelpWindow *self, const CwHelpChapter *chapter, const char *words)
{
  gboolean any = FALSE;

  for (const CwHelpPage *page = chapter->pages; page->name; page++)
    {
      const gboolean shown = !*words || has_words (page, words);

      gtk_widget_set_visible (g_hash_table_lookup (self->rows, page), shown);
      any = any || shown;
    }
  return any;
}

static void
search_cb (CwHelpWindow *self)
{
  const CwHelpChapter *chapters = cw_help_get_chapters ();
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  gboolean found = FALSE;

  for (guint i = 0; i < self->groups->len; i++)
    {
      const gboolean any = filter_chapter (self, &chapters[i], words);

      gtk_widget_set_visible (self->groups->pdata[i], any);
      found = found || any;
    }
  gtk_widget_set_visible (self->nothing, !found);
}

/* Escape: what was searched for is left first, then the help. */
static void
stop_search_cb (CwHelpWindow *self)
{
  GtkEditable *entry = GTK_EDITABLE (self->search_entry);

  if (*gtk_editable_get_text (entry))
    gtk_editable_set_text (entry, "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* @left: (nullable): the page that was shown until now */
static void
update (CwHelpWindow *self, const CwHelpPage *left)
{
  const CwHelpPage *page = cw_help_window_get_page (self);

  if (page)
    fill_page (self, page);
  gtk_stack_set_visible_child_name (self->stack, page ? "page" : "contents");
  gtk_widget_set_visible (self->back_button, page != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "help.back", page != NULL);

  if (page)
    gtk_widget_grab_focus (GTK_WIDGET (self->page_scroll));
  else if (left)
    gtk_widget_grab_focus (g_hash_table_lookup (self->rows, left));
}

static void
back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwHelpWindow *self = CW_HELP_WINDOW (widget);
  const CwHelpPage *left = cw_help_window_get_page (self);

  g_ptr_array_set_size (self->history, (int) self->history->len - 1);
  update (self, left);
}

static void
cw_help_window_finalize (GObject *object)
{
  CwHelpWindow *self = CW_HELP_WINDOW (object);

  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_help_window_parent_class)->finalize (object);
}

static void
cw_help_window_class_init (CwHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cw_help_window_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, contents);
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, nothing);
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, page_scroll);
  gtk_widget_class_bind_template_child (widget_class, CwHelpWindow, page_box);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);

  gtk_widget_class_install_action (widget_class, "help.back", NULL, back_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "help.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
cw_help_window_init (CwHelpWindow *self)
{
  self->groups = g_ptr_array_new ();
  self->rows = g_hash_table_new (NULL, NULL);
  self->history = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_watch_pages (GTK_WIDGET (self->stack));
  fill_contents (self);
  update (self, NULL);
}

CwHelpWindow *
cw_help_window_new (void)
{
  return g_object_new (CW_TYPE_HELP_WINDOW, NULL);
}

const CwHelpPage *
cw_help_window_get_page (CwHelpWindow *self)
{
  g_return_val_if_fail (CW_IS_HELP_WINDOW (self), NULL);

  return self->history->len > 0 ? self->history->pdata[self->history->len - 1] : NULL;
}

void
cw_help_window_show_page (CwHelpWindow *self, const CwHelpPage *page)
{
  const CwHelpPage *left;

  g_return_if_fail (CW_IS_HELP_WINDOW (self));

  left = cw_help_window_get_page (self);
  if (!page)
    g_ptr_array_set_size (self->history, 0);
  else if (page != left)
    g_ptr_array_add (self->history, (gpointer) page);
  update (self, left);
}

/* (nullable): the one that is open */
static CwHelpWindow *
find_open (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (CW_IS_HELP_WINDOW (window))
        return CW_HELP_WINDOW (window); /* GTK holds it */
    }

  return NULL;
}

/* By itself, and not with "destroy-with-parent": GTK leaves the window that has gone as
 * what this one belongs to, and looks at it if a key has this one outlive it. */
static void
parent_destroyed_cb (CwHelpWindow *self, GtkWindow *parent)
{
  GtkWindow *present = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (present && present != parent)
    return;

  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
set_parent (CwHelpWindow *self, GtkWindow *parent)
{
  GtkWindow *former = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (former == parent)
    return;

  if (former)
    g_signal_handlers_disconnect_by_func (former, parent_destroyed_cb, self);
  gtk_window_set_transient_for (GTK_WINDOW (self), parent);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (parent_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
cw_help_window_present (GtkWidget *widget, const char *name)
{
  CwHelpWindow *self;
  GtkWindow *parent;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  parent = GTK_WINDOW (gtk_widget_get_root (widget));
  self = find_open ();
  if (!self)
    self = cw_help_window_new ();
  cw_help_window_show_page (self, name ? cw_help_find (name) : NULL);
  set_parent (self, parent);
  /* For the keys that work everywhere. */
  gtk_window_set_application (GTK_WINDOW (self), gtk_window_get_application (parent));
  gtk_window_present (GTK_WINDOW (self));
}

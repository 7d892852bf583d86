/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-home-page.h"
#include "cw-identity-cell.h"

/* How many rows the list starts with, and grows by when its end comes near.
 * GTK's list view makes some 200 rows at once, however few are visible. */
#define N_ROWS 20

struct _CwHomePage
{
  AdwBin parent_instance;

  GtkWidget *new_button;
  GtkWidget *search_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkStack *stack;
  GtkListView *list_view;
  AdwStatusPage *empty;
  AdwStatusPage *nothing;

  CwStore *store;
  GtkFilterListModel *filtered;
  GtkSliceListModel *shown;
  GtkFilter *filter;
  GtkSorter *sorter;
};

G_DEFINE_FINAL_TYPE (CwHomePage, cw_home_page, ADW_TYPE_BIN)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return cw_identity_compare_urgency ((CwIdentity *) a, (CwIdentity *) b, NULL);
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  CwHomePage *self = CW_HOME_PAGE (user_data);
  const char *words = gtk_editable_get_text (self->search_entry);

  return *words == '\0' || cw_identity_matches (item, words);
}

/* The large icons are loaded when they are first shown: the SVG library would
 * cost the start more than all the rest. */
static void
show_page (CwHomePage *self, const char *name)
{
  if (g_str_equal (name, "empty") && !adw_status_page_get_paintable (self->empty))
    {
      g_autoptr (GdkTexture) picture =
          gdk_texture_new_from_resource ("/io/github/certwright/Certwright/home.png");

      adw_status_page_set_paintable (self->empty, GDK_PAINTABLE (picture));
    }
  else if (g_str_equal (name, "nothing"))
    {
      adw_status_page_set_icon_name (self->nothing, "system-search-symbolic");
    }
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
update (CwHomePage *self)
{
  const gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0;
  const gboolean found = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0;

  gtk_widget_set_visible (self->new_button, any);
  gtk_widget_set_visible (self->search_button, any);
  show_page (self, !any ? "empty" : found ? "list" : "nothing");
}

static void
scrolled_cb (CwHomePage *self, GtkAdjustment *adjustment)
{
  const double end =
      gtk_adjustment_get_value (adjustment) + 2 * gtk_adjustment_get_page_size (adjustment);
  const guint size = gtk_slice_list_model_get_size (self->shown);

  if (end > gtk_adjustment_get_upper (adjustment) &&
      size < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)))
    gtk_slice_list_model_set_size (self->shown, size + N_ROWS);
}

static void
resized_cb (CwHomePage *self, GParamSpec *pspec, GtkAdjustment *adjustment)
{
  scrolled_cb (self, adjustment);
}

static void
search_changed_cb (CwHomePage *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
activate_cb (CwHomePage *self, guint position)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list_view));
  g_autoptr (CwIdentity) identity = g_list_model_get_item (model, position);

  g_signal_emit (self, signals[OPEN], 0, identity);
}

/* The keyboard is on a list item, whose child is the cell. */
static gboolean
menu_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *cell = focus ? gtk_widget_get_first_child (focus) : NULL;

  if (!CW_IS_IDENTITY_CELL (cell))
    return GDK_EVENT_PROPAGATE;

  cw_identity_cell_popup (CW_IDENTITY_CELL (cell));
  return GDK_EVENT_STOP;
}

static void
add_menu_shortcut (CwHomePage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger = gtk_shortcut_trigger_parse_string ("Menu|<shift>F10");
  GtkShortcut *shortcut = gtk_shortcut_new (trigger, gtk_callback_action_new (menu_cb, NULL, NULL));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), controller);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, GTK_WIDGET (cw_identity_cell_new ()));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  cw_identity_cell_set_identity (CW_IDENTITY_CELL (gtk_list_item_get_child (item)),
                                 gtk_list_item_get_item (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  cw_identity_cell_set_identity (CW_IDENTITY_CELL (gtk_list_item_get_child (item)), NULL);
}

/* What is urgent changes with what is saved, and with the day. */
static void
map_cb (CwHomePage *self)
{
  if (self->sorter)
    gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
cw_home_page_dispose (GObject *object)
{
  CwHomePage *self = CW_HOME_PAGE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->filtered);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorter);

  G_OBJECT_CLASS (cw_home_page_parent_class)->dispose (object);
}

static void
cw_home_page_class_init (CwHomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_home_page_dispose;

  signals[OPEN] = g_signal_new ("open", CW_TYPE_HOME_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, CW_TYPE_IDENTITY);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-home-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, new_button);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, search_button);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, list_view);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, empty);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, nothing);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
cw_home_page_init (CwHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  add_menu_shortcut (self);
}

void
cw_home_page_set_store (CwHomePage *self, CwStore *store)
{
  GtkListItemFactory *factory;
  GtkSortListModel *sorted;
  GtkAdjustment *adjustment;
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_if_fail (CW_IS_HOME_PAGE (self));
  g_return_if_fail (CW_IS_STORE (store));

  if (!g_set_object (&self->store, store))
    return;

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
  sorted =
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (store)), g_object_ref (self->sorter));
  self->filtered = gtk_filter_list_model_new (G_LIST_MODEL (sorted), g_object_ref (self->filter));
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  /* The last one may go while the search shows none. */
  g_signal_connect_object (store, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->shown = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), 0, N_ROWS);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list_view));
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "notify::page-size", G_CALLBACK (resized_cb), self,
                           G_CONNECT_SWAPPED);

  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  gtk_list_view_set_factory (self->list_view, factory);
  g_object_unref (factory);

  update (self);
}

void
cw_home_page_toggle_search (CwHomePage *self)
{
  g_return_if_fail (CW_IS_HOME_PAGE (self));

  if (gtk_widget_get_visible (self->search_button))
    gtk_search_bar_set_search_mode (self->search_bar,
                                    !gtk_search_bar_get_search_mode (self->search_bar));
}

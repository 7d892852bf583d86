/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"
#include "cw-identity-cell.h"
#include "cw-identity-list.h"

/* How many rows the list starts with, and grows by when its end comes near: a window's
 * height of them.
 * GTK's list view makes some 200 rows at once, however few are visible. */
#define N_ROWS 12

struct _CwIdentityList
{
  AdwBin parent_instance;

  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkStack *stack;
  GtkListView *list_view;
  AdwStatusPage *nothing;

  GtkFilterListModel *filtered;
  GtkSliceListModel *shown;
  GtkFilter *filter;
  GtkSorter *sorter;
};

G_DEFINE_FINAL_TYPE (CwIdentityList, cw_identity_list, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_SEARCH_MODE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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
  CwIdentityList *self = CW_IDENTITY_LIST (user_data);
  const char *words = gtk_editable_get_text (self->search_entry);

  return *words == '\0' || cw_identity_matches (item, words);
}

static void
update (CwIdentityList *self)
{
  const gboolean found = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0;

  if (!found) /* only now, since it loads the SVG library */
    adw_status_page_set_icon_name (self->nothing, "cw-nothing-found-symbolic");
  gtk_stack_set_visible_child_name (self->stack, found ? "list" : "nothing");
}

static void
grow (CwIdentityList *self, GtkAdjustment *adjustment, double pages)
{
  const double end =
      gtk_adjustment_get_value (adjustment) + pages * gtk_adjustment_get_page_size (adjustment);
  const guint size = gtk_slice_list_model_get_size (self->shown);

  if (end > gtk_adjustment_get_upper (adjustment) &&
      size < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)))
    gtk_slice_list_model_set_size (self->shown, size + N_ROWS);
}

static void
scrolled_cb (CwIdentityList *self, GtkAdjustment *adjustment)
{
  grow (self, adjustment, 2);
}

static void
resized_cb (CwIdentityList *self, GParamSpec *pspec, GtkAdjustment *adjustment)
{
  grow (self, adjustment, 1);
}

static void
search_changed_cb (CwIdentityList *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
activate_cb (CwIdentityList *self, guint position)
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
add_menu_shortcut (CwIdentityList *self)
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
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer profiles)
{
  cw_identity_cell_set_identity (CW_IDENTITY_CELL (gtk_list_item_get_child (item)),
                                 gtk_list_item_get_item (item), profiles);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  cw_identity_cell_set_identity (CW_IDENTITY_CELL (gtk_list_item_get_child (item)), NULL, NULL);
}

/* What is urgent changes with what is saved, and with the day. */
static void
map_cb (CwIdentityList *self)
{
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
search_mode_cb (CwIdentityList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH_MODE]);
}

static void
cw_identity_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CwIdentityList *self = CW_IDENTITY_LIST (object);

  if (id == PROP_SEARCH_MODE)
    g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cw_identity_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CwIdentityList *self = CW_IDENTITY_LIST (object);

  if (id == PROP_SEARCH_MODE)
    gtk_search_bar_set_search_mode (self->search_bar, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cw_identity_list_dispose (GObject *object)
{
  CwIdentityList *self = CW_IDENTITY_LIST (object);

  g_clear_object (&self->filtered);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorter);

  G_OBJECT_CLASS (cw_identity_list_parent_class)->dispose (object);
}

static void
cw_identity_list_class_init (CwIdentityListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cw_identity_list_get_property;
  object_class->set_property = cw_identity_list_set_property;
  object_class->dispose = cw_identity_list_dispose;

  properties[PROP_SEARCH_MODE] =
      g_param_spec_boolean ("search-mode", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPEN] = g_signal_new ("open", CW_TYPE_IDENTITY_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, CW_TYPE_IDENTITY);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-identity-list.ui");
  gtk_widget_class_bind_template_child (widget_class, CwIdentityList, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityList, stack);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityList, list_view);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityList, nothing);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
cw_identity_list_init (CwIdentityList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  cw_accessibility_watch_pages (GTK_WIDGET (self->stack));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  add_menu_shortcut (self);
}

static void
show_rows (CwIdentityList *self, GListModel *profiles)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection =
      gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), profiles, 0);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  gtk_list_view_set_factory (self->list_view, factory);
}

CwIdentityList *
cw_identity_list_new (CwStore *store, GListModel *profiles)
{
  CwIdentityList *self;
  GtkSortListModel *sorted;
  GtkAdjustment *adjustment;

  g_return_val_if_fail (CW_IS_STORE (store), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (profiles), NULL);

  self = g_object_new (CW_TYPE_IDENTITY_LIST, NULL);
  sorted =
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (store)), g_object_ref (self->sorter));
  self->filtered = gtk_filter_list_model_new (G_LIST_MODEL (sorted), g_object_ref (self->filter));
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  self->shown = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), 0, N_ROWS);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list_view));
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "notify::page-size", G_CALLBACK (resized_cb), self,
                           G_CONNECT_SWAPPED);
  show_rows (self, profiles);
  update (self);

  return self;
}

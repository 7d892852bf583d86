/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"
#include "cw-home-page.h"
#include "cw-identity-list.h"

struct _CwHomePage
{
  AdwBin parent_instance;

  GtkWidget *new_button;
  GtkMenuButton *menu_button;
  GMenuModel *menu;
  GtkWidget *search_button;
  GtkStack *stack;

  CwStore *store;
  GListModel *profiles;
};

G_DEFINE_FINAL_TYPE (CwHomePage, cw_home_page, ADW_TYPE_BIN)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Made when it is first opened: a menu costs as much as all the rest of the page. */
static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  CwHomePage *self = CW_HOME_PAGE (user_data);

  if (gtk_menu_button_get_popover (button))
    return;

  gtk_menu_button_set_menu_model (button, self->menu);
  cw_accessibility_name_buttons (GTK_WIDGET (button));
}

static void
open_cb (CwHomePage *self, CwIdentity *identity)
{
  g_signal_emit (self, signals[OPEN], 0, identity);
}

/* (transfer full): a builder's object is not floating. */
static GtkWidget *
welcome_new (CwHomePage *self)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/io/github/certwright/Certwright/ui/welcome.ui");
  GtkWidget *welcome = GTK_WIDGET (gtk_builder_get_object (builder, "welcome"));

  gtk_image_set_from_resource (GTK_IMAGE (gtk_builder_get_object (builder, "picture")),
                               gtk_widget_get_scale_factor (GTK_WIDGET (self)) > 1
                                   ? "/io/github/certwright/Certwright/home@2.png"
                                   : "/io/github/certwright/Certwright/home.png");
  cw_accessibility_name_buttons (welcome);
  return g_object_ref (welcome);
}

static GtkWidget *
list_new (CwHomePage *self)
{
  CwIdentityList *list = cw_identity_list_new (self->store, self->profiles);

  g_signal_connect_object (list, "open", G_CALLBACK (open_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (list, "search-mode", self->search_button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  return GTK_WIDGET (list);
}

/* The pages are made when they are first needed: most starts show only one. */
static void
show_page (CwHomePage *self, gboolean any)
{
  const char *name = any ? "list" : "welcome";

  if (!gtk_stack_get_child_by_name (self->stack, name))
    {
      g_autoptr (GtkWidget) page = any ? g_object_ref_sink (list_new (self)) : welcome_new (self);

      gtk_stack_add_named (self->stack, page, name);
    }
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
update (CwHomePage *self)
{
  const gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0;

  gtk_widget_set_visible (self->new_button, any);
  gtk_widget_set_visible (self->search_button, any);
  show_page (self, any);
}

static void
cw_home_page_dispose (GObject *object)
{
  CwHomePage *self = CW_HOME_PAGE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->profiles);

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
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, menu);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, search_button);
  gtk_widget_class_bind_template_child (widget_class, CwHomePage, stack);
}

static void
cw_home_page_init (CwHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cw_accessibility_watch_pages (GTK_WIDGET (self->stack));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
}

void
cw_home_page_set_store (CwHomePage *self, CwStore *store, GListModel *profiles)
{
  g_return_if_fail (CW_IS_HOME_PAGE (self));
  g_return_if_fail (CW_IS_STORE (store));
  g_return_if_fail (G_IS_LIST_MODEL (profiles));

  g_set_object (&self->profiles, profiles);
  if (!g_set_object (&self->store, store))
    return;

  g_signal_connect_object (store, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
cw_home_page_toggle_search (CwHomePage *self)
{
  GtkToggleButton *button;

  g_return_if_fail (CW_IS_HOME_PAGE (self));

  button = GTK_TOGGLE_BUTTON (self->search_button);
  if (gtk_widget_get_visible (self->search_button))
    gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

void
cw_home_page_focus_content (CwHomePage *self)
{
  g_return_if_fail (CW_IS_HOME_PAGE (self));

  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

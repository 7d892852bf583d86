/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-identity-cell.h"
#include "cw-profile.h"

struct _CwIdentityCell
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *status;
  GtkMenuButton *menu_button;

  CwIdentity *identity;
  GListModel *profiles;
};

G_DEFINE_FINAL_TYPE (CwIdentityCell, cw_identity_cell, ADW_TYPE_BIN)

/* An expired or revoked certificate works no more, whatever it did then. */
static char *
describe_test (CwIdentity *identity)
{
  return cw_identity_state_is_usable (cw_identity_get_state (identity, NULL))
             ? cw_identity_get_test_status (identity)
             : NULL;
}

/* What it is for, how it stands, and whether it was seen to work. */
static char *
describe (CwIdentityCell *self)
{
  const char *id = cw_identity_get_profile_id (self->identity);
  g_autoptr (CwProfile) profile =
      id && self->profiles ? cw_profiles_find (self->profiles, id) : NULL;
  g_autofree char *status = cw_identity_get_status (self->identity, NULL);
  g_autofree char *tested = describe_test (self->identity);
  g_autofree char *text = NULL;
  const char *kind = profile ? cw_profile_get_short_name (profile)
                     : cw_identity_get_is_authority (self->identity) ? _ ("Private CA")
                                                                     : NULL;

  /* Translators: what a certificate is for, then its state: "PlaceOS · Expires in 21 days" */
  text = kind ? g_strdup_printf (_ ("%s · %s"), kind, status) : g_steal_pointer (&status);
  if (!tested)
    return g_steal_pointer (&text);

  /* Translators: a certificate's state, then how its test ended: "Valid until 3 May 2027 · Worked
   * on 20 November 2026"; with a no-break space before the dot, which does not begin a line */
  return g_strdup_printf (_ ("%s\302\240· %s"), text, tested);
}

static void
update (CwIdentityCell *self)
{
  const CwIdentityLook look = cw_identity_get_look (self->identity, CW_SEVERITY_GOOD);
  g_autofree char *title = cw_identity_get_title (self->identity);
  g_autofree char *status = describe (self);
  const char *classes[] = { look.css_class, NULL };
  const char *caption[] = { "caption", classes[0] ? classes[0] : "dim-label", NULL };

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->status, status);
  gtk_image_set_from_icon_name (self->icon, cw_identity_get_is_authority (self->identity)
                                                ? CW_AUTHORITY_ICON_NAME
                                                : look.icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_widget_set_css_classes (GTK_WIDGET (self->status), caption);
}

static void
append_action (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

/* Made when it is opened: a menu costs more than all the rest of the row. */
static void
create_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  CwIdentityCell *self = CW_IDENTITY_CELL (user_data);
  g_autoptr (GMenu) menu = g_menu_new ();
  const char *id = cw_identity_get_id (self->identity);

  append_action (menu, _ ("Show _Details"), "win.details", id);
  append_action (menu, _ ("_Delete…"), "win.delete", id);
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
  cw_accessibility_name_buttons (GTK_WIDGET (button));
}

static void
cw_identity_cell_dispose (GObject *object)
{
  cw_identity_cell_set_identity (CW_IDENTITY_CELL (object), NULL, NULL);

  G_OBJECT_CLASS (cw_identity_cell_parent_class)->dispose (object);
}

static void
cw_identity_cell_class_init (CwIdentityCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_identity_cell_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-identity-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, CwIdentityCell, icon);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityCell, title);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityCell, status);
  gtk_widget_class_bind_template_child (widget_class, CwIdentityCell, menu_button);
}

static void
cw_identity_cell_init (CwIdentityCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);

  /* A row with something focusable in it cannot have the keyboard itself; the
   * menu opens with the Menu key. The button proper is inside of GTK's. */
  gtk_widget_set_focusable (gtk_widget_get_first_child (GTK_WIDGET (self->menu_button)), FALSE);
}

CwIdentityCell *
cw_identity_cell_new (void)
{
  return g_object_new (CW_TYPE_IDENTITY_CELL, NULL);
}

void
cw_identity_cell_set_identity (CwIdentityCell *self, CwIdentity *identity, GListModel *profiles)
{
  g_return_if_fail (CW_IS_IDENTITY_CELL (self));

  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, update, self);
  g_set_object (&self->identity, identity);
  g_set_object (&self->profiles, profiles);
  if (!identity)
    return;

  g_signal_connect_object (identity, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
cw_identity_cell_popup (CwIdentityCell *self)
{
  g_return_if_fail (CW_IS_IDENTITY_CELL (self));

  gtk_menu_button_popup (self->menu_button);
}

const char *
cw_identity_state_get_icon_name (CwIdentityState state)
{
  static const char *const names[] = {
    [CW_IDENTITY_DRAFT] = "document-edit-symbolic",
    [CW_IDENTITY_WAITING] = "document-open-recent-symbolic",
    [CW_IDENTITY_READY] = "object-select-symbolic",
    [CW_IDENTITY_EXPIRING] = "dialog-warning-symbolic",
    [CW_IDENTITY_EXPIRED] = "dialog-error-symbolic",
    [CW_IDENTITY_REVOKED] = "dialog-error-symbolic",
    [CW_IDENTITY_REPLACED] = "edit-undo-symbolic",
  };

  return names[state];
}

const char *
cw_identity_state_get_css_class (CwIdentityState state)
{
  switch (state)
    {
    case CW_IDENTITY_READY:
      return "success";
    case CW_IDENTITY_EXPIRING:
      return "warning";
    case CW_IDENTITY_EXPIRED:
    case CW_IDENTITY_REVOKED:
      return "error";
    case CW_IDENTITY_DRAFT:
    case CW_IDENTITY_WAITING:
    case CW_IDENTITY_REPLACED:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

gboolean
cw_identity_state_is_usable (CwIdentityState state)
{
  return state == CW_IDENTITY_READY || state == CW_IDENTITY_EXPIRING;
}

CwIdentityLook
cw_identity_get_look (CwIdentity *identity, CwSeverity worst)
{
  CwIdentityState state;

  g_return_val_if_fail (CW_IS_IDENTITY (identity), (CwIdentityLook){ 0 });

  state = cw_identity_get_state (identity, NULL);
  if (cw_identity_state_is_usable (state))
    {
      /* A server that refused it yesterday may take it tomorrow. */
      if (worst == CW_SEVERITY_PROBLEM)
        state = CW_IDENTITY_EXPIRED;
      else if (worst == CW_SEVERITY_WARNING ||
               cw_identity_get_test_severity (identity) >= CW_SEVERITY_WARNING)
        state = CW_IDENTITY_EXPIRING;
    }
  return (CwIdentityLook){ cw_identity_state_get_icon_name (state),
                           cw_identity_state_get_css_class (state) };
}

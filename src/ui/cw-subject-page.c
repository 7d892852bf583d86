/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-country.h"
#include "cw-field.h"
#include "cw-info-button.h"
#include "cw-subject-page.h"
#include "cw-usage.h"

/* One attribute of the subject on the screen. It is "fixed" if it is always
 * there, as the first of its type; empty ones are not asked for. */
typedef struct
{
  char *type; /* NULL for one by OID: its text is "OID;value" */
  char *value;
  gboolean fixed;
  CwField *field;     /* not owned; NULL for the country */
  GtkWidget *country; /* its row, for C; not owned */
} Attribute;

/* One alternative name on the screen. */
typedef struct
{
  CwAltNameKind kind;
  CwField *field; /* not owned */
} Name;

struct _CwSubjectPage
{
  CwPage parent_instance;

  AdwPreferencesGroup *subject_group;
  AdwExpanderRow *more_row;
  AdwActionRow *preview_row;
  AdwPreferencesGroup *name_group;
  GtkWidget *no_name_row;
  GtkWidget *add_name_button;
  GMenu *name_menu;
  GMenu *attribute_menu;
  GtkWidget *usage_group;
  AdwPreferencesRow *main_usage_row;
  GtkSwitch *main_usage_switch;
  GtkWidget *no_client_auth_row;
  AdwExpanderRow *usage_row;
  AdwEntryRow *oid_entry;
  GtkWidget *oid_message_row;
  GtkLabel *oid_message;

  GPtrArray *attributes; /* of Attribute, in the order in which they are encoded */
  GPtrArray *names;      /* of Name */
  GPtrArray *rows;       /* every row made here, not owned: removed on the next filling */
  GtkWidget *offer_row;  /* offers the common name as an alternative name; owned */
  CwAltName *offer;
  GListModel *countries;
  gboolean filling;

  /* What was removed last, one or the other. */
  Attribute *removed_attribute;
  guint removed_from;
  CwAltName *removed_name;
};

G_DEFINE_FINAL_TYPE (CwSubjectPage, cw_subject_page, CW_TYPE_PAGE)

/* The types that are always there, and how many of them stand outside of "More Options". */
static const char *const fixed_types[] = { "CN", "O", "OU", "L", "ST", "C" };
#define N_FIRST_TYPES 3

static void fill (CwSubjectPage *self);

static CwRequest *
get_request (CwSubjectPage *self)
{
  return cw_identity_get_request (cw_page_get_identity (CW_PAGE (self)));
}

static gboolean
is_authority (CwSubjectPage *self)
{
  return cw_identity_get_is_authority (cw_page_get_identity (CW_PAGE (self)));
}

static CwProfileSubject
get_subject_kind (CwSubjectPage *self)
{
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));

  return profile ? cw_profile_get_subject (profile) : CW_PROFILE_SUBJECT_ANY;
}

/* The usage that matters to the consumer; that of a client, unless it wants a server's alone. */
static const char *
get_main_usage (CwSubjectPage *self)
{
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));

  return profile && cw_profile_get_only_serves (profile) ? CW_USAGE_SERVER_AUTH
                                                         : CW_USAGE_CLIENT_AUTH;
}

static void
attribute_free (Attribute *attribute)
{
  g_free (attribute->type);
  g_free (attribute->value);
  g_free (attribute);
}

static Attribute *
attribute_new (const char *type, const char *value, gboolean fixed)
{
  Attribute *attribute = g_new0 (Attribute, 1);

  if (type && cw_attribute_type_find (type))
    {
      attribute->type = g_strdup (cw_attribute_type_find (type)->id);
      attribute->value = g_strdup (value);
    }
  else
    {
      attribute->value = type ? g_strconcat (type, ";", value, NULL) : g_strdup (value);
    }
  attribute->fixed = fixed;
  return attribute;
}

/* The type and value that an attribute stands for; FALSE if it is empty. */
static gboolean
attribute_split (Attribute *attribute, char **type, char **value)
{
  const char *semicolon;

  if (*attribute->value == '\0')
    return FALSE;

  if (attribute->type)
    {
      *type = g_strdup (attribute->type);
      *value = g_strdup (attribute->value);
      return TRUE;
    }

  semicolon = strchr (attribute->value, ';');
  *type = semicolon ? g_strndup (attribute->value, semicolon - attribute->value)
                    : g_strdup (attribute->value);
  *value = g_strdup (semicolon ? semicolon + 1 : "");
  return TRUE;
}

/* From the screen to the request */

static void
update_preview (CwSubjectPage *self)
{
  g_autofree char *text = cw_subject_to_string (cw_request_get_subject (get_request (self)));

  adw_action_row_set_subtitle (self->preview_row, *text ? text : _ ("Nothing yet"));
}

static gboolean
has_name (CwSubjectPage *self, CwAltName *name)
{
  GListModel *names = cw_request_get_alt_names (get_request (self));

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) other = g_list_model_get_item (names, i);

      if (cw_alt_name_equal (name, other))
        return TRUE;
    }

  return FALSE;
}

static void
update_offer (CwSubjectPage *self)
{
  const char *common_name = cw_subject_get (cw_request_get_subject (get_request (self)), "CN");
  g_autoptr (CwAltName) guess = common_name ? cw_alt_name_guess (common_name) : NULL;

  if (guess && (!cw_alt_name_check (guess, NULL) || has_name (self, guess)))
    g_clear_object (&guess);

  if (guess)
    {
      /* Translators: %s is an e-mail or other address */
      g_autofree char *title =
          g_strdup_printf (_ ("Use %s as another name too?"), cw_alt_name_get_value (guess));

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->offer_row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->offer_row),
                                   cw_alt_name_kind_get_title (cw_alt_name_get_kind (guess)));
    }
  gtk_widget_set_visible (self->offer_row,
                          guess && cw_page_get_editable (CW_PAGE (self)) && !is_authority (self));
  g_set_object (&self->offer, guess);
}

/* It asks for it, or for nothing in particular: not only who serves does without. */
static gboolean
expects_client_auth (CwProfile *profile)
{
  const char *const *usages = cw_profile_get_usages (profile);

  return !usages || !*usages || g_strv_contains (usages, CW_USAGE_CLIENT_AUTH);
}

static gboolean
lacks_client_auth (CwSubjectPage *self)
{
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));

  return !cw_request_has_usage (get_request (self), CW_USAGE_CLIENT_AUTH) &&
         (!profile || expects_client_auth (profile));
}

static void
update (CwSubjectPage *self)
{
  CwRequest *request = get_request (self);

  update_preview (self);
  update_offer (self);
  gtk_widget_set_visible (self->no_name_row, self->names->len == 0);
  gtk_widget_set_visible (self->no_client_auth_row, lacks_client_auth (self));
  cw_page_set_complete (CW_PAGE (self), cw_request_check (request, NULL));
}

static void
check_attribute (Attribute *attribute)
{
  g_autofree char *type = NULL;
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  if (attribute->field && attribute_split (attribute, &type, &value))
    cw_attribute_check (type, value, &error);
  if (attribute->field)
    cw_field_set_error (attribute->field, error ? error->message : NULL);
}

static void
write_subject (CwSubjectPage *self)
{
  CwSubject *subject = cw_request_get_subject (get_request (self));

  cw_subject_clear (subject);
  for (guint i = 0; i < self->attributes->len; i++)
    {
      g_autofree char *type = NULL;
      g_autofree char *value = NULL;

      if (attribute_split (self->attributes->pdata[i], &type, &value))
        cw_subject_append (subject, type, value);
    }
  update (self);
}

static void
write_names (CwSubjectPage *self)
{
  CwRequest *request = get_request (self);

  while (g_list_model_get_n_items (cw_request_get_alt_names (request)) > 0)
    cw_request_remove_alt_name (request, 0);

  for (guint i = 0; i < self->names->len; i++)
    {
      Name *row = self->names->pdata[i];
      const char *text = cw_field_get_text (row->field);
      g_autoptr (CwAltName) name = cw_alt_name_new (row->kind, text);
      g_autoptr (GError) error = NULL;

      if (*text == '\0')
        cw_field_set_error (row->field, NULL);
      else if (!cw_alt_name_check (name, &error) || cw_request_add_alt_name (request, name))
        cw_field_set_error (row->field, error ? error->message : NULL);
      else
        cw_field_set_error (row->field, _ ("This name is in the list already."));

      if (error)
        cw_request_add_alt_name (request, name); /* a draft keeps what is half typed */
    }
  update (self);
}

static void
attribute_changed_cb (CwSubjectPage *self, CwField *field)
{
  if (self->filling)
    return;

  for (guint i = 0; i < self->attributes->len; i++)
    {
      Attribute *attribute = self->attributes->pdata[i];

      if (attribute->field != field)
        continue;
      g_free (attribute->value);
      attribute->value = g_strdup (cw_field_get_text (field));
      check_attribute (attribute);
    }
  write_subject (self);
}

static void
name_changed_cb (CwSubjectPage *self)
{
  if (!self->filling)
    write_names (self);
}

static void
country_changed_cb (CwSubjectPage *self, GParamSpec *pspec, GtkDropDown *drop_down)
{
  CwCountry *country = gtk_drop_down_get_selected_item (drop_down);

  if (self->filling || !country)
    return;

  for (guint i = 0; i < self->attributes->len; i++)
    {
      Attribute *attribute = self->attributes->pdata[i];

      if (!attribute->country)
        continue;
      g_free (attribute->value);
      attribute->value = g_strdup (cw_country_get_code (country));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (attribute->country), "");
      gtk_widget_remove_css_class (attribute->country, "error");
      cw_accessibility_set_error (GTK_WIDGET (drop_down), NULL);
    }
  write_subject (self);
}

/* Rows */

/* @name says which row it is about, too. */
static GtkWidget *
icon_button_new (CwSubjectPage *self, const char *icon, const char *tooltip, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_bind_property (self, "editable", button, "visible", G_BINDING_SYNC_CREATE);
  return button;
}

static GtkWidget *
remove_button_new (CwSubjectPage *self, const char *title)
{
  /* Translators: %s is what the field is called: "Remove Host name" */
  g_autofree char *name = g_strdup_printf (_ ("Remove %s"), title);

  return icon_button_new (self, "user-trash-symbolic", _ ("Remove"), name);
}

/* Where the keyboard goes when the field at @position goes: to the one before it, if any. */
static CwField *
field_before (CwSubjectPage *self, guint position)
{
  CwField *field = NULL;

  for (guint i = 0; i < self->attributes->len; i++)
    {
      Attribute *attribute = self->attributes->pdata[i];

      if (attribute->field && (i < position || !field))
        field = attribute->field;
    }
  return field;
}

static void
undo_attribute (CwPage *page)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (page);
  Attribute *attribute = g_steal_pointer (&self->removed_attribute);

  if (!attribute)
    return;

  g_ptr_array_insert (self->attributes, (int) MIN (self->removed_from, self->attributes->len),
                      attribute);
  write_subject (self);
  fill (self);
  cw_page_show_child (page, GTK_WIDGET (attribute->field));
}

static void
offer_undo (CwSubjectPage *self, const char *value, void (*undo) (CwPage *))
{
  /* Translators: %s is a name or another value that was struck out */
  g_autofree char *text = g_strdup_printf (_ ("“%s” removed"), value);

  cw_page_toast_undo (CW_PAGE (self), text, undo);
}

static void
remove_attribute_cb (CwSubjectPage *self, GtkWidget *button)
{
  Attribute *attribute;
  guint position;

  if (!g_ptr_array_find (self->attributes, g_object_get_data (G_OBJECT (button), "attribute"),
                         &position))
    return;

  attribute = g_ptr_array_steal_index (self->attributes, position);
  write_subject (self);
  fill (self);
  /* What was empty is not worth the place of what may still be undone. */
  if (*attribute->value == '\0')
    {
      attribute_free (attribute);
    }
  else
    {
      g_clear_pointer (&self->removed_attribute, attribute_free);
      self->removed_attribute = attribute;
      self->removed_from = position;
      offer_undo (self, attribute->value, undo_attribute);
    }
  cw_page_show_child (CW_PAGE (self), GTK_WIDGET (field_before (self, position)));
}

/* Before the nearest attribute above that is asked for too. */
static void
move_attribute_cb (CwSubjectPage *self, GtkWidget *button)
{
  Attribute *attribute = g_object_get_data (G_OBJECT (button), "attribute");
  guint position;

  if (!g_ptr_array_find (self->attributes, attribute, &position))
    return;

  while (position > 0)
    {
      Attribute *above = self->attributes->pdata[position - 1];

      self->attributes->pdata[position - 1] = attribute;
      self->attributes->pdata[position] = above;
      position--;
      if (*above->value != '\0')
        break;
    }
  write_subject (self);
  fill (self);
  cw_page_show_child (CW_PAGE (self), GTK_WIDGET (attribute->field));
}

static void
add_more_row (CwSubjectPage *self, GtkWidget *row)
{
  adw_expander_row_add_row (self->more_row, row);
  g_ptr_array_add (self->rows, row);
}

static void
add_group_row (CwSubjectPage *self, AdwPreferencesGroup *group, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

static const char *
get_name_title (CwSubjectPage *self)
{
  if (is_authority (self))
    return _ ("Name of the CA");

  switch (get_subject_kind (self))
    {
    case CW_PROFILE_SUBJECT_HOST:
      return _ ("Host name");
    case CW_PROFILE_SUBJECT_DEVICE:
      return _ ("Name of the device");
    case CW_PROFILE_SUBJECT_ANY:
    case CW_PROFILE_SUBJECT_PERSON:
      return _ ("Name or e-mail address");
    }
  g_return_val_if_reached (NULL);
}

static const char *
attribute_get_title (CwSubjectPage *self, Attribute *attribute)
{
  if (!attribute->type)
    return _ ("Other field (OID;value)");
  if (attribute->fixed && g_str_equal (attribute->type, "CN"))
    return get_name_title (self);

  return _ (cw_attribute_type_find (attribute->type)->title);
}

static void
add_attribute_field (CwSubjectPage *self, Attribute *attribute, gboolean first)
{
  attribute->field = cw_field_new (attribute_get_title (self, attribute));
  gtk_editable_set_text (GTK_EDITABLE (attribute->field), attribute->value);
  check_attribute (attribute);
  g_object_bind_property (self, "editable", attribute->field, "editable", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (attribute->field, "changed", G_CALLBACK (attribute_changed_cb), self,
                           G_CONNECT_SWAPPED);

  if (!attribute->fixed)
    {
      /* Translators: %s is what the field is called: "Move Department Up" */
      g_autofree char *name =
          g_strdup_printf (_ ("Move %s Up"), attribute_get_title (self, attribute));
      GtkWidget *up = icon_button_new (self, "go-up-symbolic", _ ("Move Up"), name);
      GtkWidget *remove = remove_button_new (self, attribute_get_title (self, attribute));

      g_object_set_data (G_OBJECT (up), "attribute", attribute);
      g_object_set_data (G_OBJECT (remove), "attribute", attribute);
      g_signal_connect_object (up, "clicked", G_CALLBACK (move_attribute_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_attribute_cb), self,
                               G_CONNECT_SWAPPED);
      adw_entry_row_add_suffix (ADW_ENTRY_ROW (attribute->field), up);
      adw_entry_row_add_suffix (ADW_ENTRY_ROW (attribute->field), remove);
    }

  if (first)
    {
      add_group_row (self, self->subject_group, GTK_WIDGET (attribute->field));
      add_group_row (self, self->subject_group, cw_field_get_message_row (attribute->field));
    }
  else
    {
      add_more_row (self, GTK_WIDGET (attribute->field));
      add_more_row (self, cw_field_get_message_row (attribute->field));
    }
}

static void
add_country_row (CwSubjectPage *self, Attribute *attribute)
{
  g_autoptr (GtkExpression) name = gtk_property_expression_new (CW_TYPE_COUNTRY, NULL, "name");
  GtkWidget *drop_down;
  gboolean known;
  guint position = 0;

  if (!self->countries)
    self->countries = cw_countries_load ();

  drop_down = g_object_new (GTK_TYPE_DROP_DOWN, "model", self->countries, "expression", name,
                            "enable-search", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  known = cw_countries_find (self->countries, attribute->value, &position);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), position);
  gtk_widget_add_css_class (drop_down, "country");
  g_object_bind_property (self, "editable", drop_down, "sensitive", G_BINDING_SYNC_CREATE);
  /* Newer versions of GTK name it by what is chosen. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Country"), -1);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (country_changed_cb), self,
                           G_CONNECT_SWAPPED);

  attribute->country = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("Country"), NULL);
  if (!known)
    {
      /* Translators: %s is something that stands where a country's code should */
      g_autofree char *message =
          g_strdup_printf (_ ("“%s” is not the code of a country. Choose one."), attribute->value);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (attribute->country), message);
      gtk_widget_add_css_class (attribute->country, "error");
      cw_accessibility_set_error (drop_down, message);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (attribute->country), drop_down);
  add_more_row (self, attribute->country);
}

static void
add_attribute_button_row (CwSubjectPage *self)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("Another field"), NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "list-add-symbolic",
                                    "menu-model", self->attribute_menu, "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", _ ("Add a Field"), NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a Field"), -1);
  cw_accessibility_name_buttons (button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_bind_property (self, "editable", row, "visible", G_BINDING_SYNC_CREATE);
  add_more_row (self, row);
}

static CwField *add_name_field (CwSubjectPage *self, CwAltNameKind kind, const char *value);

/* Last, since their order has no meaning. */
static void
undo_name (CwPage *page)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (page);
  g_autoptr (CwAltName) name = g_steal_pointer (&self->removed_name);
  CwField *field;

  if (!name)
    return;

  field = add_name_field (self, cw_alt_name_get_kind (name), cw_alt_name_get_value (name));
  write_names (self);
  cw_page_show_child (page, GTK_WIDGET (field));
}

static void
remove_name_cb (CwSubjectPage *self, GtkWidget *button)
{
  Name *name = g_object_get_data (G_OBJECT (button), "name");
  guint position = 0;

  if (*cw_field_get_text (name->field) != '\0')
    {
      g_clear_object (&self->removed_name);
      self->removed_name = cw_alt_name_new (name->kind, cw_field_get_text (name->field));
      offer_undo (self, cw_alt_name_get_value (self->removed_name), undo_name);
    }

  /* The message first: the field may end with its removal. */
  adw_preferences_group_remove (self->name_group, cw_field_get_message_row (name->field));
  adw_preferences_group_remove (self->name_group, GTK_WIDGET (name->field));
  g_ptr_array_remove (self->rows, name->field);
  g_ptr_array_find (self->names, name, &position);
  g_ptr_array_remove_index (self->names, position);
  write_names (self);
  if (self->names->len > 0)
    name = self->names->pdata[MIN (position, self->names->len - 1)];
  cw_page_show_child (CW_PAGE (self),
                      self->names->len > 0 ? GTK_WIDGET (name->field) : self->add_name_button);
}

static CwField *
add_name_field (CwSubjectPage *self, CwAltNameKind kind, const char *value)
{
  const char *title =
      kind == CW_ALT_NAME_OTHER ? _ ("Other name (OID;text)") : cw_alt_name_kind_get_title (kind);
  GtkWidget *remove = remove_button_new (self, title);
  Name *name = g_new0 (Name, 1);

  name->kind = kind;
  name->field = cw_field_new (title);
  g_object_bind_property (self, "editable", name->field, "editable", G_BINDING_SYNC_CREATE);
  gtk_editable_set_text (GTK_EDITABLE (name->field), value);
  g_object_set_data (G_OBJECT (remove), "name", name);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_name_cb), self, G_CONNECT_SWAPPED);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (name->field), remove);
  g_signal_connect_object (name->field, "changed", G_CALLBACK (name_changed_cb), self,
                           G_CONNECT_SWAPPED);

  add_group_row (self, self->name_group, GTK_WIDGET (name->field));
  adw_preferences_group_add (self->name_group, cw_field_get_message_row (name->field));
  g_ptr_array_add (self->names, name);
  return name->field;
}

static void
offer_clicked_cb (CwSubjectPage *self)
{
  g_autoptr (CwAltName) offer = g_steal_pointer (&self->offer);

  if (!offer)
    return;
  add_name_field (self, cw_alt_name_get_kind (offer), cw_alt_name_get_value (offer));
  write_names (self);
}

static GtkWidget *
offer_row_new (CwSubjectPage *self)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "visible", FALSE, NULL);
  GtkWidget *button = gtk_button_new_with_label (_ ("Add"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (offer_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* Usages */

static void
usage_toggled_cb (CwSubjectPage *self, GParamSpec *pspec, GtkSwitch *widget)
{
  if (self->filling)
    return;

  cw_request_set_usage (get_request (self), g_object_get_data (G_OBJECT (widget), "oid"),
                        gtk_switch_get_active (widget));
  update (self);
}

static void
main_usage_toggled_cb (CwSubjectPage *self)
{
  if (self->filling)
    return;

  cw_request_set_usage (get_request (self), get_main_usage (self),
                        gtk_switch_get_active (self->main_usage_switch));
  update (self);
}

static void
add_usage_row (CwSubjectPage *self, const char *oid)
{
  GtkWidget *widget = gtk_switch_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 cw_usage_get_title (oid), "activatable-widget", widget, NULL);

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (widget), cw_request_has_usage (get_request (self), oid));
  g_object_bind_property (self, "editable", widget, "sensitive", G_BINDING_SYNC_CREATE);
  cw_accessibility_name_switch (widget, cw_usage_get_title (oid));
  g_object_set_data_full (G_OBJECT (widget), "oid", g_strdup (oid), g_free);
  g_signal_connect_object (widget, "notify::active", G_CALLBACK (usage_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_expander_row_add_row (self->usage_row, row);
  g_ptr_array_add (self->rows, row);
}

static gboolean
is_offered (const char *oid)
{
  guint n_usages;
  const CwUsage *usages = cw_usages (&n_usages);

  for (guint i = 0; i < cw_usages_n_offered (); i++)
    if (g_str_equal (usages[i].oid, oid))
      return TRUE;

  return FALSE;
}

static void
fill_usages (CwSubjectPage *self)
{
  guint n_usages;
  const CwUsage *usages = cw_usages (&n_usages);
  const char *const *asked = cw_request_get_usages (get_request (self));
  const char *main_usage = get_main_usage (self);

  adw_preferences_row_set_title (self->main_usage_row, cw_usage_get_title (main_usage));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->main_usage_switch),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, cw_usage_get_title (main_usage),
                                  -1);
  gtk_switch_set_active (self->main_usage_switch,
                         cw_request_has_usage (get_request (self), main_usage));
  for (guint i = 0; i < cw_usages_n_offered (); i++)
    {
      if (g_str_equal (usages[i].oid, main_usage))
        continue;

      add_usage_row (self, usages[i].oid);
    }
  for (; asked && *asked; asked++)
    if (!is_offered (*asked))
      add_usage_row (self, *asked);
}

static void
oid_set_error (CwSubjectPage *self, const char *message)
{
  gtk_label_set_label (self->oid_message, message ? message : "");
  gtk_widget_set_visible (self->oid_message_row, message != NULL);
  if (message)
    gtk_widget_add_css_class (GTK_WIDGET (self->oid_entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->oid_entry), "error");
  cw_accessibility_set_error (GTK_WIDGET (self->oid_entry), message);
}

static void
oid_changed_cb (CwSubjectPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->oid_entry));
  g_autoptr (GError) error = NULL;

  if (*text != '\0')
    cw_oid_check (text, &error);
  oid_set_error (self, error ? error->message : NULL);
}

static void
oid_apply_cb (CwSubjectPage *self)
{
  g_autofree char *oid = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->oid_entry)));

  if (!cw_oid_check (oid, NULL))
    return;

  cw_request_set_usage (get_request (self), oid, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->oid_entry), "");
  fill (self);
}

/* From the request to the screen */

static guint
rank (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixed_types); i++)
    if (g_strcmp0 (type, fixed_types[i]) == 0)
      return i;

  return G_N_ELEMENTS (fixed_types);
}

/* Where a fixed attribute that is not there yet goes: behind those of its rank and below. */
static void
insert_fixed (CwSubjectPage *self, const char *type)
{
  guint position = 0;

  for (guint i = 0; i < self->attributes->len; i++)
    if (rank (((Attribute *) self->attributes->pdata[i])->type) < rank (type))
      position = i + 1;

  g_ptr_array_insert (self->attributes, position, attribute_new (type, "", TRUE));
}

static void
read_subject (CwSubjectPage *self)
{
  CwSubject *subject = cw_request_get_subject (get_request (self));
  guint seen = 0;

  g_ptr_array_set_size (self->attributes, 0);
  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    {
      const char *type = cw_subject_get_attribute_type (subject, i);
      const guint r = rank (type);
      const gboolean first = r < G_N_ELEMENTS (fixed_types) && !(seen & (1u << r));

      seen |= first ? 1u << r : 0;
      g_ptr_array_add (self->attributes,
                       attribute_new (type, cw_subject_get_attribute_value (subject, i), first));
    }
  for (guint r = 0; r < G_N_ELEMENTS (fixed_types); r++)
    if (!(seen & (1u << r)))
      insert_fixed (self, fixed_types[r]);
}

static Attribute *
find_fixed (CwSubjectPage *self, const char *type)
{
  for (guint i = 0; i < self->attributes->len; i++)
    {
      Attribute *attribute = self->attributes->pdata[i];

      if (attribute->fixed && g_str_equal (attribute->type, type))
        return attribute;
    }
  g_return_val_if_reached (NULL);
}

static void
clear_rows (CwSubjectPage *self)
{
  for (guint i = 0; i < self->names->len; i++)
    adw_preferences_group_remove (
        self->name_group, cw_field_get_message_row (((Name *) self->names->pdata[i])->field));
  g_ptr_array_set_size (self->names, 0);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = self->rows->pdata[i];

      if (gtk_widget_is_ancestor (row, GTK_WIDGET (self->more_row)))
        adw_expander_row_remove (self->more_row, row);
      else if (gtk_widget_is_ancestor (row, GTK_WIDGET (self->usage_row)))
        adw_expander_row_remove (self->usage_row, row);
      else if (gtk_widget_is_ancestor (row, GTK_WIDGET (self->name_group)))
        adw_preferences_group_remove (self->name_group, row);
      else
        adw_preferences_group_remove (self->subject_group, row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

static void
fill_subject (CwSubjectPage *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixed_types); i++)
    {
      Attribute *attribute = find_fixed (self, fixed_types[i]);

      if (g_str_equal (fixed_types[i], "C"))
        add_country_row (self, attribute);
      else
        add_attribute_field (self, attribute, i < N_FIRST_TYPES);
    }
  for (guint i = 0; i < self->attributes->len; i++)
    {
      Attribute *attribute = self->attributes->pdata[i];

      if (!attribute->fixed)
        add_attribute_field (self, attribute, FALSE);
    }
  add_attribute_button_row (self);
}

static void
fill (CwSubjectPage *self)
{
  GListModel *names = cw_request_get_alt_names (get_request (self));

  self->filling = TRUE;
  clear_rows (self);
  fill_subject (self);
  if (gtk_widget_get_parent (self->offer_row))
    adw_preferences_group_remove (self->subject_group, self->offer_row);
  adw_preferences_group_add (self->subject_group, self->offer_row);

  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      add_name_field (self, cw_alt_name_get_kind (name), cw_alt_name_get_value (name));
    }
  fill_usages (self);
  self->filling = FALSE;

  if (cw_page_get_editable (CW_PAGE (self)))
    write_names (self);
  else
    update (self);
}

static void
add_attribute_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (widget);
  const char *type = g_variant_get_string (parameter, NULL);
  Attribute *attribute = attribute_new (*type ? type : NULL, "", FALSE);

  g_ptr_array_add (self->attributes, attribute);
  fill (self);
  cw_page_show_child (CW_PAGE (self), GTK_WIDGET (attribute->field));
}

static void
add_name_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (widget);
  CwAltNameKind kind;

  if (!cw_alt_name_kind_from_id (g_variant_get_string (parameter, NULL), &kind))
    return;

  cw_page_show_child (CW_PAGE (self), GTK_WIDGET (add_name_field (self, kind, "")));
  write_names (self);
}

static void
fill_menus (CwSubjectPage *self)
{
  guint n_types;
  const CwAttributeType *types = cw_attribute_types (&n_types);

  for (CwAltNameKind kind = CW_ALT_NAME_EMAIL; kind < CW_ALT_NAME_UNKNOWN; kind++)
    {
      g_autofree char *action =
          g_strdup_printf ("subject.add-name::%s", cw_alt_name_kind_get_id (kind));

      g_menu_append (self->name_menu, cw_alt_name_kind_get_title (kind), action);
    }
  for (guint i = 0; i < n_types; i++)
    {
      g_autofree char *action = g_strdup_printf ("subject.add-attribute::%s", types[i].id);

      g_menu_append (self->attribute_menu, _ (types[i].title), action);
    }
  g_menu_append (self->attribute_menu, _ ("Other, by OID"), "subject.add-attribute::");
}

static const char *
describe (CwSubjectPage *self)
{
  if (is_authority (self))
    return _ ("A private CA signs certificates for your own servers and devices. Its name "
              "stands in each of them.");
  if (get_subject_kind (self) == CW_PROFILE_SUBJECT_HOST)
    return _ ("The host name under which clients reach the server, such as www.example.com.");
  return _ ("The name of the person, device or service that will present the "
            "certificate. The service’s owner often tells which name they expect.");
}

/* A CA has a name, and no other addresses or usages to choose. */
static void
fill_words (CwSubjectPage *self, gboolean authority)
{
  CwPage *page = CW_PAGE (self);

  cw_page_set_title (page, authority ? _ ("What Is the CA Called?") : _ ("Who Is It For?"));
  cw_page_set_description (page, describe (self));
  gtk_widget_set_visible (GTK_WIDGET (self->name_group), !authority);
  gtk_widget_set_visible (self->usage_group, !authority);
}

static void
cw_subject_page_enter (CwPage *page)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (page);

  fill_words (self, is_authority (self));

  read_subject (self);
  oid_set_error (self, NULL);
  fill (self);
}

/* Clients look for a host among the alternative names alone. */
static void
cw_subject_page_leave (CwPage *page)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (page);

  if (self->offer && cw_page_get_editable (page) && !is_authority (self) &&
      get_subject_kind (self) == CW_PROFILE_SUBJECT_HOST &&
      cw_alt_name_get_kind (self->offer) != CW_ALT_NAME_EMAIL)
    offer_clicked_cb (self);
}

/* Where typing begins; the group's header has a button before it. */
static GtkWidget *
cw_subject_page_get_first (CwPage *page)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (page);

  return self->attributes->len > 0 ? GTK_WIDGET (find_fixed (self, fixed_types[0])->field) : NULL;
}

static void
cw_subject_page_dispose (GObject *object)
{
  CwSubjectPage *self = CW_SUBJECT_PAGE (object);

  g_clear_object (&self->offer);
  g_clear_object (&self->offer_row);
  g_clear_object (&self->countries);
  g_clear_pointer (&self->attributes, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->removed_attribute, attribute_free);
  g_clear_object (&self->removed_name);

  G_OBJECT_CLASS (cw_subject_page_parent_class)->dispose (object);
}

static void
cw_subject_page_class_init (CwSubjectPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_subject_page_dispose;
  CW_PAGE_CLASS (klass)->enter = cw_subject_page_enter;
  CW_PAGE_CLASS (klass)->get_first = cw_subject_page_get_first;
  CW_PAGE_CLASS (klass)->leave = cw_subject_page_leave;

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-subject-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, subject_group);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, more_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, preview_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, name_group);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, no_name_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, add_name_button);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, name_menu);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, attribute_menu);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, usage_group);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, main_usage_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, main_usage_switch);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, no_client_auth_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, usage_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, oid_entry);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, oid_message_row);
  gtk_widget_class_bind_template_child (widget_class, CwSubjectPage, oid_message);
  gtk_widget_class_bind_template_callback (widget_class, main_usage_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, oid_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, oid_changed_cb);

  gtk_widget_class_install_action (widget_class, "subject.add-attribute", "s",
                                   add_attribute_action);
  gtk_widget_class_install_action (widget_class, "subject.add-name", "s", add_name_action);
}

static void
cw_subject_page_init (CwSubjectPage *self)
{
  self->attributes = g_ptr_array_new_with_free_func ((GDestroyNotify) attribute_free);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->offer_row = g_object_ref_sink (offer_row_new (self));
  fill_menus (self);
}

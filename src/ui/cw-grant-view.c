/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-field.h"
#include "cw-fingerprint.h"
#include "cw-grant-view.h"
#include "cw-info-button.h"
#include "cw-problem-view.h"
#include "cw-rows.h"
#include "cw-usage.h"
#include "cw-validity-group.h"

struct _CwGrantView
{
  AdwBin parent_instance;

  AdwActionRow *subject_row;
  AdwActionRow *key_row;
  AdwActionRow *fingerprint_row;
  AdwPreferencesGroup *ignored_group;
  AdwPreferencesGroup *usage_group;
  AdwPreferencesGroup *name_group;
  GtkWidget *no_name_row;
  AdwPreferencesGroup *entry_group;
  CwField *name_entry;
  CwValidityGroup *validity;
  CwProblemView *problem;

  CwGrant *grant;
  GPtrArray *ignored_rows; /* not owned, as all rows here */
  GPtrArray *usage_rows;
  GPtrArray *name_rows;
  GPtrArray *name_checks; /* one for each name, in order */
  gboolean valid;
};

G_DEFINE_FINAL_TYPE (CwGrantView, cw_grant_view, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_VALID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
check (CwGrantView *self)
{
  g_autoptr (GError) error = NULL;
  const gboolean valid = cw_grant_check (self->grant, &error);

  cw_problem_view_set_error (self->problem, error, FALSE);
  if (self->valid == valid)
    return;

  self->valid = valid;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALID]);
}

/* A row that can be ticked; the check button is its "check". */
static GtkWidget *
check_row_new (const char *title, const char *subtitle, gboolean active)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *row =
      g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", subtitle,
                    "title-lines", 0, "activatable-widget", button, NULL);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button), active);
  cw_accessibility_name_switch (button, title);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  g_object_set_data (G_OBJECT (row), "check", button);
  return row;
}

/* Who asks */

static void
fill_asker (CwGrantView *self)
{
  CwRequest *asked = cw_grant_get_asked (self->grant);
  g_autofree char *subject = cw_subject_to_string (cw_request_get_subject (asked));
  g_autofree char *fingerprint = cw_csr_get_fingerprint (cw_grant_get_csr (self->grant));
  g_autofree char *wrapped = cw_fingerprint_wrap (fingerprint);

  adw_action_row_set_subtitle (self->subject_row, *subject ? subject : C_ ("subject", "None"));
  adw_action_row_set_subtitle (self->key_row, cw_grant_get_key_title (self->grant));
  adw_action_row_set_subtitle (self->fingerprint_row, wrapped);
}

/* What is dropped */

static void
fill_ignored (CwGrantView *self)
{
  GPtrArray *ignored = cw_grant_get_ignored (self->grant);

  cw_rows_clear (self->ignored_group, self->ignored_rows);
  for (guint i = 0; ignored && i < ignored->len; i++)
    {
      CwIgnored *item = ignored->pdata[i];
      GtkWidget *row =
          g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", item->title, "subtitle",
                        item->reason, "title-lines", 0, "subtitle-lines", 0, NULL);
      GtkWidget *icon =
          g_object_new (GTK_TYPE_IMAGE, "icon-name",
                        item->hostile ? "dialog-warning-symbolic" : "list-remove-symbolic",
                        "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_widget_add_css_class (icon, item->hostile ? "warning" : "dim-label");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      adw_preferences_group_add (self->ignored_group, row);
      g_ptr_array_add (self->ignored_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->ignored_group), self->ignored_rows->len > 0);
}

/* Usages */

static void
usage_toggled_cb (CwGrantView *self, GtkCheckButton *button)
{
  cw_request_set_usage (cw_grant_get_request (self->grant),
                        g_object_get_data (G_OBJECT (button), "usage"),
                        gtk_check_button_get_active (button));
  check (self);
}

static GtkWidget *
usage_row_new (CwGrantView *self, const char *oid)
{
  CwRequest *request = cw_grant_get_request (self->grant);
  GtkWidget *row = check_row_new (
      cw_usage_get_title (oid),
      cw_request_has_usage (cw_grant_get_asked (self->grant), oid) ? NULL : _ ("Not asked for"),
      cw_request_has_usage (request, oid));
  GtkWidget *button = g_object_get_data (G_OBJECT (row), "check");

  g_object_set_data_full (G_OBJECT (button), "usage", g_strdup (oid), g_free);
  g_signal_connect_object (button, "toggled", G_CALLBACK (usage_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static gboolean
is_first_usage (const char *oid)
{
  return g_str_equal (oid, CW_USAGE_CLIENT_AUTH) || g_str_equal (oid, CW_USAGE_SERVER_AUTH);
}

static void
add_usage_row (CwGrantView *self, GtkWidget *row)
{
  adw_preferences_group_add (self->usage_group, row);
  g_ptr_array_add (self->usage_rows, row);
}

/* Client and server, what else was asked for, and the others out of sight. */
static void
fill_usages (CwGrantView *self)
{
  CwRequest *request = cw_grant_get_request (self->grant);
  g_auto (GStrv) granted = g_strdupv ((char **) cw_request_get_usages (request));
  GtkWidget *more = g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ ("More Usages"), NULL);
  guint n_usages;
  const CwUsage *usages = cw_usages (&n_usages);

  cw_rows_clear (self->usage_group, self->usage_rows);
  add_usage_row (self, usage_row_new (self, CW_USAGE_CLIENT_AUTH));
  add_usage_row (self, usage_row_new (self, CW_USAGE_SERVER_AUTH));
  for (guint i = 0; granted[i]; i++)
    if (!is_first_usage (granted[i]))
      add_usage_row (self, usage_row_new (self, granted[i]));
  for (guint i = 0; i < cw_usages_n_offered (); i++)
    if (!is_first_usage (usages[i].oid) &&
        !g_strv_contains ((const char *const *) granted, usages[i].oid))
      adw_expander_row_add_row (ADW_EXPANDER_ROW (more), usage_row_new (self, usages[i].oid));
  add_usage_row (self, more);
}

/* Names */

static void
write_names (CwGrantView *self)
{
  CwRequest *request = cw_grant_get_request (self->grant);

  while (g_list_model_get_n_items (cw_request_get_alt_names (request)) > 0)
    cw_request_remove_alt_name (request, 0);
  for (guint i = 0; i < self->name_checks->len; i++)
    if (gtk_check_button_get_active (self->name_checks->pdata[i]))
      cw_request_add_alt_name (request, g_object_get_data (self->name_checks->pdata[i], "name"));
  check (self);
}

static gboolean
has_name (GListModel *names, CwAltName *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) other = g_list_model_get_item (names, i);

      if (cw_alt_name_equal (name, other))
        return TRUE;
    }

  return FALSE;
}

static void
add_name_row (CwGrantView *self, CwAltName *name, gboolean active, gboolean asked)
{
  const char *kind = cw_alt_name_kind_get_title (cw_alt_name_get_kind (name));
  g_autofree char *subtitle =
      asked ? g_strdup (kind) : g_strdup_printf ("%s · %s", kind, _ ("Not asked for"));
  GtkWidget *row = check_row_new (cw_alt_name_get_value (name), subtitle, active);
  GtkWidget *button = g_object_get_data (G_OBJECT (row), "check");

  g_object_set_data_full (G_OBJECT (button), "name", g_object_ref (name), g_object_unref);
  g_signal_connect_object (button, "toggled", G_CALLBACK (write_names), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->name_group, row);
  g_ptr_array_add (self->name_rows, row);
  g_ptr_array_add (self->name_checks, button);
  gtk_widget_set_visible (self->no_name_row, FALSE);
}

/* (transfer full) (nullable) */
static CwAltName *
guess_name (const char *text)
{
  CwAltName *guess = cw_alt_name_guess (text);

  if (guess)
    return guess;
  return cw_alt_name_new (strstr (text, "://") ? CW_ALT_NAME_URI
                          : strchr (text, '@') ? CW_ALT_NAME_EMAIL
                                               : CW_ALT_NAME_DNS,
                          text);
}

static gboolean
is_listed (CwGrantView *self, CwAltName *name)
{
  for (guint i = 0; i < self->name_checks->len; i++)
    if (cw_alt_name_equal (name, g_object_get_data (self->name_checks->pdata[i], "name")))
      return TRUE;

  return FALSE;
}

static void
name_apply_cb (CwGrantView *self)
{
  g_autoptr (CwAltName) name = guess_name (cw_field_get_text (self->name_entry));
  g_autoptr (GError) error = NULL;

  if (!cw_alt_name_check (name, &error))
    {
      cw_field_set_error (self->name_entry, error->message);
      return;
    }
  if (is_listed (self, name))
    {
      cw_field_set_error (self->name_entry, _ ("This name is in the list already."));
      return;
    }

  add_name_row (self, name, TRUE, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->name_entry), "");
  write_names (self);
}

static void
name_changed_cb (CwGrantView *self)
{
  cw_field_set_error (self->name_entry, NULL);
}

static void
fill_names (CwGrantView *self)
{
  GListModel *asked = cw_request_get_alt_names (cw_grant_get_asked (self->grant));
  GListModel *granted = cw_request_get_alt_names (cw_grant_get_request (self->grant));

  cw_rows_clear (self->name_group, self->name_rows);
  g_ptr_array_set_size (self->name_checks, 0);
  gtk_widget_set_visible (self->no_name_row, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->name_entry), "");
  for (guint i = 0; i < g_list_model_get_n_items (granted); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (granted, i);

      add_name_row (self, name, TRUE, has_name (asked, name));
    }
}

static void
cw_grant_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VALID)
    g_value_set_boolean (value, CW_GRANT_VIEW (object)->valid);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cw_grant_view_dispose (GObject *object)
{
  CwGrantView *self = CW_GRANT_VIEW (object);

  g_clear_object (&self->grant);
  g_clear_pointer (&self->ignored_rows, g_ptr_array_unref);
  g_clear_pointer (&self->usage_rows, g_ptr_array_unref);
  g_clear_pointer (&self->name_rows, g_ptr_array_unref);
  g_clear_pointer (&self->name_checks, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_grant_view_parent_class)->dispose (object);
}

static void
cw_grant_view_class_init (CwGrantViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cw_grant_view_get_property;
  object_class->dispose = cw_grant_view_dispose;

  properties[PROP_VALID] =
      g_param_spec_boolean ("valid", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CW_TYPE_FIELD);
  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  g_type_ensure (CW_TYPE_VALIDITY_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-grant-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, subject_row);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, key_row);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, ignored_group);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, usage_group);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, name_group);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, no_name_row);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, entry_group);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, name_entry);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, validity);
  gtk_widget_class_bind_template_child (widget_class, CwGrantView, problem);
  gtk_widget_class_bind_template_callback (widget_class, name_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
}

static void
cw_grant_view_init (CwGrantView *self)
{
  self->ignored_rows = g_ptr_array_new ();
  self->usage_rows = g_ptr_array_new ();
  self->name_rows = g_ptr_array_new ();
  self->name_checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_preferences_group_add (self->entry_group, cw_field_get_message_row (self->name_entry));
}

void
cw_grant_view_set_grant (CwGrantView *self, CwGrant *grant, CwCertificate *authority)
{
  g_return_if_fail (CW_IS_GRANT_VIEW (self));
  g_return_if_fail (grant == NULL || CW_IS_GRANT (grant));

  g_set_object (&self->grant, grant);
  cw_validity_group_set_request (self->validity, grant ? cw_grant_get_request (grant) : NULL,
                                 authority);
  if (!grant)
    return;

  fill_asker (self);
  fill_ignored (self);
  fill_usages (self);
  fill_names (self);
  check (self);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

gboolean
cw_grant_view_get_valid (CwGrantView *self)
{
  g_return_val_if_fail (CW_IS_GRANT_VIEW (self), FALSE);

  return self->grant && self->valid;
}

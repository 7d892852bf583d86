/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-purpose-page.h"
#include "cw-signer-group.h"
#include "cw-usage.h"

/* How many consumers stand outside of "Something Else", unless there is only one more. */
#define N_FIRST_PROFILES 4

struct _CwPurposePage
{
  CwPage parent_instance;

  AdwPreferencesGroup *group;
  CwSignerGroup *signers;

  AdwExpanderRow *more;         /* not owned; NULL while there is nothing in it */
  GtkCheckButton *group_leader; /* never shown: makes even a single choice a radio button */
  GPtrArray *checks;            /* one for each profile, not owned */
};

G_DEFINE_FINAL_TYPE (CwPurposePage, cw_purpose_page, CW_TYPE_PAGE)

/* What the consumer chosen before wanted, no longer; a new request asks for clientAuth. */
static void
forget_usages (CwPurposePage *self, CwRequest *request)
{
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));

  if (!profile)
    cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE);
  for (const char *const *usage = profile ? cw_profile_get_usages (profile) : NULL; usage && *usage;
       usage++)
    cw_request_set_usage (request, *usage, FALSE);
}

/* What the consumer wants asked becomes the request's, when it is chosen anew. */
static void
choose (CwPurposePage *self, CwProfile *profile)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  CwRequest *request = cw_identity_get_request (identity);
  const CwKeyKind *kinds;
  guint n_kinds;

  cw_page_set_complete (CW_PAGE (self), TRUE);
  /* What was asked for is fixed once the request exists. */
  if (cw_identity_get_csr (identity) || cw_identity_get_chain (identity))
    return;
  if (g_strcmp0 (cw_identity_get_profile_id (identity), cw_profile_get_id (profile)) == 0)
    return;

  forget_usages (self, request);
  cw_identity_set_profile_id (identity, cw_profile_get_id (profile));
  kinds = cw_profile_get_key_kinds (profile, &n_kinds);
  if (n_kinds > 0 && !cw_identity_get_key_fingerprint (identity))
    cw_request_set_key_kind (request, kinds[0]);
  for (const char *const *usage = cw_profile_get_usages (profile); usage && *usage; usage++)
    cw_request_set_usage (request, *usage, TRUE);
  cw_request_set_days (request, cw_profile_get_days (profile));
  cw_signer_group_recommend (self->signers, profile);
}

static void
toggled_cb (CwPurposePage *self, GtkCheckButton *check)
{
  if (gtk_check_button_get_active (check) && cw_page_get_identity (CW_PAGE (self)))
    choose (self, g_object_get_data (G_OBJECT (check), "profile"));
}

static void
add_profile (CwPurposePage *self, CwProfile *profile)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", cw_profile_get_icon_name (profile),
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *row = g_object_new (
      ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", cw_profile_get_name (profile), "subtitle",
      cw_profile_get_description (profile), "activatable-widget", check, NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  cw_accessibility_name_switch (check, cw_profile_get_name (profile));
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->group_leader);
  g_object_set_data_full (G_OBJECT (check), "profile", g_object_ref (profile), g_object_unref);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);

  g_object_bind_property (self, "editable", check, "sensitive", G_BINDING_SYNC_CREATE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check); /* in front of it */
  if (self->more)
    adw_expander_row_add_row (self->more, row);
  else
    adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->checks, check);
}

/* Says what is in it: the short names of the others. */
static void
add_more (CwPurposePage *self, GListModel *profiles)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GtkSizeGroup) widths = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *prefix = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6); /* as between prefixes */
  GtkWidget *space = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "view-more-horizontal-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  for (guint i = N_FIRST_PROFILES; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

      g_string_append_printf (names, "%s%s", names->len > 0 ? " · " : "",
                              cw_profile_get_short_name (profile));
    }
  self->more = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "title",
                             _ ("Something Else"), "subtitle", names->str, NULL);
  /* As wide as the others' buttons. */
  gtk_size_group_add_widget (widths, self->checks->pdata[0]);
  gtk_size_group_add_widget (widths, space);
  gtk_box_append (GTK_BOX (prefix), space);
  gtk_box_append (GTK_BOX (prefix), icon);
  adw_expander_row_add_prefix (self->more, prefix);
  adw_preferences_group_add (self->group, GTK_WIDGET (self->more));
}

static void
add_profiles (CwPurposePage *self, GListModel *profiles)
{
  const guint n_profiles = g_list_model_get_n_items (profiles);

  for (guint i = self->checks->len; i < n_profiles; i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

      if (i == N_FIRST_PROFILES && n_profiles > N_FIRST_PROFILES + 1)
        add_more (self, profiles);
      add_profile (self, profile);
    }
}

static void
cw_purpose_page_enter (CwPage *page)
{
  CwPurposePage *self = CW_PURPOSE_PAGE (page);
  GListModel *profiles = cw_page_get_profiles (page);
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);
  g_autofree char *last = g_settings_get_string (settings, "last-profile");
  const char *id = cw_identity_get_profile_id (cw_page_get_identity (page));
  const char *chosen = id ? id : last;
  guint position = 0;

  add_profiles (self, profiles);
  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (CwProfile) profile = g_list_model_get_item (profiles, i);

      if (g_strcmp0 (chosen, cw_profile_get_id (profile)) == 0)
        position = i;
    }

  if (self->checks->len == 0)
    {
      adw_preferences_group_set_description (
          self->group,
          _ ("No profile was found. Install Certwright again: its files are incomplete."));
      cw_page_set_complete (page, FALSE);
      return;
    }

  cw_signer_group_set_identity (self->signers, cw_page_get_identity (page),
                                cw_page_get_store (page));
  gtk_check_button_set_active (self->checks->pdata[position], TRUE);
  if (self->more && position >= N_FIRST_PROFILES)
    adw_expander_row_set_expanded (self->more, TRUE);
  /* The page may have shown another identity with the same choice. */
  toggled_cb (self, self->checks->pdata[position]);
}

static void
cw_purpose_page_leave (CwPage *page)
{
  cw_signer_group_set_identity (CW_PURPOSE_PAGE (page)->signers, NULL, NULL);
}

static void
cw_purpose_page_finalize (GObject *object)
{
  CwPurposePage *self = CW_PURPOSE_PAGE (object);

  g_clear_object (&self->group_leader);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_purpose_page_parent_class)->finalize (object);
}

static void
cw_purpose_page_class_init (CwPurposePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cw_purpose_page_finalize;
  CW_PAGE_CLASS (klass)->enter = cw_purpose_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_purpose_page_leave;

  g_type_ensure (CW_TYPE_SIGNER_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-purpose-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwPurposePage, group);
  gtk_widget_class_bind_template_child (widget_class, CwPurposePage, signers);
}

static void
cw_purpose_page_init (CwPurposePage *self)
{
  self->checks = g_ptr_array_new ();
  self->group_leader = g_object_ref_sink (GTK_CHECK_BUTTON (gtk_check_button_new ()));
  gtk_widget_init_template (GTK_WIDGET (self));
}

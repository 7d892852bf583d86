/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-info-button.h"
#include "cw-signer-group.h"

struct _CwSignerGroup
{
  AdwBin parent_instance;

  AdwPreferencesGroup *group;

  CwIdentity *identity;
  CwStore *store;
  GPtrArray *rows;   /* not owned */
  GPtrArray *checks; /* not owned */
  gboolean editable;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (CwSignerGroup, cw_signer_group, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_EDITABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static CwSigner
get_signer (CwSignerGroup *self)
{
  return cw_identity_get_signer (self->identity);
}

static void
toggled_cb (CwSignerGroup *self, GtkCheckButton *check)
{
  GObject *object = G_OBJECT (check);

  if (self->filling || !self->editable || !gtk_check_button_get_active (check))
    return;

  cw_identity_set_signer (self->identity, GPOINTER_TO_INT (g_object_get_data (object, "signer")));
  cw_identity_set_authority_id (self->identity, g_object_get_data (object, "authority"));
}

static void
add_row (CwSignerGroup *self, GtkWidget *row)
{
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static void
add_signer (CwSignerGroup *self,
            CwSigner signer,
            const char *authority_id,
            const char *title,
            const char *subtitle)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", subtitle, "subtitle-lines", 0, "activatable-widget",
                                 check, "sensitive", self->editable, NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  cw_accessibility_name_switch (check, title);
  if (self->checks->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->checks->pdata[0]);
  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (check),
      cw_identity_get_signer (self->identity) == signer &&
          g_strcmp0 (cw_identity_get_authority_id (self->identity), authority_id) == 0);
  g_object_set_data (G_OBJECT (check), "signer", GINT_TO_POINTER (signer));
  g_object_set_data_full (G_OBJECT (check), "authority", g_strdup (authority_id), g_free);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  add_row (self, row);
  g_ptr_array_add (self->checks, check);
}

/* One that can sign: made, and not at its end. */
static gboolean
is_authority (CwIdentity *identity)
{
  const CwIdentityState state = cw_identity_get_state (identity, NULL);

  return cw_identity_get_is_authority (identity) &&
         (state == CW_IDENTITY_READY || state == CW_IDENTITY_EXPIRING);
}

static guint
add_authorities (CwSignerGroup *self)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr (CwIdentity) identity = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      g_autofree char *title = NULL;
      g_autofree char *subtitle = NULL;
      g_autofree char *status = NULL;

      if (!is_authority (identity))
        continue;
      title = cw_identity_get_title (identity);
      status = cw_identity_get_status (identity, NULL);
      /* Translators: %s is its state, as in "Valid until 3 May 2035" */
      subtitle = g_strdup_printf (_ ("A private CA kept here · %s"), status);
      add_signer (self, CW_SIGNER_AUTHORITY, cw_identity_get_id (identity), title, subtitle);
      count++;
    }

  return count;
}

static void
add_missing_authority (CwSignerGroup *self)
{
  GtkWidget *row = g_object_new (
      ADW_TYPE_ACTION_ROW, "title", _ ("A private CA kept here"), "subtitle",
      _ ("There is none yet. Make one first, for servers of your own."), "subtitle-lines", 0,
      "activatable", TRUE, "action-name", "win.new-authority", NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *space = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autoptr (GtkSizeGroup) widths = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  /* As wide as the others' buttons. */
  gtk_size_group_add_widget (widths, self->checks->pdata[0]);
  gtk_size_group_add_widget (widths, space);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), space);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), icon);
  add_row (self, row);
}

static void
clear (CwSignerGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->checks, 0);
}

/* A draft's CA may have been deleted, or have ended, since it was chosen. */
static void
forget_missing_authority (CwSignerGroup *self)
{
  const char *id = cw_identity_get_authority_id (self->identity);
  CwIdentity *authority = id ? cw_store_find (self->store, id) : NULL;

  if (get_signer (self) != CW_SIGNER_AUTHORITY || (authority && is_authority (authority)))
    return;

  cw_identity_set_signer (self->identity, CW_SIGNER_CA);
  cw_identity_set_authority_id (self->identity, NULL);
}

static void
fill (CwSignerGroup *self)
{
  if (self->editable)
    forget_missing_authority (self);
  self->filling = TRUE;
  clear (self);
  add_signer (self, CW_SIGNER_CA, NULL, _ ("A CA elsewhere"),
              _ ("You send a request to it, or to the service’s owner, and wait for the reply"));
  add_signer (self, CW_SIGNER_SELF, NULL, _ ("Myself (self-signed)"),
              _ ("Ready at once, for services that are told this one certificate"));
  if (add_authorities (self) == 0 && self->editable)
    add_missing_authority (self);
  self->filling = FALSE;
}

/* Whether there is such a one; the first of them. */
static gboolean
choose (CwSignerGroup *self, CwSigner signer)
{
  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = self->checks->pdata[i];

      if (GPOINTER_TO_INT (g_object_get_data (G_OBJECT (check), "signer")) != (int) signer)
        continue;
      gtk_check_button_set_active (check, TRUE);
      return TRUE;
    }

  return FALSE;
}

static void
cw_signer_group_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_EDITABLE)
    g_value_set_boolean (value, CW_SIGNER_GROUP (object)->editable);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cw_signer_group_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CwSignerGroup *self = CW_SIGNER_GROUP (object);

  if (id != PROP_EDITABLE)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  self->editable = g_value_get_boolean (value);
  if (self->identity)
    fill (self);
}

static void
cw_signer_group_dispose (GObject *object)
{
  CwSignerGroup *self = CW_SIGNER_GROUP (object);

  g_clear_object (&self->identity);
  g_clear_object (&self->store);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_signer_group_parent_class)->dispose (object);
}

static void
cw_signer_group_class_init (CwSignerGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cw_signer_group_get_property;
  object_class->set_property = cw_signer_group_set_property;
  object_class->dispose = cw_signer_group_dispose;

  properties[PROP_EDITABLE] = g_param_spec_boolean ("editable", NULL, NULL, TRUE,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cw_signer_group_init (CwSignerGroup *self)
{
  GtkWidget *info = g_object_new (
      CW_TYPE_INFO_BUTTON, "term", _ ("Signing"), "text",
      _ ("Whoever signs a certificate vouches for it: the service trusts the CA, and so the "
         "certificates that it has signed. A self-signed one vouches only for itself."),
      NULL);

  self->editable = TRUE;
  self->rows = g_ptr_array_new ();
  self->checks = g_ptr_array_new ();
  self->group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("Who Signs It?"),
                              "header-suffix", info, NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->group));
}

void
cw_signer_group_set_identity (CwSignerGroup *self, CwIdentity *identity, CwStore *store)
{
  g_return_if_fail (CW_IS_SIGNER_GROUP (self));
  g_return_if_fail (identity == NULL || CW_IS_IDENTITY (identity));

  g_set_object (&self->identity, identity);
  g_set_object (&self->store, store);
  if (identity)
    fill (self);
}

void
cw_signer_group_recommend (CwSignerGroup *self, CwProfile *profile)
{
  const CwProfileSigner *signers;
  guint n_signers;

  g_return_if_fail (CW_IS_SIGNER_GROUP (self));
  g_return_if_fail (CW_IS_PROFILE (profile));
  g_return_if_fail (self->identity != NULL);

  signers = cw_profile_get_signers (profile, &n_signers);
  for (guint i = 0; i < n_signers; i++)
    if (choose (self, (CwSigner) signers[i]))
      return;
  choose (self, CW_SIGNER_CA);
}

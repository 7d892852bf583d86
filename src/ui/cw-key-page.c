/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-info-button.h"
#include "cw-key-page.h"
#include "cw-keyring.h"
#include "cw-problem-view.h"
#include "cw-validity-group.h"

/* How many kinds, from the start of the profile's, stand outside of "More Kinds". */
#define N_FIRST_KINDS 2

struct _CwKeyPage
{
  CwPage parent_instance;

  AdwPreferencesGroup *group;
  AdwActionRow *keyring_row;
  CwProblemView *problem;
  CwValidityGroup *validity;

  GPtrArray *rows;   /* those in the group, not owned */
  GPtrArray *checks; /* not owned */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CwKeyPage, cw_key_page, CW_TYPE_PAGE)

/* A CA's key signs for ten years: no kind that is too weak by then. */
static const CwKeyKind authority_kinds[] = { CW_KEY_KIND_EC_P384, CW_KEY_KIND_RSA_4096 };

static const char *
authority_kind_get_subtitle (CwKeyKind kind)
{
  return kind == CW_KEY_KIND_EC_P384 ? _ ("Strong, small and fast")
                                     : _ ("For very old systems that do not know EC keys");
}

static const char *
kind_get_subtitle (CwKeyKind kind)
{
  switch (kind)
    {
    case CW_KEY_KIND_RSA_2048:
      return _ ("Smaller, for old systems; too weak before long");
    case CW_KEY_KIND_RSA_3072:
      return _ ("Works everywhere");
    case CW_KEY_KIND_RSA_4096:
      return _ ("Stronger, takes longer to make and to use");
    case CW_KEY_KIND_EC_P256:
      return _ ("Smaller and faster, not accepted everywhere");
    case CW_KEY_KIND_EC_P384:
    case CW_KEY_KIND_EC_P521:
      return _ ("Like EC P-256, stronger, accepted in fewer places");
    case CW_KEY_KIND_ED25519:
      return _ ("Modern and fast, refused by many CAs");
    case CW_KEY_KIND_OTHER:
      break;
    }
  return "";
}

static void
toggled_cb (CwKeyPage *self, GtkCheckButton *check)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));

  if (gtk_check_button_get_active (check) && identity && cw_page_get_editable (CW_PAGE (self)))
    cw_request_set_key_kind (cw_identity_get_request (identity),
                             GPOINTER_TO_INT (g_object_get_data (G_OBJECT (check), "kind")));
}

static GtkWidget *
kind_row_new (CwKeyPage *self, CwKeyKind kind, const char *subtitle, gboolean active)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", cw_key_kind_get_title (kind),
                                 "subtitle", subtitle, "activatable-widget", check, NULL);

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  cw_accessibility_name_switch (check, cw_key_kind_get_title (kind));
  g_object_set_data (G_OBJECT (check), "kind", GINT_TO_POINTER (kind));
  if (self->checks->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->checks->pdata[0]);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), active);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  g_ptr_array_add (self->checks, check);
  return row;
}

static void
add_row (CwKeyPage *self, GtkWidget *row)
{
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (CwKeyPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->checks, 0);
}

static void
fill_kinds (CwKeyPage *self, const CwKeyKind *kinds, guint n_kinds, CwKeyKind chosen)
{
  const gboolean authority = cw_identity_get_is_authority (cw_page_get_identity (CW_PAGE (self)));
  GtkWidget *more = g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ ("More Kinds"), NULL);

  for (guint i = 0; i < n_kinds; i++)
    {
      const char *subtitle =
          authority ? authority_kind_get_subtitle (kinds[i]) : kind_get_subtitle (kinds[i]);
      /* Translators: %s is a sentence about a kind of key, such as "Works everywhere" */
      g_autofree char *first = g_strdup_printf (_ ("Recommended. %s"), subtitle);
      GtkWidget *row = kind_row_new (self, kinds[i], i == 0 ? first : subtitle, kinds[i] == chosen);

      if (i < N_FIRST_KINDS)
        {
          add_row (self, row);
          continue;
        }
      adw_expander_row_add_row (ADW_EXPANDER_ROW (more), row);
      if (kinds[i] == chosen)
        adw_expander_row_set_expanded (ADW_EXPANDER_ROW (more), TRUE);
    }
  if (n_kinds > N_FIRST_KINDS)
    add_row (self, more);
  else
    g_object_ref_sink (more), g_object_unref (more);
}

/* A key that was brought, or that a finished request has, is not up for choice. */
static void
fill_existing (CwKeyPage *self, CwKeyKind kind)
{
  CwIdentity *identity = cw_page_get_identity (CW_PAGE (self));
  const char *subtitle = cw_page_get_editable (CW_PAGE (self))
                             ? _ ("The key is in the keyring already and will be used.")
                         : cw_identity_get_csr (identity)
                             ? _ ("The request was made with this key.")
                             : _ ("The certificate was made with this key.");

  add_row (self, g_object_new (ADW_TYPE_ACTION_ROW, "title",
                               kind == CW_KEY_KIND_OTHER ? _ ("Your own key")
                                                         : cw_key_kind_get_title (kind),
                               "subtitle", subtitle, NULL));
}

static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CwKeyPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  gboolean locked = FALSE;

  name = cw_keyring_describe_finish (result, &locked, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  cw_problem_view_set_error (self->problem, error, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->keyring_row), name != NULL);
  if (!name)
    return;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->keyring_row), name);
  adw_action_row_set_subtitle (self->keyring_row,
                               locked ? _ ("It is locked: you will be asked for its password.")
                                      : _ ("It is encrypted, and unlocked at the moment."));
}

static void
describe (CwKeyPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_keyring_describe_async (self->cancellable, described_cb, g_object_ref (self));
}

static void
fill_key (CwKeyPage *self, CwIdentity *identity)
{
  const CwKeyKind kind = cw_request_get_key_kind (cw_identity_get_request (identity));
  g_autoptr (CwProfile) profile = cw_page_dup_profile (CW_PAGE (self));
  const CwKeyKind *kinds = authority_kinds;
  guint n_kinds = G_N_ELEMENTS (authority_kinds);

  clear_rows (self);
  if (!cw_identity_get_is_authority (identity))
    {
      n_kinds = 0;
      kinds = profile ? cw_profile_get_key_kinds (profile, &n_kinds) : NULL;
    }
  if (!cw_page_get_editable (CW_PAGE (self)) || cw_identity_get_key_imported (identity))
    fill_existing (self, kind);
  else
    fill_kinds (self, kinds, n_kinds, kind);
}

/* Only who signs here decides for how long. */
static void
fill_validity (CwKeyPage *self, CwIdentity *identity)
{
  const char *authority_id = cw_identity_get_authority_id (identity);
  CwIdentity *authority =
      authority_id ? cw_store_find (cw_page_get_store (CW_PAGE (self)), authority_id) : NULL;
  CwChain *chain = authority ? cw_identity_get_chain (authority) : NULL;

  cw_validity_group_set_request (self->validity, cw_identity_get_request (identity),
                                 chain ? cw_chain_get_leaf (chain) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->validity),
                          cw_identity_get_signer (identity) != CW_SIGNER_CA);
}

static const char *
get_description (CwIdentity *identity)
{
  if (cw_identity_get_is_authority (identity))
    return _ ("The private key signs certificates in the CA’s name. It is made on this computer, "
              "and stays in the keyring.");
  if (cw_identity_get_signer (identity) != CW_SIGNER_CA)
    return _ ("The private key proves that the certificate is yours. It is made on this computer, "
              "and the certificate does not contain it.");
  return _ ("The private key proves that the certificate is yours. It is made on this computer, "
            "and the request does not contain it.");
}

static void
cw_key_page_enter (CwPage *page)
{
  CwKeyPage *self = CW_KEY_PAGE (page);
  CwIdentity *identity = cw_page_get_identity (page);

  cw_page_set_title (page, cw_identity_get_signer (identity) == CW_SIGNER_CA
                               ? _ ("The Key")
                               : _ ("Key and Validity"));
  cw_page_set_description (page, get_description (identity));
  fill_key (self, identity);
  fill_validity (self, identity);
  cw_page_set_complete (page, TRUE);
  describe (self);
}

static void
cw_key_page_leave (CwPage *page)
{
  CwKeyPage *self = CW_KEY_PAGE (page);

  g_cancellable_cancel (self->cancellable);
  cw_validity_group_set_request (self->validity, NULL, NULL);
}

static void
cw_key_page_dispose (GObject *object)
{
  CwKeyPage *self = CW_KEY_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);

  G_OBJECT_CLASS (cw_key_page_parent_class)->dispose (object);
}

static void
cw_key_page_class_init (CwKeyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_key_page_dispose;
  CW_PAGE_CLASS (klass)->enter = cw_key_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_key_page_leave;

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  g_type_ensure (CW_TYPE_VALIDITY_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-key-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwKeyPage, group);
  gtk_widget_class_bind_template_child (widget_class, CwKeyPage, keyring_row);
  gtk_widget_class_bind_template_child (widget_class, CwKeyPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwKeyPage, validity);
  gtk_widget_class_bind_template_callback (widget_class, describe);
}

static void
cw_key_page_init (CwKeyPage *self)
{
  self->rows = g_ptr_array_new ();
  self->checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

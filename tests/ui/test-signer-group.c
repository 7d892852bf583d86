/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-signer-group.h"
#include "ui-test.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity;
  CwSignerGroup *group;
  GtkWindow *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = ui_store_new ();
  self->profiles = ui_profiles_new ();
  self->identity = ui_draft_new ("device-7");
  self->group = g_object_new (CW_TYPE_SIGNER_GROUP, NULL);
  self->window = ui_show (GTK_WIDGET (self->group));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cw_signer_group_set_identity (self->group, NULL, NULL);
  ui_assert_window_freed (self->window, GTK_WIDGET (self->group));
  ui_assert_freed (self->identity);
  g_object_unref (self->profiles);
  ui_assert_freed (self->store);
}

/* A private CA in the store. */
static CwIdentity *
add_authority (Fixture *self, const char *name)
{
  CwIdentity *authority = cw_identity_new_authority ();
  g_autoptr (CwChain) chain = ui_chain_new (name, TRUE);

  cw_identity_set_chain (authority, chain);
  ui_store_save (self->store, authority);
  return authority;
}

static void
choose (Fixture *self, const char *title)
{
  GtkWidget *row = ui_find (GTK_WIDGET (self->group), ADW_TYPE_ACTION_ROW, title);

  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row))), TRUE);
}

static gboolean
is_chosen (Fixture *self, const char *title)
{
  GtkWidget *row = ui_find (GTK_WIDGET (self->group), ADW_TYPE_ACTION_ROW, title);

  return gtk_check_button_get_active (
      GTK_CHECK_BUTTON (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row))));
}

static void
test_none (Fixture *self, gconstpointer data)
{
  GtkWidget *row;

  cw_signer_group_set_identity (self->group, self->identity, self->store);
  g_assert_true (is_chosen (self, "A CA elsewhere"));
  choose (self, "Myself (self-signed)");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_SELF);

  row = ui_find (GTK_WIDGET (self->group), ADW_TYPE_ACTION_ROW, "A private CA kept here");
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (row)), ==, "win.new-authority");
}

static void
test_authorities (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) first = add_authority (self, "First CA");
  g_autoptr (CwIdentity) second = add_authority (self, "Second CA");
  g_autoptr (CwIdentity) unfinished = cw_identity_new_authority ();

  g_assert_nonnull (first);
  ui_store_save (self->store, unfinished);
  cw_signer_group_set_identity (self->group, self->identity, self->store);
  g_assert_null (
      ui_look_for (GTK_WIDGET (self->group), ADW_TYPE_ACTION_ROW, "A private CA kept here"));
  g_assert_cmpuint (ui_count (GTK_WIDGET (self->group), ADW_TYPE_ACTION_ROW, NULL), ==, 4);

  choose (self, "Second CA");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_AUTHORITY);
  g_assert_cmpstr (cw_identity_get_authority_id (self->identity), ==, cw_identity_get_id (second));
  choose (self, "A CA elsewhere");
  g_assert_null (cw_identity_get_authority_id (self->identity));
}

/* A draft whose CA was deleted goes on with a CA elsewhere. */
static void
test_deleted (Fixture *self, gconstpointer data)
{
  cw_identity_set_signer (self->identity, CW_SIGNER_AUTHORITY);
  cw_identity_set_authority_id (self->identity, "f0e1d2c3");
  cw_signer_group_set_identity (self->group, self->identity, self->store);
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_CA);
  g_assert_null (cw_identity_get_authority_id (self->identity));
  g_assert_true (is_chosen (self, "A CA elsewhere"));
}

static void
recommend (Fixture *self, const char *id)
{
  g_autoptr (CwProfile) profile = cw_profiles_find (self->profiles, id);

  g_assert_nonnull (profile);
  cw_signer_group_recommend (self->group, profile);
}

static void
test_recommend (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) authority = NULL;

  cw_signer_group_set_identity (self->group, self->identity, self->store);
  recommend (self, "thingsboard");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_SELF);
  recommend (self, "placeos");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_CA);

  /* A private CA would be best; there is none, then there is one. */
  recommend (self, "nginx");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_CA);
  authority = add_authority (self, "Test CA");
  cw_signer_group_set_identity (self->group, self->identity, self->store);
  recommend (self, "nginx");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_AUTHORITY);
}

static void
test_read_only (Fixture *self, gconstpointer data)
{
  GtkWidget *row;

  g_object_set (self->group, "editable", FALSE, NULL);
  cw_signer_group_set_identity (self->group, self->identity, self->store);
  row = ui_find (GTK_WIDGET (self->group), ADW_TYPE_ACTION_ROW, "Myself (self-signed)");
  g_assert_false (gtk_widget_is_sensitive (row));
  g_assert_true (is_chosen (self, "A CA elsewhere"));
  choose (self, "Myself (self-signed)");
  g_assert_cmpint (cw_identity_get_signer (self->identity), ==, CW_SIGNER_CA);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

#define add(name, function)                                                                        \
  g_test_add ("/ui/signer-group/" name, Fixture, NULL, set_up, function, tear_down)
  add ("none", test_none);
  add ("authorities", test_authorities);
  add ("deleted", test_deleted);
  add ("recommend", test_recommend);
  add ("read-only", test_read_only);
#undef add

  return ui_test_run ();
}

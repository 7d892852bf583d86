/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-server-group.h"
#include "ui-test.h"

typedef struct
{
  CwIdentity *identity;
  CwServerGroup *group;
  GtkWidget *widget; /* the group */
  GtkWindow *window;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->identity = ui_ready_new ("steve@example.com");
  self->group = g_object_new (CW_TYPE_SERVER_GROUP, NULL);
  self->widget = GTK_WIDGET (self->group);
  self->window = ui_show (self->widget);
  cw_server_group_set_identity (self->group, self->identity);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cw_server_group_set_identity (self->group, NULL);
  ui_assert_window_freed (self->window, self->widget);
  ui_assert_freed (self->identity);
}

static GtkCheckButton *
check_of (Fixture *self, const char *row)
{
  return GTK_CHECK_BUTTON (
      ui_find (ui_find (self->widget, ADW_TYPE_ACTION_ROW, row), GTK_TYPE_CHECK_BUTTON, NULL));
}

static gboolean
is_chosen (Fixture *self, const char *row)
{
  return gtk_check_button_get_active (check_of (self, row));
}

static void
test_choose (Fixture *self, gconstpointer data)
{
  g_assert_true (is_chosen (self, "The system’s CAs"));
  gtk_check_button_set_active (check_of (self, "The CAs that came with the reply"), TRUE);
  g_assert_cmpint (cw_identity_get_server_cas (self->identity), ==, CW_SERVER_CAS_REPLY);
  gtk_check_button_set_active (check_of (self, "The system’s CAs"), TRUE);
  g_assert_cmpint (cw_identity_get_server_cas (self->identity), ==, CW_SERVER_CAS_SYSTEM);
}

/* What was signed here has had no reply. */
static void
test_signed_here (Fixture *self, gconstpointer data)
{
  GtkWidget *row = ui_find (self->widget, ADW_TYPE_ACTION_ROW, "The CAs that came with the reply");

  cw_identity_set_signer (self->identity, CW_SIGNER_AUTHORITY);
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==,
                   "The CA that signed it");
  cw_identity_set_signer (self->identity, CW_SIGNER_SELF);
  g_assert_false (gtk_widget_get_visible (row));
}

static gboolean
names_reply (gpointer data)
{
  return ui_says (data, "Test Intermediate, Test Root");
}

static gboolean
names_file (gpointer data)
{
  Fixture *self = data;

  return ui_says (ui_find (self->widget, ADW_TYPE_ACTION_ROW, "CAs from a file"),
                  "Test Intermediate, Test Root");
}

/* Who else changes the identity is followed. */
static void
test_follows (Fixture *self, gconstpointer data)
{
  g_autofree char *pem = cw_chain_cas_to_pem (cw_identity_get_chain (self->identity));

  ui_wait (names_reply, self->widget);
  g_assert_true (ui_says (self->widget, "If the service’s owner gave you one"));
  cw_identity_set_server_cas_pem (self->identity, pem);
  cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_FILE);
  g_assert_true (is_chosen (self, "CAs from a file"));
  ui_wait (names_file, self);
  g_assert_false (ui_says (self->widget, "If the service’s owner gave you one"));
}

/* OpenSSL trusts nothing that does not end in a root. */
static void
test_no_root (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", FALSE);
  g_autoptr (CwIdentity) other = ui_draft_new ("other");

  g_assert_true (
      gtk_widget_is_sensitive (GTK_WIDGET (check_of (self, "The CAs that came with the reply"))));
  cw_identity_set_chain (other, chain);
  cw_server_group_set_identity (self->group, other);
  g_assert_false (
      gtk_widget_is_sensitive (GTK_WIDGET (check_of (self, "The CAs that came with the reply"))));
  cw_server_group_set_identity (self->group, self->identity);
  g_assert_true (
      gtk_widget_is_sensitive (GTK_WIDGET (check_of (self, "The CAs that came with the reply"))));
}

static void
test_verify (Fixture *self, gconstpointer data)
{
  GtkSwitch *verify = GTK_SWITCH (ui_find (self->widget, GTK_TYPE_SWITCH, NULL));

  g_assert_true (gtk_switch_get_active (verify));
  g_assert_false (ui_says (self->widget, "The server will not be checked"));
  gtk_switch_set_active (verify, FALSE);
  g_assert_false (cw_identity_get_verify_server (self->identity));
  g_assert_true (ui_says (self->widget, "The server will not be checked"));
  cw_identity_set_verify_server (self->identity, TRUE);
  g_assert_true (gtk_switch_get_active (verify));
  g_assert_false (ui_says (self->widget, "The server will not be checked"));
}

/* One after the other: only the one that is shown is changed. */
static void
test_another (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) other = ui_ready_new ("other@example.com");

  cw_identity_set_server_cas (other, CW_SERVER_CAS_REPLY);
  cw_server_group_set_identity (self->group, other);
  g_assert_true (is_chosen (self, "The CAs that came with the reply"));
  g_assert_cmpint (cw_identity_get_server_cas (self->identity), ==, CW_SERVER_CAS_SYSTEM);
  cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_FILE);
  g_assert_true (is_chosen (self, "The CAs that came with the reply"));
  g_assert_cmpint (cw_identity_get_server_cas (other), ==, CW_SERVER_CAS_REPLY);
  cw_server_group_set_identity (self->group, NULL);
}

#define add(path, function)                                                                        \
  g_test_add ("/server-group/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("choose", test_choose);
  add ("signed-here", test_signed_here);
  add ("follows", test_follows);
  add ("no-root", test_no_root);
  add ("verify", test_verify);
  add ("another", test_another);

  return ui_test_run ();
}

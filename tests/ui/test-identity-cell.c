/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-identity-cell.h"
#include "cw-identity-private.h"
#include "ui-test.h"

static void
assert_shows (CwIdentityCell *cell, CwIdentity *identity, const char *css_class)
{
  g_autofree char *title = cw_identity_get_title (identity);
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  GtkWidget *icon = ui_find (GTK_WIDGET (cell), GTK_TYPE_IMAGE, NULL);

  g_assert_true (ui_says (GTK_WIDGET (cell), title));
  g_assert_true (ui_says (GTK_WIDGET (cell), status));
  g_assert_true (
      gtk_widget_has_css_class (ui_find (GTK_WIDGET (cell), GTK_TYPE_LABEL, status), css_class));
  g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (icon)), ==,
                   cw_identity_state_get_icon_name (cw_identity_get_state (identity, NULL)));
}

static void
test_states (void)
{
  g_autoptr (CwIdentityCell) cell = g_object_ref_sink (cw_identity_cell_new ());
  g_autoptr (CwIdentity) draft = ui_draft_new ("R&D <one>");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("two@example.com");
  g_autoptr (CwIdentity) ready = ui_ready_new ("three@example.com");

  cw_identity_cell_set_identity (cell, draft, NULL);
  assert_shows (cell, draft, "dim-label");
  cw_identity_cell_set_identity (cell, waiting, NULL);
  assert_shows (cell, waiting, "dim-label");
  cw_identity_cell_set_identity (cell, ready, NULL);
  assert_shows (cell, ready, "success");
  cw_identity_cell_set_identity (cell, NULL, NULL);
}

/* Whether it was seen to work, as long as it can. */
static void
test_tested (void)
{
  g_autoptr (CwIdentityCell) cell = g_object_ref_sink (cw_identity_cell_new ());
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwIdentity) ready = ui_ready_new ("three@example.com");
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);
  g_autofree char *status = cw_identity_get_status (ready, NULL);
  g_autofree char *wanted =
      g_strdup_printf ("PlaceOS · %s\302\240· Worked on 20 November 2026", status);

  cw_identity_cell_set_identity (cell, ready, profiles);
  g_assert_false (ui_says (GTK_WIDGET (cell), "Worked on"));
  cw_identity_set_test (ready, "works", CW_SEVERITY_GOOD, at);
  g_assert_true (ui_says (GTK_WIDGET (cell), wanted));
  cw_identity_set_replaced_by (ready, "another");
  g_assert_false (ui_says (GTK_WIDGET (cell), "Worked on"));
}

static void
assert_icon (CwIdentityCell *cell, const char *icon_name, const char *css_class)
{
  GtkWidget *icon = ui_find (GTK_WIDGET (cell), GTK_TYPE_IMAGE, NULL);

  g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (icon)), ==, icon_name);
  g_assert_true (gtk_widget_has_css_class (icon, css_class));
}

/* It needs attention, and says why. */
static void
test_failed (void)
{
  g_autoptr (CwIdentityCell) cell = g_object_ref_sink (cw_identity_cell_new ());
  g_autoptr (CwIdentity) ready = ui_ready_new ("three@example.com");
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);
  g_autofree char *status = cw_identity_get_status (ready, NULL);
  g_autofree char *wanted =
      g_strdup_printf ("%s\302\240· Did not work on 20 November 2026", status);

  cw_identity_cell_set_identity (cell, ready, NULL);
  cw_identity_set_test (ready, "refused", CW_SEVERITY_PROBLEM, at);
  assert_icon (cell, "dialog-warning-symbolic", "warning");
  g_assert_true (
      gtk_widget_has_css_class (ui_find (GTK_WIDGET (cell), GTK_TYPE_LABEL, wanted), "warning"));
  cw_identity_set_test (ready, "no-request", CW_SEVERITY_WARNING, at);
  assert_icon (cell, "dialog-warning-symbolic", "warning");
  cw_identity_set_test (ready, "works", CW_SEVERITY_GOOD, at);
  assert_icon (cell, "object-select-symbolic", "success");

  /* One that has been replaced has no need to work. */
  cw_identity_set_test (ready, "refused", CW_SEVERITY_PROBLEM, at);
  cw_identity_set_replaced_by (ready, "another");
  assert_shows (cell, ready, "dim-label");
}

/* It is told like one that has expired, and works no more. */
static void
test_revoked (void)
{
  g_autoptr (CwIdentityCell) cell = g_object_ref_sink (cw_identity_cell_new ());
  g_autoptr (CwIdentity) ready = ui_ready_new ("three@example.com");
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);
  CwCertificate *leaf = cw_chain_get_leaf (cw_identity_get_chain (ready));
  g_autofree char *pem = cw_certificate_to_pem (leaf);

  cw_identity_cell_set_identity (cell, ready, NULL);
  cw_identity_set_test (ready, "works", CW_SEVERITY_GOOD, at);
  g_assert_true (ui_says (GTK_WIDGET (cell), "Worked on"));
  cw_identity_note_revocation (ready, pem, g_date_time_to_unix (at));
  g_assert_true (ui_says (GTK_WIDGET (cell), "Revoked on 20 November 2026"));
  assert_shows (cell, ready, "error");
  g_assert_false (ui_says (GTK_WIDGET (cell), "Worked on"));
}

/* A row is used again for another identity: only that one may change it. */
static void
test_changes (void)
{
  g_autoptr (CwIdentityCell) cell = g_object_ref_sink (cw_identity_cell_new ());
  g_autoptr (CwIdentity) one = ui_draft_new ("one@example.com");
  g_autoptr (CwIdentity) two = ui_draft_new ("two@example.com");

  cw_identity_cell_set_identity (cell, one, NULL);
  cw_identity_cell_set_identity (cell, two, NULL);
  cw_subject_clear (cw_request_get_subject (cw_identity_get_request (one)));
  assert_shows (cell, two, "dim-label");

  cw_subject_clear (cw_request_get_subject (cw_identity_get_request (two)));
  cw_subject_append (cw_request_get_subject (cw_identity_get_request (two)), "CN", "three");
  g_assert_true (ui_says (GTK_WIDGET (cell), "three"));
}

static void
test_menu (void)
{
  CwIdentityCell *cell = cw_identity_cell_new ();
  GtkWindow *window = ui_show (GTK_WIDGET (cell));
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  GtkMenuButton *button;
  GMenuModel *menu;

  cw_identity_cell_set_identity (cell, draft, NULL);
  cw_identity_cell_popup (cell);
  button = GTK_MENU_BUTTON (ui_find (GTK_WIDGET (cell), GTK_TYPE_MENU_BUTTON, NULL));
  menu = gtk_menu_button_get_menu_model (button);
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 2);
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *target = NULL;

      g_assert_true (
          g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_TARGET, "s", &target));
      g_assert_cmpstr (target, ==, cw_identity_get_id (draft));
    }
  gtk_menu_button_popdown (button);
  ui_assert_window_freed (window, GTK_WIDGET (cell));
}

static void
test_state_looks (void)
{
  for (CwIdentityState state = CW_IDENTITY_DRAFT; state <= CW_IDENTITY_REPLACED; state++)
    g_assert_nonnull (cw_identity_state_get_icon_name (state));

  g_assert_null (cw_identity_state_get_css_class (CW_IDENTITY_DRAFT));
  g_assert_cmpstr (cw_identity_state_get_css_class (CW_IDENTITY_READY), ==, "success");
  g_assert_cmpstr (cw_identity_state_get_css_class (CW_IDENTITY_EXPIRING), ==, "warning");
  g_assert_cmpstr (cw_identity_state_get_css_class (CW_IDENTITY_EXPIRED), ==, "error");
  g_assert_cmpstr (cw_identity_state_get_css_class (CW_IDENTITY_REVOKED), ==, "error");
  g_assert_cmpstr (cw_identity_state_get_icon_name (CW_IDENTITY_REVOKED), ==,
                   cw_identity_state_get_icon_name (CW_IDENTITY_EXPIRED));
}

/* What the report says counts as long as it can be used. */
static void
test_looks (void)
{
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  g_autoptr (CwIdentity) ready = ui_ready_new ("three@example.com");

  g_assert_cmpstr (cw_identity_get_look (ready, CW_SEVERITY_NOTE).css_class, ==, "success");
  g_assert_cmpstr (cw_identity_get_look (ready, CW_SEVERITY_WARNING).css_class, ==, "warning");
  g_assert_cmpstr (cw_identity_get_look (ready, CW_SEVERITY_PROBLEM).css_class, ==, "error");
  g_assert_null (cw_identity_get_look (draft, CW_SEVERITY_PROBLEM).css_class);
}

static void
test_freed (void)
{
  CwIdentityCell *cell = g_object_ref_sink (cw_identity_cell_new ());
  CwIdentity *draft = ui_draft_new (NULL);

  cw_identity_cell_set_identity (cell, draft, NULL);
  ui_assert_freed (cell);
  cw_identity_set_step (draft, "key"); /* nobody listens any more */
  ui_assert_freed (draft);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/identity-cell/states", test_states);
  g_test_add_func ("/identity-cell/tested", test_tested);
  g_test_add_func ("/identity-cell/failed", test_failed);
  g_test_add_func ("/identity-cell/looks", test_looks);
  g_test_add_func ("/identity-cell/revoked", test_revoked);
  g_test_add_func ("/identity-cell/changes", test_changes);
  g_test_add_func ("/identity-cell/menu", test_menu);
  g_test_add_func ("/identity-cell/state-looks", test_state_looks);
  g_test_add_func ("/identity-cell/freed", test_freed);

  return ui_test_run ();
}

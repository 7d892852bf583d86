/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "../core/pki.h"
#include "cw-chain-view.h"
#include "cw-identity-private.h"
#include "cw-overview-page.h"
#include "cw-report-view.h"
#include "ui-test.h"

typedef struct
{
  GListModel *profiles;
  CwOverviewPage *page;
  GtkWidget *widget; /* the page */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->profiles = ui_profiles_new ();
  self->page = g_object_ref_sink (g_object_new (CW_TYPE_OVERVIEW_PAGE, NULL));
  self->widget = GTK_WIDGET (self->page);
  cw_overview_page_set_profiles (self->page, self->profiles);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_freed (self->page);
  ui_assert_freed (self->profiles);
}

static void
test_ready (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");

  cw_overview_page_set_identity (self->page, identity);
  g_assert_true (ui_says (self->widget, "steve@example.com"));
  g_assert_true (ui_says (self->widget, "Root, valid until"));
  g_assert_true (ui_says (self->widget, "Intermediate, valid until"));
  g_assert_true (ui_says (self->widget, " left"));
  g_assert_true (gtk_widget_get_visible (ui_find (self->widget, CW_TYPE_REPORT_VIEW, NULL)));
  g_assert_nonnull (ui_look_for (self->widget, GTK_TYPE_BUTTON, "Use It"));
}

/* The same page for one after the other, in any order. */
static void
test_states (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new (NULL);
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("waiting.example.com");

  test_ready (self, data);
  cw_overview_page_set_identity (self->page, waiting);
  g_assert_true (ui_says (self->widget, "waiting.example.com"));
  g_assert_false (ui_says (self->widget, "steve@example.com"));
  g_assert_false (ui_says (self->widget, "Root, valid until"));
  g_assert_false (gtk_widget_get_visible (ui_find (self->widget, CW_TYPE_REPORT_VIEW, NULL)));
  g_assert_nonnull (ui_look_for (self->widget, GTK_TYPE_BUTTON, "I Have the Reply"));

  cw_overview_page_set_identity (self->page, draft);
  g_assert_nonnull (ui_look_for (self->widget, GTK_TYPE_BUTTON, "Go On"));
  test_ready (self, data);
}

static void
test_revoked (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");
  CwCertificate *leaf = cw_chain_get_leaf (cw_identity_get_chain (identity));
  g_autofree char *pem = cw_certificate_to_pem (leaf);
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);

  cw_identity_note_revocation (identity, pem, g_date_time_to_unix (at));
  cw_overview_page_set_identity (self->page, identity);
  g_assert_true (ui_says (self->widget, "Revoked on 20 November 2026"));
  g_assert_true (ui_says (self->widget, "Revoked here on 20 November 2026"));
  g_assert_false (ui_says (self->widget, " left"));
  test_ready (self, data);
  g_assert_false (ui_says (self->widget, "Revoked"));
}

/* With a key there is something to export, be it the key alone. */
static void
test_export (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) draft = ui_draft_new ("draft.example.com");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("waiting.example.com");
  GtkWidget *button = ui_find (self->widget, GTK_TYPE_BUTTON, "Export…");
  g_autoptr (GVariant) target = NULL;

  cw_overview_page_set_identity (self->page, draft);
  g_assert_false (gtk_widget_get_visible (button));
  cw_overview_page_set_identity (self->page, waiting);
  g_assert_true (gtk_widget_get_visible (button));
  target = g_variant_ref (gtk_actionable_get_action_target_value (GTK_ACTIONABLE (button)));
  g_assert_cmpstr (g_variant_get_string (target, NULL), ==, cw_identity_get_id (waiting));
}

/* A profile that is no longer there is called by its id. */
static void
test_unknown_profile (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");

  cw_identity_set_profile_id (identity, "gone");
  cw_overview_page_set_identity (self->page, identity);
  g_assert_true (ui_says (self->widget, "gone"));
  cw_identity_set_profile_id (identity, NULL);
  cw_overview_page_set_identity (self->page, identity);
  g_assert_false (ui_says (self->widget, "gone"));
}

/* How the connection test ended, and the way to the next one. */
static void
test_connection (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");
  g_autoptr (CwIdentity) waiting = ui_waiting_new ("waiting.example.com");
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);

  cw_overview_page_set_identity (self->page, waiting);
  g_assert_false (ui_says (self->widget, "Connection"));
  cw_overview_page_set_identity (self->page, identity);
  g_assert_true (ui_says (self->widget, "Not tested yet"));
  g_assert_nonnull (ui_look_for (self->widget, GTK_TYPE_BUTTON, "Test It"));

  cw_identity_set_address (identity, "https://api.example.com/");
  cw_identity_set_test (identity, "works", CW_SEVERITY_GOOD, at);
  cw_overview_page_set_identity (self->page, identity);
  g_assert_true (ui_says (self->widget, "Worked on 20 November 2026"));
  g_assert_true (ui_says (self->widget, "https://api.example.com/"));
  cw_identity_set_test (identity, "refused", CW_SEVERITY_PROBLEM, at);
  cw_overview_page_set_identity (self->page, identity);
  g_assert_true (ui_says (self->widget, "Did not work on 20 November 2026"));
  g_assert_nonnull (ui_look_for (self->widget, GTK_TYPE_BUTTON, "Test Again"));
}

/* The header's. */
static void
assert_icon (Fixture *self, const char *icon_name, const char *css_class)
{
  GtkWidget *scrolled = ui_find (self->widget, GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkWidget *icon = ui_find (scrolled, GTK_TYPE_IMAGE, NULL);

  g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (icon)), ==, icon_name);
  g_assert_true (gtk_widget_has_css_class (icon, css_class));
}

/* The header says what the report below it says, in words too. */
static void
test_unfit (Fixture *self, gconstpointer data)
{
  static const char *const for_servers[] = { "extendedKeyUsage", "serverAuth", NULL };
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  g_autofree char *wanted =
      g_strdup_printf ("%s\nThis certificate will not work with PlaceOS", status);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (CwCertificate) leaf = NULL;
  g_autoptr (CwChain) chain = NULL;
  Pki pki;

  cw_overview_page_set_identity (self->page, identity);
  assert_icon (self, "object-select-symbolic", "success");
  g_assert_false (ui_says (self->widget, "will not work"));

  pki_init (&pki);
  leaf = pki_make (&(PkiSpec){ .name = "steve@example.com",
                               .issuer = pki.middle,
                               .issuer_key = pki.middle_key,
                               .extensions = for_servers });
  g_ptr_array_add (all, pki.middle);
  g_ptr_array_add (all, pki.root);
  chain = cw_chain_new (leaf, all, NULL);
  cw_identity_set_chain (identity, chain);
  cw_overview_page_set_identity (self->page, identity);
  assert_icon (self, "dialog-error-symbolic", "error");
  g_assert_true (ui_says (self->widget, wanted));
  g_assert_true (ui_says (ui_find (self->widget, CW_TYPE_CHAIN_VIEW, NULL), "client auth"));
  g_clear_object (&chain);
  pki_clear (&pki);
}

/* Without the CAs it may fail, and a test that failed is a reason to look. */
static void
test_doubtful (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", FALSE);
  g_autofree char *status = cw_identity_get_status (identity, NULL);
  g_autofree char *wanted = g_strdup_printf ("%s\nDid not work on 20 November 2026", status);
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);

  cw_identity_set_test (identity, "refused", CW_SEVERITY_PROBLEM, at);
  cw_overview_page_set_identity (self->page, identity);
  assert_icon (self, "dialog-warning-symbolic", "warning");
  g_assert_true (ui_says (self->widget, wanted));

  cw_identity_set_chain (identity, chain);
  cw_overview_page_set_identity (self->page, identity);
  assert_icon (self, "dialog-warning-symbolic", "warning");
  g_assert_false (ui_says (self->widget, "Did not work"));
  g_assert_cmpuint (ui_count (self->widget, GTK_TYPE_LABEL, status), ==, 0);
}

static void
back_cb (CwOverviewPage *page, guint *count)
{
  (*count)++;
}

static void
use_cb (CwOverviewPage *page, CwIdentity *identity, CwIdentity **used)
{
  *used = identity;
}

static void
test_signals (Fixture *self, gconstpointer data)
{
  g_autoptr (CwIdentity) identity = ui_ready_new ("steve@example.com");
  CwIdentity *used = NULL;
  CwIdentity *tested = NULL;
  guint count = 0;

  g_signal_connect (self->page, "back", G_CALLBACK (back_cb), &count);
  g_signal_connect (self->page, "use", G_CALLBACK (use_cb), &used);
  g_signal_connect (self->page, "test", G_CALLBACK (use_cb), &tested);
  cw_overview_page_set_identity (self->page, identity);
  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, "Test It"));
  g_assert_true (tested == identity);
  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, "Use It"));
  g_assert_true (used == identity);
  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, "Back"));
  g_assert_cmpuint (count, ==, 1);
}

#define add(path, function)                                                                        \
  g_test_add ("/overview-page/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("ready", test_ready);
  add ("states", test_states);
  add ("revoked", test_revoked);
  add ("export", test_export);
  add ("unknown-profile", test_unknown_profile);
  add ("connection", test_connection);
  add ("unfit", test_unfit);
  add ("doubtful", test_doubtful);
  add ("signals", test_signals);

  return ui_test_run ();
}

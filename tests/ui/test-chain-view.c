/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "../core/pki.h"
#include "cw-chain-view.h"
#include "ui-test.h"

typedef struct
{
  CwChainView *view;
  GtkWidget *widget; /* the view */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->view = g_object_ref_sink (g_object_new (CW_TYPE_CHAIN_VIEW, NULL));
  self->widget = GTK_WIDGET (self->view);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_freed (self->view);
}

static guint
count_cards (GtkWidget *root)
{
  guint n =
      gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (root)) == GTK_ACCESSIBLE_ROLE_LIST_ITEM;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    n += count_cards (child);
  return n;
}

static gboolean
shows_icon (GtkWidget *root, const char *icon_name)
{
  if (GTK_IS_IMAGE (root) && g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (root)), icon_name) == 0)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    if (shows_icon (child, icon_name))
      return TRUE;
  return FALSE;
}

static void
test_whole (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", TRUE);

  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, NULL);
  g_assert_cmpuint (count_cards (self->widget), ==, 3);
  g_assert_true (ui_says (self->widget, "steve@example.com"));
  g_assert_true (ui_says (self->widget, "Your certificate, valid until"));
  g_assert_true (ui_says (self->widget, "Intermediate, valid until"));
  g_assert_true (ui_says (self->widget, "Root, valid until"));
  g_assert_false (ui_says (self->widget, "missing"));
  g_assert_false (ui_says (self->widget, "Expire"));

  cw_chain_view_set_chain (self->view, NULL, NULL, FALSE, NULL);
  g_assert_false (gtk_widget_get_visible (self->widget));
  g_assert_cmpuint (count_cards (self->widget), ==, 0);
}

static void
test_gap (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", FALSE);

  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, NULL);
  g_assert_cmpuint (count_cards (self->widget), ==, 2);
  g_assert_true (ui_says (self->widget, "The certificate of “Test Intermediate” is missing"));
}

static void
test_wrong (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = ui_chain_new ("steve@example.com", TRUE);
  CwCertificate *leaf = cw_chain_get_leaf (chain);
  g_autoptr (GDateTime) soon = g_date_time_add_days (cw_certificate_get_not_after (leaf), -1);
  g_autoptr (GDateTime) late = g_date_time_add_days (soon, 2);
  g_autoptr (GDateTime) early = g_date_time_add_years (soon, -50);

  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, soon);
  g_assert_true (ui_says (self->widget, "Expires soon"));
  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, late);
  g_assert_true (ui_says (self->widget, "Expired"));
  g_assert_false (ui_says (self->widget, "Expires soon"));
  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, early);
  g_assert_true (ui_says (self->widget, "Not valid yet"));
  cw_chain_view_set_chain (self->view, chain, NULL, TRUE, NULL);
  g_assert_cmpuint (ui_count (self->widget, GTK_TYPE_LABEL, "Revoked"), ==, 1);
}

/* What OpenSSL says of a CA stands with that CA. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  static const char *const not_a_ca[] = { "basicConstraints", "critical,CA:FALSE", NULL };
  Pki pki;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (CwCertificate) fake = NULL;
  g_autoptr (CwChain) chain = NULL;

  pki_init (&pki);
  fake = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                               .key = pki.middle_key,
                               .issuer = pki.root,
                               .issuer_key = pki.root_key,
                               .extensions = not_a_ca });
  all = g_ptr_array_new ();
  g_ptr_array_add (all, fake);
  g_ptr_array_add (all, pki.root);
  chain = cw_chain_new (pki.leaf, all, NULL);
  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, NULL);
  g_assert_true (ui_says (self->widget, "is not marked as one"));
  g_clear_object (&chain);
  pki_clear (&pki);
}

/* What lies in no CA stands with the leaf, and what is worse stands alone. */
static void
test_report (Fixture *self, gconstpointer data)
{
  static const char *const for_servers[] = { "extendedKeyUsage", "serverAuth", NULL };
  Pki pki;
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (CwCertificate) leaf = NULL;
  g_autoptr (CwChain) chain = NULL;
  g_autoptr (CwReport) report = NULL;

  pki_init (&pki);
  leaf = pki_make (&(PkiSpec){ .name = "steve@example.com",
                               .issuer = pki.middle,
                               .issuer_key = pki.middle_key,
                               .extensions = for_servers });
  g_ptr_array_add (all, pki.middle);
  g_ptr_array_add (all, pki.root);
  chain = cw_chain_new (leaf, all, NULL);
  report = cw_report_new (&(CwReportInput){ .chain = chain });
  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, NULL);
  g_assert_false (ui_says (self->widget, "client authentication"));
  cw_chain_view_set_chain (self->view, chain, report, FALSE, NULL);
  g_assert_true (ui_says (self->widget, "client authentication"));
  g_assert_true (shows_icon (self->widget, "dialog-error-symbolic"));
  cw_chain_view_set_chain (self->view, chain, report, TRUE, NULL);
  g_assert_true (ui_says (self->widget, "Revoked"));
  g_assert_false (ui_says (self->widget, "client authentication"));
  g_clear_object (&chain);
  pki_clear (&pki);
}

static void
test_self_signed (Fixture *self, gconstpointer data)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (CwCertificate) certificate =
      pki_make (&(PkiSpec){ .name = "device", .key = key, .extensions = pki_client_extensions });
  g_autoptr (CwChain) chain = cw_chain_new (certificate, NULL, NULL);

  cw_chain_view_set_chain (self->view, chain, NULL, FALSE, NULL);
  g_assert_cmpuint (count_cards (self->widget), ==, 1);
  g_assert_true (ui_says (self->widget, "Your certificate, valid until"));
  g_assert_true (ui_says (self->widget, "Signed by itself, not by a CA"));
}

#define add(path, function)                                                                        \
  g_test_add ("/chain-view/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("whole", test_whole);
  add ("gap", test_gap);
  add ("wrong", test_wrong);
  add ("refused", test_refused);
  add ("report", test_report);
  add ("self-signed", test_self_signed);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-connection-result-private.h"
#include "cw-trust-offer.h"
#include "ui-test.h"

typedef struct
{
  CwIdentity *identity;
  CwTrustOffer *offer;
  GtkWidget *widget; /* the offer */
  GtkWindow *window;
  guint taken;
} Fixture;

static void
taken_cb (Fixture *self)
{
  self->taken++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->identity = ui_ready_new ("steve@example.com");
  self->offer = g_object_new (CW_TYPE_TRUST_OFFER, NULL);
  self->widget = GTK_WIDGET (self->offer);
  self->window = ui_show (self->widget);
  g_signal_connect_swapped (self->offer, "taken", G_CALLBACK (taken_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_window_freed (self->window, self->widget);
  ui_assert_freed (self->identity);
}

static CwConnectionResult *
result_new (const char *verdict_id, CwTrustChoice working, CwCertificate *offered)
{
  g_autoptr (GListStore) evidence = g_list_store_new (CW_TYPE_FINDING);
  g_autoptr (GPtrArray) presented = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (CwFinding) verdict =
      cw_finding_new (verdict_id, CW_SEVERITY_PROBLEM, "It is so.", NULL, NULL);

  return cw_connection_result_new (&(CwConnectionFacts){ .address = "https://example.com",
                                                         .evidence = G_LIST_MODEL (evidence),
                                                         .verdict = verdict,
                                                         .presented = presented,
                                                         .offered_ca = offered,
                                                         .working_choice = working,
                                                         .had_certificate = TRUE });
}

static void
show (Fixture *self, const char *verdict_id, CwTrustChoice working, CwCertificate *offered)
{
  g_autoptr (CwConnectionResult) result = result_new (verdict_id, working, offered);

  cw_trust_offer_set_result (self->offer, self->identity, result);
}

static void
test_none (Fixture *self, gconstpointer data)
{
  g_assert_false (gtk_widget_get_visible (self->widget));
  show (self, "server-other-choice", CW_TRUST_REPLY, NULL);
  g_assert_true (gtk_widget_get_visible (self->widget));

  /* Verified, by what was chosen: that another choice would too is of no account. */
  cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_REPLY);
  show (self, "works", CW_TRUST_SYSTEM, NULL);
  g_assert_false (gtk_widget_get_visible (self->widget));
  show (self, "server-ca-unknown", CW_TRUST_NONE, NULL);
  g_assert_false (gtk_widget_get_visible (self->widget));
  cw_trust_offer_set_result (self->offer, NULL, NULL);
  g_assert_false (gtk_widget_get_visible (self->widget));
}

static void
test_choice (Fixture *self, gconstpointer data)
{
  show (self, "server-other-choice", CW_TRUST_REPLY, NULL);
  g_assert_true (ui_says (self->widget, "The CAs that came with the reply"));
  g_assert_false (ui_says (self->widget, "Compare the fingerprint"));
  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, "Use These"));
  g_assert_cmpint (cw_identity_get_server_cas (self->identity), ==, CW_SERVER_CAS_REPLY);
  g_assert_cmpuint (self->taken, ==, 1);
}

static AdwMessageDialog *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l; l = l->next)
    if (ADW_IS_MESSAGE_DIALOG (l->data))
      return l->data;
  g_error ("Nothing is asked");
}

/* Presses the button, and answers the question. */
static void
answer (Fixture *self, const char *button, const char *response)
{
  AdwMessageDialog *dialog;

  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, button));
  dialog = find_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  adw_message_dialog_response (dialog, response);
  ui_settle ();
}

/* Nothing that a server sent is trusted without a yes. */
static void
test_ca (Fixture *self, gconstpointer data)
{
  GPtrArray *chain = cw_chain_get_certificates (cw_identity_get_chain (self->identity));
  CwCertificate *ca = g_ptr_array_index (chain, chain->len - 1);
  g_auto (GStrv) pairs = g_strsplit (cw_certificate_get_fingerprint (ca), ":", -1);
  g_autoptr (GPtrArray) trusted = g_ptr_array_new ();
  g_autofree char *pem = NULL;
  g_autofree char *line = NULL;

  g_ptr_array_add (trusted, ca);
  pem = cw_certificates_to_pem (trusted);
  show (self, "server-ca-unknown", CW_TRUST_NONE, ca);
  g_assert_true (ui_says (self->widget, cw_certificate_get_title (ca)));
  g_assert_true (ui_says (self->widget, "Compare the fingerprint"));
  for (guint i = 0; i < g_strv_length (pairs); i++)
    g_assert_true (ui_says (self->widget, pairs[i]));
  line = g_strconcat (pairs[7], "\n", pairs[8], NULL);
  g_assert_true (ui_says (self->widget, line));

  answer (self, "Trust This CA…", "cancel");
  g_assert_null (cw_identity_get_server_cas_pem (self->identity));
  g_assert_cmpint (cw_identity_get_server_cas (self->identity), ==, CW_SERVER_CAS_SYSTEM);
  g_assert_cmpuint (self->taken, ==, 0);

  answer (self, "Trust This CA…", "yes");
  g_assert_cmpstr (cw_identity_get_server_cas_pem (self->identity), ==, pem);
  g_assert_cmpint (cw_identity_get_server_cas (self->identity), ==, CW_SERVER_CAS_FILE);
  g_assert_cmpuint (self->taken, ==, 1);
}

/* A person's file is not replaced without a word. */
static void
test_replaced (Fixture *self, gconstpointer data)
{
  GPtrArray *chain = cw_chain_get_certificates (cw_identity_get_chain (self->identity));
  CwCertificate *leaf = g_ptr_array_index (chain, 0);
  AdwMessageDialog *dialog;

  cw_identity_set_server_cas_pem (self->identity, "pem");
  show (self, "server-self-signed", CW_TRUST_NONE, leaf);
  ui_click (ui_find (self->widget, GTK_TYPE_BUTTON, "Trust This Certificate…"));
  dialog = find_dialog ();
  g_assert_true (ui_says (GTK_WIDGET (dialog), "takes the place of the CAs of the file"));

  /* A yes after another test was made is one to something else. */
  show (self, "works", CW_TRUST_FILE, NULL);
  adw_message_dialog_response (dialog, "yes");
  ui_settle ();
  g_assert_cmpstr (cw_identity_get_server_cas_pem (self->identity), ==, "pem");
  g_assert_cmpuint (self->taken, ==, 0);
}

#define add(path, function)                                                                        \
  g_test_add ("/trust-offer/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("none", test_none);
  add ("choice", test_choice);
  add ("ca", test_ca);
  add ("replaced", test_replaced);

  return ui_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-connection-test.h"
#include "cw-field.h"
#include "cw-keyring.h"
#include "cw-problem-view.h"
#include "cw-report-view.h"
#include "cw-server-group.h"
#include "cw-test-page.h"
#include "cw-trust-offer.h"

struct _CwTestPage
{
  CwPage parent_instance;

  CwProblemView *problem;
  AdwPreferencesGroup *address_group;
  GtkWidget *test_button;
  GtkLabel *last_status;
  GtkWidget *running_box;
  GtkSpinner *spinner;
  GtkLabel *doing;
  GtkWidget *cancel_button;
  CwReportView *verdict_view;
  CwTrustOffer *trust_offer;
  CwReportView *evidence_view;
  CwServerGroup *server_group;
  CwField *address;
  AdwActionRow *message_row;
  GtkSwitch *message_switch;

  CwProfile *profile;
  CwIdentity *identity; /* the one that is, or was last, shown */
  CwEndpoint *endpoint; /* what was typed; NULL if it is no address */
  CwConnectionResult *result;
  GCancellable *running; /* NULL while nothing runs */
  gboolean filling;
};

/* One test, from the keyring to its end. What is cancelled comes back to no page. */
typedef struct
{
  CwTestPage *page;
  CwIdentity *identity;
  CwEndpoint *endpoint;
  GCancellable *cancellable;
} Run;

G_DEFINE_FINAL_TYPE (CwTestPage, cw_test_page, CW_TYPE_PAGE)

/* What the profile says */

static CwScheme
get_scheme (CwTestPage *self)
{
  CwScheme scheme = CW_SCHEME_HTTPS;

  if (self->profile)
    cw_scheme_from_name (cw_profile_get_test_schemes (self->profile)[0], &scheme);
  return scheme;
}

static const char *
get_topic (CwTestPage *self)
{
  return self->profile ? cw_profile_get_test_topic (self->profile) : NULL;
}

static const char *
get_payload (CwTestPage *self)
{
  return self->profile ? cw_profile_get_test_payload (self->profile) : NULL;
}

/* What an address looks like. */
static const char *
get_example (CwScheme scheme)
{
  switch (scheme)
    {
    case CW_SCHEME_WSS:
      return "wss://api.example.com/socket";
    case CW_SCHEME_MQTTS:
      return "mqtts://broker.example.com";
    case CW_SCHEME_HTTPS:
    default:
      return "https://api.example.com/";
    }
}

/* The result */

/* The choice of CAs is the consumer's, unless the test shows that one has to be made. */
static gboolean
needs_server_group (CwTestPage *self)
{
  if (!self->profile || cw_profile_get_wants_server_cas (self->profile) ||
      cw_identity_get_server_cas (self->identity) != CW_SERVER_CAS_SYSTEM ||
      !cw_identity_get_verify_server (self->identity))
    return TRUE;

  return self->result &&
         g_str_has_prefix (cw_finding_get_id (cw_connection_result_get_verdict (self->result)),
                           "server-");
}

/* What works need not be tested again: then it is Next that is suggested. */
static void
suggest_test (CwTestPage *self, gboolean suggest)
{
  if (suggest)
    gtk_widget_add_css_class (self->test_button, "suggested-action");
  else
    gtk_widget_remove_css_class (self->test_button, "suggested-action");
}

static void
show_result (CwTestPage *self)
{
  CwFinding *verdict = self->result ? cw_connection_result_get_verdict (self->result) : NULL;
  g_autofree char *last = verdict ? NULL : cw_identity_get_test_status (self->identity);

  suggest_test (self, !self->result || !cw_connection_result_works (self->result));
  gtk_label_set_label (self->last_status, last ? last : "");
  gtk_widget_set_visible (GTK_WIDGET (self->last_status), last && !self->running);
  cw_report_view_set_verdict (self->verdict_view, _ ("The Result"), verdict);
  cw_report_view_set_findings (self->evidence_view, _ ("What Was Found"),
                               G_LIST_MODEL (self->result), verdict);
  cw_trust_offer_set_result (self->trust_offer, self->identity, self->result);
  gtk_widget_set_visible (GTK_WIDGET (self->server_group), needs_server_group (self));
}

static void
forget_result (CwTestPage *self)
{
  g_clear_object (&self->result);
  show_result (self);
}

/* With another address or other CAs, the identity forgets what was proved. */
static void
identity_changed_cb (CwTestPage *self)
{
  if (self->result && !cw_identity_get_test_verdict (self->identity))
    g_clear_object (&self->result);
  show_result (self);
}

static void
copy_report_cb (CwTestPage *self)
{
  g_autofree char *text = cw_connection_result_to_text (self->result);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  cw_page_toast (CW_PAGE (self), _ ("Copied"));
}

/* The test */

static void
update_test_button (CwTestPage *self)
{
  gtk_widget_set_sensitive (self->test_button,
                            self->endpoint && !self->running &&
                                !cw_server_group_get_activity (self->server_group));
}

/* What is tested must not change meanwhile. The keyboard goes first: an entry that is made
 * insensitive while it has it never learns that it has lost it. */
static void
set_running (CwTestPage *self, GCancellable *running)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  const gboolean here = focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self));

  g_set_object (&self->running, running);
  gtk_widget_set_visible (self->running_box, running != NULL);
  gtk_spinner_set_spinning (self->spinner, running != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, running != NULL,
                               -1);
  if (running && here)
    gtk_widget_grab_focus (self->cancel_button);
  gtk_widget_set_sensitive (GTK_WIDGET (self->address_group), !running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->server_group), !running);
  update_test_button (self);
  if (!running && here)
    gtk_widget_grab_focus (self->test_button);
}

static void
stop (CwTestPage *self)
{
  g_cancellable_cancel (self->running);
  set_running (self, NULL);
}

static void
cancel_clicked_cb (CwTestPage *self)
{
  stop (self);
  show_result (self);
}

static void
run_free (Run *run)
{
  g_clear_object (&run->page);
  g_clear_object (&run->identity);
  g_clear_pointer (&run->endpoint, cw_endpoint_unref);
  g_clear_object (&run->cancellable);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static void
progress_cb (const char *doing, gpointer user_data)
{
  Run *run = user_data;

  if (!g_cancellable_is_cancelled (run->cancellable))
    gtk_label_set_label (run->page->doing, doing);
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwConnectionResult) found = cw_connection_test_finish (result, &error);
  CwTestPage *self = run->page;

  if (g_cancellable_is_cancelled (run->cancellable))
    return;

  set_running (self, NULL);
  cw_problem_view_set_error (self->problem, error, TRUE);
  g_set_object (&self->result, found);
  if (found)
    cw_identity_set_test (run->identity,
                          cw_finding_get_id (cw_connection_result_get_verdict (found)),
                          cw_finding_get_severity (cw_connection_result_get_verdict (found)),
                          cw_connection_result_get_time (found));
  show_result (self);
}

/* The engine takes what it needs of the key, and it is gone when that ends. */
static gboolean
test (Run *run, CwSecret *key, GError **error)
{
  CwTestPage *self = run->page;
  CwChain *chain = cw_identity_get_chain (run->identity);
  const gboolean publish = gtk_widget_get_visible (GTK_WIDGET (self->message_row)) &&
                           gtk_switch_get_active (self->message_switch);
  g_autoptr (GError) no_cas = NULL;
  g_autofree char *server_cas = cw_identity_dup_server_cas_pem (run->identity, &no_cas);
  g_autofree char *reply_cas = cw_chain_cas_to_pem (chain);
  const CwConnectionTestInput input = {
    .endpoint = run->endpoint,
    .key = key,
    .chain = chain,
    .server_cas = server_cas,
    .cas_beside_system = self->profile && cw_profile_get_cas_beside_system (self->profile),
    .reply_cas = reply_cas,
    .file_cas = cw_identity_get_server_cas_pem (run->identity),
    .verify_server = cw_identity_get_verify_server (run->identity),
    .topic = publish ? get_topic (self) : NULL,
    .payload = publish ? get_payload (self) : NULL,
  };

  if (no_cas)
    {
      g_propagate_error (error, g_steal_pointer (&no_cas));
      return FALSE;
    }
  cw_connection_test_async (&input, progress_cb, run, run->cancellable, tested_cb, run);
  return TRUE;
}

static void
key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) key = cw_keyring_lookup_finish (result, &error);
  CwTestPage *self = run->page;

  if (g_cancellable_is_cancelled (run->cancellable))
    return;

  if (key && test (run, key, &error))
    {
      g_steal_pointer (&run); /* tested_cb's */
      return;
    }
  set_running (self, NULL);
  cw_problem_view_set_error (self->problem, error, TRUE);
  show_result (self);
}

static void
start (CwTestPage *self)
{
  g_autoptr (GCancellable) cancellable = NULL;
  Run *run;

  if (!self->endpoint || self->running)
    return;

  cancellable = g_cancellable_new ();
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  gtk_label_set_label (self->doing, _ ("Getting the key from the keyring…"));
  set_running (self, cancellable);
  forget_result (self);

  run = g_new0 (Run, 1);
  run->page = g_object_ref (self);
  run->identity = g_object_ref (self->identity);
  run->endpoint = cw_endpoint_ref (self->endpoint);
  run->cancellable = g_object_ref (cancellable);
  cw_keyring_lookup_async (cw_identity_get_id (self->identity),
                           cw_identity_get_key_fingerprint (self->identity), cancellable, key_cb,
                           run);
}

/* The address */

static void
update_message_row (CwTestPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->message_row),
                          get_topic (self) && self->endpoint &&
                              cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_MQTTS);
}

static void
address_changed_cb (CwTestPage *self)
{
  g_autofree char *text = g_strstrip (g_strdup (cw_field_get_text (self->address)));
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->endpoint, cw_endpoint_unref);
  if (*text != '\0')
    self->endpoint = cw_endpoint_new (text, get_scheme (self), &error);
  cw_field_set_error (self->address, error ? error->message : NULL);
  update_test_button (self);
  update_message_row (self);
  if (self->filling)
    return;

  /* What is no address is not kept: it may be half typed, or have a password in it. */
  if (self->endpoint)
    cw_identity_set_address (self->identity, cw_endpoint_to_string (self->endpoint));
  else if (*text == '\0')
    cw_identity_set_address (self->identity, NULL);
}

static void
add_address_rows (CwTestPage *self)
{
  self->address = cw_field_new (_ ("Address of the server"));
  g_object_set (self->address, "activates-default", FALSE, "input-purpose", GTK_INPUT_PURPOSE_URL,
                NULL);
  g_signal_connect_object (self->address, "changed", G_CALLBACK (address_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->address, "entry-activated", G_CALLBACK (start), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->address_group, GTK_WIDGET (self->address));
  adw_preferences_group_add (self->address_group, cw_field_get_message_row (self->address));

  self->message_switch = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->message_switch), GTK_ALIGN_CENTER);
  self->message_row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                    _ ("Send a test message"), "subtitle-lines", 0, "visible",
                                    FALSE, "activatable-widget", self->message_switch, NULL);
  cw_accessibility_name_switch (GTK_WIDGET (self->message_switch), _ ("Send a test message"));
  adw_action_row_add_suffix (self->message_row, GTK_WIDGET (self->message_switch));
  adw_preferences_group_add (self->address_group, GTK_WIDGET (self->message_row));
}

static void
fill_address (CwTestPage *self)
{
  const char *address = cw_identity_get_address (self->identity);
  g_autofree char *description = NULL;
  g_autofree char *message = NULL;

  /* Translators: %s is an address: "https://api.example.com/" */
  description = g_strdup_printf (_ ("Where the certificate will be used, for example %s"),
                                 get_example (get_scheme (self)));
  adw_preferences_group_set_description (self->address_group, description);
  if (get_topic (self))
    {
      /* Translators: an MQTT topic, then what is published to it */
      message = g_strdup_printf (_ ("%s: %s"), get_topic (self), get_payload (self));
      adw_action_row_set_subtitle (self->message_row, message);
    }
  self->filling = TRUE;
  gtk_switch_set_active (self->message_switch, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->address), address ? address : "");
  address_changed_cb (self);
  self->filling = FALSE;
}

/* The page */

static void
server_activity_cb (CwTestPage *self)
{
  cw_page_set_activity (CW_PAGE (self), cw_server_group_get_activity (self->server_group));
  update_test_button (self);
}

static void
set_identity (CwTestPage *self, CwIdentity *identity)
{
  if (self->identity)
    g_signal_handlers_disconnect_by_func (self->identity, identity_changed_cb, self);
  if (self->result && (identity != self->identity || !cw_identity_get_test_verdict (identity)))
    g_clear_object (&self->result);
  g_set_object (&self->identity, identity);
  g_signal_connect_object (identity, "changed", G_CALLBACK (identity_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* A server presents its certificate to clients, which this test does not see. */
static void
fill_words (CwTestPage *self)
{
  const gboolean host =
      self->profile && cw_profile_get_subject (self->profile) == CW_PROFILE_SUBJECT_HOST;

  cw_page_set_description (
      CW_PAGE (self),
      host ? _ ("This test presents the certificate as a client does. A certificate for a server "
                "needs no such test: you can go on without it.")
           : _ ("Connect to the server with your certificate and see what it says, before you "
                "paste it anywhere. You can also go on without this."));
}

static void
cw_test_page_enter (CwPage *page)
{
  CwTestPage *self = CW_TEST_PAGE (page);

  g_clear_object (&self->profile);
  self->profile = cw_page_dup_profile (page);
  fill_words (self);
  set_identity (self, cw_page_get_identity (page));
  cw_problem_view_set_error (self->problem, NULL, FALSE);
  cw_server_group_set_identity (self->server_group, self->identity);
  fill_address (self);
  show_result (self);
  cw_page_set_complete (page, TRUE);
}

static void
cw_test_page_leave (CwPage *page)
{
  CwTestPage *self = CW_TEST_PAGE (page);

  stop (self);
  cw_server_group_set_identity (self->server_group, NULL);
}

static void
cw_test_page_dispose (GObject *object)
{
  CwTestPage *self = CW_TEST_PAGE (object);

  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_object (&self->profile);
  g_clear_object (&self->identity);
  g_clear_object (&self->result);
  g_clear_pointer (&self->endpoint, cw_endpoint_unref);

  G_OBJECT_CLASS (cw_test_page_parent_class)->dispose (object);
}

static void
cw_test_page_class_init (CwTestPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_test_page_dispose;
  CW_PAGE_CLASS (klass)->enter = cw_test_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_test_page_leave;

  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  g_type_ensure (CW_TYPE_REPORT_VIEW);
  g_type_ensure (CW_TYPE_SERVER_GROUP);
  g_type_ensure (CW_TYPE_TRUST_OFFER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-test-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, address_group);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, test_button);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, last_status);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, running_box);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, doing);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, verdict_view);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, trust_offer);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, evidence_view);
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, server_group);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_activity_cb);
  gtk_widget_class_bind_template_callback (widget_class, start);
}

static void
cw_test_page_init (CwTestPage *self)
{
  GtkWidget *copy_button = gtk_button_new_with_label (_ ("Copy Report"));

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (copy_button, "flat");
  gtk_widget_set_valign (copy_button, GTK_ALIGN_CENTER);
  g_signal_connect_object (copy_button, "clicked", G_CALLBACK (copy_report_cb), self,
                           G_CONNECT_SWAPPED);
  cw_report_view_set_header_suffix (self->verdict_view, copy_button);
  add_address_rows (self);
  cw_accessibility_name_buttons (GTK_WIDGET (self));
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With a real keyring; the servers are ports of this machine.
 */

#include "config.h"

#include "cw-field.h"
#include "cw-keyring.h"
#include "cw-problem-view.h"
#include "cw-server-group.h"
#include "cw-test-page.h"
#include "ui-test.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity;
  CwPage *page;
  GtkWidget *widget; /* the page */
  GtkWindow *window;
  GtkWidget *address;
} Fixture;

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
store_key (CwIdentity *identity, CwKey *key)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) pem = cw_key_to_pem (key, &error);

  g_assert_no_error (error);
  cw_keyring_store_async (cw_identity_get_id (identity), cw_key_get_fingerprint (key), "Test", pem,
                          NULL, result_cb, &result);
  ui_wait (is_set, &result);
  cw_keyring_store_finish (result, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);

  self->store = ui_store_new ();
  self->profiles = ui_profiles_new ();
  self->identity = ui_ready_new_for_key ("steve@example.com", key);
  if (data)
    cw_identity_set_profile_id (self->identity, data);
  store_key (self->identity, key);
  self->page = g_object_new (CW_TYPE_TEST_PAGE, "store", self->store, "profiles", self->profiles,
                             "identity", self->identity, NULL);
  self->widget = GTK_WIDGET (self->page);
  self->window = ui_show (self->widget);
  cw_page_enter (self->page);
  self->address = ui_find (self->widget, CW_TYPE_FIELD, "Address of the server");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cw_page_leave (self->page);
  ui_assert_window_freed (self->window, self->widget);
  ui_assert_freed (self->identity);
  ui_assert_freed (self->profiles);
  ui_assert_freed (self->store);
}

static GtkWidget *
button (Fixture *self, const char *label)
{
  return ui_find (self->widget, GTK_TYPE_BUTTON, label);
}

static gboolean
can_test (gpointer data)
{
  return gtk_widget_is_sensitive (button (data, "Test Connection"));
}

static gboolean
is_running (gpointer data)
{
  Fixture *self = data;

  return ui_is_shown (button (self, "Cancel"), self->widget);
}

static void
test_address (Fixture *self, gconstpointer data)
{
  g_assert_true (cw_page_get_complete (self->page));
  g_assert_false (can_test (self));
  ui_type (self->address, "http://api.example.com/");
  g_assert_true (ui_says (self->widget, "not encrypted"));
  g_assert_false (can_test (self));

  ui_type (self->address, " https://api.example.com/v1 ");
  g_assert_false (ui_says (self->widget, "not encrypted"));
  g_assert_true (can_test (self));
  g_assert_cmpstr (cw_identity_get_address (self->identity), ==, "https://api.example.com/v1");

  ui_type (self->address, "");
  g_assert_null (cw_identity_get_address (self->identity));
  g_assert_false (can_test (self));
  g_assert_true (cw_page_get_complete (self->page)); /* it can be passed by */
}

/* A port of this machine; @socket is to be closed. */
static char *
make_address (GSocket **socket)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (*socket, any, TRUE, NULL));
  bound = g_socket_get_local_address (*socket, NULL);
  return g_strdup_printf ("https://127.0.0.1:%u",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

static gboolean
has_ended (gpointer data)
{
  return !is_running (data);
}

/* The verdict, with the evidence; forgotten with the address. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL; /* which nobody listens at */
  g_autofree char *address = make_address (&socket);
  GtkWidget *copy;

  g_assert_false (ui_says (self->widget, "The Result"));
  ui_type (self->address, address);
  ui_click (button (self, "Test Connection"));
  ui_wait (has_ended, self);
  g_assert_true (ui_says (self->widget, "127.0.0.1 refuses the connection."));
  g_assert_true (ui_says (self->widget, "The Result"));
  g_assert_cmpstr (cw_identity_get_test_verdict (self->identity), ==, "refused");
  g_assert_cmpint (cw_identity_get_test_severity (self->identity), ==, CW_SEVERITY_PROBLEM);
  g_assert_true (can_test (self));

  copy = button (self, "Copy Report");
  ui_click (copy);
  g_assert_nonnull (gdk_clipboard_get_content (gtk_widget_get_clipboard (copy)));

  cw_page_leave (self->page);
  cw_page_enter (self->page);
  g_assert_true (ui_says (self->widget, "127.0.0.1 refuses the connection."));
  ui_type (self->address, "https://api.example.com/");
  g_assert_false (ui_says (self->widget, "127.0.0.1 refuses the connection."));
  g_assert_false (ui_says (self->widget, "The Result"));
  g_assert_null (cw_identity_get_test_verdict (self->identity));
}

/* From an earlier day, only how it ended is known. */
static void
test_earlier (Fixture *self, gconstpointer data)
{
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);

  g_assert_false (ui_says (self->widget, "Worked on"));
  cw_identity_set_address (self->identity, "https://api.example.com/");
  cw_identity_set_test (self->identity, "works", CW_SEVERITY_GOOD, at);
  cw_page_leave (self->page);
  cw_page_enter (self->page);
  g_assert_true (ui_says (self->widget, "Worked on 20 November 2026"));
  g_assert_cmpstr (cw_field_get_text (CW_FIELD (self->address)), ==, "https://api.example.com/");
  g_assert_cmpstr (cw_identity_get_test_verdict (self->identity), ==, "works");
}

/* Starts a test of a server that says nothing. */
static GSocket *
start_silent (Fixture *self)
{
  GSocket *socket = NULL;
  g_autofree char *address = make_address (&socket);

  g_assert_true (g_socket_listen (socket, NULL));
  ui_type (self->address, address);
  ui_click (button (self, "Test Connection"));
  g_assert_true (is_running (self));
  g_assert_false (can_test (self));
  g_assert_false (gtk_widget_is_sensitive (self->address));
  return socket;
}

static gboolean
has_caller (gpointer data)
{
  return g_socket_condition_check (data, G_IO_IN) & G_IO_IN;
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) socket = start_silent (self);

  ui_wait (has_caller, socket);
  ui_click (button (self, "Cancel"));
  g_assert_false (is_running (self));
  g_assert_true (can_test (self));
  g_assert_true (gtk_widget_is_sensitive (self->address));
  g_assert_null (cw_identity_get_test_verdict (self->identity));

  /* At once another one, which the end of the first does not touch. */
  ui_click (button (self, "Test Connection"));
  g_assert_true (is_running (self));
  ui_settle ();
  g_assert_true (is_running (self));
  ui_click (button (self, "Cancel"));
}

/* Nothing comes to a page that was left. */
static void
test_leave (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) socket = start_silent (self);

  ui_wait (has_caller, socket);
  cw_page_leave (self->page);
  g_assert_false (is_running (self));
  g_socket_close (socket, NULL);
  cw_page_enter (self->page);
  ui_settle ();
  g_assert_null (cw_identity_get_test_verdict (self->identity));
  g_assert_false (ui_says (self->widget, "The Result"));
}

/* Without its key there is nothing to test with, and no result. */
static void
test_no_key (Fixture *self, gconstpointer data)
{
  GtkWidget *problem = ui_find (self->widget, CW_TYPE_PROBLEM_VIEW, NULL);

  cw_identity_set_key_fingerprint (self->identity, "00");
  ui_type (self->address, "https://127.0.0.1:1/");
  ui_click (button (self, "Test Connection"));
  ui_wait (has_ended, self);
  g_assert_true (gtk_widget_get_visible (problem));
  g_assert_true (gtk_widget_is_visible (button (self, "Try Again")));
  g_assert_null (cw_identity_get_test_verdict (self->identity));
}

/* Which CAs verify the server is asked where it is pasted, and where it was answered. */
static void
test_server (Fixture *self, gconstpointer data)
{
  GtkWidget *group = ui_find (self->widget, CW_TYPE_SERVER_GROUP, NULL);
  const gboolean wanted = g_strcmp0 (data, "placeos") == 0;

  g_assert_cmpint (gtk_widget_get_visible (group), ==, wanted);
  cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_REPLY);
  g_assert_true (gtk_widget_get_visible (group));
  cw_identity_set_server_cas (self->identity, CW_SERVER_CAS_SYSTEM);
  g_assert_cmpint (gtk_widget_get_visible (group), ==, wanted);
  cw_identity_set_verify_server (self->identity, FALSE);
  g_assert_true (gtk_widget_get_visible (group));
}

static gboolean
offers_message (Fixture *self)
{
  return ui_says (self->widget, "Send a test message");
}

/* Only what the consumer publishes, and only over MQTT. */
static void
test_message (Fixture *self, gconstpointer data)
{
  const gboolean publishes = g_strcmp0 (data, "thingsboard") == 0;

  g_assert_true (ui_says (self->widget, publishes ? "mqtts://" : "https://"));
  ui_type (self->address, "broker.example.com");
  g_assert_cmpint (offers_message (self), ==, publishes);
  ui_type (self->address, "https://broker.example.com/");
  g_assert_false (offers_message (self));
  ui_type (self->address, "mqtts://broker.example.com");
  g_assert_cmpint (offers_message (self), ==, publishes);
  if (publishes)
    g_assert_true (ui_says (self->widget, "v1/devices/me/telemetry: {\"temperature\":25}"));
}

#define add(path, data, function)                                                                  \
  g_test_add ("/test-page/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("address", NULL, test_address);
  add ("refused", NULL, test_refused);
  add ("earlier", NULL, test_earlier);
  add ("cancel", NULL, test_cancel);
  add ("leave", NULL, test_leave);
  add ("no-key", NULL, test_no_key);
  add ("server", "placeos", test_server);
  add ("no-server", "browser", test_server);
  add ("message", "thingsboard", test_message);
  add ("no-message", "placeos", test_message);

  return ui_test_run ();
}

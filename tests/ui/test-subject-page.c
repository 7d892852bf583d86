/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-country.h"
#include "cw-field.h"
#include "cw-subject-page.h"
#include "cw-usage.h"
#include "ui-test.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity;
  CwRequest *request;
  CwPage *page;
  GtkWidget *widget; /* the page */
  GtkWindow *window;
  AdwToast *toast; /* the last one */
} Fixture;

static void
toast_cb (CwPage *page, AdwToast *toast, Fixture *self)
{
  g_set_object (&self->toast, toast);
}

static void
undo (Fixture *self)
{
  g_signal_emit_by_name (self->toast, "button-clicked");
  ui_settle ();
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = ui_store_new ();
  self->profiles = ui_profiles_new ();
  self->identity = ui_draft_new (NULL);
  self->request = cw_identity_get_request (self->identity);
  self->page = g_object_new (CW_TYPE_SUBJECT_PAGE, "store", self->store, "profiles", self->profiles,
                             "identity", self->identity, NULL);
  self->widget = GTK_WIDGET (self->page);
  self->window = ui_show (self->widget);
  g_signal_connect (self->page, "toast", G_CALLBACK (toast_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cw_page_leave (self->page);
  g_clear_object (&self->toast);
  ui_assert_window_freed (self->window, self->widget);
  ui_assert_freed (self->identity);
  g_object_unref (self->profiles);
  ui_assert_freed (self->store);
}

/* "CN=steve,O=Example" in the order of the request. */
static char *
subject_text (Fixture *self)
{
  CwSubject *subject = cw_request_get_subject (self->request);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    g_string_append_printf (text, "%s%s=%s", i > 0 ? "," : "",
                            cw_subject_get_attribute_type (subject, i),
                            cw_subject_get_attribute_value (subject, i));
  return g_string_free (text, FALSE);
}

#define assert_subject(self, expected)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *text_ = subject_text (self);                                                  \
                                                                                                   \
    g_assert_cmpstr (text_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static GtkWidget *
field (Fixture *self, const char *title)
{
  return ui_find (self->widget, CW_TYPE_FIELD, title);
}

static gboolean
has_error (GtkWidget *widget)
{
  return gtk_widget_get_visible (cw_field_get_message_row (CW_FIELD (widget)));
}

static void
add_name (Fixture *self, const char *kind)
{
  g_assert_true (gtk_widget_activate_action (self->widget, "subject.add-name", "s", kind));
  ui_settle ();
}

static void
add_attribute (Fixture *self, const char *type)
{
  g_assert_true (gtk_widget_activate_action (self->widget, "subject.add-attribute", "s", type));
  ui_settle ();
}

static guint
n_names (Fixture *self)
{
  return g_list_model_get_n_items (cw_request_get_alt_names (self->request));
}

static void
test_entries (Fixture *self, gconstpointer data)
{
  cw_page_enter (self->page);
  g_assert_false (cw_page_get_complete (self->page));
  g_assert_true (ui_says (self->widget, "Nothing yet"));

  ui_type (field (self, "Organisational unit"), "Building");
  ui_type (field (self, "Name or e-mail address"), "steve");
  ui_type (field (self, "Organisation"), "R&D <Example>");
  assert_subject (self, "CN=steve,O=R&D <Example>,OU=Building");
  g_assert_true (cw_page_get_complete (self->page));

  /* What is emptied is no longer asked for. */
  ui_type (field (self, "Organisation"), "");
  assert_subject (self, "CN=steve,OU=Building");
  ui_type (field (self, "Name or e-mail address"), "");
  g_assert_false (cw_page_get_complete (self->page));
}

static void
test_limits (Fixture *self, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (65, 'x');
  GtkWidget *name;

  cw_page_enter (self->page);
  name = field (self, "Name or e-mail address");
  ui_type (name, long_text);
  g_assert_true (has_error (name));
  g_assert_true (ui_says (cw_field_get_message_row (CW_FIELD (name)), "65"));
  g_assert_false (cw_page_get_complete (self->page));

  ui_type (name, long_text + 1);
  g_assert_false (has_error (name));
  g_assert_true (cw_page_get_complete (self->page));
}

static void
append (Fixture *self, const char *type, const char *value)
{
  cw_subject_append (cw_request_get_subject (self->request), type, value);
}

/* What an existing request asks for is not brought into another order. */
static void
test_order_kept (Fixture *self, gconstpointer data)
{
  append (self, "C", "de");
  append (self, "OU", "A");
  append (self, "DC", "example");
  append (self, "CN", "steve");
  append (self, "OU", "B");
  append (self, "1.2.3.4", "by OID");
  cw_page_enter (self->page);
  assert_subject (self, "C=de,OU=A,DC=example,CN=steve,OU=B,1.2.3.4=by OID");

  ui_type (field (self, "Name or e-mail address"), "device");
  assert_subject (self, "C=de,OU=A,DC=example,CN=device,OU=B,1.2.3.4=by OID");
  cw_page_leave (self->page);
  cw_page_enter (self->page);
  ui_type (field (self, "Domain component"), "sample");
  assert_subject (self, "C=de,OU=A,DC=sample,CN=device,OU=B,1.2.3.4=by OID");
}

static void
test_more_attributes (Fixture *self, gconstpointer data)
{
  append (self, "CN", "steve");
  append (self, "OU", "A");
  cw_page_enter (self->page);

  add_attribute (self, "OU");
  g_assert_cmpuint (ui_count (self->widget, CW_TYPE_FIELD, "Organisational unit"), ==, 2);
  assert_subject (self, "CN=steve,OU=A"); /* empty ones are not asked for */

  add_attribute (self, "UID");
  ui_type (field (self, "User ID"), "s1");
  assert_subject (self, "CN=steve,OU=A,UID=s1");

  add_attribute (self, "");
  ui_type (field (self, "Other field (OID;value)"), "1.2.3.4;x;y");
  assert_subject (self, "CN=steve,OU=A,UID=s1,1.2.3.4=x;y");
  g_assert_true (cw_page_get_complete (self->page));
}

static void
test_bad_oid_attribute (Fixture *self, gconstpointer data)
{
  append (self, "CN", "steve");
  cw_page_enter (self->page);
  add_attribute (self, "");
  ui_type (field (self, "Other field (OID;value)"), "no OID");
  g_assert_true (has_error (field (self, "Other field (OID;value)")));
  g_assert_false (cw_page_get_complete (self->page));

  ui_click (ui_find (field (self, "Other field (OID;value)"), GTK_TYPE_BUTTON, "Remove"));
  g_assert_null (ui_look_for (self->widget, CW_TYPE_FIELD, "Other field (OID;value)"));
  assert_subject (self, "CN=steve");
  g_assert_true (cw_page_get_complete (self->page));
}

static void
test_move_and_remove (Fixture *self, gconstpointer data)
{
  append (self, "CN", "steve");
  append (self, "O", "Example");
  append (self, "DC", "example");
  append (self, "UID", "s1");
  cw_page_enter (self->page);

  ui_click (ui_find (field (self, "User ID"), GTK_TYPE_BUTTON, "Move Up"));
  assert_subject (self, "CN=steve,O=Example,UID=s1,DC=example");
  ui_click (ui_find (field (self, "User ID"), GTK_TYPE_BUTTON, "Move Up"));
  assert_subject (self, "CN=steve,UID=s1,O=Example,DC=example");
  ui_click (ui_find (field (self, "User ID"), GTK_TYPE_BUTTON, "Move Up"));
  ui_click (ui_find (field (self, "User ID"), GTK_TYPE_BUTTON, "Move Up"));
  assert_subject (self, "UID=s1,CN=steve,O=Example,DC=example");

  ui_click (ui_find (field (self, "User ID"), GTK_TYPE_BUTTON, "Remove"));
  assert_subject (self, "CN=steve,O=Example,DC=example");
  g_assert_cmpstr (adw_toast_get_title (self->toast), ==, "“s1” removed");
  undo (self);
  assert_subject (self, "UID=s1,CN=steve,O=Example,DC=example");
  g_assert_true (cw_page_get_complete (self->page));
  undo (self); /* once is enough */
  assert_subject (self, "UID=s1,CN=steve,O=Example,DC=example");
  ui_click (ui_find (field (self, "User ID"), GTK_TYPE_BUTTON, "Remove"));
  ui_type (field (self, "Name or e-mail address"), "device");
  assert_subject (self, "CN=device,O=Example,DC=example");
}

static void
test_country (Fixture *self, gconstpointer data)
{
  GtkDropDown *drop_down;
  guint position;

  append (self, "CN", "steve");
  append (self, "C", "gb");
  cw_page_enter (self->page);

  drop_down = GTK_DROP_DOWN (ui_find (self->widget, GTK_TYPE_DROP_DOWN, NULL));
  g_assert_cmpstr (cw_country_get_code (gtk_drop_down_get_selected_item (drop_down)), ==, "GB");
  assert_subject (self, "CN=steve,C=gb"); /* as it was, until someone chooses */

  g_assert_true (cw_countries_find (gtk_drop_down_get_model (drop_down), "FR", &position));
  gtk_drop_down_set_selected (drop_down, position);
  assert_subject (self, "CN=steve,C=FR");
  gtk_drop_down_set_selected (drop_down, 0);
  assert_subject (self, "CN=steve");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Country");
}

static void
test_names (Fixture *self, gconstpointer data)
{
  cw_page_enter (self->page);
  g_assert_true (ui_says (self->widget, "None"));

  add_name (self, "dns");
  ui_type (field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_DNS)), "*.example.com");
  g_assert_cmpuint (n_names (self), ==, 1);
  g_assert_true (cw_page_get_complete (self->page));

  add_name (self, "ip");
  ui_type (field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_IP)), "2001:db8::1");
  g_assert_cmpuint (n_names (self), ==, 2);

  ui_click (ui_find (field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_DNS)), GTK_TYPE_BUTTON,
                     "Remove"));
  g_assert_cmpuint (n_names (self), ==, 1);
  g_assert_null (
      ui_look_for (self->widget, CW_TYPE_FIELD, cw_alt_name_kind_get_title (CW_ALT_NAME_DNS)));
  undo (self);
  g_assert_cmpuint (n_names (self), ==, 2);
  field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_DNS));
  ui_click (ui_find (field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_DNS)), GTK_TYPE_BUTTON,
                     "Remove"));
  ui_click (ui_find (field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_IP)), GTK_TYPE_BUTTON,
                     "Remove"));
  g_assert_cmpuint (n_names (self), ==, 0);
  g_assert_false (cw_page_get_complete (self->page));
}

static void
test_invalid_name (Fixture *self, gconstpointer data)
{
  GtkWidget *ip;

  append (self, "CN", "steve");
  cw_page_enter (self->page);
  g_assert_true (cw_page_get_complete (self->page));

  add_name (self, "ip");
  ip = field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_IP));
  g_assert_false (has_error (ip)); /* nothing typed yet is no mistake */
  g_assert_true (cw_page_get_complete (self->page));

  ui_type (ip, "192.168.0.300");
  g_assert_true (has_error (ip));
  g_assert_true (ui_says (cw_field_get_message_row (CW_FIELD (ip)), "192.168.0.300"));
  g_assert_false (cw_page_get_complete (self->page));

  /* A draft keeps what is half typed. */
  cw_page_leave (self->page);
  cw_page_enter (self->page);
  ip = field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_IP));
  g_assert_cmpstr (cw_field_get_text (CW_FIELD (ip)), ==, "192.168.0.300");
  g_assert_true (has_error (ip));
  g_assert_false (cw_page_get_complete (self->page));

  ui_type (ip, "192.168.0.30");
  g_assert_false (has_error (ip));
  g_assert_true (cw_page_get_complete (self->page));
}

static void
test_name_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, "example.com");

  append (self, "CN", "steve");
  cw_request_add_alt_name (self->request, name);
  cw_page_enter (self->page);
  add_name (self, "dns");

  for (GtkWidget *row = field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_DNS)); row;
       row = gtk_widget_get_next_sibling (row))
    if (CW_IS_FIELD (row) && *cw_field_get_text (CW_FIELD (row)) == '\0')
      {
        ui_type (row, "EXAMPLE.com");
        g_assert_true (has_error (row));
        g_assert_cmpuint (n_names (self), ==, 1);
        return;
      }
  g_assert_not_reached ();
}

/* One tap, no second typing. */
static void
test_offer (Fixture *self, gconstpointer data)
{
  GtkWidget *add;
  g_autoptr (CwAltName) name = NULL;

  cw_page_enter (self->page);
  g_assert_false (ui_says (self->widget, "as another name too"));
  ui_type (field (self, "Name or e-mail address"), "Steve");
  g_assert_false (ui_says (self->widget, "as another name too"));

  ui_type (field (self, "Name or e-mail address"), "steve@example.com");
  g_assert_true (ui_says (self->widget, "Use steve@example.com as another name too?"));
  add = ui_find (self->widget, GTK_TYPE_BUTTON, "Add");
  ui_click (add);
  g_assert_cmpuint (n_names (self), ==, 1);
  name = g_list_model_get_item (cw_request_get_alt_names (self->request), 0);
  g_assert_cmpint (cw_alt_name_get_kind (name), ==, CW_ALT_NAME_EMAIL);
  g_assert_cmpstr (cw_alt_name_get_value (name), ==, "steve@example.com");
  g_assert_false (ui_says (self->widget, "as another name too"));

  /* Offered again once it is gone, and still only once after the rows were made anew. */
  ui_click (ui_find (field (self, cw_alt_name_kind_get_title (CW_ALT_NAME_EMAIL)), GTK_TYPE_BUTTON,
                     "Remove"));
  add_attribute (self, "UID");
  g_assert_true (ui_says (self->widget, "Use steve@example.com as another name too?"));
  g_assert_cmpuint (
      ui_count (self->widget, ADW_TYPE_ACTION_ROW, "Use steve@example.com as another name too?"),
      ==, 1);
}

static GtkWidget *
switch_of (Fixture *self, const char *oid)
{
  return ui_find (ui_find (self->widget, ADW_TYPE_ACTION_ROW, cw_usage_get_title (oid)),
                  GTK_TYPE_SWITCH, NULL);
}

static void
test_usages (Fixture *self, gconstpointer data)
{
  GtkWidget *client_auth;

  append (self, "CN", "steve");
  cw_page_enter (self->page);
  client_auth = switch_of (self, CW_USAGE_CLIENT_AUTH);
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (client_auth)));
  g_assert_false (ui_says (self->widget, "Without client authentication"));

  gtk_switch_set_active (GTK_SWITCH (client_auth), FALSE);
  g_assert_false (cw_request_has_usage (self->request, CW_USAGE_CLIENT_AUTH));
  g_assert_true (ui_says (self->widget, "Without client authentication"));

  gtk_switch_set_active (GTK_SWITCH (switch_of (self, CW_USAGE_SERVER_AUTH)), TRUE);
  g_assert_true (cw_request_has_usage (self->request, CW_USAGE_SERVER_AUTH));
}

/* A server is a host with the usage of one, and its name is where clients look for it. */
static void
test_server (Fixture *self, gconstpointer data)
{
  GtkWidget *server_auth;
  g_autoptr (CwAltName) name = NULL;

  cw_identity_set_profile_id (self->identity, "nginx");
  cw_request_set_usage (self->request, CW_USAGE_CLIENT_AUTH, FALSE);
  cw_request_set_usage (self->request, CW_USAGE_SERVER_AUTH, TRUE);
  cw_page_enter (self->page);
  server_auth = switch_of (self, CW_USAGE_SERVER_AUTH);
  g_assert_null (gtk_widget_get_ancestor (server_auth, ADW_TYPE_EXPANDER_ROW));
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (server_auth)));
  g_assert_false (gtk_switch_get_active (GTK_SWITCH (switch_of (self, CW_USAGE_CLIENT_AUTH))));
  gtk_switch_set_active (GTK_SWITCH (server_auth), FALSE);
  g_assert_false (cw_request_has_usage (self->request, CW_USAGE_SERVER_AUTH));

  ui_type (field (self, "Host name"), "steve@example.com");
  cw_page_leave (self->page);
  g_assert_cmpuint (n_names (self), ==, 0);

  cw_page_enter (self->page);
  ui_type (field (self, "Host name"), "www.example.com");
  cw_page_leave (self->page);
  g_assert_cmpuint (n_names (self), ==, 1);
  name = g_list_model_get_item (cw_request_get_alt_names (self->request), 0);
  g_assert_cmpint (cw_alt_name_get_kind (name), ==, CW_ALT_NAME_DNS);
  g_assert_cmpstr (cw_alt_name_get_value (name), ==, "www.example.com");
}

/* What a client is called need not be an address of it. */
static void
test_client_name_is_not_added (Fixture *self, gconstpointer data)
{
  cw_page_enter (self->page);
  ui_type (field (self, "Name or e-mail address"), "www.example.com");
  cw_page_leave (self->page);
  g_assert_cmpuint (n_names (self), ==, 0);
}

static void
test_custom_usage (Fixture *self, gconstpointer data)
{
  GtkWidget *entry;

  append (self, "CN", "steve");
  cw_page_enter (self->page);
  entry = ui_find (self->widget, ADW_TYPE_ENTRY_ROW, "Other usage (OID)");

  ui_type (entry, "1.2.x");
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  g_signal_emit_by_name (entry, "apply");
  g_assert_false (cw_request_has_usage (self->request, "1.2.x"));

  ui_type (entry, "1.3.6.1.4.1.99999.1");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  g_signal_emit_by_name (entry, "apply");
  ui_settle ();
  g_assert_true (cw_request_has_usage (self->request, "1.3.6.1.4.1.99999.1"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (switch_of (self, "1.3.6.1.4.1.99999.1"))));
}

/* Filling the page from the request is no change of the request. */
static void
test_enter_changes_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_DNS, "example.com");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  append (self, "OU", "A");
  append (self, "CN", "steve");
  append (self, "C", "XX");
  cw_request_add_alt_name (self->request, name);
  cw_request_set_usage (self->request, "1.3.6.1.4.1.99999.1", TRUE);
  before = cw_request_to_text (self->request);

  cw_page_enter (self->page);
  cw_page_leave (self->page);
  cw_page_enter (self->page);
  after = cw_request_to_text (self->request);
  g_assert_cmpstr (after, ==, before);
}

#define add(path, function)                                                                        \
  g_test_add ("/subject-page/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("entries", test_entries);
  add ("limits", test_limits);
  add ("order-kept", test_order_kept);
  add ("more-attributes", test_more_attributes);
  add ("bad-oid-attribute", test_bad_oid_attribute);
  add ("move-and-remove", test_move_and_remove);
  add ("country", test_country);
  add ("names", test_names);
  add ("invalid-name", test_invalid_name);
  add ("name-twice", test_name_twice);
  add ("offer", test_offer);
  add ("usages", test_usages);
  add ("server", test_server);
  add ("client-name-is-not-added", test_client_name_is_not_added);
  add ("custom-usage", test_custom_usage);
  add ("enter-changes-nothing", test_enter_changes_nothing);

  return ui_test_run ();
}

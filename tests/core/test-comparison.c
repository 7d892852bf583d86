/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-comparison.h"
#include "cw-usage.h"
#include "pki.h"

static CwRequest *
make_request (void)
{
  CwRequest *asked = cw_request_new ();
  CwSubject *subject = cw_request_get_subject (asked);
  cw_subject_append (subject, "O", "Example");
  cw_subject_append (subject, "CN", "steve@example.com");
  g_autoptr (CwAltName) email = cw_alt_name_new (CW_ALT_NAME_EMAIL, "steve@example.com");
  cw_request_add_alt_name (asked, email);
  cw_request_set_key_kind (asked, CW_KEY_KIND_EC_P256);
  return asked;
}

static void
assert_row (GListModel *rows,
            guint i,
            const char *title,
            const char *asked,
            const char *got,
            CwComparisonState state)
{
  g_autoptr (CwComparisonRow) row = g_list_model_get_item (rows, i);
  g_assert_nonnull (row);
  g_assert_cmpstr (cw_comparison_row_get_title (row), ==, title);
  g_assert_cmpstr (cw_comparison_row_get_asked (row), ==, asked);
  g_assert_cmpstr (cw_comparison_row_get_got (row), ==, got);
  g_assert_cmpint (cw_comparison_row_get_state (row), ==, state);
}

static void
test_same (void)
{
  const char *usage = cw_usage_get_title (CW_USAGE_CLIENT_AUTH);
  g_autoptr (CwRequest) asked = make_request ();
  g_autoptr (CwCertificate) got = pki_make (&(PkiSpec){ .name = "steve@example.com",
                                                        .organisation = "Example",
                                                        .extensions = pki_client_extensions });
  g_autoptr (GListModel) rows = cw_comparison_new (asked, got);

  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 6);
  assert_row (rows, 0, "Organisation", "Example", "Example", CW_COMPARISON_SAME);
  assert_row (rows, 1, "Name", "steve@example.com", "steve@example.com", CW_COMPARISON_SAME);
  assert_row (rows, 2, "E-mail address", "steve@example.com", "steve@example.com",
              CW_COMPARISON_SAME);
  assert_row (rows, 3, "Usage", usage, usage, CW_COMPARISON_SAME);
  assert_row (rows, 4, "Key", "EC P-256", "EC P-256", CW_COMPARISON_SAME);
  g_autoptr (CwComparisonRow) valid = g_list_model_get_item (rows, 5);
  g_assert_cmpstr (cw_comparison_row_get_title (valid), ==, "Valid");
  g_assert_null (cw_comparison_row_get_asked (valid));
  g_assert_nonnull (strstr (cw_comparison_row_get_got (valid), " – "));
}

static void
test_different (void)
{
  static const char *const extensions[] = { "extendedKeyUsage", "serverAuth", "subjectAltName",
                                            "DNS:extra.example.com,email:other@example.com", NULL };
  g_autoptr (CwRequest) asked = make_request ();
  g_autoptr (CwAltName) host = cw_alt_name_new (CW_ALT_NAME_DNS, "device.example.com");
  g_autoptr (CwAltName) address = cw_alt_name_new (CW_ALT_NAME_IP, "192.0.2.1");
  cw_request_add_alt_name (asked, host);
  cw_request_add_alt_name (asked, address);
  cw_subject_append (cw_request_get_subject (asked), "OU", "Unit");
  cw_request_set_key_kind (asked, CW_KEY_KIND_RSA_3072);
  g_autoptr (CwCertificate) got = pki_make (
      &(PkiSpec){ .name = "bad\nname", .organisation = "Example", .extensions = extensions });
  g_autoptr (GListModel) rows = cw_comparison_new (asked, got);

  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 10);
  assert_row (rows, 0, "Organisation", "Example", "Example", CW_COMPARISON_SAME);
  g_autoptr (CwComparisonRow) changed = g_list_model_get_item (rows, 1);
  g_assert_cmpint (cw_comparison_row_get_state (changed), ==, CW_COMPARISON_CHANGED);
  g_assert_null (strchr (cw_comparison_row_get_got (changed), '\n'));
  assert_row (rows, 2, "Organisational unit", "Unit", NULL, CW_COMPARISON_MISSING);
  assert_row (rows, 3, "E-mail address", "steve@example.com", "other@example.com",
              CW_COMPARISON_CHANGED);
  assert_row (rows, 4, "Host name", "device.example.com", "extra.example.com",
              CW_COMPARISON_CHANGED);
  assert_row (rows, 5, "IP address", "192.0.2.1", NULL, CW_COMPARISON_MISSING);
  assert_row (rows, 6, "Usage", cw_usage_get_title (CW_USAGE_CLIENT_AUTH), NULL,
              CW_COMPARISON_MISSING);
  assert_row (rows, 7, "Usage", NULL, cw_usage_get_title (CW_USAGE_SERVER_AUTH),
              CW_COMPARISON_ADDED);
  assert_row (rows, 8, "Key", "RSA 3072", "EC P-256", CW_COMPARISON_CHANGED);
}

/* An equal name is never taken for the substitute of another. */
static void
test_substitutes (void)
{
  static const char *const extensions[] = { "subjectAltName", "DNS:b.example.com,DNS:c.example.com",
                                            NULL };
  g_autoptr (CwRequest) asked = cw_request_new ();
  g_autoptr (CwAltName) a = cw_alt_name_new (CW_ALT_NAME_DNS, "a.example.com");
  g_autoptr (CwAltName) b = cw_alt_name_new (CW_ALT_NAME_DNS, "b.example.com");
  cw_request_add_alt_name (asked, a);
  cw_request_add_alt_name (asked, b);
  cw_subject_append (cw_request_get_subject (asked), "CN", "device");
  cw_subject_append (cw_request_get_subject (asked), "CN", "device");
  g_autoptr (CwCertificate) got =
      pki_make (&(PkiSpec){ .name = "device", .extensions = extensions });
  g_autoptr (GListModel) rows = cw_comparison_new (asked, got);

  assert_row (rows, 0, "Name", "device", "device", CW_COMPARISON_SAME);
  assert_row (rows, 1, "Name", "device", NULL, CW_COMPARISON_MISSING); /* asked for twice */
  assert_row (rows, 2, "Host name", "a.example.com", "c.example.com", CW_COMPARISON_CHANGED);
  assert_row (rows, 3, "Host name", "b.example.com", "b.example.com", CW_COMPARISON_SAME);
  /* Without the extension every usage is permitted. */
  assert_row (rows, 4, "Usage", cw_usage_get_title (CW_USAGE_CLIENT_AUTH), "Every usage",
              CW_COMPARISON_SAME);
}

static void
test_freed (void)
{
  g_autoptr (CwRequest) asked = cw_request_new ();
  g_autoptr (CwCertificate) got = pki_make (&(PkiSpec){ .name = "device" });
  g_autoptr (GListModel) rows = cw_comparison_new (asked, got);
  assert_row (rows, 0, "Name", NULL, "device", CW_COMPARISON_ADDED);
  g_autoptr (CwComparisonRow) row = g_list_model_get_item (rows, 0);
  g_assert_finalize_object (g_steal_pointer (&rows));
  g_assert_finalize_object (g_steal_pointer (&row));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/comparison/same", test_same);
  g_test_add_func ("/comparison/different", test_different);
  g_test_add_func ("/comparison/substitutes", test_substitutes);
  g_test_add_func ("/comparison/freed", test_freed);
  return g_test_run ();
}

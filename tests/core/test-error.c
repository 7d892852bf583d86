/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <openssl/err.h>

#include "cw-error.h"

static void
test_error_details (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  ERR_raise_data (ERR_LIB_ASN1, ERR_R_MALLOC_FAILURE, "first");
  ERR_raise (ERR_LIB_PEM, ERR_R_PASSED_NULL_PARAMETER);
  cw_error_set_openssl (&error, CW_ERROR_UNREADABLE, "“%s” cannot be read.", "client.pem");

  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  g_assert_cmpstr (error->message, ==, "“client.pem” cannot be read.");
  g_assert_cmpuint (ERR_peek_error (), ==, 0);

  lines = g_strsplit (cw_error_get_details (error), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_nonnull (strstr (lines[0], "asn1"));
  g_assert_true (g_str_has_suffix (lines[0], ": first"));
  g_assert_nonnull (strstr (lines[1], "PEM"));
}

static void
test_error_details_are_utf8 (void)
{
  g_autoptr (GError) error = NULL;

  ERR_raise_data (ERR_LIB_ASN1, ERR_R_MALLOC_FAILURE, "bad \xff byte");
  cw_error_set_openssl (&error, CW_ERROR_FAILED, "It failed.");

  g_assert_true (g_utf8_validate (cw_error_get_details (error), -1, NULL));
}

static void
test_error_empty_queue (void)
{
  g_autoptr (GError) error = NULL;

  ERR_clear_error ();
  cw_error_set_openssl (&error, CW_ERROR_EMPTY, "There is nothing in it.");

  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_null (cw_error_get_details (error));
}

static void
test_error_null (void)
{
  ERR_raise (ERR_LIB_PEM, ERR_R_PASSED_NULL_PARAMETER);
  cw_error_set_openssl (NULL, CW_ERROR_FAILED, "It failed.");

  g_assert_cmpuint (ERR_peek_error (), ==, 0);
}

static void
test_error_copy (void)
{
  g_autoptr (GError) copy = NULL;
  GError *error = NULL;

  ERR_raise (ERR_LIB_PEM, ERR_R_PASSED_NULL_PARAMETER);
  cw_error_set_openssl (&error, CW_ERROR_FAILED, "It failed.");
  copy = g_error_copy (error);
  g_assert_cmpstr (cw_error_get_details (copy), ==, cw_error_get_details (error));
  g_assert_true (cw_error_get_details (copy) != cw_error_get_details (error));
  g_error_free (error);

  g_assert_nonnull (strstr (cw_error_get_details (copy), "PEM"));
}

static void
test_error_plain (void)
{
  g_autoptr (GError) error = g_error_new_literal (CW_ERROR, CW_ERROR_INVALID, "It is invalid.");

  g_assert_null (cw_error_get_details (error));
}

static void
test_error_other_domain (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "It failed.");

  g_assert_null (cw_error_get_details (error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/error/details", test_error_details);
  g_test_add_func ("/error/details-are-utf8", test_error_details_are_utf8);
  g_test_add_func ("/error/empty-queue", test_error_empty_queue);
  g_test_add_func ("/error/null", test_error_null);
  g_test_add_func ("/error/copy", test_error_copy);
  g_test_add_func ("/error/plain", test_error_plain);
  g_test_add_func ("/error/other-domain", test_error_other_domain);

  return g_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <signal.h>
#include <stdlib.h>

#include "fuzz.h"

static void
trap_cb (int signal_number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  /* A wrong argument within core is a finding too. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  /* GLib ends with a signal then that libFuzzer does not know, and would leave no input behind. */
  signal (SIGTRAP, trap_cb);
  return 0;
}

void
fuzz_check_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_cmpstr (text, !=, "");
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

void
fuzz_check_result (gboolean succeeded, const GError *error)
{
  g_assert_true (succeeded == (error == NULL));
  if (error != NULL)
    fuzz_check_text (error->message);
}

void
fuzz_check_subject (CwSubject *subject)
{
  g_autofree char *text = cw_subject_to_string (subject);
  g_autofree char *title = cw_subject_get_title (subject);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_utf8_validate (title, -1, NULL));
  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    {
      g_assert_nonnull (cw_subject_get_attribute_type (subject, i));
      g_assert_nonnull (cw_subject_get_attribute_value (subject, i));
    }
  g_assert_true (cw_subject_equal (subject, subject));
}

void
fuzz_check_alt_names (GListModel *names)
{
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);
      g_autoptr (GError) error = NULL;
      g_autofree char *ascii = cw_alt_name_to_ascii (name, &error);

      fuzz_check_result (ascii != NULL, error);
      g_assert_true (g_utf8_validate (cw_alt_name_get_value (name), -1, NULL));
      g_assert_true (cw_alt_name_equal (name, name));
    }
}

void
fuzz_check_certificate (CwCertificate *certificate)
{
  gboolean has_key_usage;
  g_autofree char *pem = cw_certificate_to_pem (certificate);
  g_autoptr (CwCertificate) again = cw_certificate_new_from_pem (pem, NULL);

  g_assert_nonnull (again);
  g_assert_true (cw_certificate_equal (certificate, again));
  fuzz_check_text (cw_certificate_get_title (certificate));
  fuzz_check_text (cw_certificate_get_serial (certificate));
  fuzz_check_text (cw_certificate_get_key_title (certificate));
  g_assert_cmpuint (strlen (cw_certificate_get_key_fingerprint (certificate)), ==, 64);
  g_assert_cmpuint (strlen (cw_certificate_get_fingerprint (certificate)), ==, 32 * 3 - 1);
  g_assert_nonnull (cw_certificate_get_not_before (certificate));
  g_assert_nonnull (cw_certificate_get_not_after (certificate));
  fuzz_check_subject (cw_certificate_get_subject (certificate));
  fuzz_check_subject (cw_certificate_get_issuer (certificate));
  fuzz_check_alt_names (cw_certificate_get_alt_names (certificate));
  if (cw_certificate_get_usages (certificate) == NULL)
    g_assert_true (cw_certificate_has_usage (certificate, "1.2.3"));
  cw_certificate_get_key_usage (certificate, &has_key_usage);
  cw_certificate_is_ca (certificate);
  if (cw_certificate_is_self_signed (certificate))
    g_assert_true (cw_certificate_is_issued_by (certificate, certificate));
}

void
fuzz_check_crl (CwCrl *crl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCrl) again = cw_crl_new_from_der (cw_crl_get_der (crl), &error);

  g_assert_no_error (error);
  g_assert_true (cw_crl_has_number (crl) == cw_crl_has_number (again));
  g_assert_nonnull (cw_crl_get_this_update (crl));
  cw_crl_get_next_update (crl);
  fuzz_check_subject (cw_crl_get_issuer (crl));
}

void
fuzz_check_key (CwKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) pem = cw_key_to_pem (key, &error);

  g_assert_no_error (error);
  g_autoptr (CwKey) again = cw_key_new_from_pem (pem, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cw_key_get_fingerprint (key), ==, cw_key_get_fingerprint (again));
  fuzz_check_text (cw_key_get_title (key));
}

/* What it writes for the store is read there, and is the same. */
void
fuzz_check_request (CwRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = cw_request_to_text (request);
  g_autoptr (CwRequest) again = cw_request_new_from_text (text, &error);

  g_assert_no_error (error);
  g_autofree char *text_again = cw_request_to_text (again);
  g_assert_cmpstr (text, ==, text_again);
  fuzz_check_subject (cw_request_get_subject (request));
  fuzz_check_alt_names (cw_request_get_alt_names (request));
  gboolean valid = cw_request_check (request, &error);
  fuzz_check_result (valid, error);
}

GDateTime *
fuzz_now (void)
{
  return g_date_time_new_utc (2026, 6, 1, 12, 0, 0);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Subjects, alternative names and requests, as they are typed, stored and read
 * from DER.
 */

#include "config.h"

#include "cw-openssl.h"
#include "cw-usage.h"
#include "fuzz.h"

static CwKey *key;

/* A name that is accepted is encoded, and is the same when it is read again. */
static void
try_alt_name (CwAltNameKind kind, const char *text)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (kind, text);
  g_autoptr (GError) error = NULL;
  GENERAL_NAME *general = cw_alt_name_to_general_name (name, &error);

  fuzz_check_result (general != NULL, error);
  g_assert_true (cw_alt_name_check (name, NULL) == (general != NULL));
  if (general == NULL)
    return;
  g_autoptr (CwAltName) again = cw_alt_name_new_for_general_name (general);
  GENERAL_NAME_free (general);
  g_assert_true (cw_alt_name_equal (name, again));
}

static void
try_attribute (const char *type, const char *text)
{
  g_autoptr (CwSubject) subject = cw_subject_new ();
  g_autoptr (GError) error = NULL;
  gboolean valid = cw_attribute_check (type, text, &error);

  fuzz_check_result (valid, error);
  if (!valid)
    return;
  cw_subject_append (subject, type, text);
  g_autoptr (X509_NAME) name = cw_subject_to_name (subject, &error);
  g_assert_no_error (error);
  g_autoptr (CwSubject) again = cw_subject_new_for_name (name);
  g_assert_cmpuint (cw_subject_get_n_attributes (again), ==, 1);
  g_assert_true (cw_attribute_equal (cw_subject_get_attribute_type (subject, 0), text,
                                     cw_subject_get_attribute_type (again, 0),
                                     cw_subject_get_attribute_value (again, 0)));
}

/* What can be asked for becomes a request that asks for that. */
static void
check_csr (CwRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) csr = cw_request_create_csr (request, key, &error);

  g_assert_no_error (error);
  g_autoptr (CwRequest) again = cw_request_new_from_csr (csr, &error);
  g_assert_no_error (error);
  fuzz_check_request (again);
  g_autofree char *fingerprint = cw_csr_get_key_fingerprint (csr, NULL);
  g_assert_cmpstr (fingerprint, ==, cw_key_get_fingerprint (key));
  g_assert_cmpuint (g_list_model_get_n_items (cw_request_get_alt_names (request)), ==,
                    g_list_model_get_n_items (cw_request_get_alt_names (again)));
  g_assert_cmpuint (cw_subject_get_n_attributes (cw_request_get_subject (request)), ==,
                    cw_subject_get_n_attributes (cw_request_get_subject (again)));
}

static void
try_typed (const char *text)
{
  guint n_types;
  const CwAttributeType *types = cw_attribute_types (&n_types);
  g_autoptr (CwAltName) guessed = cw_alt_name_guess (text);
  g_autoptr (GError) error = NULL;

  for (CwAltNameKind kind = CW_ALT_NAME_EMAIL; kind <= CW_ALT_NAME_UNKNOWN; kind++)
    try_alt_name (kind, text);
  for (guint i = 0; i < n_types; i++)
    try_attribute (types[i].id, text);
  /* As a type of its own, if it is an object identifier. */
  gboolean valid = cw_oid_check (text, &error);
  fuzz_check_result (valid, error);
  if (*text != '\0')
    try_attribute (text, "value");
  if (guessed != NULL)
    g_assert_true (cw_alt_name_check (guessed, NULL));
}

static void
try_stored (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRequest) request = cw_request_new_from_text (text, &error);

  fuzz_check_result (request != NULL, error);
  if (request == NULL)
    return;
  fuzz_check_request (request);
  if (cw_request_check (request, NULL))
    check_csr (request);
}

static void
try_general_names (const guint8 *data, gsize size)
{
  g_autoptr (GENERAL_NAMES) names = d2i_GENERAL_NAMES (NULL, &data, (long) size);
  g_autoptr (GListStore) all = g_list_store_new (CW_TYPE_ALT_NAME);

  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      g_autoptr (CwAltName) name =
          cw_alt_name_new_for_general_name (sk_GENERAL_NAME_value (names, i));
      g_list_store_append (all, name);
    }
  fuzz_check_alt_names (G_LIST_MODEL (all));
  ERR_clear_error ();
}

static void
try_name (const guint8 *data, gsize size)
{
  g_autoptr (X509_NAME) name = d2i_X509_NAME (NULL, &data, (long) size);

  if (name != NULL)
    {
      g_autoptr (CwSubject) subject = cw_subject_new_for_name (name);
      fuzz_check_subject (subject);
    }
  ERR_clear_error ();
}

static void
try_csr (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) csr = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRequest) request = cw_request_new_from_csr (csr, &error);

  fuzz_check_result (request != NULL, error);
  if (request == NULL)
    return;
  g_autofree char *fingerprint = cw_csr_get_key_fingerprint (csr, NULL);
  g_assert_cmpuint (strlen (fingerprint), ==, 64);
  fuzz_check_request (request);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (key == NULL)
    key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  try_typed (text);
  try_stored (text);
  try_general_names (data, size);
  try_name (data, size);
  try_csr (data, size);

  return 0;
}

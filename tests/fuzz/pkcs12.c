/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PKCS#12 and PKCS#7, as they come out of their armour.
 */

#include "config.h"

#include "cw-bundle.h"
#include "cw-error.h"
#include "fuzz.h"

static void
check_bundle (CwBundle *bundle)
{
  g_assert_cmpuint (bundle->certificates->len + bundle->keys->len + bundle->crls->len, >, 0);
  for (guint i = 0; i < bundle->certificates->len; i++)
    {
      g_autoptr (CwCertificate) certificate =
          cw_certificate_new_from_der (g_ptr_array_index (bundle->certificates, i), NULL);
      if (certificate != NULL)
        fuzz_check_certificate (certificate);
    }
  for (guint i = 0; i < bundle->keys->len; i++)
    fuzz_check_key (g_ptr_array_index (bundle->keys, i));
  for (guint i = 0; i < bundle->crls->len; i++)
    {
      g_autoptr (CwCrl) crl = cw_crl_new_from_der (g_ptr_array_index (bundle->crls, i), NULL);
      if (crl != NULL)
        fuzz_check_crl (crl);
    }
}

static void
try_pkcs12 (GBytes *der, const char *text)
{
  g_autoptr (CwSecret) passphrase = text != NULL ? cw_secret_new (text, -1) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs12 (der, passphrase, &error);

  fuzz_check_result (bundle != NULL, error);
  if (bundle != NULL)
    check_bundle (bundle);
  else if (passphrase != NULL)
    /* Having given one, nobody is asked for one. */
    g_assert_false (g_error_matches (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) der = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwBundle) pkcs7 = cw_bundle_new_from_pkcs7 (der, &error);

  fuzz_check_result (pkcs7 != NULL, error);
  if (pkcs7 != NULL)
    check_bundle (pkcs7);
  try_pkcs12 (der, NULL);
  try_pkcs12 (der, "");
  try_pkcs12 (der, FUZZ_PASSPHRASE);

  return 0;
}

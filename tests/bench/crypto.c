/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CPU time of the core against the same calls to libcrypto, in turns:
 *
 *   crypto keys|requests ROUNDS PER-ROUND
 *
 * Prints "OURS BARE" for each round, in milliseconds of CPU.
 */

#include "config.h"

#include <stdio.h>
#include <sys/resource.h>

#include "cw-openssl.h"
#include "cw-request.h"
#include "cw-secret.h"
#include "cw-usage.h"

#define COMMON_NAME "steve@example.com"

typedef void (*Work) (int times);

static CwKey *rsa_key;

static double
cpu_milliseconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000.0 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000.0;
}

static void
our_keys (int times)
{
  for (int i = 0; i < times; i++)
    {
      g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
      g_assert (key != NULL);
    }
}

static void
bare_keys (int times)
{
  for (int i = 0; i < times; i++)
    {
      g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
      g_assert (key != NULL);
    }
}

static void
our_requests (int times)
{
  for (int i = 0; i < times; i++)
    {
      g_autoptr (CwRequest) request = cw_request_new ();
      g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_EMAIL, COMMON_NAME);
      g_autoptr (GBytes) csr = NULL;

      cw_subject_append (cw_request_get_subject (request), "CN", COMMON_NAME);
      cw_request_add_alt_name (request, name);
      csr = cw_request_create_csr (request, rsa_key, NULL);
      g_assert (csr != NULL);
    }
}

static void
add_extension (STACK_OF (X509_EXTENSION) * extensions, int nid, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, nid, value);

  g_assert (extension != NULL);
  sk_X509_EXTENSION_push (extensions, extension);
}

static void
bare_request (EVP_PKEY *key)
{
  STACK_OF (X509_EXTENSION) *extensions = sk_X509_EXTENSION_new_null ();
  g_autoptr (X509_REQ) request = X509_REQ_new ();
  unsigned char *der = NULL;

  X509_NAME_add_entry_by_txt (X509_REQ_get_subject_name (request), "CN", MBSTRING_UTF8,
                              (const unsigned char *) COMMON_NAME, -1, -1, 0);
  add_extension (extensions, NID_key_usage, "critical,digitalSignature");
  add_extension (extensions, NID_ext_key_usage, "clientAuth");
  add_extension (extensions, NID_subject_alt_name, "email:" COMMON_NAME);
  X509_REQ_add_extensions (request, extensions);
  sk_X509_EXTENSION_pop_free (extensions, X509_EXTENSION_free);
  X509_REQ_set_pubkey (request, key);
  g_assert (X509_REQ_sign (request, key, EVP_sha256 ()) > 0);
  g_assert (i2d_X509_REQ (request, &der) > 0);
  g_assert (X509_REQ_verify (request, key) == 1);
  OPENSSL_free (der);
}

static void
bare_requests (int times)
{
  for (int i = 0; i < times; i++)
    bare_request (cw_key_peek_pkey (rsa_key));
}

static double
measure (Work work, int times)
{
  double start = cpu_milliseconds ();

  work (times);
  return cpu_milliseconds () - start;
}

int
main (int argc, char **argv)
{
  gboolean keys;
  int rounds, times;

  if (argc != 4)
    return 2;
  keys = g_str_equal (argv[1], "keys");
  rounds = atoi (argv[2]);
  times = atoi (argv[3]);
  cw_secret_heap_init ();
  rsa_key = cw_key_generate (CW_KEY_KIND_RSA_3072, NULL, NULL);
  measure (keys ? our_keys : our_requests, times);
  measure (keys ? bare_keys : bare_requests, times);
  for (int i = 0; i < rounds; i++)
    {
      /* Who begins changes, so that neither always comes after the other. */
      Work first = keys ? our_keys : our_requests;
      Work second = keys ? bare_keys : bare_requests;
      double a = measure (i % 2 ? second : first, times);
      double b = measure (i % 2 ? first : second, times);
      printf ("%.3f %.3f\n", i % 2 ? b : a, i % 2 ? a : b);
    }
  cw_key_unref (rsa_key);
  return 0;
}

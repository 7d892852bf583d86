/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/rsa.h>

#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-request.h"
#include "cw-usage.h"

#define EMAIL_PROTECTION "1.3.6.1.5.5.7.3.4"

static const struct
{
  CwKeyKind kind;
  const char *signature; /* as "openssl req -text" writes it */
} kinds[] = {
  { CW_KEY_KIND_RSA_2048, "sha256WithRSAEncryption" },
  { CW_KEY_KIND_RSA_3072, "sha256WithRSAEncryption" },
  { CW_KEY_KIND_RSA_4096, "sha256WithRSAEncryption" },
  { CW_KEY_KIND_EC_P256, "ecdsa-with-SHA256" },
  { CW_KEY_KIND_EC_P384, "ecdsa-with-SHA384" },
  { CW_KEY_KIND_EC_P521, "ecdsa-with-SHA512" },
  { CW_KEY_KIND_ED25519, "ED25519" },
};

static void
add_alt_name (CwRequest *request, CwAltNameKind kind, const char *value)
{
  g_autoptr (CwAltName) name = cw_alt_name_new (kind, value);

  g_assert_true (cw_request_add_alt_name (request, name));
}

static CwAltName *
get_alt_name (CwRequest *request, guint i)
{
  g_autoptr (CwAltName) name = g_list_model_get_item (cw_request_get_alt_names (request), i);

  /* The list keeps it. */
  return name;
}

static guint
n_alt_names (CwRequest *request)
{
  return g_list_model_get_n_items (cw_request_get_alt_names (request));
}

static CwRequest *
make_full_request (void)
{
  CwRequest *request = cw_request_new ();
  CwSubject *subject = cw_request_get_subject (request);

  cw_subject_append (subject, "CN", "steve@example.com");
  cw_subject_append (subject, "O", "Exämple");
  cw_subject_append (subject, "OU", "First");
  cw_subject_append (subject, "OU", "Second");
  cw_subject_append (subject, "C", "GB");
  add_alt_name (request, CW_ALT_NAME_EMAIL, "steve@example.com");
  add_alt_name (request, CW_ALT_NAME_DNS, "*.münchen.example");
  add_alt_name (request, CW_ALT_NAME_IP, "192.0.2.10");
  add_alt_name (request, CW_ALT_NAME_IP, "2001:db8::10");
  add_alt_name (request, CW_ALT_NAME_URI, "spiffe://example.org/steve");
  add_alt_name (request, CW_ALT_NAME_UPN, "steve@corp.example");
  add_alt_name (request, CW_ALT_NAME_OTHER, "1.2.3.4;ünique");
  cw_request_set_usage (request, CW_USAGE_SERVER_AUTH, TRUE);
  cw_request_set_usage (request, "1.2.3.4.5", TRUE);

  return request;
}

static CwRequest *
make_small_request (void)
{
  CwRequest *request = cw_request_new ();

  cw_subject_append (cw_request_get_subject (request), "CN", "steve");

  return request;
}

static void
assert_requests_equal (CwRequest *a, CwRequest *b)
{
  g_assert_true (cw_subject_equal (cw_request_get_subject (a), cw_request_get_subject (b)));
  g_assert_true (g_strv_equal (cw_request_get_usages (a), cw_request_get_usages (b)));
  g_assert_cmpint (cw_request_get_key_kind (a), ==, cw_request_get_key_kind (b));
  g_assert_cmpuint (n_alt_names (a), ==, n_alt_names (b));
  for (guint i = 0; i < n_alt_names (a); i++)
    g_assert_true (cw_alt_name_equal (get_alt_name (a, i), get_alt_name (b, i)));
}

static GBytes *
create_csr (CwRequest *request, CwKey *key)
{
  g_autoptr (GError) error = NULL;
  GBytes *csr = cw_request_create_csr (request, key, &error);

  g_assert_no_error (error);
  g_assert_nonnull (csr);
  g_assert_cmpuint (ERR_peek_error (), ==, 0);

  return csr;
}

static void
assert_invalid (CwRequest *request, const char *words)
{
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) csr_error = NULL;

  g_assert_false (cw_request_check (request, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (cw_request_create_csr (request, key, &csr_error));
  g_assert_error (csr_error, CW_ERROR, CW_ERROR_INVALID);
}

static void
test_request_new (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();

  g_assert_cmpuint (cw_subject_get_n_attributes (cw_request_get_subject (request)), ==, 0);
  g_assert_cmpuint (n_alt_names (request), ==, 0);
  g_assert_cmpuint (g_strv_length ((char **) cw_request_get_usages (request)), ==, 1);
  g_assert_true (cw_request_has_usage (request, CW_USAGE_CLIENT_AUTH));
  g_assert_false (cw_request_has_usage (request, CW_USAGE_SERVER_AUTH));
  g_assert_cmpint (cw_request_get_key_kind (request), ==, CW_KEY_KIND_DEFAULT);
}

static void
count_cb (CwRequest *request, guint *n)
{
  (*n)++;
}

#define assert_changes(n, code)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    n_changes = 0;                                                                                 \
    code;                                                                                          \
    g_assert_cmpuint (n_changes, ==, n);                                                           \
  }                                                                                                \
  G_STMT_END

static void
test_request_changed (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwAltName) a = cw_alt_name_new (CW_ALT_NAME_DNS, "a.example");
  g_autoptr (CwAltName) again = cw_alt_name_new (CW_ALT_NAME_DNS, "A.example");
  CwSubject *subject = cw_request_get_subject (request);
  guint n_changes;

  g_signal_connect (request, "changed", G_CALLBACK (count_cb), &n_changes);
  assert_changes (1, cw_subject_append (subject, "CN", "steve"));
  assert_changes (1, cw_subject_clear (subject));
  assert_changes (1, g_assert_true (cw_request_add_alt_name (request, a)));
  assert_changes (0, g_assert_false (cw_request_add_alt_name (request, again)));
  assert_changes (1, cw_request_remove_alt_name (request, 0));
  g_assert_cmpuint (n_alt_names (request), ==, 0);
  assert_changes (1, cw_request_set_usage (request, "1.2.3", TRUE));
  assert_changes (0, cw_request_set_usage (request, "1.2.3", TRUE));
  assert_changes (1, cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE));
  assert_changes (0, cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE));
  g_assert_cmpstr (cw_request_get_usages (request)[0], ==, "1.2.3");
  g_assert_null (cw_request_get_usages (request)[1]);
  assert_changes (1, cw_request_set_key_kind (request, CW_KEY_KIND_EC_P256));
  assert_changes (0, cw_request_set_key_kind (request, CW_KEY_KIND_EC_P256));
}

static CwRequest *
through_text (CwRequest *request)
{
  g_autofree char *text = cw_request_to_text (request);
  g_autofree char *text_again = NULL;
  g_autoptr (GError) error = NULL;
  CwRequest *again = cw_request_new_from_text (text, &error);

  g_assert_no_error (error);
  text_again = cw_request_to_text (again);
  g_assert_cmpstr (text_again, ==, text);

  return again;
}

static void
test_request_text (void)
{
  g_autoptr (CwRequest) request = make_full_request ();
  g_autoptr (CwRequest) again = NULL;
  g_autoptr (CwRequest) empty = cw_request_new ();
  g_autoptr (CwRequest) empty_again = NULL;

  cw_request_set_key_kind (request, CW_KEY_KIND_EC_P384);
  again = through_text (request);
  assert_requests_equal (request, again);

  cw_request_set_usage (empty, CW_USAGE_CLIENT_AUTH, FALSE);
  cw_request_set_key_kind (empty, CW_KEY_KIND_OTHER);
  empty_again = through_text (empty);
  assert_requests_equal (empty, empty_again);
  g_assert_null (cw_request_get_usages (empty_again)[0]);
}

/* A draft holds what a person has typed so far, whatever it is. */
static void
test_request_text_drafts (void)
{
  static const char *const values[] = { "",       " ",    "  a  ",    "a\nb", "a\r\nb", "\t",
                                        "a\\nb",  "\\",   ";",        "a;b",  "[x]=y",  "#comment",
                                        "ünï 李", "\x01", "\"quoted", "a=b",  "a\\;",   "\\s" };
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwRequest) again = NULL;
  CwSubject *subject = cw_request_get_subject (request);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      cw_subject_append (subject, "OU", values[i]);
      cw_subject_append (subject, values[i], "x");
      add_alt_name (request, i % (CW_ALT_NAME_UNKNOWN + 1), values[i]);
      cw_request_set_usage (request, values[i], TRUE);
    }

  again = through_text (request);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      CwSubject *read = cw_request_get_subject (again);
      CwAltName *name = get_alt_name (again, i);

      g_assert_cmpstr (cw_subject_get_attribute_value (read, 2 * i), ==, values[i]);
      g_assert_cmpstr (cw_subject_get_attribute_type (read, 2 * i + 1), ==, values[i]);
      g_assert_cmpstr (cw_alt_name_get_value (name), ==, values[i]);
      g_assert_cmpint (cw_alt_name_get_kind (name), ==, i % (CW_ALT_NAME_UNKNOWN + 1));
    }
  assert_requests_equal (request, again);
}

static void
test_request_text_not_utf8 (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwRequest) again = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", "a\xff");
  again = through_text (request);
  g_assert_true (g_utf8_validate (cw_subject_get (cw_request_get_subject (again), "CN"), -1, NULL));
}

static void
test_request_text_unreadable (void)
{
  static const char *const texts[] = {
    "",
    "hello",
    "\xff\xfe",
    "[Request]\n",
    "[Request]\nversion=1\n",
    "[Request]\nversion=0\nkey-kind=rsa-3072\nusages=\n",
    "[Request]\nversion=2\nkey-kind=rsa-3072\nusages=\n",
    "[Request]\nversion=x\nkey-kind=rsa-3072\nusages=\n",
    "[Request]\nversion=1\nkey-kind=rsa-1\nusages=\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\nusages=\n[Attribute 1]\ntype=CN\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\nusages=\n[Attribute 1]\nvalue=x\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\nusages=\n[Attribute 1]\ntype=CN\nvalue=\\q\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\nusages=\n[Attribute 1]\ntype=\\q\nvalue=\\q\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\\q\nusages=\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\nusages=\n[Alternative Name 1]\nkind=x\nvalue=y\n",
    "[Request]\nversion=1\nkey-kind=rsa-3072\nusages=\n[Alternative Name 1]\nkind=dns\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (cw_request_new_from_text (texts[i], &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (cw_request_new_from_text (texts[i], NULL));
    }
}

/* What version 0.1.0 wrote; every later one must read it. */
static void
test_request_text_version_1 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRequest) request = cw_request_new_from_text (
      "[Request]\nversion=1\nkey-kind=ec-p256\nusages=1.3.6.1.5.5.7.3.2;1.2.3;\n\n"
      "[Attribute 1]\ntype=CN\nvalue=steve\n\n[Attribute 2]\ntype=O\nvalue=\n\n"
      "[Alternative Name 1]\nkind=email\nvalue=steve@example.com\n",
      &error);
  g_autoptr (CwRequest) expected = cw_request_new ();

  g_assert_no_error (error);
  cw_request_set_key_kind (expected, CW_KEY_KIND_EC_P256);
  cw_request_set_usage (expected, "1.2.3", TRUE);
  cw_subject_append (cw_request_get_subject (expected), "CN", "steve");
  cw_subject_append (cw_request_get_subject (expected), "O", "");
  add_alt_name (expected, CW_ALT_NAME_EMAIL, "steve@example.com");
  assert_requests_equal (request, expected);
}

static void
test_request_check (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  CwSubject *subject = cw_request_get_subject (request);

  assert_invalid (request, "no name yet");
  cw_subject_append (subject, "O", "Example");
  assert_invalid (request, "no name yet");
  cw_subject_append (subject, "CN", "");
  assert_invalid (request, "“Name” is empty");
  cw_subject_clear (subject);
  cw_subject_append (subject, "CN", "steve");
  g_assert_true (cw_request_check (request, NULL));

  add_alt_name (request, CW_ALT_NAME_DNS, "my_host");
  assert_invalid (request, "my_host");
  cw_request_remove_alt_name (request, 0);
  add_alt_name (request, CW_ALT_NAME_UNKNOWN, "something");
  assert_invalid (request, "something");
  cw_request_remove_alt_name (request, 0);
  cw_request_set_usage (request, "1.2.x", TRUE);
  assert_invalid (request, "1.2.x");
  cw_request_set_usage (request, "1.2.x", FALSE);
  g_assert_true (cw_request_check (request, NULL));

  cw_subject_clear (subject);
  add_alt_name (request, CW_ALT_NAME_DNS, "host.example");
  g_assert_true (cw_request_check (request, NULL));
}

static char *
run (const char *const *argv, const char *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (argv,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                             G_SUBPROCESS_FLAGS_STDERR_MERGE,
                         &error);
  char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", argv[0], output);

  return output;
}

static gboolean
have_command (const char *name)
{
  g_autofree char *path = g_find_program_in_path (name);

  return path != NULL;
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in: %s", part, text);
}

static void
assert_lacks (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    g_error ("“%s” is in: %s", part, text);
}

static char *
run_openssl (GBytes *csr)
{
  static const char *const argv[] = { "openssl", "req",      "-verify", "-noout",
                                      "-text",   "-nameopt", "utf8",    NULL };
  g_autofree char *pem = cw_csr_to_pem (csr);

  return run (argv, pem);
}

static void
verify_by_commands (GBytes *csr, const char *signature)
{
  static const char *const certtool[] = { "certtool", "--crq-info", NULL };
  g_autofree char *pem = cw_csr_to_pem (csr);

  if (have_command ("openssl"))
    {
      g_autofree char *text = run_openssl (csr);
      const char *const parts[] = { "verify OK",
                                    "CN=steve@example.com",
                                    "OU=First, OU=Second",
                                    "email:steve@example.com",
                                    "DNS:*.xn--mnchen-3ya.example",
                                    "IP Address:192.0.2.10",
                                    "IP Address:2001:DB8:0:0:0:0:0:10",
                                    "URI:spiffe://example.org/steve",
                                    "X509v3 Key Usage: critical",
                                    "Digital Signature",
                                    "X509v3 Extended Key Usage: \n",
                                    "TLS Web Client Authentication",
                                    "TLS Web Server Authentication",
                                    "1.2.3.4.5",
                                    "X509v3 Subject Alternative Name: \n",
                                    "othername: UPN",
                                    "othername: 1.2.3.4" };

      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        {
          /* OpenSSL 3.0 writes ":UPN::", later ones ":UPN:". */
          assert_contains (text, parts[i]);
        }
      assert_contains (text, signature);
    }
  if (have_command ("certtool"))
    {
      g_autofree char *text = run (certtool, pem);

      assert_contains (text, "Self signature: verified");
      assert_contains (text, "RFC822Name: steve@example.com");
      assert_contains (text, "TLS WWW Client");
    }
}

static void
test_request_csr (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (CwRequest) request = make_full_request ();
      g_autoptr (CwKey) key = cw_key_generate (kinds[i].kind, NULL, NULL);
      g_autoptr (GBytes) csr = create_csr (request, key);
      g_autofree char *fingerprint = cw_csr_get_key_fingerprint (csr, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (CwRequest) again = cw_request_new_from_csr (csr, &error);

      g_assert_no_error (error);
      cw_request_set_key_kind (request, kinds[i].kind);
      assert_requests_equal (request, again);
      g_assert_cmpstr (fingerprint, ==, cw_key_get_fingerprint (key));
      verify_by_commands (csr, kinds[i].signature);
    }
}

static void
test_request_csr_other_key (void)
{
  g_autoptr (EVP_PKEY) rsa = EVP_RSA_gen (1024);
  g_autoptr (EVP_PKEY) brainpool = EVP_EC_gen ("brainpoolP384r1");
  g_autoptr (EVP_PKEY) ed448 = EVP_PKEY_Q_keygen (NULL, NULL, "ED448");
  EVP_PKEY *pkeys[] = { rsa, brainpool, ed448 };

  for (guint i = 0; i < G_N_ELEMENTS (pkeys); i++)
    {
      g_autoptr (CwRequest) request = make_small_request ();
      g_autoptr (CwKey) key = cw_key_new_for_pkey (pkeys[i]);
      g_autoptr (GBytes) csr = create_csr (request, key);
      g_autoptr (CwRequest) again = cw_request_new_from_csr (csr, NULL);

      g_assert_cmpint (cw_request_get_key_kind (again), ==, CW_KEY_KIND_OTHER);
    }
}

static void
test_request_csr_bad_key (void)
{
  g_autoptr (EVP_PKEY) x25519 = EVP_PKEY_Q_keygen (NULL, NULL, "X25519");
  g_autoptr (CwKey) key = cw_key_new_for_pkey (x25519);
  g_autoptr (CwRequest) request = make_small_request ();
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_request_create_csr (request, key, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_FAILED);
  g_assert_nonnull (cw_error_get_details (error));
}

static int
read_key_usage (GBytes *der, int *critical)
{
  gsize size;
  const unsigned char *data = g_bytes_get_data (der, &size);
  g_autoptr (X509_REQ) req = d2i_X509_REQ (NULL, &data, (long) size);
  STACK_OF (X509_EXTENSION) *extensions = X509_REQ_get_extensions (req);
  ASN1_BIT_STRING *bits = X509V3_get_d2i (extensions, NID_key_usage, critical, NULL);
  int usage = 0;

  for (int i = 0; i < 9; i++)
    usage |= ASN1_BIT_STRING_get_bit (bits, i) << i;
  ASN1_BIT_STRING_free (bits);
  sk_X509_EXTENSION_pop_free (extensions, X509_EXTENSION_free);

  return usage;
}

static void
assert_key_usage (CwKeyKind kind, gboolean server_auth, int expected)
{
  g_autoptr (CwRequest) request = make_small_request ();
  g_autoptr (CwKey) key = cw_key_generate (kind, NULL, NULL);
  g_autoptr (GBytes) csr = NULL;
  int critical = 0;

  cw_request_set_usage (request, CW_USAGE_SERVER_AUTH, server_auth);
  csr = create_csr (request, key);
  g_assert_cmpint (read_key_usage (csr, &critical), ==, expected);
  g_assert_cmpint (critical, ==, 1);
}

static void
test_request_key_usage (void)
{
  assert_key_usage (CW_KEY_KIND_RSA_2048, FALSE, 1 << 0);
  assert_key_usage (CW_KEY_KIND_RSA_2048, TRUE, 1 << 0 | 1 << 2);
  assert_key_usage (CW_KEY_KIND_EC_P256, TRUE, 1 << 0);
  assert_key_usage (CW_KEY_KIND_ED25519, TRUE, 1 << 0);
}

static void
assert_host_name (const char *cn, gboolean client, const char *kind, const char *expected)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  GListModel *names = cw_request_get_alt_names (request);
  g_autoptr (CwAltName) name = NULL;
  g_autoptr (GError) error = NULL;

  cw_subject_append (cw_request_get_subject (request), "CN", cn);
  g_assert_false (cw_request_add_host_name (request)); /* no server's */
  cw_request_set_usage (request, CW_USAGE_SERVER_AUTH, TRUE);
  cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, client);

  g_assert_cmpint (cw_request_check (request, &error), ==, client || expected);
  if (!client && !expected)
    g_assert_error (error, CW_ERROR, CW_ERROR_INVALID);
  g_assert_cmpint (cw_request_add_host_name (request), ==, expected != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (names), ==, expected ? 1 : 0);
  if (!expected)
    return;

  name = g_list_model_get_item (names, 0);
  g_assert_cmpstr (cw_alt_name_kind_get_id (cw_alt_name_get_kind (name)), ==, kind);
  g_assert_cmpstr (cw_alt_name_get_value (name), ==, expected);
  g_assert_true (cw_request_check (request, NULL));
  g_assert_false (cw_request_add_host_name (request)); /* there is one now */
}

static void
test_request_host_name (void)
{
  assert_host_name ("localhost", FALSE, "dns", "localhost");
  assert_host_name ("www.example.com", FALSE, "dns", "www.example.com");
  assert_host_name ("192.0.2.7", FALSE, "ip", "192.0.2.7");
  assert_host_name ("2001:db8::7", FALSE, "ip", "2001:db8::7");
  assert_host_name ("The server", FALSE, NULL, NULL);
  assert_host_name ("steve@example.com", FALSE, NULL, NULL);
  assert_host_name ("www.example.com", TRUE, "dns", "www.example.com");
  assert_host_name ("steve", TRUE, NULL, NULL);
}

static void
test_request_no_usage (void)
{
  g_autoptr (CwRequest) request = make_small_request ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwRequest) again = NULL;
  g_autofree char *text = NULL;

  cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE);
  csr = create_csr (request, key);
  again = cw_request_new_from_csr (csr, NULL);
  g_assert_null (cw_request_get_usages (again)[0]);

  if (!have_command ("openssl"))
    return;
  text = run_openssl (csr);
  assert_contains (text, "X509v3 Key Usage");
  assert_lacks (text, "Extended Key Usage");
  assert_lacks (text, "Alternative Name");
}

static void
test_request_no_subject (void)
{
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwRequest) again = NULL;
  g_autofree char *text = NULL;

  add_alt_name (request, CW_ALT_NAME_URI, "spiffe://example.org/steve");
  csr = create_csr (request, key);
  again = cw_request_new_from_csr (csr, NULL);
  g_assert_cmpuint (n_alt_names (again), ==, 1);

  if (!have_command ("openssl"))
    return;
  text = run_openssl (csr);
  assert_contains (text, "X509v3 Subject Alternative Name: critical");
}

static void
test_request_csr_damaged (void)
{
  g_autoptr (CwRequest) request = make_full_request ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  g_autoptr (GBytes) csr = create_csr (request, key);
  gsize size;
  const guint8 *data = g_bytes_get_data (csr, &size);

  for (gsize i = 0; i <= size; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size + 1 - 1);
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (GBytes) cut = g_bytes_new (data, MIN (i, size - 1));
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) cut_error = NULL;
      g_autoptr (GError) key_error = NULL;

      g_assert_null (cw_request_new_from_csr (cut, &cut_error));
      g_assert_error (cut_error, CW_ERROR, CW_ERROR_UNREADABLE);
      g_assert_null (cw_csr_get_key_fingerprint (cut, &key_error));
      g_assert_error (key_error, CW_ERROR, CW_ERROR_UNREADABLE);

      if (i == size)
        break;
      copy[i] ^= 0x01;
      bad = g_bytes_new (copy, size);
      g_assert_null (cw_request_new_from_csr (bad, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
      g_assert_cmpuint (ERR_peek_error (), ==, 0);
    }
}

static void
test_request_csr_trailing (void)
{
  g_autoptr (CwRequest) request = make_small_request ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (GBytes) csr = create_csr (request, key);
  gsize size;
  const guint8 *data = g_bytes_get_data (csr, &size);
  g_autofree guint8 *longer = g_malloc0 (size + 1);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (longer, data, size);
  bytes = g_bytes_new (longer, size + 1);
  g_assert_null (cw_request_new_from_csr (bytes, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
}

/* A CSR that the openssl command has made. */
static void
test_request_csr_foreign (void)
{
  static const char *const argv[] = { "openssl",
                                      "req",
                                      "-new",
                                      "-newkey",
                                      "ec",
                                      "-pkeyopt",
                                      "ec_paramgen_curve:P-384",
                                      "-nodes",
                                      "-keyout",
                                      "/dev/null",
                                      "-outform",
                                      "PEM",
                                      "-subj",
                                      "/CN=steve@example.com/O=Your Org/OU=Your Unit",
                                      "-addext",
                                      "extendedKeyUsage=clientAuth",
                                      "-addext",
                                      "subjectAltName=email:steve@example.com,dirName:other",
                                      "-addext",
                                      "keyUsage=digitalSignature",
                                      "-config",
                                      "/dev/stdin",
                                      NULL };
  g_autofree char *output = NULL;
  g_autoptr (BIO) bio = NULL;
  g_autoptr (CwRequest) request = NULL;
  g_autoptr (GBytes) csr = NULL;
  g_autofree char *subject = NULL;
  unsigned char *der = NULL;
  char *name = NULL, *header = NULL;
  long length = 0;

  if (!have_command ("openssl"))
    {
      g_test_skip ("no openssl command");
      return;
    }
  output = run (argv, "[req]\ndistinguished_name=dn\n[dn]\n[other]\nCN=another\n");
  bio = BIO_new_mem_buf (strstr (output, "-----BEGIN CERTIFICATE REQUEST"), -1);
  g_assert_cmpint (PEM_read_bio (bio, &name, &header, &der, &length), ==, 1);
  csr = g_bytes_new (der, (gsize) length);
  OPENSSL_free (name);
  OPENSSL_free (header);
  OPENSSL_free (der);

  request = cw_request_new_from_csr (csr, NULL);
  subject = cw_subject_to_string (cw_request_get_subject (request));
  g_assert_cmpstr (subject, ==, "CN = steve@example.com, O = Your Org, OU = Your Unit");
  g_assert_cmpint (cw_request_get_key_kind (request), ==, CW_KEY_KIND_EC_P384);
  g_assert_true (cw_request_has_usage (request, CW_USAGE_CLIENT_AUTH));
  g_assert_cmpint (cw_alt_name_get_kind (get_alt_name (request, 0)), ==, CW_ALT_NAME_EMAIL);
  g_assert_cmpint (cw_alt_name_get_kind (get_alt_name (request, 1)), ==, CW_ALT_NAME_UNKNOWN);
  g_assert_cmpstr (cw_alt_name_get_value (get_alt_name (request, 1)), ==, "CN = another");
}

static void
test_request_csr_usage_order (void)
{
  g_autoptr (CwRequest) request = make_small_request ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_ED25519, NULL, NULL);
  g_autoptr (GBytes) csr = NULL;
  g_autoptr (CwRequest) again = NULL;

  cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE);
  cw_request_set_usage (request, EMAIL_PROTECTION, TRUE);
  cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, TRUE);
  csr = create_csr (request, key);
  again = cw_request_new_from_csr (csr, NULL);
  g_assert_cmpstr (cw_request_get_usages (again)[0], ==, EMAIL_PROTECTION);
  g_assert_cmpstr (cw_request_get_usages (again)[1], ==, CW_USAGE_CLIENT_AUTH);
}

static void
test_csr_pem (void)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new_static ("0123456789abcdef0123456789abcdef0123456789abcdef!", 49);
  g_autofree char *pem = cw_csr_to_pem (bytes);

  g_assert_cmpstr (pem, ==,
                   "-----BEGIN CERTIFICATE REQUEST-----\n"
                   "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm\n"
                   "IQ==\n"
                   "-----END CERTIFICATE REQUEST-----\n");
}

static void
test_csr_fingerprint (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autofree char *fingerprint = cw_csr_get_fingerprint (bytes);

  /* FIPS 180-2, B.1 */
  g_assert_cmpstr (fingerprint, ==,
                   "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:"
                   "B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD");
}

static void
test_request_copy (void)
{
  g_autoptr (CwRequest) from = make_full_request ();
  g_autoptr (CwRequest) to = cw_request_new ();
  g_autofree char *expected = NULL;
  g_autofree char *got = NULL;

  cw_request_set_key_kind (from, CW_KEY_KIND_EC_P384);
  cw_request_copy (from, to);
  expected = cw_request_to_text (from);
  got = cw_request_to_text (to);
  g_assert_cmpstr (got, ==, expected);

  /* Nobody can make a new key of that kind. */
  cw_request_set_key_kind (from, CW_KEY_KIND_OTHER);
  cw_request_copy (from, to);
  g_assert_cmpint (cw_request_get_key_kind (to), ==, CW_KEY_KIND_DEFAULT);
}

static void
test_request_freed (void)
{
  CwRequest *request = make_full_request ();
  CwSubject *subject = cw_request_get_subject (request);
  GListModel *names = cw_request_get_alt_names (request);

  g_object_add_weak_pointer (G_OBJECT (subject), (gpointer *) &subject);
  g_object_add_weak_pointer (G_OBJECT (names), (gpointer *) &names);
  g_assert_finalize_object (request);
  g_assert_null (subject);
  g_assert_null (names);
}

/* Who keeps the subject longer must not reach a request that has gone. */
static void
test_request_subject_outlives (void)
{
  CwRequest *request = make_full_request ();
  g_autoptr (CwSubject) subject = g_object_ref (cw_request_get_subject (request));

  g_object_unref (request);
  cw_subject_append (subject, "O", "Example");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cw_secret_heap_init ();

  g_test_add_func ("/request/new", test_request_new);
  g_test_add_func ("/request/changed", test_request_changed);
  g_test_add_func ("/request/text", test_request_text);
  g_test_add_func ("/request/text-drafts", test_request_text_drafts);
  g_test_add_func ("/request/text-not-utf8", test_request_text_not_utf8);
  g_test_add_func ("/request/text-unreadable", test_request_text_unreadable);
  g_test_add_func ("/request/text-version-1", test_request_text_version_1);
  g_test_add_func ("/request/check", test_request_check);
  g_test_add_func ("/request/csr", test_request_csr);
  g_test_add_func ("/request/csr-other-key", test_request_csr_other_key);
  g_test_add_func ("/request/csr-bad-key", test_request_csr_bad_key);
  g_test_add_func ("/request/key-usage", test_request_key_usage);
  g_test_add_func ("/request/no-usage", test_request_no_usage);
  g_test_add_func ("/request/no-subject", test_request_no_subject);
  g_test_add_func ("/request/csr-damaged", test_request_csr_damaged);
  g_test_add_func ("/request/csr-trailing", test_request_csr_trailing);
  g_test_add_func ("/request/csr-foreign", test_request_csr_foreign);
  g_test_add_func ("/request/csr-usage-order", test_request_csr_usage_order);
  g_test_add_func ("/request/host-name", test_request_host_name);
  g_test_add_func ("/csr/pem", test_csr_pem);
  g_test_add_func ("/csr/fingerprint", test_csr_fingerprint);
  g_test_add_func ("/request/copy", test_request_copy);
  g_test_add_func ("/request/freed", test_request_freed);
  g_test_add_func ("/request/subject-outlives", test_request_subject_outlives);

  return g_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "cw-secret.h"

static void
test_secret_heap (void)
{
  gboolean locked = cw_secret_heap_init ();

  g_assert_true (CRYPTO_secure_malloc_initialized ());
  g_assert_cmpint (cw_secret_heap_init (), ==, locked);
}

static void
test_secret_new (void)
{
  g_autoptr (CwSecret) secret = cw_secret_new ("passphrase", -1);
  g_autoptr (CwSecret) part = cw_secret_new ("passphrase", 4);
  g_autoptr (CwSecret) empty = cw_secret_new ("", -1);
  g_autoptr (CwSecret) binary = cw_secret_new ("a\0b", 3);

  g_assert_cmpstr (cw_secret_peek (secret), ==, "passphrase");
  g_assert_cmpuint (cw_secret_get_length (secret), ==, 10);
  g_assert_true (CRYPTO_secure_allocated (cw_secret_peek (secret)));
  g_assert_cmpstr (cw_secret_peek (part), ==, "pass");
  g_assert_cmpstr (cw_secret_peek (empty), ==, "");
  g_assert_cmpuint (cw_secret_get_length (empty), ==, 0);
  g_assert_cmpmem (cw_secret_peek (binary), cw_secret_get_length (binary), "a\0b", 3);
}

static void
test_secret_new_wiping (void)
{
  g_autoptr (CwSecret) secret = cw_secret_new_wiping (g_strdup ("passphrase"));

  g_assert_cmpstr (cw_secret_peek (secret), ==, "passphrase");
  g_assert_null (cw_secret_new_wiping (NULL));
}

static void
test_secret_freed (void)
{
  gsize before = CRYPTO_secure_used ();
  CwSecret *secret = cw_secret_new ("passphrase", -1);

  g_assert_cmpuint (CRYPTO_secure_used (), >, before);
  g_assert_true (cw_secret_ref (secret) == secret);
  cw_secret_unref (secret);
  g_assert_cmpstr (cw_secret_peek (secret), ==, "passphrase");
  cw_secret_unref (secret);
  g_assert_cmpuint (CRYPTO_secure_used (), ==, before);
}

/* The secure heap stays mapped, so that what was freed can be looked at. */
static void
test_secret_wiped (void)
{
  CwSecret *secret =
      cw_secret_new ("0123456789abcdef0123456789abcdef0123456789abcdef0123456789", -1);
  gsize length = cw_secret_get_length (secret);
  const volatile char *text = cw_secret_peek (secret);

  g_assert_true (CRYPTO_secure_allocated ((const char *) text));
  cw_secret_unref (secret);
  /* The allocator's own links may be in the first bytes. */
  for (gsize i = 2 * sizeof (gpointer); i < length; i++)
    g_assert_cmpint (text[i], ==, 0);
}

static void
test_secret_full_heap (void)
{
  g_autoptr (GPtrArray) blocks = g_ptr_array_new ();
  g_autoptr (CwSecretBuilder) builder = NULL;
  g_autoptr (CwSecret) secret = NULL;
  g_autoptr (CwSecret) built = NULL;
  gpointer block;

  for (gsize size = 65536; size >= 16; size /= 2)
    while ((block = OPENSSL_secure_malloc (size)) != NULL)
      g_ptr_array_add (blocks, block);
  ERR_clear_error ();

  secret = cw_secret_new ("passphrase", -1);
  builder = cw_secret_builder_new ();
  cw_secret_builder_append (builder, "pass", -1);
  built = cw_secret_builder_end (g_steal_pointer (&builder));
  g_assert_false (CRYPTO_secure_allocated (cw_secret_peek (secret)));
  g_assert_cmpstr (cw_secret_peek (secret), ==, "passphrase");
  g_assert_cmpstr (cw_secret_peek (built), ==, "pass");
  g_assert_cmpuint (ERR_peek_error (), ==, 0);

  for (guint i = 0; i < blocks->len; i++)
    OPENSSL_secure_free (g_ptr_array_index (blocks, i));
}

static void
test_secret_equal (void)
{
  g_autoptr (CwSecret) a = cw_secret_new ("passphrase", -1);
  g_autoptr (CwSecret) same = cw_secret_new ("passphrase", -1);
  g_autoptr (CwSecret) other = cw_secret_new ("passphrasf", -1);
  g_autoptr (CwSecret) shorter = cw_secret_new ("passphras", -1);

  g_assert_true (cw_secret_equal (a, a));
  g_assert_true (cw_secret_equal (a, same));
  g_assert_false (cw_secret_equal (a, other));
  g_assert_false (cw_secret_equal (a, shorter));
}

static void
test_secret_to_bytes (void)
{
  CwSecret *secret = cw_secret_new ("passphrase", -1);
  const char *text = cw_secret_peek (secret);
  gsize used = CRYPTO_secure_used ();
  GBytes *bytes = cw_secret_to_bytes (secret);

  cw_secret_unref (secret);
  g_assert_true (g_bytes_get_data (bytes, NULL) == text);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 10);
  g_assert_cmpuint (CRYPTO_secure_used (), ==, used);
  g_bytes_unref (bytes);
  g_assert_cmpuint (CRYPTO_secure_used (), <, used);
}

static void
test_secret_boxed (void)
{
  g_autoptr (CwSecret) secret = cw_secret_new ("passphrase", -1);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, CW_TYPE_SECRET);
  g_value_set_boxed (&value, secret);
  g_assert_true (g_value_get_boxed (&value) == secret);
}

static void
test_secret_builder (void)
{
  gsize before = CRYPTO_secure_used ();
  CwSecretBuilder *builder = cw_secret_builder_new ();
  g_autoptr (GString) expected = g_string_new (NULL);
  CwSecret *secret;

  for (guint i = 0; i < 1000; i++)
    {
      cw_secret_builder_append (builder, "line\nrest", 5);
      g_string_append (expected, "line\n");
    }
  cw_secret_builder_append (builder, "", -1);
  cw_secret_builder_append (builder, "end", -1);
  g_string_append (expected, "end");

  secret = cw_secret_builder_end (builder);
  g_assert_cmpstr (cw_secret_peek (secret), ==, expected->str);
  g_assert_cmpuint (cw_secret_get_length (secret), ==, expected->len);
  cw_secret_unref (secret);
  g_assert_cmpuint (CRYPTO_secure_used (), ==, before);
}

static void
test_secret_builder_exact (void)
{
  g_autofree char *text = g_strnfill (1024, 'x');

  /* Around every size at which it grows, the final NUL still fits. */
  for (gssize length = 0; length <= 1024; length++)
    {
      CwSecretBuilder *builder = cw_secret_builder_new ();
      g_autoptr (CwSecret) secret = NULL;

      cw_secret_builder_append (builder, text, length);
      secret = cw_secret_builder_end (builder);
      g_assert_cmpuint (strlen (cw_secret_peek (secret)), ==, (gsize) length);
    }
}

static void
test_secret_builder_abandoned (void)
{
  gsize before = CRYPTO_secure_used ();
  CwSecretBuilder *builder = cw_secret_builder_new ();

  cw_secret_builder_append (builder, "passphrase", -1);
  cw_secret_builder_free (builder);
  g_assert_cmpuint (CRYPTO_secure_used (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secret/heap", test_secret_heap);
  g_test_add_func ("/secret/new", test_secret_new);
  g_test_add_func ("/secret/new-wiping", test_secret_new_wiping);
  g_test_add_func ("/secret/freed", test_secret_freed);
  g_test_add_func ("/secret/wiped", test_secret_wiped);
  g_test_add_func ("/secret/full-heap", test_secret_full_heap);
  g_test_add_func ("/secret/equal", test_secret_equal);
  g_test_add_func ("/secret/to-bytes", test_secret_to_bytes);
  g_test_add_func ("/secret/boxed", test_secret_boxed);
  g_test_add_func ("/secret/builder", test_secret_builder);
  g_test_add_func ("/secret/builder-exact", test_secret_builder_exact);
  g_test_add_func ("/secret/builder-abandoned", test_secret_builder_abandoned);

  return g_test_run ();
}

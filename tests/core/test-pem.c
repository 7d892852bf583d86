/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "cw-der.h"
#include "cw-error.h"
#include "cw-pem.h"

static void
add_block (CwPemBlock *block, gpointer blocks)
{
  g_ptr_array_add (blocks, block);
}

static GPtrArray *
scan (const char *text)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) cw_pem_block_free);
  cw_pem_scan (text, strlen (text), add_block, blocks, NULL);
  return blocks;
}

static void
assert_block (GPtrArray *blocks, guint i, const char *label, guint line, const char *content)
{
  CwPemBlock *block = g_ptr_array_index (blocks, i);
  g_assert_cmpstr (block->label, ==, label);
  g_assert_cmpuint (block->line, ==, line);
  g_assert_no_error (block->error);
  gsize size;
  const char *data = g_bytes_get_data (block->der, &size);
  g_assert_cmpmem (data, size, content, strlen (content));
}

static void
test_lines (void)
{
  static const char *const texts[] = {
    "one\ntwo\n-----BEGIN A-----\naGVs\nbG8=\n-----END A-----\n-----BEGIN B B-----\neA==\n-----END "
    "B B-----",
    "one\r\ntwo\r\n-----BEGIN A-----\r\naGVs\r\nbG8=\r\n-----END A-----\r\n-----BEGIN B "
    "B-----\r\neA==\r\n-----END B B-----\r\n",
    "one\rtwo\r-----BEGIN A-----\raGVs\rbG8=\r-----END A-----\r-----BEGIN B B-----\reA\r-----END B "
    "B-----",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) blocks = scan (texts[i]);
      g_assert_cmpuint (blocks->len, ==, 2);
      assert_block (blocks, 0, "A", 3, "hello");
      assert_block (blocks, 1, "B B", 7, "x");
    }
}

static void
test_padding (void)
{
  static const struct
  {
    const char *base64;
    const char *content; /* NULL: an error */
  } bodies[] = {
    { "aGVsbG8=", "hello" },
    { "aGVsbG8", "hello" },
    { "aGVsbG8=3D", "hello" },
    { "eA==", "x" },
    { "eA=3D=3D", "x" },
    { "eHl6", "xyz" },
    { "", "" },
    { "eHl6e", NULL },
    { "eA==eA==", NULL },
    { "eH*6", NULL },
    { "eH\xc3\xa4"
      "6",
      NULL },
    { "eA==\\n", "x" },
    { "> eHl6\n> ", "xyz" },
    { "\\u000aeHl6", "xyz" },
    { "\\u0141eHl6", NULL },
    { "c\\u002B\\u002F\\/", "s\xef\xff" },
    { "eA\\u003D\\u003d", "x" },
    { "eHl6<br>\neHl6<br/>", "xyzxyz" },
    { "eHl6&#10;eHl6&#xA;eA&#61;=", "xyzxyzx" },
    { "c&#43;&#x2F;/", "s\xef\xff" },
    { "eHl6&", NULL },
    { "eHl6<", NULL },
    { "eH=\nl6=\r\neHl6", "xyzxyz" },
    { "eHl6=\n", "xyz" },
    { "# eHl6\n# eHl6\n * eHl6", "xyzxyzxyz" },
    { "eH#l6", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("-----BEGIN A-----\n%s\n-----END A-----\n", bodies[i].base64);
      g_autoptr (GPtrArray) blocks = scan (text);
      g_assert_cmpuint (blocks->len, ==, 1);
      CwPemBlock *block = g_ptr_array_index (blocks, 0);
      if (bodies[i].content != NULL)
        assert_block (blocks, 0, "A", 1, bodies[i].content);
      else
        g_assert_error (block->error, CW_ERROR, CW_ERROR_UNREADABLE);
      g_assert_true ((block->der == NULL) == (bodies[i].content == NULL));
    }
}

static void
test_cipher (void)
{
  static const char *const texts[] = {
    "-----BEGIN K-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\neHl6\n-----END "
    "K-----",
    "> -----BEGIN K-----\n> Proc-Type: 4,ENCRYPTED\n> DEK-Info: AES-256-CBC,00FF\n> \n> eHl6\n> "
    "-----END K-----",
    "-----BEGIN K-----\\nProc-Type: 4,ENCRYPTED\\nDEK-Info: AES-256-CBC,00FF\\n\\neHl6\\n-----END "
    "K-----",
    "-----BEGIN K----- Proc-Type: 4,ENCRYPTED DEK-Info: AES-256-CBC,00FF eHl6 -----END K-----",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) blocks = scan (texts[i]);
      assert_block (blocks, 0, "K", 1, "xyz");
      CwPemBlock *block = g_ptr_array_index (blocks, 0);
      g_assert_cmpstr (block->cipher, ==, "AES-256-CBC,00FF");
    }
}

static void
test_not_markers (void)
{
  static const char *const texts[] = {
    "",
    "BEGIN A",
    "-----BEGIN A",
    "-----BEGIN a-----",
    "BEGIN A-----",
    "-----END A-----",
    "-----BEGIN",
    "BEGIN BEGIN BEGIN ",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) blocks = scan (texts[i]);
      g_assert_cmpuint (blocks->len, ==, 0);
    }
}

static void
test_encode (void)
{
  for (gsize size = 0; size < 150; size++)
    {
      guint8 *data = g_malloc0 (size + 1);
      for (gsize i = 0; i < size; i++)
        data[i] = (guint8) (i * 7);
      g_autoptr (GBytes) der = g_bytes_new_take (data, size);
      g_autoptr (CwSecret) pem = cw_pem_encode_key ("PRIVATE KEY", NULL, der);
      g_autoptr (GPtrArray) blocks = scan (cw_secret_peek (pem));
      CwPemBlock *block = g_ptr_array_index (blocks, 0);
      g_assert_no_error (block->error);
      g_assert_true (g_bytes_equal (block->der, der));
    }
}

static void
test_sniff (void)
{
  static const struct
  {
    guint8 data[16];
    gsize size;
    CwDerKind kind;
    gsize length;
  } pieces[] = {
    { { 0x30, 0x06, 0x30, 0x00, 0x30, 0x00, 0x03, 0x00 }, 8, CW_DER_SIGNED, 8 },
    { { 0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00 }, 7, CW_DER_PKCS12, 7 },
    { { 0x30, 0x05, 0x02, 0x01, 0x00, 0x30, 0x00 }, 7, CW_DER_KEY_PKCS8, 7 },
    { { 0x30, 0x05, 0x02, 0x01, 0x01, 0x04, 0x00 }, 7, CW_DER_KEY_SEC1, 7 },
    { { 0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x05 }, 8, CW_DER_KEY_PKCS1, 8 },
    { { 0x30, 0x80, 0x06, 0x01, 0x00, 0xa0, 0x80 }, 7, CW_DER_PKCS7, 7 },
    { { 0x30, 0x04, 0x30, 0x00, 0x04, 0x00 }, 6, CW_DER_KEY_ENCRYPTED, 6 },
    { { 0x30, 0x04, 0x30, 0x00, 0x03, 0x00 }, 6, CW_DER_PUBLIC_KEY, 6 },
    { { 0x30, 0x82, 0xff, 0xff }, 4, CW_DER_UNKNOWN, 0xffff + 4 },
    { { 0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30 }, 7, CW_DER_UNKNOWN, 0xffffffffu + 6ul },
    { { 0x30, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00 }, 7, CW_DER_UNKNOWN, 0 },
    { { 0x30 }, 1, CW_DER_UNKNOWN, 0 },
    { { 0x31, 0x00 }, 2, CW_DER_UNKNOWN, 0 },
    { { 0 }, 0, CW_DER_UNKNOWN, 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_assert_cmpint (cw_der_sniff (pieces[i].data, pieces[i].size), ==, pieces[i].kind);
      g_assert_cmpuint (cw_der_measure (pieces[i].data, pieces[i].size), ==, pieces[i].length);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pem/lines", test_lines);
  g_test_add_func ("/pem/padding", test_padding);
  g_test_add_func ("/pem/cipher", test_cipher);
  g_test_add_func ("/pem/not-markers", test_not_markers);
  g_test_add_func ("/pem/encode", test_encode);
  g_test_add_func ("/der/sniff", test_sniff);
  return g_test_run ();
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/asn1.h>
#include <openssl/crypto.h>

#include "cw-der.h"

#define TAG_INTEGER    0x02
#define TAG_BIT_STRING 0x03
#define TAG_OCTETS     0x04
#define TAG_OID        0x06
#define TAG_SEQUENCE   0x30
#define TAG_EXPLICIT_0 0xa0
#define LENGTH_FOREVER 0x80
#define N_CHILDREN     7
#define PKCS12_VERSION 3
#define N_DSA_INTEGERS 6

/* Header of the element at @data: FALSE if it is cut off or of another form. */
static gboolean
read_header (const guint8 *data, gsize size, gsize *header, gsize *length)
{
  if (size < 2 || (data[0] & 0x1f) == 0x1f)
    return FALSE;
  *header = 2;
  *length = data[1];
  if (data[1] < 0x80)
    return TRUE;
  if (data[1] == LENGTH_FOREVER)
    {
      *length = size - 2;
      return TRUE;
    }
  guint n = data[1] & 0x7f;
  if (n > 4 || size < 2 + n)
    return FALSE;
  *length = 0;
  for (guint i = 0; i < n; i++)
    *length = (*length << 8) | data[2 + i];
  *header = 2 + n;
  return TRUE;
}

/* The tags of the first elements within the sequence at @data. */
static guint
read_children (const guint8 *data, gsize size, guint8 tags[N_CHILDREN], guint8 *first_value)
{
  gsize header, length;
  if (size == 0 || data[0] != TAG_SEQUENCE || !read_header (data, size, &header, &length))
    return 0;
  const guint8 *p = data + header;
  const guint8 *end = p + MIN (length, size - header);
  guint n = 0;
  while (n < N_CHILDREN && p < end && read_header (p, (gsize) (end - p), &header, &length))
    {
      if (n == 0)
        *first_value = length == 1 && header + 1 <= (gsize) (end - p) ? p[header] : 0xff;
      tags[n++] = *p;
      if (length > (gsize) (end - p) - header)
        break;
      p += header + length;
    }
  return n;
}

static CwDerKind
sniff_integer_first (const guint8 *tags, guint n_tags, guint8 value)
{
  switch (tags[1])
    {
    case TAG_SEQUENCE:
      return value == PKCS12_VERSION ? CW_DER_PKCS12 : CW_DER_KEY_PKCS8;
    case TAG_OCTETS:
      return CW_DER_KEY_SEC1;
    case TAG_INTEGER:
      if (value > 1)
        return CW_DER_UNKNOWN;
      return n_tags == N_DSA_INTEGERS ? CW_DER_KEY_DSA : CW_DER_KEY_PKCS1;
    default:
      return CW_DER_UNKNOWN;
    }
}

static CwDerKind
sniff_sequence_first (guint8 second)
{
  switch (second)
    {
    case TAG_SEQUENCE:
      return CW_DER_SIGNED;
    case TAG_OCTETS:
      return CW_DER_KEY_ENCRYPTED;
    case TAG_BIT_STRING:
      return CW_DER_PUBLIC_KEY;
    default:
      return CW_DER_UNKNOWN;
    }
}

CwDerKind
cw_der_sniff (const guint8 *data, gsize size)
{
  g_return_val_if_fail (data != NULL || size == 0, CW_DER_UNKNOWN);

  guint8 tags[N_CHILDREN] = { 0 };
  guint8 value = 0xff;
  guint n = read_children (data, size, tags, &value);
  /* One that is cut off within its first element can only be guessed at. */
  if (n == 1 && tags[0] == TAG_SEQUENCE)
    return CW_DER_SIGNED;
  if (n < 2)
    return CW_DER_UNKNOWN;
  if (tags[0] == TAG_INTEGER)
    return sniff_integer_first (tags, n, value);
  if (tags[0] == TAG_SEQUENCE)
    return sniff_sequence_first (tags[1]);
  if (tags[0] == TAG_OID && tags[1] == TAG_EXPLICIT_0)
    return CW_DER_PKCS7;
  return CW_DER_UNKNOWN;
}

gsize
cw_der_measure (const guint8 *data, gsize size)
{
  g_return_val_if_fail (data != NULL || size == 0, 0);

  gsize header, length;
  if (size == 0 || data[0] != TAG_SEQUENCE || !read_header (data, size, &header, &length))
    return 0;
  return header + length;
}

GBytes *
cw_der_take (guint8 *der, int size)
{
  GBytes *bytes = size > 0 ? g_bytes_new (der, (gsize) size) : NULL;

  OPENSSL_free (der);
  return bytes;
}

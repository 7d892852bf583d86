/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: telling what a piece of DER is by its shape; taking what was encoded.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwDerKind:
 * @CW_DER_SIGNED: a certificate, a request or a CRL: only reading it tells which
 */
typedef enum
{
  CW_DER_UNKNOWN,
  CW_DER_SIGNED,
  CW_DER_PKCS7,
  CW_DER_PKCS12,
  CW_DER_KEY_PKCS8,
  CW_DER_KEY_ENCRYPTED,
  CW_DER_KEY_PKCS1,
  CW_DER_KEY_DSA,
  CW_DER_KEY_SEC1,
  CW_DER_PUBLIC_KEY,
} CwDerKind;

/**
 * cw_der_sniff:
 *
 * Returns: what the first elements of @data make it look like; nothing is verified
 */
CwDerKind cw_der_sniff (const guint8 *data, gsize size);

/**
 * cw_der_measure:
 *
 * Returns: how long the element at @data says that it is, with its header: may
 *   be more than @size; @size for an indefinite length (BER); 0 if there is no
 *   element
 */
gsize cw_der_measure (const guint8 *data, gsize size);

/**
 * cw_der_take:
 * @der: (transfer full) (nullable): what one of OpenSSL's i2d functions made
 * @size: what that function returned
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL if it had failed
 */
GBytes *cw_der_take (guint8 *der, int size);

G_END_DECLS

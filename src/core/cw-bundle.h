/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: the containers that certificates come in.
 */

#pragma once

#include "cw-key.h"

G_BEGIN_DECLS

/**
 * CwBundle:
 * @certificates: (element-type GBytes): DER, in the container's order
 * @keys: (element-type CwKey)
 * @crls: (element-type GBytes): revocation lists, DER
 * @old_cipher: whether any part of it is encrypted with RC2, RC4, DES or 3DES
 * @no_mac: whether it is a PKCS#12 without a check value
 */
typedef struct
{
  GPtrArray *certificates;
  GPtrArray *keys;
  GPtrArray *crls;
  gboolean old_cipher;
  gboolean no_mac;
} CwBundle;

void cw_bundle_free (CwBundle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwBundle, cw_bundle_free)

/**
 * cw_bundle_new_from_pkcs7:
 * @error: %CW_ERROR_UNREADABLE; %CW_ERROR_UNSUPPORTED; %CW_ERROR_EMPTY
 *
 * The certificates of signed data (RFC 2315, 9), whose signers are not looked at.
 */
CwBundle *cw_bundle_new_from_pkcs7 (GBytes *der, GError **error);

/**
 * cw_bundle_new_from_pkcs12:
 * @passphrase: (nullable): %NULL tries without one, and with the empty one
 * @error: %CW_ERROR_PASSPHRASE_NEEDED, %CW_ERROR_PASSPHRASE_WRONG,
 *   %CW_ERROR_UNREADABLE, %CW_ERROR_UNSUPPORTED, %CW_ERROR_EMPTY
 *
 * Everything in a PKCS#12 (RFC 7292). A file that uses an old cipher is read
 * through OpenSSL's legacy provider, loaded for it alone.
 */
CwBundle *cw_bundle_new_from_pkcs12 (GBytes *der, CwSecret *passphrase, GError **error);

G_END_DECLS

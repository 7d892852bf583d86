/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwKeyKind:
 *
 * The kinds of key that can be asked for. %CW_KEY_KIND_OTHER is any other kind
 * that was read (RSA of an odd length, another curve); it cannot be generated.
 */
typedef enum
{
  CW_KEY_KIND_RSA_2048,
  CW_KEY_KIND_RSA_3072,
  CW_KEY_KIND_RSA_4096,
  CW_KEY_KIND_EC_P256,
  CW_KEY_KIND_EC_P384,
  CW_KEY_KIND_EC_P521,
  CW_KEY_KIND_ED25519,
  CW_KEY_KIND_OTHER,
} CwKeyKind;

#define CW_KEY_KIND_DEFAULT CW_KEY_KIND_RSA_3072

/**
 * cw_key_kind_get_id:
 *
 * Returns: the stable name used in profiles and in the store: "rsa-2048",
 *   "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ed25519", "other"
 */
const char *cw_key_kind_get_id (CwKeyKind kind);

/**
 * cw_key_kind_from_id:
 * @id: (nullable): a name as cw_key_kind_get_id() gives it
 * @kind: (out): set only on success
 *
 * Returns: %FALSE if @id is not known, or cannot be generated ("other")
 */
gboolean cw_key_kind_from_id (const char *id, CwKeyKind *kind);

/**
 * cw_key_kind_get_title:
 *
 * Returns: the name that a person knows it by: "RSA 3072", "EC P-256", "Ed25519"
 */
const char *cw_key_kind_get_title (CwKeyKind kind);

/**
 * CwKey:
 *
 * A private key with its public half. Immutable and counted.
 */
typedef struct _CwKey CwKey;

#define CW_TYPE_KEY (cw_key_get_type ())
GType cw_key_get_type (void);

CwKey *cw_key_ref (CwKey *self);
void cw_key_unref (CwKey *self);

/**
 * cw_key_generate:
 * @kind: what to make
 * @cancellable: (nullable): looked at between the candidates for RSA's primes
 * @error: %G_IO_ERROR_CANCELLED; %CW_ERROR_FAILED; %CW_ERROR_UNSUPPORTED for
 *   %CW_KEY_KIND_OTHER
 *
 * Blocks for up to some seconds: call it in a thread. Follows
 * EVP_PKEY_keygen(3).
 *
 * Returns: (transfer full) (nullable): the key
 */
CwKey *cw_key_generate (CwKeyKind kind, GCancellable *cancellable, GError **error);

/**
 * cw_key_new_from_pem:
 * @pem: one private key: PKCS#8 (RFC 5958), encrypted or not, PKCS#1 (RFC
 *   8017), or SEC1 (RFC 5915)
 * @passphrase: (nullable): for an encrypted one
 * @error: %CW_ERROR_PASSPHRASE_NEEDED, %CW_ERROR_PASSPHRASE_WRONG,
 *   %CW_ERROR_UNREADABLE, %CW_ERROR_UNSUPPORTED
 *
 * Never prompts.
 *
 * Returns: (transfer full) (nullable): the key
 */
CwKey *cw_key_new_from_pem (CwSecret *pem, CwSecret *passphrase, GError **error);

/**
 * cw_key_to_pem:
 *
 * Returns: (transfer full) (nullable): PKCS#8, not encrypted, as the keyring
 *   keeps it and as PlaceOS wants it
 */
CwSecret *cw_key_to_pem (CwKey *self, GError **error);

CwKeyKind cw_key_get_kind (CwKey *self);

/**
 * cw_key_get_title:
 *
 * Returns: like cw_key_kind_get_title(), and the true description for "other",
 *   as in "RSA 1024" or "EC brainpoolP256r1"
 */
const char *cw_key_get_title (CwKey *self);

/**
 * cw_key_get_fingerprint:
 *
 * Returns: SHA-256 of the public key's SubjectPublicKeyInfo (RFC 5280, 4.1),
 *   as 64 lower-case hexadecimal digits. Key, request and certificate that
 *   belong together have the same one.
 */
const char *cw_key_get_fingerprint (CwKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwKey, cw_key_unref)

G_END_DECLS

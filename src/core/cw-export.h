/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A private key and its certificates as files for other programs. Each is read
 * back and compared before it is given out (invariant 4).
 */

#pragma once

#include "cw-chain.h"
#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwExportKind:
 * @CW_EXPORT_PKCS12: cw_export_pkcs12()
 * @CW_EXPORT_PKCS12_OLD: cw_export_pkcs12_old()
 * @CW_EXPORT_ENCRYPTED_KEY: cw_export_encrypted_key()
 * @CW_EXPORT_PEM: cw_export_pem()
 * @CW_EXPORT_CHAIN: cw_export_chain()
 * @CW_EXPORT_REQUEST: cw_export_request()
 *
 * What can be exported.
 */
typedef enum
{
  CW_EXPORT_PKCS12,
  CW_EXPORT_PKCS12_OLD,
  CW_EXPORT_ENCRYPTED_KEY,
  CW_EXPORT_PEM,
  CW_EXPORT_CHAIN,
  CW_EXPORT_REQUEST,
} CwExportKind;

gboolean cw_export_has_key (CwExportKind kind);        /* the private one */
gboolean cw_export_has_passphrase (CwExportKind kind); /* that protects the key */
gboolean cw_export_has_chain (CwExportKind kind);      /* the certificates */

/**
 * CwExportContent:
 * @key: (nullable): the private key, PKCS#8 PEM, not encrypted
 * @passphrase: (nullable): not empty
 * @chain: (nullable): its certificate and those above it
 * @with_root: whether a root at the chain's end is written too
 * @csr: (nullable): a request, DER
 * @name: (nullable): the friendly name in a PKCS#12
 *
 * What is exported; what its kind has not may be %NULL. Owned by the caller.
 */
typedef struct
{
  CwSecret *key;
  CwSecret *passphrase;
  CwChain *chain;
  gboolean with_root;
  GBytes *csr;
  const char *name;
} CwExportContent;

/**
 * cw_export:
 * @error: as of the function of that kind
 *
 * Returns: (transfer full) (nullable): what to write; wiped when it is freed, if it
 *   has the key and is not encrypted
 */
GBytes *cw_export (CwExportKind kind, const CwExportContent *content, GError **error);

/**
 * cw_export_request:
 * @csr: DER
 * @error: %CW_ERROR_MISMATCH if what was written does not read back
 *
 * Returns: (transfer full) (nullable): PEM
 */
char *cw_export_request (GBytes *csr, GError **error);

/**
 * cw_export_pem:
 * @key: the private key, PKCS#8 PEM, not encrypted
 * @chain: its certificate and those above it
 * @with_root: whether a root at the chain's end is written too
 * @error: %CW_ERROR_MISMATCH if key and certificate do not belong together, or
 *   what was written does not read back; %CW_ERROR_UNREADABLE
 *
 * Returns: (transfer full) (nullable): key, leaf and intermediates in one text, not
 *   encrypted
 */
CwSecret *cw_export_pem (CwSecret *key, CwChain *chain, gboolean with_root, GError **error);

/**
 * cw_export_chain:
 * @chain: a certificate and those above it
 * @with_root: whether a root at the chain's end is written too
 * @error: %CW_ERROR_MISMATCH if what was written does not read back
 *
 * Returns: (transfer full) (nullable): PEM, the leaf first, without a key
 */
char *cw_export_chain (CwChain *chain, gboolean with_root, GError **error);

/**
 * cw_export_encrypted_key:
 * @key: the private key, PKCS#8 PEM, not encrypted
 * @passphrase: not empty
 * @error: %CW_ERROR_INVALID for a passphrase that cannot be used,
 *   %CW_ERROR_UNREADABLE, %CW_ERROR_MISMATCH, %CW_ERROR_FAILED
 *
 * Encrypts the key: PKCS#8 (RFC 5958) with PBES2 (RFC 8018), PBKDF2 with
 * HMAC-SHA-256, AES-256-CBC. Takes a tenth of a second on purpose.
 *
 * Returns: (transfer full) (nullable): PEM, "-----BEGIN ENCRYPTED PRIVATE KEY-----"
 */
CwSecret *cw_export_encrypted_key (CwSecret *key, CwSecret *passphrase, GError **error);

/**
 * cw_export_pkcs12:
 * @key: the private key, PKCS#8 PEM, not encrypted
 * @chain: its certificate and those above it
 * @with_root: whether a root at the chain's end is written too
 * @name: (nullable): the friendly name that other programs will list it by
 * @passphrase: not empty
 * @error: as of the two above
 *
 * A PKCS#12 (RFC 7292) with key and certificates, encrypted as in
 * cw_export_encrypted_key(), and a MAC with SHA-256.
 *
 * Returns: (transfer full) (nullable): DER
 */
GBytes *cw_export_pkcs12 (CwSecret *key,
                          CwChain *chain,
                          gboolean with_root,
                          const char *name,
                          CwSecret *passphrase,
                          GError **error);

/**
 * cw_export_pkcs12_old:
 *
 * The same with 3DES and SHA-1 (RFC 7292, appendix C), for programs that read
 * nothing better: Windows before 10 1709, macOS before 10.15. Weak: whoever has the
 * file guesses passphrases many times faster.
 */
GBytes *cw_export_pkcs12_old (CwSecret *key,
                              CwChain *chain,
                              gboolean with_root,
                              const char *name,
                              CwSecret *passphrase,
                              GError **error);

G_END_DECLS

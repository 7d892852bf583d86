/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificates for tests, made on the spot. Not for real use.
 */

#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "cw-certificate.h"
#include "cw-crl.h"
#include "cw-key.h"

G_BEGIN_DECLS

/**
 * PkiSpec:
 * @name: common name
 * @organisation: (nullable)
 * @key: (nullable): whose certificate it is; %NULL makes an EC P-256 key
 * @issuer: (nullable): %NULL for self-signed
 * @issuer_key: (nullable): the key to sign with; with @issuer %NULL it is @key
 * @starts, @ends: days from now; both 0 for a day ago and a year from now
 * @version_1: without extensions
 * @hash: (nullable): %NULL for SHA-256
 * @extensions: (nullable): names and values in turn, as in openssl's configuration
 * @tweak: (nullable): called with the X509 before it is signed, to do what no CA should
 * @tamper: (nullable): the same, after it was signed
 */
typedef struct
{
  const char *name;
  const char *organisation;
  CwKey *key;
  CwCertificate *issuer;
  CwKey *issuer_key;
  int starts;
  int ends;
  gboolean version_1;
  const EVP_MD *hash;
  const char *const *extensions;
  void (*tweak) (X509 *x509);
  void (*tamper) (X509 *x509);
} PkiSpec;

CwCertificate *pki_make (const PkiSpec *spec);

/**
 * PkiCrlSpec:
 * @issuer, @issuer_key: whose list it is
 * @revoked: (nullable): a certificate that is on it, since ten days ago
 * @n_others: how many more entries it has, of certificates that nobody knows
 * @restored: whether its entry takes the revocation back (removeFromCRL)
 * @starts, @ends: days from now; both 0 for a day ago and a month from now
 * @no_number: without the extension that RFC 5280 asks for
 * @limited: with an issuing distribution point, for certificates that are no CAs'
 */
typedef struct
{
  CwCertificate *issuer;
  CwKey *issuer_key;
  CwCertificate *revoked;
  guint n_others;
  gboolean restored;
  int starts;
  int ends;
  gboolean no_number;
  gboolean limited;
} PkiCrlSpec;

CwCrl *pki_make_crl (const PkiCrlSpec *spec);

/* A root and an intermediate with their keys, and a leaf for client authentication. */
typedef struct
{
  CwKey *root_key;
  CwKey *middle_key;
  CwKey *leaf_key;
  CwCertificate *root;
  CwCertificate *middle;
  CwCertificate *leaf;
} Pki;

void pki_init (Pki *self);
void pki_clear (Pki *self);

extern const char *const pki_ca_extensions[];
extern const char *const pki_client_extensions[];

G_END_DECLS

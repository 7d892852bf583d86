/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * OpenSSL's types with automatic clean-up. Private to core and probe: nothing
 * that the interface includes may include this.
 */

#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "cw-certificate.h"
#include "cw-key.h"
#include "cw-subject.h"

G_BEGIN_DECLS

/* A stack that owns its elements. */
typedef STACK_OF (X509) CwX509Stack;

static inline void
cw_x509_stack_free (CwX509Stack *stack)
{
  sk_X509_pop_free (stack, X509_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwX509Stack, cw_x509_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OBJECT, ASN1_OBJECT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS12, PKCS12_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS7, PKCS7_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_CRL, X509_CRL_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_NAME, X509_NAME_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_REQ, X509_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

/* The objects behind our types, without a new reference, and back. */
EVP_PKEY *cw_key_peek_pkey (CwKey *self);
CwKey *cw_key_new_for_pkey (EVP_PKEY *pkey); /* takes a reference of its own */
X509 *cw_certificate_peek_x509 (CwCertificate *self);

/* Its names, without decoding its key as the above does. */
const X509_NAME *cw_certificate_peek_subject_name (CwCertificate *self);
const X509_NAME *cw_certificate_peek_issuer_name (CwCertificate *self);

/* The same for a private key that somebody brought: NULL with CW_ERROR_UNSUPPORTED for one that
 * no certificate can be asked for with, CW_ERROR_UNREADABLE for one whose halves do not fit. */
CwKey *cw_key_new_checked (EVP_PKEY *pkey, GError **error);

/* Whether trying a passphrase on what is encrypted (or has a MAC) like this ends in some seconds.
 */
gboolean cw_pbe_is_bearable (const X509_ALGOR *algorithm);
gboolean cw_iterations_are_bearable (const ASN1_INTEGER *iterations);

/* Whether the cause (the oldest error) is a method of encryption that OpenSSL does not have. */
gboolean cw_openssl_is_unsupported_encryption (void);

/* Title and SHA-256 of the SubjectPublicKeyInfo of any public key; (transfer full). */
char *cw_pkey_get_title (EVP_PKEY *pkey);
char *cw_pkey_get_fingerprint (EVP_PKEY *pkey);

/* Whether a public key can be certified: of a kind that signs, its curve named. */
gboolean cw_pkey_can_sign (EVP_PKEY *pkey);
gboolean cw_pkey_has_explicit_curve (EVP_PKEY *pkey);

/* A CSR whose key can be read; NULL with CW_ERROR_UNREADABLE. Its signature is not looked at. */
X509_REQ *cw_csr_parse (GBytes *csr, GError **error);

/* Both ways between our types and OpenSSL's. */
CwSubject *cw_subject_new_for_name (const X509_NAME *name);
X509_NAME *cw_subject_to_name (CwSubject *self, GError **error);
CwAltName *cw_alt_name_new_for_general_name (const GENERAL_NAME *name);
GENERAL_NAME *cw_alt_name_to_general_name (CwAltName *self, GError **error);

/* UTC; (transfer full) (nullable). */
GDateTime *cw_date_time_from_asn1 (const ASN1_TIME *time);

/* OID of an object in dotted form; (transfer full). */
char *cw_oid_from_object (const ASN1_OBJECT *object);

G_END_DECLS

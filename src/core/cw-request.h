/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-alt-name.h"
#include "cw-certificate.h"
#include "cw-key.h"
#include "cw-subject.h"

G_BEGIN_DECLS

/** CW_REQUEST_DAYS: how many days a certificate is asked for, unless somebody chooses */
#define CW_REQUEST_DAYS 365

/** CW_AUTHORITY_DAYS: the same for the certificate of a private CA: ten years */
#define CW_AUTHORITY_DAYS 3652

/** CW_REQUEST_MAX_DAYS: the most that can be asked for: a hundred years */
#define CW_REQUEST_MAX_DAYS 36524

/**
 * CwRequest:
 *
 * What is asked for: subject, alternative names, extended key usages, the kind
 * of key. It is filled by the wizard, stored as a draft, and becomes a
 * certification request (PKCS#10, RFC 2986).
 */
#define CW_TYPE_REQUEST (cw_request_get_type ())
G_DECLARE_FINAL_TYPE (CwRequest, cw_request, CW, REQUEST, GObject)

/**
 * CwRequest::changed:
 *
 * Emitted after each change of it or of its subject.
 */

/**
 * cw_request_new:
 *
 * Returns: (transfer full): an empty request that asks for clientAuth, with a
 *   key of %CW_KEY_KIND_DEFAULT
 */
CwRequest *cw_request_new (void);

/**
 * cw_request_new_from_text:
 * @text: as cw_request_to_text() wrote it, by this or an earlier version
 * @error: %CW_ERROR_UNREADABLE
 */
CwRequest *cw_request_new_from_text (const char *text, GError **error);

/**
 * cw_request_to_text:
 *
 * Returns: (transfer full): all of it, also what is not valid yet, as the text
 *   of a #GKeyFile, for the store
 */
char *cw_request_to_text (CwRequest *self);

/**
 * cw_request_new_from_csr:
 * @csr: a CertificationRequest in DER
 * @error: %CW_ERROR_UNREADABLE, also when its own signature is wrong
 *
 * Returns: (transfer full) (nullable): what that CSR asks for
 */
CwRequest *cw_request_new_from_csr (GBytes *csr, GError **error);

/**
 * cw_request_copy:
 *
 * Makes @to ask for what @from asks for, with a new key: in place of a kind that
 * cannot be made (%CW_KEY_KIND_OTHER) it asks for %CW_KEY_KIND_DEFAULT.
 */
void cw_request_copy (CwRequest *from, CwRequest *to);

/* Owned by the request, never NULL. */
CwSubject *cw_request_get_subject (CwRequest *self);

/**
 * cw_request_get_alt_names:
 *
 * Returns: (transfer none): the alternative names, in order, as a list model of
 *   #CwAltName
 */
GListModel *cw_request_get_alt_names (CwRequest *self);

/**
 * cw_request_add_alt_name:
 *
 * Returns: %FALSE if an equal one was there already
 */
gboolean cw_request_add_alt_name (CwRequest *self, CwAltName *name);
void cw_request_remove_alt_name (CwRequest *self, guint i);

/**
 * cw_request_get_usages:
 *
 * Returns: (transfer none): dotted OIDs, in order, %NULL-terminated
 */
const char *const *cw_request_get_usages (CwRequest *self);
gboolean cw_request_has_usage (CwRequest *self, const char *oid);
void cw_request_set_usage (CwRequest *self, const char *oid, gboolean wanted);

CwKeyKind cw_request_get_key_kind (CwRequest *self);
void cw_request_set_key_kind (CwRequest *self, CwKeyKind kind);

/**
 * cw_request_get_days:
 *
 * Returns: how many days the certificate shall be valid, 1 to
 *   %CW_REQUEST_MAX_DAYS. A CSR cannot ask for it: it is for who signs here.
 */
guint cw_request_get_days (CwRequest *self);
void cw_request_set_days (CwRequest *self, guint days);

/**
 * cw_request_add_host_name:
 *
 * Where a server's certificate is asked for (serverAuth) and no host name or IP
 * address is among the alternative names, adds the common name as one, since
 * nobody looks at the common name any more (RFC 6125, 6.4.4). If it is for a
 * client too, only what is plainly one: see cw_alt_name_guess().
 *
 * Returns: whether one was added
 */
gboolean cw_request_add_host_name (CwRequest *self);

/**
 * cw_request_check:
 *
 * Whether a CSR can be made: the subject has a common name or there is an
 * alternative name, and every part is valid; what is for a server alone has a host
 * name, or a common name that cw_request_add_host_name() can add. The error names
 * the first that is not.
 */
gboolean cw_request_check (CwRequest *self, GError **error);

/**
 * cw_request_create_csr:
 * @key: the key to ask with; its kind decides the hash: SHA-256, SHA-384 with
 *   P-384, SHA-512 with P-521, none named with Ed25519 (RFC 8410)
 * @error: as of cw_request_check(), or %CW_ERROR_FAILED
 *
 * Asks for keyUsage digitalSignature (critical), and keyEncipherment too if the key
 * is RSA and serverAuth is wanted; extKeyUsage; subjectAltName.
 *
 * Returns: (transfer full) (nullable): the CSR in DER, its signature verified
 */
GBytes *cw_request_create_csr (CwRequest *self, CwKey *key, GError **error);

/**
 * cw_request_self_sign:
 * @key: the key to certify and to sign with
 * @error: as of cw_request_check(), or %CW_ERROR_FAILED
 *
 * Makes a self-signed leaf: basicConstraints CA:FALSE (critical), keyUsage as in
 * cw_request_create_csr(), extKeyUsage, subjectAltName, critical when the
 * subject is empty, subject and authority key identifier. A random serial
 * number of 128 bits; from an hour ago, so that a clock that is a little slow
 * takes it, for the request's days from now; UTCTime to 2049, GeneralizedTime
 * from 2050 (RFC 5280, 4.1.2.5).
 *
 * Returns: (transfer full) (nullable): the certificate, its signature verified
 */
CwCertificate *cw_request_self_sign (CwRequest *self, CwKey *key, GError **error);

/**
 * cw_csr_to_pem:
 *
 * Returns: (transfer full): "-----BEGIN CERTIFICATE REQUEST-----" … (RFC 7468)
 */
char *cw_csr_to_pem (GBytes *csr);

/**
 * cw_csr_get_fingerprint:
 *
 * Returns: (transfer full): SHA-256 of the DER, in upper-case hexadecimal pairs
 *   with colons, as people compare it by phone
 */
char *cw_csr_get_fingerprint (GBytes *csr);

/**
 * cw_csr_get_key_fingerprint:
 *
 * Returns: (transfer full) (nullable): as cw_key_get_fingerprint(), of the key
 *   that @csr is for; %NULL with %CW_ERROR_UNREADABLE
 */
char *cw_csr_get_key_fingerprint (GBytes *csr, GError **error);

G_END_DECLS

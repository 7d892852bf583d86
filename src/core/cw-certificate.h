/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-alt-name.h"
#include "cw-subject.h"

G_BEGIN_DECLS

/**
 * CwCertificate:
 *
 * A certificate that was read (X.509, RFC 5280). Immutable.
 */
#define CW_TYPE_CERTIFICATE (cw_certificate_get_type ())
G_DECLARE_FINAL_TYPE (CwCertificate, cw_certificate, CW, CERTIFICATE, GObject)

/**
 * CwKeyUsage:
 *
 * The bits of keyUsage (RFC 5280, 4.2.1.3) that are asked about here.
 */
typedef enum
{
  CW_KEY_USAGE_DIGITAL_SIGNATURE = 1 << 0,
  CW_KEY_USAGE_NON_REPUDIATION = 1 << 1,
  CW_KEY_USAGE_KEY_ENCIPHERMENT = 1 << 2,
  CW_KEY_USAGE_DATA_ENCIPHERMENT = 1 << 3,
  CW_KEY_USAGE_KEY_AGREEMENT = 1 << 4,
  CW_KEY_USAGE_KEY_CERT_SIGN = 1 << 5,
  CW_KEY_USAGE_CRL_SIGN = 1 << 6,
} CwKeyUsage;

/**
 * cw_certificate_new_from_der:
 * @der: one Certificate in DER; bytes after it are an error
 * @error: %CW_ERROR_UNREADABLE
 */
CwCertificate *cw_certificate_new_from_der (GBytes *der, GError **error);

/**
 * cw_certificate_new_from_pem:
 * @pem: text with exactly one "CERTIFICATE" block, as this program stores it;
 *   for anything that a person brings, use #CwReply
 */
CwCertificate *cw_certificate_new_from_pem (const char *pem, GError **error);

/**
 * cw_certificates_from_pem:
 * @pem: (nullable): "CERTIFICATE" blocks one after the other, as this program stores them
 *
 * Returns: (transfer full) (element-type CwCertificate) (nullable): all of
 *   them; empty for an empty text; %NULL with %CW_ERROR_UNREADABLE
 */
GPtrArray *cw_certificates_from_pem (const char *pem, GError **error);

/**
 * cw_certificates_to_pem:
 * @certificates: (element-type CwCertificate): in the order wanted
 *
 * Returns: (transfer full): their PEM one after the other, "" for none
 */
char *cw_certificates_to_pem (GPtrArray *certificates);

/**
 * cw_certificates_are_in_pem:
 * @certificates: (element-type CwCertificate): in the order wanted
 * @pem: a text as of cw_certificates_from_pem()
 *
 * Returns: whether OpenSSL reads these certificates from @pem, and no others
 */
gboolean cw_certificates_are_in_pem (GPtrArray *certificates, const char *pem);

GBytes *cw_certificate_get_der (CwCertificate *self); /* (transfer none) */
char *cw_certificate_to_pem (CwCertificate *self);    /* (transfer full), RFC 7468 */

CwSubject *cw_certificate_get_subject (CwCertificate *self); /* (transfer none) */
CwSubject *cw_certificate_get_issuer (CwCertificate *self);  /* (transfer none) */

/**
 * cw_certificate_get_title:
 *
 * Returns: (transfer none): what a person would call it: its common name, or
 *   else its first alternative name, or else its serial number
 */
const char *cw_certificate_get_title (CwCertificate *self);

/**
 * cw_certificate_get_serial:
 *
 * Returns: (transfer none): upper-case hexadecimal pairs with colons
 */
const char *cw_certificate_get_serial (CwCertificate *self);

/**
 * cw_certificate_get_fingerprint:
 *
 * Returns: (transfer none): SHA-256 of the DER, upper-case pairs with colons
 */
const char *cw_certificate_get_fingerprint (CwCertificate *self);

/**
 * cw_certificate_get_key_fingerprint:
 *
 * Returns: (transfer none): as cw_key_get_fingerprint()
 */
const char *cw_certificate_get_key_fingerprint (CwCertificate *self);

/**
 * cw_certificate_get_key_title:
 *
 * Returns: (transfer none): as cw_key_get_title(): "RSA 3072"
 */
const char *cw_certificate_get_key_title (CwCertificate *self);

GDateTime *cw_certificate_get_not_before (CwCertificate *self); /* (transfer none), UTC */
GDateTime *cw_certificate_get_not_after (CwCertificate *self);  /* (transfer none), UTC */

/**
 * cw_certificate_get_alt_names:
 *
 * Returns: (transfer none): a list model of #CwAltName
 */
GListModel *cw_certificate_get_alt_names (CwCertificate *self);

/**
 * cw_certificate_get_usages:
 *
 * Returns: (transfer none) (nullable): the extended key usages as dotted OIDs;
 *   %NULL if the certificate has no such extension, which permits every usage
 */
const char *const *cw_certificate_get_usages (CwCertificate *self);

/**
 * cw_certificate_has_usage:
 *
 * Returns: %TRUE if @oid is among its usages, or it has no such extension.
 *   anyExtendedKeyUsage is not counted: OpenSSL does not for a TLS client.
 */
gboolean cw_certificate_has_usage (CwCertificate *self, const char *oid);

/**
 * cw_certificate_get_key_usage:
 * @present: (out) (optional): whether the extension is there at all
 */
CwKeyUsage cw_certificate_get_key_usage (CwCertificate *self, gboolean *present);

/**
 * cw_certificate_get_issuer_urls:
 *
 * Returns: (transfer none): where it says that its issuer's certificate can be
 *   fetched (caIssuers, RFC 5280, 4.2.2.1), in its order, only http and https;
 *   %NULL-terminated. Somebody else's text: clean it before it is shown.
 */
const char *const *cw_certificate_get_issuer_urls (CwCertificate *self);

gboolean cw_certificate_is_ca (CwCertificate *self); /* basicConstraints CA:TRUE */

/**
 * cw_certificate_is_self_signed:
 *
 * Whether subject and issuer are the same and its signature verifies with its
 * own key: for a CA, a root.
 */
gboolean cw_certificate_is_self_signed (CwCertificate *self);

/**
 * cw_certificate_is_issued_by:
 *
 * Whether @issuer's subject is @self's issuer and @self's signature verifies
 * with @issuer's key. Dates and constraints are not looked at.
 */
gboolean cw_certificate_is_issued_by (CwCertificate *self, CwCertificate *issuer);

gboolean cw_certificate_equal (CwCertificate *a, CwCertificate *b); /* the same DER */

G_END_DECLS

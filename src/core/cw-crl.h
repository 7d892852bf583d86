/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-certificate.h"

G_BEGIN_DECLS

/**
 * CwCrl:
 *
 * A certificate revocation list that was read (RFC 5280, 5). Immutable.
 */
#define CW_TYPE_CRL (cw_crl_get_type ())
G_DECLARE_FINAL_TYPE (CwCrl, cw_crl, CW, CRL, GObject)

/**
 * cw_crl_new_from_der:
 * @der: one CertificateList in DER; bytes after it are an error
 * @error: %CW_ERROR_UNREADABLE
 */
CwCrl *cw_crl_new_from_der (GBytes *der, GError **error);

GBytes *cw_crl_get_der (CwCrl *self);            /* (transfer none) */
char *cw_crl_to_pem (CwCrl *self);               /* (transfer full), RFC 7468 */
CwSubject *cw_crl_get_issuer (CwCrl *self);      /* (transfer none) */
GDateTime *cw_crl_get_this_update (CwCrl *self); /* (transfer none), UTC */
GDateTime *cw_crl_get_next_update (CwCrl *self); /* (transfer none) (nullable), UTC */
gboolean cw_crl_has_number (CwCrl *self);        /* RFC 5280, 5.2.3 asks for one */

/**
 * cw_crl_is_limited:
 *
 * Whether it is not all that its issuer has revoked, or may not be: a delta, one
 * of a part (issuing distribution point), or with another critical extension.
 */
gboolean cw_crl_is_limited (CwCrl *self);

/**
 * cw_crl_names_issuer_of:
 *
 * Whether the list's issuer has the name of @certificate's: nothing more than
 * that it may be about it.
 */
gboolean cw_crl_names_issuer_of (CwCrl *self, CwCertificate *certificate);

/**
 * cw_crl_is_issued_by:
 *
 * Whether @issuer's subject is the list's issuer and its signature verifies
 * with @issuer's key.
 */
gboolean cw_crl_is_issued_by (CwCrl *self, CwCertificate *issuer);

/**
 * cw_crl_find_revocation:
 * @certificate: one of the list's issuer; that it is, is not looked at
 * @since: (out) (optional) (transfer full): since when, UTC
 *
 * Returns: whether the list revokes @certificate; an entry that takes a
 *   revocation back (removeFromCRL) does not
 */
gboolean cw_crl_find_revocation (CwCrl *self, CwCertificate *certificate, GDateTime **since);

G_END_DECLS

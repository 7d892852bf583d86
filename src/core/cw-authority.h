/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-certificate.h"
#include "cw-crl.h"
#include "cw-grant.h"
#include "cw-key.h"

G_BEGIN_DECLS

/**
 * CwRevocationReason:
 *
 * Why a certificate is revoked (RFC 5280, 5.3.1); of its reasons, those that a
 * private CA's owner has.
 */
typedef enum
{
  CW_REVOCATION_UNSPECIFIED,
  CW_REVOCATION_KEY_COMPROMISE,
  CW_REVOCATION_AFFILIATION_CHANGED,
  CW_REVOCATION_SUPERSEDED,
  CW_REVOCATION_CESSATION_OF_OPERATION,
  CW_REVOCATION_PRIVILEGE_WITHDRAWN,
} CwRevocationReason;

#define CW_N_REVOCATION_REASONS (CW_REVOCATION_PRIVILEGE_WITHDRAWN + 1)

/**
 * cw_revocation_reason_get_id:
 *
 * Returns: as OpenSSL spells it: "unspecified", "keyCompromise",
 *   "affiliationChanged", "superseded", "cessationOfOperation", "privilegeWithdrawn"
 */
const char *cw_revocation_reason_get_id (CwRevocationReason reason);
gboolean cw_revocation_reason_from_id (const char *id, CwRevocationReason *reason);

/* Translated: "The key became known to others" */
const char *cw_revocation_reason_get_title (CwRevocationReason reason);

/**
 * CwRevoked:
 *
 * An entry of a revocation list.
 */
typedef struct
{
  CwCertificate *certificate; /* not owned */
  GDateTime *at;              /* not owned, UTC */
  CwRevocationReason reason;
} CwRevoked;

/* How long a revocation list is valid. */
#define CW_CRL_DAYS 30

/**
 * CwAuthority:
 *
 * A private CA: its certificate and its key. Immutable; may be used in any thread.
 */
#define CW_TYPE_AUTHORITY (cw_authority_get_type ())
G_DECLARE_FINAL_TYPE (CwAuthority, cw_authority, CW, AUTHORITY, GObject)

/**
 * cw_authority_create_certificate:
 * @request: the CA's name and days; usages and alternative names are not looked at
 * @key: the CA's
 * @error: %CW_ERROR_INVALID without a name; %CW_ERROR_FAILED
 *
 * Makes a root's certificate: basicConstraints CA:TRUE with a path length of 0
 * and keyUsage keyCertSign, cRLSign, both critical; subject and authority key
 * identifier. Serial number, dates and hash as in cw_request_self_sign().
 */
CwCertificate *cw_authority_create_certificate (CwRequest *request, CwKey *key, GError **error);

/**
 * cw_authority_new:
 * @error: %CW_ERROR_MISMATCH if @key is not @certificate's, %CW_ERROR_INVALID
 *   if that is not a CA's certificate
 */
CwAuthority *cw_authority_new (CwCertificate *certificate, CwKey *key, GError **error);

CwCertificate *cw_authority_get_certificate (CwAuthority *self); /* (transfer none) */

/**
 * cw_authority_clip:
 * @certificate: the CA's
 * @days: how long a certificate is to be valid
 * @not_after: (out) (optional) (transfer full): when one that is signed now will end
 *
 * Returns: whether that is earlier than asked for: none outlives its CA
 */
gboolean cw_authority_clip (CwCertificate *certificate, guint days, GDateTime **not_after);

/**
 * cw_authority_sign:
 * @error: as of cw_grant_check(); %CW_ERROR_INVALID if the CA's certificate has
 *   ended, or the grant has the CA's own name or key; %CW_ERROR_FAILED
 *
 * Signs what is granted, for the key of the request: basicConstraints CA:FALSE
 * and keyUsage, both critical; extKeyUsage; subjectAltName, critical when the
 * subject is empty; subject and authority key identifier. No other extension.
 * A random serial number of 128 bits; from an hour ago (or from the CA's own
 * beginning), so that a clock that is a little slow takes it; until what
 * cw_authority_clip() says. Verifies what it has signed.
 */
CwCertificate *cw_authority_sign (CwAuthority *self, CwGrant *grant, GError **error);

/**
 * cw_authority_create_crl:
 * @revoked: (element-type CwRevoked): all that the CA has ever revoked, in any order
 * @number: larger than any number that a list of this CA had
 * @days: until the next one is due
 *
 * Makes a revocation list (RFC 5280, 5): version 2, sorted by serial number,
 * with reasons, crlNumber and authorityKeyIdentifier. It begins an hour ago (a
 * server whose clock is a little slow would otherwise refuse everybody), or with
 * the latest revocation since, and never in the future.
 */
CwCrl *cw_authority_create_crl (
    CwAuthority *self, GPtrArray *revoked, guint64 number, guint days, GError **error);

/**
 * cw_authority_set_expired:
 * @name: the CA's, for the person
 *
 * Sets %CW_ERROR_INVALID, with the one sentence there is about a CA that has ended.
 *
 * Returns: %FALSE
 */
gboolean cw_authority_set_expired (const char *name, GError **error);

G_END_DECLS

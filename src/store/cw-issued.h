/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-authority.h"

G_BEGIN_DECLS

/**
 * CwIssued:
 *
 * The record of a certificate that a private CA kept here has signed. Belongs
 * to the main thread. Only cw_enrolment_revoke_async() changes it.
 */
#define CW_TYPE_ISSUED (cw_issued_get_type ())
G_DECLARE_FINAL_TYPE (CwIssued, cw_issued, CW, ISSUED, GObject)

/**
 * CwIssued::changed:
 *
 * Emitted when it is revoked.
 */

const char *cw_issued_get_authority_id (CwIssued *self);   /* of the CA's identity */
CwCertificate *cw_issued_get_certificate (CwIssued *self); /* (transfer none) */
GDateTime *cw_issued_get_issued_at (CwIssued *self);       /* (transfer none), UTC */
gboolean cw_issued_is_revoked (CwIssued *self);
GDateTime *cw_issued_get_revoked_at (CwIssued *self); /* (nullable), UTC */
CwRevocationReason cw_issued_get_reason (CwIssued *self);

/**
 * cw_issued_get_status:
 * @now: (nullable): the moment to judge by; %NULL for the clock's
 *
 * Returns: (transfer full): in words: "Valid until 3 May 2027", "Expired on 3 May
 *   2027", "Revoked on 3 May 2027"
 */
char *cw_issued_get_status (CwIssued *self, GDateTime *now);

G_END_DECLS

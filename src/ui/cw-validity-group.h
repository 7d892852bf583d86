/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-request.h"

G_BEGIN_DECLS

/**
 * CwValidityGroup:
 *
 * For how long a certificate that is signed here will be valid: as a number of
 * days, and as its last day in a calendar. Each follows the other.
 */
#define CW_TYPE_VALIDITY_GROUP (cw_validity_group_get_type ())
G_DECLARE_FINAL_TYPE (CwValidityGroup, cw_validity_group, CW, VALIDITY_GROUP, AdwBin)

/**
 * cw_validity_group_set_request:
 * @request: (nullable): whose days are shown, and set as they are changed
 * @authority: (nullable): the certificate of the CA that will sign: no other
 *   outlives it, which is said if it comes to that
 */
void
cw_validity_group_set_request (CwValidityGroup *self, CwRequest *request, CwCertificate *authority);

G_END_DECLS

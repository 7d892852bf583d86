/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-grant.h"

G_BEGIN_DECLS

/**
 * CwGrantView:
 *
 * What a request asks for, and what will be granted: each usage and each
 * alternative name can be struck or added, and what is dropped is shown.
 */
#define CW_TYPE_GRANT_VIEW (cw_grant_view_get_type ())
G_DECLARE_FINAL_TYPE (CwGrantView, cw_grant_view, CW, GRANT_VIEW, AdwBin)

/**
 * CwGrantView:valid:
 *
 * Whether what is to be granted can be. If not, the view says why.
 */

/**
 * cw_grant_view_set_grant:
 * @grant: (nullable): what is shown, and changed
 * @authority: (nullable): the certificate of the CA that will sign
 */
void cw_grant_view_set_grant (CwGrantView *self, CwGrant *grant, CwCertificate *authority);

gboolean cw_grant_view_get_valid (CwGrantView *self);

G_END_DECLS

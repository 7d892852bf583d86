/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between CwIssued and CwStore: what was signed as a row of the database.
 */

#pragma once

#include "cw-issued.h"

G_BEGIN_DECLS

/**
 * CwIssuedRow:
 *
 * May go to another thread. Times are seconds since the epoch, 0 for none.
 */
typedef struct
{
  char *authority_id;
  CwCertificate *certificate;
  gint64 issued_at;
  gint64 revoked_at;
  int reason;
} CwIssuedRow;

void cw_issued_row_free (CwIssuedRow *row);

CwIssued *cw_issued_new_for_row (const CwIssuedRow *row);

/* (transfer full): as it is stored */
CwIssuedRow *cw_issued_to_row (CwIssued *self);

/* Of the same certificate, as it is stored now. */
void cw_issued_apply (CwIssued *self, const CwIssuedRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwIssuedRow, cw_issued_row_free)

G_END_DECLS

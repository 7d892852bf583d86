/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: how a result is made.
 */

#pragma once

#include "cw-connection-result.h"

G_BEGIN_DECLS

/* Everything is taken as it is at the end; @evidence is a list of CwFinding. */
typedef struct
{
  const char *address;
  GListModel *evidence;
  CwFinding *verdict;
  GPtrArray *presented;
  CwCertificate *offered_ca; /* (nullable) */
  CwTrustChoice working_choice;
  gboolean had_certificate;
} CwConnectionFacts;

CwConnectionResult *cw_connection_result_new (const CwConnectionFacts *facts);

G_END_DECLS

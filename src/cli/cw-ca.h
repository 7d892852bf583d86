/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the commands about private CAs share.
 */

#pragma once

#include "cw-command.h"
#include "cw-session.h"

G_BEGIN_DECLS

extern const CwCommand cw_ca_sign_command;
extern const CwCommand cw_ca_revoke_command;
extern const CwCommand cw_ca_crl_command;

/**
 * cw_ca_find:
 * @name: (nullable): a private CA's id, the beginning of it, or its title; %NULL
 *   for the only one
 * @error: wrong use
 *
 * Returns: (transfer none) (nullable): the private CA
 */
CwIdentity *cw_ca_find (CwStore *store, const char *name, GError **error);

/**
 * cw_ca_load_issued:
 *
 * Returns: (transfer full) (nullable): what it has signed, of #CwIssued
 */
GListModel *cw_ca_load_issued (CwStore *store, CwIdentity *authority, GError **error);

G_END_DECLS

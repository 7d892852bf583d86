/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a profile says about its outputs' content, for cw-output.
 */

#pragma once

#include "cw-profile.h"

G_BEGIN_DECLS

/**
 * CwProfileSource:
 * @CW_PROFILE_SOURCE_PRIVATE_KEY: "private-key": the key, PKCS#8 PEM
 * @CW_PROFILE_SOURCE_CERTIFICATE_CHAIN: "certificate-chain": PEM, leaf first, without a root
 * @CW_PROFILE_SOURCE_SERVER_CAS: "server-cas": PEM of the CAs chosen for the
 *   server; left out when it is the system's
 * @CW_PROFILE_SOURCE_VERIFY: "verify": one of two texts, for on and off
 *
 * Where the value of a setting comes from.
 */
typedef enum
{
  CW_PROFILE_SOURCE_PRIVATE_KEY,
  CW_PROFILE_SOURCE_CERTIFICATE_CHAIN,
  CW_PROFILE_SOURCE_SERVER_CAS,
  CW_PROFILE_SOURCE_VERIFY,
} CwProfileSource;

/**
 * CwProfileSetting:
 * @name: the consumer's name for it
 * @source: where its value comes from
 * @on: (nullable): for %CW_PROFILE_SOURCE_VERIFY: what it says when the server is verified
 * @off: (nullable): and when it is not
 */
typedef struct
{
  char *name;
  CwProfileSource source;
  char *on;
  char *off;
} CwProfileSetting;

/**
 * cw_profile_get_output_settings:
 * @output: one of @self's outputs
 *
 * Returns: (transfer none) (element-type CwProfileSetting): what is written, in that order
 */
GPtrArray *cw_profile_get_output_settings (CwProfile *self, const CwProfileOutput *output);

/**
 * cw_profile_get_order:
 *
 * Returns: its place among others: low comes first
 */
int cw_profile_get_order (CwProfile *self);

G_END_DECLS

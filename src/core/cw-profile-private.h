/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a profile says about its outputs' content, for cw-output; and the family's struct.
 */

#pragma once

#include "cw-profile-reader.h"
#include "cw-profile.h"
#include "cw-quote.h"

G_BEGIN_DECLS

/**
 * CwProfileSource:
 * @CW_PROFILE_SOURCE_PRIVATE_KEY: "private-key": the key, PKCS#8 PEM
 * @CW_PROFILE_SOURCE_CERTIFICATE: "certificate": PEM of the leaf alone
 * @CW_PROFILE_SOURCE_CERTIFICATE_CHAIN: "certificate-chain": PEM, leaf first, without a root
 * @CW_PROFILE_SOURCE_ISSUERS: "issuers": PEM of what is above the leaf, with the root
 * @CW_PROFILE_SOURCE_SERVER_CAS: "server-cas": PEM of the CAs chosen for the
 *   server; left out when it is the system's
 * @CW_PROFILE_SOURCE_VERIFY: "verify": one of two texts, for on and off
 *
 * Where the value of a setting comes from.
 */
typedef enum
{
  CW_PROFILE_SOURCE_PRIVATE_KEY,
  CW_PROFILE_SOURCE_CERTIFICATE,
  CW_PROFILE_SOURCE_CERTIFICATE_CHAIN,
  CW_PROFILE_SOURCE_ISSUERS,
  CW_PROFILE_SOURCE_SERVER_CAS,
  CW_PROFILE_SOURCE_VERIFY,
} CwProfileSource;

/* Their names in the file, in that order; ends in %NULL, and so does it without "verify". */
extern const char *const cw_profile_source_ids[];
extern const char *const cw_profile_pem_ids[];

/**
 * CwProfileSetting:
 * @name: the consumer's name for it
 * @source: where its value comes from
 * @on: (nullable): for %CW_PROFILE_SOURCE_VERIFY: what it says when the server is verified
 * @off: (nullable): and when it is not
 */
typedef struct
{
  const char *name;
  CwProfileSource source;
  const char *on;
  const char *off;
} CwProfileSetting;

/**
 * CwProfileOutputData:
 * @output: what is handed out
 * @settings: (element-type CwProfileSetting): for YAML
 * @sources: (element-type CwProfileSource): for PEM: what is written; for a
 *   template: what it may have in itself
 * @template: (nullable): the file beside profile.ini
 * @language: of the template
 */
typedef struct
{
  CwProfileOutput output;
  GPtrArray *settings;
  GArray *sources;
  const char *template;
  CwLanguage language;
} CwProfileOutputData;

/* The texts are the reader's. */
struct _CwProfile
{
  GObject parent_instance;

  CwProfileReader *reader;
  char *id;
  char *folder;
  const char *name;
  const char *short_name;
  const char *description;
  const char *icon_name;
  guint order;
  GArray *key_kinds;
  GPtrArray *usages;
  guint days;
  GArray *signers;
  CwProfileSubject subject;
  GPtrArray *schemes;
  guint port;
  gboolean cas_beside_system;
  const char *topic;
  const char *payload;
  GPtrArray *settings;
  GPtrArray *outputs; /* CwProfileOutputData */
};

/**
 * cw_profile_fill:
 *
 * Takes everything from @self's reader.
 */
gboolean cw_profile_fill (CwProfile *self, GError **error);

/**
 * cw_profile_get_output_data:
 * @output: one of @self's outputs
 *
 * Returns: (transfer none): what is in it
 */
const CwProfileOutputData *cw_profile_get_output_data (CwProfile *self,
                                                       const CwProfileOutput *output);

/* Returns (transfer none) (nullable): the output with that id. */
const CwProfileOutput *cw_profile_find_output (CwProfile *self, const char *id);

/* Whether a profile or an output may be called so. */
gboolean cw_profile_is_id (const char *text);

/* Returns: its place among others: low comes first. */
guint cw_profile_get_order (CwProfile *self);

G_END_DECLS

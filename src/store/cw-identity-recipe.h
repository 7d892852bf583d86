/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-identity.h"
#include "cw-profile.h"
#include "cw-recipe.h"

G_BEGIN_DECLS

/**
 * cw_identity_has_recipe:
 *
 * Whether @part says something of @self: of a private CA, only how it signs;
 * of a draft, nothing that needs a certificate.
 */
gboolean cw_identity_has_recipe (CwIdentity *self, CwRecipePart part);

/**
 * cw_identity_get_first_recipe:
 *
 * Returns: the part that is next in its life
 */
CwRecipePart cw_identity_get_first_recipe (CwIdentity *self);

/**
 * cw_identity_dup_address:
 * @profile: its consumer's
 *
 * What is stored is what was typed, maybe half of it, or before another consumer
 * was chosen: that is passed over.
 *
 * Returns: (transfer full) (nullable): the stored address for @profile's
 *   templates, normalised; %NULL without one that can be used there
 */
char *cw_identity_dup_address (CwIdentity *self, CwProfile *profile);

/**
 * cw_identity_create_recipe:
 * @authority: (nullable): the private CA that signs or has signed it
 * @profile: (nullable): its consumer's: how that connects, and what it may publish
 * @address: (nullable): where to connect, in place of what is stored
 * @server_cas: (nullable): as "--server-cas" takes it, in place of what is stored
 * @error: as of cw_recipe_new(), or of cw_endpoint_new()
 *
 * Returns: (transfer full) (nullable): the commands for @self
 */
CwRecipe *cw_identity_create_recipe (CwIdentity *self,
                                     CwIdentity *authority,
                                     CwProfile *profile,
                                     const char *address,
                                     const char *server_cas,
                                     CwRecipePart part,
                                     GError **error);

G_END_DECLS

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-connection-result.h"
#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwTrustOffer:
 *
 * What would verify a server that is not verified by the CAs chosen: another of
 * the choices, or the CA that the server presented. Nothing of it is taken
 * without being asked for; hidden while there is nothing to offer.
 */
#define CW_TYPE_TRUST_OFFER (cw_trust_offer_get_type ())
G_DECLARE_FINAL_TYPE (CwTrustOffer, cw_trust_offer, CW, TRUST_OFFER, AdwBin)

/**
 * CwTrustOffer::taken:
 *
 * Emitted when the offer was taken: the identity has other CAs of the server now.
 */

/**
 * cw_trust_offer_set_result:
 * @identity: (nullable): whose CAs of the server it may change
 * @result: (nullable): of a test with the present choice; %NULL hides it
 */
void
cw_trust_offer_set_result (CwTrustOffer *self, CwIdentity *identity, CwConnectionResult *result);

G_END_DECLS

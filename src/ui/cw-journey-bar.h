/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "cw-flow.h"

G_BEGIN_DECLS

/**
 * CwJourneyBar:
 *
 * The stations of a certificate's journey: those done ticked, the current one
 * named, those to come pale. A narrow window shows "3 of 6" and the name.
 */
#define CW_TYPE_JOURNEY_BAR (cw_journey_bar_get_type ())
G_DECLARE_FINAL_TYPE (CwJourneyBar, cw_journey_bar, CW, JOURNEY_BAR, AdwBin)

/**
 * CwJourneyBar::visit:
 * @step: a #CwStep
 *
 * A station was pressed.
 */

CwJourneyBar *cw_journey_bar_new (void);

/**
 * cw_journey_bar_update:
 *
 * Shows where @identity stands while @step is on the screen.
 */
void cw_journey_bar_update (CwJourneyBar *self, CwIdentity *identity, CwStep step);

G_END_DECLS

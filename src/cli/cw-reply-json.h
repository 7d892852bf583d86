/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-intake.h"

G_BEGIN_DECLS

/**
 * cw_reply_json_print:
 *
 * Prints all that was found, and the report, as certwright-cli(1) documents it.
 */
void cw_reply_json_print (CwIntake *intake, CwReport *report);

G_END_DECLS
